"""The recipe graph: from the vial, through working dilutions where a draw would be too small, to each bag."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from paulatim.preparation.measurable import Bench, Draw
from paulatim.protocol import CannotScale, Ladder, Solution
from paulatim.quantity import Quantity

__all__ = ["STOCK", "Make", "recipe", "volume_to_make"]

STOCK = "stock"
_TENTH = Fraction(1, 10)
_TOO_MUCH = 10**12  # ours: no ladder needs twelve tenfold dilutions, so this is a slip of a unit


@dataclass(frozen=True, slots=True)
class Make:
    """One edge of the graph: draw so much of `of`, add diluent, and `makes` holds `volume` at `concentration`.

    `amount` is prescribed, `prepared` is what the measured draw carries.
    """

    makes: str
    of: str
    draw: Draw
    diluent: Quantity
    volume: Quantity
    concentration: Quantity
    amount: Quantity
    prepared: Quantity


def volume_to_make(ladder: Ladder, solution: Solution, bench: Bench) -> Quantity:
    """The solution's volume: the bag's, or for an oral solution what its doses need, rounded up."""
    if solution.volume is not None:
        return solution.volume
    given, purged = ladder.taken_from(solution.name)
    return (given + purged).round(bench.prepare_in, "up")


def recipe(ladder: Ladder, stock: Quantity | None, bench: Bench) -> tuple[Make, ...]:
    """How to make each solution of the ladder from one stock (amount per volume), strongest dilution first.

    Empty without a stock, for a ladder without solutions, or where the stock is weaker than a solution:
    the rules say so. Draws are exact; their fills are what a syringe can measure. Raises CannotScale where no draw
    can be measured.
    """
    if stock is None or not ladder.solutions:
        return ()
    wanted = {s.name: (volume_to_make(ladder, s, bench), s.concentration) for s in ladder.solutions}
    if any(concentration > stock for _, concentration in wanted.values()):
        return ()
    depth = {name: _depth(name, volume, volume * c / stock, bench) for name, (volume, c) in wanted.items()}
    return (*_dilutions(wanted, depth, stock, bench), *_solutions(wanted, depth, stock, bench))


def _depth(name: str, volume: Quantity, draw: Quantity, bench: Bench) -> int:
    """How many tenfold working dilutions until the draw can be measured; raises CannotScale where none fits."""
    depth = 0
    if draw.number > 0 and draw * _TOO_MUCH < bench.smallest_draw:
        raise CannotScale("The stock is far too strong for this target. Check the units of target and stock.")
    while draw.number > 0 and draw < bench.smallest_draw:
        draw, depth = draw * 10, depth + 1
    if draw > volume:
        raise CannotScale(
            f"Solution {name} of {volume.show()} is too small to make from this stock. "
            "Take a larger bag or a weaker stock."
        )
    return depth


def _name(depth: int) -> str:
    return f"dilution {depth}" if depth else STOCK


_Wanted = dict[str, tuple[Quantity, Quantity]]


def _dilutions(wanted: _Wanted, depth: dict[str, int], stock: Quantity, bench: Bench) -> Iterator[Make]:
    volumes: dict[int, Quantity] = {}
    for level in range(max(depth.values()), 0, -1):  # the weakest first: each takes from the one above it
        strength = stock * _TENTH**level
        needed = volumes[level + 1] * _TENTH if level + 1 in volumes else bench.working_dilution * 0
        for name, (volume, concentration) in wanted.items():
            if depth[name] == level:
                needed = needed + volume * concentration / strength
        volumes[level] = needed.round(bench.working_dilution, "up")
    for level in sorted(volumes):
        yield _make(
            _name(level), _name(level - 1), volumes[level], stock * _TENTH**level, stock * _TENTH ** (level - 1), bench
        )


def _solutions(wanted: _Wanted, depth: dict[str, int], stock: Quantity, bench: Bench) -> Iterator[Make]:
    for name, (volume, concentration) in wanted.items():
        yield _make(name, _name(depth[name]), volume, concentration, stock * _TENTH ** depth[name], bench)


def _make(makes: str, of: str, volume: Quantity, concentration: Quantity, parent: Quantity, bench: Bench) -> Make:
    amount = concentration * volume
    draw = bench.draw((amount / parent).to("mL"))
    return Make(makes, of, draw, volume - draw.exact, volume, concentration, amount, parent * draw.measured)
