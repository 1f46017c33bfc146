"""Verify a plan's file: its hash, the published entry worked out again, and the plan against itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from paulatim.verification.amounts import Unworkable
from paulatim.verification.disagreement import Disagreement, Notes, place
from paulatim.verification.itself import check_admitted, check_batches, check_steps
from paulatim.verification.published import Published, Shelf, read_entry
from paulatim.verification.recipe import Measures, check_recipe, read_measures
from paulatim.verification.rework import Rework
from paulatim.verification.shape import digest, read_file, read_shape

__all__ = ["verify"]

_BECAUSE = "worked out again from the published entry"


def verify(text: str, entry_text: Shelf, bench_text: str | None = None) -> tuple[Disagreement, ...]:
    """All that does not fit in a plan's file; nothing when it is right.

    `entry_text` gives the YAML text of a published entry, or None. With the text of the bench's file, syringes and
    the volumes made are checked too. Never raises: what cannot be read is a disagreement.
    """
    notes = Notes()
    try:
        said, data = read_file(text)
        if said != (found := digest(data)):
            sentence = "Make the plan again: the file was changed after it was made, and its hash no longer fits."
            notes.add("hash", sentence, said, found)
        plan = read_shape(data, notes)
    except Unworkable as error:
        notes.add("", str(error))
        return notes.all
    if any(note.path != "hash" for note in notes.all):
        return notes.all  # with a field missing or of another kind there is nothing to calculate with
    _check(plan, entry_text, bench_text, notes)
    return notes.all


def _check(plan: dict[str, Any], entry_text: Shelf, bench_text: str | None, notes: Notes) -> None:
    measures: list[Measures] = []
    if bench_text is not None:
        _try(notes, "bench", lambda: measures.append(read_measures(bench_text)))
    bench = measures[0] if measures else None
    _try(notes, "entry", lambda: _against_entry(plan, read_entry(plan["entry"]["id"], entry_text), bench, notes))
    _try(notes, "steps", lambda: check_steps(plan, notes))
    _try(notes, "batches", lambda: check_batches(plan, notes))
    _try(notes, "recipe", lambda: check_recipe(plan, bench, notes))
    _try(notes, "findings", lambda: check_admitted(plan, notes))


def _against_entry(plan: dict[str, Any], entry: Published, bench: Measures | None, notes: Notes) -> None:
    if plan["entry"]["digest"] != entry.digest:
        notes.add("entry.digest", "Make the plan again: its entry is not the one on this shelf, or was changed since.",
                  plan["entry"]["digest"], entry.digest)  # fmt: skip
    stamp = entry.stamp()
    notes.match("", plan, stamp, "in the published entry")
    for name in ("vitals_every", "observe", "symptom_free"):
        if name not in stamp and not plan[name]["source"].startswith(f"policy of {plan['policy']['site']}: "):
            notes.add(f"{name}.source", f"Make the plan again: {place(name)} is not in the published entry.")
    patient = plan["patient"]
    if patient and patient["weight"] is not None and plan["request"]["weight"] is None:
        notes.add("request.weight", "Make the plan again: the patient's weight was not used.", None, patient["weight"])
    found = Rework(entry, plan["request"], bench.prepare_in if bench else None).plan()
    notes.match("", plan, found, _BECAUSE)


def _try(notes: Notes, path: str, check: Callable[[], None]) -> None:
    """Run a check; what it cannot work out is one disagreement more."""
    try:
        check()
    except Unworkable as error:
        notes.add(path, f"Do not rely on this plan. {error}")
