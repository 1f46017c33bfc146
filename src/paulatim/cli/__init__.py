"""The command line: plans, sheets, checks and sources; without a command, the demo ward."""

from paulatim.cli.commands import main

__all__ = ["main"]
