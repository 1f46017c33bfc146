"""What a ladder answers about itself."""

from __future__ import annotations

import pytest

from paulatim.library import entry
from paulatim.protocol import Request, scale
from paulatim.quantity import Quantity

RCUH = scale(entry("infliximab-iv-rcuh-wao2022"), Request())


def test_a_ladder_lasts_until_the_end_of_its_last_step() -> None:
    assert RCUH.duration == Quantity("236.52 min")


@pytest.mark.parametrize(("name", "given", "purged"), [
    ("A", "175 mL", "22 mL"), ("B", "175 mL", "22 mL"), ("C", "211.5 mL", "22 mL"), ("D", "0 mL", "0 mL"),
])  # fmt: skip
def test_what_is_taken_from_a_solution_is_given_or_purged(name: str, given: str, purged: str) -> None:
    assert RCUH.taken_from(name) == (Quantity(given), Quantity(purged))


def test_a_solution_is_found_by_its_name() -> None:
    assert RCUH.solution("B").number == 2
    assert str(RCUH.solution("B").concentration) == "0.4 mg/mL"


def test_a_stock_by_mouth_has_a_strength_and_no_volume() -> None:
    stock = scale(entry("penicillinV-oral-cdc-wendel"), Request()).solution("80000")
    assert (stock.volume, stock.amount, str(stock.concentration)) == (None, None, "80000 units/mL")
