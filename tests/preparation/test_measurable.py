"""What syringes measure: full large ones, then the one that holds the rest, then the finest; never above."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paulatim import Quantity
from paulatim.preparation import bench

Q = Quantity


@pytest.mark.parametrize(
    ("exact", "fills"),
    [
        ("0 mL", []),
        ("0.009 mL", []),
        ("0.01 mL", ["0.01 of 1"]),
        ("0.2 mL", ["0.2 of 1"]),
        ("0.999 mL", ["0.99 of 1"]),
        ("1 mL", ["1 of 1"]),
        ("1.01 mL", ["1 of 3", "0.01 of 1"]),
        ("2.55 mL", ["2.5 of 3", "0.05 of 1"]),
        ("3.3 mL", ["3.2 of 5", "0.1 of 1"]),
        ("9.925 mL", ["9.5 of 10", "0.42 of 1"]),
        ("19.8426 mL", ["19 of 20", "0.84 of 1"]),
        ("50 mL", ["50 of 50"]),
        ("123.456 mL", ["50 of 50", "50 of 50", "23 of 50", "0.45 of 1"]),
        ("200 mcL", ["0.2 of 1"]),
    ],
)
def test_a_volume_becomes_marks(exact: str, fills: list[str]) -> None:
    draw = bench().draw(Q(exact))
    shown = [
        f"{str(fill.volume).removesuffix(' mL')} of {str(fill.syringe.holds).removesuffix(' mL')}"
        for fill in draw.fills
    ]
    assert shown == fills


@given(st.fractions(min_value=0, max_value=500, max_denominator=10**6))
def test_it_is_never_above_and_less_than_one_fine_mark_below(millilitres: Fraction) -> None:
    exact = Quantity(millilitres, "mL")
    draw = bench().draw(exact)
    assert draw.measured <= exact < draw.measured + bench().syringes[0].marks
    assert all(fill.volume <= fill.syringe.holds for fill in draw.fills)


def test_the_bench_says_whose_figures_it_has() -> None:
    found = bench()
    assert "assumption" in found.source
    assert list(found.syringes) == sorted(found.syringes, key=lambda syringe: syringe.holds)
    assert all(syringe.marks < syringe.holds for syringe in found.syringes)
