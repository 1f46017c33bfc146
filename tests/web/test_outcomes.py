"""The outcomes page: rates with intervals over the record, and that a demonstration means nothing."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from paulatim.assessment import Sign
from paulatim.session import ConfirmBag, Refused, ReportReaction, Stop

if TYPE_CHECKING:
    from .conftest import World

NOTHING = "Do not read anything into these numbers: they come from demonstrations, and demonstration data mean nothing."


def said(world: World) -> str:
    answer = world.client().get("/outcomes")
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def test_an_empty_record_has_no_rates(world: World) -> None:
    assert "No procedure has been opened, so there is nothing to learn from yet." in said(world)


def test_what_has_not_ended_makes_no_rate(world: World) -> None:
    world.running(2)
    text = said(world)
    assert NOTHING in text
    assert "0 ended, 1 running, 0 not started. Only what has ended counts." in text
    assert "Completed none has ended" in text
    assert "0001 ceftazidime bwh-12-step-3-bag running 1 of 12" in text


def test_a_stopped_procedure_counts_with_its_reaction(world: World) -> None:
    """Wilson for 0 of 1 and 1 of 1: 0 to 79 %, 21 to 100 % (z squared over 1 + z squared is 0.793)."""
    id = world.running(7)
    world.later(minutes=5)
    world.do(id, ReportReaction((Sign.WHEEZE,)))
    world.do(id, Stop("wheeze"))
    text = said(world)
    assert "Completed 0 of 1 0 % (0 to 79 %)" in text
    assert "Any reaction 1 of 1 100 % (21 to 100 %)" in text
    assert "Reaction of grade 2 or more 1 of 1 100 % (21 to 100 %)" in text
    assert "stopped 6 of 12" in text
    assert "step 7, grade 2 (wheeze)" in text


def test_a_near_miss_is_shown_with_its_rule(world: World) -> None:
    id = world.started()
    plan = world.clinic.state(id).the_plan
    refused = world.clinic.issue(id, ConfirmBag(1, plan.code("2")), world.people["nurse-1"])
    assert isinstance(refused, Refused)
    assert "1 R-BAG-01" in said(world)


def test_demonstrations_and_procedures_are_counted_apart(world: World) -> None:
    world.opened()
    world.clinic.demo = False
    world.opened()
    text = said(world)
    assert text.count("0 ended, 0 running, 1 not started.") == 2
    assert text.count(NOTHING) == 1
    assert text.index("Procedures Completed") < text.index("Demonstrations Do not")
