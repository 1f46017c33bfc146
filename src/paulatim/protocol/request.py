"""What a prescriber asks of an entry: drug, target, bag volume, final rate, weight."""

from __future__ import annotations

from dataclasses import dataclass

from paulatim.quantity import Quantity, QuantityError, Unit

__all__ = ["CannotScale", "Request", "above_zero"]

_LARGEST_BAG = Quantity("10 L")  # ours: no infusion bag is larger, so a larger one is a slip of the unit


class CannotScale(ValueError):
    """The entry cannot be made for this request; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Request:
    """The wishes for one ladder; None means as published.

    `target` is an amount of drug or of drug per kg, `volume` that of the last bag (the others keep their
    proportion to it), `final_rate` the pump rate of the last infusion step, `weight` the patient's in kg.
    """

    drug: str | None = None
    target: Quantity | None = None
    volume: Quantity | None = None
    final_rate: Quantity | None = None
    weight: Quantity | None = None

    def __post_init__(self) -> None:
        if self.drug is not None and not self.drug.strip():
            raise QuantityError("The drug has no name. Write it, or leave it out.")
        above_zero(self.target, None, "target")
        above_zero(self.volume, "mL", "bag volume")
        above_zero(self.final_rate, "mL/h", "final rate")
        above_zero(self.weight, "kg", "weight")
        if self.volume is not None and self.volume > _LARGEST_BAG:
            raise QuantityError(
                f"The bag volume is {self.volume.show()}, more than {_LARGEST_BAG.show()}. Check its unit."
            )


def above_zero(amount: Quantity | None, unit: str | None, name: str) -> None:
    """Raise QuantityError unless the amount is unknown, or above zero and of the unit's kind."""
    if amount is None:
        return
    if unit and amount.unit.kinds != Unit.parse(unit).kinds:
        raise QuantityError(f"The {name} is {amount.show()}, which is no {name}. Write it in {unit}.")
    if amount.number <= 0:
        raise QuantityError(f"The {name} is {amount.show()}. Write one above zero.")
