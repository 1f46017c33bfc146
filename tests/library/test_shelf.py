"""The entries that ship: each is found by its id, reads without a problem, and says where its numbers are from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest

from paulatim.library import (
    Entry,
    Kind,
    NotOnShelf,
    Scaling,
    Source,
    Transcription,
    Unreadable,
    entries,
    entry,
    ids,
    load,
    shelf,
)

FOLDER = Path(shelf.__file__).parent / "protocols"
FILES = sorted(FOLDER.rglob("*.yaml"))
SHIPPED = {
    "aspirin-oral-aerd-degregorio2019",
    "bwh-12-step-3-bag",
    "ceftazidime-iv-12step-bwh-uptodate",
    "ceftazidime-iv-pencf-10fold",
    "infliximab-iv-rcuh-wao2022",
    "meropenem-iv-onebag-scribd",
    "penicillinV-oral-cdc-wendel",
    "rituximab-iv-12step-hindawi2020",
    "tb-drugs-reintroduction-dili",
    "tenfold-7-bag",
}


def test_every_file_is_an_entry_and_every_name_is_used_once() -> None:
    assert set(ids()) >= SHIPPED
    assert list(ids()) == sorted(path.stem for path in FILES)
    assert [found.id for found in entries()][:2] == ["bwh-12-step-3-bag", "tenfold-7-bag"]
    assert {found.id for found in entries()} == set(ids())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_lies_in_the_folder_of_its_sort(path: Path) -> None:
    found = entry(path.stem)
    folder = "families" if found.kind is Kind.FAMILY else str(found.route)
    assert path.parent.name == folder


def sources(value: object) -> Iterator[Source]:
    """Every source within a value."""
    if isinstance(value, Source):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from sources(item)
    elif isinstance(value, dict):
        yield from sources(tuple(value.values()))
    elif is_dataclass(value):
        for field in fields(value):
            yield from sources(getattr(value, field.name))


@pytest.mark.parametrize("id", sorted(SHIPPED))
def test_every_number_names_a_reference_that_can_be_found(id: str) -> None:
    found = entry(id)
    named = list(sources(found))
    assert len(named) > len(found.steps)
    assert {source.ref for source in named} <= set(found.references)
    assert all(source.at for source in named)
    for reference in found.references.values():
        assert reference.doi or reference.pmcid or reference.url


def test_a_table_made_with_a_family_has_the_familys_ladder_and_its_own_numbers() -> None:
    table, family = entry("ceftazidime-iv-12step-bwh-uptodate"), entry("bwh-12-step-3-bag")
    assert table.solutions == family.solutions
    assert [replace(step, drug="") for step in table.steps] == list(family.steps)
    assert {step.drug for step in table.steps} == {"ceftazidime"}
    assert (table.kind, table.scaling, table.last_bag) == (Kind.TABLE, Scaling.TO_TARGET, family.last_bag)
    target = table.target.by_drug["ceftazidime"].for_weight(None)
    assert target
    assert (str(target.amount), target.source) == (
        "2000 mg",
        Source("castells-uptodate-52381", "graphic 52381, target"),
    )
    assert table.observe == family.observe


def test_an_unknown_id_names_the_nearest() -> None:
    with pytest.raises(NotOnShelf) as error:
        entry("infliximab-rcuh")
    assert str(error.value) == 'There is no entry "infliximab-rcuh". Did you mean infliximab-iv-rcuh-wao2022?'
    with pytest.raises(NotOnShelf) as error:
        entry("zzz")
    assert str(error.value) == 'There is no entry "zzz". Type "paulatim library" for the list.'


@pytest.fixture
def shelf_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A shelf of one's own."""
    monkeypatch.setattr(shelf, "_FOLDER", tmp_path)
    shelf._files.cache_clear()
    entry.cache_clear()
    yield tmp_path
    shelf._files.cache_clear()
    entry.cache_clear()


def broken(id: str) -> str:
    """What is said when an entry is asked for."""
    with pytest.raises(Unreadable) as error:
        entry(id)
    return str(error.value)


def test_a_new_file_is_an_entry_at_once(shelf_of: Path, files: dict[str, str]) -> None:
    (shelf_of / "small.yaml").write_text(files["table"], encoding="utf-8")
    assert entry("small") == load(files["table"], "small.yaml")
    assert entries() == (entry("small"),)


def test_a_file_of_another_name_is_refused(shelf_of: Path, files: dict[str, str]) -> None:
    (shelf_of / "other.yaml").write_text(files["table"], encoding="utf-8")
    assert broken("other") == (
        'other.yaml:1:1: id: The file is named other.yaml, its entry "small". Give both one name.'
    )


def test_a_table_is_made_with_a_family_that_is_there_and_is_one(shelf_of: Path, files: dict[str, str]) -> None:
    (shelf_of / "small.yaml").write_text(files["made"], encoding="utf-8")
    assert broken("small") == (
        'small.yaml:13:20: made_with.entry: There is no entry "a-family". Type "paulatim library" for the list.'
    )
    (shelf_of / "a-family.yaml").write_text(files["table"].replace("id: small", "id: a-family"), encoding="utf-8")
    shelf._files.cache_clear()
    assert broken("small") == "small.yaml:13:20: made_with.entry: a-family is a table of its own. Name a family."
    (shelf_of / "a-family.yaml").write_text(files["family"].replace("id: small", "id: a-family"), encoding="utf-8")
    assert [step.number for step in entry("small").steps] == [1, 2]


def test_a_table_made_with_itself_is_refused(shelf_of: Path, files: dict[str, str]) -> None:
    (shelf_of / "small.yaml").write_text(files["made"].replace("a-family", "small"), encoding="utf-8")
    assert broken("small") == "small.yaml:13:20: made_with.entry: small is a table of its own. Name a family."


def test_a_printed_cell_is_checked_against_the_familys_ladder(shelf_of: Path, files: dict[str, str]) -> None:
    (shelf_of / "a-family.yaml").write_text(files["family"].replace("id: small", "id: a-family"), encoding="utf-8")
    (shelf_of / "small.yaml").write_text(files["made"].replace("    1: {vol", "    9: {vol"), encoding="utf-8")
    assert broken("small") == (
        "small.yaml:16:17: printed.steps.9.volume: The ladder has no step 9. Remove it, or add it to the ladder."
    )


def test_an_entry_that_was_not_read_in_full_says_so() -> None:
    found = entry("meropenem-iv-onebag-scribd")
    assert found.startable == ""
    partial: Entry = replace(found, transcription=Transcription.PARTIAL)
    assert partial.startable == ("meropenem-iv-onebag-scribd is partial: compare it with the source before any use.")
