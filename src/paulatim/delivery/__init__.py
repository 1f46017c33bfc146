"""Delivery: what the pump can be set to, and the line between bag and vein."""

from paulatim.delivery.line import Line, Priming
from paulatim.delivery.pump import Pump, pumps

__all__ = ["Line", "Priming", "Pump", "pumps"]
