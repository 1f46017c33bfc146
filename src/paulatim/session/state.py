"""Where a procedure stands: what the events so far add up to, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from paulatim.assessment import Vitals
from paulatim.library import Action
from paulatim.plan import Plan
from paulatim.protocol import Step
from paulatim.quantity import Quantity
from paulatim.session.events import Approved, Person, ReactionReported

__all__ = ["BASELINE", "BETWEEN", "NOTHING", "Phase", "Reading", "State", "Stretch", "Task", "lasting"]


BASELINE, BETWEEN = 0, -1


class Phase(StrEnum):
    """The procedure as a whole."""

    NONE = "none"
    PLANNED = "planned"
    APPROVED = "approved"
    RUNNING = "running"
    HELD = "held"
    STOPPED = "stopped"
    COMPLETED = "completed"


class Task(StrEnum):
    """What the present step waits for."""

    BAG = "confirm the bag"
    SETTING = "confirm the pump rate"
    DOSE = "give the dose"
    TIME = "let it run"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time in which a step ran at its rate, or (by mouth) waited after its dose.

    A run that was held and resumed has several stretches: they are one dose. `unsure` means that the clock was set
    back meanwhile, so that nobody can say how long it lasted.
    """

    run: int
    step: int
    began: datetime
    ended: datetime | None
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """Vital signs, with the entry's number, its time, and the step's run that it was taken in.

    `run` is BASELINE before any drug ran, and BETWEEN while a step waited for its bag or rate, or was held.
    """

    number: int
    at: datetime
    vitals: Vitals
    run: int
    asked: bool


@dataclass(frozen=True, slots=True)
class State:
    """All that a screen shows and `decide` needs.

    `run` counts the runs of steps: it rises with each new step, repetition or going back, so that vital signs
    of one run do not open the gate of another. `earlier` is what this run has lasted before a hold. `held_in` and
    `reacted_in` are the entries of the latest hold and reaction: vital signs count from there for going on.
    `last_at` is the latest time in the record.
    """

    phase: Phase = Phase.NONE
    plan: Plan | None = None
    demo: bool = False
    approvals: tuple[tuple[Person, Approved], ...] = ()
    step: int = 0
    task: Task = Task.TIME
    bag: str = ""
    run: int = 0
    earlier: timedelta = timedelta()
    stretches: tuple[Stretch, ...] = ()
    readings: tuple[Reading, ...] = ()
    reactions: tuple[tuple[datetime, ReactionReported], ...] = ()
    open_reaction: bool = False
    held_at: datetime | None = None
    held_in: int = 0
    reacted_in: int = 0
    held_why: str = ""
    ended_at: datetime | None = None
    infused: Quantity | None = None
    facts: int = 0
    last_at: datetime | None = None

    @property
    def the_plan(self) -> Plan:
        """The plan; there is one from the first event on."""
        assert self.plan is not None
        return self.plan

    @property
    def now_step(self) -> Step:
        """The present step; the first one before the start."""
        return self.the_plan.steps[max(self.step, 1) - 1]

    @property
    def is_last(self) -> bool:
        """Whether no step follows."""
        return self.step == len(self.the_plan.steps)

    @property
    def stretch(self) -> Stretch | None:
        """The stretch that is going on now."""
        return self.stretches[-1] if self.stretches and self.stretches[-1].ended is None else None

    @property
    def reading(self) -> Reading | None:
        """The latest vital signs that still count."""
        return self.readings[-1] if self.readings else None

    @property
    def baseline(self) -> Vitals | None:
        """The latest vital signs from before any drug; none once they were corrected."""
        return next((reading.vitals for reading in reversed(self.readings) if reading.run == BASELINE), None)

    def ran(self, now: datetime) -> Quantity:
        """How long this run of the present step has lasted, without holds; it stands still until it has begun."""
        on = now - self.stretch.began if self.stretch and self.task is Task.TIME else timedelta()
        return lasting(self.earlier + max(on, timedelta()))

    def first_task(self, step: Step) -> Task:
        """What a step waits for when its turn comes."""
        if step.solution and step.solution != self.bag:
            return Task.BAG
        return Task.DOSE if step.action is Action.TAKE else Task.SETTING


NOTHING = State()


def lasting(time: timedelta) -> Quantity:
    """A time exactly, in seconds."""
    return Quantity(Fraction(time // timedelta(microseconds=1), 10**6), "s")
