"""Spans of time, figures and names of solutions as people read them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from paulatim import Plan, Quantity
from paulatim.documents.words import figure, length, one_of, span, the_solution


@pytest.mark.parametrize(
    ("time", "said"),
    [("15 min", "15 min"), ("0 min", "0 min"), ("22.5 min", "22.5 min"), ("60 min", "1 h"),
     ("174.375 min", "≈ 2 h 54 min"), ("339.375 min", "≈ 5 h 39 min"), ("1.5 h", "1 h 30 min"), ("25 h", "25 h"),
     ("3 d", "3 days"), ("119.6 min", "≈ 2 h")],
)  # fmt: skip
def test_a_span_is_said_to_the_minute(time: str, said: str) -> None:
    assert span(Quantity(time)) == said


def test_a_figure_has_no_unit() -> None:
    assert figure(Quantity("80 mL/h")) == "80"
    assert figure(Quantity("7.93704 mg/mL")) == "≈ 7.937"


def test_a_solution_keeps_the_protocols_name_where_it_says_more(plan: Callable[[str], Plan]) -> None:
    assert the_solution(plan("ceftazidime"), "2") == "bag 2"
    assert the_solution(plan("tenfold"), "bag7") == "bag 7"
    assert the_solution(plan("penicillin"), "10000") == "solution 2 (10000)"
    assert one_of(plan("infliximab"), "B") == "Bag 2 of 3 (B)"


def test_a_ladder_over_days_is_counted_in_days(plan: Callable[[str], Plan]) -> None:
    assert length(plan("tb")) == "7 days"
    assert length(plan("aspirin")) == "4 h 30 min"
