"""The workbench: choices become a plan as one types, and a plan is put up for approval."""

from paulatim.web.workbench.pages import routes

__all__ = ["routes"]
