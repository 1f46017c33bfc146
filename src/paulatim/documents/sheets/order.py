"""The prescriber's order: what is to be given, from where each number comes, what must be accepted by name."""

from __future__ import annotations

from paulatim.documents.chart import ladder_svg
from paulatim.documents.press import head
from paulatim.documents.sheets.rescue import epinephrine_lines
from paulatim.documents.treads import in_words
from paulatim.documents.words import Words, begin, is_oral, length, span, the_solution
from paulatim.library import Action, Meaning
from paulatim.plan import Plan
from paulatim.protocol import Step
from paulatim.quantity import Quantity
from paulatim.rules import Finding, Policy, Severity

__all__ = ["order_words", "step_rows", "step_titles"]

_MEANING = {
    Meaning.CUMULATIVE: "all steps together",
    Meaning.LAST_DOSE: "the last single dose",
    Meaning.DAILY: "the dose of the last day",
    Meaning.ON_TOP: "the last bag, on top of what was given before",
    Meaning.ENDPOINT: "the last planned dose",
}


def order_words(plan: Plan, policy: Policy) -> Words:
    """What the order says."""
    return {
        "head": head(plan),
        "title": f"Order: {plan.entry.purpose} with {plan.drugs}",
        "facts": _facts(plan),
        "ladder": ladder_svg(plan, "print"),
        "ladder_words": in_words(plan),
        "findings": {
            "stop": [_finding(finding) for finding in plan.stops],
            "accept": [_finding(finding) for finding in plan.to_accept],
            "note": [_finding(finding) for finding in plan.findings if finding.severity is Severity.NOTE],
        },
        "solutions": [_solution(plan, place) for place in range(len(plan.batches))],
        "step_titles": step_titles(plan),
        "steps": step_rows(plan),
        "watch": _watch(plan),
        "epinephrine": epinephrine_lines(plan, policy),
        "notes": [*plan.entry.on_reaction, *plan.entry.notes],
        "errata": [_erratum(plan, place) for place in range(len(plan.entry.errata))],
        "references": [f"{reference}" for reference in plan.references.values()],
    }


def _facts(plan: Plan) -> list[list[str]]:
    entry, patient = plan.entry, plan.patient
    targets = ", ".join(f"{target.show()} of {drug}" for drug, target in plan.targets.items())
    changed = f", with another {' and '.join(plan.changes)}" if plan.changes else ""
    based = "Based on " if plan.changes else ""
    weight = plan.request.weight
    when = f" on {patient.weighed_on.isoformat()}" if patient and patient.weighed_on else ""
    facts = [
        ["Target", f"{targets}: {_MEANING[entry.meaning]}"],
        ["In all", ", ".join(f"{plan.given(drug).show()} of {drug}" for drug in plan.targets) + f" in {length(plan)}"],
        ["Protocol", f"{based}{entry.title} ({entry.id}){changed}"],
        ["Source", f"{plan.references[entry.source.ref]} {entry.source.at}"],
        ["Review", _review(plan)],
        ["Weight", f"{weight.show()}{when}" if weight else ""],
        ["Stock", "taken as it comes" if not plan.batches else plan.stock.show() if plan.stock else ""],
    ]
    if not is_oral(plan):
        facts += [["Pump", plan.pump.title if plan.pump else ""], ["Line", _line(plan)]]
    policy = plan.policy
    return [*facts, ["Policy", f"{policy.site}, version {policy.version}; approved by {policy.approved_by}"]]


def _review(plan: Plan) -> str:
    review = plan.entry.review
    said = {"transcribed": review.transcribed, "second reader": review.second_reader,
            "arithmetic": review.arithmetic, "pharmacist": review.pharmacist}  # fmt: skip
    return ", ".join(f"{name}: {'to do' if state == 'todo' else state}" for name, state in said.items())


def _line(plan: Plan) -> str:
    line = plan.line
    if line.dead_volume is None or line.primed_with is None:
        return ""
    new = {True: ", a new one for each bag", False: ", the same for all bags", None: ""}[line.new_for_each_bag]
    return f"holds {line.dead_volume.show()}, primed with {line.primed_with}{new}"


def _finding(finding: Finding) -> list[str]:
    kind = "question" if finding.severity is Severity.ASK else ""
    return [finding.rule, finding.sentence, f"{finding.cites} ({finding.evidence})", kind]


def _solution(plan: Plan, place: int) -> list[str]:
    batch = plan.batches[place]
    return [
        begin(the_solution(plan, batch.solution.name)),
        batch.amount.show(),
        batch.volume.show(),
        batch.solution.concentration.show(),
        f"{batch.given_volume.show()}, {batch.given.show()}",
        f"{batch.purged_volume.show()}, {batch.purged.show()}" if batch.purged_volume else "none",
        f"{batch.left_volume.show()}, {batch.left.show()}" if batch.left_volume else "nothing",
    ]


def step_titles(plan: Plan) -> list[str]:
    """The titles of the step table."""
    if not is_oral(plan):
        return ["Step", "Bag", "Pump rate", "Time", "Volume", "Dose", "Given in all", "Rise"]
    return ["Step", "When", "Drug", "Take", "Dose", "Given in all", "Rise"]


def step_rows(plan: Plan) -> list[list[str]]:
    """The step table, a row for each step."""
    return [_taken(plan, step) if step.action is Action.TAKE else _infused(plan, step) for step in plan.steps]


def _infused(plan: Plan, step: Step) -> list[str]:
    assert step.rate
    assert step.volume
    bag = the_solution(plan, step.solution).removeprefix("bag ")
    purge = step.action is Action.PURGE
    dose = "purge, no dose" if purge else step.dose.show()
    return [str(step.number), bag, step.rate.show(), span(step.lasts), step.volume.show(), dose, step.cumulative.show(),
            _fold(step)]  # fmt: skip


def _taken(plan: Plan, step: Step) -> list[str]:
    when = f"day {step.day}" if step.day else span(step.begins)
    source = f"{step.volume.show()} of {the_solution(plan, step.solution)}" if step.volume else "as it comes"
    return [str(step.number), when, step.drug, source, step.dose.show(), step.cumulative.show(), _fold(step)]


def _fold(step: Step) -> str:
    if step.fold is None:
        return ""
    said = Quantity(step.fold, "1").figure(2)
    return f"≈ × {said[2:]}" if said.startswith("≈") else f"× {said}"


def _watch(plan: Plan) -> list[list[str]]:
    return [
        ["Vital signs", f"before the start, then every {plan.vitals_every.amount.show()} ({plan.vitals_every.source})"],
        ["Observe", f"{plan.observe.amount.show()} after the last step ({plan.observe.source})"],
    ]


def _erratum(plan: Plan, place: int) -> str:
    erratum = plan.entry.errata[place]
    return f"{erratum.at}: printed {erratum.printed}; right is {erratum.corrected}. {erratum.reason}"
