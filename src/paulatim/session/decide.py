"""Whether a command may happen now, and what it makes happen: pure, no clock of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from paulatim.assessment import brown
from paulatim.library import LastBag
from paulatim.protocol import Step
from paulatim.quantity import Quantity
from paulatim.session import events as e
from paulatim.session.commands import (
    Advance,
    Approve,
    Command,
    Complete,
    ConfirmBag,
    ConfirmDose,
    ConfirmRate,
    Correct,
    Hold,
    RecordVitals,
    ReportReaction,
    Resume,
    Start,
    Stop,
)  # fmt: skip
from paulatim.session.events import Event, Person, Role
from paulatim.session.gates import Wait, clock, waits, waits_to_raise, waits_to_resume
from paulatim.session.given import due_volume, left_in, most_left_in
from paulatim.session.start import refuse_approval, refuse_start
from paulatim.session.state import Phase, State, Task, lasting

__all__ = ["Refused", "decide"]

_ENDED = (Phase.STOPPED, Phase.COMPLETED)
PUMP_SHOWS = Quantity("0.1 mL")  # what a pump's display resolves; ours


@dataclass(frozen=True, slots=True)
class Refused:
    """A command that may not happen: what to do instead, and the rule. `near_miss` is worth keeping."""

    sentence: str
    rule: str
    near_miss: bool = False


def decide(state: State, command: Command, by: Person, now: datetime) -> tuple[Event, ...] | Refused:
    """The events that a command makes, or why not. A reaction is never refused, and a hold never while it runs."""
    if state.plan is None:
        return Refused("Open a procedure first.", "R-STEP-03")
    if refused := _refuse_ended(state, command) or _refuse_step(state, command):
        return refused
    match command:
        case Approve(accepted):
            return refuse(refuse_approval(state, accepted, by)) or (e.Approved(accepted),)
        case RecordVitals(vitals, asked):
            return (e.VitalsRecorded(vitals, asked),)
        case Start():
            return refuse(refuse_start(state, by, now)) or (e.Started(),)
        case ConfirmBag(step, code):
            return _bag(state, step, code)
        case ConfirmRate(step, rate):
            return _rate(state, step, rate, now)
        case ConfirmDose(step, amount):
            return _dose(state, step, amount, now)
        case Advance(step):
            return refuse(waits(state, now)) or (e.Advanced(step),)
        case Hold(reason):
            return _hold(state, reason)
        case ReportReaction():
            return _reaction(state, command, now)
        case Resume():
            return _resume(state, command, by, now)
        case Stop(reason):
            return (e.Stopped(reason),) if reason.strip() else Refused("Say why the procedure stops.", "R-DOC-05")
        case Complete(infused):
            return _complete(state, infused, now)
        case Correct(entry, says):
            return _correct(state, entry, says)
        case _ as never:
            assert_never(never)


def refuse(found: Iterator[Wait], near_miss: bool = False) -> Refused | None:
    """The first thing to wait for, as a refusal."""
    first = next(found, None)
    return Refused(first.sentence, first.rule, near_miss) if first else None


def _refuse_ended(state: State, command: Command) -> Refused | None:
    if state.phase in _ENDED and not isinstance(command, (ReportReaction, RecordVitals, Correct)):
        return Refused("This procedure has ended. Open another one.", "R-STEP-03")
    return None


def _refuse_step(state: State, command: Command) -> Refused | None:
    """Commands on a step must name the present one; a stale screen names another."""
    match command:
        case ConfirmBag(step=step) | ConfirmRate(step=step) | ConfirmDose(step=step) | Advance(step=step):
            if state.phase not in (Phase.RUNNING, Phase.HELD):
                return Refused("Start the procedure first.", "R-STEP-03")
            if step != state.step:
                return Refused(f"Look again: the procedure is at step {state.step}, not {step}.", "R-STEP-03")
            if isinstance(command, Advance) and state.is_last:
                return Refused("This is the last step. Complete the procedure instead.", "R-STEP-03")
            if state.phase is Phase.HELD and not isinstance(command, Advance):
                return Refused("Wait. The procedure is on hold; a prescriber must resume it first.", "R-STEP-03")
    return None


def _bag(state: State, step: int, code: str) -> tuple[Event, ...] | Refused:
    plan, wanted = state.the_plan, state.now_step.solution
    if state.task is not Task.BAG:
        return Refused(f"No bag is due now. {state.task.capitalize()}.", "R-STEP-03")
    if code.strip().lower() == plan.code(wanted).lower():
        return (e.BagConfirmed(step, wanted, plan.code(wanted)),)
    other = next((b.solution.name for b in plan.batches if plan.code(b.solution.name) == code.strip().lower()), None)
    what = f"This is solution {other}" if other else "This label is not of this plan"
    return Refused(f"Take solution {wanted}. {what}, and step {step} runs from {wanted}.", "R-BAG-01", near_miss=True)


def _rate(state: State, step: int, rate: Quantity, now: datetime) -> tuple[Event, ...] | Refused:
    if state.task is not Task.SETTING:
        return Refused(f"No rate is due now. {state.task.capitalize()}.", "R-STEP-03")
    wanted = state.now_step.rate
    if wanted is not None and rate == wanted:
        return refuse(waits_to_raise(state, now), near_miss=True) or (e.RateConfirmed(step, wanted),)
    shown = wanted.show() if wanted is not None else "nothing"
    return Refused(f"Set {shown}. The pump reads {rate.show(9)}.", "R-RATE-01", near_miss=True)


def _dose(state: State, step: int, amount: Quantity, now: datetime) -> tuple[Event, ...] | Refused:
    if state.task is not Task.DOSE:
        return Refused(f"No dose is due now. {state.task.capitalize()}.", "R-STEP-03")
    wanted = [part for part in (state.now_step.volume, state.now_step.dose) if part is not None]
    if amount in wanted:
        return refuse(waits_to_raise(state, now), near_miss=True) or (e.DoseGiven(step, amount),)
    said = " or ".join(part.show() for part in wanted)
    return Refused(f"Give {said}. {amount.show(9)} is another dose.", "R-DOSE-01", near_miss=True)


def _hold(state: State, reason: str) -> tuple[Event, ...] | Refused:
    if state.phase not in (Phase.RUNNING, Phase.HELD):
        return Refused("Nothing runs yet, so nothing can be held. Report a reaction if there is one.", "R-STEP-03")
    return (e.Held(reason.strip() or "no reason given"),)


def _reaction(state: State, command: ReportReaction, now: datetime) -> tuple[Event, ...]:
    latest, every = state.reading, state.the_plan.vitals_every.amount
    vitals = latest.vitals if latest and lasting(now - latest.at) <= every else None
    patient = state.the_plan.patient
    computed = brown(command.signs, vitals, patient.age(now.date()) if patient else None)
    grade = e.grade_of(computed, command.grade)
    reported = e.ReactionReported(command.signs, computed and int(computed), grade, state.step, command.note)
    return (reported, e.Held("reaction")) if state.phase is Phase.RUNNING else (reported,)


def _resume(state: State, command: Resume, by: Person, now: datetime) -> tuple[Event, ...] | Refused:
    if state.phase is not Phase.HELD:
        return Refused("Nothing is on hold, so nothing can be resumed.", "R-STEP-03")
    if by.role is not Role.PRESCRIBER:
        return Refused("Call the prescriber: only a prescriber may resume.", "R-BTR-19")
    if not command.reason.strip():
        return Refused("Say why it may go on, and why at this step.", "R-BTR-18")
    if not 1 <= command.step <= state.step:
        return Refused(
            f"Resume at step {state.step} or before it. Step {command.step} has not been reached.", "R-STEP-07"
        )
    if refused := refuse(waits_to_resume(state, now)):
        return refused
    if (command.again or command.step != state.step) and (refused := _refuse_empty(state, command.step, now)):
        return refused
    return (e.Resumed(command.step, command.again, command.reason.strip()),)


def _refuse_empty(state: State, first: int, now: datetime) -> Refused | None:
    """A new run needs its solution, and so do the steps behind it. Only a last bag that ends at the target gives what
    is left."""
    plan = state.the_plan
    needed: dict[str, list[Step]] = {}
    for step in plan.steps[first - 1 :]:
        if step.solution and not (
            step.until and step is plan.steps[-1] and plan.entry.last_bag is not LastBag.FULL_ON_TOP
        ):
            needed.setdefault(step.solution, []).append(step)
    for solution, steps in needed.items():
        needs = sum((step.volume for step in steps if step.volume is not None), Quantity(0, "mL"))
        left = left_in(state, solution, now)
        if left < needs:
            who = (
                f"step {steps[0].number} needs"
                if len(steps) == 1
                else f"steps {steps[0].number} to {steps[-1].number} need"
            )
            what = f"{left.show()} is left, {who} {needs.show()}."
            return Refused(f"Ask the pharmacy for another solution {solution}: {what}", "R-BTR-20")
    return None


def _complete(state: State, infused: Quantity | None, now: datetime) -> tuple[Event, ...] | Refused:
    if state.phase not in (Phase.RUNNING, Phase.HELD) or not state.is_last:
        left = len(state.the_plan.steps) - state.step
        return Refused(f"Go on: {left} more step{'s are' if left != 1 else ' is'} to come.", "R-STEP-06")
    if refused := refuse(waits(state, now)):
        return refused
    if state.now_step.rate is None:
        return (e.Completed(None),)
    volume = due_volume(state, now)
    if infused is None:
        return Refused("Read the volume of this step from the pump.", "R-STEP-06")
    if infused.unit.kinds != volume.unit.kinds:
        return Refused(
            f"Read the volume of this step from the pump, in mL: {infused.show(9)} is no volume.", "R-STEP-06"
        )
    if infused < volume.round(PUMP_SHOWS, "down"):
        rest = (volume - infused) / state.now_step.rate
        return Refused(
            f"Let it run about {clock(rest)} (min:s) more: {(volume - infused).show(1)} is still to give.", "R-STEP-06"
        )
    held = most_left_in(state, state.now_step.solution, now, state.run)
    if infused > held:
        return Refused(
            f"Read the pump again: {infused.show(9)} is more than the {held.show()} that the bag held.", "R-STEP-06"
        )
    return (e.Completed(infused),)


def _correct(state: State, entry: int, says: str) -> tuple[Event, ...] | Refused:
    if not 1 <= entry <= state.facts:
        return Refused(f"There is no entry {entry}. Name one from 1 to {state.facts}.", "R-DOC-03")
    if not says.strip():
        return Refused("Say what is right.", "R-DOC-03")
    return (e.Corrected(entry, says.strip()),)
