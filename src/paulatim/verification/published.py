"""A published entry's YAML as verification reads it: every scalar a text, amounts by its own reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from typing import Any

import yaml

from paulatim.verification.amounts import Amount, Unworkable, number, read_amount

try:
    from yaml import CBaseLoader as _Loader
except ImportError:  # PyYAML built without libyaml reads the same, only slower
    from yaml import BaseLoader as _Loader  # type: ignore[assignment]

__all__ = ["Bag", "Band", "Published", "Rung", "Shelf", "read_entry", "read_yaml"]

Shelf = Callable[[str], str | None]  # an entry's id -> the text of its file


@dataclass(frozen=True, slots=True)
class Band:
    """An amount for body weights strictly between two limits."""

    above: Amount | None
    below: Amount | None
    amount: Amount


@dataclass(frozen=True, slots=True)
class Bag:
    """A solution as published: how much it holds is said in one of four ways."""

    name: str
    number: int
    volume: Amount | None
    holds: Amount | None
    share: Fraction | None
    strength: Amount | None
    rest: bool


@dataclass(frozen=True, slots=True)
class Rung:
    """A step as published."""

    number: int
    do: str
    drug: str
    bag: str
    rate: Amount | None
    time: Amount | None
    volume: Amount | None
    dose: tuple[Band, ...]
    until: str | None
    day: int | None


@dataclass(frozen=True, slots=True)
class Published:
    """One entry: `ladder` is whose steps it has, its own or its family's."""

    own: dict[str, Any]
    ladder: dict[str, Any]
    digest: str
    drugs: tuple[str, ...]
    doses: dict[str, tuple[Band, ...]]
    bags: tuple[Bag, ...]
    rungs: tuple[Rung, ...]

    @property
    def fixed(self) -> bool:
        """Whether it may only be made for its own target."""
        return _text(self.ladder, "scaling") == "fixed"

    @property
    def meaning(self) -> str:
        """What reaching the target means."""
        return _text(_map(self.ladder.get("target"), "target"), "meaning")

    @property
    def as_made(self) -> dict[str, Amount]:
        """The bag volume and final rate of a table that is made with a family."""
        made_with = _map(self.own.get("made_with"), "made_with")
        return {key: _value(made_with[key]) for key in ("volume", "final_rate") if key in made_with}

    @property
    def interval(self) -> Amount | None:
        """From the start of one dose to the start of the next."""
        return _maybe(self.own, "interval") or _maybe(self.ladder, "interval")

    def source(self, part: str) -> dict[str, str]:
        """Where a part of the ladder was read."""
        above = _map(self.ladder.get("source"), "source")
        return {"ref": _text(above, "ref"), "at": f"{_text(above, 'at')}, {part}"}

    def stamp(self) -> dict[str, Any]:
        """What a plan must say about the entry, under the names of its own fields."""
        lists = {key: [_stripped(item) for item in self.own.get(key, [])] for key in ("notes", "on_reaction", "errata")}
        texts = {key: _text(self.own, key) for key in ("id", "title", "kind", "route", "purpose", "transcription")}
        made_with = _stripped(self.own.get("made_with"))
        if made_with is not None:
            amounts = {key: _maybe(made_with, key) for key in ("target", "volume", "final_rate")}
            made_with = {"entry": _text(made_with, "entry"), **amounts}
        stamp = {
            "review": _stripped(self.own.get("review")),
            "source": _stripped(self.own.get("source")),
            "meaning": self.meaning,
            "last_bag": _text(self.ladder, "last_bag"),
            "made_with": made_with,
        }
        timings = {name: self._timing(key) for name, key in (("vitals_every", "vitals"), ("observe", "observe"))}
        known = {name: timing for name, timing in timings.items() if timing}
        return {"entry": texts | lists | stamp, "references": self._references(), **known}

    def _references(self) -> dict[str, Any]:
        found = {}
        for entry in (self.ladder, self.own):
            for key, reference in _map(entry.get("references"), "references").items():
                blank = dict.fromkeys(("year", "title", "doi", "pmcid", "url"), "")
                found[key] = {"key": key, **blank, **_stripped(_map(reference, key))}
        return found

    def _timing(self, name: str) -> dict[str, Any] | None:
        """A time of monitoring; None where the entry has none and the site's policy decides."""
        for entry in (self.own, self.ladder):
            node = _map(entry.get("monitoring"), "monitoring").get(name)
            if node is not None:
                above = _map(entry.get("source"), "source")
                own = node if isinstance(node, dict) else {}
                ref, at = own.get("ref", above.get("ref")), own.get("at", f"{above.get('at')}, monitoring")
                return {"amount": _value(node), "source": f"{ref}, {at}"}
        return None


def read_entry(id: str, shelf: Shelf) -> Published:
    """An entry from the shelf, with its family's ladder where it is made with one; raises Unworkable."""
    text = shelf(id)
    if text is None:
        raise Unworkable(f"There is no entry {id} on this shelf, so the plan cannot be worked out again.")
    family = _map(read_yaml(text, id).get("made_with"), f"{id}: made_with").get("entry")
    above = shelf(str(family)) if family else text
    if above is None:
        raise Unworkable(f"{id} is made with {family}, which is not on this shelf.")
    return _entry(id, text, above)


@lru_cache(maxsize=256)
def read_yaml(text: str, name: str) -> dict[str, Any]:
    """A YAML file as objects, lists and texts."""
    try:
        return _map(yaml.load(text, Loader=_Loader), name)  # noqa: S506  (the base loader makes texts and nothing else)
    except yaml.YAMLError:
        raise Unworkable(f"{name} is not YAML, so the plan cannot be worked out again.") from None


@lru_cache(maxsize=256)
def _entry(id: str, text: str, family: str) -> Published:
    own, ladder = read_yaml(text, id), read_yaml(family, id)
    names = own.get("drugs") or [own.get("drug")]
    drugs = () if names == ["any"] else tuple(str(name) for name in names)
    solutions, steps = _map(ladder.get("solutions"), "solutions"), _map(ladder.get("steps"), "steps")
    return Published(
        own,
        ladder,
        sha256(text.encode()).hexdigest(),
        drugs,
        _targets(own, drugs),
        tuple(_bag(name, number, _map(bag, name)) for number, (name, bag) in enumerate(solutions.items(), 1)),
        tuple(_rung(name, _map(step, f"step {name}"), drugs) for name, step in steps.items()),
    )


def _targets(own: dict[str, Any], drugs: tuple[str, ...]) -> dict[str, tuple[Band, ...]]:
    if "made_with" in own:
        return dict.fromkeys(drugs, _bands(_map(own["made_with"], "made_with").get("target")))
    amount = _map(own.get("target"), "target").get("amount")
    if amount is None:
        return {}
    if len(drugs) > 1:
        return {drug: _bands(each) for drug, each in _map(amount, "target").items()}
    return dict.fromkeys(drugs, _bands(amount))


def _bands(dose: Any) -> tuple[Band, ...]:
    """A dose: one amount, or one `under` or `over` a body weight."""
    if dose is None:
        return ()
    if isinstance(dose, str) or "value" in dose:
        return (Band(None, None, _value(dose)),)
    bands = []
    for words, amount in dose.items():
        match = re.fullmatch(r"(under|over) (.+)", words)
        if not match:
            raise Unworkable(f'"{words}" is no range of body weight.')
        limit = read_amount(match[2])
        bands.append(Band(limit, None, _value(amount)) if match[1] == "over" else Band(None, limit, _value(amount)))
    return tuple(bands)


def _value(node: Any) -> Amount:
    text = node.get("value") if isinstance(node, dict) else node
    return read_amount(str(text).strip())


def _maybe(node: dict[str, Any], key: str) -> Amount | None:
    return _value(node[key]) if key in node else None


def _bag(name: str, count: int, node: dict[str, Any]) -> Bag:
    holds = node.get("holds")
    words = holds if isinstance(holds, str) else ""
    share, _, of_target = words.rpartition(" of target")
    part = number(share) if share not in ("", "rest") and not of_target else Fraction(1) if words == "target" else None
    rest = words == "rest of target"
    amount = None if holds is None or rest or part is not None else _value(holds)
    return Bag(name, count, _maybe(node, "volume"), amount, part, _maybe(node, "concentration"), rest)


def _rung(name: str, node: dict[str, Any], drugs: tuple[str, ...]) -> Rung:
    only = drugs[0] if len(drugs) == 1 else ""
    return Rung(
        _count(name), str(node.get("do")), str(node.get("drug", only)), str(node.get("from", "")),
        _maybe(node, "rate"), _maybe(node, "time"), _maybe(node, "volume"), _bands(node.get("dose")),
        node.get("until"), _count(node["day"]) if "day" in node else None,
    )  # fmt: skip


def _count(text: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,3}", text, re.ASCII):
        raise Unworkable(f'"{text}" is not a whole number.')
    return int(text)


def _text(node: dict[str, Any], key: str) -> str:
    if not isinstance(node.get(key), str):
        raise Unworkable(f"The published entry does not say its {key}, so the plan cannot be worked out again.")
    return str(node[key]).strip()


def _stripped(node: Any) -> Any:
    """The same texts without the spaces around them."""
    if isinstance(node, dict):
        return {key: _stripped(value) for key, value in node.items()}
    return node.strip() if isinstance(node, str) else node


def _map(node: Any, name: str) -> dict[str, Any]:
    if node is None or node == "":
        return {}
    if not isinstance(node, dict):
        raise Unworkable(f"The published entry's {name} is no list of names and values.")
    return node
