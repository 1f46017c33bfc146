"""The record as plain lines: what happened, in words a colleague can read aloud."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from paulatim.record.chain import Link
from paulatim.session import (
    Advanced,
    Approved,
    BagConfirmed,
    Completed,
    Corrected,
    DoseGiven,
    Event,
    Held,
    Opened,
    RateConfirmed,
    ReactionReported,
    Refusal,
    Resumed,
    Started,
    Stopped,
    VitalsRecorded,
)  # fmt: skip

__all__ = ["Line", "story"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the story. `kind` filters it; `corrected` holds what a later entry says instead."""

    number: int
    at: datetime
    by: str
    kind: str
    text: str
    hash: str
    corrected: str


def story(links: tuple[Link, ...]) -> Iterator[Line]:
    """The lines of a record, in order."""
    said = {each.fact.event.entry: each.fact.event.says for each in links if isinstance(each.fact.event, Corrected)}
    for each in links:
        fact = each.fact
        by = f"{fact.by.name}, {fact.by.role}"
        yield Line(
            fact.number, fact.at, by, kind_of(fact.event), words(fact.event), each.hash, said.get(fact.number, "")
        )


def kind_of(event: Event) -> str:
    """What to filter by: plan, step, vitals, reaction, or correction."""
    match event:
        case Opened() | Approved():
            return "plan"
        case VitalsRecorded():
            return "vitals"
        case ReactionReported() | Held() | Resumed():
            return "reaction"
        case Corrected() | Refusal():
            return "correction"
        case _:
            return "step"


def words(event: Event) -> str:
    """An event in a sentence."""
    match event:
        case Opened(plan, demo):
            return f"{'Demonstration' if demo else 'Procedure'} opened: {plan.entry.title}, plan {plan.short}."
        case Approved(accepted):
            return f"Plan approved{f'; accepted: {chr(44).join(accepted)}' if accepted else ''}."
        case VitalsRecorded(vitals, asked):
            return f"Vital signs: {vitals}.{'' if asked else ' Symptoms were not asked for.'}"
        case Started():
            return "Procedure started."
        case BagConfirmed(step, solution, code):
            return f"Step {step}: solution {solution} confirmed by its label {code}."
        case RateConfirmed(step, rate):
            return f"Step {step}: the pump runs at {rate.show()}."
        case DoseGiven(step, amount):
            return f"Step {step}: {amount.show()} taken."
        case Advanced(step):
            return f"Step {step} done; step {step + 1} is next."
        case Held(reason):
            return f"On hold: {reason}."
        case ReactionReported() as reaction:
            return _reaction(reaction)
        case Resumed(step, again, reason):
            return f"Resumed at step {step}{' from its beginning' if again else ''}: {reason}."
        case Stopped(reason):
            return f"Procedure stopped: {reason}."
        case Completed(infused):
            return f"Procedure completed{f'; the last step gave {infused.show()}' if infused is not None else ''}."
        case Corrected(entry, says):
            return f"Entry {entry} is corrected: {says}."
        case Refusal(tried, sentence, rule):
            return f"Stopped by {rule}: {tried}. {sentence}"
        case _ as never:
            assert_never(never)


def _reaction(reaction: ReactionReported) -> str:
    signs = ", ".join(reaction.signs) or "no sign named"
    grade = f"grade {reaction.grade}" if reaction.grade else "not graded"
    note = f" {reaction.note}" if reaction.note else ""
    return f"Reaction in step {reaction.step}: {signs} ({grade}).{note}"
