"""The patient, as far as a plan needs to know: who it is, and how heavy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from paulatim.quantity import Quantity

__all__ = ["Patient"]


@dataclass(frozen=True, slots=True)
class Patient:
    """One person. `weight` in kg with the day it was taken; None is unknown."""

    id: str
    name: str
    born: date
    weight: Quantity | None = None
    weighed_on: date | None = None

    def age(self, on: date) -> int:
        """Completed years on a day."""
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))
