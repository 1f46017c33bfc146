"""One value, one text, one hash, and strictly back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paulatim import Quantity
from paulatim.assessment import Vitals
from paulatim.canonical import NotCanonical, decode, digest, encode, parse_json, text_of

Q = Quantity


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Small:
    count: int
    name: str
    dose: Quantity | None = None
    share: Fraction = Fraction(1, 3)
    on: date = date(2026, 1, 5)
    at: datetime = datetime(2026, 1, 5, 8, tzinfo=UTC)
    colour: Colour = Colour.RED
    flag: bool = False
    parts: tuple[Quantity, ...] = ()
    pair: tuple[str, int] = ("a", 1)
    by_name: Mapping[str, Fraction] | None = None


FULL = Small(
    7,
    "Ñandú",
    Q("2/3 mg"),
    Fraction(-5, 4),
    colour=Colour.BLUE,
    flag=True,
    parts=(Q("0.1 mL"), Q("1 h")),
    by_name={"b": Fraction(1), "a": Fraction(1, 7)},
)
TEXT = (
    '{"at":"2026-01-05T08:00:00.000+00:00","by_name":{"a":"1/7","b":"1"},"colour":"blue","count":7,"dose":"2/3 mg",'
    '"flag":true,"name":"Ñandú","on":"2026-01-05","pair":["a",1],"parts":["0.1 mL","1 h"],"share":"-1.25"}'
)


def test_a_value_is_one_text_and_comes_back() -> None:
    assert text_of(encode(FULL)) == TEXT
    assert decode(Small, parse_json(TEXT)) == FULL
    assert digest(encode(FULL)) == digest(json.loads(TEXT))


def test_the_hash_is_the_sha256_of_the_text() -> None:
    """Worked out by sha256sum from `printf '{"a":"1 mg"}'`."""
    assert digest({"a": "1 mg"}) == "7ead3df1c4c8d68d8e42e048f156122bb524f748922b8b0148584db81d245cfd"


@given(
    st.builds(
        Small,
        count=st.integers(-(10**17), 10**17),
        name=st.text(st.characters(exclude_categories=["Cs"])),
        dose=st.none() | st.builds(Quantity, st.fractions(), st.sampled_from(["mg", "mL/h", "mcg/kg/min", "%", "1"])),
        share=st.fractions(),
        on=st.dates(),
        flag=st.booleans(),
        colour=st.sampled_from(Colour),
        by_name=st.none() | st.dictionaries(st.text(max_size=3), st.fractions(), max_size=3),
    )
)
def test_anything_comes_back_as_it_was(value: Small) -> None:
    text = text_of(encode(value))
    back = decode(Small, parse_json(text))
    assert back == value
    assert text_of(encode(back)) == text


@pytest.mark.parametrize("value", [0.1, 1.0, float("nan"), Decimal("0.1"), 1j, b"x", object(), {1, 2}, Small])
def test_what_has_no_exact_text_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match=r"has no exact text\. Use a Quantity, Fraction, int or str\.$"):
        encode({"dose": [value]})


def test_a_time_is_kept_to_the_millisecond_and_not_cut_in_silence() -> None:
    assert encode(datetime(2026, 1, 5, 8, 0, 0, 7000, tzinfo=UTC)) == "2026-01-05T08:00:00.007+00:00"
    with pytest.raises(TypeError, match=r"^2026-01-05T08:00:00\.000999\+00:00 is finer than a millisecond"):
        encode(datetime(2026, 1, 5, 8, 0, 0, 999, tzinfo=UTC))


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"count": "7"}, "small.count: int is expected, not '7'."),
    ({"count": True}, "small.count: int is expected, not True."),
    ({"count": None}, "small.count: int is expected, not None."),
    ({"flag": 1}, "small.flag: bool is expected, not 1."),
    ({"name": 7}, "small.name: str is expected, not 7."),
    ({"dose": 7}, "small.dose: a text is expected, not 7."),
    ({"dose": "0.10 mg"}, 'small.dose: "0.10 mg" is not the canonical text "0.1 mg".'),
    ({"dose": "4/6 mg"}, 'small.dose: "4/6 mg" is not the canonical text "2/3 mg".'),
    ({"dose": "0.1 µg"}, 'small.dose: "0.1 µg" is not the canonical text "0.1 mcg".'),
    ({"share": "0.50"}, 'small.share: "0.50" is not the canonical text "0.5".'),
    ({"on": "20260105"}, 'small.on: "20260105" is not the canonical text "2026-01-05".'),
    ({"on": "2026-02-30"}, "small.on: "),
    ({"at": "2026-01-05T08:00:00Z"}, 'small.at: "2026-01-05T08:00:00Z" is not the canonical text'),
    ({"colour": "green"}, "small.colour: 'green' is not a valid Colour"),
    ({"parts": "0.1 mL"}, "small.parts: a list is expected, not '0.1 mL'."),
    ({"parts": ["0.1 mL", "x"]}, 'small.parts[2]: "x" '),
    ({"pair": ["a"]}, "small.pair: 2 elements are expected, not 1."),
    ({"by_name": ["a"]}, "small.by_name: an object is expected, not ['a']."),
    ({"by_name": {"a": 1}}, "small.by_name.a: a text is expected, not 1."),
    ({"extra": 1}, "small.extra: there is no such field here."),
]


@pytest.mark.parametrize(("change", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_what_does_not_fit_is_refused_with_its_place(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NotCanonical) as raised:
        decode(Small, {**encode(FULL), **change}, "small")
    assert str(raised.value).startswith(sentence)


def test_a_missing_field_is_never_its_default() -> None:
    data = encode(FULL)
    del data["flag"]
    with pytest.raises(NotCanonical, match=r"^small\.flag: the field is missing\.$"):
        decode(Small, data, "small")


def test_a_value_that_cannot_be_is_refused_with_its_own_sentence() -> None:
    data = {**encode(Vitals(120, 70, 80, 16, 98)), "heart_rate": 800}
    with pytest.raises(NotCanonical, match=r"^vitals: HR 800 is outside 10 to 300\. Measure again\.$"):
        decode(Vitals, data, "vitals")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"a":1,"a":1}', "A key is written twice. Keep one of the two."),
        ('{"a":1.0}', "1.0 is a bare number. Write amounts as text with a unit."),
        ('{"a":1e5}', "1e5 is a bare number. Write amounts as text with a unit."),
        ('{"a":Infinity}', "Infinity is a bare number. Write amounts as text with a unit."),
        ('{"a":' + "9" * 19 + "}", "A whole number has 19 digits. Nothing here counts that far."),
        ('{"a":1', "line 1, column 7: this is not JSON (Expecting ',' delimiter)."),
        ("", "line 1, column 1: this is not JSON (Expecting value)."),
        ("[" * 200_000, "The JSON is nested too deeply to be one of ours."),
    ],
    ids=["a key twice", "a point", "a power", "no end", "too long", "cut off", "nothing", "too deep"],
)
def test_json_that_hides_something_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(NotCanonical) as raised:
        parse_json(text)
    assert str(raised.value) == sentence


def test_half_a_character_has_no_hash() -> None:
    with pytest.raises(NotCanonical, match=r"^A text holds half a character"):
        digest({"note": "\ud800"})
