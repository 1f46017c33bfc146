"""What may happen and what may not, by the sentence that a person reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from paulatim import Patient, Quantity
from paulatim.assessment import Grade, Sign, Vitals
from paulatim.session import (
    COMMANDS,
    EVENTS,
    NOTHING,
    Advance,
    Approve,
    Complete,
    ConfirmBag,
    ConfirmDose,
    ConfirmRate,
    Correct,
    Held,
    Hold,
    Opened,
    Phase,
    ReactionReported,
    RecordVitals,
    Refused,
    ReportReaction,
    Resume,
    Start,
    Stop,
    decide,
)

Q = Quantity
WELL = RecordVitals(Vitals(120, 70, 80, 16, 98), symptoms_asked=True)
ITCH = ReportReaction((Sign.ITCH,))
NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
ANY = [
    Approve(()),
    WELL,
    Start(),
    ConfirmBag(1, "x"),
    ConfirmRate(1, Q("2 mL/h")),
    ConfirmDose(1, Q("1 mg")),
    Advance(1),
    Hold("x"),
    ITCH,
    Resume(1, "x"),
    Stop("x"),
    Complete(),
    Correct(1, "x"),
]


def test_every_command_and_event_is_known_by_its_name() -> None:
    assert {type(command).__name__ for command in ANY} == set(COMMANDS)
    assert all(kind.__name__ == name for name, kind in {**COMMANDS, **EVENTS}.items())


@pytest.mark.parametrize("command", ANY, ids=lambda command: type(command).__name__)
def test_nothing_happens_before_a_procedure_is_open(command: Any, procedure: Any) -> None:
    assert decide(NOTHING, command, procedure.nurse, NOW) == Refused("Open a procedure first.", "R-STEP-03")


def test_before_the_start_there_are_no_steps(procedure: Any) -> None:
    for command in (ConfirmBag(1, "x"), ConfirmRate(1, Q("2 mL/h")), ConfirmDose(1, Q("1 mg")), Advance(1)):
        assert procedure.refused(command) == "Start the procedure first."
    assert procedure.refused(Complete()) == "Go on: 12 more steps are to come."
    assert procedure.refused(Resume(1, "x"), procedure.dr) == "Nothing is on hold, so nothing can be resumed."
    said = "Nothing runs yet, so nothing can be held. Report a reaction if there is one."
    assert procedure.refused(Hold("x")) == said


def test_a_plan_for_nobody_does_not_start(procedure: Any) -> None:
    nobody = replace(procedure.plan, patient=None)
    procedure.facts, procedure.state, procedure.plan = [], NOTHING, nobody
    procedure.note(Opened(nobody, True))
    everything = tuple(finding.key for finding in nobody.to_accept)
    procedure.do(Approve(everything), by=procedure.dr)
    procedure.do(Approve(everything), by=procedure.pharmacist)
    assert procedure.refused(Start()) == "Make the plan for a patient first."


def test_a_birth_date_in_the_future_does_not_make_an_infant(procedure: Any) -> None:
    unborn = replace(procedure.plan, patient=Patient("42", "Demo patient", date(2061, 4, 2), Q("70 kg")))
    procedure.facts, procedure.state, procedure.plan = [], NOTHING, unborn
    procedure.note(Opened(unborn, True))
    everything = tuple(finding.key for finding in unborn.to_accept)
    procedure.do(Approve(everything), by=procedure.dr)
    procedure.do(Approve(everything), by=procedure.pharmacist)
    assert procedure.refused(Start()) == "Correct the birth date: 2061-04-02 is in the future."


def test_old_or_unasked_vital_signs_do_not_start(procedure: Any) -> None:
    everything = tuple(finding.key for finding in procedure.plan.to_accept)
    procedure.do(Approve(everything), by=procedure.dr)
    procedure.do(Approve(everything), by=procedure.pharmacist)
    assert procedure.refused(Start()) == "Take the vital signs first: the baseline is missing."
    procedure.do(WELL)
    procedure.wait(minutes=15, seconds=1)
    assert procedure.refused(Start()) == "Take the vital signs again: they are more than 15 min old."
    procedure.do(RecordVitals(WELL.vitals, symptoms_asked=False))
    said = "Ask for itch, throat, chest and gut, with new vital signs: nobody has asked."
    assert procedure.refused(Start()) == said
    procedure.do(WELL, ITCH)
    assert procedure.refused(Start()) == "Treat the reaction. Open another procedure when it is over."


def test_a_reaction_before_the_start_holds_nothing_and_is_written_down(procedure: Any) -> None:
    (reported,) = procedure.issue(ITCH)
    assert isinstance(reported, ReactionReported)
    assert procedure.state.phase is Phase.PLANNED


def test_a_reaction_while_it_runs_holds_it(procedure: Any) -> None:
    procedure.start()
    procedure.begin_step()
    reported, held = procedure.issue(ITCH)
    assert (reported.grade, reported.step, held) == (1, 1, Held("reaction"))
    (again,) = procedure.issue(ReportReaction((Sign.WHEEZE,)))
    assert again.grade == 2


@pytest.mark.parametrize(
    ("vitals", "signs", "stated", "grade"),
    [
        ((120, 70, 80, 16, 98), (Sign.ITCH,), None, 1),
        ((120, 70, 80, 16, 98), (Sign.ITCH,), Grade.SEVERE, 3),
        ((120, 70, 80, 16, 98), (Sign.COLLAPSE,), Grade.MILD, 3),
        ((120, 70, 80, 16, 92), (Sign.ITCH,), None, 3),
        ((89, 50, 80, 16, 98), (Sign.FEVER,), None, 3),
        ((120, 70, 80, 16, 98), (Sign.FEVER,), None, None),
        ((120, 70, 80, 16, 98), (Sign.FEVER,), Grade.MODERATE, 2),
    ],
)
def test_the_higher_grade_counts(procedure: Any, vitals: Any, signs: Any, stated: Any, grade: Any) -> None:
    procedure.start()
    procedure.begin_step()
    procedure.do(RecordVitals(Vitals(*vitals), symptoms_asked=True))
    reported, _ = procedure.issue(ReportReaction(signs, stated))
    assert reported.grade == grade


def test_vital_signs_from_an_hour_ago_grade_nothing(procedure: Any) -> None:
    procedure.start()
    procedure.begin_step()
    procedure.do(RecordVitals(Vitals(120, 70, 80, 16, 92), symptoms_asked=True))
    procedure.wait(minutes=16)
    reported, _ = procedure.issue(ITCH)
    assert reported.grade == 1


def test_a_hold_is_never_refused_while_it_runs_whatever_is_wrong(procedure: Any) -> None:
    procedure.start()
    procedure.do(Hold("  "))
    assert procedure.state.held_why == "no reason given"
    procedure.do(Hold("again"))
    assert procedure.state.held_why == "no reason given"


def test_going_on_needs_reasons(procedure: Any) -> None:
    procedure.start()
    procedure.begin_step()
    assert procedure.refused(Stop(" ")) == "Say why the procedure stops."
    procedure.do(Hold("x"), WELL)
    said = "Say why it may go on, and why at this step."
    assert procedure.refused(Resume(1, " "), procedure.dr) == said
    wrong = "Resume at step 1 or before it. Step 0 has not been reached."
    assert procedure.refused(Resume(0, "x"), procedure.dr) == wrong
    assert procedure.refused(Correct(1, " ")) == "Say what is right."
    assert procedure.refused(Correct(0, "x")) == f"There is no entry 0. Name one from 1 to {len(procedure.facts)}."


def test_the_end_reads_a_volume_that_can_be_true(procedure: Any) -> None:
    procedure.start()
    procedure.go_through(1, 11)
    procedure.begin_step()
    procedure.wait(minutes=175)
    procedure.do(WELL)
    assert procedure.refused(Advance(12)) == "This is the last step. Complete the procedure instead."
    assert procedure.refused(Complete(Q("232.5 mg"))) == (
        "Read the volume of this step from the pump, in mL: 232.5 mg is no volume."
    )
    assert procedure.refused(Complete(Q("-232.5 mL"))) == (
        "Let it run about 348:45 (min:s) more: 465 mL is still to give."
    )
    assert procedure.refused(Complete(Q("232.39 mL"))) == (
        "Let it run about 00:05 (min:s) more: 0.11 mL is still to give."
    )
    assert procedure.refused(Complete(Q("233 mL"))) == (
        "Read the pump again: 233 mL is more than the 232.5 mL that the bag held."
    )
    procedure.do(Complete(Q("0.2325 L")))
    assert procedure.state.phase is Phase.COMPLETED
    assert procedure.refused(Hold("x")) == "This procedure has ended. Open another one."
    procedure.do(WELL, ReportReaction((Sign.NAUSEA,)), Correct(3, "it was another time"))


def test_a_dose_does_not_rise_on_bad_vital_signs(procedure_of: Callable[[str], Any]) -> None:
    procedure = procedure_of("aspirin-oral-aerd-degregorio2019")
    procedure.start()
    procedure.go_through(1, 1)
    procedure.do(RecordVitals(Vitals(120, 70, 80, 26, 90), symptoms_asked=True))
    said = "Hold. Call the prescriber. SpO2 90 % is 92 % or less."
    assert procedure.refused(ConfirmDose(2, Q("81 mg"))) == said
    procedure.do(WELL)
    procedure.wait(minutes=16)
    old = "Take the vital signs. The last ones are more than 15 min old."
    assert procedure.refused(ConfirmDose(2, Q("81 mg"))) == old
    procedure.do(WELL, ConfirmDose(2, Q("81 mg")))


def test_no_vital_signs_at_all_raise_no_rate(procedure: Any) -> None:
    procedure.start()
    procedure.do(ConfirmBag(1, procedure.plan.code("1")), Correct(4, "another patient"))
    assert procedure.refused(ConfirmRate(1, Q("2 mL/h"))) == "Take the vital signs. There are none that count."


@pytest.mark.parametrize("code", ["{}-1", " {}-1\n", "{}-1 "])
def test_a_label_is_read_with_the_blanks_that_scanners_add(procedure: Any, code: str) -> None:
    procedure.start()
    (confirmed,) = procedure.issue(ConfirmBag(1, code.format(procedure.plan.short.upper())))
    assert confirmed.code == procedure.plan.code("1")


@pytest.mark.parametrize("code", ["", "1", "{}", "{}-", "{}-11", "{}-01", "x{}-1", "{}1", "{}-1-1"])
def test_a_label_that_only_looks_alike_is_not_of_this_plan(procedure: Any, code: str) -> None:
    procedure.start()
    said = procedure.refused(ConfirmBag(1, code.format(procedure.plan.short)))
    assert said == "Take solution 1. This label is not of this plan, and step 1 runs from 1."


@pytest.mark.parametrize("rate", ["20 mL/h", "0.2 mL/h", "2.0001 mL/h", "2 mL/min", "2 mL", "2 mg/h"])
def test_only_the_steps_rate_is_right(procedure: Any, rate: str) -> None:
    procedure.start()
    procedure.do(ConfirmBag(1, procedure.plan.code("1")))
    assert procedure.refused(ConfirmRate(1, Q(rate))) == f"Set 2 mL/h. The pump reads {rate}."
    procedure.do(ConfirmRate(1, Q("2000 mcL/h")))


def test_a_stale_screen_acts_on_nothing(procedure: Any) -> None:
    procedure.start()
    procedure.go_through(1, 1)
    for command in (ConfirmBag(1, "x"), ConfirmRate(1, Q("2 mL/h")), ConfirmDose(1, Q("1 mg")), Advance(1)):
        assert procedure.refused(command) == "Look again: the procedure is at step 2, not 1."
    for command in (ConfirmBag(3, "x"), ConfirmRate(3, Q("10 mL/h")), Advance(3)):
        assert procedure.refused(command) == "Look again: the procedure is at step 2, not 3."
