"""The printed table beside the computed one, cell by cell, judged at the precision that was printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from paulatim.library import Entry
from paulatim.protocol.ladder import Ladder, Solution, Step
from paulatim.protocol.scale import published, scale
from paulatim.quantity import Quantity

__all__ = ["Cell", "compare"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell, what comes out here, and whether the two agree to the last printed digit."""

    path: str
    printed: str
    computed: str
    agrees: bool
    corrected: str = ""  # from the errata, where one is listed for this cell


def compare(entry: Entry, weight: Quantity | None = None) -> tuple[Cell, ...]:
    """Every printed cell of a table against its own ladder; a family has none.

    `weight` is needed where the source doses by weight; raises CannotScale without it.
    """
    if not entry.printed:
        return ()
    return tuple(_cells(entry, scale(entry, replace(published(entry), weight=weight))))


def _cells(entry: Entry, ladder: Ladder) -> Iterator[Cell]:
    corrected = {erratum.at: erratum.corrected for erratum in entry.errata}
    for path, printed in entry.printed.items():
        value = _value(path, ladder)
        shown, agrees = _at_printed_precision(printed, value)
        yield Cell(path, printed, shown, agrees, corrected.get(path, ""))


def _value(path: str, ladder: Ladder) -> Quantity | str | None:
    where, *rest = path.split(".")
    if where == "total_time":
        return ladder.duration
    name, column = rest
    step = None if where == "solutions" else ladder.steps[int(name) - 1]
    row: Solution | Step = ladder.solution(name) if step is None else step
    if step is not None and column == "concentration":
        row = ladder.solution(step.solution)
    found: Quantity | Fraction | str | None = getattr(row, column)
    return Quantity(found, "1") if isinstance(found, Fraction) else found


def _at_printed_precision(printed: str, value: Quantity | str | None) -> tuple[str, bool]:
    """The value written with the printed cell's decimals and unit, and whether it is within half its last digit."""
    if not isinstance(value, Quantity):
        return str(value or ""), printed == value
    number = printed.split(maxsplit=1)[0]
    cell = Quantity(printed) if " " in printed else Quantity(printed, "1")
    places = len(number.partition(".")[2])
    exact = value.to(cell.unit).number
    if abs(exact - cell.number) <= Fraction(1, 2 * 10**places):
        return printed, True
    digits = str(int(exact * 10**places + Fraction(1, 2))).rjust(places + 1, "0")
    figure = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"{figure} {cell.unit.text}".removesuffix(" 1"), False
