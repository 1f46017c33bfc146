"""The composition root: opens the record, runs commands through the session, publishes what happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from paulatim.plan import Plan
from paulatim.record import Feed, Link, Store
from paulatim.session import Command, Event, Fact, Opened, Person, Refusal, Refused, State, decide, replay

__all__ = ["Clinic", "NoSuchProcedure"]

Clock = Callable[[], datetime]


class NoSuchProcedure(LookupError):
    """There is no procedure of this id."""


def system_clock() -> datetime:
    """Now, in UTC, to the millisecond that the record keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class Clinic:
    """One ward and its record. `demo` marks every procedure as a demonstration."""

    def __init__(self, store: Store, *, clock: Clock = system_clock, demo: bool = True) -> None:
        self.store, self.clock, self.demo = store, clock, demo
        self.feed = Feed()

    def open(self, plan: Plan, by: Person, token: str = "") -> str:
        """Put a plan up for a procedure; returns the procedure's id. A token that was used opens nothing new."""
        token = token or uuid4().hex
        if known := self.store.find(token):
            return known
        name, _ = self.store.append(None, lambda _: [(token, self.clock(), by, Opened(plan, self.demo))])
        self.feed.publish(name)
        return name

    def issue(self, procedure: str, command: Command, by: Person, token: str = "") -> tuple[Event, ...] | Refused:
        """Run a command: decided, recorded and durable before this returns, or refused with nothing changed.

        A near miss (wrong bag, wrong rate) is refused and kept. The same token again returns what it did before.
        Raises StoreFailed when the record cannot be written.
        """
        token = token or uuid4().hex
        answer: tuple[Event, ...] | Refused = ()

        def run(links: tuple[Link, ...]) -> list[tuple[str, datetime, Person, Event]]:
            nonlocal answer
            if not links:
                raise NoSuchProcedure(f"There is no procedure {procedure}.")
            if done := [each.fact.event for each in links if each.fact.token == token]:
                answer = _answer(done)
                return []
            now = self.clock()
            answer = decide(replay(each.fact for each in links), command, by, now)
            return [(token, now, by, event) for event in _kept(answer, command)]

        _, added = self.store.append(procedure, run)
        if added:
            self.feed.publish(procedure)
        return answer

    def state(self, procedure: str) -> State:
        """Where a procedure stands, from its record."""
        return replay(self.facts(procedure))

    def facts(self, procedure: str) -> tuple[Fact, ...]:
        """All that happened in a procedure."""
        return tuple(each.fact for each in self.links(procedure))

    def links(self, procedure: str) -> tuple[Link, ...]:
        """The record of a procedure, entry by entry with their hashes."""
        links = self.store.links(procedure)
        if not links:
            raise NoSuchProcedure(f"There is no procedure {procedure}.")
        return links

    def procedures(self) -> tuple[str, ...]:
        """The ids of all procedures, oldest first."""
        return self.store.procedures()


def _kept(answer: tuple[Event, ...] | Refused, command: Command) -> tuple[Event, ...]:
    if not isinstance(answer, Refused):
        return answer
    return (Refusal(type(command).__name__, answer.sentence, answer.rule),) if answer.near_miss else ()


def _answer(done: list[Event]) -> tuple[Event, ...] | Refused:
    first = done[0]
    return Refused(first.sentence, first.rule, near_miss=True) if isinstance(first, Refusal) else tuple(done)
