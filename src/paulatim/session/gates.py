"""What the next step waits for, and what is due when: the same answer for the screen and for `decide`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from paulatim.assessment import Grade, breaches, brown
from paulatim.quantity import Quantity
from paulatim.session.given import due_time
from paulatim.session.state import Phase, Reading, State, Task, lasting

__all__ = ["Due", "Wait", "dues", "time_left", "waits", "waits_to_raise", "waits_to_resume"]


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that must come first: a word for the button, a sentence for a person, the rule behind it."""

    word: str
    sentence: str
    rule: str


@dataclass(frozen=True, slots=True)
class Due:
    """Something to do, and by when (UTC)."""

    word: str
    sentence: str
    at: datetime


def time_left(state: State, now: datetime) -> Quantity:
    """How long the present run has still to last, in seconds; none when its time is up."""
    left = due_time(state, now).to("s") - state.ran(now)
    return max(left, left * 0)


def waits(state: State, now: datetime) -> Iterator[Wait]:
    """Why the procedure may not go on to the next step, or to its end, now."""
    step = state.step
    yield from clock_behind(state, now)
    if state.open_reaction:
        yield Wait("reaction", "Treat the reaction. A prescriber must resume the procedure first.", "R-STEP-03")
    if state.phase is Phase.HELD:
        yield Wait("hold", "Wait. The procedure is on hold; a prescriber must resume it first.", "R-STEP-03")
    elif state.task is not Task.TIME:
        yield Wait(state.task, f"{state.task.capitalize()} of step {step} first.", "R-STEP-03")
    elif left := time_left(state, now):
        yield Wait("time", f"Wait {clock(left)} (min:s). Step {step} is not over.", "R-STEP-03")
    yield from _vitals(state, now)


def clock_behind(state: State, now: datetime) -> Iterator[Wait]:
    """A clock behind the record was set back: no time in this procedure can be trusted until it is mended."""
    if state.last_at is not None and now < state.last_at:
        behind = clock(lasting(state.last_at - now))
        yield Wait("clock", f"Mend the server's clock: it is {behind} (min:s) behind the last entry.", "R-STEP-03")


def waits_to_raise(state: State, now: datetime) -> Iterator[Wait]:
    """Why a rate may not be set, nor a dose given, though its step has come: an hour may lie between the two."""
    yield from clock_behind(state, now)
    if state.reading is None:
        yield Wait("vitals", "Take the vital signs. There are none that count.", "R-MON-02")
    else:
        yield from _look(state, state.reading, now, "R-MON-02")


def _vitals(state: State, now: datetime) -> Iterator[Wait]:
    reading = state.reading
    if reading is None or reading.run != state.run:
        yield Wait("vitals", f"Take the vital signs. There are none in step {state.step} yet.", "R-MON-02")
    else:
        yield from _look(state, reading, now, "R-MON-02")


def _look(state: State, reading: Reading, now: datetime, rule: str) -> Iterator[Wait]:
    """What is wrong with the latest vital signs: too old, taken without a question, or beyond a limit."""
    every = state.the_plan.vitals_every.amount
    if lasting(now - reading.at) > every:
        yield Wait("vitals", f"Take the vital signs. The last ones are more than {every.show()} old.", rule)
        return
    if not reading.asked:
        yield Wait(
            "symptoms", "Ask for itch, throat, chest and gut, with new vital signs: nobody has asked.", "R-MON-11"
        )
    if state.baseline is None:
        yield Wait(
            "baseline",
            "Hold, and take the vital signs: the baseline was corrected, so a fall cannot be seen.",
            "R-MON-01",
        )
    for breach in breaches(reading.vitals, _age(state, now), state.baseline):
        yield Wait("vitals in limits", breach.sentence, breach.rule)


def waits_to_resume(state: State, now: datetime) -> Iterator[Wait]:
    """Why a held procedure may not go on yet, whoever asks."""
    reading, free = state.reading, state.the_plan.symptom_free.amount
    yield from clock_behind(state, now)
    if reading is None or reading.number < max(state.held_in, state.reacted_in):
        yield Wait("vitals", "Take the vital signs. There are none since the hold or the reaction.", "R-BTR-19")
    else:
        yield from _look(state, reading, now, "R-BTR-19")
    if not state.open_reaction or not state.reactions:
        return
    at, latest = state.reactions[-1]
    if lasting(now - at) < free:
        yield Wait("time", f"Wait until {free.show()} after the reaction was reported.", "R-BTR-19")
    if latest.grade is None:
        yield Wait(
            "grade",
            "Grade the reaction: report it again with a grade. The scale knows none of its signs.",
            "R-GRADE-01",
        )
    if _was_severe(state, now):
        yield Wait("the day", "Stop the procedure. The reaction was severe, and the policy ends the day.", "R-BTR-22")


def _was_severe(state: State, now: datetime) -> bool:
    """By the reports, or by vital signs taken since the hold: the worst point counts, not the first look."""
    reported = max((reaction.grade or 0) for _, reaction in state.reactions)
    seen = [brown((), reading.vitals, _age(state, now)) for reading in state.readings if reading.number > state.held_in]
    return reported >= Grade.SEVERE or Grade.SEVERE in seen


def dues(state: State, now: datetime) -> tuple[Due, ...]:
    """What is to be done while the procedure runs or is held, the soonest first."""
    if state.phase not in (Phase.RUNNING, Phase.HELD):
        return ()
    every = timedelta(seconds=int(state.the_plan.vitals_every.amount.to("s").number))
    last = max([r.at for r in state.readings[-1:]] + [s.began for s in state.stretches[:1]], default=now)
    vitals, found = last + every, []
    if state.phase is Phase.RUNNING and state.task is Task.TIME:
        end = now + timedelta(microseconds=int(-(-time_left(state, now).number * 10**6 // 1)))
        word = "end" if state.is_last else "next step"
        found.append(Due(word, f"Step {state.step} ends.", end))
        if state.now_step.day is not None:  # over days they come with each dose; nobody wakes a patient every 15 min
            vitals = max(vitals, end)
    elif state.phase is Phase.RUNNING:
        found.append(Due(state.task, f"{state.task.capitalize()} of step {state.step}.", now))
    found.append(Due("vitals", "Take the vital signs and ask for symptoms.", vitals))
    return tuple(sorted(found, key=lambda due: due.at))


def clock(time: Quantity) -> str:
    """A time as min:s, rounded up to the second: it never says that the time is up before it is."""
    seconds = -(-time.to("s").number // 1)
    return f"{seconds // 60:02d}:{seconds % 60:02d}"


def _age(state: State, now: datetime) -> int:
    """The patient's age; without a patient the adult limits hold, and no procedure starts anyway."""
    patient = state.the_plan.patient
    return patient.age(now.date()) if patient else 18
