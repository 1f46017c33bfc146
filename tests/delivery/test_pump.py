"""What a pump can be set to: never above the rate that was wanted, nor above what it can do."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paulatim import Line, Priming, Quantity, QuantityError, pumps

Q = Quantity


@pytest.mark.parametrize(
    ("pump", "rate", "set_to"),
    [
        ("generic-0.1", "2 mL/h", "2 mL/h"),
        ("generic-0.1", "2.19 mL/h", "2.1 mL/h"),
        ("generic-0.1", "100/3 mL/h", "33.3 mL/h"),
        ("generic-0.1", "0.1 mL/h", "0.1 mL/h"),
        ("generic-0.1", "0.09 mL/h", "0 mL/h"),
        ("generic-0.1", "1200 mL/h", "999 mL/h"),
        ("generic-1", "2.99 mL/h", "2 mL/h"),
        ("generic-1", "0.9 mL/h", "0 mL/h"),
        ("generic-1", "1 mL/min", "60 mL/h"),
    ],
)
def test_it_is_set_to_the_step_at_or_below(pump: str, rate: str, set_to: str) -> None:
    assert pumps()[pump].settable(Q(rate)) == Q(set_to)


@given(st.fractions(min_value=0, max_value=2000, max_denominator=10**6), st.sampled_from(sorted(pumps())))
def test_it_is_never_above(rate: Fraction, id: str) -> None:
    pump = pumps()[id]
    wanted = Quantity(rate, "mL/h")
    found = pump.settable(wanted)
    assert found <= wanted
    assert not found or pump.lowest <= found <= pump.highest
    assert (found / pump.step).number.denominator == 1
    if pump.lowest <= wanted <= pump.highest:
        assert wanted - found < pump.step


def test_every_profile_says_whose_it_is() -> None:
    for id, pump in pumps().items():
        assert (pump.id, bool(pump.title), bool(pump.source)) == (id, True, True)
        assert pump.step <= pump.lowest < pump.highest


@pytest.mark.parametrize("volume", ["-1 mL", "5 mg", "5 mL/h"])
def test_what_is_no_volume_of_a_line_is_refused(volume: str) -> None:
    with pytest.raises(QuantityError, match=r"^The line's volume is .+\. Write it in mL, zero or more\.$"):
        Line(Q(volume), Priming.DRUG)


def test_an_unknown_line_is_not_an_empty_one() -> None:
    assert Line() != Line(Q("0 mL"), Priming.DRUG, False)
    assert (Line().dead_volume, Line().primed_with, Line().new_for_each_bag) == (None, None, None)
