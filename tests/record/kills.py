"""Kill a procedure again and again: `python kills.py FOLDER TIMES` says in JSON what was left each time.

A parent that has everything imported forks a child; the child sends the script's commands to a clinic on disk and
says over a pipe which ones are done; the parent kills it with SIGKILL at some moment and looks at the record.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from paulatim import Patient, Quantity, entry, make_plan
from paulatim.assessment import Sign, Vitals
from paulatim.clinic import Clinic
from paulatim.plan import Plan
from paulatim.record import Store, export, verify_record
from paulatim.session import (
    NOTHING,
    Advance,
    Approve,
    Command,
    Complete,
    ConfirmDose,
    Correct,
    Fact,
    Hold,
    Opened,
    Person,
    RecordVitals,
    Refusal,
    Refused,
    ReportReaction,
    Resume,
    Role,
    Start,
    decide,
    evolve,
    replay,
)

DR = Person("dr", "Dr Demo", Role.PRESCRIBER)
PHARMACIST = Person("ph", "Pharmacist Demo", Role.PHARMACIST)
NURSE = Person("nu", "Nurse Demo", Role.NURSE)
WELL = RecordVitals(Vitals(120, 70, 80, 16, 98), symptoms_asked=True)
BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    """One command of the script, when and by whom; none opens the procedure."""

    minutes: int
    by: Person
    command: Command | None


def script(plan: Plan) -> list[Line]:
    """Four doses of aspirin with a near miss, a reaction, a hold and a correction."""
    keys = tuple(finding.key for finding in plan.to_accept)
    made = [Line(0, DR, None), Line(0, DR, Approve(keys)), Line(0, PHARMACIST, Approve(keys))]
    made += [Line(5, NURSE, WELL), Line(5, NURSE, Start())]
    minutes = 5
    for step in plan.steps:
        dose = ConfirmDose(step.number, step.dose)
        made += [Line(minutes, NURSE, ConfirmDose(step.number, step.dose * 2)), Line(minutes, NURSE, dose)]
        if step.number == 2:
            minutes += 20
            made += [Line(minutes, NURSE, ReportReaction((Sign.ITCH,))), Line(minutes + 15, NURSE, WELL)]
            made += [Line(minutes + 15, DR, Resume(2, "the itch is gone", again=True))]
            minutes += 15
            made += [Line(minutes, NURSE, dose)]
        if step.number == 3:
            made += [Line(minutes + 1, NURSE, Hold("a fire alarm")), Line(minutes + 2, NURSE, WELL)]
            made += [Line(minutes + 2, DR, Resume(3, "it was a drill"))]
            minutes += 2
        minutes += 90
        if step.number == 1:
            made += [Line(minutes, NURSE, Correct(4, "the cuff was loose")), Line(minutes, NURSE, Hold("no baseline"))]
            made += [Line(minutes, NURSE, WELL), Line(minutes, DR, Resume(1, "a new baseline"))]
        made += [Line(minutes, NURSE, WELL)]
        made += [Line(minutes, NURSE, Advance(step.number) if step.number < 4 else Complete())]
    return made


def expected(plan: Plan, lines: list[Line], turn: int) -> list[list[Fact]]:
    """What each line of the script leaves in the record, worked out without one."""
    state, number, all_of_it = NOTHING, 0, []
    for place, line in enumerate(lines):
        now = BEGIN + timedelta(minutes=line.minutes)
        answer = (Opened(plan, True),) if line.command is None else decide(state, line.command, line.by, now)
        if isinstance(answer, Refused):
            assert answer.near_miss, (line, answer)
            answer = (Refusal(type(line.command).__name__, answer.sentence, answer.rule),)
        left = []
        for event in answer:
            number += 1
            left.append(Fact(number, now, line.by, f"{turn} {place}", event))
            state = evolve(state, left[-1])
        all_of_it.append(left)
    return all_of_it


def child(url: str, plan: Plan, lines: list[Line], turn: int, first: int, pipe: int) -> None:
    """Send the commands from `first` on, and say after each that it is done."""
    clock = [BEGIN]
    clinic = Clinic(Store(url), clock=lambda: clock[0])
    for place in range(first, len(lines)):
        line, token = lines[place], f"{turn} {place}"
        clock[0] = BEGIN + timedelta(minutes=line.minutes)
        if line.command is None:
            clinic.open(plan, line.by, token)
        else:
            clinic.issue(f"{turn:04d}", line.command, line.by, token)
        os.write(pipe, b".")
    os.write(pipe, b"!")
    time.sleep(60)  # killed here too, when all is done


def run_and_kill(url: str, plan: Plan, lines: list[Line], turn: int, first: int, chance: random.Random) -> int:
    """How many commands the child said were done before it was killed."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.close(reading)
            child(url, plan, lines, turn, first, writing)
        finally:
            os._exit(1)
    os.close(writing)
    done, wanted = b"", chance.randrange(4)
    while len(done) < wanted and not done.endswith(b"!") and (more := os.read(reading, 1)):
        done += more
    time.sleep(chance.random() * 0.012)
    os.kill(process, signal.SIGKILL)
    while more := os.read(reading, 100):
        done += more
    os.close(reading)
    status = os.waitpid(process, 0)[1]
    assert os.WIFSIGNALED(status), "the child failed by itself"
    return done.count(b".")


def main(folder: Path, times: int) -> dict[str, int]:
    """Kill so many times; look at the record after each; go on from what it holds."""
    plan = make_plan(
        entry("aspirin-oral-aerd-degregorio2019"),
        patient=Patient("42", "Demo patient", date(1961, 4, 2), Quantity("70 kg")),
    )
    lines, url = script(plan), f"sqlite:///{folder}/ward.db"
    Store(f"sqlite:///{folder}/warm.db").close()
    chance, found = random.Random(2026), Counter[str]()
    turn, first, whole = 1, 0, expected(plan, lines, 1)
    for _ in range(times):
        said = first + run_and_kill(url, plan, lines, turn, first, chance)
        found["kills"] += 1
        found["acknowledged"] += said - first
        clinic = Clinic(Store(url))
        there = clinic.procedures()
        facts = list(clinic.facts(f"{turn:04d}")) if f"{turn:04d}" in there else []
        kept = len({fact.token for fact in facts})
        assert kept in (said, said + 1), f"{said} commands were acknowledged, {kept} are in the record"
        found["recorded but not acknowledged"] += kept - said
        prefix = [fact for left in whole[:kept] for fact in left]
        assert facts == prefix, "the record is not the beginning of the script"
        if facts:
            links = list(clinic.links(f"{turn:04d}"))
            assert verify_record(export(links)) == ()
            assert clinic.state(f"{turn:04d}") == replay(prefix)
        clinic.store.close()
        first = kept
        if kept == len(lines):
            found["procedures completed"] += 1
            turn, first = turn + 1, 0
            whole = expected(plan, lines, turn)
    return dict(found)


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
