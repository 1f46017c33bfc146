"""What a person asks the session to do. A command on a step names it, so a stale screen cannot act on another."""

from __future__ import annotations

from dataclasses import dataclass

from paulatim.assessment import Grade, Sign, Vitals
from paulatim.quantity import Quantity

__all__ = [
    "COMMANDS",
    "Advance",
    "Approve",
    "Command",
    "Complete",
    "ConfirmBag",
    "ConfirmDose",
    "ConfirmRate",
    "Correct",
    "Hold",
    "RecordVitals",
    "ReportReaction",
    "Resume",
    "Start",
    "Stop",
]


@dataclass(frozen=True, slots=True)
class Approve:
    """Approve the plan, accepting the findings of these keys."""

    accepted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordVitals:
    """Write down vital signs; `symptoms_asked` says that itch, throat, chest and gut were asked about."""

    vitals: Vitals
    symptoms_asked: bool = True


@dataclass(frozen=True, slots=True)
class Start:
    """Begin the approved procedure."""


@dataclass(frozen=True, slots=True)
class ConfirmBag:
    """Check a label, scanned or typed, against the step."""

    step: int
    code: str


@dataclass(frozen=True, slots=True)
class ConfirmRate:
    """Read the pump's rate back."""

    step: int
    rate: Quantity


@dataclass(frozen=True, slots=True)
class ConfirmDose:
    """Say what was taken by mouth: the volume, or the amount of a tablet."""

    step: int
    amount: Quantity


@dataclass(frozen=True, slots=True)
class Advance:
    """Go from this step to the next."""

    step: int


@dataclass(frozen=True, slots=True)
class Hold:
    """Stop the pump, or hold back the next dose."""

    reason: str


@dataclass(frozen=True, slots=True)
class ReportReaction:
    """Report signs, and a grade where a person gives one."""

    signs: tuple[Sign, ...]
    grade: Grade | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on at a step not after the present one; `again` repeats it from its beginning."""

    step: int
    reason: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """End the procedure early."""

    reason: str


@dataclass(frozen=True, slots=True)
class Complete:
    """End the procedure after its last step; `infused` is that step's volume on the pump."""

    infused: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Correct:
    """Say that an earlier entry is wrong, and what is right."""

    entry: int
    says: str


Command = (
    Approve
    | RecordVitals
    | Start
    | ConfirmBag
    | ConfirmRate
    | ConfirmDose
    | Advance
    | Hold
    | ReportReaction
    | Resume
    | Stop
    | Complete
    | Correct
)
COMMANDS: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        Approve,
        RecordVitals,
        Start,
        ConfirmBag,
        ConfirmRate,
        ConfirmDose,
        Advance,
        Hold,
        ReportReaction,
        Resume,
        Stop,
        Complete,
        Correct,
    )
}
