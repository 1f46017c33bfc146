"""Paulatim: drug desensitization, little by little. One exact plan, from a published protocol to a bedside record."""

from paulatim.assessment import Patient
from paulatim.delivery import Line, Priming, Pump, pumps
from paulatim.library import Entry, NotOnShelf, Unreadable, entries, entry
from paulatim.plan import Plan, make_plan
from paulatim.protocol import CannotScale, Request, compare
from paulatim.quantity import Quantity, QuantityError, UnitMismatch

__version__ = "0.1.0"

__all__ = [
    "CannotScale", "Entry", "Line", "NotOnShelf", "Patient", "Plan", "Priming", "Pump", "Quantity", "QuantityError",
    "Request", "UnitMismatch", "Unreadable", "compare", "entries", "entry", "make_plan", "pumps",
]  # fmt: skip
