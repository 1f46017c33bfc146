"""Random plans over every entry of the shelf, each checked from outside; `python climb.py SEED PLANS` prints the sum.

Targets, volumes, rates, stocks and weights are drawn over many magnitudes. A plan must verify, survive being written
and read, reach its target by what its entry means by it, and account for every drop of drug; or the planner says why
not.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path
from random import Random

import paulatim
from paulatim import (
    CannotScale,
    Entry,
    Line,
    Plan,
    Priming,
    Quantity,
    QuantityError,
    Request,
    entries,
    make_plan,
    pumps,
)
from paulatim.verification import verify

PACKAGE = Path(paulatim.__file__).parent
SHELF = {path.stem: path.read_text(encoding="utf-8") for path in (PACKAGE / "library" / "protocols").rglob("*.yaml")}
BENCH = (PACKAGE / "preparation" / "bench.yaml").read_text(encoding="utf-8")
UNITS = ("ng", "mcg", "mg", "g", "units", "[iU]", "k[iU]", "M[iU]", "[AU]", "[BAU]", "tablets")


def amount(random: Random, unit: str, low: int, high: int) -> Quantity:
    """An amount with up to six digits, between two powers of ten."""
    digits = random.choice((1, 2, 3, 6))
    size = Fraction(random.randint(1, 10**digits - 1), 10**digits)
    return Quantity(size * Fraction(10) ** random.randint(low + 1, high), unit)


def maybe(random: Random, made: Quantity, share: Fraction = Fraction(1, 2)) -> Quantity | None:
    """The amount in a share of cases."""
    return made if random.random() < share else None


def wishes(random: Random, entry: Entry) -> Request:
    """A request that the entry might be asked for: mostly possible, sometimes not."""
    doses = list(entry.target.by_drug.values())
    own = doses[0].bands[0].cited.amount if doses else None
    unit = own.unit.text if own else random.choice(UNITS)
    target: Quantity | None = amount(random, unit, -6, 9)
    weight = maybe(random, Quantity(random.randint(20, 1600), "kg") / 10, Fraction(9, 10))
    if own and (entry.scaling == "fixed" or random.random() < Fraction(1, 4)):
        target = maybe(random, own)
    elif random.random() < Fraction(1, 4):
        target = amount(random, f"{unit}/kg", -6, 6)
    bags = any(rule.volume for rule in entry.solutions)
    rates = any(rule.rate for rule in entry.steps)
    return Request(
        drug=None if entry.drugs else random.choice(("ceftazidime", "x", "penicillin V")),
        target=target,
        volume=maybe(random, Quantity(random.randint(1, random.choice((5, 3000, 3000, 3000))), "mL")) if bags else None,
        final_rate=maybe(random, amount(random, "mL/h", -2, 4)) if rates else None,
        weight=weight,
    )


def stock_for(random: Random, entry: Entry, request: Request) -> Quantity | None:
    """A stock of the drug's kind, weak or strong for the target; often none is named."""
    own = [dose.bands[0].cited.amount for dose in entry.target.by_drug.values()]
    target = request.target or own[0]
    unit = target.unit.text.partition("/")[0]
    strength = target.number * amount(random, f"{unit}/mL", -4, 5)
    return maybe(random, strength, Fraction(3, 4))


def climb(random: Random, entry: Entry) -> tuple[str, tuple[str, ...]]:
    """Make one plan and look at it: what came out, and everything that is wrong with it."""
    request = wishes(random, entry)
    line = Line(
        maybe(random, amount(random, "mL", -1, 2)), random.choice((None, *Priming)), random.choice((None, True))
    )
    stock, pump = stock_for(random, entry, request), random.choice((None, *pumps().values()))
    try:
        plan = make_plan(entry, request, stock=stock, pump=pump, line=line)
    except (CannotScale, QuantityError) as error:
        sentence = str(error)
        return "refused", () if sentence.endswith(".") else (f"{entry.id}: {sentence!r} is no sentence",)
    wrong = [found.sentence for found in verify(plan.text(), SHELF.get, BENCH)]
    wrong += [] if Plan.read(plan.text()) == plan else ["it is another plan after it was written and read"]
    wrong += [] if reached(plan) else ["it does not reach its target"]
    wrong += unbalanced(plan)
    return "stopped" if plan.stops else "made", tuple(f"{entry.id} {request} {stock}: {each}" for each in wrong)


def reached(plan: Plan) -> bool:
    """Whether each target is met exactly, by what the entry means by it."""
    for drug, target in plan.targets.items():
        steps = [step for step in plan.steps if step.drug == drug]
        if plan.entry.meaning == "cumulative_equals_target":
            given = [step.dose for step in steps]
        elif plan.entry.meaning == "full_dose_on_top":
            given = [step.dose for step in steps if step.solution == steps[-1].solution]
        else:
            given = [steps[-1].dose]
        if sum(given, target * 0) != target:
            return False
    return True


def unbalanced(plan: Plan) -> list[str]:
    """Where drug appears or vanishes: in a solution, or between the stock and all that is made of it."""
    wrong = [f"{b.solution.name}: drug" for b in plan.batches if b.amount != b.given + b.left + b.purged]
    wrong += [
        f"{b.solution.name}: volume"
        for b in plan.batches
        if b.volume != b.given_volume + b.left_volume + b.purged_volume
    ]
    if not plan.recipe or plan.stock is None:
        return wrong
    drawn = {make.makes: Quantity(0, "mL") for make in plan.recipe} | {"stock": Quantity(0, "mL")}
    for make in plan.recipe:
        drawn[make.of] = drawn[make.of] + make.draw.exact
    out = plan.stock * Quantity(0, "mL")
    for batch in plan.batches:
        out = out + batch.given + batch.purged + batch.left
    for make in plan.recipe:
        if make.makes.startswith("dilution "):
            out = out + make.concentration * (make.volume - drawn[make.makes])
    return (
        wrong
        if out == plan.stock * drawn["stock"]
        else [*wrong, "the drug drawn from the stock is not all accounted for"]
    )


def run(seed: int, plans: int) -> dict[str, object]:
    """Many plans from one seed: how each came out, and the first ten that are wrong."""
    random, shelf = Random(seed), entries()
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for number in range(plans):
        outcome, found = climb(random, shelf[number % len(shelf)])
        counts[outcome] += 1
        wrong += found
    return {**counts, "wrong": wrong[:10]}


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]), int(sys.argv[2]))))
