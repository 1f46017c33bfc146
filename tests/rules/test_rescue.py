"""The epinephrine card, by hand: 0.01 mg/kg of 1 mg/mL, at most 0.5 mg in adults and 0.3 mg in children.

World Allergy Organization 2016, Table 4; the child's maximum and the 5 minutes are policy keys of their own.
"""

from __future__ import annotations

import pytest

from paulatim import Quantity
from paulatim.rules import default_policy, epinephrine


def card(weight: str | None, age: int) -> str:
    return epinephrine(Quantity(weight) if weight else None, age, default_policy())


@pytest.mark.parametrize(
    ("weight", "age", "dose"),
    [
        ("70 kg", 64, "0.5 mg (0.5 mL of 1 mg/mL)"),
        ("50 kg", 40, "0.5 mg (0.5 mL of 1 mg/mL)"),
        ("49.9 kg", 40, "0.49 mg (0.49 mL of 1 mg/mL)"),
        ("38 kg", 18, "0.38 mg (0.38 mL of 1 mg/mL)"),
        ("38 kg", 17, "0.3 mg (0.3 mL of 1 mg/mL)"),
        ("20 kg", 6, "0.2 mg (0.2 mL of 1 mg/mL)"),
        ("12.5 kg", 2, "0.12 mg (0.12 mL of 1 mg/mL)"),
        ("3.4 kg", 0, "0.03 mg (0.03 mL of 1 mg/mL)"),
        ("180 kg", 40, "0.5 mg (0.5 mL of 1 mg/mL)"),
    ],
)
def test_the_dose_by_weight(weight: str, age: int, dose: str) -> None:
    assert card(weight, age) == (
        f"Give epinephrine IM in the outer thigh now: {dose}. Repeat after 5 min if there is no improvement."
    )


@pytest.mark.parametrize(("age", "most"), [(64, "0.5 mg"), (6, "0.3 mg")])
def test_an_unknown_weight_gives_the_rule_and_the_maximum(age: int, most: str) -> None:
    assert card(None, age) == (
        f"Give epinephrine IM in the outer thigh now: 0.01 mg/kg of body weight, at most {most}. "
        "Repeat after 5 min if there is no improvement."
    )


@pytest.mark.parametrize("tenths", range(20, 1201, 7))
def test_it_is_never_above_the_dose_by_weight_nor_the_maximum(tenths: int) -> None:
    for age, most in ((40, 50), (6, 30)):
        hundredths = int(Quantity(card(f"{tenths / 10:.1f} kg", age).split(": ")[1].split(" (")[0]).number * 100)
        assert hundredths <= min(tenths / 10, most) < hundredths + 1
