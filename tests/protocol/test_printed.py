"""Each published table, copied again from its source into tests/golden, beside the entry and beside the ladder."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import pytest

from paulatim.library import Entry, Kind, entries, entry
from paulatim.protocol import CannotScale, Ladder, Request, compare, published, scale
from paulatim.quantity import Quantity

GOLDEN = Path(__file__).parents[1] / "golden"
TABLES = sorted(path.stem for path in GOLDEN.glob("*.csv"))
UNDER_50, OVER_50 = Quantity("49 kg"), Quantity("51 kg")
POWER = re.compile(r"(\d+) (\S+) x 10\^-(\d+)")  # as one source prints its doses: 3 g x 10^-6


@dataclass(frozen=True, slots=True)
class Golden:
    """A golden file: where it was published, its cells by path, the doses by weight, and the known misprints."""

    source: tuple[str, ...]
    cells: Mapping[str, str]
    by_weight: Mapping[tuple[str, str], str]
    misprints: Mapping[str, tuple[str, str]]


def golden(id: str) -> Golden:
    """Read a golden file: remarks, then blocks of comma-separated lines, each with a head of `column (unit)`."""
    remarks, *blocks = (GOLDEN / f"{id}.csv").read_text(encoding="utf-8").split("\n\n")
    source = tuple(line.removeprefix("# ") for line in remarks.splitlines())
    totals = [line.removeprefix("Total time: ") for line in source if line.startswith("Total time: ")]
    cells = dict(zip(["total_time"], totals, strict=False))
    by_weight, misprints = {}, {}
    for block in blocks:
        for row in csv.DictReader(block.splitlines()):
            if "misprint" in row:
                misprints[row["misprint"]] = (row["printed"], row["corrected"])
                continue
            room = "solutions" if next(iter(row)) == "solution" else "steps"
            for column, text in cells_of(row):
                path = f"{room}.{next(iter(row.values()))}.{column}"
                if row.get("weight"):
                    by_weight[path, row["weight"]] = text
                else:
                    cells[path] = text
    return Golden(source, cells, by_weight, misprints)


def cells_of(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The columns of a row, each figure with the unit of its head."""
    for place, (head, figure) in enumerate(row.items()):
        column, _, unit = head.removesuffix(")").partition(" (")
        if place and figure and column not in ("weight", "day", "drug"):
            yield column, f"{figure} {unit}".strip()


def exact(text: str) -> Quantity:
    """A golden figure: an amount, a ratio such as x2.5, or one with its power of ten."""
    if power := POWER.fullmatch(text):
        return Quantity(Fraction(int(power[1]), 10 ** int(power[3])), power[2])
    return Quantity(text.removeprefix("x"), "1") if " " not in text else Quantity(text)


def half_a_digit(text: str) -> Quantity:
    """Half of the last printed digit."""
    figure = exact(text)
    if POWER.fullmatch(text):
        return figure * 0
    places = len(text.removeprefix("x").split()[0].partition(".")[2])
    return Quantity(Fraction(1, 2 * 10**places), figure.unit)


def from_ladder(path: str, ladder: Ladder) -> Quantity:
    """The ladder's own value for a cell, looked up here and not in the code under test."""
    where, *rest = path.split(".")
    if where == "total_time":
        last = ladder.steps[-1]
        return last.begins + last.lasts
    name, column = rest
    rows = {solution.name: solution for solution in ladder.solutions}
    if where == "solutions":
        value = getattr(rows[name], column)
    else:
        step = {str(step.number): step for step in ladder.steps}[name]
        value = rows[step.solution].concentration if column == "concentration" else getattr(step, column)
    return Quantity(value, "1") if isinstance(value, Fraction) else value


def weights(found: Entry) -> tuple[Quantity | None, ...]:
    """The body weights that a table is worked out for: none where it does not ask."""
    asks = any(dose.by_weight for dose in found.target.by_drug.values())
    return (UNDER_50, OVER_50) if asks else (None,)


def ladder_of(id: str, weight: Quantity | None) -> Ladder:
    """The published ladder."""
    return scale(entry(id), replace(published(entry(id)), weight=weight))


def test_every_printed_table_has_a_golden_file_that_names_its_source() -> None:
    assert set(TABLES) == {found.id for found in entries() if found.kind is Kind.TABLE}
    for id in TABLES:
        source = golden(id).source
        assert len(source) >= 2
        assert re.search(r"https?://|doi:|PMC\d", " ".join(source))


@pytest.mark.parametrize("id", TABLES)
def test_the_golden_file_names_the_entrys_source(id: str) -> None:
    said, found = " ".join(golden(id).source), entry(id)
    reference = found.references[found.source.ref]
    assert found.source.at in said
    assert [part for part in (reference.doi, reference.pmcid, reference.url) if part and part in said]


@pytest.mark.parametrize("id", TABLES)
def test_the_entry_and_the_golden_file_have_the_same_cells(id: str) -> None:
    assert set(entry(id).printed) == set(golden(id).cells)


@pytest.mark.parametrize("id", TABLES)
def test_each_printed_cell_was_copied_alike_twice(id: str) -> None:
    unlike = {}
    for path, text in golden(id).cells.items():
        copied = entry(id).printed[path]
        same = copied == text if path.endswith(".solution") else exact(copied) == exact(text)
        if not same:
            unlike[path] = (copied, text)
    assert unlike == {}


@pytest.mark.parametrize("id", TABLES)
def test_each_printed_cell_comes_out_to_its_last_digit_but_for_the_known_misprints(id: str) -> None:
    known = golden(id)
    for weight in weights(entry(id)):
        ladder = ladder_of(id, weight)
        wrong = {}
        for path, text in known.cells.items():
            if path.endswith(".solution"):
                assert ladder.steps[int(path.split(".")[1]) - 1].solution == text
                continue
            value = from_ladder(path, ladder)
            difference = max(value - exact(text), exact(text) - value)
            if difference > half_a_digit(text):
                wrong[path] = (text, str(value))
        assert wrong == known.misprints


@pytest.mark.parametrize("id", TABLES)
def test_compare_says_the_same_of_every_cell(id: str) -> None:
    known = golden(id)
    for weight in weights(entry(id)):
        cells = compare(entry(id), weight)
        assert [cell.path for cell in cells] == list(entry(id).printed)
        assert [cell.printed for cell in cells] == list(entry(id).printed.values())
        wrong = {cell.path: cell for cell in cells if not cell.agrees}
        assert {path: (cell.printed, cell.corrected) for path, cell in wrong.items()} == known.misprints
        assert all(exact(cell.computed) == exact(cell.printed) for cell in cells if " " in cell.printed and cell.agrees)
        ladder = ladder_of(id, weight)
        for path, cell in wrong.items():
            assert from_ladder(path, ladder) == Quantity(cell.corrected)
            assert abs(exact(cell.computed).ratio(Quantity(cell.corrected)) - 1) < Fraction(1, 1000)


@pytest.mark.parametrize("id", TABLES)
def test_errata_of_cells_are_exactly_the_known_misprints(id: str) -> None:
    listed = {
        erratum.at: (erratum.printed, erratum.corrected)
        for erratum in entry(id).errata
        if erratum.at in entry(id).printed
    }
    assert listed == golden(id).misprints


def test_the_dose_by_weight_is_the_printed_one() -> None:
    by_weight = golden("tb-drugs-reintroduction-dili").by_weight
    assert len(by_weight) == 2
    for (path, words), text in by_weight.items():
        ladder = ladder_of("tb-drugs-reintroduction-dili", UNDER_50 if words == "under 50 kg" else OVER_50)
        assert from_ladder(path, ladder) == exact(text)


def test_days_and_drugs_of_the_two_drug_table_are_the_printed_ones() -> None:
    block = (GOLDEN / "tb-drugs-reintroduction-dili.csv").read_text(encoding="utf-8").split("\n\n")[1]
    rows = {row["step"]: row for row in csv.DictReader(block.splitlines())}
    steps = ladder_of("tb-drugs-reintroduction-dili", UNDER_50).steps
    assert [(step.day, step.drug) for step in steps] == [(int(row["day"]), row["drug"]) for row in rows.values()]
    assert [step.begins for step in steps] == [Quantity(int(row["day"]) - 1, "d") for row in rows.values()]


def test_a_family_has_no_cells() -> None:
    assert compare(entry("bwh-12-step-3-bag")) == ()


def test_a_table_by_weight_is_not_compared_without_one() -> None:
    with pytest.raises(CannotScale, match=r"^The dose of rifampicin depends on body weight\. Give the weight in kg\.$"):
        compare(entry("tb-drugs-reintroduction-dili"))


@pytest.mark.parametrize(("printed", "computed", "agrees"), [
    ("339.4 min", "339.4 min", True), ("339.37 min", "339.37 min", True), ("339.38 min", "339.38 min", True),
    ("339.36 min", "339.38 min", False), ("340 min", "339 min", False), ("5.66 h", "5.66 h", True),
    ("5.65 h", "5.66 h", False), ("339.375 min", "339.375 min", True), ("339.3750 min", "339.3750 min", True),
])  # fmt: skip
def test_agreement_is_to_half_the_last_printed_digit(printed: str, computed: str, agrees: bool) -> None:
    found = replace(entry("ceftazidime-iv-12step-bwh-uptodate"), printed={"total_time": printed}, errata=())
    (cell,) = compare(found)
    assert (cell.printed, cell.computed, cell.agrees, cell.corrected) == (printed, computed, agrees, "")


@pytest.mark.parametrize(("path", "printed", "computed", "agrees"), [
    ("steps.1.solution", "2", "1", False), ("steps.1.solution", "1", "1", True), ("steps.12.fold", "2", "2", True),
    ("steps.5.fold", "2.4", "2.5", False), ("steps.1.fold", "1", "", False),
    ("solutions.2.amount", "0.2 g", "0.2 g", True),
    ("steps.5.concentration", "0.8 mg/mL", "0.8 mg/mL", True), ("steps.1.dose", "41 mcg", "40 mcg", False),
])  # fmt: skip
def test_every_sort_of_cell_is_compared(path: str, printed: str, computed: str, agrees: bool) -> None:
    found = replace(entry("ceftazidime-iv-12step-bwh-uptodate"), printed={path: printed}, errata=())
    (cell,) = compare(found)
    assert (cell.computed.removesuffix(" 1"), cell.agrees) == (computed, agrees)


def test_the_published_request_is_how_the_table_was_made() -> None:
    assert published(entry("ceftazidime-iv-12step-bwh-uptodate")) == Request(
        volume=Quantity("250 mL"), final_rate=Quantity("80 mL/h")
    )
    assert published(entry("bwh-12-step-3-bag")) == Request()
