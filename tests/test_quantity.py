"""Exact amounts: what is printed is read back, what is ambiguous is refused with its sentence, nothing drifts."""

from __future__ import annotations

import copy
import pickle
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paulatim.quantity import Quantity, QuantityError, Unit, UnitMismatch

BY_KIND = {
    "mass": ("ng", "mcg", "mg", "g"),
    "units": ("units",),
    "international units": ("m[iU]", "[iU]", "k[iU]", "M[iU]"),
    "allergen units": ("[AU]",),
    "bioequivalent allergen units": ("[BAU]",),
    "tablets": ("tablets",),
    "volume": ("mcL", "mL", "L"),
    "drops": ("drops",),
    "body weight": ("kg",),
    "body surface area": ("m2",),
    "time": ("s", "min", "h", "d", "wk"),
}
ATOMS = [code for codes in BY_KIND.values() for code in codes]
LISTED = f"Write one of {', '.join(ATOMS)}, or a quotient of them."

NUMBERS = st.one_of(
    st.fractions(),
    st.fractions(min_value=0, max_denominator=10**9),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=9).map(Fraction),
)


@st.composite
def unit_texts(draw: st.DrawFn) -> str:
    """Any unit as someone may write it: at most one code per kind, powers of up to two, in any order."""
    kinds = draw(st.lists(st.sampled_from(sorted(BY_KIND)), min_size=1, max_size=4, unique=True))
    text = ""
    for kind in kinds:
        code = draw(st.sampled_from(BY_KIND[kind]))
        joint = draw(st.sampled_from(["/", "."]))
        for _ in range(draw(st.integers(1, 2))):
            text += joint + code
    return text[1:] if text.startswith(".") else "1" + text


UNITS = st.one_of(unit_texts(), st.sampled_from(["1", "%"]))
QUANTITIES = st.builds(Quantity, NUMBERS, UNITS)
MASSES = st.builds(Quantity, NUMBERS, st.sampled_from(BY_KIND["mass"]))


@given(QUANTITIES)
@example(Quantity(Fraction(1, 3), "mg"))
@example(Quantity(Fraction(-1, 3), "mg.min/mL"))
@example(Quantity(Fraction(1, 2**60), "%"))
@example(Quantity("5 1/h"))
def test_what_is_printed_is_read_back(amount: Quantity) -> None:
    again = Quantity(str(amount))
    assert (again.number, again.unit.text) == (amount.number, amount.unit.text)
    assert str(again) == str(amount)
    assert repr(amount) == f"Quantity({str(amount)!r})"


@pytest.mark.parametrize("code", ATOMS)
def test_every_unit_is_read_back_alone_above_and_below(code: str) -> None:
    below = "mL" if code not in BY_KIND["volume"] else "h"
    for text in (code, f"1/{code}", f"{code}.{code}", f"{code}/{below}"):
        assert Unit.parse(text).text == text
        assert Quantity(f"1/3 {text}") == Quantity(Fraction(1, 3), text)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**12, places=12))
def test_a_decimal_prints_with_all_its_digits_and_no_more(number: Decimal) -> None:
    text = str(Quantity(Fraction(number), "mg")).removesuffix(" mg")
    assert Fraction(text) == Fraction(number)
    assert re.fullmatch(r"(0|[1-9][0-9]*)(\.[0-9]*[1-9])?", text)


@given(MASSES, MASSES, MASSES)
def test_addition_is_associative_and_commutative(a: Quantity, b: Quantity, c: Quantity) -> None:
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a
    assert (a + b) - b == a
    assert (a + b).unit == a.unit


@given(QUANTITIES, QUANTITIES, QUANTITIES)
def test_multiplication_is_associative_commutative_and_undone_by_division(
    a: Quantity, b: Quantity, c: Quantity
) -> None:
    assert (a * b) * c == a * (b * c)
    assert a * b == b * a
    if b:
        assert a * b / b == a
        assert (a * b).ratio(b * a if a else Quantity(1, (a * b).unit)) == bool(a)


@given(MASSES, st.fractions(), st.fractions())
def test_a_number_distributes(a: Quantity, x: Fraction, y: Fraction) -> None:
    assert a * x + a * y == a * (x + y) == (x + y) * a
    if x:
        assert a / x == a * (1 / x)


@given(NUMBERS, st.sampled_from(sorted(BY_KIND)), st.data())
def test_conversion_there_and_back_changes_nothing(number: Fraction, kind: str, data: st.DataObject) -> None:
    here, there = (data.draw(st.sampled_from(BY_KIND[kind])) for _ in range(2))
    amount = Quantity(number, here)
    converted = amount.to(there)
    assert converted == amount
    assert hash(converted) == hash(amount)
    assert converted.unit.text == there
    assert converted.to(here).number == number


@pytest.mark.parametrize(("one", "other"), [
    ("1 g", "1000 mg"), ("1 mg", "1000 mcg"), ("1 mcg", "1000 ng"), ("1 L", "1000 mL"), ("1 mL", "1000 mcL"),
    ("1 wk", "7 d"), ("1 d", "24 h"), ("1 h", "60 min"), ("1 min", "60 s"), ("1 [iU]", "1000 m[iU]"),
    ("1 k[iU]", "1000 [iU]"), ("1 M[iU]", "1000 k[iU]"), ("100 %", "1 1"), ("1 mg/mL", "1 g/L"),
    ("60 mL/h", "1 mL/min"), ("1 mg/kg/h", "1000 mcg/kg/h"), ("1 mL/kg/min", "60 mL/kg/h"),
])  # fmt: skip
def test_conversion_factors(one: str, other: str) -> None:
    assert Quantity(one) == Quantity(other)
    assert str(Quantity(one).to(Quantity(other).unit)) == other


@given(MASSES, MASSES)
def test_order_is_total_and_agrees_with_equality_and_hash(a: Quantity, b: Quantity) -> None:
    assert [a < b, a == b, a > b].count(True) == 1
    assert (a <= b) == (not a > b)
    assert (a >= b) == (not a < b)
    if a == b:
        assert hash(a) == hash(b)
    assert max(a, b) in {a, b}
    assert (a.to("ng").number < b.to("ng").number) == (a < b)


def test_amounts_of_two_kinds_are_never_equal() -> None:
    assert Quantity("0 mg") != Quantity("0 mL")
    assert Quantity("5 units") != Quantity("5 [iU]")
    assert Quantity("1 kg") != Quantity("1000 g")
    assert Quantity("1 mg") != 1
    assert len({Quantity("1 mg"), Quantity("1000 mcg"), Quantity("1 mL")}) == 2


@pytest.mark.parametrize(("made", "exactly"), [
    (Quantity("12.5 mL/h") * Quantity("15 min"), "3.125 mL"),
    (Quantity("0.1 mL/min") * Quantity("1 h"), "6 mL"),
    (Quantity("0.04 mg/mL") * Quantity("22 mL"), "0.88 mg"),
    (Quantity("423 mg") / Quantity("2 mg/mL"), "211.5 mL"),
    (Quantity("250 mL") / Quantity("125 mL/h"), "2 h"),
    (Quantity("2 mcg/kg/min") * Quantity("70 kg"), "140 mcg/min"),
    (Quantity("3 mg/kg") * Quantity("70 kg"), "210 mg"),
    (Quantity("0.5 mL/kg/min") * Quantity("60 kg") * Quantity("2 min"), "60 mL"),
    (Quantity("375 mg/m2") * Quantity("1.8 m2"), "675 mg"),
    (Quantity("5 mg.min/mL") * Quantity("125 mL/min"), "625 mg"),
    (Quantity("50 %") * Quantity("10 mg"), "5 mg"),
    (Quantity("10 mg") * Quantity("50 %"), "5 mg"),
    (Quantity("50 %") * 2, "100 %"),
    (Quantity("1 mg") / Quantity("3 mg"), "1/3 1"),
    (Quantity("1 g") / Quantity("4 mL"), "0.25 g/mL"),
    (Quantity("30 mL") / Quantity("30 mL/h"), "1 h"),
    (Quantity("6 1/h") * Quantity("10 min"), "1 1"),
    (Quantity("1000 units/mL") * Quantity("0.1 mL"), "100 units"),
    (Quantity("20 drops/min") * Quantity("1 h"), "1200 drops"),
    (Quantity("1 tablets/d") * Quantity("2 wk"), "14 tablets"),
    (3 * Quantity("0.1 mg"), "0.3 mg"),
    (Quantity("1 mg") / 3 * 3, "1 mg"),
    (Quantity("1 mg") * Fraction(1, 3), "1/3 mg"),
    (Quantity("0.1 mg") + Quantity("0.2 mg"), "0.3 mg"),
    (Quantity("2 mg") - Quantity("3000 mcg"), "-1 mg"),
])  # fmt: skip
def test_products_quotients_and_sums(made: Quantity, exactly: str) -> None:
    assert str(made) == exactly


def test_body_weight_and_drug_never_cancel() -> None:
    assert str(Quantity("10 mg") / Quantity("5 kg")) == "2 mg/kg"
    with pytest.raises(UnitMismatch, match=r"^Compare amounts of one kind, not 1 g and 1 kg\.$"):
        assert Quantity("1 g") < Quantity("1 kg")


@pytest.mark.parametrize(("written", "printed"), [
    ("5 ug", "5 mcg"), ("5 µg", "5 mcg"), ("5 μg", "5 mcg"), ("5 ml", "5 mL"), ("5 uL", "5 mcL"), ("5 µL", "5 mcL"),
    ("5 μL", "5 mcL"), ("5 l", "5 L"), ("1 unit", "1 units"), ("5 IU", "5 [iU]"), ("1 tablet", "1 tablets"),
    ("1 drop", "1 drops"), ("5 m²", "5 m2"), ("5 hr", "5 h"), ("1 hour", "1 h"), ("2 hours", "2 h"),
    ("5 mins", "5 min"), ("1 minute", "1 min"), ("2 minutes", "2 min"), ("5 sec", "5 s"), ("1 second", "1 s"),
    ("5 seconds", "5 s"), ("1 day", "1 d"), ("2 days", "2 d"), ("1 week", "1 wk"), ("2 weeks", "2 wk"),
    ("5mg", "5 mg"), (" 5 mg ", "5 mg"), ("5\u00a0mg", "5 mg"), ("5%", "5 %"), ("0.50 mg", "0.5 mg"),
    ("2.0 mL/h", "2 mL/h"), ("10/4 mg", "2.5 mg"), ("2/6 mg", "1/3 mg"), ("-0.05 mg", "-0.05 mg"),
    ("5 mg/min/kg", "5 mg/kg/min"), ("5 min.mg/mL", "5 mg.min/mL"), ("5 1/h", "5 1/h"), ("5 1", "5 1"),
])  # fmt: skip
def test_other_spellings_are_read_and_printed_in_one_way(written: str, printed: str) -> None:
    assert str(Quantity(written)) == printed


NO_NUMBER = 'does not begin with a number. Write digits, such as "0.1 mg".'
POWERS = "uses powers of ten. Write all the digits."
COMMA = "holds a comma. Write a point for decimals and no separator for thousands."
GAP = 'holds a gap. Write the number in one piece, such as "1000" or "1.5".'
NOT_PLAIN = 'is not a plain number. Write digits and one point, such as "0.1 mg".'
NO_UNIT = 'has no unit. Write the unit too, such as "0.1 mg".'
NO_DIGIT_BEFORE = 'has no digit before the point. Write the zero too, such as "0.1 mg".'
NO_DIGIT_AFTER = "has no digit after the point. Write that digit, or leave the point out."
NEEDLESS_ZERO = 'begins with a needless zero. Did the point go missing? Write "0.5" or "5".'
MINUS_ZERO = "is minus zero. Write it without the minus sign."
NOTHING_ABOVE = 'has no unit before "/". Write the unit, or 1 for none, such as "5 1/h".'
ONE_SIDED = '"" is not a unit known here. Write a unit on each side of "/" and ".", or "1/h" for none above.'
REFUSED = {
    "": f'"" {NO_NUMBER}',
    "   ": f'"   " {NO_NUMBER}',
    "mg": f'"mg" {NO_NUMBER}',
    "NO": f'"NO" {NO_NUMBER}',
    "NaN mg": f'"NaN mg" {NO_NUMBER}',
    "inf mg": f'"inf mg" {NO_NUMBER}',
    "-inf": f'"-inf" {NO_NUMBER}',
    "Infinity mg": f'"Infinity mg" {NO_NUMBER}',
    "٣ mg": f'"٣ mg" {NO_NUMBER}',
    "３ mg": f'"３ mg" {NO_NUMBER}',
    "½ mg": f'"½ mg" {NO_NUMBER}',
    "≈ 5 mg": f'"≈ 5 mg" {NO_NUMBER}',
    "<5 mg": f'"<5 mg" {NO_NUMBER}',
    "0.1": f'"0.1" {NO_UNIT}',
    "5": f'"5" {NO_UNIT}',
    "1/3": f'"1/3" {NO_UNIT}',
    "51": f'"51" {NO_UNIT}',
    "1e-5 mg": f'"1e-5 mg" {POWERS}',
    "1E5 units": f'"1E5 units" {POWERS}',
    "1e5": f'"1e5" {POWERS}',
    "3 x 10^-6 g": f'"3 x 10^-6 g" {POWERS}',
    "3×10 mg": f'"3×10 mg" {POWERS}',
    "2*3 mg": f'"2*3 mg" {POWERS}',
    "0,015 mg": f'"0,015 mg" {COMMA}',
    "1,000 mg": f'"1,000 mg" {COMMA}',
    "1.000,5 mg": f'"1.000,5 mg" {COMMA}',
    "1 000 mg": f'"1 000 mg" {GAP}',
    "1\u202f000 mg": f'"1\u202f000 mg" {GAP}',
    "1'000 mg": f'"1\'000 mg" {GAP}',
    "1_000 mg": f'"1_000 mg" {GAP}',
    "1 1/2 tablets": f'"1 1/2 tablets" {GAP}',
    ".5 mg": f'".5 mg" {NO_DIGIT_BEFORE}',
    "-.5 mg": f'"-.5 mg" {NO_DIGIT_BEFORE}',
    "5. mg": f'"5. mg" {NO_DIGIT_AFTER}',
    "5.mg": f'"5.mg" {NO_DIGIT_AFTER}',
    "05 mg": f'"05 mg" {NEEDLESS_ZERO}',
    "00.5 mg": f'"00.5 mg" {NEEDLESS_ZERO}',
    "-0 mg": f'"-0 mg" {MINUS_ZERO}',
    "-0.0 mg": f'"-0.0 mg" {MINUS_ZERO}',
    "-0/5 mg": f'"-0/5 mg" {MINUS_ZERO}',
    "+5 mg": f'"+5 mg" {NOT_PLAIN}',
    "−5 mg": f'"−5 mg" {NOT_PLAIN}',
    "1/0 mg": f'"1/0 mg" {NOT_PLAIN}',
    "1.000.000 mg": f'"1.000.000 mg" {NOT_PLAIN}',
    "20-40 mg": f'"20-40 mg" {NOT_PLAIN}',
    "12:30": f'"12:30" {NOT_PLAIN}',
    "5 mg\n6 mg": f'"5 mg\n6 mg" {NOT_PLAIN}',
    "5/h": f'"5/h" {NOTHING_ABOVE}',
    "51/h": f'"51/h" {NOTHING_ABOVE}',
    "5 /h": f'"5 /h" {NOTHING_ABOVE}',
    "5 mg/": ONE_SIDED,
    "5 mg//mL": ONE_SIDED,
    "5 U": '"U" is not a unit known here. Write "units": "U" is misread as a zero.',
    "5U": '"U" is not a unit known here. Write "units": "U" is misread as a zero.',
    "5 U/mL": '"U" is not a unit known here. Write "units": "U" is misread as a zero.',
    "5 u": '"u" is not a unit known here. Write "units": "u" is misread as a zero.',
    "5 cc": '"cc" is not a unit known here. Write "mL": "cc" is misread as "units".',
    "150 lb": '"lb" is not a unit known here. Give the weight in kg.',
    "150 lbs": '"lbs" is not a unit known here. Give the weight in kg.',
    "5 gm": '"gm" is not a unit known here. Write "g".',
    "5 m": '"m" is not a unit known here. Write "min" for minutes.',
    "5 M": '"M" is not a unit known here. Write "min" for minutes, and all the digits of a million.',
    "5 MG": '"MG" is not a unit known here. Write "mg".',
    "5 mg/ML": '"ML" is not a unit known here. Write "mL".',
    "5 m[IU]": '"m[IU]" is not a unit known here. Write "m[iU] or M[iU]".',
    "5 mU": f'"mU" is not a unit known here. {LISTED}',
    "5 foo": f'"foo" is not a unit known here. {LISTED}',
    "5 mg 3": f'"mg 3" is not a unit known here. {LISTED}',
    "5 %/h": f'"%" is not a unit known here. {LISTED}',
    "5 mg/2": f'"2" is not a unit known here. {LISTED}',
    "5 mg/g": '"mg/g" has mg and g: both measure mass. Write one.',
    "5 min.h": '"min.h" has min and h: both measure time. Write one.',
    "5 [iU].m[iU]": '"[iU].m[iU]" has [iU] and m[iU]: both measure international units. Write one.',
    "9" * 301 + " mg": "A text of 304 characters is no amount. Write one such as 0.1 mg.",
    "1 mg" + ".mg" * 200: "A text of 604 characters is no amount. Write one such as 0.1 mg.",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text)[:24])
def test_what_is_not_one_amount_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(QuantityError) as error:
        Quantity(text)
    assert str(error.value) == REFUSED[text]


@pytest.mark.parametrize(("value", "sentence"), [
    (0.1, '0.1 (float) is no exact amount. Write text such as "0.1 mg".'),
    (float("nan"), 'nan (float) is no exact amount. Write text such as "0.1 mg".'),
    (True, 'True (bool) is no exact amount. Write text such as "0.1 mg".'),
    (Decimal("0.1"), 'Decimal(\'0.1\') (Decimal) is no exact amount. Write text such as "0.1 mg".'),
    (None, 'None (NoneType) is no exact amount. Write text such as "0.1 mg".'),
])  # fmt: skip
def test_a_float_and_its_like_is_a_type_error_everywhere(value: object, sentence: str) -> None:
    amount = Quantity("1 mg")
    for use in (
        lambda: Quantity(value), lambda: Quantity(value, "mg"), lambda: amount * value, lambda: value * amount,
        lambda: amount / value,
    ):  # fmt: skip
        with pytest.raises(TypeError) as error:
            use()
        assert str(error.value) == sentence


def test_a_bare_number_needs_a_unit() -> None:
    with pytest.raises(QuantityError, match=r'^5 has no unit\. Write the amount as text: "5 mg"\.$'):
        Quantity(5)
    with pytest.raises(QuantityError, match=r'^1/3 has no unit\. Write the amount as text: "1/3 mg"\.$'):
        Quantity(Fraction(1, 3))


@pytest.mark.parametrize(("text", "sentence"), [
    ("0,5", '"0,5" holds a comma. Write a point for decimals and no separator for thousands.'),
    ("5 mg", '"5 mg" is not a plain number. Write digits and one point, such as "0.1".'),
    ("", '"" does not begin with a number. Write digits, such as "0.1".'),
    ("1e5", '"1e5" uses powers of ten. Write all the digits.'),
    ("9" * 301, "A text of 301 characters is no amount. Write one such as 0.1."),
])  # fmt: skip
def test_a_number_beside_its_unit_is_read_as_strictly(text: str, sentence: str) -> None:
    with pytest.raises(QuantityError) as error:
        Quantity(text, "mg")
    assert str(error.value) == sentence


TWO_KINDS = {
    "+": (lambda mg, ml: mg + ml, "Add amounts of one kind, not 1 mg and 2 mL."),
    "-": (lambda mg, ml: mg - ml, "Subtract amounts of one kind, not 1 mg and 2 mL."),
    "<": (lambda mg, ml: mg < ml, "Compare amounts of one kind, not 1 mg and 2 mL."),
    "<=": (lambda mg, ml: mg <= ml, "Compare amounts of one kind, not 1 mg and 2 mL."),
    ">": (lambda mg, ml: mg > ml, "Compare amounts of one kind, not 2 mL and 1 mg."),
    ">=": (lambda mg, ml: mg >= ml, "Compare amounts of one kind, not 2 mL and 1 mg."),
    "ratio": (lambda mg, ml: mg.ratio(ml), "Divide amounts of one kind, not 1 mg and 2 mL."),
    "round": (lambda mg, ml: mg.round(ml, "up"), "Divide amounts of one kind, not 1 mg and 2 mL."),
    "to": (lambda mg, ml: mg.to("mL"), "1 mg measures mass. Write an amount in mL."),
    "to a quotient": (lambda mg, ml: mg.to("mg/mL"), "1 mg measures mass. Write an amount in mg/mL."),
    "from a quotient": (
        lambda mg, ml: (mg / ml).to("h"),
        "0.5 mg/mL measures mass per volume. Write an amount in h.",
    ),
    "from a fraction": (lambda mg, ml: (mg / mg).to("h"), "1 measures fraction. Write an amount in h."),
    "units": (
        lambda mg, ml: Quantity("5 units") + Quantity("5 [iU]"),
        "Add amounts of one kind, not 5 units and 5 international units.",
    ),
}


@pytest.mark.parametrize("name", TWO_KINDS)
def test_two_kinds_do_not_mix(name: str) -> None:
    do, sentence = TWO_KINDS[name]
    with pytest.raises(UnitMismatch) as error:
        do(Quantity("1 mg"), Quantity("2 mL"))
    assert str(error.value) == sentence


BARE_NUMBERS = {
    "+": (lambda mg: mg + 1, "1 has no unit. Add amounts such as 5 mg."),
    "-": (lambda mg: mg - 0, "0 has no unit. Subtract amounts such as 5 mg."),
    "<": (lambda mg: mg < 0.5, "0.5 has no unit. Compare amounts such as 5 mg."),
    "ratio": (lambda mg: mg.ratio(2), "2 has no unit. Divide amounts such as 5 mg."),
    "text": (lambda mg: mg + "1 mg", "'1 mg' has no unit. Add amounts such as 5 mg."),
}


@pytest.mark.parametrize("name", BARE_NUMBERS)
def test_a_bare_number_does_not_mix_with_amounts(name: str) -> None:
    do, sentence = BARE_NUMBERS[name]
    with pytest.raises(TypeError) as error:
        do(Quantity("5 mg"))
    assert str(error.value) == sentence


def test_nothing_turns_an_amount_into_a_float() -> None:
    for turn in (float, int, complex):
        with pytest.raises(TypeError):
            turn(Quantity("1 mg"))


def test_division_by_nothing_is_an_error() -> None:
    amount, nothing = Quantity("1 mg"), Quantity("0 mg")
    for divide in (
        lambda: amount / 0, lambda: amount / nothing, lambda: amount.ratio(nothing), lambda: amount.round(nothing, "up")
    ):  # fmt: skip
        with pytest.raises(ZeroDivisionError):
            divide()


@given(MASSES, st.fractions(min_value=Fraction(1, 10**6), max_value=10**6))
def test_rounding_keeps_its_direction_and_stays_within_one_step(amount: Quantity, size: Fraction) -> None:
    step = Quantity(size, "mcg")
    down, up, nearest = (amount.round(step, direction) for direction in ("down", "up", "nearest"))
    assert down <= amount <= up
    assert up - down == (step if down != amount else step * 0)
    assert nearest in (down, up)
    assert max(amount - nearest, nearest - amount) * 2 <= step
    assert {made.ratio(step).denominator for made in (down, up, nearest)} == {1}
    assert nearest.unit == amount.unit


@pytest.mark.parametrize(("amount", "direction", "rounded"), [
    ("12.58 mL/h", "down", "12.5 mL/h"), ("12.58 mL/h", "up", "12.6 mL/h"), ("12.58 mL/h", "nearest", "12.6 mL/h"),
    ("12.55 mL/h", "nearest", "12.5 mL/h"), ("12.5 mL/h", "up", "12.5 mL/h"), ("-0.05 mL/h", "down", "-0.1 mL/h"),
])  # fmt: skip
def test_rounding_to_a_tenth(amount: str, direction: str, rounded: str) -> None:
    assert str(Quantity(amount).round(Quantity("0.1 mL/h"), direction)) == rounded  # type: ignore[arg-type]


def test_rounding_refuses_an_unknown_direction() -> None:
    with pytest.raises(KeyError, match="upwards"):
        Quantity("1 mg").round(Quantity("1 mg"), "upwards")  # type: ignore[arg-type]


@pytest.mark.parametrize(("amount", "shown"), [
    ("0.50 mg", "0.5 mg"), ("2.0 mL/h", "2 mL/h"), ("2000 mg", "2000 mg"), ("5 ug", "5 mcg"), ("5 µg/mL", "5 mcg/mL"),
    ("5 uL", "5 mcL"), ("5 units", "5 units"), ("1 units", "1 unit"), ("1000 units/mL", "1000 units/mL"),
    ("5 [iU]", "5 international units"), ("1 [iU]", "1 international unit"),
    ("0.5 k[iU]", "0.5 thousand international units"),
    ("5 M[iU]", "5 million international units"), ("5 m[iU]", "5 thousandths of an international unit"),
    ("5 [AU]", "5 allergen units"), ("5 [BAU]", "5 bioequivalent allergen units"), ("2 wk", "2 weeks"),
    ("1 d", "1 day"), ("0.5 d", "0.5 days"), ("2 tablets/d", "2 tablets/day"), ("1 tablets", "1 tablet"),
    ("1 mg/wk", "1 mg/week"), ("10 mg/units", "10 mg/unit"), ("5 %", "5 %"), ("2.5 1", "2.5"), ("1 1", "1"),
    ("11 1", "11"), ("0 mg", "0 mg"), ("1/3 mg", "≈ 0.333 mg"), ("-1/3 mg", "≈ -0.333 mg"), ("2/3 mL", "≈ 0.667 mL"),
    ("7.93704 mg/mL", "≈ 7.937 mg/mL"), ("1984.26 mg", "1984.26 mg"), ("339.375 min", "339.375 min"),
    ("0.00123456 mg", "≈ 0.00123 mg"), ("0.0012 mg", "0.0012 mg"), ("0.99999 mg", "≈ 1 mg"),
    ("1/3000000000000000000 mg", "≈ 0.000000000000000000333 mg"), ("0.0000001 mg", "0.0000001 mg"),
    ("5 mcg/kg/min", "5 mcg/kg/min"), ("5 mg.min/mL", "5 mg.min/mL"),
])  # fmt: skip
def test_how_an_amount_is_shown(amount: str, shown: str) -> None:
    assert Quantity(amount).show() == shown


@given(QUANTITIES, st.integers(0, 6))
def test_what_is_shown_keeps_three_digits_marks_rounding_and_is_plain(amount: Quantity, places: int) -> None:
    figure = amount.figure(places)
    match = re.fullmatch(r"(≈ )?(-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?)", figure)
    assert match
    shown = Fraction(match[2])
    assert bool(match[1]) == (shown != amount.number)
    assert bool(shown) == bool(amount)
    allowed = Fraction(1, 2 * 10**places) if abs(amount.number) * 10**places >= 100 else abs(amount.number) / 200
    assert abs(shown - amount.number) <= allowed
    assert amount.show(places).startswith(figure)
    assert not re.search(r"[µμ\[\]]|\bU\b|\bIU\b", amount.show(places))


def test_fewer_places_on_demand() -> None:
    assert Quantity("66.666 %").show(1) == "≈ 66.7 %"
    assert Quantity("50000.5 1").show(0) == "≈ 50001"
    assert Quantity("0.5 min").show(0) == "0.5 min"
    assert Quantity("1 units").figure() == "1"


@given(QUANTITIES)
def test_an_amount_survives_pickling_and_copying(amount: Quantity) -> None:
    for other in (pickle.loads(pickle.dumps(amount)), copy.copy(amount), copy.deepcopy(amount)):
        assert (other.number, other.unit) == (amount.number, amount.unit)
        assert hash(other) == hash(amount)
        assert other - amount == amount * 0


def test_an_amount_and_a_unit_do_not_change() -> None:
    amount = Quantity("5 mg")
    for change in (
        lambda: setattr(amount, "number", Fraction(6)), lambda: setattr(amount, "unit", Unit.parse("g")),
        lambda: delattr(amount, "number"), lambda: setattr(amount, "note", "x"),
    ):  # fmt: skip
        with pytest.raises(AttributeError, match=r"^A Quantity does not change\. Make another one\.$"):
            change()
    with pytest.raises(AttributeError):
        amount.unit.scale = Fraction(1)  # type: ignore[misc]
    assert str(amount) == "5 mg"


def test_units_tell_their_kind_code_and_words() -> None:
    unit = Unit.parse("mcg/kg/min")
    assert (unit.kind, unit.ucum, unit.words) == ("mass per body weight per time", "ug/kg/min", "mcg/kg/min")
    assert Unit.parse("mg.min/mL").kind == "mass x time per volume"
    assert Unit.parse("%").kind == Unit.parse("1").kind == "fraction"
    assert Unit.parse("1/h").kind == "per time"
    assert repr(Unit.parse("mL/h")) == "Unit(text='mL/h')"
    assert Unit.parse("ml/hr") == Unit.parse("mL/h")
    assert Unit.parse("mcg/mL") != Unit.parse("mg/L")


@pytest.mark.parametrize(("unit", "ucum"), [
    ("mcg", "ug"), ("units", "{unit}"), ("units/mL", "{unit}/mL"), ("tablets", "{tbl}"), ("drops/min", "[drp]/min"),
    ("mcL", "uL"), ("[iU]", "[iU]"), ("M[iU]", "M[iU]"), ("[AU]/mL", "[AU]/mL"), ("%", "%"), ("1", "1"), ("m2", "m2"),
    ("1/h", "1/h"), ("wk", "wk"), ("d", "d"), ("mg.min/mL", "mg.min/mL"),
])  # fmt: skip
def test_ucum_codes(unit: str, ucum: str) -> None:
    assert Unit.parse(unit).ucum == ucum


TEXTS = st.one_of(
    st.text(),
    st.text(alphabet="0123456789.,/-+ eExX^%[]mgLkhiUns\t\n\u00a0µ"),
    st.builds(
        "{}{}{}".format,
        st.text("0123456789./-", max_size=6),
        st.text(" \t\n", max_size=3),
        st.text("mgL/.hk[iU]%1", max_size=8),
    ),
)


def read_or_refused(read: Callable[[str], Quantity | Unit], text: str) -> Quantity | Unit | None:
    """What is read; nothing where it is refused, which must be with a sentence that says what to write."""
    try:
        return read(text)
    except QuantityError as error:
        said = str(error)
    if not re.search(r"\. [A-Z][^\n]*[.]$", said):
        pytest.fail(f"no advice: {said}")
    return None


@given(TEXTS)
def test_any_text_is_one_amount_or_refused_with_a_sentence(text: str) -> None:
    if amount := read_or_refused(Quantity, text):
        assert str(Quantity(str(amount))) == str(amount)
        assert text.strip()[0] in "-0123456789"


@given(TEXTS)
def test_any_text_is_one_unit_or_refused_with_a_sentence(text: str) -> None:
    if unit := read_or_refused(Unit.parse, text):
        assert Unit.parse(str(unit.text)) == unit


@given(TEXTS)
def test_any_text_is_one_number_or_refused_with_a_sentence(text: str) -> None:
    if amount := read_or_refused(lambda number: Quantity(number, "mg"), text):
        assert Fraction(text.strip()) == amount.number


LONG = {
    "digits": "1" * 10**6,
    "units": "1 " + "mg." * 10**6,
    "spaces": " " * 10**6,
    "spaces inside": "1" + " " * 10**6 + "\r",
    "a unit": "1 1/" + "x" * 10**6,
    "minus signs": "-" * 10**6,
    "decimals": "0." + "0" * 10**6 + "1 mg",
    "fractions": "1/" * 10**6,
    "powers": "x 10^" * 10**5,
    "lines": "\n" * 10**6 + "1 mg",
}


@pytest.mark.parametrize("name", LONG)
def test_a_very_long_text_is_refused_unread(name: str) -> None:
    with pytest.raises(QuantityError, match=f"^A text of {len(LONG[name])} characters is no amount"):
        Quantity(LONG[name])
