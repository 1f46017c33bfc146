"""Rules of arithmetic: sums, steps, volumes, and the first dose."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from paulatim.library import Action, Meaning
from paulatim.protocol import Ladder, Step
from paulatim.quantity import Quantity
from paulatim.rules.draft import Draft
from paulatim.rules.finding import Severity
from paulatim.rules.rulebook import Says, rule

_OF_LAST = {
    Meaning.LAST_DOSE: "The last dose", Meaning.DAILY: "The last daily dose", Meaning.ON_TOP: "The last bag",
    Meaning.ENDPOINT: "The last planned dose",
}  # fmt: skip


def _sum(ladder: Ladder, drug: str) -> Quantity:
    return [step.cumulative for step in ladder.steps if step.drug == drug][-1]


def _last_dose(ladder: Ladder, drug: str) -> Quantity:
    steps = [step for step in ladder.steps if step.drug == drug]
    if ladder.entry.target.meaning is Meaning.ON_TOP:
        doses = [step.dose for step in steps if step.solution == steps[-1].solution]
        return sum(doses[1:], doses[0])
    if ladder.entry.target.meaning is Meaning.DAILY:
        return sum((step.dose for step in steps[:-1] if step.day == steps[-1].day), steps[-1].dose)
    return steps[-1].dose


@rule("R-SUM-01")
def doses_add_up(draft: Draft) -> Iterator[Says]:
    meaning = draft.ladder.entry.target.meaning
    for drug, target in draft.ladder.targets.items():
        whole = meaning is Meaning.CUMULATIVE
        given = _sum(draft.ladder, drug) if whole else _last_dose(draft.ladder, drug)
        if given != target:
            what = "The sum of the steps" if whole else _OF_LAST[meaning]
            yield Says("steps", {"what": what, "given": given.show(), "drug": drug, "target": target.show()})


@rule("R-SUM-02")
def more_than_target(draft: Draft) -> Iterator[Says]:
    if draft.ladder.entry.target.meaning is Meaning.ON_TOP:
        for drug, target in draft.ladder.targets.items():
            given = _sum(draft.ladder, drug)
            percent = Quantity(given.ratio(target) * 100, "%").show(1)
            yield Says("steps", {"given": given.show(), "drug": drug, "percent": percent})


@rule("R-STEP-05")
def no_step_too_steep(draft: Draft) -> Iterator[Says]:
    limit, stop = draft.policy.fold_limit, draft.policy.fold_stop
    as_published: list[Step] = []
    for step, before in zip(draft.ladder.steps, draft.published.steps, strict=True):
        if step.fold is None or step.fold <= limit:
            continue
        if before.fold is not None and step.fold <= min(before.fold, stop):
            as_published.append(step)
            continue
        words = {"steps": f"step {step.number}", "it": "it gives", "fold": times(step.fold), "limit": times(limit)}
        yield Says(f"steps.{step.number}", {**words, "published": ""})
    if as_published:  # one sentence for them all: seven alike would be read by nobody
        numbers = ", ".join(str(step.number) for step in as_published)
        steepest = max(step.fold for step in as_published if step.fold is not None)
        one = len(as_published) == 1
        yield Says("steps", {
            "steps": f"step{'' if one else 's'} {numbers}", "it": "it gives" if one else "each gives up to",
            "fold": times(steepest), "limit": times(limit), "published": " The published ladder does so too.",
        }, Severity.WARN)  # fmt: skip


@rule("R-STEP-09")
def no_step_falls(draft: Draft) -> Iterator[Says]:
    for step in draft.ladder.steps:
        if step.fold is not None and step.fold < 1:
            yield Says(f"steps.{step.number}", {"step": str(step.number), "fold": times(step.fold)})


@rule("R-VOL-01")
def solutions_suffice(draft: Draft) -> Iterator[Says]:
    for batch in draft.batches:
        if batch.left_volume.number < 0:
            taken = batch.given_volume + batch.purged_volume
            name = batch.solution.name
            yield Says(f"solutions.{name}", {"solution": name, "taken": taken.show(), "holds": batch.volume.show()})


@rule("R-START-01")
def starts_no_higher(draft: Draft) -> Iterator[Says]:
    start, published = _start(draft.ladder), _start(draft.published)
    if start > published:
        yield Says("steps.1", {"start": one_in(start), "published": one_in(published)})


def _start(ladder: Ladder) -> Fraction:
    """The first dose that reaches the patient, as a share of the target."""
    first = next(step for step in ladder.steps if step.action is not Action.PURGE)
    return first.dose.ratio(ladder.targets[first.drug])


def times(fold: Fraction) -> str:
    """A ratio for people."""
    return Quantity(fold, "1").figure(2)


def one_in(share: Fraction) -> str:
    """The n of 1/n for people."""
    return Quantity(1 / share, "1").figure(0)
