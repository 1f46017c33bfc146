"""Commands in any order, with clocks that jump, tokens used twice and restarts: what must hold, always holds.

`Ledger` reads the facts in its own way, so that the gates are not checked by the gates.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from paulatim import Line, Patient, Priming, Quantity, Request, entry, make_plan, pumps
from paulatim.assessment import Grade, Sign, Vitals
from paulatim.clinic import Clinic
from paulatim.library import LastBag
from paulatim.plan import Plan
from paulatim.record import Store, export, verify_record
from paulatim.session import (
    NOTHING,
    Advance,
    Advanced,
    Approve,
    Approved,
    BagConfirmed,
    Command,
    Complete,
    Completed,
    ConfirmBag,
    ConfirmDose,
    ConfirmRate,
    Correct,
    Corrected,
    DoseGiven,
    Event,
    Fact,
    Held,
    Hold,
    Opened,
    Person,
    Phase,
    RateConfirmed,
    ReactionReported,
    RecordVitals,
    Refusal,
    Refused,
    ReportReaction,
    Resume,
    Resumed,
    Role,
    Start,
    Started,
    State,
    Stop,
    Stopped,
    Task,
    VitalsRecorded,
    decide,
    due_volume,
    dues,
    evolve,
    given,
    given_by_step,
    replay,
    time_left,
)

TEAM = (
    Person("dr", "Dr Demo", Role.PRESCRIBER),
    Person("dr2", "Dr Two", Role.PRESCRIBER),
    Person("ph", "Pharmacist Demo", Role.PHARMACIST),
    Person("nu", "Nurse Demo", Role.NURSE),
)
DR, _, PHARMACIST, NURSE = TEAM
WELL = Vitals(120, 70, 80, 16, 98)
LOOKS = {
    "well": RecordVitals(WELL, symptoms_asked=True),
    "not asked": RecordVitals(WELL, symptoms_asked=False),
    "low": RecordVitals(Vitals(85, 50, 120, 22, 97), symptoms_asked=True),
    "fallen": RecordVitals(Vitals(95, 60, 100, 18, 97), symptoms_asked=True),
    "high": RecordVitals(Vitals(150, 80, 90, 16, 98), symptoms_asked=True),
    "blue": RecordVitals(Vitals(120, 70, 110, 24, 92), symptoms_asked=True),
    "hot": RecordVitals(Vitals(120, 70, 100, 18, 97, Fraction(385, 10)), symptoms_asked=True),
}
ENTRIES = (
    "bwh-12-step-3-bag",
    "infliximab-iv-rcuh-wao2022",
    "meropenem-iv-onebag-scribd",
    "ceftazidime-iv-pencf-10fold",
    "aspirin-oral-aerd-degregorio2019",
    "penicillinV-oral-cdc-wendel",
)


@lru_cache
def plan_of(id: str) -> Plan:
    request = Request("ceftazidime", Quantity("2000 mg")) if id.startswith("bwh") else Request(final_rate=None)
    return make_plan(
        entry(id),
        request,
        patient=Patient("42", "Demo patient", date(1961, 4, 2), Quantity("70 kg")),
        stock=Quantity("80000 units/mL") if "penicillin" in id else Quantity("100 mg/mL"),
        pump=pumps()["generic-0.1"],
        line=Line(Quantity("5 mL"), Priming.DRUG, True),
    )


class Ledger:
    """What the facts say, read again in another way: one pass, and no part of the session is asked."""

    def __init__(self, plan: Plan, facts: Iterable[Fact]) -> None:
        self.plan, self.facts = plan, list(facts)
        self.approvers: list[Person] = []
        self.step, self.bag = 0, ""
        self.running = self.held = self.ended = self.reaction = False
        self.began: datetime | None = None
        self.lasted = timedelta()
        self.latest = datetime.min.replace(tzinfo=UTC)
        self.looks: dict[int, tuple[datetime, VitalsRecorded]] = {}
        self.from_entry = self.hold_entry = self.drug_entry = 0
        self.baselines: set[int] = set()
        for fact in self.facts:
            self.latest = max(self.latest, fact.at)
            self.read(fact.number, fact.by, fact.event)

    @property
    def on(self) -> bool:
        return self.running and not self.held

    def read(self, number: int, by: Person, event: Event) -> None:
        match event:
            case Approved():
                self.approvers.append(by)
            case Started():
                self.running, self.step = True, 1
            case BagConfirmed():
                self.bag = event.solution
            case RateConfirmed() | DoseGiven():
                self.began, self.from_entry = self.latest, number
                self.drug_entry = self.drug_entry or number
            case Advanced():
                self.step, self.began, self.lasted = event.step + 1, None, timedelta()
            case Held() if self.on:
                self.pause()
                self.held, self.hold_entry = True, number
            case ReactionReported():
                self.reaction = True
            case Resumed():
                self.resume(event, number)
            case Stopped() | Completed():
                self.running, self.ended = False, True
            case VitalsRecorded():
                self.looks[number] = (self.facts[number - 1].at, event)
                if not self.drug_entry or (self.held and not self.baseline):
                    self.baselines.add(number)
            case Corrected():
                self.looks.pop(event.entry, None)
                self.baselines.discard(event.entry)

    def pause(self) -> None:
        if self.began:
            self.lasted += self.latest - self.began
        self.began = None

    def resume(self, event: Resumed, number: int) -> None:
        self.held = self.reaction = False
        oral = self.plan.steps[self.step - 1].rate is None
        if event.step != self.step or event.again:
            self.step, self.lasted, self.began = event.step, timedelta(), None
        elif oral and any(isinstance(fact.event, DoseGiven) for fact in self.facts[self.run_entry - 1 : number]):
            self.began, self.from_entry = self.latest, number

    @property
    def run_entry(self) -> int:
        """Where this run of the step began: at the start, the step before, or the repetition."""
        own = [1]
        step = 0
        for fact in self.facts:
            match fact.event:
                case Started():
                    step = 1
                    own.append(fact.number)
                case Advanced():
                    step = fact.event.step + 1
                    own.append(fact.number)
                case Resumed() if fact.event.again or fact.event.step != step:
                    step = fact.event.step
                    own.append(fact.number)
        return own[-1]

    @property
    def baseline(self) -> Vitals | None:
        return self.looks[max(self.baselines)][1].vitals if self.baselines else None

    def well_enough(self, now: datetime, since: int, seen: VitalsRecorded | None = None) -> bool:
        """The latest vital signs: after an entry, at most 15 minutes old, asked, and in limits."""
        if not self.looks:
            return False
        number = max(self.looks)
        at, look = self.looks[number]
        figures, before = look.vitals, self.baseline
        return (
            number > since
            and now - at <= timedelta(minutes=15)
            and look.symptoms_asked
            and before is not None
            and figures.systolic >= 90
            and figures.systolic >= Fraction(7, 10) * before.systolic
            and figures.spo2 > 92
            and (figures.temperature is None or figures.temperature < 38)
        )

    def check(self, event: Event, by: Person, now: datetime) -> None:
        """Whether what is about to be written may be."""
        match event:
            case Approved():
                assert by.id not in {person.id for person in self.approvers}
                assert len(self.approvers) < 2
            case Started():
                assert len({person.id for person in self.approvers}) == 2
                assert Role.PRESCRIBER in {person.role for person in self.approvers}
                assert not self.reaction
                assert self.looks
                self.check_clock(now)
            case RateConfirmed() | DoseGiven():
                self.check_gives(event, now)
            case Advanced():
                assert event.step == self.step < len(self.plan.steps)
                self.check_over(now)
            case Completed():
                assert self.step == len(self.plan.steps)
                self.check_over(now)
            case Resumed():
                self.check_resumed(event, by, now)

    def check_clock(self, now: datetime) -> None:
        assert now >= self.latest, "the clock is behind the record"

    def check_gives(self, event: RateConfirmed | DoseGiven, now: datetime) -> None:
        step = self.plan.steps[self.step - 1]
        assert self.on
        assert not self.reaction
        assert event.step == self.step
        assert self.bag == step.solution or not step.solution
        if isinstance(event, RateConfirmed):
            assert event.rate == step.rate
        else:
            assert event.amount in (step.volume, step.dose)
        self.check_clock(now)
        assert self.well_enough(now, 0), "a dose rises on old or bad vital signs"

    def check_over(self, now: datetime) -> None:
        step = self.plan.steps[self.step - 1]
        assert self.on
        assert not self.reaction
        assert self.began, "the step has not begun"
        self.check_clock(now)
        whole = timedelta(microseconds=int(step.lasts.to("s").number * 10**6))
        if step.until is None:
            assert self.lasted + (now - self.began) >= whole, "the step is not over"
        assert self.well_enough(now, self.from_entry), "the step ends on old or bad vital signs"

    def check_resumed(self, event: Resumed, by: Person, now: datetime) -> None:
        assert self.held
        assert by.role is Role.PRESCRIBER
        assert 1 <= event.step <= self.step
        self.check_clock(now)
        reports = [fact for fact in self.facts if isinstance(fact.event, ReactionReported)]
        last = reports[-1].number if self.reaction else 0
        assert self.well_enough(now, max(self.hold_entry, last))
        if self.reaction:
            assert now - reports[-1].at >= timedelta(minutes=15)
            assert isinstance(reports[-1].event, ReactionReported)
            assert reports[-1].event.grade is not None
            assert all(fact.event.grade in (None, 1, 2) for fact in reports)  # type: ignore[union-attr]
            since = [look for number, (_, look) in self.looks.items() if number > self.hold_entry]
            assert all(look.vitals.systolic >= 90 and look.vitals.spo2 > 92 for look in since)


class Bedside(RuleBasedStateMachine):
    """People who do anything at any time. The facts are kept here too, to be compared."""

    chosen: ClassVar[tuple[str, ...]] = ENTRIES

    @initialize(data=st.data())
    def open(self, data: st.DataObject) -> None:
        self.plan = plan_of(data.draw(st.sampled_from(self.chosen)))
        self.now = datetime(2026, 1, 5, 8, tzinfo=UTC)
        self.facts: list[Fact] = []
        self.state: State = NOTHING
        self.sent: list[tuple[str, Command, Person, tuple[Event, ...] | Refused]] = []
        self.put_up()
        self.write([Opened(self.plan, True)], DR, "opened")
        if data.draw(
            st.sampled_from([False, True, True, True])
        ):  # mostly somebody prepared it all, or few would get beyond the approvals
            everything = tuple(finding.key for finding in self.plan.to_accept)
            for who in (DR, PHARMACIST):
                self.send(Approve(everything), who)
            self.send(LOOKS[data.draw(st.sampled_from(["well", "high"]))], NURSE)
            self.send(Start(), NURSE)
        last = len(self.plan.steps) - 1
        for _ in range(data.draw(st.sampled_from([0, last, 1, last - 1, last // 2]))):
            self.do_the_step(data.draw(st.integers(0, 2)))

    def put_up(self) -> None:
        """Where commands go; here nowhere but into `decide`."""

    def answer(self, command: Command, by: Person, token: str) -> tuple[Event, ...] | Refused:
        return decide(self.state, command, by, self.now)

    def send(self, command: Command, by: Person) -> None:
        token = f"token {len(self.sent)}"
        before = Ledger(self.plan, self.facts)
        answer = self.answer(command, by, token)
        self.sent.append((token, command, by, answer))
        if isinstance(answer, Refused):
            assert answer.sentence.endswith(".")
            assert answer.rule.startswith("R-")
            assert not isinstance(command, ReportReaction), "a reaction is never refused"
            assert not (isinstance(command, Hold) and before.on), "a hold is never refused while it runs"
            if answer.near_miss:
                self.write([Refusal(type(command).__name__, answer.sentence, answer.rule)], by, token)
            return
        for event in answer:
            before.check(event, by, self.now)
        self.write(answer, by, token)

    def write(self, events: Iterable[Event], by: Person, token: str) -> None:
        for event in events:
            self.facts.append(Fact(len(self.facts) + 1, self.now, by, token, event))
            self.state = evolve(self.state, self.facts[-1])

    # --- what people do, and what the world does

    @rule(data=st.data())
    def act(self, data: st.DataObject) -> None:
        """Mostly what makes sense now, sometimes anything: rules drawn blindly seldom get beyond step 1."""
        likely = {
            Phase.PLANNED: ["approve"] * 8 + ["start", "look"],
            Phase.APPROVED: ["look", "start"] * 4,
            Phase.RUNNING: ["hurry"] * 4 + ["look", "give", "next", "wait", "hold", "react", "correct"],
            Phase.HELD: ["look", "resume", "wait_and_resume", "wait_and_resume", "wait", "react", "correct"],
        }.get(self.state.phase, [])
        anything = ["approve", "start", "look", "give", "next", "hold", "react", "resume", "stop", "complete",
                    "correct", "wait", "clock_set_back"]  # fmt: skip
        if self.state.is_last:
            likely = [*likely, "complete", "complete", "complete"]
        what = data.draw(st.sampled_from([*likely * 4, *anything]), label="what")
        getattr(self, what)(data)

    def approve(self, data: st.DataObject) -> None:
        keys = [finding.key for finding in self.plan.to_accept]
        by, all_of_them = data.draw(st.sampled_from(TEAM)), data.draw(st.booleans())
        self.send(Approve(tuple(keys if all_of_them else keys[1:])), by)

    def start(self, data: st.DataObject) -> None:
        self.send(Start(), NURSE)

    def look(self, data: st.DataObject) -> None:
        self.send(LOOKS[data.draw(st.sampled_from([*LOOKS, *["well"] * 5]))], NURSE)

    def give(self, data: st.DataObject) -> None:
        """Whatever the step waits for, sometimes that of another step."""
        self.give_step(data.draw(st.sampled_from([0, 0, 0, -1, 1])))

    def give_step(self, off: int) -> None:
        step = self.plan.steps[min(max(self.state.step + off, 1), len(self.plan.steps)) - 1]
        number = max(self.state.step, 1)
        if self.state.task is Task.BAG and step.solution:
            self.send(ConfirmBag(number, self.plan.code(step.solution)), NURSE)
        elif step.rate is not None:
            self.send(ConfirmRate(number, step.rate), NURSE)
        else:
            self.send(ConfirmDose(number, step.dose), NURSE)

    def next(self, data: st.DataObject) -> None:
        self.send(Advance(self.state.step + data.draw(st.sampled_from([0, 0, 0, 0, -1, 1]))), NURSE)

    def do_the_step(self, late: int) -> None:
        """All of a step in its order, some minutes late."""
        self.do_what_is_due()
        if self.state.step:
            left = time_left(self.state, self.now)
            self.now += timedelta(milliseconds=int(-(-left.number * 1000 // 1)), minutes=late)
        self.send(LOOKS["well"], NURSE)
        self.send(Advance(self.state.step), NURSE)

    def hurry(self, data: st.DataObject) -> None:
        """All of a step, but something may be missing: a second of its time, a look, or what was seen in it."""
        if self.state.task is not Task.TIME:
            self.do_what_is_due()
        left = time_left(self.state, self.now)
        self.now += timedelta(milliseconds=int(-(-left.number * 1000 // 1)))
        self.now -= timedelta(seconds=data.draw(st.sampled_from([0, 0, 0, 1, 9]), label="seconds early"))
        looks = [*["well"] * 5, "nobody looks", "nobody looks", "not asked", "fallen", *LOOKS]
        if (how := data.draw(st.sampled_from(looks), label="look")) in LOOKS:
            self.send(LOOKS[how], NURSE)
        if data.draw(st.integers(0, 9)) == 0:
            self.correct(data)
        if self.state.is_last and self.state.now_step.rate is not None:
            self.send(Complete(due_volume(self.state, self.now)), NURSE)
        else:
            shown = self.state.step + data.draw(st.sampled_from([0, 0, 0, 0, 1]), label="stale screen")
            self.send(Complete() if self.state.is_last else Advance(shown), NURSE)

    def do_what_is_due(self) -> None:
        if self.state.task is Task.BAG:
            self.give_step(0)
        self.give_step(0)

    def hold(self, data: st.DataObject) -> None:
        self.send(Hold("the line is kinked"), NURSE)

    def react(self, data: st.DataObject) -> None:
        signs = [Sign.ITCH, Sign.ITCH, Sign.ITCH, Sign.WHEEZE, Sign.FEVER, Sign.COLLAPSE]
        grade = data.draw(st.sampled_from([None, None, Grade.MILD, Grade.MODERATE]))
        self.send(ReportReaction((data.draw(st.sampled_from(signs)),), grade), NURSE)

    def resume(self, data: st.DataObject) -> None:
        back, again = data.draw(st.integers(-1, 2)), data.draw(st.booleans())
        self.send(Resume(self.state.step - back, "it is over", again), data.draw(st.sampled_from([DR, DR, NURSE])))

    def wait_and_resume(self, data: st.DataObject) -> None:
        self.now += timedelta(minutes=15)
        self.send(LOOKS["well"], NURSE)
        back = data.draw(st.integers(0, 2))
        self.send(Resume(max(self.state.step - back, 1), "it is over", data.draw(st.booleans())), DR)

    def stop(self, data: st.DataObject) -> None:
        if data.draw(st.integers(0, 9)) == 0:
            self.send(Stop("the patient goes home"), DR)

    def complete(self, data: st.DataObject) -> None:
        step = self.state.now_step
        share = data.draw(st.sampled_from([Fraction(1), Fraction(1), Fraction(1, 2), Fraction(101, 100), Fraction(20)]))
        oral = step.rate is None or not self.state.step
        self.send(Complete(None if oral else due_volume(self.state, self.now) * share), NURSE)

    def correct(self, data: st.DataObject) -> None:
        self.send(Correct(len(self.facts) - data.draw(st.integers(0, 6)), "it was another figure"), NURSE)

    def wait(self, data: st.DataObject) -> None:
        self.now += timedelta(seconds=data.draw(st.sampled_from([1, 60, 300, 890, 900, 901, 1800, 7200])))

    def clock_set_back(self, data: st.DataObject) -> None:
        self.now -= timedelta(minutes=data.draw(st.sampled_from([1, 20, 60])))

    # --- what must hold

    @invariant()
    def state_is_what_the_facts_add_up_to(self) -> None:
        assert replay(self.facts) == self.state

    @invariant()
    def what_was_given_has_two_bounds_within_the_bags(self) -> None:
        if self.state.stretches:
            check_given(self.state, self.now)

    @invariant()
    def what_is_due_is_never_above_the_target(self) -> None:
        if self.state.step and self.state.now_step.rate is not None:
            check_due(self.state, self.now)

    @invariant()
    def what_is_due_is_sorted(self) -> None:
        times = [due.at for due in dues(self.state, self.now)]
        assert times == sorted(times)
        assert bool(times) == (self.state.phase in (Phase.RUNNING, Phase.HELD))


def check_given(state: State, now: datetime) -> None:
    plan = state.the_plan
    for part in given_by_step(state, now):
        assert part.least * 0 <= part.least <= part.most
    for drug in plan.targets:
        whole = given(state, drug, now)
        assert whole.least <= whole.most
        oral = all(step.rate is None for step in plan.steps)
        bags = [batch.amount.to(whole.most.unit) for batch in plan.batches if batch.solution.drug == drug]
        assert oral or whole.most <= sum(bags[1:], bags[0])


def check_due(state: State, now: datetime) -> None:
    plan, step = state.the_plan, state.now_step
    volume = due_volume(state, now)
    if state.task is Task.TIME:
        assert due_volume(state, now + timedelta(hours=1)) == volume, "what is due moved while it ran"
    assert volume * 0 <= volume <= plan.batch(step.solution).volume
    if step.until is None or plan.entry.last_bag is LastBag.FULL_ON_TOP:
        return
    own = {stretch.run for stretch in state.stretches if stretch.run == state.run}
    if not own:  # before its first drop, what is due tops up everything that may have gone in
        before = given(state, step.drug, now).most
        dose = (plan.batch(step.solution).solution.concentration * volume).to(before.unit)
        assert before + dose <= max(plan.targets[step.drug], before)


class OnDisk(Bedside):
    """The same through the clinic and its record, with restarts and tokens that come twice."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()

    def put_up(self) -> None:
        self.clinic = self.clinic_on_disk()
        self.id = self.clinic.open(self.plan, DR, "opened")
        assert self.clinic.open(self.plan, DR, "opened") == self.id

    def clinic_on_disk(self) -> Clinic:
        return Clinic(Store(f"sqlite:///{Path(self.folder.name) / 'ward.db'}"), clock=lambda: self.now)

    def answer(self, command: Command, by: Person, token: str) -> tuple[Event, ...] | Refused:
        return self.clinic.issue(self.id, command, by, token)

    @rule(back=st.integers(1, 4))
    def the_same_again(self, back: int) -> None:
        """A page that sends twice: what was recorded then is the answer now, and nothing is added."""
        if len(self.sent) < back:
            return
        token, command, by, answer = self.sent[-back]
        if isinstance(answer, Refused) and not answer.near_miss:
            return  # it left nothing behind, so it is asked anew
        assert self.clinic.issue(self.id, command, by, token) == answer
        self.compare()

    @rule()
    def restart(self) -> None:
        self.clinic.store.close()
        self.clinic = self.clinic_on_disk()
        self.compare()

    def compare(self) -> None:
        assert list(self.clinic.facts(self.id)) == self.facts
        assert self.clinic.state(self.id) == self.state

    def teardown(self) -> None:
        self.compare()
        assert verify_record(export(list(self.clinic.links(self.id)))) == ()
        self.clinic.store.close()
        self.folder.cleanup()


def play(machine: type[Bedside], examples: int, steps: int) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True),
    )


def test_no_order_of_commands_passes_a_gate() -> None:
    play(Bedside, 50, 30)


def test_no_order_of_commands_upsets_the_record() -> None:
    play(OnDisk, 12, 25)


@pytest.mark.long
def test_no_order_of_commands_passes_a_gate_in_many_tries() -> None:
    play(Bedside, 600, 50)


@pytest.mark.long
def test_no_order_of_commands_upsets_the_record_in_many_tries() -> None:
    play(OnDisk, 100, 50)


# --- and the ledger itself notices


def _started(*events: tuple[int, Any]) -> Ledger:
    """A started procedure and then events, each at a minute."""
    begun: list[tuple[int, Event]] = [
        (0, Opened(plan_of(ENTRIES[0]), True)),
        (0, VitalsRecorded(WELL, True)),
        (0, Started()),
    ]
    begin = datetime(2026, 1, 5, 8, tzinfo=UTC)
    facts = [
        Fact(number, begin + timedelta(minutes=minute), NURSE, "", event)
        for number, (minute, event) in enumerate([*begun, *events], 1)
    ]
    return Ledger(plan_of(ENTRIES[0]), facts)


def test_the_ledger_notices_an_early_step() -> None:
    rate = RateConfirmed(1, Quantity("2 mL/h"))
    begin = datetime(2026, 1, 5, 8, tzinfo=UTC)
    ledger = _started((0, BagConfirmed(1, "1", "")), (0, rate), (14, VitalsRecorded(WELL, True)))
    with pytest.raises(AssertionError, match="the step is not over"):
        ledger.check(Advanced(1), NURSE, begin + timedelta(minutes=14, seconds=59))
    ledger.check(Advanced(1), NURSE, begin + timedelta(minutes=15))


def test_the_ledger_notices_missing_vital_signs() -> None:
    rate = RateConfirmed(1, Quantity("2 mL/h"))
    ledger = _started((0, BagConfirmed(1, "1", "")), (0, rate))
    with pytest.raises(AssertionError, match="old or bad vital signs"):
        ledger.check(Advanced(1), NURSE, datetime(2026, 1, 5, 8, 15, tzinfo=UTC))
