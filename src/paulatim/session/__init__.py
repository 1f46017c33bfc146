"""The running procedure: commands, events, state, decide and evolve; no clock of its own."""

from paulatim.session.commands import (
    COMMANDS, Advance, Approve, Command, Complete, ConfirmBag, ConfirmDose, ConfirmRate, Correct, Hold, RecordVitals,
    ReportReaction, Resume, Start, Stop,
)  # fmt: skip
from paulatim.session.decide import Refused, decide
from paulatim.session.events import (
    EVENTS, Advanced, Approved, BagConfirmed, Completed, Corrected, DoseGiven, Event, Fact, Held, Opened, Person, RateConfirmed,
    ReactionReported, Refusal, Resumed, Role, Started, Stopped, VitalsRecorded,
)  # fmt: skip
from paulatim.session.evolve import evolve, replay
from paulatim.session.gates import Due, Wait, clock, dues, time_left, waits, waits_to_resume
from paulatim.session.given import Given, Status, due_time, due_volume, given, given_by_step
from paulatim.session.state import NOTHING, Phase, Reading, State, Stretch, Task

__all__ = [
    "COMMANDS", "EVENTS", "NOTHING", "Advance", "Advanced", "Approve", "Approved", "BagConfirmed", "Command", "Complete",
    "Completed", "ConfirmBag", "ConfirmDose", "ConfirmRate", "Correct", "Corrected", "DoseGiven", "Due", "Event", "Fact",
    "Given", "Held", "Hold", "Opened", "Person", "Phase", "RateConfirmed", "ReactionReported", "Reading", "RecordVitals",
    "Refusal", "Refused", "ReportReaction", "Resume", "Resumed", "Role", "Start", "Started", "State", "Status", "Stop",
    "Stopped", "Stretch", "Task", "VitalsRecorded", "Wait", "clock", "decide", "due_time", "due_volume", "dues", "evolve", "given",
    "given_by_step", "replay", "time_left", "waits", "waits_to_resume",
]  # fmt: skip
