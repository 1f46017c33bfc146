"""What became of one procedure, from its record alone: ending, steps, reactions, drug given, time taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from paulatim.assessment import Sign
from paulatim.quantity import Quantity
from paulatim.session import (
    Advanced,
    Completed,
    Fact,
    Phase,
    ReactionReported,
    Refusal,
    Resumed,
    Started,
    State,
    given,
    replay,
)  # fmt: skip
from paulatim.session.state import lasting

__all__ = ["Ending", "Outcome", "Reaction", "Total", "outcome"]


class Ending(StrEnum):
    """Where the record leaves the procedure."""

    NOT_STARTED = "not started"  # no drug ran, whether it was called off or still waits
    RUNNING = "running"  # on hold too: nobody knows yet how it ends
    STOPPED = "stopped"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Reaction:
    """One reaction, however often it was reported until a prescriber resumed.

    `step` is the one in which it was first seen, `grade` the highest that was given (None: nobody has graded it).
    """

    step: int
    grade: int | None
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """What went in of one drug, between two bounds, and what the whole ladder gives."""

    drug: str
    least: Quantity
    most: Quantity
    planned: Quantity


@dataclass(frozen=True, slots=True)
class Outcome:
    """One procedure's outcome. Times are in min; `took` runs from the first drug to the end, holds counted in, and is
    None until the procedure has ended. `near_misses` are the rules that stopped something dangerous."""

    entry: str
    title: str
    drug: str
    demo: bool
    ending: Ending
    steps: int
    steps_done: int
    reactions: tuple[Reaction, ...]
    totals: tuple[Total, ...]
    planned: Quantity
    took: Quantity | None
    near_misses: tuple[str, ...]

    @property
    def ended(self) -> bool:
        """Whether drug ran and it is over: only then does it count in a rate."""
        return self.ending in (Ending.COMPLETED, Ending.STOPPED)

    @property
    def worst(self) -> int | None:
        """The highest grade of its reactions; None without a graded one."""
        return max((each.grade for each in self.reactions if each.grade is not None), default=None)

    @property
    def ungraded(self) -> bool:
        """Whether nobody graded one of its reactions."""
        return any(each.grade is None for each in self.reactions)


def outcome(facts: Iterable[Fact]) -> Outcome:
    """The outcome of one procedure from its facts; raises ValueError where no plan was opened."""
    known = tuple(facts)
    state = replay(known)
    if state.plan is None or state.last_at is None:
        raise ValueError("A record without a plan has no outcome. Give all facts of the procedure.")
    plan, last = state.plan, state.ended_at or state.last_at
    took = state.ended_at - state.stretches[0].began if state.ended_at and state.stretches else None
    sums = [(drug, given(state, drug, last), plan.given(drug)) for drug in plan.targets]
    return Outcome(
        entry=plan.entry.id,
        title=plan.entry.title,
        drug=plan.drugs,
        demo=state.demo,
        ending=_ending(state),
        steps=len(plan.steps),
        steps_done=_done(known, len(plan.steps)),
        reactions=_reactions(known),
        totals=tuple(Total(drug, part.least, part.most, planned) for drug, part, planned in sums),
        planned=plan.duration.to("min"),
        took=lasting(took).to("min") if took is not None else None,
        near_misses=tuple(fact.event.rule for fact in known if isinstance(fact.event, Refusal)),
    )


def _ending(state: State) -> Ending:
    if not state.stretches:
        return Ending.NOT_STARTED
    if state.phase is Phase.COMPLETED:
        return Ending.COMPLETED
    return Ending.STOPPED if state.phase is Phase.STOPPED else Ending.RUNNING


def _done(facts: tuple[Fact, ...], steps: int) -> int:
    """How many different steps were done to their end, each once however often it was repeated."""
    if any(isinstance(fact.event, Completed) for fact in facts):
        return steps
    return len({fact.event.step for fact in facts if isinstance(fact.event, Advanced)})


def _reactions(facts: tuple[Fact, ...]) -> tuple[Reaction, ...]:
    """The reactions from the start on, those after the end too. Reports until it is resumed are of one reaction: a
    second one mostly adds the grade."""
    found: list[Reaction] = []
    started = going = False
    for fact in facts:
        event = fact.event
        started = started or isinstance(event, Started)
        if isinstance(event, (Resumed, Completed)):
            going = False
        if not started or not isinstance(event, ReactionReported):
            continue
        if going:
            found[-1] = _joined(found[-1], event)
        else:
            found.append(Reaction(event.step, event.grade, event.signs))
        going = True
    return tuple(found)


def _joined(before: Reaction, report: ReactionReported) -> Reaction:
    grades = [grade for grade in (before.grade, report.grade) if grade is not None]
    signs = tuple(dict.fromkeys((*before.signs, *report.signs)))
    return replace(before, grade=max(grades) if grades else None, signs=signs)
