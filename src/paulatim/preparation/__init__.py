"""Preparation: the solutions as a recipe graph, what can be measured, what is left over."""

from paulatim.preparation.balance import Batch, batches, unused
from paulatim.preparation.measurable import Bench, Draw, Fill, Syringe, bench
from paulatim.preparation.recipe import STOCK, Make, recipe, volume_to_make

__all__ = [
    "STOCK",
    "Batch",
    "Bench",
    "Draw",
    "Fill",
    "Make",
    "Syringe",
    "batches",
    "bench",
    "recipe",
    "unused",
    "volume_to_make",
]
