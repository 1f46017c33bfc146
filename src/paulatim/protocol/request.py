"""What a prescriber asks of an entry: drug, target, bag volume, final rate, weight."""

from __future__ import annotations

from dataclasses import dataclass

from paulatim.quantity import Quantity

__all__ = ["CannotScale", "Request"]


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
