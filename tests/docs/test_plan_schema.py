"""The written schema of the plan's file: it takes every plan, and nothing that a reader of ours would refuse."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from paulatim import Line, Patient, Plan, Priming, Quantity, Request, entries, entry, make_plan, pumps
from paulatim.canonical import NotCanonical
from paulatim.verification.disagreement import Notes
from paulatim.verification.shape import read_shape

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/plan.schema.json").read_text(encoding="utf-8"))
TABLE = "infliximab-iv-rcuh-wao2022"
Q = Quantity


def full() -> Plan:
    """A plan with every field filled, a working dilution, and a weight-based target."""
    patient = Patient("0042", "Demo patient", date(1961, 4, 2), Q("70 kg"), date(2026, 11, 20))
    request = Request("x", Q("1/3 mg/kg"), Q("50 mL"), Q("60 mL/h"))
    line = Line(Q("1.5 mL"), Priming.DRUG, True)
    return make_plan(
        entry("bwh-12-step-3-bag"), request, patient=patient, stock=Q("100 mg/mL"), pump=pumps()["generic-1"], line=line
    )


def file(plan: Plan) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(plan.text())
    return data


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    Draft202012Validator.check_schema(SCHEMA)
    return Draft202012Validator(SCHEMA)


def wrong(validator: Draft202012Validator, data: object) -> list[str]:
    return [error.message for error in validator.iter_errors(data)]


@pytest.mark.parametrize("id", [each.id for each in entries()])
def test_the_plan_of_every_entry_fits(id: str, validator: Draft202012Validator) -> None:
    drug, target = (None, None) if entry(id).drugs else ("x", Q("2000 [AU]"))
    plan = make_plan(entry(id), Request(drug, target, weight=Q("70 kg")))
    assert wrong(validator, file(plan)) == []


def test_plans_of_every_shape_fit(validator: Draft202012Validator) -> None:
    overdrawn = make_plan(entry("bwh-12-step-3-bag"), Request("x", Q("1 g"), Q("18 mL")))
    assert any(batch.left_volume.number < 0 for batch in overdrawn.batches)
    for plan in (full(), overdrawn):
        assert wrong(validator, file(plan)) == []


def fields(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every object's every field."""
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node[:1]):
            yield (*path, key)
            yield from fields(value, (*path, key))


def changed(data: Any, path: tuple[str | int, ...], value: object) -> Any:
    copy = json.loads(json.dumps(data))
    node = copy
    for key in path[:-1]:
        node = node[key]
    if value is None:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return copy


def named(path: tuple[str | int, ...]) -> bool:
    """Whether a key is a name that somebody gave: of a drug, of a reference; or a place in a list."""
    return isinstance(path[-1], int) or (len(path) == 3 and path[1] in ("targets", "references"))


def test_no_field_may_be_missing_or_of_another_kind(validator: Draft202012Validator) -> None:
    data = file(full())
    taken = [path for path in fields(data) if not named(path) and not wrong(validator, changed(data, path, None))]
    assert taken == []
    for other in (1.5, {"x": 1.5}):
        taken = [path for path in fields(data) if not wrong(validator, changed(data, path, other))]
        assert taken == []


def test_no_object_may_have_a_further_field(validator: Draft202012Validator) -> None:
    data = file(full())
    objects = {path[:-1] for path in fields(data) if isinstance(path[-1], str)}
    taken = [path for path in objects if not wrong(validator, changed(data, (*path, "price"), "free"))]
    assert taken == []


AMOUNTS = ["2.0 mL", "02 mL", "2mL", "2  mL", "2,5 mL", "1e3 mL", "+2 mL", ".5 mL", "2. mL", "-0 mL", "-2 mL", "2/0 mL",
           "2 ml", "2 mL\n", " 2 mL", "2 mg", "2", "2 mL/h/h", "\N{ARABIC-INDIC DIGIT TWO} mL", ""]  # fmt: skip


@pytest.mark.parametrize("text", AMOUNTS)
def test_an_amount_is_written_in_one_way(text: str, validator: Draft202012Validator) -> None:
    data = file(full())
    for path in (("plan", "steps", 0, "volume"), ("plan", "batches", 0, "volume"), ("plan", "line", "dead_volume")):
        assert wrong(validator, changed(data, path, text)), (path, text)


STEPS = [
    {"action": "take"},
    {"action": "infuse", "rate": None},
    {"number": 0},
    {"day": 0},
    {"until": "soon"},
    {"fold": "-2"},
    {"time": "15 mL"},
    {"rate": "15 mL"},
    {"dose": "1 drops"},
    {"dose": "1 U"},
]


@pytest.mark.parametrize("change", STEPS, ids=[str(change) for change in STEPS])
def test_a_step_that_no_step_can_be_is_refused(change: dict[str, object], validator: Draft202012Validator) -> None:
    data = file(full())
    data["plan"]["steps"][3] |= change
    assert wrong(validator, data)


TEXTS = ["", "x", "0 mL", "5 mL", "0 mL/h", "1 mL/h", "0 mg", "2 mg", "2 mg/kg", "0 mg/mL", "2 mg/mL", "15 min", "0 kg",
         "70 kg", "2", "1961-13-40"]  # fmt: skip


def test_what_the_schema_takes_as_an_amount_our_own_readers_take(validator: Draft202012Validator) -> None:
    data = file(full())
    looser = []
    for path in fields(data["plan"]):
        if not re.match(r"[0-9]", str(value(data["plan"], path))):
            continue
        for text in TEXTS:
            plan = changed(data["plan"], path, text)
            if not wrong(validator, {"hash": "0" * 64, "plan": plan}) and not (readable(plan) and shaped(plan)):
                looser.append((path, text))
    assert [f"{path}: {text}" for path, text in looser] == []


def value(node: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        node = node[key]
    return node


def readable(plan: dict[str, Any]) -> bool:
    """Whether the planner's own reader takes it, whatever the hash."""
    try:
        Plan.read(json.dumps({"hash": "0" * 64, "plan": plan}))
    except NotCanonical as error:
        return "hash" in str(error)
    return True


def shaped(plan: dict[str, Any]) -> bool:
    """Whether verification's own reader takes it."""
    notes = Notes()
    read_shape(plan, notes)
    return not len(notes)
