"""What became of a procedure is what its record says, no more and no less."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from paulatim import Quantity
from paulatim.assessment import Grade, Sign
from paulatim.learning import Ending, outcome
from paulatim.session import ConfirmBag, ConfirmRate, Refused

if TYPE_CHECKING:
    from .conftest import Team

Q = Quantity


def test_a_plan_that_waits_has_not_started(team: Team) -> None:
    found = outcome(team.facts)
    assert found.ending is Ending.NOT_STARTED
    assert (found.entry, found.drug, found.demo) == ("bwh-12-step-3-bag", "ceftazidime", True)
    assert (found.steps, found.steps_done, found.reactions, found.took) == (12, 0, (), None)
    assert not found.ended


def test_a_procedure_called_off_before_any_drug_has_not_started(team: Team) -> None:
    team.start()
    team.stop()
    found = outcome(team.facts)
    assert found.ending is Ending.NOT_STARTED
    assert found.totals[0].most == Q("0 mg")


def test_a_completed_procedure_gave_its_target(team: Team) -> None:
    """UpToDate 52381: 2000 mg in 339.4 min, here with the last volume read from the pump at 340 min."""
    team.start()
    team.climb(1, 11)
    team.finish()
    found = outcome(team.facts)
    assert found.ending is Ending.COMPLETED
    assert found.steps_done == 12
    (total,) = found.totals
    assert (total.drug, total.least, total.most, total.planned) == (
        "ceftazidime",
        Q("2000 mg"),
        Q("2000 mg"),
        Q("2000 mg"),
    )
    assert found.planned == Q("339.375 min")
    assert found.took == Q("340 min")
    assert (found.reactions, found.worst, found.near_misses) == ((), None, ())


def test_a_stopped_procedure_counts_what_ran_until_then(team: Team) -> None:
    """UpToDate 52381: 3.74 mg after step 6; 5 min at 20 mL/h of 0.8 mg/mL are 4/3 mg more."""
    team.start()
    team.climb(1, 6)
    team.begin(7)
    team.wait(5)
    assert outcome(team.facts).ending is Ending.RUNNING
    team.stop()
    found = outcome(team.facts)
    assert found.ending is Ending.STOPPED
    assert found.steps_done == 6
    assert found.totals[0].least == Q("3.74 mg") + Q("4/3 mg")
    assert found.took == Q("95 min")


def test_reports_until_it_is_resumed_are_one_reaction_with_the_higher_grade(team: Team) -> None:
    team.start()
    team.climb(1, 3)
    team.begin(4)
    team.wait(5)
    team.react(Sign.FEVER)
    assert outcome(team.facts).ungraded
    team.react(Sign.FEVER, Grade.MODERATE)
    team.react(Sign.ITCH)
    (reaction,) = outcome(team.facts).reactions
    assert (reaction.step, reaction.grade, reaction.signs) == (4, 2, (Sign.FEVER, Sign.ITCH))


def test_a_reaction_after_the_resumption_is_another_one_and_a_repeated_step_counts_once(team: Team) -> None:
    team.start()
    team.climb(1, 4)
    team.begin(5)
    team.wait(5)
    team.react(Sign.URTICARIA)
    team.wait(30)
    team.resume(4)
    team.climb(4, 4)
    team.begin(5)
    team.react(Sign.WHEEZE)
    team.stop()
    found = outcome(team.facts)
    assert [(reaction.step, reaction.grade) for reaction in found.reactions] == [(5, 1), (5, 2)]
    assert found.worst == 2
    assert found.steps_done == 4
    assert found.took == Q("110 min")  # 60 for the four steps, 5, 30 on hold, 15 again


def test_a_reaction_before_the_start_does_not_count(team: Team) -> None:
    team.react(Sign.ITCH)
    assert outcome(team.facts).reactions == ()


def test_a_reaction_after_the_end_counts(team: Team) -> None:
    team.start()
    team.climb(1, 11)
    team.finish()
    team.wait(20)
    team.react(Sign.URTICARIA)
    found = outcome(team.facts)
    assert found.ending is Ending.COMPLETED
    assert [(reaction.step, reaction.grade) for reaction in found.reactions] == [(12, 1)]
    assert found.took == Q("340 min")


def test_near_misses_are_kept_by_rule(team: Team) -> None:
    team.start()
    assert isinstance(team.tell(ConfirmBag(1, team.plan.code("2"))), Refused)
    team.do(ConfirmBag(1, team.plan.code("1")))
    assert isinstance(team.tell(ConfirmRate(1, Q("20 mL/h"))), Refused)
    assert outcome(team.facts).near_misses == ("R-BAG-01", "R-RATE-01")


def test_a_record_without_a_plan_has_no_outcome(team: Team) -> None:
    with pytest.raises(ValueError, match="A record without a plan has no outcome"):
        outcome(())
