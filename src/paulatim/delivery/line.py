"""The tubing between bag and vein, as far as somebody has said what it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from paulatim.quantity import Quantity

__all__ = ["Line", "Priming"]


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
