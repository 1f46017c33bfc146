"""Procedures acted out by a small team whose clock only moves when it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from paulatim import Patient, Quantity, Request, entry, make_plan, pumps
from paulatim.assessment import Grade, Sign, Vitals
from paulatim.clinic import Clinic
from paulatim.record import Store
from paulatim.session import (
    Advance,
    Approve,
    Command,
    Complete,
    ConfirmBag,
    ConfirmRate,
    Fact,
    Person,
    RecordVitals,
    Refused,
    ReportReaction,
    Resume,
    Role,
    Start,
    Stop,
    Task,
)  # fmt: skip

Q = Quantity
DOCTOR = Person("prescriber-1", "Ada", Role.PRESCRIBER)
PHARMACIST = Person("pharmacist-1", "Mina", Role.PHARMACIST)
NURSE = Person("nurse-1", "Jonas", Role.NURSE)
ADULT = Patient("0042", "Demo patient 2", date(1961, 4, 2), Q("70 kg"), date(2026, 11, 20))
WELL = Vitals(120, 70, 80, 16, 98)


class Team:
    """One procedure: ceftazidime 2000 mg in twelve steps from three bags."""

    def __init__(self, clinic: Clinic, clock: list[datetime]) -> None:
        self.clinic, self.clock = clinic, clock
        self.plan = make_plan(
            entry("bwh-12-step-3-bag"), Request("ceftazidime", Q("2000 mg")), patient=ADULT,
            stock=Q("100 mg/mL"), pump=pumps()["generic-0.1"],
        )  # fmt: skip
        self.id = clinic.open(self.plan, DOCTOR)

    def tell(self, command: Command, by: Person = NURSE) -> Refused | None:
        answer = self.clinic.issue(self.id, command, by)
        return answer if isinstance(answer, Refused) else None

    def do(self, command: Command, by: Person = NURSE) -> None:
        refused = self.tell(command, by)
        assert refused is None, refused

    def wait(self, minutes: int) -> None:
        self.clock[0] += timedelta(minutes=minutes)

    def start(self) -> None:
        keys = tuple(finding.key for finding in self.plan.to_accept)
        self.do(Approve(keys), DOCTOR)
        self.do(Approve(keys), PHARMACIST)
        self.do(RecordVitals(WELL))
        self.do(Start())

    def begin(self, step: int) -> None:
        """Confirm what a step needs before it runs."""
        now = self.plan.steps[step - 1]
        assert now.rate is not None
        if self.clinic.state(self.id).task is Task.BAG:
            self.do(ConfirmBag(step, self.plan.code(now.solution)))
        self.do(ConfirmRate(step, now.rate))

    def climb(self, first: int, last: int) -> None:
        """Run steps of 15 min to their end."""
        for step in range(first, last + 1):
            self.begin(step)
            self.wait(15)
            self.do(RecordVitals(WELL))
            self.do(Advance(step))

    def react(self, sign: Sign, grade: Grade | None = None) -> None:
        self.do(ReportReaction((sign,), grade))

    def resume(self, step: int) -> None:
        self.do(RecordVitals(WELL))
        self.do(Resume(step, "settled"), DOCTOR)

    def finish(self) -> None:
        """The last step: 232.5 mL at 80 mL/h take 174 min 22.5 s."""
        self.begin(12)
        for minutes in (15,) * 11 + (10,):
            self.wait(minutes)
            self.do(RecordVitals(WELL))
        self.do(Complete(Q("232.5 mL")))

    def stop(self) -> None:
        self.do(Stop("the patient asked for it"))

    @property
    def facts(self) -> tuple[Fact, ...]:
        return self.clinic.facts(self.id)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    clock = [datetime(2026, 11, 20, 9, 0, tzinfo=UTC)]
    store = Store(f"sqlite:///{tmp_path / 'record.db'}")
    yield Team(Clinic(store, clock=lambda: clock[0]), clock)
    store.close()
