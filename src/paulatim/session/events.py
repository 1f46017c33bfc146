"""What happened, as facts: each event is written once and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from paulatim.assessment import Grade, Sign, Vitals
from paulatim.plan import Plan
from paulatim.quantity import Quantity

__all__ = [
    "EVENTS",
    "Advanced",
    "Approved",
    "BagConfirmed",
    "Completed",
    "Corrected",
    "DoseGiven",
    "Event",
    "Fact",
    "Held",
    "Opened",
    "Person",
    "RateConfirmed",
    "ReactionReported",
    "Refusal",
    "Resumed",
    "Role",
    "Started",
    "Stopped",
    "VitalsRecorded",
]


class Role(StrEnum):
    """What a person may decide."""

    PRESCRIBER = "prescriber"
    PHARMACIST = "pharmacist"
    NURSE = "nurse"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the team."""

    id: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Opened:
    """A plan was put up for a procedure. `demo` procedures may start from an entry whose review is open."""

    plan: Plan
    demo: bool


@dataclass(frozen=True, slots=True)
class Approved:
    """A person approved the plan and accepted its open findings by their keys."""

    accepted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VitalsRecorded:
    """A set of vital signs, and that early symptoms were asked for."""

    vitals: Vitals
    symptoms_asked: bool


@dataclass(frozen=True, slots=True)
class Started:
    """The procedure began; the first solution is to be connected."""


@dataclass(frozen=True, slots=True)
class BagConfirmed:
    """The label at the bedside is the one that this step runs from."""

    step: int
    solution: str
    code: str


@dataclass(frozen=True, slots=True)
class RateConfirmed:
    """The pump shows the step's rate and runs: the step's clock starts here."""

    step: int
    rate: Quantity


@dataclass(frozen=True, slots=True)
class DoseGiven:
    """A dose by mouth was taken: the step's clock starts here. `amount` is what was measured or counted."""

    step: int
    amount: Quantity


@dataclass(frozen=True, slots=True)
class Advanced:
    """The next step is due; the pump keeps its rate until the new one is confirmed."""

    step: int


@dataclass(frozen=True, slots=True)
class Held:
    """The pump was stopped, or the next dose held back."""

    reason: str


@dataclass(frozen=True, slots=True)
class ReactionReported:
    """Signs of a reaction. `computed` is Brown 2004 (none if it grades no such sign), `grade` is what counts."""

    signs: tuple[Sign, ...]
    computed: int | None
    grade: int | None
    step: int
    note: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """A prescriber let it go on at a step, and said why. `again` repeats the step from its beginning."""

    step: int
    again: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The procedure ended before its last step was done."""

    reason: str


@dataclass(frozen=True, slots=True)
class Completed:
    """The last step is done. `infused` is the last step's volume as the pump shows it (none by mouth)."""

    infused: Quantity | None


@dataclass(frozen=True, slots=True)
class Corrected:
    """An earlier entry is wrong; it stays, and this says so. Vital signs corrected no longer count."""

    entry: int
    says: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something dangerous was tried and stopped (wrong bag, wrong rate): a near miss, kept to learn from."""

    tried: str
    sentence: str
    rule: str


Event = (
    Opened
    | Approved
    | VitalsRecorded
    | Started
    | BagConfirmed
    | RateConfirmed
    | DoseGiven
    | Advanced
    | Held
    | ReactionReported
    | Resumed
    | Stopped
    | Completed
    | Corrected
    | Refusal
)
EVENTS: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        Opened,
        Approved,
        VitalsRecorded,
        Started,
        BagConfirmed,
        RateConfirmed,
        DoseGiven,
        Advanced,
        Held,
        ReactionReported,
        Resumed,
        Stopped,
        Completed,
        Corrected,
        Refusal,
    )
}


@dataclass(frozen=True, slots=True)
class Fact:
    """An event with its number in the procedure (from 1), its time (UTC), who it is from, and the token of the
    command that made it: the same command sent twice has one token and one effect."""

    number: int
    at: datetime
    by: Person
    token: str
    event: Event


def grade_of(computed: Grade | None, stated: Grade | None) -> int | None:
    """The grade that counts: the higher of the two."""
    known = [int(grade) for grade in (computed, stated) if grade is not None]
    return max(known) if known else None
