"""What syringes can measure: an exact volume becomes the marks that a person fills to, never above it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from paulatim.library import Node, read
from paulatim.quantity import Quantity

__all__ = ["Bench", "Draw", "Fill", "Syringe", "bench"]


@dataclass(frozen=True, slots=True)
class Syringe:
    """A syringe: what it holds, and the volume between two marks, in mL."""

    holds: Quantity
    marks: Quantity


@dataclass(frozen=True, slots=True)
class Fill:
    """One syringe filled to one mark."""

    syringe: Syringe
    volume: Quantity


@dataclass(frozen=True, slots=True)
class Draw:
    """An exact volume, and the fills that measure it (at or below it). No fills: too small to measure."""

    exact: Quantity
    fills: tuple[Fill, ...]

    @property
    def measured(self) -> Quantity:
        """What the fills add up to, in mL."""
        return sum((fill.volume for fill in self.fills), Quantity(0, "mL"))


@dataclass(frozen=True, slots=True)
class Bench:
    """The syringes in stock and how dilutions are made; `source` says whose figures these are."""

    source: str
    syringes: tuple[Syringe, ...]
    smallest_draw: Quantity
    working_dilution: Quantity
    prepare_in: Quantity

    def draw(self, exact: Quantity) -> Draw:
        """Measure a volume with full syringes of the largest size, the smallest syringe that holds the rest, and
        the finest one for what lies between its marks."""
        fills: list[Fill] = []
        rest, largest, finest = exact.to("mL"), self.syringes[-1], self.syringes[0]
        for _ in range(int(rest.ratio(largest.holds))):
            fills.append(Fill(largest, largest.holds))
            rest = rest - largest.holds
        fitting = next(syringe for syringe in self.syringes if rest <= syringe.holds)
        for syringe in dict.fromkeys((fitting, finest)):
            fill = rest.round(syringe.marks, "down")
            if fill and fill <= syringe.holds:
                fills.append(Fill(syringe, fill))
                rest = rest - fill
        return Draw(exact, tuple(fills))


@lru_cache(maxsize=1)
def bench() -> Bench:
    """The bench that ships with Paulatim."""
    path = Path(__file__).with_name("bench.yaml")
    return read(path.read_text(encoding="utf-8"), path.name, _bench)


def _bench(root: Node) -> Bench | None:
    nothing = Quantity(0, "mL")

    def volume(node: Node, key: str) -> Quantity:
        return node.child(key, "1 mL").quantity("mL") or nothing

    syringes = []
    for node in root.child("syringes").list():
        syringes.append(Syringe(volume(node, "holds"), volume(node, "marks")))
        node.finish()
    made = Bench(root.child("source").text(), tuple(sorted(syringes, key=lambda syringe: syringe.holds)),
                 *(volume(root, key) for key in ("smallest_draw", "working_dilution", "prepare_in")))  # fmt: skip
    root.finish()
    return made
