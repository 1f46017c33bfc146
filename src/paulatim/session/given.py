"""What went in, between a lower and an upper bound, from the times in the record; and what is still to give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from paulatim.library import Action, LastBag
from paulatim.protocol import Step
from paulatim.quantity import Quantity
from paulatim.session.state import State, Stretch, lasting

__all__ = ["Given", "Status", "due_time", "due_volume", "given", "given_by_step", "left_in"]

_NO_VOLUME = Quantity(0, "mL")


class Status(StrEnum):
    """What is known of a step's delivery."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Given:
    """What a step gave of its drug: at least `least`, at most `most`. Resuming counts from `least`."""

    step: int
    status: Status
    least: Quantity
    most: Quantity


@dataclass(frozen=True, slots=True)
class _Run:
    """The volumes of one run of a step, in mL: `least` stops at the planned volume, as a pump with a volume limit
    does; `most` goes on at the rate until the next rate was confirmed."""

    run: int
    step: Step
    least: Quantity
    most: Quantity


def given_by_step(state: State, now: datetime) -> tuple[Given, ...]:
    """The delivery of every step, by mouth or vein."""
    runs = _runs(state, now)
    return tuple(_given(state, step, [run for run in runs if run.step.number == step.number]) for step in state.the_plan.steps)


def given(state: State, drug: str, now: datetime) -> Given:
    """The whole delivery of a drug so far; its `step` is the present one."""
    parts = [part for part, step in zip(given_by_step(state, now), state.the_plan.steps, strict=True) if step.drug == drug]
    least, most = parts[0].least, parts[0].most
    for part in parts[1:]:
        least, most = least + part.least, most + part.most
    return Given(state.step, _status(least, most, bool(state.stretches)), least, most)


def left_in(state: State, solution: str, now: datetime) -> Quantity:
    """The volume still in a solution, at the least: what was taken is counted from above, this run left out."""
    taken = [run.most for run in _runs(state, now) if run.step.solution == solution and run.run != state.run]
    return state.the_plan.batch(solution).volume - sum(taken, _NO_VOLUME)


def due_volume(state: State, now: datetime) -> Quantity:
    """The volume of the present run, in mL: as planned, but a step that runs until the bag is empty or the target
    is in gets what is left after all that was given before, repeated steps included, never above the target."""
    step = state.now_step
    assert step.volume is not None
    if step.until is None:
        return step.volume
    plan = state.the_plan
    volumes = [left_in(state, step.solution, now)]
    if plan.entry.last_bag is not LastBag.FULL_ON_TOP:
        others = [run for run in _runs(state, now) if run.run != state.run and run.step.drug == step.drug]
        strength = {run.step.solution: plan.batch(run.step.solution).solution.concentration for run in others}
        before = sum((strength[run.step.solution] * run.most for run in others if run.step.action is Action.INFUSE), step.dose * 0)
        volumes.append(((plan.targets[step.drug] - before) / plan.batch(step.solution).solution.concentration).to("mL"))
    return max(min(*volumes, step.volume), _NO_VOLUME)


def due_time(state: State, now: datetime) -> Quantity:
    """How long the present run lasts: its volume at its rate, or the interval after a dose by mouth."""
    step = state.now_step
    if step.until is None or step.rate is None:
        return step.lasts
    return (due_volume(state, now) / step.rate).to("min")


def _runs(state: State, now: datetime) -> list[_Run]:
    by_run: dict[int, list[Stretch]] = {}
    for stretch in state.stretches:
        by_run.setdefault(stretch.run, []).append(stretch)
    return [_run(state, run, stretches, now) for run, stretches in by_run.items()]


def _run(state: State, run: int, stretches: list[Stretch], now: datetime) -> _Run:
    step = state.the_plan.steps[stretches[0].step - 1]
    if step.rate is None:
        volume = step.volume or _NO_VOLUME
        return _Run(run, step, volume, volume)
    assert step.volume is not None
    if state.infused is not None and run == state.run:  # read from the pump at the end: better than any time
        return _Run(run, step, state.infused, state.infused)
    ran = sum((max((stretch.ended or now) - stretch.began, timedelta()) for stretch in stretches), timedelta())
    most = min((step.rate * lasting(ran)).to("mL"), state.the_plan.batch(step.solution).volume)
    return _Run(run, step, min(most, step.volume), most)


def _given(state: State, step: Step, runs: list[_Run]) -> Given:
    least = most = step.dose * 0
    if step.action is Action.TAKE:
        least = most = step.dose * len(runs)
    elif step.action is Action.INFUSE and runs:
        strength = state.the_plan.batch(step.solution).solution.concentration
        least = (strength * sum((run.least for run in runs), _NO_VOLUME)).to(least.unit)
        most = (strength * sum((run.most for run in runs), _NO_VOLUME)).to(least.unit)
    return Given(step.number, _status(least, most, bool(runs)), least, most)


def _status(least: Quantity, most: Quantity, begun: bool) -> Status:
    if not begun:
        return Status.PLANNED
    return Status.CONFIRMED if least == most else Status.UNCERTAIN
