"""Make an entry's ladder for a target, a bag volume and a final rate, by the entry's own conventions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from paulatim.library import Action, Entry, Kind, Scaling, SolutionRule, StepRule, Until
from paulatim.protocol.ladder import Ladder, Solution, Step
from paulatim.protocol.request import CannotScale, Request
from paulatim.quantity import Quantity

__all__ = ["published", "scale"]

_NOTHING_YET = Quantity(0, "min")
_ONE_DAY = Quantity(1440, "min")
_ONE_MG = Quantity(1, "mg")


def published(entry: Entry) -> Request:
    """The request that makes the printed table; a family has none."""
    made = entry.made_with
    return Request(volume=made.volume, final_rate=made.final_rate) if made else Request()


def scale(entry: Entry, request: Request) -> Ladder:
    """The ladder of an entry; raises CannotScale with what to change when the entry cannot be made so."""
    return _Climb(entry, request).ladder()


class _Climb:
    """One pass up the steps, keeping what has been given of each drug and taken from each solution."""

    def __init__(self, entry: Entry, request: Request) -> None:
        self.entry = entry
        self.weight = request.weight
        self.drugs = _drugs(entry, request)
        self.targets = {drug: self._target(drug, request) for drug in self.drugs}
        self.stretch = self._stretch(request.volume or published(entry).volume)
        rate = request.final_rate or published(entry).final_rate
        self.final_rate = rate.to("mL/h") if rate else None
        self.given = {drug: target * 0 for drug, target in self.targets.items()}
        self.rules = {rule.name: rule for rule in entry.solutions}
        self.numbers = {rule.name: number for number, rule in enumerate(entry.solutions, 1)}
        self.made: dict[str, Solution] = {}
        self.left: dict[str, Quantity] = {}
        self.steps: list[Step] = []
        infusions = [rule.number for rule in entry.steps if rule.action is Action.INFUSE]
        self.last_infusion = infusions[-1] if infusions else 0
        if self.final_rate is not None and not self.last_infusion:
            raise CannotScale(f"{entry.id} has no pump rate. Leave the final rate out.")

    def ladder(self) -> Ladder:
        for rule in self.entry.steps:
            self.steps.append(self.step(rule))
        solutions = tuple(self.made[name] for name in self.rules if name in self.made)
        return Ladder(self.entry, self.targets, solutions, self._intervals())

    def _target(self, drug: str, request: Request) -> Quantity:
        dose = self.entry.target.by_drug.get(drug)
        cited = dose.for_weight(self.weight) if dose else None
        if dose and cited is None:
            raise CannotScale(_no_band(drug, self.weight))
        own = cited.amount if cited else None
        wanted = request.target
        if wanted is None or wanted == own:
            if own is None:
                raise CannotScale(f'{self.entry.id} needs a target. Give one, such as "2000 mg".')
            return own
        if self.entry.scaling is Scaling.FIXED:
            said = own.show() if own else "its own target"
            raise CannotScale(f"{self.entry.id} is published for {said} of {drug} only. Leave the target out.")
        wanted = self._whole(wanted)
        if own is not None and own.unit.kinds != wanted.unit.kinds:
            raise CannotScale(
                f"The target {wanted.show()} is not an amount in {own.unit.words}, as in {self.entry.id}."
            )
        return wanted.to(own.unit) if own is not None else wanted

    def _whole(self, wanted: Quantity) -> Quantity:
        """A target per kg times the weight; a whole target as it is."""
        kinds = dict(wanted.unit.kinds)
        if kinds.get("body weight") == -1:
            if self.weight is None:
                raise CannotScale(f"The target {wanted.show()} needs the patient's weight. Add it in kg.")
            wanted, kinds = wanted * self.weight, {k: v for k, v in kinds.items() if k != "body weight"}
        if len(kinds) != 1 or set(kinds.values()) != {1} or not kinds.keys() & _DRUG_KINDS:
            raise CannotScale(f"The target {wanted.show()} is not an amount of drug. Write it in mg, g or units.")
        return wanted.to("mg") if kinds.keys() == {"mass"} and wanted > _ONE_MG else wanted  # steps far below a gram

    def _stretch(self, volume: Quantity | None) -> Fraction:
        """How much larger the bags are than published: the last bag sets it for all."""
        if volume is None:
            return Fraction(1)
        bags = [rule.volume.amount for rule in self.entry.solutions if rule.volume]
        if not bags:
            raise CannotScale(f"{self.entry.id} has no bags. Leave the volume out.")
        return volume.ratio(bags[-1])

    def solution(self, rule: SolutionRule, drug: str) -> Solution:
        """The solution, made when its first step is reached: the last bag knows then what was given before."""
        if rule.name in self.made:
            return self.made[rule.name]
        volume = rule.volume.amount * self.stretch if rule.volume else None
        target = self.targets[drug]
        amount = None
        if rule.concentration:
            concentration = rule.concentration.amount
            amount = concentration * volume if volume else None
        else:
            assert volume is not None  # the library refuses an amount without a volume
            amount = self._amount(rule, drug, target)
            concentration = amount / volume
        made = Solution(rule.name, self.numbers[rule.name], drug, volume, amount, concentration, rule.source)
        self.made[rule.name] = made
        if volume is not None:
            self.left[rule.name] = volume
        return made

    def _amount(self, rule: SolutionRule, drug: str, target: Quantity) -> Quantity:
        if rule.rest:
            rest = target - self.given[drug]
            if rest.number <= 0:
                before = f"The steps before solution {rule.name} already give {self.given[drug].show()}"
                raise CannotScale(
                    f"{before}: nothing of the {target.show()} is left for it. Take smaller bags, or another protocol."
                )
            return rest
        if rule.share is not None:
            return target * rule.share
        assert rule.amount
        return rule.amount.amount * target.ratio(self.entry.target.by_drug[drug].bands[0].cited.amount)

    def step(self, rule: StepRule) -> Step:
        drug = rule.drug or self.drugs[0]
        solution = self.solution(self.rules[rule.solution], drug) if rule.solution else None
        if rule.action is Action.TAKE:
            rate = time = None
            volume, dose = self._taken(rule, drug, solution)
        else:
            assert solution
            rate, time, volume = self._flow(rule, drug, solution)
            dose = (solution.concentration * volume).to(self.targets[drug].unit)
            if rule.action is Action.PURGE:
                dose = dose * 0
        if rule.solution in self.left and volume is not None:
            self.left[rule.solution] = self.left[rule.solution] - volume
        self.given[drug] = self.given[drug] + dose
        begins = self.steps[-1].begins + self.steps[-1].lasts if self.steps else _NOTHING_YET
        return Step(
            number=rule.number,
            action=rule.action,
            drug=drug,
            solution=rule.solution,
            rate=rate,
            time=time,
            volume=volume,
            dose=dose,
            cumulative=self.given[drug],
            begins=begins,
            lasts=time or _NOTHING_YET,
            fold=self._fold(rule, drug, rate, dose),
            until=rule.until,
            day=rule.day,
            source=rule.source,
        )

    def _taken(self, rule: StepRule, drug: str, solution: Solution | None) -> tuple[Quantity | None, Quantity]:
        if rule.dose:
            cited = rule.dose.for_weight(self.weight)
            if cited is None:
                raise CannotScale(_no_band(drug, self.weight))
            return None, cited.amount
        assert solution and rule.volume
        return rule.volume.amount, (solution.concentration * rule.volume.amount).to(self.targets[drug].unit)

    def _flow(self, rule: StepRule, drug: str, solution: Solution) -> tuple[Quantity, Quantity, Quantity]:
        """Rate (mL/h), time (min) and volume (mL) of an infusion or purge: the third follows from two."""
        rate = rule.rate.amount if rule.rate else None
        time = rule.time.amount if rule.time else None
        volume = rule.volume.amount if rule.volume else None
        if rule.number == self.last_infusion and self.final_rate is not None:
            rate, time = self.final_rate, time if not rule.until and volume is None else None
        if rule.until is Until.EMPTY:
            volume = self.left[solution.name]
        elif rule.until is Until.TARGET:
            volume = ((self.targets[drug] - self.given[drug]) / solution.concentration).to("mL")
        if volume is not None and volume.number <= 0:
            raise CannotScale(f"Nothing is left for step {rule.number} from solution {solution.name}: the steps before "
                              "it use it up. Take a larger bag or another protocol.")  # fmt: skip
        if volume is None:
            assert rate is not None and time is not None
            return rate, time, (rate * time).to("mL")
        if rate is None:
            assert time is not None
            return (volume / time).to("mL/h"), time, volume
        return rate, (volume / rate).to("min"), volume

    def _fold(self, rule: StepRule, drug: str, rate: Quantity | None, dose: Quantity) -> Fraction | None:
        before = next((s for s in reversed(self.steps) if s.drug == drug and s.action is rule.action), None)
        if before is None or rule.action is Action.PURGE:
            return None
        if rate is None or before.rate is None:
            return dose.ratio(before.dose)
        now = self.made[rule.solution].concentration * rate
        return now.ratio(self.made[before.solution].concentration * before.rate)

    def _intervals(self) -> tuple[Step, ...]:
        """Doses by mouth begin on their day or an interval apart; infusions already follow one another."""
        interval = self.entry.interval.amount.to("min") if self.entry.interval else None
        if not any(step.action is Action.TAKE for step in self.steps):
            return tuple(self.steps)
        begins = [
            _ONE_DAY * (step.day - 1) if step.day else (interval or _NOTHING_YET) * place
            for place, step in enumerate(self.steps)
        ]
        ends = [*begins[1:], begins[-1]]
        return tuple(
            replace(step, begins=start, lasts=end - start)
            for step, start, end in zip(self.steps, begins, ends, strict=True)
        )


_DRUG_KINDS = {"mass", "units", "international units", "allergen units", "bioequivalent allergen units", "tablets"}


def _drugs(entry: Entry, request: Request) -> tuple[str, ...]:
    if not entry.drugs:
        if not request.drug:
            raise CannotScale(f'{entry.id} is for any drug. Say which: --drug "ceftazidime".')
        return (request.drug,)
    if request.drug and request.drug not in entry.drugs:
        hint = " or a family, such as bwh-12-step-3-bag" if entry.kind is Kind.TABLE else ""
        raise CannotScale(f"{entry.id} is published for {' and '.join(entry.drugs)}. Choose another entry{hint}.")
    return entry.drugs


def _no_band(drug: str, weight: Quantity | None) -> str:
    if weight is None:
        return f"The dose of {drug} depends on body weight. Give the weight in kg."
    return f"The source gives no dose of {drug} for {weight.show()}. Ask the prescriber for another protocol."
