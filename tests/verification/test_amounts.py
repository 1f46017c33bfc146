"""Verification's own reader of amounts: what it takes, what it refuses, and that it agrees with the planner's."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paulatim import Quantity
from paulatim.verification.amounts import Unworkable, as_text, number, read_amount

# Definitions, from the SI and UCUM; not taken from either reader.
SAME = [
    ("1 g", "1000 mg"), ("1 mg", "1000 mcg"), ("1 mcg", "1000 ng"), ("1 L", "1000 mL"), ("1 mL", "1000 mcL"),
    ("1 h", "60 min"), ("1 min", "60 s"), ("1 d", "24 h"), ("1 wk", "7 d"), ("1 M[iU]", "1000 k[iU]"),
    ("1 k[iU]", "1000 [iU]"), ("1 [iU]", "1000 m[iU]"), ("1 mL/min", "60 mL/h"), ("1 mg/mL", "1 g/L"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_size_is_the_same_in_another_unit(one: str, other: str) -> None:
    assert read_amount(one) == read_amount(other)


@pytest.mark.parametrize("kind", ["units", "[iU]", "[AU]", "[BAU]", "tablets", "drops", "kg", "m2", "mg", "mL", "s"])
def test_kinds_do_not_mix(kind: str) -> None:
    others = {"units", "[iU]", "[AU]", "[BAU]", "tablets", "drops", "kg", "m2", "mg", "mL", "s"} - {kind}
    for other in others:
        with pytest.raises(Unworkable, match="do not measure the same"):
            read_amount(f"1 {kind}") + read_amount(f"1 {other}")


def test_a_rate_times_a_time_is_a_volume() -> None:
    assert read_amount("12.5 mL/h") * read_amount("15 min") == read_amount("3.125 mL")
    assert (read_amount("1 mg") / read_amount("3 mL")).text("mg/mL") == "1/3 mg/mL"


WRONG = {
    "0,5 mg": '"0,5 mg" is not an amount with a unit.',
    "5": '"5" is not an amount with a unit.',
    "1e3 mg": '"1e3 mg" is not an amount with a unit.',
    "5 mgs": '"mgs" is not a unit known here.',
    "1/0 mg": '"1/0" divides by zero.',
    "\N{ARABIC-INDIC DIGIT FIVE} mg": '"\N{ARABIC-INDIC DIGIT FIVE} mg" is not an amount with a unit.',
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(Unworkable) as error:
        read_amount(text)
    assert str(error.value) == WRONG[text]


@pytest.mark.parametrize("text", ["2.0 mg", "02 mg", "2/4 mg", "-0 mg", "2mg", "1/2 mg", "5 ug"])
def test_a_plan_writes_an_amount_in_one_way(text: str) -> None:
    with pytest.raises(Unworkable):
        read_amount(text, strict=True)


def test_nothing_is_divided_by_nothing() -> None:
    with pytest.raises(Unworkable, match=r"1 mg would be divided by 0 mL, which is nothing\."):
        read_amount("1 mg") / read_amount("0 mL")


UNITS = st.sampled_from(["ng", "mcg", "mg", "g", "units", "[iU]", "mL", "L", "mL/h", "mg/mL", "mg/kg", "min", "h", "d"])


@given(st.fractions(), UNITS)
def test_both_readers_read_the_same(value: Fraction, unit: str) -> None:
    text = str(Quantity(value, unit))
    assert read_amount(text, strict=True).text() == text
    assert as_text(value) == text.removesuffix(f" {unit}")
    assert number(as_text(value)) == value


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    sentence = ""
    try:
        read_amount(text)
    except Unworkable as error:
        sentence = str(error)
    assert sentence == "" or sentence.endswith(".")


@given(st.from_regex(r"-?[0-9]{1,4}(\.[0-9]{1,4}|/[0-9]{1,3})? ?(mg|mL/h|ug|IU|hours|kg)", fullmatch=True))
def test_what_both_take_they_take_for_the_same(text: str) -> None:
    try:
        amount = Quantity(text)
    except ValueError:
        return
    assert read_amount(text) == read_amount(str(amount))


def test_a_number_that_no_line_can_hold_is_not_written_out() -> None:
    assert as_text(Fraction(1, 7**5000)) == "a number too long to write"
