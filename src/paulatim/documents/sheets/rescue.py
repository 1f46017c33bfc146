"""What stands on a sheet for when something goes wrong: the epinephrine line, and what may resume the ladder."""

from __future__ import annotations

from datetime import date

from paulatim.documents.press import CannotPrint
from paulatim.documents.words import is_oral
from paulatim.plan import Plan
from paulatim.rules import Policy, epinephrine

__all__ = ["epinephrine_lines", "policy_of", "resuming"]

_ADULT = 18
# Any sheet is printed after this day: who is grown up on it is grown up. A sheet knows no other date than the plan's.
_EARLIEST = date(2025, 1, 1)


def policy_of(plan: Plan, policy: Policy) -> Policy:
    """The policy, if it is the one that the plan was made under; raises CannotPrint otherwise."""
    if policy.digest != plan.policy.digest:
        raise CannotPrint(
            f"Print with the policy of {plan.policy.site}, version {plan.policy.version}: the plan was made under it."
        )
    return policy


def epinephrine_lines(plan: Plan, policy: Policy) -> list[str]:
    """The dose to give; both doses where the patient's age is not known for certain and they differ."""
    weight = plan.request.weight
    grown, child = (epinephrine(weight, age, policy_of(plan, policy)) for age in (_ADULT, _ADULT - 1))
    if grown == child:
        return [grown]
    age = _age(plan)
    if age is None:
        return [f"From {_ADULT} years: {grown}", f"Under {_ADULT} years: {child}"]
    return [grown if age >= _ADULT else child]


def _age(plan: Plan) -> int | None:
    """The age in years as far as it decides the dose: on the day of weighing, or grown up long since."""
    patient = plan.patient
    if patient is None:
        return None
    if patient.weighed_on is not None and patient.weighed_on >= _EARLIEST:
        return patient.age(patient.weighed_on)
    return patient.age(_EARLIEST) if patient.age(_EARLIEST) >= _ADULT else None


def resuming(plan: Plan, policy: Policy) -> list[str]:
    """What must be so before the drug runs again; the prescriber decides, never the sheet."""
    free = policy_of(plan, policy).symptom_free.show()
    counted = "Count from the volume measured in the bag, not from the time that has passed."
    return [
        f"No symptom for {free} (policy of {policy.site}), and vital signs as before the start.",
        "The prescriber has seen the patient and writes below at which step to resume.",
        "Never resume above the step at which it was held.",
        "Count only the doses that were swallowed and kept down." if is_oral(plan) else counted,
        *plan.entry.on_reaction,
    ]
