"""The clinic: commands in, durable events out, news to who watches; and a clock that nobody can set forward."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import paulatim.clinic
from paulatim import Line, Patient, Plan, Quantity, entry, make_plan
from paulatim.assessment import Sign, Vitals
from paulatim.clinic import Clinic, NoSuchProcedure, SteadyClock
from paulatim.record import Store, StoreFailed
from paulatim.session import (
    Advance,
    Approve,
    Approved,
    ConfirmDose,
    DoseGiven,
    Held,
    Hold,
    Person,
    Phase,
    ReactionReported,
    RecordVitals,
    Refusal,
    Refused,
    ReportReaction,
    Role,
    Start,
)

DR = Person("dr", "Dr Demo", Role.PRESCRIBER)
PHARMACIST = Person("ph", "Pharmacist Demo", Role.PHARMACIST)
NURSE = Person("nu", "Nurse Demo", Role.NURSE)
WELL = RecordVitals(Vitals(120, 70, 80, 16, 98), symptoms_asked=True)
TWICE = ConfirmDose(1, Quantity("81 mg"))
ONCE = ConfirmDose(1, Quantity("40.5 mg"))


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Aspirin, four doses."""
    return make_plan(
        entry("aspirin-oral-aerd-degregorio2019"),
        patient=Patient("42", "Demo patient", date(1961, 4, 2), Quantity("70 kg")),
        line=Line(),
    )


class Turned:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 5, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    made = Clinic(Store(f"sqlite:///{tmp_path}/ward.db"), clock=Turned())
    yield made
    made.store.close()


def start(clinic: Clinic, plan: Plan) -> str:
    id = clinic.open(plan, DR)
    keys = tuple(finding.key for finding in plan.to_accept)
    for by, command in ((DR, Approve(keys)), (PHARMACIST, Approve(keys)), (NURSE, WELL), (NURSE, Start())):
        assert not isinstance(clinic.issue(id, command, by), Refused)
    return id


def test_a_command_is_recorded_before_it_is_answered(clinic: Clinic, plan: Plan) -> None:
    id = start(clinic, plan)
    answer = clinic.issue(id, ONCE, NURSE)
    assert answer == (DoseGiven(1, Quantity("40.5 mg")),)
    last = clinic.facts(id)[-1]
    assert (last.event, last.by, last.at, last.number) == (answer[0], NURSE, clinic.clock(), 6)
    assert clinic.procedures() == (id,)


def test_a_refusal_leaves_nothing_and_a_near_miss_stays(clinic: Clinic, plan: Plan) -> None:
    id = start(clinic, plan)
    assert isinstance(clinic.issue(id, Advance(1), NURSE), Refused)
    assert len(clinic.facts(id)) == 5
    refused = clinic.issue(id, TWICE, NURSE)
    assert isinstance(refused, Refused)
    assert refused.near_miss
    assert clinic.facts(id)[-1].event == Refusal("ConfirmDose", "Give 40.5 mg. 81 mg is another dose.", "R-DOSE-01")


def test_the_same_token_twice_is_once(clinic: Clinic, plan: Plan) -> None:
    id = start(clinic, plan)
    for command in (TWICE, ONCE, ReportReaction((Sign.ITCH,))):
        first = clinic.issue(id, command, NURSE, token=f"token of {command}")
        count = len(clinic.facts(id))
        assert clinic.issue(id, command, NURSE, token=f"token of {command}") == first
        assert len(clinic.facts(id)) == count
    assert [type(fact.event) for fact in clinic.facts(id)[-2:]] == [ReactionReported, Held]
    assert clinic.facts(id)[-1].token == clinic.facts(id)[-2].token


def test_a_refused_token_may_be_tried_again(clinic: Clinic, plan: Plan) -> None:
    id = clinic.open(plan, DR)
    keys = tuple(finding.key for finding in plan.to_accept)
    assert isinstance(clinic.issue(id, Approve(()), DR, token="a"), Refused)
    assert clinic.issue(id, Approve(keys), DR, token="a") == (Approved(keys),)


def test_a_page_that_opens_twice_opens_one(clinic: Clinic, plan: Plan) -> None:
    assert clinic.open(plan, DR, "form 7") == clinic.open(plan, DR, "form 7") == "0001"
    assert clinic.open(plan, DR) == "0002"
    assert clinic.procedures() == ("0001", "0002")


def test_a_procedure_that_is_not_there_is_said(clinic: Clinic, plan: Plan) -> None:
    clinic.open(plan, DR)
    for ask in (clinic.state, clinic.facts, clinic.links, lambda id: clinic.issue(id, WELL, NURSE)):
        with pytest.raises(NoSuchProcedure, match=r"^There is no procedure 0099\.$"):
            ask("0099")
    assert clinic.procedures() == ("0001",)


def test_two_clinics_on_one_file_are_one_ward(clinic: Clinic, plan: Plan) -> None:
    other = Clinic(Store(clinic.store.url), clock=clinic.clock)
    id = start(clinic, plan)
    assert clinic.issue(id, ONCE, NURSE) == (DoseGiven(1, Quantity("40.5 mg")),)
    refused = other.issue(id, ONCE, DR)
    assert isinstance(refused, Refused)
    assert refused.sentence == "No dose is due now. Let it run."
    assert other.state(id) == clinic.state(id)
    other.store.close()


def test_two_nurses_at_once_give_one_dose(clinic: Clinic, plan: Plan) -> None:
    id = start(clinic, plan)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: clinic.issue(id, ONCE, NURSE), range(12)))
    assert sum(not isinstance(answer, Refused) for answer in answers) == 1
    assert sum(isinstance(fact.event, DoseGiven) for fact in clinic.facts(id)) == 1


def test_the_record_that_cannot_be_written_is_said_and_nothing_happens(clinic: Clinic, plan: Plan) -> None:
    id = start(clinic, plan)
    sqlite: Any = clinic.store.engine.dialect.dbapi
    other = sqlite.connect(clinic.store.engine.url.database, isolation_level=None)
    with clinic.store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=1")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreFailed, match=r"^Nothing was recorded: .+ Try again, or use paper\.$"):
        clinic.issue(id, Hold("x"), NURSE)
    other.execute("ROLLBACK")
    other.close()
    assert clinic.state(id).phase is Phase.RUNNING
    assert clinic.issue(id, Hold("x"), NURSE) == (Held("x"),)


def test_a_demonstration_stays_one(clinic: Clinic, plan: Plan) -> None:
    id = clinic.open(plan, DR)
    real = Clinic(clinic.store, clock=clinic.clock, demo=False)
    other = real.open(plan, DR)
    assert (clinic.state(id).demo, real.state(id).demo) == (True, True)
    assert (clinic.state(other).demo, real.state(other).demo) == (False, False)


def test_who_watches_hears_of_what_was_recorded_and_of_nothing_else(clinic: Clinic, plan: Plan) -> None:
    async def watch() -> list[str]:
        heard = []
        async with clinic.feed.watch() as queue:
            id = clinic.open(plan, DR, "once")  # news
            clinic.open(plan, DR, "once")
            clinic.issue(id, Start(), NURSE)  # refused
            clinic.issue(id, WELL, NURSE, "twice")  # news
            clinic.issue(id, WELL, NURSE, "twice")
            await asyncio.sleep(0)
            while not queue.empty():
                heard.append(queue.get_nowait())
        return heard

    assert asyncio.run(watch()) == ["0001", "0001"]


def test_the_clock_counts_on_when_the_system_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's time jumps an hour; the clock goes on by what the steady one says."""
    system, ticks = [datetime(2026, 1, 5, 8, tzinfo=UTC)], [timedelta(seconds=100)]

    class Jumping(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return system[0]

    monkeypatch.setattr(paulatim.clinic, "datetime", Jumping)
    monkeypatch.setattr(paulatim.clinic, "_ticks", lambda: ticks[0])
    clock = SteadyClock()
    ticks[0] += timedelta(seconds=60, microseconds=1999)
    for jump in (timedelta(hours=1), timedelta(hours=-2)):
        system[0] += jump
        assert clock() == datetime(2026, 1, 5, 8, 1, 0, 1000, tzinfo=UTC)
    assert clock.drift() == timedelta(hours=-1, seconds=-60, milliseconds=-1)


def test_the_clock_is_utc_and_runs() -> None:
    clock = SteadyClock()
    first = clock()
    assert first.utcoffset() == timedelta()
    assert first.microsecond % 1000 == 0
    time.sleep(0.002)
    assert clock() > first
