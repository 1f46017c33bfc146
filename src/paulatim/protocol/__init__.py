"""The ladder: an entry scaled to a target, and beside it what was printed."""

from paulatim.protocol.ladder import Ladder, Solution, Step
from paulatim.protocol.printed import Cell, compare
from paulatim.protocol.request import CannotScale, Request, above_zero
from paulatim.protocol.scale import published, scale

__all__ = [
    "CannotScale",
    "Cell",
    "Ladder",
    "Request",
    "Solution",
    "Step",
    "above_zero",
    "compare",
    "published",
    "scale",
]
