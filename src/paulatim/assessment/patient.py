"""The patient, as far as a plan needs to know: who it is, and how heavy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from paulatim.quantity import Quantity, QuantityError

__all__ = ["Patient"]

_ONE_KG = Quantity("1 kg")


@dataclass(frozen=True, slots=True)
class Patient:
    """One person. `weight` in kg with the day it was taken; None is unknown. Raises QuantityError for no weight."""

    id: str
    name: str
    born: date
    weight: Quantity | None = None
    weighed_on: date | None = None

    def __post_init__(self) -> None:
        weight = self.weight
        if weight is not None and (weight.unit.kinds != _ONE_KG.unit.kinds or weight.number <= 0):
            raise QuantityError(f"The weight is {weight}. Write it in kg, above zero.")

    def age(self, on: date) -> int:
        """Completed years on a day."""
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))
