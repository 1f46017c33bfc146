"""The library's pages: browse published protocols; one with its ladder, printed table, sources, misprints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request as WebRequest
from starlette.responses import Response
from starlette.routing import Route

from paulatim.documents import ladder_svg
from paulatim.documents.words import length
from paulatim.library import Cited, Dose, Entry, Kind, NotOnShelf, SolutionRule, Source, entries, entry
from paulatim.plan import Plan, make_plan
from paulatim.protocol import CannotScale, Cell, Request, above_zero, compare
from paulatim.quantity import Quantity, QuantityError
from paulatim.web.workbench import table

__all__ = ["routes"]

_EXAMPLE = Request(drug="any drug", target=Quantity("1000 mg"))
_PRINTED = {
    "Rate": "rate",
    "Time": "time",
    "Volume": "volume",
    "Dose": "dose",
    "In all": "cumulative",
    "Factor": "fold",
}
_HELD = {"Volume": "volume", "Strength": "concentration", "Holds": "amount"}
_READINGS = {
    "transcribed": "Transcribed from the source",
    "second_reader": "Compared by a second reader",
    "arithmetic": "Arithmetic checked",
    "pharmacist": "Signed by a pharmacist",
}


@dataclass(frozen=True, slots=True)
class Beside:
    """A computed figure and the printed cell beside it (empty where nothing is printed)."""

    text: str
    printed: Cell | None
    word: bool


@dataclass(frozen=True, slots=True)
class Cite:
    """Where a number was read: what it is, the number, its reference's place in the list, and the place in it."""

    what: str
    value: str
    reference: int
    at: str


def _shelf(request: WebRequest) -> Response:
    """All entries, or those for a drug, a route, a kind."""
    drug, route, kind = (request.query_params.get(name, "") for name in ("drug", "route", "kind"))
    found = [
        each
        for each in entries()
        if (not drug or drug in each.drugs) and route in ("", each.route) and kind in ("", each.kind)
    ]
    context = {
        "rows": [(each, badge(each), _thumbnail(each.id)) for each in found],
        "drugs": sorted({name for each in entries() for name in each.drugs}, key=str.lower),
        "wanted": {"drug": drug, "route": route, "kind": kind},
    }
    answer: Response = request.app.state.templates.TemplateResponse(request, "library.html", context)
    return answer


def badge(entry: Entry) -> tuple[str, str]:
    """How far the review is: the shape and the words."""
    if entry.startable:
        return "stop", f"{entry.transcription.capitalize()} transcription"
    if still := len(entry.review.open):
        return "wait", f"{still} of {len(_READINGS)} readings to do"
    return "done", "Reviewed"


@lru_cache(maxsize=256)
def _thumbnail(id: str) -> Markup:
    try:
        return Markup(ladder_svg(_plan(entry(id), None), "thumbnail"))  # noqa: S704  the picture escapes its words
    except CannotScale:
        return Markup()


def _plan(entry: Entry, weight: Quantity | None) -> Plan:
    """The entry at its published target; a family, which has none, at an example."""
    return make_plan(entry, _EXAMPLE if entry.kind is Kind.FAMILY else Request(weight=weight))


def _entry(request: WebRequest) -> Response:
    try:
        found = entry(request.path_params["id"])
    except NotOnShelf as error:
        raise HTTPException(404, str(error)) from None
    typed = request.query_params.get("weight", "").strip()
    weight, problem = _weight(typed)
    context = {
        "entry": found, "badge": badge(found), "typed": typed, "problem": problem, "by_weight": _by_weight(found),
        "readings": [(words, getattr(found.review, name)) for name, words in _READINGS.items()],
        "references": tuple(found.references.values()), "cites": tuple(_cites(found)),
        "errata": [(_place(erratum.at), erratum) for erratum in found.errata], "missing": "", "sheet": None,
    }  # fmt: skip
    try:
        context["sheet"] = _sheet(found, _plan(found, weight), compare(found, weight))
    except CannotScale as error:
        context["missing"] = str(error)
    answer: Response = request.app.state.templates.TemplateResponse(request, "entry.html", context)
    return answer


def _place(at: str) -> str:
    """A cell's path in words: `Step 10, volume`."""
    where, _, rest = at.partition(".")
    word = {"steps": "Step", "solutions": "Solution"}.get(where)
    return f"{word} {rest.replace('.', ', ')}" if word and rest else at.replace("_", " ").capitalize()


def _weight(typed: str) -> tuple[Quantity | None, str]:
    try:
        weight = Quantity(typed) if typed else None
        above_zero(weight, "kg", "weight")
    except QuantityError as error:
        return None, str(error)
    return weight, ""


def _by_weight(entry: Entry) -> bool:
    doses = [*entry.target.by_drug.values(), *(step.dose for step in entry.steps if step.dose)]
    return any(dose.by_weight for dose in doses)


def _sheet(entry: Entry, plan: Plan, cells: tuple[Cell, ...]) -> dict[str, object]:
    """The ladder and its tables, each computed figure with the printed cell."""
    printed = {cell.path: cell for cell in cells}
    numbers = {key: place for place, key in enumerate(entry.references, 1)}
    heads = table.columns(plan)
    steps = [
        (
            row.name,
            _row(row, heads, _PRINTED, printed, f"steps.{step.number}"),
            numbers[step.source.ref],
            step.source.at,
        )
        for row, step in zip(table.steps(plan, None), plan.steps, strict=True)
    ]
    solutions = [
        (row.name, _row(row, tuple(_HELD), _HELD, printed, f"solutions.{batch.solution.name}"))
        for row, batch in zip(table.solutions(plan, None), plan.batches, strict=True)
    ]
    return {
        "ladder": Markup(ladder_svg(plan, "full")),  # noqa: S704  the picture escapes its own words
        "plan": plan, "length": length(plan), "columns": heads, "words": table.WORDS, "steps": steps,
        "solutions": solutions,
        "held": tuple(_HELD), "total_time": printed.get("total_time"), "printed": len(cells),
        "wrong": sum(not cell.agrees for cell in cells),
        "targets": ", ".join(f"{drug} {target.show()}" for drug, target in plan.targets.items()),
    }  # fmt: skip


def _row(
    row: table.Row, heads: tuple[str, ...], names: dict[str, str], printed: dict[str, Cell], path: str
) -> list[Beside]:
    cells = zip(heads, row.cells, strict=False)  # a row may go on, with figures that no source prints
    return [Beside(cell.text, printed.get(f"{path}.{names.get(head, '')}"), cell.word) for head, cell in cells]


def _cites(entry: Entry) -> Iterator[Cite]:
    """Each number that was read in a source, with the place; the others are worked out from these."""
    numbers = {key: place for place, key in enumerate(entry.references, 1)}

    def cite(what: str, value: str, source: Source) -> Cite:
        return Cite(what, value, numbers[source.ref], source.at)

    named: list[tuple[str, Cited | None]] = [
        ("Interval between doses", entry.interval),
        ("Vital signs every", entry.vitals),
    ]
    named.append(("Observation afterwards", entry.observe))
    for drug, dose in entry.target.by_drug.items():
        named += _doses(f"Target of {drug}", dose)
    for rule in entry.solutions:
        named.append((f"Solution {rule.name}, volume", rule.volume))
    for step in entry.steps:
        named += [(f"Step {step.number}, {name}", getattr(step, name)) for name in ("rate", "time", "volume")]
        named += _doses(f"Step {step.number}, dose", step.dose)
    yield from (cite(what, found.amount.show(), found.source) for what, found in named if found)
    yield from (cite(f"Solution {rule.name}, holds", _holds(rule), rule.source) for rule in entry.solutions)


def _doses(what: str, dose: Dose | None) -> list[tuple[str, Cited | None]]:
    found: list[tuple[str, Cited | None]] = []
    for band in dose.bands if dose else ():
        limits = [
            f"above {band.above.show()}" if band.above else "",
            f"below {band.below.show()}" if band.below else "",
        ]
        found.append((" ".join([what, *filter(None, limits)]), band.cited))
    return found


def _holds(rule: SolutionRule) -> str:
    """A solution's strength as the source says it."""
    if rule.concentration:
        return rule.concentration.amount.show()
    if rule.amount:
        return rule.amount.amount.show()
    if rule.rest:
        return "the rest of the target"
    return "the target" if rule.share == 1 else f"{rule.share} of the target"


routes = [Route("/library", _shelf), Route("/library/{id}", _entry)]
