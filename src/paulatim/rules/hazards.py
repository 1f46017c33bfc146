"""Rules of handling: what pump, syringe, line and stock can do, and what is known of the entry and the patient."""

from __future__ import annotations

from collections.abc import Iterator

from paulatim.delivery import Priming
from paulatim.library import Action
from paulatim.quantity import Quantity
from paulatim.rules.draft import Draft
from paulatim.rules.rulebook import Says, rule


def _rates(draft: Draft) -> Iterator[tuple[str, Quantity]]:
    return ((str(step.number), step.rate) for step in draft.ladder.steps if step.rate is not None)


@rule("R-PUMP-01")
def not_below_pump(draft: Draft) -> Iterator[Says]:
    if pump := draft.pump:
        for step, rate in _rates(draft):
            if rate < pump.lowest:
                words = {"step": step, "rate": rate.show(), "limit": pump.lowest.show(), "pump": pump.title}
                yield Says(f"steps.{step}", words)


@rule("R-PUMP-02")
def pump_can_be_set(draft: Draft) -> Iterator[Says]:
    if pump := draft.pump:
        for step, rate in _rates(draft):
            settable = pump.settable(rate)
            if pump.lowest <= rate <= pump.highest and rate != settable:
                words = {"step": step, "rate": rate.show(), "settable": settable.show(), "pump": pump.title}
                yield Says(f"steps.{step}", words)


@rule("R-PUMP-03")
def not_above_pump(draft: Draft) -> Iterator[Says]:
    if pump := draft.pump:
        for step, rate in _rates(draft):
            if rate > pump.highest:
                words = {"step": step, "rate": rate.show(), "limit": pump.highest.show(), "pump": pump.title}
                yield Says(f"steps.{step}", words)


@rule("R-PUMP-04")
def pump_known(draft: Draft) -> Iterator[Says]:
    if draft.pump is None and any(_rates(draft)):
        yield Says("pump", {})


@rule("R-MEAS-01")
def oral_volume_measurable(draft: Draft) -> Iterator[Says]:
    limit = draft.bench.smallest_draw
    for step in draft.ladder.steps:
        if step.action is Action.TAKE and step.volume is not None and step.volume < limit:
            words = {"step": str(step.number), "volume": step.volume.show(), "limit": limit.show()}
            yield Says(f"steps.{step.number}", words)


@rule("R-MEAS-02")
def measured_near_prescribed(draft: Draft) -> Iterator[Says]:
    tolerance = draft.policy.prepared_tolerance
    doses = [s for s in draft.ladder.steps if s.action is Action.TAKE and s.volume is not None]
    draws = [(f"solution {make.makes}", f"recipe.{make.makes}", make.draw) for make in draft.recipe]
    draws += [(f"step {s.number}", f"steps.{s.number}", draft.bench.draw(s.volume)) for s in doses if s.volume]
    for what, where, draw in draws:
        if draw.exact - draw.measured > draw.exact * tolerance:
            yield Says(where, {"what": what, "measured": draw.measured.show(), "exact": draw.exact.show(),
                               "limit": Quantity(tolerance * 100, "%").show()})  # fmt: skip


@rule("R-STOCK-01")
def stock_known(draft: Draft) -> Iterator[Says]:
    if draft.stock is None and draft.ladder.solutions:
        yield Says("stock", {})


@rule("R-STOCK-02")
def stock_strong_enough(draft: Draft) -> Iterator[Says]:
    if draft.stock is not None:
        for solution in draft.ladder.solutions:
            if solution.concentration > draft.stock:
                needs = solution.concentration.show()
                yield Says(f"solutions.{solution.name}", {
                    "solution": solution.name, "needs": needs, "stock": draft.stock.show(),
                })  # fmt: skip


@rule("R-LINE-01")
def line_known(draft: Draft) -> Iterator[Says]:
    line = draft.line
    if not any(_rates(draft)):
        return
    if line.dead_volume is None or line.primed_with is None:
        yield Says("line", {"what": "how much the line holds and what primes it"})
    elif line.new_for_each_bag is None and len(draft.ladder.solutions) > 1:
        yield Says("line", {"what": "whether each bag has a line of its own"})


@rule("R-LINE-02")
def purge_disconnected(draft: Draft) -> Iterator[Says]:
    """A purge pushes what the line held, the solution before it, and then its own."""
    before = ""
    for step in draft.ladder.steps:
        if step.action is Action.PURGE and before and step.volume is not None:
            dose = draft.ladder.solution(before).concentration * step.volume
            words = {"step": str(step.number), "volume": step.volume.show(), "dose": dose.show(), "solution": before}
            yield Says(f"steps.{step.number}", words)
        before = step.solution or before


@rule("R-LINE-03")
def line_smaller_than_step(draft: Draft) -> Iterator[Says]:
    dead = draft.line.dead_volume
    if dead is None or draft.line.primed_with is Priming.DRUG:
        return
    for step in draft.ladder.steps:
        if step.action is Action.INFUSE and step.volume is not None and dead > step.volume * draft.policy.line_share:
            words = {"dead": dead.show(), "step": str(step.number), "volume": step.volume.show()}
            yield Says(f"steps.{step.number}", words)
            return  # the first step concerned says it; the others say the same


@rule("R-ENTRY-01")
def entry_whole(draft: Draft) -> Iterator[Says]:
    if why := draft.ladder.entry.startable:
        yield Says("entry", {"why": why})


@rule("R-ENTRY-02")
def entry_reviewed(draft: Draft) -> Iterator[Says]:
    if still := draft.ladder.entry.review.open:
        yield Says("entry", {"open": " and ".join(still)})


@rule("R-ENTRY-03")
def entry_misprints(draft: Draft) -> Iterator[Says]:
    if count := len(draft.ladder.entry.errata):
        yield Says("entry", {"count": f"{count} misprint{'s' if count > 1 else ''}"})


@rule("R-ENTRY-04")
def plan_as_published(draft: Draft) -> Iterator[Says]:
    if draft.changes:
        yield Says("request", {"entry": draft.ladder.entry.id, "changes": " and ".join(draft.changes)})


@rule("R-WT-01")
def weight_known(draft: Draft) -> Iterator[Says]:
    if draft.patient is not None and draft.patient.weight is None:
        yield Says("patient", {})
