"""The hash chain: each entry carries the hash of the one before, and the last hash vouches for them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from paulatim.canonical import NotCanonical, decode, digest, encode, parse_json, text_of
from paulatim.session import EVENTS, Fact, Person

__all__ = ["FORMAT", "GENESIS", "Link", "export", "link", "links_of", "read_record", "verify_record"]

FORMAT = "paulatim record 1"
GENESIS = "0" * 64
_KEYS = {"procedure", "number", "at", "by", "token", "kind", "event", "previous", "hash"}


@dataclass(frozen=True, slots=True)
class Link:
    """A fact in its chain: the canonical text, the hash of the entry before, and its own."""

    procedure: str
    fact: Fact
    previous: str
    hash: str
    text: str


def link(procedure: str, fact: Fact, previous: str) -> Link:
    """Chain a fact behind the entry with the hash `previous` (GENESIS for the first).

    Raises TypeError or NotCanonical for a fact that could not be read back.
    """
    body = {
        "procedure": procedure,
        "number": fact.number,
        "at": encode(fact.at),
        "by": encode(fact.by),
        "token": fact.token,
        "kind": type(fact.event).__name__,
        "event": encode(fact.event),
        "previous": previous,
    }
    own = digest(body)
    return Link(procedure, fact, previous, own, text_of({**body, "hash": own}))


def links_of(texts: Iterable[str]) -> Iterator[Link]:
    """Read entries back, each checked against the one before; raises NotCanonical at the first that does not fit."""
    previous, procedure = GENESIS, None
    for number, text in enumerate(texts, 1):
        read = link_of(text, previous, number)
        if procedure not in (None, read.procedure):
            raise NotCanonical(
                f"entry {number}: it is of procedure {read.procedure}, the ones before are of {procedure}."
            )
        yield read
        previous, procedure = read.hash, read.procedure


def link_of(text: str, previous: str, number: int) -> Link:
    """One entry from its text, which must be behind the hash `previous` and have this number."""
    where = f"entry {number}"
    try:
        data = parse_json(text)
    except NotCanonical as error:
        raise NotCanonical(f"{where}: {error}") from None
    if not isinstance(data, dict) or set(data) != _KEYS:
        raise NotCanonical(f"{where}: this is no entry of a record.")
    event = EVENTS.get(data["kind"]) if isinstance(data["kind"], str) else None
    if event is None:
        raise NotCanonical(f"{where}: {data['kind']!r} is no event known here.")
    fact = _fact(event, data, where)
    if fact.number != number:
        raise NotCanonical(f"{where}: it says that it is entry {fact.number}. One is missing or out of place.")
    made = link(data["procedure"], fact, previous)
    if made.text != text:
        raise NotCanonical(f"{where}: it was changed after it was written, or the entry before it was.")
    return made


def _fact(kind: type[Any], data: dict[str, Any], where: str) -> Fact:
    """A fact from an entry's plain data."""
    shell = decode(_Shell, {name: data[name] for name in _SHELL}, where)
    by = decode(Person, data["by"], f"{where}.by")
    return Fact(shell.number, _time(shell.at, where), by, shell.token, decode(kind, data["event"], f"{where}.event"))


@dataclass(frozen=True, slots=True)
class _Shell:
    procedure: str
    number: int
    at: str
    token: str
    previous: str
    hash: str


_SHELL = tuple(field.name for field in fields(_Shell))


def _time(text: str, where: str) -> datetime:
    try:
        made = datetime.fromisoformat(text)
    except ValueError:
        raise NotCanonical(f"{where}.at: {text!r} is no time.") from None
    if made.tzinfo is None or made.utcoffset():
        raise NotCanonical(f"{where}.at: {text!r} is not a time in UTC.")
    return made


def export(links: list[Link]) -> str:
    """A record as a file: a first line that says what follows and ends with the last hash, then one line an entry."""
    head = {"record": FORMAT, "procedure": links[0].procedure, "entries": len(links), "head": links[-1].hash}
    return "\n".join([text_of(head), *(each.text for each in links)]) + "\n"


def read_record(text: str) -> list[Link]:
    """A record from its file; raises NotCanonical when a byte of it is not as it was written."""
    if not text.endswith("\n"):
        raise NotCanonical("The record is cut off: its last line has no end.")
    first, *lines = text[:-1].split("\n")
    head = parse_json(first)
    if not isinstance(head, dict) or head.get("record") != FORMAT:
        raise NotCanonical(f'This is no record: its first line must name "{FORMAT}".')
    links = list(links_of(lines))
    if not links or export(links) != text:
        raise NotCanonical("line 1: it does not fit the entries below it; some are missing or it was changed.")
    return links


def verify_record(text: str) -> tuple[str, ...]:
    """What is wrong with a record file, in sentences; nothing when every byte is as it was written."""
    try:
        read_record(text)
    except NotCanonical as error:
        return (str(error),)
    return ()
