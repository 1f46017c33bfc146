"""What went in, by hand: rate x time x concentration, between two bounds, and never more than the bags hold.

Bag 1 holds 20 mg in 250 mL (0.08 mg/mL), bag 3 1984.26 mg in 250 mL (7.93704 mg/mL).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from paulatim import Quantity
from paulatim.assessment import Vitals
from paulatim.session import (
    Advance,
    Complete,
    ConfirmBag,
    ConfirmRate,
    Hold,
    RecordVitals,
    ReportReaction,
    Resume,
    Status,
    due_time,
    due_volume,
)
from paulatim.session.given import given_by_step, left_in

Q = Quantity
WELL = RecordVitals(Vitals(120, 70, 80, 16, 98), symptoms_asked=True)


def test_nothing_is_given_before_the_pump_runs(procedure: Any) -> None:
    procedure.start()
    procedure.do(ConfirmBag(1, procedure.plan.code("1")))
    procedure.wait(minutes=30)
    assert (procedure.given().least, procedure.given().most) == (Q("0 mg"), Q("0 mg"))
    assert {part.status for part in given_by_step(procedure.state, procedure.now)} == {Status.PLANNED}


def test_a_running_step_counts_its_time(procedure: Any) -> None:
    procedure.start()
    procedure.begin_step()
    procedure.wait(minutes=6)
    part = procedure.given()
    assert part.least == part.most == Q("0.016 mg")  # 2 mL/h x 0.1 h x 0.08 mg/mL
    assert part.status is Status.CONFIRMED


def test_a_step_that_ran_on_is_uncertain_above_its_plan(procedure: Any) -> None:
    procedure.start()
    procedure.begin_step()
    procedure.wait(minutes=18)
    part = procedure.given()
    assert (part.least, part.most) == (Q("0.04 mg"), Q("0.048 mg"))
    assert part.status is Status.UNCERTAIN


def test_the_old_rate_runs_until_the_new_one_is_confirmed(procedure: Any) -> None:
    procedure.start()
    procedure.go_through(1, 1)
    procedure.wait(minutes=3)
    procedure.do(ConfirmRate(2, Q("5 mL/h")))
    procedure.wait(minutes=6)
    part = procedure.given()
    assert (part.least, part.most) == (Q("0.08 mg"), Q("0.088 mg"))  # 0.04 or 0.048, and 0.5 mL x 0.08 mg/mL


def test_a_hold_stops_the_count_and_resuming_goes_on_with_it(procedure: Any) -> None:
    procedure.start()
    procedure.begin_step()
    procedure.wait(minutes=5)
    procedure.do(Hold("transport"))
    procedure.wait(minutes=50)
    assert procedure.given().most == Q("1/75 mg")
    from_before = due_time(procedure.state, procedure.now)
    procedure.do(WELL)
    procedure.do(Resume(1, "back again"), by=procedure.dr)
    procedure.do(ConfirmRate(1, Q("2 mL/h")))
    procedure.wait(minutes=10)
    assert procedure.given().least == procedure.given().most == Q("0.04 mg")
    assert due_time(procedure.state, procedure.now) == from_before == Q("15 min")
    assert procedure.state.ran(procedure.now) == Q("15 min")


def test_a_pump_that_was_forgotten_gives_no_more_than_the_bag(procedure: Any) -> None:
    procedure.start()
    procedure.go_through(1, 3)
    procedure.begin_step()
    procedure.wait(days=2)
    part = procedure.given()
    assert part.most == Q("20 mg")  # all of bag 1, not 960 mL of it
    assert part.least == Q("0.74 mg")
    fourth = given_by_step(procedure.state, procedure.now)[3]
    assert (fourth.least, fourth.most) == (Q("0.4 mg"), Q("19.66 mg"))  # the bag less what steps 1 to 3 took
    assert left_in(procedure.state, "1", procedure.now) == Q("0 mL")


def test_two_runs_from_a_bag_do_not_empty_it_twice(procedure: Any) -> None:
    procedure.start()
    procedure.go_through(1, 3)
    procedure.begin_step()
    procedure.wait(hours=12)  # 240 mL
    procedure.do(Hold("somebody looked"))
    assert procedure.given().most == Q("19.54 mg")  # 0.34 mg and 240 mL x 0.08 mg/mL
    procedure.do(WELL)
    procedure.do(Resume(4, "the rest of it"), by=procedure.dr)
    procedure.do(ConfirmRate(4, Q("20 mL/h")))
    procedure.wait(hours=12)
    assert procedure.given().most == Q("20 mg")


def test_a_clock_that_was_set_back_leaves_the_step_uncertain(procedure: Any) -> None:
    procedure.start()
    procedure.begin_step()
    procedure.wait(minutes=3)
    procedure.do(WELL)
    procedure.now -= timedelta(hours=1)
    procedure.do(Hold("the clock is wrong"))
    part = procedure.given()
    assert (part.least, part.most) == (Q("0.008 mg"), Q("0.04 mg"))  # three minutes for sure, the plan at the most
    assert part.status is Status.UNCERTAIN


def test_the_last_bag_tops_up_to_the_target_after_a_repeated_step(procedure: Any) -> None:
    procedure.start()
    procedure.go_through(1, 10)
    procedure.begin_step()
    procedure.wait(minutes=15)
    procedure.do(ReportReaction(("itch",)))
    procedure.wait(minutes=15)
    procedure.do(WELL)
    procedure.do(Resume(11, "again", again=True), by=procedure.dr)
    procedure.go_through(11, 11)
    assert due_volume(procedure.state, procedure.now) == Q("222.5 mL")  # 232.5 mL less the 10 mL of step 11
    assert due_time(procedure.state, procedure.now) == Q("166.875 min")
    procedure.begin_step()
    procedure.wait(minutes=167)
    procedure.do(WELL)
    procedure.do(Complete(Q("222.5 mL")))
    assert procedure.given().most == Q("2000 mg")


def test_an_overrun_shortens_the_last_step_and_never_lengthens_it(procedure: Any) -> None:
    procedure.start()
    procedure.go_through(1, 10)
    procedure.begin_step()
    procedure.wait(minutes=30)
    procedure.do(WELL)
    procedure.do(Advance(11))
    assert due_volume(procedure.state, procedure.now) == Q("222.5 mL")


def test_a_full_last_bag_on_top_is_due_whole(procedure_of: Callable[[str], Any]) -> None:
    procedure = procedure_of("ceftazidime-iv-pencf-10fold")
    procedure.start()
    procedure.go_through(1, 6)
    assert due_volume(procedure.state, procedure.now) == Q("100 mL")
    assert procedure.given().most == Q("333.333 mg")


def test_a_purge_takes_from_the_bag_and_gives_nothing(procedure_of: Callable[[str], Any]) -> None:
    procedure = procedure_of("infliximab-iv-rcuh-wao2022")
    procedure.start()
    procedure.go_through(1, 1)
    assert procedure.given("infliximab").most == Q("0 mg")
    assert left_in(procedure.state, "A", procedure.now) == Q("228 mL")


def test_doses_by_mouth_count_once_for_each_time_taken(procedure_of: Callable[[str], Any]) -> None:
    procedure = procedure_of("aspirin-oral-aerd-degregorio2019")
    procedure.start()
    procedure.begin_step()
    assert procedure.given("aspirin").least == Q("40.5 mg")
    procedure.do(Hold("a fall"))
    procedure.do(WELL)
    procedure.do(Resume(1, "nothing broken"), by=procedure.dr)
    assert procedure.given("aspirin").most == Q("40.5 mg")
    procedure.do(ReportReaction(("itch",)))
    procedure.wait(minutes=15)
    procedure.do(WELL)
    procedure.do(Resume(1, "again", again=True), by=procedure.dr)
    procedure.begin_step()
    assert procedure.given("aspirin").most == Q("81 mg")
