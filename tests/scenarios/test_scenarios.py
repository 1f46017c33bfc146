"""The scenarios beside this file, played through the clinic: what a clinician reads there is what happens.

`given` says what is made, `when` what people do and what they are told when it may not be, `then` how it stands.
A line of `when` begins with the clock (h:mm since the beginning) and who; a sentence behind it is a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from paulatim import CannotScale, Line, Patient, Priming, Quantity, Request, entry, make_plan, pumps
from paulatim.assessment import Grade, Sign, Vitals
from paulatim.clinic import Clinic
from paulatim.plan import Plan
from paulatim.record import Store, export, story, verify_record
from paulatim.session import (
    Advance,
    Approve,
    Command,
    Complete,
    ConfirmBag,
    ConfirmDose,
    ConfirmRate,
    Correct,
    Hold,
    Person,
    RecordVitals,
    Refusal,
    Refused,
    ReportReaction,
    Resume,
    Role,
    Start,
    State,
    Stop,
    Task,
    due_volume,
    given,
    replay,
    waits,
)

FOLDER = Path(__file__).parent
BEGINNING = datetime(2026, 1, 5, 8, tzinfo=UTC)
NORMAL = Vitals(120, 70, 80, 16, 98)
GIVEN = {"entry", "drug", "target", "volume", "patient", "stock", "pump", "line", "team", "ward", "other"}
THEN = {"phase", "step", "task", "given", "due volume", "findings", "story", "near misses", "no plan", "next waits for"}


def scenarios() -> dict[str, Path]:
    return {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}


class AsWritten(yaml.BaseLoader):
    """Every scalar as it was written, and no key twice: that would hide half of a scenario."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"a key is written twice: {keys}"
        return super().construct_mapping(node, deep)


def read(path: Path) -> dict[str, Any]:
    said: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=AsWritten)
    assert said.keys() <= {"title", "given", "when", "then"}
    assert said["given"].keys() <= GIVEN
    assert said["then"].keys() <= THEN
    return said


def amount(text: str | None) -> Quantity | None:
    return Quantity(text) if text else None


def patient(words: str | None) -> Patient | None:
    """`Ada, born 1961-04-02, 70 kg`"""
    if not words:
        return None
    name, born, *weight = words.split(", ")
    kilograms = Quantity(weight[0]) if weight else None
    return Patient(f"id of {name}", name, date.fromisoformat(born.removeprefix("born ")), kilograms)


def line(words: str | None) -> Line:
    """`5 mL, primed with drug, new for each bag`"""
    if not words:
        return Line()
    volume, primed, bags = words.split(", ")
    new = {"new for each bag": True, "the same for all bags": False}[bags]
    return Line(Quantity(volume), Priming(primed.removeprefix("primed with ")), new)


def plan(said: dict[str, Any]) -> Plan:
    request = Request(said.get("drug"), amount(said.get("target")), amount(said.get("volume")))
    pump = pumps()[said["pump"]] if "pump" in said else None
    return make_plan(
        entry(said["entry"]),
        request,
        patient=patient(said.get("patient")),
        stock=amount(said.get("stock")),
        pump=pump,
        line=line(said.get("line")),
    )


class Ward:
    """One scenario's ward: its clock, team and procedure."""

    def __init__(self, said: dict[str, Any], folder: Path) -> None:
        self.now = BEGINNING
        self.folder, self.demo = folder, said.get("ward", "demo") == "demo"
        team = said.get("team", {"prescriber": "Dr Demo", "pharmacist": "Pharmacist Demo", "nurse": "Nurse Demo"})
        self.team = {who: Person(who, name, Role(who.split()[-1])) for who, name in team.items()}
        self.plan = plan(said)
        self.other = plan(said | said["other"]) if "other" in said else None
        self.clinic = self.open()
        self.id = self.clinic.open(self.plan, next(iter(self.team.values())))

    def open(self) -> Clinic:
        return Clinic(Store(f"sqlite:///{self.folder}/ward.db"), clock=lambda: self.now, demo=self.demo)

    def restart(self) -> None:
        self.clinic.store.close()
        self.clinic = self.open()

    @property
    def state(self) -> State:
        return self.clinic.state(self.id)

    def turn(self, clock: str) -> None:
        hours, minutes, *seconds = (int(part) for part in clock.split(":"))
        self.now = BEGINNING + timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))

    def issue(self, who: str, command: Command) -> str:
        """The refusal with its rule, or nothing."""
        answer = self.clinic.issue(self.id, command, self.team[who])
        return f"{answer.sentence} ({answer.rule})" if isinstance(answer, Refused) else ""


def _vitals(figures: str) -> RecordVitals:
    """`120/70, HR 80, RR 16, SpO2 98`, perhaps `, T 38.1`, perhaps `, without asking`."""
    asked = not figures.endswith(", without asking")
    pressure, *rest = figures.removesuffix(", without asking").split(", ")
    named = dict(part.split(" ") for part in rest)
    systolic, diastolic = (int(part) for part in pressure.split("/"))
    warm = Fraction(named["T"]) if "T" in named else None
    pulse, breath, spo2 = int(named["HR"]), int(named["RR"]), int(named["SpO2"])
    return RecordVitals(Vitals(systolic, diastolic, pulse, breath, spo2, warm), asked)


def _reaction(words: str) -> ReportReaction:
    """`urticaria and itch`, perhaps `, grade 2`"""
    signs, _, grade = words.partition(", grade ")
    return ReportReaction(tuple(Sign(sign) for sign in signs.split(" and ")), Grade(int(grade)) if grade else None)


def _approve(ward: Ward, what: str) -> Approve:
    all_keys = tuple(finding.key for finding in ward.plan.to_accept)
    return Approve({"everything": all_keys, "nothing": ()}.get(what, tuple(what.split(" and "))))


def _label(ward: Ward, bag: str, whose: str) -> ConfirmBag:
    made = ward.other if whose else ward.plan
    assert made
    return ConfirmBag(ward.state.step, made.code(bag))


SAYS: dict[str, Callable[..., Command]] = {
    r"approves, accepting (.+)": _approve,
    r"takes normal vital signs": lambda ward: RecordVitals(NORMAL, symptoms_asked=True),
    r"takes vital signs (.+)": lambda ward, figures: _vitals(figures),
    r"starts": lambda ward: Start(),
    r"scans bag (\S+)( of the other patient)?": _label,
    r"types the label (\S+)": lambda ward, code: ConfirmBag(ward.state.step, code),
    r"reads (.+) from the pump": lambda ward, rate: ConfirmRate(ward.state.step, Quantity(rate)),
    r"gives (.+)": lambda ward, dose: ConfirmDose(ward.state.step, Quantity(dose)),
    r"presses next": lambda ward: Advance(ward.state.step),
    r"presses next on a screen that shows step (\d+)": lambda ward, step: Advance(int(step)),
    r"holds, because (.+)": lambda ward, why: Hold(why),
    r"reports (.+)": lambda ward, words: _reaction(words),
    r"resumes at step (\d+), because (.+)": lambda ward, step, why: Resume(int(step), why),
    r"repeats step (\d+), because (.+)": lambda ward, step, why: Resume(int(step), why, again=True),
    r"completes": lambda ward: Complete(),
    r"completes with (.+) on the pump": lambda ward, volume: Complete(Quantity(volume)),
    r"stops, because (.+)": lambda ward, why: Stop(why),
    r"corrects entry (\d+), (.+)": lambda ward, number, says: Correct(int(number), says),
}


def command(ward: Ward, words: str) -> Command:
    found = [(make, match) for pattern, make in SAYS.items() if (match := re.fullmatch(pattern, words))]
    assert len(found) == 1, f"{words!r} is no line that a scenario knows"
    make, match = found[0]
    return make(ward, *match.groups())


def run_through(ward: Ward, who: str, first: int, last: int) -> None:
    """Each step as it should be: its bag, its rate or dose, its time, vital signs, next."""
    for number in range(first, last + 1):
        step = ward.plan.steps[number - 1]
        if ward.state.task is Task.BAG:
            assert ward.issue(who, ConfirmBag(number, ward.plan.code(step.solution))) == ""
        given_now = ConfirmRate(number, step.rate) if step.rate else ConfirmDose(number, step.volume or step.dose)
        assert ward.issue(who, given_now) == ""
        ward.now += timedelta(microseconds=int(step.lasts.to("s").number * 10**6))
        assert ward.issue(who, RecordVitals(NORMAL, symptoms_asked=True)) == ""
        if number < len(ward.plan.steps):
            assert ward.issue(who, Advance(number)) == ""


def play(ward: Ward, said: str, refusal: str) -> None:
    """One line of `when`."""
    if said == "the server restarts":
        return ward.restart()
    if match := re.fullmatch(r"the clock is set back to (\S+)", said):
        before = ward.now
        ward.turn(match[1])
        assert ward.now < before
        return None
    whose = "|".join(sorted(ward.team, key=len, reverse=True))
    line = re.fullmatch(rf"(\d+:\d\d(?::\d\d)?) the ({whose}) (.+)", said)
    assert line, f"{said!r} does not begin with the clock and one of {whose}"
    before = ward.now
    ward.turn(line[1])
    assert ward.now >= before, f"{said!r} lies before the line above it"
    if through := re.fullmatch(r"goes through steps? (\d+)(?: to (\d+))?", line[3]):
        run_through(ward, line[2], int(through[1]), int(through[2] or through[1]))
        return None
    assert ward.issue(line[2], command(ward, line[3])) == refusal, said
    return None


def check(ward: Ward, then: dict[str, Any]) -> None:
    """What is so now, each part that the scenario names."""
    state, links = ward.state, ward.clinic.links(ward.id)
    expected = dict(then)
    found: dict[str, Any] = {
        "phase": lambda: state.phase.value,
        "step": lambda: str(state.step),
        "task": lambda: state.task.value,
        "given": lambda: {drug: bounds(given(state, drug, ward.now)) for drug in ward.plan.targets},
        "due volume": lambda: due_volume(state, ward.now).show(),
        "findings": lambda: [f"{finding.rule} {finding.severity}" for finding in ward.plan.findings],
        "next waits for": lambda: [wait.word for wait in waits(state, ward.now)],
        "near misses": lambda: str(sum(isinstance(link.fact.event, Refusal) for link in links)),
        "story": lambda: in_order(expected["story"], [f"{line.by}: {line.text}" for line in story(links)]),
    }
    assert {part: found[part]() for part in expected} == expected


def bounds(part: Any) -> str:
    least, most = part.least.show(), part.most.show()
    return least if part.least == part.most else f"{least} to {most}"


def in_order(wanted: list[str], lines: list[str]) -> list[str]:
    """The wanted lines that the story holds, in its order; the whole story where one is missing, to look at."""
    rest: Iterator[str] = iter(lines)
    return wanted if all(any(line == text for line in rest) for text in wanted) else lines


@pytest.mark.parametrize("name", scenarios())
def test_it_happens_as_it_is_told(name: str, tmp_path: Path) -> None:
    said = read(scenarios()[name])
    if "no plan" in said["then"]:
        with pytest.raises(CannotScale, match=f"^{re.escape(said['then']['no plan'])}$"):
            plan(said["given"])
        return
    ward = Ward(said["given"], tmp_path)
    for item in said["when"]:
        if isinstance(item, str):
            play(ward, item, "")
        elif "now" in item:
            check(ward, item["now"])
        else:
            ((words, refusal),) = item.items()
            assert refusal, f"{words!r} has an empty refusal"
            play(ward, words, refusal)
    check(ward, said["then"])
    assert verify_record(export(list(ward.clinic.links(ward.id)))) == ()
    restored = replay(link.fact for link in ward.clinic.links(ward.id))
    ward.restart()
    assert ward.state == restored


def test_there_are_scenarios_and_each_says_what_it_is() -> None:
    titles = [read(path).get("title") for path in scenarios().values()]
    assert len(titles) >= 14
    assert all(titles)
    assert len(set(titles)) == len(titles)


def test_a_line_that_nobody_knows_fails(tmp_path: Path) -> None:
    ward = Ward({"entry": "aspirin-oral-aerd-degregorio2019"}, tmp_path)
    with pytest.raises(AssertionError, match="is no line that a scenario knows"):
        play(ward, "0:00 the nurse shrugs", "")
    with pytest.raises(AssertionError, match="does not begin with the clock"):
        play(ward, "the nurse starts", "")
