"""The printed cells of a published table, by path, and what is wrong with how they were copied."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from paulatim.library.amounts import DRUG, STRENGTH, drug_of, in_kind
from paulatim.library.entry import Entry
from paulatim.library.reading import Node
from paulatim.quantity import Quantity, QuantityError, UnitMismatch

__all__ = ["miscopied", "printed"]

_OF_SOLUTION = {"volume": "mL", "amount": DRUG, "concentration": STRENGTH}
_OF_STEP = {
    "solution": "", "rate": "mL/h", "time": "min", "volume": "mL", "dose": DRUG, "cumulative": DRUG, "fold": "1",
    "concentration": STRENGTH,
}  # fmt: skip
_MAY_BE_NOTHING = ("dose", "cumulative")  # a purge counts as no dose
_NOT_KNOWN = "not known"


def printed(node: Node) -> dict[str, str]:
    """Each printed cell as text, by its path: `steps.10.volume`, `solutions.A.amount`, `total_time`."""
    cells: dict[str, str] = {}

    def walk(part: Node, path: str) -> None:
        for key, child in part.items():
            here = f"{path}.{key}".lstrip(".")
            if "." in key:
                child.problem(f'"{key}" is no row and no column. Write one name a line, one in the other.')
            elif child.is_text:
                cells[here] = child.text()
            else:
                walk(child, here)

    walk(node, "")
    return cells


def miscopied(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield the path and the sentence of each cell or erratum that does not fit the entry's own ladder."""
    counted = {drug_of(band.cited.amount) for dose in entry.target.by_drug.values() for band in dose.bands}
    for path, text in entry.printed.items():
        if sentence := _cell(path, text, entry) or _otherwise_counted(text, counted):
            yield f"printed.{path}", sentence
    for place, erratum in enumerate(entry.errata, 1):
        for key, sentence in _erratum(erratum.at, erratum.printed, erratum.corrected, entry.printed):
            yield f"errata[{place}].{key}", sentence


def _cell(path: str, text: str, entry: Entry) -> str:
    where, *rest = path.split(".")
    if where == "total_time" and not rest:
        return _amount("total_time", "min", text)
    if where not in ("steps", "solutions") or len(rest) != 2:
        return "This is no cell of a table. Write steps, solutions or total_time under printed."
    name, column = rest
    steps = {str(step.number): step for step in entry.steps}
    solutions = [solution.name for solution in entry.solutions]
    columns = _OF_STEP if where == "steps" else _OF_SOLUTION
    if name not in (steps if where == "steps" else solutions):
        return f"The ladder has no {where[:-1]} {name}. Remove it, or add it to the ladder."
    if column not in columns:
        return f'"{column}" is no column here. Write one of {", ".join(columns)}.'
    if where == "steps" and column in ("solution", "concentration") and not steps[name].solution:
        return f"Step {name} is from no solution. Remove the cell."
    if column != "solution":
        return _amount(column, columns[column], text)
    return "" if text in solutions else f'There is no solution "{text}". Name one of {", ".join(solutions)}.'


def _amount(column: str, kind: str, text: str) -> str:
    """What is wrong with the text of a cell; nothing if it is an amount of the column's kind."""
    try:
        if kind == "1":
            Quantity(text, "1")
        else:
            in_kind(kind, zero=column in _MAY_BE_NOTHING)(text)
    except (QuantityError, UnitMismatch) as error:
        return str(error)
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?" + (r"" if kind == "1" else r" \S+"), text):
        return f'"{text}" is not written as printed cells are here. Write decimals, one space and the unit.'
    return ""


def _otherwise_counted(text: str, counted: set[str]) -> str:
    """A cell in units cannot be compared with a ladder in mg."""
    kind = drug_of(Quantity(text)) if " " in text else ""
    return (
        f"{text} is counted in {kind}, the target is not. Correct one of the two."
        if kind and kind not in counted
        else ""
    )


def _erratum(at: str, said: str, corrected: str, cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if not at.startswith(("steps.", "solutions.", "total_time")):
        return  # a place in words, such as the table's header
    if at not in cells:
        yield "at", f"No cell {at} is printed here. Name one that is, or say the place in words."
        return
    if said != cells[at]:
        yield "printed", f'The cell is printed as "{cells[at]}" above. Write the same.'
    column = at.rpartition(".")[2]
    kind = {**_OF_SOLUTION, **_OF_STEP, "total_time": "min"}.get(column, "")
    if corrected != _NOT_KNOWN and kind and (wrong := _amount(column, kind, corrected)):
        yield "corrected", wrong
