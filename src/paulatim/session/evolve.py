"""State after an event: total, and never a refusal. What was written down happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from paulatim.session.events import (
    Advanced,
    Approved,
    BagConfirmed,
    Completed,
    Corrected,
    DoseGiven,
    Event,
    Fact,
    Held,
    Opened,
    Person,
    RateConfirmed,
    ReactionReported,
    Refusal,
    Resumed,
    Started,
    Stopped,
    VitalsRecorded,
)  # fmt: skip
from paulatim.session.state import BASELINE, BETWEEN, NOTHING, Phase, Reading, State, Stretch, Task

__all__ = ["evolve", "replay"]


def replay(facts: Iterable[Fact], state: State = NOTHING) -> State:
    """The state that a record adds up to."""
    for fact in facts:
        state = evolve(state, fact)
    return state


def evolve(state: State, fact: Fact) -> State:
    """The state after one more fact. A fact that no plan or step is there for is counted and changes nothing else."""
    latest = max(fact.at, state.last_at or fact.at)
    if state.stretch and fact.at < latest:
        state = replace(state, stretches=(*state.stretches[:-1], replace(state.stretch, unsure=True)))
    after = _after(state, fact, latest) if _has_place(state, fact.event) else state
    return replace(after, facts=fact.number, last_at=latest)


def _has_place(state: State, event: Event) -> bool:
    steps = len(state.plan.steps) if state.plan else 0
    match event:
        case Opened():
            return True
        case BagConfirmed(step=step) | RateConfirmed(step=step) | DoseGiven(step=step) | Resumed(step=step):
            return 1 <= step <= steps
        case Advanced(step):
            return 1 <= step < steps
        case _:
            return steps > 0


def _after(state: State, fact: Fact, at: datetime) -> State:
    """`at` is the fact's time, or the latest one before it where the clock was set back."""
    match fact.event:
        case Opened(plan, demo):
            return replace(state, phase=Phase.PLANNED, plan=plan, demo=demo)
        case Approved() as approved:
            return _approved(state, fact.by, approved)
        case VitalsRecorded() as recorded:
            return _vitals(state, fact, recorded)
        case Started():
            return replace(_at_step(state, 1), phase=Phase.RUNNING)
        case BagConfirmed(_, solution, _):
            connected = replace(state, bag=solution)
            return replace(connected, task=connected.first_task(state.now_step))
        case RateConfirmed(step, _) | DoseGiven(step, _):
            begun = (*_closed(state, at), Stretch(state.run, step, at, None))
            return replace(state, stretches=begun, task=Task.TIME)
        case Advanced(step):
            return _at_step(state, step + 1)
        case Held(reason):
            return _held(state, fact, at, reason)
        case ReactionReported() as reaction:
            reactions = (*state.reactions, (at, reaction))
            return replace(state, reactions=reactions, open_reaction=True, reacted_in=fact.number)
        case Resumed() as resumed:
            return _resumed(state, at, resumed)
        case Stopped(reason):
            return replace(state, phase=Phase.STOPPED, stretches=_closed(state, at), ended_at=at, held_why=reason)
        case Completed(infused):
            closed = _closed(state, at)
            return replace(state, phase=Phase.COMPLETED, stretches=closed, ended_at=at, infused=infused)
        case Corrected(entry, _):
            return replace(state, readings=tuple(r for r in state.readings if r.number != entry))
        case Refusal():
            return state
        case _ as never:
            assert_never(never)


def _approved(state: State, by: Person, approved: Approved) -> State:
    approvals = (*state.approvals, (by, approved))
    done = len({person.id for person, _ in approvals}) >= 2
    return replace(state, approvals=approvals, phase=Phase.APPROVED if done else state.phase)


def _vitals(state: State, fact: Fact, recorded: VitalsRecorded) -> State:
    run = BETWEEN
    if not state.stretches or (state.phase is Phase.HELD and state.baseline is None):
        run = BASELINE
    elif state.phase is Phase.RUNNING and state.task is Task.TIME:
        run = state.run
    reading = Reading(fact.number, fact.at, recorded.vitals, run, recorded.symptoms_asked)
    return replace(state, readings=(*state.readings, reading))


def _at_step(state: State, step: int) -> State:
    """A new run of a step, before its bag or rate is confirmed; an infusion before it goes on meanwhile."""
    moved = replace(state, step=step, run=state.run + 1, earlier=timedelta())
    return replace(moved, task=moved.first_task(moved.now_step))


def _held(state: State, fact: Fact, at: datetime, reason: str) -> State:
    if state.phase is not Phase.RUNNING:
        return state
    begun = state.stretch is not None and state.task is Task.TIME
    on = max(at - state.stretch.began, timedelta()) if state.stretch and begun else timedelta()
    return replace(state, phase=Phase.HELD, stretches=_closed(state, at), earlier=state.earlier + on,
                   held_at=at, held_in=fact.number, held_why=reason)  # fmt: skip


def _resumed(state: State, at: datetime, resumed: Resumed) -> State:
    going = replace(state, phase=Phase.RUNNING, open_reaction=False, held_at=None, held_why="")
    if resumed.step != state.step or resumed.again:
        return _at_step(going, resumed.step)
    if state.task is Task.TIME and state.now_step.rate is None:  # the dose was taken: only its interval goes on
        return replace(going, stretches=(*state.stretches, Stretch(state.run, state.step, at, None)))
    return replace(going, task=going.first_task(going.now_step))


def _closed(state: State, at: datetime) -> tuple[Stretch, ...]:
    if state.stretch is None:
        return state.stretches
    return (*state.stretches[:-1], replace(state.stretch, ended=max(at, state.stretch.began)))
