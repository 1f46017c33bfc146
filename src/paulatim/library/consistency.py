"""What one entry says against itself: a file that reads well may still contradict itself."""

from __future__ import annotations

from collections.abc import Iterator

from paulatim.library.amounts import drug_of
from paulatim.library.entry import (
    Action,
    Cited,
    Dose,
    Entry,
    Kind,
    LastBag,
    Meaning,
    Route,
    Scaling,
    SolutionRule,
    StepRule,
    Until,
)

__all__ = ["contradictions"]

_LAST_BAG = {
    LastBag.LOWER_CONCENTRATION: (Until.EMPTY, "holds: rest of target"),
    LastBag.LOWER_AMOUNT: (Until.EMPTY, "holds: rest of target"),
    LastBag.STOP_AT_TARGET: (Until.TARGET, "holds: target"),
    LastBag.FULL_ON_TOP: (Until.EMPTY, "holds: target"),
}
_Says = Iterator[tuple[str, str]]


def contradictions(entry: Entry) -> _Says:
    """Yield the path and the sentence of each contradiction."""
    yield from _unknown_references(entry)
    if entry.made_with:
        if len(entry.drugs) != 1:
            yield "made_with", "A family makes the ladder of one drug. Name that drug."
        if entry.kind is Kind.FAMILY:
            yield "kind", "A family is not made with another. Write kind: table."
        return
    yield from _targets(entry)
    if [step.number for step in entry.steps] != list(range(1, len(entry.steps) + 1)) or not entry.steps:
        yield "steps", "Number the steps 1, 2, 3 ... without a gap."
    solutions = {solution.name: solution for solution in entry.solutions}
    for solution in entry.solutions:
        for sentence in _solution(solution, entry):
            yield f"solutions.{solution.name}", sentence
    for step in entry.steps:
        says = _taken(step, solutions, entry) if step.action is Action.TAKE else _flowing(step, solutions, entry)
        for sentence in (*_of_any(step, solutions, entry), *says):
            yield f"steps.{step.number}", sentence
    yield from _days(entry)
    yield from _last_bag(entry, solutions)
    yield from _counted(entry)


def _unknown_references(entry: Entry) -> _Says:
    if entry.source.ref not in entry.references:
        yield "source.ref", _unknown(entry.source.ref)
    for path, cited in _amounts(entry):
        if cited.source.ref not in (*entry.references, entry.source.ref):
            yield f"{path}.ref", _unknown(cited.source.ref)


def _unknown(key: str) -> str:
    return f'"{key}" is not among the references. Add it there, or name one that is.'


def _amounts(entry: Entry) -> Iterator[tuple[str, Cited]]:
    """Each amount of the entry that has a source, with its path in the file."""
    found: list[tuple[str, Cited | None]] = [
        ("interval", entry.interval), ("monitoring.vitals", entry.vitals), ("monitoring.observe", entry.observe)
    ]  # fmt: skip
    for drug, dose in entry.target.by_drug.items():
        found += _by_weight("target.amount" + (f".{drug}" if len(entry.drugs) > 1 else ""), dose)
    for rule in entry.solutions:
        at = f"solutions.{rule.name}"
        found += [(f"{at}.volume", rule.volume), (f"{at}.holds", rule.amount)]
        found += [(f"{at}.concentration", rule.concentration)]
    for step in entry.steps:
        found += [(f"steps.{step.number}.{name}", getattr(step, name)) for name in ("rate", "time", "volume")]
        found += _by_weight(f"steps.{step.number}.dose", step.dose)
    return ((path, cited) for path, cited in found if cited)


def _by_weight(path: str, dose: Dose | None) -> list[tuple[str, Cited | None]]:
    found: list[tuple[str, Cited | None]] = []
    for band in dose.bands if dose else ():
        limit = band.above or band.below
        words = f".{'over' if band.above else 'under'} {limit}" if limit else ""
        found.append((path + words, band.cited))
    return found


def _targets(entry: Entry) -> _Says:
    if entry.kind is Kind.FAMILY:
        if entry.target.by_drug:
            yield "target.amount", "A family has no target of its own. Remove the amount."
        if entry.scaling is Scaling.FIXED:
            yield "scaling", "A family is made for a target. Write scaling: to_target."
        return
    for drug in sorted(set(entry.drugs) ^ set(entry.target.by_drug)):
        known = drug in entry.drugs
        yield "target", f"Give the target of {drug}." if known else f'"{drug}" is not a drug of this entry.'
    if not entry.drugs:
        yield "drug", "A table is of a drug. Name it, or write kind: family."


def _solution(rule: SolutionRule, entry: Entry) -> Iterator[str]:
    users = [step for step in entry.steps if step.solution == rule.name]
    if not users:
        yield "No step uses this solution. Remove it, or name it in a step."
    if len({step.drug for step in users}) > 1:
        yield "Steps of two drugs use this solution. Give each drug its own."
    if rule.volume is None and rule.concentration is None:
        yield "Give the volume of this solution."
    if rule.amount and entry.kind is Kind.FAMILY:
        yield 'A family knows no amount. Say the share, such as "holds: 1/100 of target".'
    if rule.amount and any(dose.by_weight for dose in entry.target.by_drug.values()):
        yield "The target depends on body weight, this amount does not. Say its share of the target."
    if rule.concentration and entry.scaling is Scaling.TO_TARGET:
        yield "A fixed concentration does not follow the target. Say what the solution holds, or write scaling: fixed."


def _of_any(step: StepRule, solutions: dict[str, SolutionRule], entry: Entry) -> Iterator[str]:
    if (step.action is Action.TAKE) != (entry.route is Route.ORAL):
        yield f'"{step.action}" does not fit the route {entry.route}. Correct one of the two.'
    if step.solution and step.solution not in solutions:
        yield f'There is no solution "{step.solution}". Name one of {", ".join(solutions) or "those under solutions"}.'
    if not step.drug and len(entry.drugs) > 1:
        yield f"Name the drug of this step: {' or '.join(entry.drugs)}."
    if step.drug and entry.drugs and step.drug not in entry.drugs:
        yield f'"{step.drug}" is not a drug of this entry. Name one of {", ".join(entry.drugs)}.'


def _taken(step: StepRule, solutions: dict[str, SolutionRule], entry: Entry) -> Iterator[str]:
    ways = (bool(step.dose), bool(step.solution), bool(step.volume))
    if ways not in ((True, False, False), (False, True, True)):
        yield 'Say what is taken in one way: "dose: 40 mg", or "from: NAME" with "volume: 1 mL".'
    if step.rate or step.time or step.until:
        yield "A dose by mouth has no rate, time or end. Remove them."
    if step.day is None and entry.interval is None:
        yield 'Say when: "day: 1" on the step, or "interval: 15 min" for the entry.'
    if step.dose and entry.scaling is Scaling.TO_TARGET:
        yield "A fixed dose does not follow the target. Write scaling: fixed."


def _flowing(step: StepRule, solutions: dict[str, SolutionRule], entry: Entry) -> Iterator[str]:
    said = [name for name in ("rate", "time", "volume") if getattr(step, name)]
    if not step.solution:
        yield 'Say from which solution: "from: NAME".'
    if step.dose or step.day:
        yield "An infusion has no dose or day of its own: they follow from rate and time. Remove them."
    if step.until and (len(said) != 1 or "volume" in said):
        yield "A step that runs until the bag is empty or the target is in has a rate or a time, not more."
    if not step.until and len(said) != 2:
        yield "Give two of rate, time and volume; the third follows."
    if step.until is Until.EMPTY and step.solution in solutions and solutions[step.solution].volume is None:
        yield "Only a solution with a volume runs empty. Give its volume, or the end of the step."
    if step.until is Until.TARGET and step is not entry.steps[-1]:
        yield "Nothing follows once the target is in. Only the last step ends so."


def _days(entry: Entry) -> _Says:
    days = [step.day for step in entry.steps if step.day]
    if days and len(days) != len(entry.steps):
        yield "steps", "Give each step a day, or none."
    if days != sorted(days):
        yield "steps", "Put the steps in the order of their days."


def _last_bag(entry: Entry, solutions: dict[str, SolutionRule]) -> _Says:
    infusions = [step for step in entry.steps if step.action is Action.INFUSE]
    last = infusions[-1].solution if infusions else ""
    for rule in entry.solutions:
        if rule.rest and rule.name != last:
            yield f"solutions.{rule.name}", "Only the last bag holds the rest of the target. Say what this one holds."
    if not infusions and entry.last_bag is not LastBag.NOT_A_BAG:
        yield "last_bag", "No step infuses a bag. Write last_bag: not_a_bag."
    elif infusions and entry.last_bag is LastBag.NOT_A_BAG:
        yield "last_bag", "Say what the last bag holds: not_a_bag is for single doses only."
    elif infusions and last in solutions:
        yield from _ending(entry, infusions[-1], solutions[last])


def _ending(entry: Entry, last: StepRule, bag: SolutionRule) -> _Says:
    until, holds = _LAST_BAG[entry.last_bag]
    if last.until is not until:
        yield f"steps.{last.number}", f'{entry.last_bag} means that the last step ends "until: {until}".'
    if bag.rest != (holds == "holds: rest of target") or (bag.share and bag.share != 1):
        yield f"solutions.{bag.name}", f'{entry.last_bag} means that the last solution has "{holds}".'
    if (entry.last_bag is LastBag.FULL_ON_TOP) != (entry.target.meaning is Meaning.ON_TOP):
        yield "target.meaning", "full_dose_on_top is said of both the target and the last bag, or of neither."


def _counted(entry: Entry) -> _Says:
    """A drug is counted in one kind of unit throughout: mg do not add up with units."""
    drug_at = {f"solutions.{step.solution}": step.drug for step in entry.steps if step.solution}
    drug_at |= {f"steps.{step.number}": step.drug for step in entry.steps}
    counted: dict[str, str] = {}
    for path, cited in _amounts(entry):
        own = [drug for drug in entry.drugs if path.startswith(f"target.amount.{drug}") or len(entry.drugs) == 1]
        drug = drug_at.get(".".join(path.split(".")[:2]), "".join(own[:1]))
        kind = drug_of(cited.amount)
        if kind and counted.setdefault(drug, kind) != kind:
            amounts = f"{cited.amount.show()} is counted in {kind}, other amounts in {counted[drug]}"
            yield path, f"{amounts}. Use one of the two."
