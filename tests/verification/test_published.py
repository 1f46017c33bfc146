"""Verification's own reading of an entry's file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paulatim import entries, entry
from paulatim.verification.amounts import Unworkable, read_amount
from paulatim.verification.published import read_entry

SHELF = {path.stem: path for path in Path(__file__).parents[2].glob("src/paulatim/library/protocols/**/*.yaml")}


def shelf(id: str) -> str | None:
    return SHELF[id].read_text(encoding="utf-8") if id in SHELF else None


def test_every_entry_is_read() -> None:
    for each in entries():
        read = read_entry(each.id, shelf)
        assert (read.digest, read.drugs) == (each.digest, each.drugs)
        assert [rung.number for rung in read.rungs] == [step.number for step in each.steps]
        assert [bag.name for bag in read.bags] == [solution.name for solution in each.solutions]


def test_a_table_made_with_a_family_has_its_ladder() -> None:
    read = read_entry("ceftazidime-iv-12step-bwh-uptodate", shelf)
    assert [rung.rate and rung.rate.text() for rung in read.rungs] == [
        f"{rate} mL/h" for rate in (2, 5, 10, 20, 5, 10, 20, 40, 10, 20, 40, 80)
    ]
    assert read.doses["ceftazidime"][0].amount == read_amount("2 g")


def test_an_amount_may_have_a_source_of_its_own() -> None:
    text = SHELF["meropenem-iv-onebag-scribd"].read_text(encoding="utf-8")
    read = read_entry("x", {"x": text.replace("rate: 10 mL/h", "rate: {value: 10 mL/h, ref: other, at: page 2}")}.get)
    assert read.rungs[0].rate == read_amount("10 mL/h")


BROKEN: dict[str, Callable[[str], str]] = {
    "The published entry does not say its scaling, so the plan cannot be worked out again.": lambda text: text.replace(
        "scaling", "scales"
    ),
    "x is not YAML, so the plan cannot be worked out again.": lambda text: text + "\n{",
    "The published entry's x is no list of names and values.": lambda text: "- one",
    '"8o mL/h" is not an amount with a unit.': lambda text: text.replace("80 mL/h", "8o mL/h"),
    '"one" is not a whole number.': lambda text: text.replace("  1: {do", "  one: {do"),
}


@pytest.mark.parametrize("sentence", BROKEN)
def test_a_broken_entry_gets_a_sentence(sentence: str) -> None:
    text = BROKEN[sentence](SHELF["meropenem-iv-onebag-scribd"].read_text(encoding="utf-8"))
    with pytest.raises(Unworkable) as error:
        assert not read_entry("x", {"x": text}.get).fixed
    assert str(error.value) == sentence


def test_a_family_that_is_missing_is_named() -> None:
    own = shelf("ceftazidime-iv-pencf-10fold")
    with pytest.raises(Unworkable, match="made with tenfold-7-bag, which is not on this shelf"):
        read_entry("ceftazidime-iv-pencf-10fold", {"ceftazidime-iv-pencf-10fold": own}.get)


def test_sources_and_times_are_the_entrys() -> None:
    stamp = read_entry("ceftazidime-iv-12step-bwh-uptodate", shelf).stamp()
    assert stamp["observe"] == {
        "amount": read_amount("30 min"),
        "source": "castells-uptodate-52381, graphic 52381, monitoring",
    }
    assert stamp["entry"]["title"] == entry("ceftazidime-iv-12step-bwh-uptodate").title
    assert "vitals_every" not in read_entry("meropenem-iv-onebag-scribd", shelf).stamp()
