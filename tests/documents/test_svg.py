"""Coordinates are rounded to two decimals without a float; hatching stays in its box."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from paulatim.documents.svg import hatch, number, shape_svg


@pytest.mark.parametrize(
    ("length", "said"),
    [(Fraction(1, 3), "0.33"), (Fraction(2, 3), "0.67"), (Fraction(1, 200), "0.01"), (5, "5"), (Fraction(5, 2), "2.5"),
     (1000, "1000"), (0, "0"), (Fraction(-1, 3), "-0.33")],
)  # fmt: skip
def test_a_length_has_at_most_two_decimals(length: Fraction | int, said: str) -> None:
    assert number(length) == said


def test_hatching_stays_in_its_box() -> None:
    lines = hatch("x", 10, 40, 20, 100)
    assert len(lines) > 10
    for line in lines:
        x1, y1, x2, y2 = (Fraction(value) for value in re.findall(r'[xy][12]="([^"]+)"', line))
        assert 10 <= x1 <= x2 <= 40
        assert 20 <= y1 <= y2 <= 100
        assert x2 - x1 == y2 - y1


def test_the_first_seven_numbers_have_seven_shapes() -> None:
    drawn = {re.sub(r"<text.*|<title.*?</title>", "", shape_svg(mark)) for mark in range(1, 8)}
    assert len(drawn) == 7
