"""A plan against itself, where no entry can help: every altered number breaks one of its own sums."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from paulatim.verification.disagreement import Notes
from paulatim.verification.itself import check_admitted, check_batches, check_steps
from paulatim.verification.shape import read_shape

CHANGES = [
    ("steps.3.rate", "201 mL/h", "step 3, volume is 50 mL in the file, but 50.25 mL by the plan's own numbers"),
    ("steps.3.time", "16 min", "step 3, volume is 50 mL in the file, but 160/3 mL by the plan's own numbers"),
    ("steps.3.dose", "3 mg", "step 3, dose is 3 mg in the file, but 2 mg by the plan's own numbers"),
    ("steps.3.cumulative", "4 mg", "step 3, cumulative is 4 mg in the file, but 3 mg by the plan's own numbers"),
    ("steps.3.begins", "31 min", "step 3, begins is 31 min in the file, but 30 min by the plan's own numbers"),
    ("steps.3.lasts", "14 min", "step 3, lasts is 14 min in the file, but 15 min as its time"),
    ("steps.3.fold", "3", "step 3, fold is 3 in the file, but 2 by the plan's own numbers"),
    ("steps.3.number", 4, "step 3, number is 4 in the file, but 3 by the plan's own numbers"),
    ("steps.1.dose", "0.88 mg", "step 1, dose is 0.88 mg in the file, but 0 mg for a purge"),
    ("steps.1.begins", "1 min", "steps.1.begins"),
    ("duration", "236 min", "duration is 236 min in the file, but 236.52 min by the plan's own numbers"),
    ("batches.1.given", "6 mg", "solution 1, given is 6 mg in the file, but 7 mg by the plan's own numbers"),
    ("batches.1.purged_volume", "21 mL", "solution 1, purged volume is 21 mL in the file, but 22 mL"),
    ("batches.1.left", "0 mg", "solution 1, left is 0 mg in the file, but 2.12 mg by the plan's own numbers"),
    ("batches.1.volume", "200 mL", "solution 1, volume is 200 mL in the file, but 250 mL as the solution's own volume"),
    ("batches.1.solution.amount", "11 mg", "solution 1, solution, amount is 11 mg in the file, but 10 mg"),
    ("steps.3.rate", None, "step 3 lacks a rate, a time or a volume"),
    ("steps.3.solution", "Z", "step 3 runs from a solution that is not there"),
    ("steps.3.drug", "other", "step 3 gives a drug for which there is no target"),
    ("steps.3.volume", "-50 mL", "step 3, volume is -50 mL in the file, but 50 mL by the plan's own numbers"),
]


def alter(plan: Any, path: str, value: object) -> None:
    *above, last = (int(key) - 1 if key.isdigit() else key for key in path.split("."))
    for key in above:
        plan = plan[key]
    plan[last] = value


@pytest.mark.parametrize(("path", "value", "says"), CHANGES)
def test_a_changed_number_is_noticed_without_the_entry(
    path: str, value: object, says: str, plan: dict[str, Any]
) -> None:
    alter(plan, path, value)
    notes = Notes()
    read = read_shape(plan, notes)
    assert len(notes) == 0
    check_steps(read, notes)
    check_batches(read, notes)
    said = [f"{note.path}: {note.sentence}" for note in notes.all]
    assert [each for each in said if says in each], said


def test_an_untouched_plan_agrees_with_itself(plan: dict[str, Any]) -> None:
    notes = Notes()
    read = read_shape(plan, notes)
    check_steps(read, notes)
    check_batches(read, notes)
    check_admitted(read, notes)
    assert notes.all == ()


HIDDEN: list[tuple[str, object, str, str]] = [
    ("pump", None, "R-PUMP-04", "the pump is not known"),
    ("pump.lowest", "90 mL/h", "R-PUMP-01", "the pump cannot run as slowly as 88 mL/h (step 1)"),
    ("pump.highest", "399 mL/h", "R-PUMP-03", "the pump cannot run as fast as 400 mL/h (step 4)"),
    ("pump.step", "3 mL/h", "R-PUMP-02", "the pump cannot be set to 88 mL/h (step 1)"),
    ("line.dead_volume", None, "R-LINE-01", "what the line holds is not known"),
    ("stock", None, "R-STOCK-01", "the strength of the stock is not known"),
    ("stock", "1 mg/mL", "R-STOCK-02", "the stock is weaker than solution C"),
    ("targets.infliximab", "501 mg", "R-SUM-01", "its steps reach 500 mg of infliximab, not 501 mg"),
    ("batches.1.left_volume", "-1 mL", "R-VOL-01", "its steps take more of solution A than there is"),
    ("entry.transcription", "partial", "R-ENTRY-01", "its entry was not transcribed whole"),
    ("findings", [], "R-ENTRY-02", "its entry's review is not finished"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "rule", "what"), HIDDEN, ids=[rule for _, _, rule, _ in HIDDEN])
def test_what_is_wrong_must_be_among_the_findings(
    path: str, value: object, rule: str, what: str, plan: dict[str, Any]
) -> None:
    alter(plan, path, value)
    notes = Notes()
    check_admitted(read_shape(plan, notes), notes)
    sentence = f"Do not use this plan: {what}, and its findings hide it ({rule})."
    assert sentence in [note.sentence for note in notes.all]


def test_a_finding_may_not_be_played_down(plan: dict[str, Any], said: Callable[[Any], list[str]]) -> None:
    finding = next(finding for finding in plan["findings"] if finding["rule"] == "R-ENTRY-02")
    finding["severity"] = "note"
    assert "Do not use this plan: its entry's review is not finished, and its findings hide it (R-ENTRY-02)." in said(
        plan
    )


def test_findings_keep_their_order(plan: dict[str, Any], said: Callable[[Any], list[str]]) -> None:
    plan["findings"].reverse()
    assert said(plan) == ["Make the plan again: its findings are not in order, the most limiting first."]


MEANINGS = [
    ("full_dose_on_top", "423 mg"),  # all that comes from the last bag
    ("last_dose_equals_target", "423 mg"),
    ("endpoint_rule", "423 mg"),
    ("daily_dose", "423 mg"),  # no step names a day: the last dose is the day's
    ("cumulative_equals_target", "500 mg"),
]


@pytest.mark.parametrize(("meaning", "reached"), MEANINGS)
def test_the_target_is_compared_by_its_meaning(meaning: str, reached: str, plan: dict[str, Any]) -> None:
    plan["entry"]["meaning"], plan["targets"]["infliximab"] = meaning, "1 mg"
    notes = Notes()
    check_admitted(read_shape(plan, notes), notes)
    assert f"its steps reach {reached} of infliximab, not 1 mg" in notes.all[0].sentence


def test_a_day_with_two_doses_counts_both(files: dict[str, str], plan: dict[str, Any]) -> None:
    plan["entry"]["meaning"] = "daily_dose"
    for step in plan["steps"]:
        step["day"] = 1 if step["number"] < 8 else 2
    plan["targets"]["infliximab"] = "463 mg"
    notes = Notes()
    check_admitted(read_shape(plan, notes), notes)
    assert notes.all == ()


def test_a_patient_without_a_weight_is_asked_for(plan: dict[str, Any], said: Callable[[Any], list[str]]) -> None:
    plan["patient"] = {"id": "1", "name": "A", "born": "1961-04-02", "weight": None, "weighed_on": None}
    assert said(plan) == ["Do not use this plan: the weight is not known, and its findings hide it (R-WT-01)."]


def test_a_reviewed_entry_owes_no_warning(plan: dict[str, Any]) -> None:
    plan["entry"]["review"] = dict.fromkeys(plan["entry"]["review"], "done")
    plan["findings"] = []
    notes = Notes()
    check_admitted(read_shape(plan, notes), notes)
    assert len(notes) == 0


def test_a_pump_of_no_steps_cannot_be_set(plan: dict[str, Any], said: Callable[[Any], list[str]]) -> None:
    plan["pump"]["step"] = "0 mL/h"
    assert said(plan) == ["Do not rely on this plan. The pump is set in steps of 0 mL/h, which is nothing."]


def test_a_dose_by_mouth_has_no_rate(files: dict[str, str], said: Callable[[Any], list[str]]) -> None:
    plan = json.loads(files["aspirin-oral-aerd-degregorio2019"])["plan"]
    plan["steps"][1]["rate"] = "10 mL/h"
    assert any("step 2 is taken by mouth and has a rate or a time" in sentence for sentence in said(plan))


def test_a_solution_of_nothing_is_noticed(plan: dict[str, Any]) -> None:
    plan["batches"][0]["volume"] = plan["batches"][0]["solution"]["volume"] = "0 mL"
    notes = Notes()
    check_batches(read_shape(plan, notes), notes)
    assert "Make the plan again: solution A is 0 mL of 0.04 mg/mL." in [note.sentence for note in notes.all]
