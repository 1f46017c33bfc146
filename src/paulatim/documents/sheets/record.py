"""The record of a procedure on paper: its plan, what came of it, and every line of the record with its hash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from paulatim.canonical import decode
from paulatim.documents.chart import ladder_svg
from paulatim.documents.press import head
from paulatim.documents.treads import in_words
from paulatim.documents.words import Words
from paulatim.plan import Plan

__all__ = ["Record", "RecordLine", "record_words"]


class RecordLine(TypedDict):
    """One event: when, by whom, what happened in a sentence, and the first digits of its hash."""

    at: str
    by: str
    text: str
    hash: str


class Record(TypedDict):
    """A procedure's record as plain data: `plan` is `Plan.data`, `head` the hash of the last event."""

    plan: Mapping[str, object]
    lines: Sequence[RecordLine]
    summary: Mapping[str, str]
    head: str


def record_words(record: Record) -> Words:
    """What the record's sheet says. Raises NotCanonical where the plan is none."""
    plan = decode(Plan, record["plan"], "plan")
    return {
        "head": head(plan),
        "title": f"Record: {plan.drugs}",
        "summary": [[name, said] for name, said in record["summary"].items()],
        "ladder": ladder_svg(plan, "print"),
        "ladder_words": in_words(plan),
        "lines": [[line["at"], line["by"], line["text"], line["hash"]] for line in record["lines"]],
        "last": record["head"],
    }
