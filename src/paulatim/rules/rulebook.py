"""The rule base: each rule's words from its data file, joined to its one small predicate."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from paulatim.library import Node, read
from paulatim.rules.draft import Draft
from paulatim.rules.finding import Finding, Mode, Severity

__all__ = ["Rule", "Says", "all_rules", "rule"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: an id for ever, what it asks for, how much it limits, and where it comes from.

    A rule of the plan has a `sentence` with places for words, and a predicate. A rule of the bedside has neither:
    the session keeps it and says it.
    """

    id: str
    title: str
    severity: Severity
    mode: Mode
    sentence: str
    cites: str
    evidence: str

    def finding(self, said: Says) -> Finding:
        """The finding that the predicate's words make."""
        return Finding(
            rule=self.id,
            severity=said.severity or self.severity,
            mode=self.mode,
            sentence=self.sentence.format_map(said.words),
            where=said.where,
            cites=self.cites,
            evidence=self.evidence,
        )


@dataclass(frozen=True, slots=True)
class Says:
    """What a predicate found: a place in the plan, the words for the rule's sentence, a severity of its own."""

    where: str
    words: dict[str, str]
    severity: Severity | None = None


Predicate = Callable[[Draft], Iterable[Says]]
_PREDICATES: dict[str, Predicate] = {}


def rule(id: str) -> Callable[[Predicate], Predicate]:
    """Mark a function as the predicate of a rule."""

    def mark(predicate: Predicate) -> Predicate:
        if id in _PREDICATES:
            raise ValueError(f"{id} has two predicates. Remove one.")
        _PREDICATES[id] = predicate
        return predicate

    return mark


def predicates() -> dict[str, Predicate]:
    """Every predicate by its rule's id."""
    return dict(_PREDICATES)


@lru_cache(maxsize=2)
def _book(name: str) -> dict[str, Rule]:
    path = Path(__file__).with_name(f"{name}.yaml")
    return read(path.read_text(encoding="utf-8"), path.name, lambda root: {id: _rule(id, n) for id, n in root.items()})


def _rule(id: str, node: Node) -> Rule:
    severity = node.maybe("severity")
    made = Rule(
        id=id,
        title=node.child("title").text(),
        severity=severity.choice(Severity) if severity else Severity.STOP,
        mode=node.child("mode", "AUTO").choice(Mode),
        sentence=node.group("sentence").text(),
        cites=node.child("cites").text(),
        evidence=node.child("evidence").text(),
    )
    node.finish()
    return made


def all_rules() -> tuple[Rule, ...]:
    """Every rule, of the plan and of the bedside, by id."""
    return tuple(sorted({**_book("rulebook"), **_book("bedside")}.values(), key=lambda rule: rule.id))


def known(id: str) -> Rule:
    """The plan's rule of this id."""
    return _book("rulebook")[id]
