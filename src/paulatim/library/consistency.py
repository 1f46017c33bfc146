"""What one entry says against itself: a file that reads well may still contradict itself."""

from __future__ import annotations

from collections.abc import Iterator

from paulatim.library.entry import Action, Entry, LastBag, Meaning, SolutionRule, StepRule, Until

__all__ = ["contradictions"]

_LAST_BAG = {
    LastBag.LOWER_CONCENTRATION: (Until.EMPTY, "holds: rest of target"),
    LastBag.LOWER_AMOUNT: (Until.EMPTY, "holds: rest of target"),
    LastBag.STOP_AT_TARGET: (Until.TARGET, "holds: target"),
    LastBag.FULL_ON_TOP: (Until.EMPTY, "holds: target"),
}


def contradictions(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield the path and the sentence of each contradiction."""
    for key in sorted({source.ref for source in [entry.source]} - set(entry.references)):
        yield "source.ref", f'"{key}" is not among the references. Add it there, or name one that is.'
    if entry.made_with:
        if entry.steps or entry.solutions:
            yield "made_with", "A table made with a family has no steps or solutions of its own. Remove one of the two."
        return
    if [step.number for step in entry.steps] != list(range(1, len(entry.steps) + 1)):
        yield "steps", "Number the steps 1, 2, 3 ... without a gap."
    solutions = {solution.name: solution for solution in entry.solutions}
    for step in entry.steps:
        for sentence in _step(step, solutions, entry):
            yield f"steps.{step.number}", sentence
    yield from _last_bag(entry, solutions)


def _step(step: StepRule, solutions: dict[str, SolutionRule], entry: Entry) -> Iterator[str]:
    if step.solution and step.solution not in solutions:
        yield f'There is no solution "{step.solution}". Name one of {", ".join(solutions)}.'
    if not step.drug and len(entry.drugs) > 1:
        yield f"Name the drug of this step: {' or '.join(entry.drugs)}."
    if step.drug and entry.drugs and step.drug not in entry.drugs:
        yield f'"{step.drug}" is not a drug of this entry. Name one of {", ".join(entry.drugs)}.'
    said = [name for name in ("rate", "time", "volume") if getattr(step, name)]
    if step.action is Action.TAKE:
        if bool(step.dose) == bool(step.volume):
            yield 'Say what is taken in one way: "dose: 40 mg", or "from: NAME" with "volume: 1 mL".'
        if step.day is None and entry.interval is None:
            yield 'Say when: "day: 1" on the step, or "interval: 15 min" for the entry.'
        return
    if not step.solution:
        yield 'Say from which solution: "from: NAME".'
    if step.until and (len(said) != 1 or "volume" in said):
        yield 'A step that runs until the bag is empty or the target is in has a rate or a time, not more.'
    if not step.until and len(said) != 2:
        yield "Give two of rate, time and volume; the third follows."


def _last_bag(entry: Entry, solutions: dict[str, SolutionRule]) -> Iterator[tuple[str, str]]:
    infusions = [step for step in entry.steps if step.action is Action.INFUSE]
    if bool(infusions) == (entry.last_bag is LastBag.NOT_A_BAG):
        yield "last_bag", "Say what the last bag holds: not_a_bag is for single doses only."
    if not infusions or entry.last_bag is LastBag.NOT_A_BAG or infusions[-1].solution not in solutions:
        return
    last, bag = infusions[-1], solutions[infusions[-1].solution]
    until, holds = _LAST_BAG[entry.last_bag]
    if last.until is not until:
        yield f"steps.{last.number}", f'{entry.last_bag} means that the last step ends "until: {until}".'
    if bag.rest != (holds == "holds: rest of target"):
        yield f"solutions.{bag.name}", f'{entry.last_bag} means that the last solution has "{holds}".'
    if (entry.last_bag is LastBag.FULL_ON_TOP) != (entry.target.meaning is Meaning.ON_TOP):
        yield "target.meaning", "full_dose_on_top is said of both the target and the last bag, or of neither."
