"""The shelf: the entries that ship with Paulatim, each found by its id, which is its file's name."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from paulatim.library.entry import Band, Cited, Dose, Entry, Kind, StepRule, Target
from paulatim.library.loading import NotOnShelf, load
from paulatim.library.reading import Problem, Unreadable

__all__ = ["NotOnShelf", "entries", "entry", "ids"]

_FOLDER = Path(__file__).parent / "protocols"


@lru_cache(maxsize=1)
def _files() -> dict[str, Path]:
    return {path.stem: path for path in sorted(_FOLDER.rglob("*.yaml"))}


def ids() -> tuple[str, ...]:
    """All ids, sorted."""
    return tuple(sorted(_files()))


@lru_cache(maxsize=256)
def entry(id: str) -> Entry:
    """The entry with this id; raises NotOnShelf, or Unreadable when its file is broken."""
    return _read(id, _with_family)


def _read(id: str, lend: Callable[[Entry], Entry] | None) -> Entry:
    path = _files().get(id)
    if path is None:
        raise NotOnShelf(_nearest(id))
    made = load(path.read_text(encoding="utf-8"), path.name, lend)
    if made.id != id:
        sentence = f'The file is named {path.name}, its entry "{made.id}". Give both one name.'
        raise Unreadable([Problem(path.name, 1, 1, "id", sentence)])
    return made


def entries() -> tuple[Entry, ...]:
    """All entries, families first, then by id."""
    return tuple(sorted((entry(id) for id in ids()), key=lambda e: (e.kind is not Kind.FAMILY, e.id)))


def _nearest(id: str) -> str:
    from difflib import get_close_matches  # only a wrong id pays for it

    near = get_close_matches(id, ids(), 3, 0.4)
    hint = f"Did you mean {' or '.join(near)}?" if near else 'Type "paulatim library" for the list.'
    return f'There is no entry "{id}". {hint}'


def _with_family(table: Entry) -> Entry:
    """A printed table made with a family: the family's ladder, the table's own target, cells and sources."""
    assert table.made_with
    family = _read(table.made_with.entry, None)
    if family.kind is not Kind.FAMILY:
        raise NotOnShelf(f"{family.id} is a table of its own. Name a family.")
    target = Cited(table.made_with.target, dataclasses.replace(table.source, at=f"{table.source.at}, target"))
    only = Dose((Band(None, None, target),))
    return dataclasses.replace(
        table,
        target=Target(family.target.meaning, dict.fromkeys(table.drugs, only)),
        scaling=family.scaling,
        last_bag=family.last_bag,
        solutions=family.solutions,
        steps=tuple(_for_drug(step, table.drugs[0]) for step in family.steps),
        interval=table.interval or family.interval,
        vitals=table.vitals or family.vitals,
        observe=table.observe or family.observe,
        references={**family.references, **table.references},
    )


def _for_drug(step: StepRule, drug: str) -> StepRule:
    return dataclasses.replace(step, drug=drug)
