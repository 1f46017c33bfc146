"""A file that is not a plan gets a sentence for each thing wrong with it, and is not calculated with."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Said = Callable[[Any], list[str]]

NO_PLAN = {
    "": "The file is not JSON: Expecting value in line 1, column 1.",
    '{"hash": 1': "The file is not JSON: Expecting ',' delimiter in line 1, column 11.",
    '{"hash": "", "hash": ""}': "The file says 'hash' twice in one place.",
    '{"hash": "", "plan": {"dose": 0.5}}': "The file holds the bare number 0.5. Amounts are texts with a unit.",
    '{"hash": "", "plan": {"dose": NaN}}': "The file holds the bare number NaN. Amounts are texts with a unit.",
    '{"hash": "", "plan": 1e400}': "The file holds the bare number 1e400. Amounts are texts with a unit.",
    '{"hash": "", "plan": {"x": ' + "9" * 5000 + "}}": "The file holds a number too long to read.",
    "[" * 100_000: "The file is nested too deeply to be a plan.",
    '{"hash": "", "plan": "\\ud800"}': "The file holds half of a character, which has no UTF-8.",
    "[]": 'The file is no plan: it must hold "hash" and "plan", and nothing else.',
    '{"plan": {}}': 'The file is no plan: it must hold "hash" and "plan", and nothing else.',
}


@pytest.mark.parametrize("text", NO_PLAN, ids=range(len(NO_PLAN)))
def test_a_text_that_is_no_plan_gets_one_sentence(text: str, said: Said) -> None:
    assert said(text) == [NO_PLAN[text]]


def test_a_missing_field_is_named(plan: dict[str, Any], said: Said) -> None:
    del plan["steps"][2]["dose"], plan["duration"]
    assert said(plan) == ["The file: the field 'duration' is missing.", "Step 3: the field 'dose' is missing."]


def test_an_unknown_field_is_named(plan: dict[str, Any], said: Said) -> None:
    plan["batches"][0]["price"] = "3 mg"
    assert said(plan) == ["Solution 1: a plan has no field 'price'."]


WRONG = [
    ("steps.2.rate", "100 mg/h", "Step 2, rate: it must be an amount in mL/h."),
    ("steps.2.rate", 100, "Step 2, rate: it must be a text."),
    ("steps.2.rate", "100,0 mL/h", 'Step 2, rate: "100,0 mL/h" is not an amount with a unit.'),
    ("steps.2.rate", "100.0 mL/h", 'Step 2, rate: "100.0 mL/h" is not written as a plan writes it: "100 mL/h".'),
    ("steps.2.dose", "1 mL", "Step 2, dose: it must be an amount in mg or units."),
    ("steps.2.number", "2", "Step 2, number: it must be a whole number."),
    ("steps.2.number", True, "Step 2, number: it must be a whole number."),
    ("steps.2.action", "push", "Step 2, action: it must be infuse or purge or take."),
    ("steps.2.fold", "two", 'Step 2, fold: "two" is not a plain number.'),
    ("steps", {}, "Steps must be a list."),
    ("targets", [], "Targets must be an object."),
    ("stock", "100 mg/kg", "Stock: it must be an amount in mg or units/mL."),
    ("line.new_for_each_bag", "yes", "Line, new for each bag: it must be true or false."),
    ("format", "paulatim plan 2", "Format: it must be paulatim plan 1."),
]


@pytest.mark.parametrize(("path", "value", "sentence"), WRONG)
def test_a_field_of_another_kind_is_named(
    path: str, value: object, sentence: str, plan: dict[str, Any], said: Said
) -> None:
    node: Any = plan
    *above, last = (int(key) - 1 if key.isdigit() else key for key in path.split("."))
    for key in above:
        node = node[key]
    node[last] = value
    assert said(plan) == [sentence]


def test_the_birthday_is_a_day(plan: dict[str, Any], said: Said) -> None:
    plan["patient"] = {"id": "1", "name": "A", "born": "19610402", "weight": None, "weighed_on": None}
    assert said(plan) == ["Patient, born: it must be a day such as 1961-04-02."]


def test_white_space_in_the_file_is_no_disagreement(
    plan: dict[str, Any], check: Callable[[Any], tuple[Any, ...]], files: dict[str, str]
) -> None:
    text = files["infliximab-iv-rcuh-wao2022"]
    assert check(json.dumps(json.loads(text), indent=2)) == ()
