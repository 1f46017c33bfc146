"""The epinephrine card: the dose that a weight and the site's policy make. It is shown first and waits for nothing."""

from __future__ import annotations

from paulatim.quantity import Quantity
from paulatim.rules.policy import Policy

__all__ = ["epinephrine"]

_ADULT = 18


def epinephrine(weight: Quantity | None, age: int, policy: Policy) -> str:
    """What to give in anaphylaxis: intramuscular epinephrine 1 mg/mL, by weight, up to the policy's maximum."""
    most = policy.epinephrine_max_adult if age >= _ADULT else policy.epinephrine_max_child
    if weight is None:
        per_kg = policy.epinephrine_per_kg
        dose = f"{per_kg.show()} of body weight, at most {most.show()}"
    else:
        exact = min((policy.epinephrine_per_kg * weight).to("mg"), most).round(Quantity("0.01 mg"), "down")
        dose = f"{exact.show()} ({(exact / Quantity('1 mg/mL')).show()} of 1 mg/mL)"
    repeat = policy.epinephrine_repeat.show()
    return f"Give epinephrine IM in the outer thigh now: {dose}. Repeat after {repeat} if there is no improvement."
