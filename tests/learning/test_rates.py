"""Intervals as others have published and computed them, and which procedures count in a rate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from paulatim import Quantity
from paulatim.learning import Ending, Outcome, Reaction, by_entry, summary, wilson

# Newcombe RG. Two-sided confidence intervals for the single proportion. Stat Med 1998;17:857-72, Table I, method 3.
NEWCOMBE = [
    (81, 263, "0.2553", "0.3662"),
    (15, 148, "0.0624", "0.1605"),
    (0, 20, "0.0000", "0.1611"),
    (1, 29, "0.0061", "0.1718"),
]
# SciPy 1.x, scipy.stats.binomtest(count, of).proportion_ci(method="wilson").
SCIPY = [
    (188, 189, 0.970643094555003, 0.9990653962621839),
    (402, 2177, 0.1689187003469298, 0.20150779514785971),
    (7, 7, 0.6456695649333126, 1.0),
]


@pytest.mark.parametrize(("count", "of", "low", "high"), NEWCOMBE)
def test_intervals_are_those_of_newcombes_table(count: int, of: int, low: str, high: str) -> None:
    found = wilson(count, of)
    assert (f"{found.low:.4f}", f"{found.high:.4f}") == (low, high)


@pytest.mark.parametrize(("count", "of", "low", "high"), SCIPY)
def test_intervals_are_those_of_scipy(count: int, of: int, low: float, high: float) -> None:
    found = wilson(count, of)
    assert found.low == pytest.approx(low, rel=1e-12)
    assert found.high == pytest.approx(high, rel=1e-12)


def test_an_interval_never_leaves_its_bounds() -> None:
    assert wilson(0, 3).low == 0.0
    assert wilson(3, 3).high == 1.0
    for of in range(1, 60):
        for count in range(of + 1):
            found = wilson(count, of)
            assert 0 <= found.low <= found.share <= found.high <= 1


@pytest.mark.parametrize(("count", "of"), [(0, 0), (-1, 3), (4, 3)])
def test_what_is_no_proportion_is_refused(count: int, of: int) -> None:
    with pytest.raises(ValueError, match=f"{count} of {of} is no proportion"):
        wilson(count, of)


def made(ending: Ending, *grades: int | None, entry: str = "a") -> Outcome:
    minutes = Quantity("60 min")
    reactions = tuple(Reaction(1, grade, ()) for grade in grades)
    return Outcome(entry, "A", "x", True, ending, 12, 12, reactions, (), minutes, minutes, ())


def test_only_what_has_ended_counts() -> None:
    outcomes = [
        made(Ending.COMPLETED), made(Ending.COMPLETED, 1), made(Ending.STOPPED, 1, 3), made(Ending.RUNNING, 3),
        made(Ending.NOT_STARTED),
    ]  # fmt: skip
    found = summary(outcomes)
    assert (found.ended, found.running, found.not_started) == (3, 1, 1)
    assert found.completed == wilson(2, 3)
    assert found.any_reaction == wilson(2, 3)
    assert found.grade_2_or_more == wilson(1, 3)


def test_a_reaction_that_nobody_graded_is_counted_apart() -> None:
    found = summary([made(Ending.COMPLETED, None), made(Ending.COMPLETED, None, 2), made(Ending.COMPLETED, 1)])
    assert found.any_reaction == wilson(3, 3)
    assert found.grade_2_or_more == wilson(1, 3)
    assert found.ungraded == 1


def test_nothing_ended_makes_no_rate() -> None:
    found = summary([made(Ending.RUNNING)])
    assert (found.completed, found.any_reaction, found.grade_2_or_more) == (None, None, None)


def test_rates_by_entry() -> None:
    outcomes = [made(Ending.COMPLETED, entry="b"), made(Ending.STOPPED, 1), replace(made(Ending.COMPLETED), entry="b")]
    found = by_entry(outcomes)
    assert list(found) == ["a", "b"]
    assert found["b"].completed == wilson(2, 2)
    assert found["a"].any_reaction == wilson(1, 1)
