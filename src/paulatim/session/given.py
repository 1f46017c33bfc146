"""What went in, between a lower and an upper bound, from the times in the record; and what is still to give."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from paulatim.library import Action, LastBag
from paulatim.preparation import Batch
from paulatim.protocol import Step
from paulatim.quantity import Quantity
from paulatim.session.state import State, Stretch, lasting

__all__ = ["Given", "Status", "due_time", "due_volume", "given", "given_by_step", "left_in", "most_left_in"]

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
    does; `most` goes on at the rate until the next rate was confirmed, or the bag was empty. Where the clock was set
    back meanwhile, `most` is at least what was planned."""

    run: int
    step: Step
    least: Quantity
    most: Quantity


def given_by_step(state: State, now: datetime) -> tuple[Given, ...]:
    """The delivery of every step, by mouth or vein."""
    runs = _runs(state, now)
    return tuple(
        _given(state, step, [run for run in runs if run.step.number == step.number]) for step in state.the_plan.steps
    )


def given(state: State, drug: str, now: datetime) -> Given:
    """The whole delivery of a drug so far; its `step` is the present one."""
    parts = [
        part for part, step in zip(given_by_step(state, now), state.the_plan.steps, strict=True) if step.drug == drug
    ]
    least, most = parts[0].least, parts[0].most
    for part in parts[1:]:
        least, most = least + part.least, most + part.most
    for batch in state.the_plan.batches:  # each run for itself may have emptied the bag, all of them together only once
        if batch.solution.drug == drug and (beyond := _beyond(state, batch, now)) is not None:
            most = max(most - (batch.solution.concentration * beyond).to(most.unit), least)
    return Given(state.step, _status(least, most, bool(state.stretches)), least, most)


def _beyond(state: State, batch: Batch, now: datetime) -> Quantity | None:
    """How much more than a bag holds its runs come to, counted from above; none where they fit."""
    runs = [run for run in _runs(state, now) if run.step.solution == batch.solution.name and run.step.rate is not None]
    volumes = [run.least if run.step.action is Action.PURGE else run.most for run in runs]
    beyond = sum(volumes, _NO_VOLUME) - batch.volume
    return beyond if beyond.number > 0 else None


def left_in(state: State, solution: str, now: datetime, before_run: int | None = None) -> Quantity:
    """The volume still in a solution, at the least: what was taken is counted from above.

    `before_run` leaves that run out: what the solution held for it.
    """
    taken = [run.most for run in _runs(state, now) if run.step.solution == solution and run.run != before_run]
    return max(state.the_plan.batch(solution).volume - sum(taken, _NO_VOLUME), _NO_VOLUME)


def most_left_in(state: State, solution: str, now: datetime, before_run: int) -> Quantity:
    """The volume that a solution held for a run, at the most."""
    taken = [run.least for run in _runs(state, now) if run.step.solution == solution and run.run != before_run]
    return max(state.the_plan.batch(solution).volume - sum(taken, _NO_VOLUME), _NO_VOLUME)


def due_volume(state: State, now: datetime) -> Quantity:
    """The volume of the present run, in mL: as planned, but a step that runs until the bag is empty or the target
    is in gets what is left after all that was given before, repeated steps included, never above the target."""
    step = state.now_step
    assert step.volume is not None
    if step.until is None:
        return step.volume
    plan = state.the_plan
    volumes = [left_in(state, step.solution, now, state.run)]
    if plan.entry.last_bag is not LastBag.FULL_ON_TOP:
        others = [run for run in _runs(state, now) if run.run != state.run and run.step.drug == step.drug]
        strength = {run.step.solution: plan.batch(run.step.solution).solution.concentration for run in others}
        before = sum(
            (strength[run.step.solution] * run.most for run in others if run.step.action is Action.INFUSE),
            step.dose * 0,
        )
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
    runs: list[_Run] = []
    for run, stretches in by_run.items():
        runs.append(_within_bag(state, _run(state, run, stretches, now), runs))
    return runs


def _within_bag(state: State, run: _Run, earlier: list[_Run]) -> _Run:
    """No run took more than the earlier ones left in the bag, so that what is due stays as it is while the run goes on.

    What was swallowed was swallowed, whatever the bottle held.
    """
    if run.step.rate is None:
        return run
    taken = [other.least for other in earlier if other.step.solution == run.step.solution]
    held = max(state.the_plan.batch(run.step.solution).volume - sum(taken, _NO_VOLUME), _NO_VOLUME)
    return replace(run, least=min(run.least, held), most=min(run.most, held))


def _run(state: State, run: int, stretches: list[Stretch], now: datetime) -> _Run:
    step = state.the_plan.steps[stretches[0].step - 1]
    if step.rate is None:
        volume = step.volume or _NO_VOLUME
        return _Run(run, step, volume, volume)
    assert step.volume is not None
    if state.infused is not None and run == state.run:  # read from the pump at the end: better than any time
        return _Run(run, step, state.infused, state.infused)
    ran = sum((max((stretch.ended or now) - stretch.began, timedelta()) for stretch in stretches), timedelta())
    ran_through = (step.rate * lasting(ran)).to("mL")
    most = max(ran_through, step.volume) if any(stretch.unsure for stretch in stretches) else ran_through
    return _Run(run, step, min(ran_through, step.volume), most)


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
