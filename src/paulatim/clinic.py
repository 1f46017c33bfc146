"""The composition root: opens the record, runs commands through the session, publishes what happened."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from paulatim.plan import Plan
from paulatim.record import Feed, Link, Store
from paulatim.session import Command, Event, Fact, Opened, Person, Refusal, Refused, State, decide, replay

__all__ = ["Clinic", "NoSuchProcedure", "SteadyClock"]

Clock = Callable[[], datetime]


class NoSuchProcedure(LookupError):
    """There is no procedure of this id."""


class SteadyClock:
    """The time in UTC, to the millisecond that the record keeps, that nobody can set forward while it runs.

    It starts from the system's time and then counts on with a clock that only runs (through a suspended machine too):
    a step of the system's time can end no step of a procedure early. `drift` says how far the two have come apart.
    """

    def __init__(self) -> None:
        self._began, self._ticks = datetime.now(UTC), _ticks()

    def __call__(self) -> datetime:
        now = self._began + (_ticks() - self._ticks)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def drift(self) -> timedelta:
        """The system's time less this clock's."""
        return datetime.now(UTC) - self()


def _ticks() -> timedelta:
    source = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return timedelta(microseconds=time.clock_gettime_ns(source) // 1000)


class Clinic:
    """One ward and its record. `demo` marks every procedure as a demonstration."""

    def __init__(self, store: Store, *, clock: Clock | None = None, demo: bool = True) -> None:
        self.store, self.clock, self.demo = store, clock or SteadyClock(), demo
        self.feed = Feed()

    def open(self, plan: Plan, by: Person, token: str = "") -> str:
        """Put a plan up for a procedure; returns the procedure's id. A token that was used opens nothing new."""
        token = token or uuid4().hex
        name, added = self.store.append(None, lambda _: [(token, self.clock(), by, Opened(plan, self.demo))], token)
        if added:
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
