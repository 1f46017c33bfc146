"""The commands that a person types; each returns its exit status."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

import paulatim
from paulatim import CannotScale, Line, Plan, Priming, Quantity, Request, compare, entries, entry, make_plan, pumps
from paulatim.canonical import NotCanonical, encode
from paulatim.cli.endings import STOPPED, UNREADABLE, Amount, Commands, Refused
from paulatim.cli.plain import badge, entry_text, plan_text
from paulatim.cli.table import table, wrapped
from paulatim.rules import Policy, read_policy

__all__ = ["main"]

F = TypeVar("F", bound=Callable[..., Any])
_WARD = "sqlite:///paulatim.sqlite3"
_PATH = click.Path(path_type=Path)
_STDOUT = Path("-")


def as_json(command: F) -> F:
    """Give a command the option to print for machines."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead.")(command)


def say(paragraphs: Iterable[str]) -> None:
    """Print for people."""
    click.echo("\n".join(paragraphs))


def say_json(value: object) -> None:
    """Print for machines: UTF-8, whatever the terminal takes."""
    click.echo(json.dumps(encode(value), ensure_ascii=False, indent=1).encode())


def text_of_file(path: Path) -> str:
    """A file's text; raises Refused."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}. Check its name.") from None
    except UnicodeDecodeError:
        raise Refused(f"{path} is no text. Name a file that Paulatim has written.") from None


@click.group(cls=Commands, invoke_without_command=True)
@click.version_option(paulatim.__version__, message="Paulatim %(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Drug desensitization, little by little. Without a command: serve the demo ward."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(serve)


@main.command()
@click.option("--db", default=_WARD, show_default=True, help="The record's database, as an SQLAlchemy URL.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
def serve(db: str, host: str, port: int) -> None:
    """Serve the demo ward until Ctrl+C."""
    from paulatim import web
    from paulatim.record import StoreFailed

    click.echo(f"Open http://{host}:{port} in a browser. The record is {db}. Press Ctrl+C to stop.")
    try:
        web.serve(db, host, port)
    except StoreFailed as error:
        raise Refused(str(error)) from None


@main.group(invoke_without_command=True)
@as_json
@click.pass_context
def library(ctx: click.Context, as_json: bool) -> None:
    """List the published protocols."""
    if ctx.invoked_subcommand is not None:
        return
    heads = ("id", "drug", "route", "kind", "steps", "review")
    rows = [(e.id, " and ".join(e.drugs) or "any", e.route, e.kind, str(len(e.steps)), badge(e)) for e in entries()]
    if as_json:
        say_json([dict(zip(heads, row, strict=True)) for row in rows])
    else:
        say([table(heads, rows)])


@library.command()
@click.argument("id")
@click.option("--weight", type=Amount("70 kg"), help="The body weight, where doses depend on it.")
@as_json
def show(id: str, weight: Quantity | None, as_json: bool) -> None:
    """Show an entry: each number with its source, misprints, and printed cells beside computed ones."""
    found, cells, why = entry(id), None, ""
    try:
        cells = compare(found, weight)
    except CannotScale as error:
        why = str(error)
    if as_json:
        say_json({"entry": found, "cells": cells})
    else:
        say([*entry_text(found, cells or ()), *([wrapped(f"Printed cells are not compared. {why}")] if why else [])])


@main.command()
@click.argument("id")
@click.option("--drug", metavar="NAME", help="The drug, for an entry that takes any.")
@click.option(
    "--target", type=Amount("2000 mg", any_kind=True), help='The target dose, such as "2000 mg" or "20 mg/kg".'
)
@click.option("--volume", type=Amount("250 mL"), help='The volume of the last bag, such as "250 mL".')
@click.option("--final-rate", type=Amount("80 mL/h"), help='The rate of the last infusion, such as "80 mL/h".')
@click.option("--weight", type=Amount("70 kg"), help='The body weight, such as "70 kg".')
@click.option("--stock", type=Amount("100 mg/mL", any_kind=True), help='What is in the vial, such as "100 mg/mL".')
@click.option("--pump", "pump_id", metavar="ID", help="The pump's profile, such as generic-0.1.")
@click.option("--line", "dead_volume", type=Amount("1.5 mL"), help='What the line holds, such as "1.5 mL".')
@click.option(
    "--primed-with", type=click.Choice([each.value for each in Priming]), help="What fills the line before a bag runs."
)
@click.option("--line-per-bag/--one-line", default=None, help="Whether each bag has a line of its own.")
@click.option("--policy", "policy_file", type=_PATH, metavar="FILE", help="The site's policy.")
@click.option(
    "--json", "json_file", type=_PATH, metavar="FILE", help="Write the plan's file; - prints it and nothing else."
)
@click.option("--pdf", "folder", type=_PATH, metavar="DIR", help="Write order, pharmacy sheet, labels and run sheet.")
def plan(
    id: str, drug: str | None, target: Quantity | None, volume: Quantity | None, final_rate: Quantity | None,
    weight: Quantity | None, stock: Quantity | None, pump_id: str | None, dead_volume: Quantity | None,
    primed_with: str | None, line_per_bag: bool | None, policy_file: Path | None, json_file: Path | None,
    folder: Path | None,
) -> int:  # fmt: skip
    """Work out a plan from an entry. Ends with 1 if a finding stops it."""
    if pump_id is not None and pump_id not in pumps():
        raise Refused(f'There is no pump "{pump_id}". Write {" or ".join(pumps())}.')
    policy = read_policy(text_of_file(policy_file), policy_file.name) if policy_file else None
    line = Line(dead_volume, Priming(primed_with) if primed_with else None, line_per_bag)
    request = Request(drug, target, volume, final_rate, weight)
    made = make_plan(entry(id), request, stock=stock, pump=pumps().get(pump_id or ""), line=line, policy=policy)
    written = _write(made, json_file, folder, policy)
    if json_file == _STDOUT:
        click.echo(made.text().encode(), nl=False)
    else:
        say(plan_text(made))
    for path in written:
        click.echo(f"Wrote {path}.", err=json_file == _STDOUT)
    return STOPPED if made.stops else 0


def _write(made: Plan, json_file: Path | None, folder: Path | None, policy: Policy | None) -> list[Path]:
    """Write the files that were asked for; their paths."""
    written = []
    if json_file and json_file != _STDOUT:
        json_file.write_text(made.text(), encoding="utf-8")
        written.append(json_file)
    if folder:
        from paulatim.documents import CannotPrint, write_all

        try:
            written += write_all(made, folder, policy=policy)
        except CannotPrint as error:
            raise Refused(str(error)) from None
    return written


@main.command()
@click.argument("files", nargs=-1, required=True, type=_PATH, metavar="FILE ...")
@as_json
def verify(files: tuple[Path, ...], as_json: bool) -> int:
    """Check plans and records by a second calculation. Ends with 1 if anything does not fit."""
    status, found = 0, []
    for path in files:
        try:
            wrong = _wrong(text_of_file(path))
        except Refused as error:
            click.echo(error, err=True)
            status = UNREADABLE
            continue
        status = max(status, STOPPED if wrong else 0)
        found.append({"file": str(path), "disagreements": wrong})
        if not as_json:
            said = [f"{path}: {each['sentence']}" for each in wrong] or [f"{path}: every number agrees."]
            say(wrapped(sentence) for sentence in said)
    if as_json:
        say_json(found)
    return status


def _wrong(text: str) -> list[dict[str, str]]:
    """What does not fit in a plan or a record."""
    if text.startswith('{"') and '"record"' in text.partition("\n")[0]:
        from paulatim.record import verify_record

        return [{"path": "", "said": "", "found": "", "sentence": sentence} for sentence in verify_record(text)]
    from paulatim import verification

    package = Path(paulatim.__file__).parent
    shelf = {path.stem: path for path in (package / "library" / "protocols").rglob("*.yaml")}

    def published(id: str) -> str | None:
        return shelf[id].read_text(encoding="utf-8") if id in shelf else None

    bench = (package / "preparation" / "bench.yaml").read_text(encoding="utf-8")
    found: list[dict[str, str]] = encode(verification.verify(text, published, bench))
    return found


@main.command()
@click.argument("file", type=_PATH)
@as_json
def cite(file: Path, as_json: bool) -> None:
    """Say what a plan owes to whom: each number with its source, and what was asked for or computed."""
    from paulatim.documents.citations import citations

    try:
        found = citations(Plan.read(text_of_file(file)))
    except NotCanonical as error:
        raise Refused(f"{file}: {error}") from None
    if as_json:
        say_json(found)
        return
    for citation in found:
        rows = [(each.what, each.amount, each.at) for each in citation.taken]
        say(
            [
                wrapped(f"{citation.origin}: {citation.source}"),
                *([table(("number", "amount", "place"), rows)] if rows else []),
                "",
            ]
        )
