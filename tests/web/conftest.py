"""A ward for the tests of its pages: a fresh record, a clock that moves when it is told to, people who act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from paulatim import Plan, Quantity, Request, entry, make_plan, pumps
from paulatim.assessment import Vitals
from paulatim.clinic import Clinic
from paulatim.record import Store
from paulatim.session import (
    Advance,
    Approve,
    Command,
    ConfirmBag,
    ConfirmDose,
    ConfirmRate,
    RecordVitals,
    Refused,
    Start,
    Task,
)
from paulatim.web import create_app
from paulatim.web.people import patients, team

CALM = Vitals(120, 70, 80, 16, 98)


class World:
    """One ward with its record, its clock and its pages."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'ward.db'}"
        self.now = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
        self.people = {person.id: person for person in team()}
        self.clients: list[TestClient] = []
        self.clinic = Clinic(Store(self.url), clock=lambda: self.now)
        self.app = create_app(self.clinic)

    def later(self, **time: int) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    def restart(self) -> None:
        """Start the pages anew, as after a power cut."""
        self.later(seconds=1)
        self.app = create_app(self.clinic)

    def client(self, person: str = "nurse-1") -> TestClient:
        """Somebody's browser."""
        client = TestClient(self.app, follow_redirects=True, raise_server_exceptions=False)
        client.cookies.set("paulatim_acting", person)
        self.clients.append(client)
        return client

    def plan(self, name: str = "bwh-12-step-3-bag", patient: int = 1, **request: str) -> Plan:
        """A plan for one of the ward's patients; the family is worked out for ceftazidime 2000 mg."""
        asked = Request("ceftazidime", Quantity("2000 mg")) if name.startswith("bwh") else None
        return make_plan(
            entry(name),
            asked,
            patient=patients()[patient],
            stock=None if "oral" in name or "tb-" in name else Quantity(request.get("stock", "100 mg/mL")),
            pump=pumps()["generic-0.1"],
        )

    def do(self, id: str, command: Command, person: str = "nurse-1") -> None:
        """Issue a command that must not be refused."""
        answer = self.clinic.issue(id, command, self.people[person])
        assert not isinstance(answer, Refused), answer

    def opened(self, plan: Plan | None = None) -> str:
        """A procedure that waits for its approvals."""
        return self.clinic.open(plan or self.plan(), self.people["prescriber-1"])

    def approved(self, plan: Plan | None = None) -> str:
        """A procedure that may start once there is a baseline."""
        plan = plan or self.plan()
        id = self.opened(plan)
        for person in ("prescriber-1", "pharmacist-1"):
            self.do(id, Approve(tuple(finding.key for finding in plan.to_accept)), person)
        return id

    def started(self, plan: Plan | None = None) -> str:
        """A procedure whose first solution or dose is due."""
        id = self.approved(plan)
        self.do(id, RecordVitals(CALM))
        self.do(id, Start())
        return id

    def confirm(self, id: str) -> None:
        """Confirm what the present step waits for, until it runs."""
        while (state := self.clinic.state(id)).task is not Task.TIME:
            step = state.now_step
            if state.task is Task.BAG:
                self.do(id, ConfirmBag(step.number, state.the_plan.code(step.solution)))
            elif state.task is Task.SETTING:
                assert step.rate is not None
                self.do(id, ConfirmRate(step.number, step.rate))
            else:
                self.do(id, ConfirmDose(step.number, step.volume or step.dose))

    def let_run(self, id: str) -> None:
        """Let the present step run to its end, with vital signs then."""
        step = self.clinic.state(id).now_step
        self.later(seconds=int(step.lasts.to("s").number) + 1)
        self.do(id, RecordVitals(CALM))

    def running(self, step: int, plan: Plan | None = None) -> str:
        """A procedure in which a step has just begun to run."""
        id = self.started(plan)
        self.confirm(id)
        for number in range(1, step):
            self.let_run(id)
            self.do(id, Advance(number))
            self.confirm(id)
        return id

    def close(self) -> None:
        """Close browsers and record."""
        for client in self.clients:
            client.close()
        self.clinic.store.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A fresh ward."""
    made = World(tmp_path)
    yield made
    made.close()
