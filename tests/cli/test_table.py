"""Tables fit the terminal, and no number is torn from its unit."""

from __future__ import annotations

import re

import pytest

from paulatim.cli.table import table, titled, wrapped

HEADS = ("step", "rate", "what")
ROWS = [
    ("1", "2 mL/h", "runs from the first bag, as long as it lasts"),
    ("12", "≈ 7.937 mL/h", "from the second, 250 mL of it"),
]


def at(width: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(width))
    return table(HEADS, ROWS).splitlines()


def test_figures_stand_to_the_right_and_words_to_the_left(monkeypatch: pytest.MonkeyPatch) -> None:
    assert at(110, monkeypatch) == [
        "step          rate  what",
        "   1        2 mL/h  runs from the first bag, as long as it lasts",
        "  12  ≈ 7.937 mL/h  from the second, 250 mL of it",
    ]


def test_words_give_way_to_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    assert at(42, monkeypatch) == [
        "step          rate  what",
        "   1        2 mL/h  runs from the first",
        "                    bag, as long as it",
        "                    lasts",
        "  12  ≈ 7.937 mL/h  from the second,",
        "                    250 mL of it",
    ]


def test_where_nothing_fits_each_cell_has_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert at(24, monkeypatch)[:2] == ["step: 1", "rate: 2 mL/h"]


@pytest.mark.parametrize("width", range(20, 111, 3))
def test_no_line_is_too_wide_or_tears_a_number(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = at(width, monkeypatch)
    assert max(map(len, lines)) <= width
    text = "\n".join(lines)
    assert text.count("≈ 7.937 mL/h") == text.count("2 mL/h") == 1
    assert not re.search(r"250\s*\n", text)


def test_a_column_without_an_entry_and_a_table_without_rows_are_left_out() -> None:
    assert list(titled("T", ("a", "b"), [("1", ""), ("2", "")])) == ["\nT", "a\n1\n2"]
    assert list(titled("T", ("a", "b"), [])) == []


def test_a_paragraph_is_set_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    assert wrapped("stop R-VOL-01: Make more of solution 1.").splitlines() == [
        "stop R-VOL-01: Make more of",
        "  solution 1.",
    ]
