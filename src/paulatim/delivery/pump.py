"""What a pump can be set to: a profile per pump, as data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from paulatim.library import Node, read
from paulatim.quantity import Quantity

__all__ = ["Pump", "pumps"]


@dataclass(frozen=True, slots=True)
class Pump:
    """The rates that a pump can hold, in mL/h: from `lowest` to `highest` in multiples of `step`."""

    id: str
    title: str
    lowest: Quantity
    highest: Quantity
    step: Quantity
    source: str

    def settable(self, rate: Quantity) -> Quantity:
        """The nearest rate at or below `rate` that the pump can be set to, never above it; nothing below its lowest."""
        rate = min(rate, self.highest).round(self.step, "down")
        return rate if rate >= self.lowest else rate * 0


@lru_cache(maxsize=1)
def pumps() -> dict[str, Pump]:
    """The pump profiles that ship with Paulatim, by id."""
    path = Path(__file__).with_name("pumps.yaml")
    return read(path.read_text(encoding="utf-8"), path.name, _pumps)


def _pumps(root: Node) -> dict[str, Pump]:
    return {id: pump for id, node in root.items() if (pump := _pump(id, node))}


def _pump(id: str, node: Node) -> Pump | None:
    lowest, highest, step = (node.child(key, "1 mL/h").quantity("mL/h") for key in ("lowest", "highest", "step"))
    title, source = node.child("title").text(), node.child("source").text()
    node.finish()
    if lowest is None or highest is None or step is None:
        return None
    return Pump(id, title, lowest, highest, step, source)
