"""Which epinephrine line a sheet shows, when all it knows is the plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from paulatim import Patient, Plan, Quantity
from paulatim.documents.sheets.rescue import epinephrine_lines
from paulatim.rules import default_policy


def lines(made: Plan, born: date, weighed: date | None, weight: str = "60 kg") -> list[str]:
    patient = Patient("1", "x", born, Quantity(weight), weighed)
    request = replace(made.request, weight=Quantity(weight))
    return epinephrine_lines(replace(made, patient=patient, request=request), default_policy())


@pytest.mark.parametrize(
    ("born", "weighed", "doses"),
    [
        (date(1961, 4, 2), date(2026, 11, 20), ["0.5 mg"]),
        (date(1961, 4, 2), None, ["0.5 mg"]),
        (date(2012, 1, 1), date(2026, 11, 20), ["0.3 mg"]),
        (date(2012, 1, 1), None, ["0.5 mg", "0.3 mg"]),
        (date(2012, 1, 1), date(2024, 11, 20), ["0.5 mg", "0.3 mg"]),
    ],
)
def test_both_doses_stand_where_the_age_is_not_certain(
    plan: Callable[[str], Plan], born: date, weighed: date | None, doses: list[str]
) -> None:
    said = lines(plan("aspirin"), born, weighed)
    assert len(said) == len(doses)
    assert all(f"now: {dose} (" in line for line, dose in zip(said, doses, strict=True))


def test_a_light_patient_has_one_dose_at_any_age(plan: Callable[[str], Plan]) -> None:
    (said,) = lines(plan("aspirin"), date(2020, 1, 1), None, "20 kg")
    assert said.startswith("Give epinephrine IM in the outer thigh now: 0.2 mg (0.2 mL of 1 mg/mL).")
