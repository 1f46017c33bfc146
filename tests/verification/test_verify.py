"""The whole of it: right plans pass, every single altered number is noticed, and nothing ends in a traceback."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import paulatim.verification
from paulatim import Quantity, Request, entries, entry, make_plan
from paulatim.verification import Disagreement, verify

Check = Callable[[Any], tuple[Disagreement, ...]]
Said = Callable[[Any], list[str]]
IDS = [each.id for each in entries()]

# What a plan is told and does not work out: an entry says nothing about it. The hash still guards it.
TOLD = re.compile(r"(pump|line|patient|policy)\.|stock$|request\.weight$|(vitals_every|observe|symptom_free)\.")
NUMBER = re.compile(r"(-?[0-9]+(?:\.[0-9]+|/[0-9]+)?)( \S+)?")


def test_verification_imports_nothing_of_the_planner() -> None:
    (folder,) = paulatim.verification.__path__
    imported = {
        name
        for path in Path(folder).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names])
    }
    assert "paulatim.verification.amounts" in imported
    assert [name for name in imported if re.match(r"paulatim(?!\.verification)", name)] == []


@pytest.mark.parametrize("id", IDS)
def test_the_plan_of_every_entry_is_right(id: str, files: dict[str, str], check: Check) -> None:
    assert check(files[id]) == ()


def leaves(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every value in plain data that holds no other, with its place."""
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from leaves(value, (*path, key))
    else:
        yield path, node


def others(value: Any) -> Iterator[Any]:
    """Other values for a number: a little more, and much less."""
    if type(value) is int:
        yield from (value + 1, value - 1)
    elif isinstance(value, str) and (match := NUMBER.fullmatch(value)):
        size = Fraction(match[1])
        for other in (size + Fraction(1, 1000), size / 10 if size else Fraction(-1)):
            yield str(Quantity(other, match[2].strip())) if match[2] else str(Quantity(other, "1"))[:-2]


def put(plan: Any, path: tuple[str | int, ...], value: object) -> Any:
    """A copy of plain data with one value changed."""
    copy = json.loads(json.dumps(plan))
    node = copy
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return copy


@pytest.mark.parametrize("id", IDS)
def test_every_single_changed_number_is_noticed(id: str, files: dict[str, str], check: Check) -> None:
    plan, missed, tried = json.loads(files[id])["plan"], [], 0
    for path, value in leaves(plan):
        where = ".".join(map(str, path))
        if path[0] == "findings" or TOLD.match(where):
            continue
        for other in others(value):
            tried += 1
            if not check(put(plan, path, other)):
                missed.append(f"{where}: {value} -> {other}")
    assert missed == []
    assert tried > 40


@pytest.mark.parametrize("part", ["entry", "references", "steps", "batches", "targets"])
def test_every_changed_word_is_noticed(part: str, files: dict[str, str], check: Check) -> None:
    plan, missed = json.loads(files["tb-drugs-reintroduction-dili"])["plan"], []
    for path, value in leaves({part: plan[part]}):
        if isinstance(value, str) and not check(put(plan, path, f"{value}x")):
            missed.append(path)
    assert missed == []


def test_a_changed_number_under_the_old_hash_is_named_too(files: dict[str, str], said: Said) -> None:
    text = files["ceftazidime-iv-12step-bwh-uptodate"].replace('"rate":"2 mL/h"', '"rate":"20 mL/h"')
    first, second, *_ = said(text)
    assert first == ("Make the plan again: the file was changed after it was made, and its hash no longer fits.")
    assert "step 1, rate is 20 mL/h in the file, but 2 mL/h worked out again from the published entry." in second


def test_an_entry_that_is_not_on_the_shelf_is_no_pass(files: dict[str, str]) -> None:
    (only,) = verify(files["meropenem-iv-onebag-scribd"], lambda id: None)
    assert only.sentence == (
        "Do not rely on this plan. There is no entry meropenem-iv-onebag-scribd on this shelf, "
        "so the plan cannot be worked out again."
    )


def test_an_entry_that_was_changed_since_is_no_pass(files: dict[str, str]) -> None:
    id = "meropenem-iv-onebag-scribd"
    (folder,) = Path(paulatim.__path__[0]).glob(f"library/protocols/*/{id}.yaml")
    text = folder.read_text(encoding="utf-8")
    (only,) = verify(files[id], {id: f"{text}\n# a remark\n"}.get)
    assert only.path == "entry.digest"
    assert only.sentence == "Make the plan again: its entry is not the one on this shelf, or was changed since."
    changed = verify(files[id], {id: text.replace("rate: 80 mL/h", "rate: 90 mL/h")}.get)
    assert [found.path for found in changed][:3] == ["entry.digest", "steps.4.rate", "steps.4.time"]


def test_a_family_that_was_changed_since_is_no_pass(files: dict[str, str]) -> None:
    """The stamp of a table that is made with a family is of the table's file; the numbers give the family away."""
    (folder,) = paulatim.__path__
    shelf = {path.stem: path.read_text(encoding="utf-8") for path in Path(folder).glob("library/protocols/*/*.yaml")}
    shelf["bwh-12-step-3-bag"] = shelf["bwh-12-step-3-bag"].replace("rate: 40 mL/h", "rate: 45 mL/h")
    found = [each.path for each in verify(files["ceftazidime-iv-12step-bwh-uptodate"], shelf.get)]
    assert {"steps.8.rate", "steps.8.dose", "steps.11.rate", "steps.12.volume"} <= set(found)


def test_the_weight_of_the_patient_must_have_been_used(plan: dict[str, Any], said: Said) -> None:
    plan["patient"] = {"id": "1", "name": "A", "born": "1961-04-02", "weight": "70 kg", "weighed_on": None}
    plan["request"]["weight"] = None
    assert said(plan) == ["Make the plan again: the patient's weight was not used."]


def test_a_policys_time_is_not_passed_off_as_the_entrys(plan: dict[str, Any], said: Said) -> None:
    plan["symptom_free"]["source"] = "wao-2022-100640, Table 8, monitoring"
    assert said(plan) == ["Make the plan again: symptom free is not in the published entry."]


def test_an_overdrawn_bag_that_the_plan_owns_up_to_is_right(check: Check) -> None:
    """A plan that says of itself that it must not be used is a true plan."""
    wishes = Request("x", Quantity("2000 mg"), Quantity("18 mL"))
    made = make_plan(entry("bwh-12-step-3-bag"), wishes, stock=Quantity("1000 mg/mL"))
    assert [finding.rule for finding in made.stops] == ["R-VOL-01"]
    assert check(made.text()) == ()


def test_without_the_bench_the_rest_is_still_checked(files: dict[str, str]) -> None:
    (folder,) = paulatim.__path__
    shelf = {path.stem: path.read_text(encoding="utf-8") for path in Path(folder).glob("library/protocols/*/*.yaml")}
    assert verify(files["penicillinV-oral-cdc-wendel"], shelf.get) == ()
    (only,) = verify(files["penicillinV-oral-cdc-wendel"], shelf.get, "syringes: none")
    assert only.sentence == "Do not rely on this plan. The bench's file does not say which syringes there are."


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=12), st.lists(st.integers(), max_size=2),
    st.sampled_from(["0 mg", "-1 mL", "1/0 mg", "0 mL/h", "1e9 mg", "9" * 490 + " mg", "1/" + "7" * 480 + " h"]),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)  # fmt: skip


@given(data=st.data())
def test_whatever_is_put_where_a_value_was_the_answer_is_sentences(
    data: st.DataObject, files: dict[str, str], check: Check
) -> None:
    plan = json.loads(files[data.draw(st.sampled_from(IDS))])["plan"]
    for _ in range(data.draw(st.integers(1, 3))):
        path, _ = data.draw(st.sampled_from(list(leaves(plan))))
        plan = put(plan, path[: data.draw(st.integers(1, len(path)))], data.draw(JUNK))
        if not isinstance(plan, dict) or not list(leaves(plan)):
            break
    assert all(found.sentence.endswith(".") for found in check(plan))


@given(data=st.data())
def test_whatever_text_stands_in_the_file_the_answer_is_sentences(
    data: st.DataObject, files: dict[str, str], check: Check
) -> None:
    text = files[data.draw(st.sampled_from(IDS))]
    at, width = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 60))
    torn = text[:at] + data.draw(st.text(max_size=5)) + text[at + width :]
    found = check(torn)
    assert found or torn == text
    assert all(each.sentence.endswith(".") for each in found)


@given(st.text())
def test_any_text_gets_sentences(text: str) -> None:
    assert [each.path for each in verify(text, lambda id: None)] == [""]
