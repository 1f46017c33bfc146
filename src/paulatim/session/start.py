"""What must be true before a plan is approved, and before a procedure starts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from paulatim.assessment import breaches
from paulatim.session.events import Person, Role
from paulatim.session.gates import Wait, clock_behind
from paulatim.session.state import Phase, State, lasting

__all__ = ["refuse_approval", "refuse_start"]


def refuse_approval(state: State, accepted: tuple[str, ...], by: Person) -> Iterator[Wait]:
    """Why this person may not approve this plan: two different people must, one of them a prescriber."""
    if state.phase is not Phase.PLANNED:
        yield Wait("approval", "This plan has its two approvals.", "R-SET-10")
    if stops := state.the_plan.stops:
        yield Wait("plan", f"Change the plan first. {stops[0].sentence}", stops[0].rule)
    if any(person.id == by.id for person, _ in state.approvals):
        yield Wait("second person", f"Ask another person: {by.name} has approved already.", "R-SET-10")
    roles = {person.role for person, _ in state.approvals}
    if state.approvals and Role.PRESCRIBER not in roles | {by.role}:
        yield Wait("prescriber", "Ask a prescriber: one of the two approvals must be a prescriber's.", "R-SET-10")
    for finding in state.the_plan.to_accept:
        if finding.key not in accepted:
            yield Wait("findings", f"Accept this by name, or change the plan: {finding.sentence}", finding.rule)


def refuse_start(state: State, by: Person, now: datetime) -> Iterator[Wait]:
    """Why the procedure may not begin."""
    plan = state.the_plan
    if state.phase is Phase.PLANNED:
        yield Wait("approval", "Have the plan approved by two people first.", "R-SET-10")
    elif state.phase is not Phase.APPROVED:
        yield Wait("start", "The procedure has started already.", "R-STEP-03")
    if plan.patient is None:
        yield Wait("patient", "Make the plan for a patient first.", "R-SET-17")
    elif plan.patient.age(now.date()) < 0:
        yield Wait("patient", f"Correct the birth date: {plan.patient.born} is in the future.", "R-SET-17")
    if not state.demo and plan.entry.review.open:
        yield Wait("review", f"Finish the entry's review first: {' and '.join(plan.entry.review.open)}.", "R-ENTRY-02")
    if state.open_reaction:
        yield Wait("reaction", "Treat the reaction. Open another procedure when it is over.", "R-CI-09")
    yield from clock_behind(state, now)
    reading = state.reading
    if reading is None:
        yield Wait("vitals", "Take the vital signs first: the baseline is missing.", "R-MON-01")
    elif lasting(now - reading.at) > plan.vitals_every.amount:
        yield Wait(
            "vitals",
            f"Take the vital signs again: they are more than {plan.vitals_every.amount.show()} old.",
            "R-MON-01",
        )
    elif not reading.asked:
        yield Wait(
            "symptoms", "Ask for itch, throat, chest and gut, with new vital signs: nobody has asked.", "R-MON-11"
        )
    elif plan.patient:
        for breach in breaches(reading.vitals, plan.patient.age(now.date()), None):
            yield Wait("vitals in limits", breach.sentence.replace("Hold.", "Do not start."), breach.rule)
