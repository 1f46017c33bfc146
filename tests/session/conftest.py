"""A procedure in memory: commands through `decide` and `evolve`, with a clock that the test turns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from paulatim import Line, Patient, Priming, Quantity, Request, entry, make_plan, pumps
from paulatim.assessment import Vitals
from paulatim.plan import Plan
from paulatim.session import (
    NOTHING,
    Advance,
    Approve,
    Command,
    ConfirmBag,
    ConfirmDose,
    ConfirmRate,
    Event,
    Fact,
    Given,
    Opened,
    Person,
    RecordVitals,
    Refusal,
    Refused,
    Role,
    Start,
    Task,
    decide,
    evolve,
    given,
)

WELL = RecordVitals(Vitals(120, 70, 80, 16, 98), symptoms_asked=True)


class Procedure:
    """One plan's procedure. `do` wants the command to happen; `refused` gives the sentence of its refusal."""

    dr = Person("dr", "Dr Demo", Role.PRESCRIBER)
    pharmacist = Person("ph", "Pharmacist Demo", Role.PHARMACIST)
    nurse = Person("nu", "Nurse Demo", Role.NURSE)

    def __init__(self, plan: Plan) -> None:
        self.plan, self.state = plan, NOTHING
        self.now = datetime(2026, 1, 5, 8, tzinfo=UTC)
        self.facts: list[Fact] = []
        self.note(Opened(plan, True))

    def note(self, event: Event, by: Person = nurse) -> None:
        """Write an event down whatever `decide` would say."""
        self.facts.append(Fact(len(self.facts) + 1, self.now, by, "token", event))
        self.state = evolve(self.state, self.facts[-1])

    def issue(self, command: Command, by: Person = nurse) -> tuple[Event, ...] | Refused:
        answer = decide(self.state, command, by, self.now)
        if isinstance(answer, Refused):
            if answer.near_miss:
                self.note(Refusal(type(command).__name__, answer.sentence, answer.rule), by)
            return answer
        for event in answer:
            self.note(event, by)
        return answer

    def do(self, *commands: Command, by: Person = nurse) -> None:
        for command in commands:
            answer = self.issue(command, by)
            assert not isinstance(answer, Refused), answer

    def refused(self, command: Command, by: Person = nurse) -> str:
        answer = self.issue(command, by)
        assert isinstance(answer, Refused), answer
        return answer.sentence

    def wait(self, **lasts: int) -> None:
        self.now += timedelta(**lasts)

    def start(self) -> None:
        everything = tuple(finding.key for finding in self.plan.to_accept)
        self.do(Approve(everything), by=self.dr)
        self.do(Approve(everything), by=self.pharmacist)
        self.do(WELL, Start())

    def begin_step(self) -> None:
        """Its bag and its rate, or its dose."""
        step = self.state.now_step
        if self.state.task is Task.BAG:
            self.do(ConfirmBag(step.number, self.plan.code(step.solution)))
        self.do(ConfirmRate(step.number, step.rate) if step.rate else ConfirmDose(step.number, step.dose))

    def go_through(self, first: int, last: int) -> None:
        for number in range(first, last + 1):
            self.begin_step()
            self.wait(seconds=int(self.plan.steps[number - 1].lasts.to("s").number))
            self.do(WELL, Advance(number))

    def given(self, drug: str = "ceftazidime") -> Given:
        return given(self.state, drug, self.now)


def _plan(id: str, request: Request | None = None) -> Plan:
    return make_plan(
        entry(id),
        request,
        patient=Patient("42", "Demo patient", date(1961, 4, 2), Quantity("70 kg")),
        stock=Quantity("80000 units/mL") if "penicillin" in id else Quantity("100 mg/mL"),
        pump=pumps()["generic-0.1"],
        line=Line(Quantity("5 mL"), Priming.DRUG, True),
    )


@pytest.fixture
def procedure() -> Procedure:
    """Ceftazidime 2000 mg in twelve steps, opened."""
    return Procedure(_plan("bwh-12-step-3-bag", Request("ceftazidime", Quantity("2000 mg"))))


@pytest.fixture
def procedure_of() -> Callable[[str], Procedure]:
    """A procedure of an entry, opened."""
    return lambda id: Procedure(_plan(id))
