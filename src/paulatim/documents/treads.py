"""A plan's steps as a picture draws them, and as a person hears them read aloud."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from paulatim.documents.words import by_day, length, span, the_solution
from paulatim.library import Action
from paulatim.plan import Plan
from paulatim.protocol import Step
from paulatim.quantity import Quantity

__all__ = ["DAY", "Tread", "in_words", "treads"]

DAY = 1440  # minutes


@dataclass(frozen=True, slots=True)
class Tread:
    """One step as it is drawn: from when to when (min) and how high, in drug per hour, or in drug for a dose by
    mouth; `level` is None for a purge, `mark` the number of the bag, or of the drug where there are no bags."""

    step: Step
    start: Fraction
    end: Fraction
    level: Quantity | None
    mark: int


def in_words(plan: Plan, at: Quantity | None = None, reactions: tuple[Quantity, ...] = ()) -> str:
    """The ladder read aloud, one sentence for each step."""
    count = len(plan.steps)
    said = [f"{count} step{'s' if count > 1 else ''} in {length(plan)}."]
    for tread in treads(plan):
        step = tread.step
        when = f"day {step.day}" if step.day else span(step.begins)
        source = f" from {the_solution(plan, step.solution)}" if step.solution else ""
        if tread.level is None:
            said.append(f"Step {step.number} at {when}: purge{source}, no dose.")
        elif step.rate is not None:
            said.append(f"Step {step.number} at {when}: {step.rate.show()}{source}, {tread.level.show()}.")
        else:
            said.append(f"Step {step.number} at {when}: {tread.level.show()} of {step.drug}{source}.")
    said += [f"Reaction at {span(time)}." for time in reactions]
    return " ".join([*said, f"Now at {span(at)}."] if at is not None else said)


def treads(plan: Plan) -> tuple[Tread, ...]:
    """Each step of a plan, in order."""
    drugs, bags = list(plan.targets), {batch.solution.name: batch.solution.number for batch in plan.batches}
    made = []
    for place, step in enumerate(plan.steps):
        start = step.begins.to("min").number
        end = start + step.lasts.to("min").number
        if step.action is Action.TAKE:
            later = (other.begins for other in plan.steps[place + 1 :] if other.drug == step.drug)
            end = next((begins.to("min").number for begins in later), start + _tail(plan))
        mark = bags[step.solution] if step.solution else drugs.index(step.drug) + 1
        made.append(Tread(step, start, end, _level(plan, step), mark))
    return tuple(made)


def _tail(plan: Plan) -> Fraction:
    """How long the last dose by mouth is drawn: a day, or as long as the one before it."""
    if by_day(plan):
        return Fraction(DAY)
    lasting = [step.lasts.to("min").number for step in plan.steps if step.lasts]
    return lasting[-1] if lasting else Fraction(60)


def _level(plan: Plan, step: Step) -> Quantity | None:
    unit = next(iter(plan.targets.values())).unit
    if step.action is Action.PURGE or not step.dose:
        return None
    if step.action is Action.TAKE or step.rate is None:
        return step.dose.to(unit)
    return (plan.batch(step.solution).solution.concentration * step.rate).to(f"{unit.text}/h")
