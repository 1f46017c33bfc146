"""What the rules judge: a plan before it is one."""

from __future__ import annotations

from dataclasses import dataclass

from paulatim.assessment import Patient
from paulatim.delivery import Line, Pump
from paulatim.preparation import Batch, Bench, Make
from paulatim.protocol import Ladder
from paulatim.quantity import Quantity
from paulatim.rules.policy import Policy

__all__ = ["Draft"]


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything a rule may look at. `published` is the same entry and target as its source makes them."""

    ladder: Ladder
    published: Ladder
    batches: tuple[Batch, ...]
    recipe: tuple[Make, ...]
    changes: tuple[str, ...]
    stock: Quantity | None
    pump: Pump | None
    line: Line
    patient: Patient | None
    bench: Bench
    policy: Policy
