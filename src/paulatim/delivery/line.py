"""The tubing between bag and vein, as far as somebody has said what it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from paulatim.quantity import Quantity, QuantityError

__all__ = ["Line", "Priming"]

_ONE_ML = Quantity("1 mL")


class Priming(StrEnum):
    """What fills the line before a bag runs."""

    DRUG = "drug"
    DILUENT = "diluent"


@dataclass(frozen=True, slots=True)
class Line:
    """The volume (mL) downstream of where the bags join, and what primes it; None is unknown, not none."""

    dead_volume: Quantity | None = None
    primed_with: Priming | None = None
    new_for_each_bag: bool | None = None

    def __post_init__(self) -> None:
        dead = self.dead_volume
        if dead is not None and (dead.unit.kinds != _ONE_ML.unit.kinds or dead.number < 0):
            raise QuantityError(f"The line's volume is {dead}. Write it in mL, zero or more.")
