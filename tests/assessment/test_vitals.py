"""Limits by age, and figures that nobody has.

Adults: below 90 mmHg or more than 30 % below the baseline (World Allergy Organization 2020). Children: 70, then
70 + 2 x age to ten years, then 90 mmHg. SpO2 of 92 % or less is severe (Brown 2004); 38 degrees is fever.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from paulatim.assessment import ImpossibleVitals, Vitals, breaches
from paulatim.assessment.vitals import lowest_systolic

WELL = Vitals(120, 70, 80, 16, 98)


def said(vitals: Vitals, age: int = 40, baseline: Vitals | None = WELL) -> list[str]:
    return [f"{breach.sentence} ({breach.rule})" for breach in breaches(vitals, age, baseline)]


@pytest.mark.parametrize(
    ("age", "limit"),
    [(0, 70), (1, 72), (2, 74), (6, 82), (9, 88), (10, 90), (11, 90), (17, 90), (18, 90), (90, 90)],
)
def test_the_lowest_systolic_pressure_by_age(age: int, limit: int) -> None:
    assert lowest_systolic(age) == limit
    rule = "R-MON-06" if age >= 18 else "R-MON-07"
    below = Vitals(limit - 1, 40, 80, 16, 98)
    assert said(below, age, None) == [f"Hold. Call the prescriber. SBP {limit - 1} mmHg is below {limit}. ({rule})"]
    assert said(Vitals(limit, 40, 80, 16, 98), age, None) == []


@pytest.mark.parametrize(("baseline", "still_well", "fallen"), [(160, 112, 111), (150, 105, 104), (200, 140, 139)])
def test_a_fall_by_more_than_three_tenths(baseline: int, still_well: int, fallen: int) -> None:
    before = Vitals(baseline, 80, 80, 16, 98)
    assert said(Vitals(still_well, 60, 80, 16, 98), 40, before) == []
    sentence = f"Hold. Call the prescriber. SBP {fallen} mmHg is more than 30 % below {baseline}. (R-MON-06)"
    assert said(Vitals(fallen, 60, 80, 16, 98), 40, before) == [sentence]
    assert said(Vitals(fallen, 60, 80, 16, 98), 12, before) == [sentence.replace("MON-06", "MON-07")]


@pytest.mark.parametrize(("spo2", "low"), [(93, False), (92, True), (80, True)])
def test_low_oxygen(spo2: int, low: bool) -> None:
    sentence = f"Hold. Call the prescriber. SpO2 {spo2} % is 92 % or less. (R-MON-08)"
    assert said(Vitals(120, 70, 80, 16, spo2)) == ([sentence] if low else [])


@pytest.mark.parametrize(
    ("temperature", "shown"), [(Fraction(379, 10), ""), (Fraction(38), "38 °C"), (Fraction(385, 10), "38.5 °C")]
)
def test_fever(temperature: Fraction, shown: str) -> None:
    sentence = f"Hold. Call the prescriber. The temperature is {shown}, 38 °C or more. (R-MON-10)"
    assert said(Vitals(120, 70, 80, 16, 98, temperature)) == ([sentence] if shown else [])


def test_all_limits_are_said_at_once() -> None:
    rules = [breach.rule for breach in breaches(Vitals(80, 40, 130, 30, 85, Fraction(39)), 40, WELL)]
    assert rules == ["R-MON-06", "R-MON-08", "R-MON-10"]


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        ((12, 7, 80, 16, 98), "SBP 12 is outside 20 to 300. Measure again."),
        ((1200, 70, 80, 16, 98), "SBP 1200 is outside 20 to 300. Measure again."),
        ((120, 7, 80, 16, 98), "DBP 7 is outside 10 to 200. Measure again."),
        ((120, 70, 8, 16, 98), "HR 8 is outside 10 to 300. Measure again."),
        ((120, 70, 800, 16, 98), "HR 800 is outside 10 to 300. Measure again."),
        ((120, 70, 80, 1, 98), "RR 1 is outside 2 to 100. Measure again."),
        ((120, 70, 80, 160, 98), "RR 160 is outside 2 to 100. Measure again."),
        ((120, 70, 80, 16, 101), "SpO2 101 is outside 20 to 100. Measure again."),
        ((120, 70, 80, 16, 9), "SpO2 9 is outside 20 to 100. Measure again."),
        ((70, 120, 80, 16, 98), "DBP 120 is not below SBP 70. Measure again."),
        ((70, 70, 80, 16, 98), "DBP 70 is not below SBP 70. Measure again."),
        ((120, 70, 80, 16, 98, Fraction(98)), "The temperature is outside 25 to 45 degrees Celsius. Measure again."),
        ((120, 70, 80, 16, 98, Fraction(24)), "The temperature is outside 25 to 45 degrees Celsius. Measure again."),
    ],
)
def test_figures_that_nobody_has_are_a_slip_of_the_keys(figures: tuple[int, ...], sentence: str) -> None:
    with pytest.raises(ImpossibleVitals, match=f"^{sentence}$"):
        Vitals(*figures)


def test_a_set_is_said_in_one_line() -> None:
    assert str(WELL) == "BP 120/70, HR 80, RR 16, SpO2 98 %"
    assert str(Vitals(120, 70, 80, 16, 98, Fraction(367, 10))) == "BP 120/70, HR 80, RR 16, SpO2 98 %, T 36.7 °C"
