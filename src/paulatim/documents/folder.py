"""The documents of a plan, one by one or all into a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from paulatim.documents.labels import label_words
from paulatim.documents.press import CannotPrint, NothingToPrint, press
from paulatim.documents.sheets import Record, order_words, pharmacy_words, record_words, run_words
from paulatim.documents.words import Words
from paulatim.plan import Plan
from paulatim.rules import Policy, default_policy

__all__ = ["NAMES", "Name", "pdf", "record_pdf", "write_all"]

Name = Literal["order", "pharmacy", "labels", "run-sheet"]

_WORDS: dict[str, Callable[[Plan, Policy], Words]] = {
    "order": order_words,
    "pharmacy": lambda plan, policy: pharmacy_words(plan),
    "labels": lambda plan, policy: label_words(plan),
    "run-sheet": run_words,
}
NAMES = tuple(_WORDS)


def pdf(plan: Plan, name: Name, paper: str = "a4", policy: Policy | None = None) -> bytes:
    """One document of a plan as PDF; the same plan gives the same bytes. `paper` is `a4` or `us-letter`.

    `policy` is the one that the plan was made under; without it, the one that ships with Paulatim. Raises
    CannotPrint with what to do, NothingToPrint for the labels of a plan without solutions.
    """
    if name not in _WORDS:
        raise CannotPrint(f'There is no document "{name}". Use one of {", ".join(NAMES)}.')
    return press(name, _WORDS[name](plan, policy or default_policy()), paper)


def write_all(plan: Plan, folder: Path, paper: str = "a4", policy: Policy | None = None) -> list[Path]:
    """Write every document that the plan has into a folder, which is made where it is missing; the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, words in _WORDS.items():
        try:
            made = press(name, words(plan, policy or default_policy()), paper)
        except NothingToPrint:
            continue
        path = folder / f"{plan.short}-{name}.pdf"
        path.write_bytes(made)
        written.append(path)
    return written


def record_pdf(record: Record, paper: str = "a4") -> bytes:
    """The record of a procedure as PDF; the same record gives the same bytes."""
    return press("record", record_words(record), paper)
