"""Tables and paragraphs as plain text: as wide as the terminal, and no line breaks a number from its unit."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence

__all__ = ["table", "titled", "wrapped"]

_FIGURE = re.compile(r"(≈ )?-?[0-9][0-9.,/]*( [^ ]+)?|")
_GAP = "  "
_BOUND = "\N{NO-BREAK SPACE}"
_LEAST = 12  # a column of words is not made narrower than this
_NO_TERMINAL = 110  # columns, where the output goes to a file and COLUMNS says nothing


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Aligned columns, figures to the right; columns of words wrap. Too narrow a terminal gets one line a cell."""
    cells = [list(row) for row in rows]
    columns = list(zip(heads, *cells, strict=True))
    figures = [all(_FIGURE.fullmatch(cell) for cell in column[1:]) for column in columns]
    widths = _widths(columns, figures)
    if not widths:
        stacked = (_stacked(heads, row) for row in cells)
        return "\n\n".join(stacked)
    return "\n".join(line for row in (list(heads), *cells) for line in _lines(row, widths, figures))


def titled(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table under a title; nothing where there are no rows. A column without an entry is left out."""
    cells = list(rows)
    kept = [place for place in range(len(heads)) if any(row[place] for row in cells)]
    if cells:
        yield f"\n{title}"
        yield table([heads[place] for place in kept], [[row[place] for place in kept] for row in cells])


def wrapped(text: str) -> str:
    """A paragraph as wide as the terminal, its further lines set in."""
    return "\n".join(_wrap(text, max(_terminal(), 20), _GAP))


def _terminal() -> int:
    """The columns to fill; the standard library's own answer would load five modules of compression."""
    said = os.environ.get("COLUMNS", "")
    if said.isascii() and said.isdigit() and int(said):
        return int(said)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or _NO_TERMINAL
    except (OSError, ValueError):
        return _NO_TERMINAL


def _wrap(text: str, width: int, indent: str = "") -> list[str]:
    words = _bound(text)
    lines = textwrap.wrap(words, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return [line.replace(_BOUND, " ") for line in lines]


def _bound(text: str) -> str:
    """The text with each number bound to its unit, and to the step that it numbers."""
    return re.sub(r"(?<=[0-9≈]) (?=[0-9A-Za-z%\[])|(?<=step) (?=[0-9])", _BOUND, text)


def _widths(columns: list[tuple[str, ...]], figures: list[bool]) -> list[int]:
    """How wide each column is: words give way to figures. None at all where not even that fits."""
    widths = [max(map(len, column)) for column in columns]
    least = list(widths)
    for place, column in enumerate(columns):
        if not figures[place]:
            longest = max(len(word) for cell in column for word in (_bound(cell).split(" ")))
            least[place] = min(widths[place], max(_LEAST, longest))
    room = _terminal() - len(_GAP) * (len(columns) - 1)
    if sum(least) > room:
        return []
    while sum(widths) > room:
        spare = [size - low for size, low in zip(widths, least, strict=True)]
        widths[spare.index(max(spare))] -= 1
    return widths


def _lines(row: Sequence[str], widths: list[int], figures: list[bool]) -> Iterator[str]:
    parts = [[cell] if len(cell) <= size else _wrap(cell, size) for cell, size in zip(row, widths, strict=True)]
    for number in range(max(map(len, parts))):
        cells = [part[number] if number < len(part) else "" for part in parts]
        sized = zip(cells, widths, figures, strict=True)
        yield _GAP.join(cell.rjust(size) if figure else cell.ljust(size) for cell, size, figure in sized).rstrip()


def _stacked(heads: Sequence[str], row: Sequence[str]) -> str:
    return "\n".join(wrapped(f"{head}: {cell}") for head, cell in zip(heads, row, strict=True) if cell)
