"""What a plan owes to whom: each number with its source, and what was asked for, set by the site or computed here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from paulatim.library import Action, Cited, Entry, NotOnShelf, Source, entry
from paulatim.plan import Plan
from paulatim.preparation import bench
from paulatim.quantity import Quantity
from paulatim.rules import default_policy

__all__ = ["Citation", "Origin", "Taken", "citations"]


class Origin(StrEnum):
    """Where numbers come from."""

    PUBLISHED = "published"
    SITE = "site"  # policy, pump, bench
    ASKED = "asked for"
    RULE = "rule"  # what stands behind a finding
    COMPUTED = "computed here"


@dataclass(frozen=True, slots=True)
class Taken:
    """One number, or one kind of number: what it is, the amount, and its place in the source."""

    what: str
    amount: str
    at: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A source in full, and all that was taken from it; nothing, where the entry only names it."""

    origin: Origin
    source: str
    taken: tuple[Taken, ...]


def citations(plan: Plan) -> tuple[Citation, ...]:
    """Every source of a plan, the published ones first.

    Which numbers the source gives is read from the entry. Of an entry that is not on this shelf (or not as it was),
    only the places are known.
    """
    own = _as_it_was(plan)
    return (*_published(plan, own), *_site(plan), _asked(plan), *_rules(plan), _computed(plan, own))


def _as_it_was(plan: Plan) -> Entry | None:
    try:
        found = entry(plan.entry.id)
    except NotOnShelf:
        return None
    return found if found.digest == plan.entry.digest else None


def _published(plan: Plan, own: Entry | None) -> Iterator[Citation]:
    by_key: dict[str, list[Taken]] = {key: [] for key in plan.references}
    for source, taken in _from_entry(plan, own) if own else _places(plan):
        by_key.setdefault(source.ref, []).append(taken)
    for key, taken_here in by_key.items():
        reference = plan.references.get(key)
        yield Citation(Origin.PUBLISHED, f"{key}: {reference}" if reference else key, tuple(taken_here))


_Found = Iterator[tuple[Source, Taken]]


def _places(plan: Plan) -> _Found:
    for batch in plan.batches:
        source = batch.solution.source
        yield source, Taken(f"solution {batch.solution.name}", "", source.at)
    for step in plan.steps:
        yield step.source, Taken(f"step {step.number}", "", step.source.at)


def _from_entry(plan: Plan, own: Entry) -> _Found:
    """The numbers that the entry gives and this plan uses; what was asked for instead is not the source's."""
    for drug, dose in own.target.by_drug.items():
        if cited := dose.for_weight(plan.request.weight) if "target" not in plan.changes else None:
            yield _cited(f"target of {drug}", cited)
    yield from _solutions(plan, own)
    yield from _steps(plan, own)
    times = {"interval": own.interval, "vital signs every": own.vitals, "observation": own.observe}
    for what, time in times.items():
        if time:
            yield _cited(what, time)


def _cited(what: str, cited: Cited) -> tuple[Source, Taken]:
    return cited.source, Taken(what, cited.amount.show(), cited.source.at)


def _plain(number: Fraction) -> str:
    return Quantity(number, "1").figure()


def _solutions(plan: Plan, own: Entry) -> _Found:
    for rule in own.solutions:
        name = f"solution {rule.name}"
        if rule.volume and rule.volume.amount == plan.batch(rule.name).solution.volume:
            yield _cited(f"{name}, volume", rule.volume)
        if rule.concentration:
            yield _cited(f"{name}, strength", rule.concentration)
        if rule.amount:
            yield _cited(f"{name}, amount at the published target", rule.amount)
        if rule.rest or rule.share is not None:
            words = (
                "rest of the target"
                if rule.rest
                else "the target"
                if rule.share == 1
                else f"{rule.share} of the target"
            )
            yield rule.source, Taken(f"{name}, amount", words, rule.source.at)


def _steps(plan: Plan, own: Entry) -> _Found:
    for rule, step in zip(own.steps, plan.steps, strict=True):
        name = f"step {rule.number}"
        if rule.rate and rule.rate.amount == step.rate:
            yield _cited(f"{name}, rate", rule.rate)
        if rule.time and rule.time.amount == step.time:
            yield _cited(f"{name}, time", rule.time)
        if rule.volume:
            yield _cited(f"{name}, volume", rule.volume)
        if cited := rule.dose.for_weight(plan.request.weight) if rule.dose else None:
            yield _cited(f"{name}, dose", cited)
        if rule.until:
            yield rule.source, Taken(f"{name}, end", f"until {rule.until}", rule.source.at)
        if rule.day:
            yield rule.source, Taken(f"{name}, day", str(rule.day), rule.source.at)


def _site(plan: Plan) -> Iterator[Citation]:
    stamp, policy = plan.policy, default_policy()
    timings = {
        "vital signs every": plan.vitals_every,
        "observation": plan.observe,
        "free of symptoms": plan.symptom_free,
    }
    ours = f"policy of {stamp.site}: "
    taken = [
        Taken(what, timing.amount.show(), timing.source.removeprefix(ours))
        for what, timing in timings.items()
        if timing.source.startswith(ours)
    ]
    if stamp.digest == policy.digest:
        shares = ("fold_limit", "fold_stop", "prepared_tolerance", "line_share")
        taken += [Taken(name.replace("_", " "), _plain(getattr(policy, name)), policy.sources[name]) for name in shares]
    source = (
        f"Policy of {stamp.site}, version {stamp.version}, approved by {stamp.approved_by}, sha256 {stamp.digest[:8]}."
    )
    yield Citation(Origin.SITE, source, tuple(taken))
    if pump := plan.pump:
        limits = {"lowest rate": pump.lowest, "highest rate": pump.highest, "step of rate": pump.step}
        figures = tuple(Taken(what, rate.show(), "") for what, rate in limits.items())
        yield Citation(Origin.SITE, f"{pump.title} ({pump.id}): {pump.source}.", figures)
    if plan.recipe:
        smallest = Taken("smallest draw", bench().smallest_draw.show(), "")
        fills = {fill.syringe for make in plan.recipe for fill in make.draw.fills}
        marks = [(syringe.holds, syringe.marks) for syringe in sorted(fills, key=lambda syringe: syringe.holds)]
        syringes = tuple(Taken(f"syringe of {holds.show()}, marks every", each.show(), "") for holds, each in marks)
        yield Citation(Origin.SITE, f"Pharmacy bench: {bench().source}.", (smallest, *syringes))


def _asked(plan: Plan) -> Citation:
    request = plan.request
    amounts: dict[str, Quantity | None] = {
        "target": request.target, "bag volume": request.volume, "final rate": request.final_rate,
        "weight": request.weight, "stock": plan.stock, "volume of the line": plan.line.dead_volume,
    }  # fmt: skip
    taken = [Taken("drug", request.drug, "")] if request.drug else []
    taken += [Taken(what, amount.show(), "") for what, amount in amounts.items() if amount is not None]
    return Citation(
        Origin.ASKED, "What this plan was asked for, and what was said about the patient and the ward.", tuple(taken)
    )


def _rules(plan: Plan) -> Iterator[Citation]:
    by_cites: dict[str, dict[str, None]] = {}
    for finding in plan.findings:
        by_cites.setdefault(f"{finding.cites} ({finding.evidence}).", {})[finding.rule] = None
    for cites, rules in by_cites.items():
        yield Citation(Origin.RULE, cites, tuple(Taken(rule, "", "") for rule in rules))


def _computed(plan: Plan, own: Entry | None) -> Citation:
    """Kinds of numbers that no source gives, and how they come out."""
    taken = []
    if any(step.action is not Action.TAKE for step in plan.steps):
        taken += [Taken("volume of each step", "", "rate x time; of a step that empties a bag, what is left in it"),
                  Taken("dose of each step", "", "strength x volume; a purge counts as none")]  # fmt: skip
    for rule, step in zip(own.steps, plan.steps, strict=True) if own else ():
        if step.time and not (rule.time and rule.time.amount == step.time):
            taken.append(Taken(f"time of step {step.number}", step.time.show(), "volume / rate"))
        if step.rate and not rule.rate:
            taken.append(Taken(f"rate of step {step.number}", step.rate.show(), "volume / time"))
    for batch in plan.batches:
        if batch.solution.volume is not None:
            strength = batch.solution.concentration.show()
            taken.append(Taken(f"strength of solution {batch.solution.name}", strength, "amount / volume"))
    taken += [Taken("running sum, start and fold of each step", "", "never copied from a printed column"),
              Taken("total time", plan.duration.show(), "end of the last step")]  # fmt: skip
    if plan.recipe:
        taken.append(Taken("draws, diluent and what is left over", "", "amount / strength of what is drawn"))
    return Citation(Origin.COMPUTED, "Paulatim's own arithmetic, exact; checked by a second calculation.", tuple(taken))
