"""A ladder: the solutions and steps of one entry at one target, every number exact and prescribed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from paulatim.library import Action, Entry, Source, Until
from paulatim.quantity import Quantity

__all__ = ["Ladder", "Solution", "Step"]


@dataclass(frozen=True, slots=True)
class Solution:
    """What one bag or stock must hold. A stock that the source gives by concentration alone has no volume."""

    name: str
    number: int
    drug: str
    volume: Quantity | None
    amount: Quantity | None
    concentration: Quantity
    source: Source


@dataclass(frozen=True, slots=True)
class Step:
    """One step as prescribed.

    `dose` reaches the patient (none for a purge); `cumulative` sums it by drug. `begins` is the planned time
    from the start of the first step; `lasts` is how long until the next step may begin. `fold` is the dose
    rate (infusion) or dose (by mouth) over that of the step before.
    """

    number: int
    action: Action
    drug: str
    solution: str
    rate: Quantity | None
    time: Quantity | None
    volume: Quantity | None
    dose: Quantity
    cumulative: Quantity
    begins: Quantity
    lasts: Quantity
    fold: Fraction | None
    until: Until | None
    day: int | None
    source: Source


@dataclass(frozen=True, slots=True)
class Ladder:
    """The whole of it. `targets` and the last `cumulative` of each drug are what the rules compare."""

    entry: Entry
    targets: Mapping[str, Quantity]
    solutions: tuple[Solution, ...]
    steps: tuple[Step, ...]

    @property
    def duration(self) -> Quantity:
        """From the start of the first step to the end of the last."""
        last = self.steps[-1]
        return last.begins + last.lasts

    def solution(self, name: str) -> Solution:
        """The solution of this name."""
        return next(solution for solution in self.solutions if solution.name == name)

    def taken_from(self, name: str) -> tuple[Quantity, Quantity]:
        """The volumes given and purged from a solution, in mL."""
        given = purged = Quantity(0, "mL")
        for step in self.steps:
            if step.solution == name and step.volume is not None:
                if step.action is Action.PURGE:
                    purged = purged + step.volume
                else:
                    given = given + step.volume
        return given, purged
