"""A plan and an entry as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from paulatim.cli.table import titled, wrapped
from paulatim.library import Cited, Dose, Entry, SolutionRule, Source, StepRule
from paulatim.plan import Plan
from paulatim.preparation import Batch, Draw, Make
from paulatim.protocol import Cell, Step
from paulatim.quantity import Quantity

__all__ = ["badge", "entry_text", "plan_text"]

Row = tuple[str, ...]

_BATCH = ("solution", "volume", "holds", "strength", "given", "purged", "left")
_MAKE = ("make", "volume", "of", "draw", "exactly", "with", "add diluent")
_STEP = ("step", "do", "drug", "from", "rate", "time", "volume", "dose", "in all", "begins", "times")
_RULE = ("step", "do", "drug", "from", "rate", "time", "volume", "dose", "until", "day", "source")


def plan_text(plan: Plan) -> Iterator[str]:
    """A plan in paragraphs: solutions, recipe, steps, totals, findings."""
    targets = " and ".join(f"{drug} {target.show()}" for drug, target in plan.targets.items())
    yield wrapped(plan.entry.title)
    yield wrapped(f"{targets}, {plan.entry.route}, from {plan.entry.id}. Plan {plan.short}.")
    yield from titled("Solutions", _BATCH, map(_batch, plan.batches))
    yield from titled("Recipe", _MAKE, map(_make, plan.recipe))
    yield from titled("Steps", _STEP, (_step(step, len(plan.targets) > 1) for step in plan.steps))
    given = " and ".join(f"{plan.given(drug).show()} of {drug}" for drug in plan.targets)
    yield "\n" + wrapped(f"Total: {given} in {plan.duration.to('h').show()}.")
    for what, timing in (("Vital signs every", plan.vitals_every), ("Observation", plan.observe)):
        yield wrapped(f"{what}: {timing.amount.show()} ({timing.source}).")
    yield "\nFindings" if plan.findings else "\nNo findings."
    for finding in plan.findings:
        yield wrapped(f"{finding.severity:4} {finding.rule}: {finding.sentence}")


def entry_text(entry: Entry, cells: Sequence[Cell]) -> Iterator[str]:
    """An entry in paragraphs: each number with its source, misprints, printed cells beside computed ones, notes."""
    yield wrapped(entry.title)
    yield wrapped(f"{entry.id}: {entry.kind}, {entry.route}, {entry.purpose}.")
    yield wrapped(f"Review: {badge(entry)}.")
    for reference in entry.references.values():
        yield wrapped(f"{reference.key}: {reference}")
    doses = [(drug, band.cited) for drug, dose in entry.target.by_drug.items() for band in dose.bands]
    heads = ("drug", entry.target.meaning.replace("_", " "), "source")
    yield from titled("Target", heads, ((drug, cited.amount.show(), _places(cited.source)) for drug, cited in doses))
    yield from titled("Solutions", ("solution", "volume", "holds", "source"), map(_solution, entry.solutions))
    yield from titled("Steps", _RULE, map(_rule, entry.steps))
    times = {"interval": entry.interval, "vital signs every": entry.vitals, "observation": entry.observe}
    known = [(what, cited.amount.show(), _places(cited.source)) for what, cited in times.items() if cited]
    yield from titled("Times", ("what", "time", "source"), known)
    misprints = [(each.at, each.printed, each.corrected, each.reason) for each in entry.errata]
    yield from titled("Misprints", ("where", "printed", "corrected", "why"), misprints)
    compared = [(c.path, c.printed, c.computed, "yes" if c.agrees else "NO", c.corrected) for c in cells]
    yield from titled("Printed and computed", ("cell", "printed", "computed", "agrees", "corrected"), compared)
    notes = [*entry.notes, *(f"On a reaction: {note}" for note in entry.on_reaction)]
    yield from ["\nNotes", *(wrapped(f"- {note}") for note in notes)] if notes else []


def badge(entry: Entry) -> str:
    """What is still to be read of an entry, in words."""
    partly = [] if entry.transcription == "complete" else [f"transcription {entry.transcription}"]
    still = [f"to do: {', '.join(entry.review.open)}"] if entry.review.open else []
    return "; ".join(partly + still) or "done"


def _batch(batch: Batch) -> Row:
    purged = batch.purged_volume.show() if batch.purged_volume else ""
    strength, holds = batch.solution.concentration.show(), batch.amount.show()
    return (batch.solution.name, batch.volume.show(), holds, strength, batch.given_volume.show(), purged,
            batch.left_volume.show())  # fmt: skip


def _make(make: Make) -> Row:
    draw = make.draw
    exactly = "" if draw.exact == draw.measured else draw.exact.show()  # where no syringe measures it
    return make.makes, make.volume.show(), make.of, draw.measured.show(), exactly, _fills(draw), make.diluent.show()


def _fills(draw: Draw) -> str:
    """The marks that syringes are filled to."""
    fills = [f"{fill.volume.show()} in {fill.syringe.holds.show()} syringe" for fill in draw.fills]
    return ", ".join(
        f"{fills.count(fill)} x {fill}" if fills.count(fill) > 1 else fill for fill in dict.fromkeys(fills)
    )


def _step(step: Step, name_drug: bool) -> Row:
    flow = [_show(amount) for amount in (step.rate, step.time, step.volume)]
    begins = f"day {step.day}" if step.day else step.begins.show()
    return (str(step.number), step.action, step.drug if name_drug else "", step.solution, *flow, step.dose.show(),
            step.cumulative.show(), begins, _times(step.fold))  # fmt: skip


def _show(amount: Quantity | None) -> str:
    return "" if amount is None else amount.show()


def _times(fold: Fraction | None) -> str:
    return "" if fold is None else Quantity(fold, "1").figure(2)


def _places(row: Source, *cited: Cited | None) -> str:
    """Where a row was read, and each of its numbers that was read elsewhere."""
    found = [row, *(each.source for each in cited if each)]
    own = [each for each in found if each.ref != row.ref or not each.at.startswith(f"{row.at}, ")]
    return "; ".join(dict.fromkeys(f"{each.ref}, {each.at}" for each in own))


def _solution(rule: SolutionRule) -> Row:
    words = "rest of target" if rule.rest else "target" if rule.share == 1 else f"{rule.share} of target"
    said = rule.amount or rule.concentration
    volume = rule.volume.amount if rule.volume else None
    return rule.name, _show(volume), said.amount.show() if said else words, _places(rule.source, rule.volume, said)


def _rule(rule: StepRule) -> Row:
    flow = (rule.rate, rule.time, rule.volume)
    doses = [band.cited for band in rule.dose.bands] if rule.dose else []
    shown = [each.amount.show() if each else "" for each in flow]
    ends = (_dose(rule.dose), rule.until or "", str(rule.day or ""), _places(rule.source, *flow, *doses))
    return str(rule.number), rule.action, rule.drug, rule.solution, *shown, *ends


def _dose(dose: Dose | None) -> str:
    """One amount, or one by body weight."""
    said = []
    for band in dose.bands if dose else ():
        above = f" above {band.above.show()}" if band.above else ""
        below = f" below {band.below.show()}" if band.below else ""
        said.append(f"{band.cited.amount.show()}{above}{below}")
    return ", ".join(said)
