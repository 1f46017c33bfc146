"""The plan's tables as the workbench shows them: each cell, and what the published ladder has where that differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from paulatim.documents.words import begin, by_day, is_oral, span, the_solution
from paulatim.library import Action, Entry
from paulatim.plan import Plan
from paulatim.preparation import STOCK, Batch, Draw, Make
from paulatim.protocol import Ladder, Solution, Step, published, scale
from paulatim.quantity import Quantity

__all__ = ["WORDS", "Cell", "Making", "Row", "baseline", "columns", "made", "solutions", "steps"]

WORDS = ("From", "Drug")  # the columns that hold words, not figures


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure with its unit, or a word; `was` is the published one where it differs from this."""

    text: str
    was: str = ""
    word: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it is called, and its cells under the columns."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Making:
    """One line of the recipe: what to draw and add, and what it makes. `exact` is empty where the draw is exact,
    `diluent` where nothing is added."""

    makes: str
    draw: str
    of: str
    exact: str
    fills: tuple[str, ...]
    diluent: str
    volume: str
    strength: str


def baseline(entry: Entry, plan: Plan) -> Ladder | None:
    """The ladder as its source makes it for the same drug and weight; None where the plan is that ladder.

    A family has no target of its own, so its ladder at the plan's target is the published one.
    """
    if not plan.changes:
        return None
    wishes = replace(published(entry), weight=plan.request.weight)
    if not entry.target.by_drug:
        wishes = replace(wishes, drug=plan.request.drug, target=plan.request.target)
    return scale(entry, wishes)


def columns(plan: Plan) -> tuple[str, ...]:
    """The heads of the step table, for this kind of ladder."""
    source = ["Day"] if by_day(plan) else []
    source += ["From"] if plan.batches else ["Drug"]
    if is_oral(plan):
        source += ["Volume"] if plan.batches else []
        source += [] if by_day(plan) else ["Wait"]
        return (*source, "Dose", "In all", "Factor")
    return (*source, "Rate", "Time", "Volume", "Dose", "In all", "Factor")


def steps(plan: Plan, before: Ladder | None) -> tuple[Row, ...]:
    """The step table; the cells follow `columns`."""
    heads, rows = columns(plan), []
    for place, step in enumerate(plan.steps):
        now = _step(plan, step)
        was = _step(plan, before.steps[place]) if before else now
        name = f"{step.number}{' purge' if step.action is Action.PURGE else ''}"
        rows.append(Row(name, tuple(_cell(head, now[head], was[head]) for head in heads)))
    return tuple(rows)


def _step(plan: Plan, step: Step) -> dict[str, str]:
    return {
        "Day": str(step.day or ""),
        "From": begin(the_solution(plan, step.solution)) if step.solution else "",
        "Drug": step.drug,
        "Rate": step.rate.show() if step.rate is not None else "",
        "Time": step.lasts.show(),
        "Wait": span(step.lasts) if step.lasts else "",
        "Volume": step.volume.show() if step.volume is not None else "",
        "Dose": step.dose.show(),
        "In all": step.cumulative.show(),
        "Factor": Quantity(step.fold, "1").figure(2) if step.fold is not None else "",
    }


def solutions(plan: Plan, before: Ladder | None) -> tuple[Row, ...]:
    """The solutions: volume, strength, what they hold, what is given and what is left over."""
    return tuple(_solution(plan, batch, before) for batch in plan.batches)


def _solution(plan: Plan, batch: Batch, before: Ladder | None) -> Row:
    name = batch.solution.name
    was = before.solution(name) if before else batch.solution
    left = batch.left_volume
    cells = (
        Cell(batch.volume.show(), _differs(batch.solution, was, "volume")),
        Cell(batch.solution.concentration.show(), _differs(batch.solution, was, "concentration")),
        Cell(batch.amount.show(), _differs(batch.solution, was, "amount")),
        Cell(batch.given_volume.show()),
        Cell(left.show() if left else "nothing"),
    )
    return Row(begin(the_solution(plan, name)), cells)


def _differs(now: Solution, was: Solution, name: str) -> str:
    amount = getattr(was, name)
    return amount.show() if amount is not None and amount != getattr(now, name) else ""


def _cell(head: str, now: str, was: str) -> Cell:
    return Cell(now, "" if now == was else was or "none", head in WORDS)


def made(plan: Plan) -> Iterator[Making]:
    """The recipe, line by line: working dilutions first, then each solution."""
    names = {batch.solution.name: begin(the_solution(plan, batch.solution.name)) for batch in plan.batches}
    for make in plan.recipe:
        yield _making(make, names)


def _making(make: Make, names: dict[str, str]) -> Making:
    draw, diluent = make.draw, make.volume - make.draw.measured
    return Making(
        makes=names.get(make.makes, f"Working {make.makes}"),
        draw=draw.measured.show(),
        of="the stock" if make.of == STOCK else f"working {make.of}",
        exact=draw.exact.show() if draw.exact != draw.measured else "",
        fills=tuple(_fills(draw)),
        diluent=diluent.show() if diluent else "",
        volume=make.volume.show(),
        strength=make.concentration.show(),
    )


def _fills(draw: Draw) -> Iterator[str]:
    """The syringes to fill; the same one filled several times is said once."""
    for fill, count in Counter(draw.fills).items():
        said = f"{fill.syringe.holds.show()} syringe to the {fill.volume.show()} mark"
        yield said if count == 1 else f"{count} times a {said}"
