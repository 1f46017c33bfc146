"""The pharmacy sheet: what to draw from what into what, as syringes measure it, and what is thrown away."""

from __future__ import annotations

from fractions import Fraction

from paulatim.documents.press import head
from paulatim.documents.svg import shape_svg
from paulatim.documents.words import Words, begin, is_oral, the_solution
from paulatim.library import Action
from paulatim.plan import Plan
from paulatim.preparation import STOCK, Batch, Draw, Make, bench, unused
from paulatim.quantity import Quantity

__all__ = ["pharmacy_words"]


def pharmacy_words(plan: Plan) -> Words:
    """What the pharmacy sheet says. Where the stock is unknown, its draws are left open and asked for."""
    known = {make.makes: make for make in plan.recipe}
    names = {batch.solution.name for batch in plan.batches}
    return {
        "head": head(plan),
        "title": f"Pharmacy sheet: {plan.drugs}",
        "oral": is_oral(plan),
        "stock": plan.stock.show() if plan.stock else "",
        "question": _question(plan),
        "total": _total(plan),
        "dilutions": [_dilution(plan, make) for make in plan.recipe if make.makes not in names],
        "solutions": [_solution(plan, batch, known.get(batch.solution.name)) for batch in plan.batches],
        "syringes": _syringes(plan),
        "doses": _doses(plan),
        "bench": bench().source,
        "stops": [finding.sentence for finding in plan.stops],
    }


def _question(plan: Plan) -> str:
    """Why there are no draws, in the words of the rule that found it."""
    if plan.recipe or not plan.batches:
        return ""
    rules = ("R-STOCK-01", "R-STOCK-02")
    return next((finding.sentence for finding in plan.findings if finding.rule in rules), "")


def _total(plan: Plan) -> str:
    draws = [make.draw.exact for make in plan.recipe if make.of == STOCK]
    if not draws or plan.stock is None:
        return ""
    volume = sum(draws[1:], draws[0])
    unit = next(iter(plan.targets.values())).unit
    return f"{volume.show()} ({(plan.stock * volume).to(unit).show()})"


def _dilution(plan: Plan, make: Make) -> Words:
    left = unused(plan.recipe, make.makes)
    unit = next(iter(plan.targets.values())).unit
    return {
        **_make(plan, make),
        "called": f"Working {make.makes}",
        "number": "",
        "left": f"{left.show()} ({(make.concentration * left).to(unit).show()}) is not needed: throw it away.",
    }


def _solution(plan: Plan, batch: Batch, make: Make | None) -> Words:
    solution = batch.solution
    left = f"{batch.left_volume.show()} ({batch.left.show()}) is left after the last step: throw it away."
    return {
        "called": begin(the_solution(plan, solution.name)),
        "number": str(solution.number),
        "shape": shape_svg(solution.number),
        "code": plan.code(solution.name),
        "amount": batch.amount.show(),
        "volume": batch.volume.show(),
        "concentration": solution.concentration.show(),
        "left": left if batch.left_volume.number > 0 else "Nothing is left: the last step runs it empty.",
        **(_make(plan, make) if make else {"draw": ""}),
    }


def _make(plan: Plan, make: Make) -> Words:
    measured = make.draw.measured
    unit = next(iter(plan.targets.values())).unit
    return {
        "of": "the stock" if make.of == STOCK else _parent(plan, make.of),
        "draw": make.draw.exact.show(),
        "fills": _fills(make.draw),
        "measured": measured.show(),
        "volume": make.volume.show(),
        "diluent": (make.volume - measured).show(),
        "concentration": make.concentration.show(),
        "amount": make.amount.to(unit).show(),
        "prepared": make.prepared.to(unit).show(),
        "difference": _percent(make.prepared.ratio(make.amount) - 1),
        "whole": make.draw.exact == make.volume,
    }


def _parent(plan: Plan, name: str) -> str:
    parent = next(make for make in plan.recipe if make.makes == name)
    return f"working {name} ({parent.concentration.show()})"


def _fills(draw: Draw) -> list[str]:
    return [f"{fill.syringe.holds.show()} syringe to the {fill.volume.show()} mark" for fill in draw.fills]


def _percent(share: Fraction) -> str:
    if not share:
        return "none"
    exact = share * 100
    shown = Quantity(exact, "%").round(Quantity("0.01 %"), "nearest")
    said = str(shown).replace("-", "−")
    return f"{'' if shown.number == exact else '≈ '}{said}" if shown else "less than 0.01 %"


def _syringes(plan: Plan) -> list[list[str]]:
    """The oral syringes to fill, a row for each step by volume."""
    return [
        [str(step.number), begin(the_solution(plan, step.solution)), step.volume.show(), step.dose.show(),
         ", ".join(_fills(bench().draw(step.volume))) or "too small to measure", _short(step.volume)]
        for step in plan.steps
        if step.action is Action.TAKE and step.volume is not None
    ]  # fmt: skip


def _short(volume: Quantity) -> str:
    return _percent(bench().draw(volume).measured.ratio(volume) - 1)


def _doses(plan: Plan) -> list[list[str]]:
    """Doses that are taken as they come: what to dispense, a row for each step."""
    return [
        [str(step.number), f"day {step.day}" if step.day else "", step.drug, step.dose.show()]
        for step in plan.steps
        if step.action is Action.TAKE and step.volume is None
    ]
