"""The library's pages: every number beside what was printed, every misprint struck, every source named."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from paulatim.library import entry, ids

if TYPE_CHECKING:
    from .conftest import World

INFLIXIMAB = "infliximab-iv-rcuh-wao2022"


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def get(world: World, path: str) -> str:
    answer = world.client().get(path)
    assert answer.status_code == 200
    return answer.text


def listed(html: str) -> set[str]:
    return set(re.findall(r'<a href="/library/([\w-]+)">', html))


def test_every_entry_is_listed_with_its_review_and_misprints(world: World) -> None:
    html = get(world, "/library")
    assert listed(html) == set(ids())
    said = words(html)
    assert "infliximab-iv-rcuh-wao2022 infliximab into a vein printed table 2 of 4 readings to do 3" in said
    assert "bwh-12-step-3-bag any drug into a vein made for any drug 2 of 4 readings to do none" in said
    assert html.count("ladder-thumbnail") == len(ids()) - 1  # one needs a weight
    assert "needs a weight" in said


def test_browse_by_drug_route_and_kind(world: World) -> None:
    assert listed(get(world, "/library?drug=infliximab")) == {INFLIXIMAB}
    assert listed(get(world, "/library?kind=family")) == {"bwh-12-step-3-bag", "tenfold-7-bag"}
    by_mouth = listed(get(world, "/library?route=oral"))
    assert by_mouth == {id for id in ids() if entry(id).route == "oral"}
    assert "No protocol fits all of this." in words(get(world, "/library?route=oral&kind=family"))


@pytest.mark.parametrize("id", ids())
def test_every_entry_has_a_page_with_its_references_and_its_readings(world: World, id: str) -> None:
    said, shown = words(get(world, f"/library/{id}")), entry(id)
    assert shown.title in said
    for reference in shown.references.values():
        assert " ".join(str(reference).split()) in said
    for note in (*shown.notes, *shown.on_reaction):
        assert " ".join(note.split()) in said
    for erratum in shown.errata:
        assert " ".join(erratum.reason.split()) in said
    assert "Signed by a pharmacist: to do" in said


def test_the_printed_cell_stands_beside_the_computed_one(world: World) -> None:
    """Table 8 of World Allergy Organization Journal 15(6):100640: 212.5 mL and 425 mg are misprints."""
    html = get(world, f"/library/{INFLIXIMAB}")
    said = words(html)
    assert "2 Bag 1 (A) 100 mL/h printed 100 mL/h 15 min printed 15 min 25 mL printed 25 mL 1 mg printed 1 mg" in said
    assert "211.5 mL ≠ printed 212.5 mL , corrected 211.5 mL" in said
    assert "<s>212.5 mL</s>" in html
    assert "<s>425 mg</s>" in html
    assert "74 of 76 printed cells agree to their last digit." in said
    assert "Step 10, volume 212.5 mL 211.5 mL The rest of the target is 423 mg" in said
    assert "[1] Table 8, step 10" in said
    assert "Step 10, rate 125 mL/h [1] Table 8, step 10, rate" in said
    assert "Solution A, holds 1/50 of the target [1] Table 8, solution A" in said
    assert f'href="/workbench?entry={INFLIXIMAB}"' in html


def test_a_family_is_shown_at_an_example_that_says_so(world: World) -> None:
    said = words(get(world, "/library/bwh-12-step-3-bag"))
    assert "Example: 1000 mg of any drug. This protocol has no target of its own." in said
    assert "any drug 1000 mg 12 steps" in said


def test_a_dose_by_weight_asks_for_the_weight(world: World) -> None:
    path = "/library/tb-drugs-reintroduction-dili"
    html = get(world, path)
    assert "The dose of rifampicin depends on body weight. Give the weight in kg." in words(html)
    assert '<label for="weight">' in html
    assert "rifampicin 450 mg" in words(get(world, f"{path}?weight=45 kg"))
    heavier = get(world, f"{path}?weight=60 kg")
    assert "rifampicin 600 mg" in words(heavier)
    assert "weight=60%20kg" in heavier
    wrong = get(world, f"{path}?weight=60")
    assert '"60" has no unit.' in words(wrong)
    assert 'value="60"' in wrong
    assert 'aria-invalid="true"' in wrong
    assert "The source gives no dose of rifampicin for 50 kg." in words(get(world, f"{path}?weight=50 kg"))


def test_there_is_no_page_for_an_entry_that_does_not_exist(world: World) -> None:
    assert world.client().get("/library/bwh").status_code == 404
