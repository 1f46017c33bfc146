"""The bedside run sheet: alone enough to finish a procedure when the power is gone."""

from __future__ import annotations

from paulatim.documents.chart import ladder_svg
from paulatim.documents.press import head
from paulatim.documents.sheets.rescue import epinephrine_lines, resuming
from paulatim.documents.svg import shape_svg
from paulatim.documents.treads import in_words
from paulatim.documents.words import Words, begin, by_day, is_oral, length, one_of, span, the_solution
from paulatim.library import Action
from paulatim.plan import Plan
from paulatim.protocol import Step
from paulatim.quantity import Quantity
from paulatim.rules import Policy

__all__ = ["run_words"]


def run_words(plan: Plan, policy: Policy) -> Words:
    """What the run sheet says."""
    return {
        "head": head(plan),
        "title": f"Run sheet: {plan.drugs}",
        "oral": is_oral(plan),
        "by_day": by_day(plan),
        "protocol": f"{plan.entry.title} ({plan.entry.id})",
        "targets": ", ".join(f"{target.show()} of {drug}" for drug, target in plan.targets.items()),
        "duration": length(plan),
        "stops": [finding.sentence for finding in plan.stops],
        "accept": [finding.sentence for finding in plan.to_accept],
        "ladder": ladder_svg(plan, "print"),
        "ladder_words": in_words(plan),
        "before": _before(plan),
        "epinephrine": epinephrine_lines(plan, policy),
        "resuming": resuming(plan, policy),
        "vitals_every": plan.vitals_every.amount.show(),
        "rows": _rows(plan),
        "after": _after(plan),
        "bags": [_account(plan, place) for place in range(len(plan.batches))],
        "complete": _complete(plan),
        "observe": plan.observe.amount.show(),
        "observations": _times(plan.observe.amount, plan.vitals_every.amount),
    }


def _before(plan: Plan) -> list[str]:
    checks = [
        "The patient says name and date of birth; both, and the id, fit this sheet.",
        f"Order, labels and this sheet all say plan {plan.short}.",
        "Epinephrine 1 mg/mL, needles and syringes lie at the bedside; oxygen, suction and airway within reach.",
    ]
    if is_oral(plan):
        return [*checks, "Two persons have checked drug and doses against the order. A cannula without drug is in."]
    pump = (
        f"The pump is {plan.pump.title}."
        if plan.pump
        else "Pump: say which, and that it can be set to each rate below."
    )
    line = plan.line
    dead = line.dead_volume.show() if line.dead_volume else "volume not known, ask"
    primed = f"primed with {line.primed_with}" if line.primed_with else "primed with: not known, ask"
    return [
        *checks,
        f"{pump} Line: {dead}; {primed}. A second cannula without drug is in.",
        f"All {len(plan.batches)} bags are here and checked by two persons; only the bag that is due hangs.",
    ]


def _rows(plan: Plan) -> list[Words]:
    """The procedure from top to bottom: a banner where a bag begins, a row for each step, and rows for vital signs."""
    rows: list[Words] = []
    before = ""
    for step in plan.steps:
        if step.solution and step.solution != before:
            rows.append(_banner(plan, step.solution, before))
        before = step.solution or before
        rows.append(_taken(plan, step) if step.action is Action.TAKE else _infused(plan, step))
        at = f" at {step.rate.show()}" if step.rate else ""
        lasting = Quantity(0, "min") if by_day(plan) else step.lasts
        rows += [
            {"kind": "vitals", "step": f"step {step.number} goes on{at}", "planned": span(step.begins + time)}
            for time in _between(lasting, plan.vitals_every.amount)
        ]
    return rows


def _between(length: Quantity, every: Quantity) -> list[Quantity]:
    """The times within a step at which vital signs are due, after its start and before its end."""
    count = -(-length.ratio(every) // 1)
    return [every * place for place in range(1, int(count))]


def _times(length: Quantity, every: Quantity) -> list[str]:
    return [span(time) for time in [*_between(length, every), length]]


def _banner(plan: Plan, name: str, before: str) -> Words:
    batch = plan.batch(name)
    return {
        "kind": "banner",
        "shape": shape_svg(batch.solution.number),
        "number": str(batch.solution.number),
        "called": one_of(plan, name),
        "concentration": batch.solution.concentration.show(),
        "code": plan.code(name),
        "volume": (batch.given_volume + batch.purged_volume).show(),
        "removed": the_solution(plan, before) if before else "",
    }


def _infused(plan: Plan, step: Step) -> Words:
    assert step.rate
    assert step.volume
    purge = step.action is Action.PURGE
    return {
        "kind": "purge" if purge else "step",
        "step": str(step.number),
        "mark": str(plan.batch(step.solution).solution.number),
        "bag": the_solution(plan, step.solution),
        "set": step.rate.show(),
        "lasts": span(step.lasts),
        "volume": step.volume.show(),
        "dose": "no dose" if purge else step.dose.show(),
        "cumulative": step.cumulative.show(),
        "planned": span(step.begins),
    }


def _taken(plan: Plan, step: Step) -> Words:
    bag = the_solution(plan, step.solution) if step.solution else ""
    return {
        "kind": "step",
        "step": str(step.number),
        "mark": str(plan.batch(step.solution).solution.number) if step.solution else "",
        "bag": bag,
        "set": step.volume.show() if step.volume else step.dose.show(),
        "drug": step.drug,
        "dose": step.dose.show(),
        "volume": step.volume.show() if step.volume else "",
        "cumulative": step.cumulative.show(),
        "planned": f"day {step.day}" if step.day else span(step.begins),
        "lasts": span(step.lasts) if step.lasts and not step.day else "",
    }


def _after(plan: Plan) -> list[str]:
    """What is done when the last step has run; the flush runs no faster than the last step."""
    last = plan.steps[-1]
    if last.rate is None:
        return []
    dead = plan.line.dead_volume
    volume = dead.show() if dead else "the volume of the line (not known: ask)"
    return [f"Flush the line with {volume} of diluent at {last.rate.show()}, not faster: the line still holds drug."]


def _account(plan: Plan, place: int) -> list[str]:
    batch = plan.batches[place]
    return [begin(the_solution(plan, batch.solution.name)), batch.given_volume.show(), batch.given.show(),
            batch.purged_volume.show(), batch.left_volume.show()]  # fmt: skip


def _complete(plan: Plan) -> str:
    """What must have gone in, so that nobody stops early: the last step is most of the dose."""
    last = plan.steps[-1]
    if last.rate is None:
        return f"Complete only when step {last.number}, {last.dose.show()} of {last.drug}, is taken and kept down."
    total = " and ".join(f"{plan.given(drug).show()} of {drug}" for drug in plan.targets)
    share = Quantity(last.dose.ratio(plan.given(last.drug)) * 100, "%").show(1)
    return f"Complete only when {total} is in. Step {last.number} alone is {share} of the {last.drug}."
