"""Where the drug goes: what each solution holds, gives, loses to purging, and has left over to throw away."""

from __future__ import annotations

from dataclasses import dataclass

from paulatim.preparation.measurable import Bench
from paulatim.preparation.recipe import STOCK, Make, volume_to_make
from paulatim.protocol import Ladder, Solution
from paulatim.quantity import Quantity

__all__ = ["Batch", "batches", "unused"]


@dataclass(frozen=True, slots=True)
class Batch:
    """One solution's account, in mL and in drug: volume = given + purged + left, and so for the amount.

    A negative `left` means that the steps take more than the solution holds; a rule stops it.
    """

    solution: Solution
    volume: Quantity
    amount: Quantity
    given_volume: Quantity
    given: Quantity
    purged_volume: Quantity
    purged: Quantity
    left_volume: Quantity
    left: Quantity


def batches(ladder: Ladder, bench: Bench) -> tuple[Batch, ...]:
    """The account of each solution of a ladder."""
    return tuple(_batch(ladder, solution, bench) for solution in ladder.solutions)


def _batch(ladder: Ladder, solution: Solution, bench: Bench) -> Batch:
    volume = volume_to_make(ladder, solution, bench)
    given, purged = ladder.taken_from(solution.name)
    left = volume - given - purged
    strength = solution.concentration
    return Batch(solution, volume, strength * volume, given, strength * given, purged, strength * purged,
                 left, strength * left)  # fmt: skip


def unused(recipe: tuple[Make, ...], name: str) -> Quantity:
    """The volume of a working dilution that nothing is drawn from, in mL: it is thrown away."""
    made = next(make for make in recipe if make.makes == name)
    return made.volume - sum((make.draw.exact for make in recipe if make.of == name != STOCK), Quantity(0, "mL"))
