"""`evolve` is total: whatever was written down, in whatever order, adds up to a state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from paulatim import Quantity, Request, entry, make_plan
from paulatim.assessment import Sign, Vitals
from paulatim.plan import Plan
from paulatim.session import (
    EVENTS,
    NOTHING,
    Advanced,
    Approved,
    BagConfirmed,
    Completed,
    Corrected,
    DoseGiven,
    Fact,
    Held,
    Opened,
    Person,
    Phase,
    RateConfirmed,
    ReactionReported,
    Refusal,
    Resumed,
    Role,
    Started,
    Stopped,
    VitalsRecorded,
    dues,
    evolve,
    given_by_step,
    replay,
    time_left,
    waits,
)
from paulatim.session.gates import waits_to_resume

NURSE = Person("nu", "Nurse Demo", Role.NURSE)
BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)


@lru_cache
def plan() -> Plan:
    return make_plan(entry("bwh-12-step-3-bag"), Request("ceftazidime", Quantity("2000 mg")))


steps = st.sampled_from([1, 2, 5, 12, 13, 0, -1, 99])
MADE = {
    Opened: st.builds(lambda: Opened(plan(), True)),
    Approved: st.builds(Approved, st.just(())),
    VitalsRecorded: st.builds(VitalsRecorded, st.just(Vitals(120, 70, 80, 16, 98)), st.booleans()),
    Started: st.builds(Started),
    BagConfirmed: st.builds(BagConfirmed, steps, st.sampled_from(["1", "2", "9"]), st.just("x")),
    RateConfirmed: st.builds(RateConfirmed, steps, st.just(Quantity("2 mL/h"))),
    DoseGiven: st.builds(DoseGiven, steps, st.just(Quantity("1 mg"))),
    Advanced: st.builds(Advanced, steps),
    Held: st.builds(Held, st.just("x")),
    ReactionReported: st.builds(
        ReactionReported, st.just((Sign.ITCH,)), st.none(), st.sampled_from([None, 1, 3]), steps, st.just("")
    ),
    Resumed: st.builds(Resumed, steps, st.booleans(), st.just("x")),
    Stopped: st.builds(Stopped, st.just("x")),
    Completed: st.builds(Completed, st.sampled_from([None, Quantity("1 mL")])),
    Corrected: st.builds(Corrected, st.integers(-1, 20), st.just("x")),
    Refusal: st.builds(Refusal, st.just("x"), st.just("x"), st.just("x")),
}
events = st.one_of(*MADE.values())


@settings(max_examples=150)
@given(st.lists(st.tuples(events, st.integers(-3600, 3600)), max_size=20), st.booleans())
def test_any_facts_in_any_order_add_up(happened: list[tuple[Any, int]], opened: bool) -> None:
    told = [(Opened(plan(), True), 0)] * opened + happened
    facts = [
        Fact(number, BEGIN + timedelta(seconds=seconds), NURSE, "token", event)
        for number, (event, seconds) in enumerate(told, 1)
    ]
    state = NOTHING
    for fact in facts:
        state = evolve(state, fact)
        assert state.facts == fact.number
    assert state == replay(facts)
    assert state.last_at == max((fact.at for fact in facts), default=None)
    if state.plan:  # and every question about it has an answer
        now = BEGIN + timedelta(hours=2)
        assert len(given_by_step(state, now)) == 12
        assert time_left(state, now) >= Quantity("0 s")
        for part in given_by_step(state, now):
            assert part.least <= part.most
        list(waits(state, now))
        list(waits_to_resume(state, now))
        dues(state, now)


def test_every_event_is_among_them() -> None:
    assert {kind.__name__ for kind in MADE} == set(EVENTS)


def test_a_fact_without_a_place_is_counted_and_changes_nothing() -> None:
    opened = evolve(NOTHING, Fact(1, BEGIN, NURSE, "", Opened(plan(), True)))
    started = evolve(opened, Fact(2, BEGIN, NURSE, "", Started()))
    for event in (Advanced(12), Advanced(0), RateConfirmed(13, Quantity("2 mL/h")), Resumed(-1, True, "x")):
        after = evolve(started, Fact(3, BEGIN, NURSE, "", event))
        assert (after.step, after.phase, after.stretches, after.facts) == (1, Phase.RUNNING, (), 3)
    assert evolve(NOTHING, Fact(1, BEGIN, NURSE, "", Started())).phase is Phase.NONE
