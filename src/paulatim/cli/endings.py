"""How a command ends: with a status, and whatever went wrong in one sentence on stderr."""

from __future__ import annotations

import io
import os
import sys
from typing import Any, NoReturn

import click

from paulatim import CannotScale, NotOnShelf, Quantity, QuantityError, UnitMismatch, Unreadable
from paulatim.canonical import NotCanonical

__all__ = ["STOPPED", "UNREADABLE", "Amount", "Commands", "Refused"]

STOPPED, UNREADABLE = 1, 2  # something stops; something cannot be read. 0: all is well.
_INTERRUPTED = 130


class Refused(Exception):
    """A command cannot do what is asked: a sentence and an exit status."""

    def __init__(self, sentence: str, status: int = UNREADABLE) -> None:
        super().__init__(sentence)
        self.status = status


class Commands(click.Group):
    """A group whose commands return their exit status, or nothing for 0."""

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Run a command and exit."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # a terminal without our signs shows their codes instead
                stream.reconfigure(errors="backslashreplace")
        try:
            sys.exit(super().main(*args, **{**kwargs, "standalone_mode": False}) or 0)
        except BrokenPipeError:  # whoever read our output has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(STOPPED)
        except Exception as error:
            ending = _ending(error)
            if ending is None:
                raise
        click.echo(ending[0], err=True)
        sys.exit(ending[1])


def _ending(error: Exception) -> tuple[str, int] | None:
    """The sentence and the status for an error that people can mend; None for a fault of ours."""
    match error:
        case Refused():
            return str(error), error.status
        case CannotScale():
            return str(error), STOPPED
        case QuantityError() | UnitMismatch() | NotOnShelf() | Unreadable() | NotCanonical():
            return str(error), UNREADABLE
        case click.ClickException():
            path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "paulatim"
            return f'{error.format_message()} Type "{path} --help" for what it takes.', UNREADABLE
        case click.Abort():
            return "Stopped.", _INTERRUPTED
        case ModuleNotFoundError() if error.name and not error.name.startswith("paulatim"):
            part = error.name.partition(".")[0]
            return f'Install what this needs ({part} is missing): pip install "paulatim[serve]".', UNREADABLE
        case OSError() if error.filename is not None:
            return f"{error.filename}: {error.strerror}. Check the name, and that you may use it.", UNREADABLE
    return None


class Amount(click.ParamType):  # type: ignore[type-arg]  # it is generic from click 8.5 on only
    """An amount of the kind that an example has; what is wrong with it names the option."""

    name = "amount"

    def __init__(self, example: str, *, any_kind: bool = False) -> None:
        self.example, self.any_kind = Quantity(example), any_kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Quantity:
        """The amount; raises Refused."""
        option = param.opts[0] if param else "amount"
        try:
            amount = Quantity(value)
        except QuantityError as error:
            raise Refused(f"{option}: {error}") from None
        if not self.any_kind and amount.unit.kinds != self.example.unit.kinds:
            raise Refused(f'{option}: {amount} measures {amount.unit.kind}. Write it such as "{self.example}".')
        if amount.number <= 0:
            raise Refused(f'{option}: {amount} is too little. Write an amount above zero, such as "{self.example}".')
        return amount
