"""The plan worked out again from the published entry: a number is asked for when it is needed, sums from the end.

The planner climbs the steps once and keeps accounts. Here a step asks for its solution's strength, the strength asks
for the doses before it, and what had gone in by a step is the target less what is still to come.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from paulatim.verification.amounts import Amount, Unworkable, measures, read_amount
from paulatim.verification.published import Bag, Band, Published

__all__ = ["Rework"]

_NO_TIME, _NO_VOLUME, _A_DAY = read_amount("0 min"), read_amount("0 mL"), read_amount("1 d")


class Rework:
    """One entry for one request (the plan's own `request` object, read), and the bench's rounding of what is made."""

    def __init__(self, entry: Published, request: dict[str, Any], prepare_in: Amount | None) -> None:
        self.entry, self.weight, self.prepare_in = entry, request["weight"], prepare_in
        self.drugs = entry.drugs or ((request["drug"],) if request["drug"] else ())
        if not self.drugs or request["drug"] not in (None, *self.drugs):
            raise Unworkable(f"The published entry is not for {request['drug'] or 'a drug that is not named'}.")
        self.rungs, self.bags = entry.rungs, {bag.name: bag for bag in entry.bags}
        self.wishes = request
        self.as_made = entry.as_made
        self.targets = {drug: self._target(drug) for drug in self.drugs}
        self.stretch = self._stretch(_first(request["volume"], self.as_made.get("volume")))
        self.final_rate = _first(request["final_rate"], self.as_made.get("final_rate"))
        self.last = max((at for at, rung in enumerate(self.rungs) if rung.do == "infuse"), default=None)
        self._doses: dict[int, Amount] = {}
        self._strengths: dict[str, Amount] = {}
        self._volumes: dict[int, Amount] = {}

    def plan(self) -> dict[str, Any]:
        """What the plan must say, under the names of its own fields."""
        steps = [self._step(at) for at in range(len(self.rungs))]
        used = [bag for bag in self.entry.bags if any(rung.bag == bag.name for rung in self.rungs)]
        end = steps[-1]["begins"] + steps[-1]["lasts"] if steps else _NO_TIME
        return {"targets": self.targets, "changes": self._changes(), "steps": steps, "duration": end,
                "batches": [self._batch(bag) for bag in used]}  # fmt: skip

    def _target(self, drug: str) -> Amount:
        bands = self.entry.doses.get(drug, ())
        own = self._for_weight(bands, drug) if bands else None
        wish = self.wishes["target"]
        if wish is None or wish == own:
            if own is None:
                raise Unworkable(f"The published entry needs a target for {drug}, and the request has none.")
            return own
        if self.entry.fixed:
            raise Unworkable(f"The published entry is for {own} only, not for {wish}.")
        if ("patient's weight", -1) in wish.kinds:
            unit = wish.unit.partition("/")[0]
            wish = Amount((wish * self._known_weight()).size, measures(unit), unit)
        if wish.size <= 0:
            raise Unworkable(f"The target {wish} is nothing to give.")
        amount: Amount = wish
        return amount

    def _known_weight(self) -> Amount:
        if self.weight is None:
            raise Unworkable("The doses depend on body weight, and the request has none.")
        weight: Amount = self.weight
        return weight

    def _for_weight(self, bands: tuple[Band, ...], drug: str) -> Amount:
        for band in bands:
            low = band.above is None or band.above.below(self._known_weight())
            high = band.below is None or self._known_weight().below(band.below)
            if low and high:
                return band.amount
        raise Unworkable(f"The published entry gives no dose of {drug} for {self.weight}.")

    def _stretch(self, volume: Amount | None) -> Fraction:
        volumes = [bag.volume for bag in self.entry.bags if bag.volume]
        if volume is None:
            return Fraction(1)
        if not volumes or volume.size <= 0:
            raise Unworkable(f"A bag volume of {volume} cannot be made from the published entry.")
        return volume.over(volumes[-1])

    # each number of a step, from what the entry says and from the numbers before it

    def _drug(self, at: int) -> str:
        return self.rungs[at].drug or self.drugs[0]

    def _dose(self, at: int) -> Amount:
        if at not in self._doses:
            rung, drug = self.rungs[at], self._drug(at)
            if rung.dose:
                self._doses[at] = self._for_weight(rung.dose, drug)
            elif rung.do == "purge":
                self._doses[at] = self.targets[drug].times(0)
            else:
                dose = self._strength(rung.bag) * self._volume(at)
                self._doses[at] = Amount(dose.size, dose.kinds, self.targets[drug].unit)
        return self._doses[at]

    def _before(self, at: int, drug: str) -> Amount:
        return _sum(self.targets[drug].times(0), [self._dose(n) for n in range(at) if self._drug(n) == drug])

    def _after(self, at: int, drug: str) -> Amount:
        later = range(at + 1, len(self.rungs))
        return _sum(self.targets[drug].times(0), [self._dose(n) for n in later if self._drug(n) == drug])

    def _strength(self, name: str) -> Amount:
        if name not in self._strengths:
            self._strengths[name] = self._new_strength(name)
        return self._strengths[name]

    def _new_strength(self, name: str) -> Amount:
        bag, first = self._bag(name), next(at for at, rung in enumerate(self.rungs) if rung.bag == name)
        if bag.strength:
            return bag.strength
        if not bag.volume:
            raise Unworkable(f"The published entry gives no volume for solution {name}.")
        target = self.targets[self._drug(first)]
        if bag.rest:
            holds = target - self._before(first, self._drug(first))
        elif bag.share is not None:
            holds = target.times(bag.share)
        elif bag.holds and self.entry.doses:
            holds = bag.holds.times(target.over(self.entry.doses[self._drug(first)][0].amount))
        else:
            raise Unworkable(f"The published entry does not say what solution {name} holds.")
        if holds.size <= 0:
            raise Unworkable(f"Nothing of the target is left for solution {name}.")
        return holds / bag.volume.times(self.stretch)

    def _bag(self, name: str) -> Bag:
        if name not in self.bags:
            raise Unworkable(f"The published entry has no solution {name}.")
        return self.bags[name]

    def _said(self, at: int) -> tuple[Amount | None, Amount | None]:
        """Rate and time as published; a final rate asked for replaces the time too if a volume ends the step."""
        rung = self.rungs[at]
        if self.final_rate is None or at != self.last:
            return rung.rate, rung.time
        return self.final_rate, rung.time if rung.until is None and rung.volume is None else None

    def _rate(self, at: int) -> Amount:
        rate, time = self._said(at)
        return rate or self._volume(at) / _both(time, at)

    def _time(self, at: int) -> Amount:
        rate, time = self._said(at)
        return time or self._volume(at) / _both(rate, at)

    def _volume(self, at: int) -> Amount:
        if at not in self._volumes:
            self._volumes[at] = self._new_volume(at)
        return self._volumes[at]

    def _new_volume(self, at: int) -> Amount:
        rung = self.rungs[at]
        if rung.until == "empty":
            whole = self._bag(rung.bag).volume
            if whole is None:
                raise Unworkable(f"Solution {rung.bag} has no volume, so it never runs empty.")
            taken = [self._volume(n) for n in range(at) if self.rungs[n].bag == rung.bag]
            volume = whole.times(self.stretch) - _sum(_NO_VOLUME, taken)
        elif rung.until == "target":
            drug = self._drug(at)
            volume = (self.targets[drug] - self._before(at, drug)) / self._strength(rung.bag)
        elif rung.volume is not None:
            volume = rung.volume
        else:
            rate, time = self._said(at)
            volume = _both(rate, at) * _both(time, at)
        if volume.size <= 0:
            raise Unworkable(f"Nothing is left to give in step {at + 1}.")
        return volume

    def _step(self, at: int) -> dict[str, Any]:
        rung, runs = self.rungs[at], self.rungs[at].do != "take"
        begins, lasts = self._clock(at)
        return {
            "number": rung.number, "action": rung.do, "drug": self._drug(at), "solution": rung.bag,
            "rate": self._rate(at) if runs else None, "time": self._time(at) if runs else None,
            "volume": self._volume(at) if runs or rung.bag else None, "dose": self._dose(at),
            "cumulative": self._in_by(at), "begins": begins, "lasts": lasts, "fold": self._fold(at),
            "until": rung.until, "day": rung.day, "source": self.entry.source(f"step {rung.number}"),
        }  # fmt: skip

    def _in_by(self, at: int) -> Amount:
        """What has gone in by the end of a step: for a target that is the whole sum, the target less what follows."""
        drug = self._drug(at)
        if self.entry.meaning == "cumulative_equals_target":
            return self.targets[drug] - self._after(at, drug)
        return self._before(at, drug) + self._dose(at)

    def _clock(self, at: int) -> tuple[Amount, Amount]:
        """When a step begins and how long until the next: by day or interval if anything is taken by mouth."""
        if not any(rung.do == "take" for rung in self.rungs):
            return _sum(_NO_TIME, [self._time(n) for n in range(at)]), self._time(at)
        begins = self._start(at)
        return begins, self._start(at + 1) - begins if at + 1 < len(self.rungs) else _NO_TIME

    def _start(self, at: int) -> Amount:
        day = self.rungs[at].day
        if day is not None:
            return _A_DAY.times(day - 1)
        return self.entry.interval.times(at) if self.entry.interval else _NO_TIME

    def _fold(self, at: int) -> Fraction | None:
        """How many times the dose rate of the infusion before, or the dose before by mouth, of the same drug."""
        rung = self.rungs[at]
        before = [n for n in range(at) if self._drug(n) == self._drug(at) and self.rungs[n].do == rung.do]
        if not before or rung.do == "purge":
            return None
        if rung.do == "take":
            return self._dose(at).over(self._dose(before[-1]))
        now, then = (self._strength(self.rungs[n].bag) * self._rate(n) for n in (at, before[-1]))
        return now.over(then)

    def _batch(self, bag: Bag) -> dict[str, Any]:
        strength = self._strength(bag.name)
        uses = {at: rung.do == "purge" for at, rung in enumerate(self.rungs) if rung.bag == bag.name}
        given = _sum(_NO_VOLUME, [self._volume(at) for at, purged in uses.items() if not purged])
        purged = _sum(_NO_VOLUME, [self._volume(at) for at, purged in uses.items() if purged])
        volume = bag.volume.times(self.stretch) if bag.volume else None
        first = next(iter(uses))
        found = {
            "solution": {"name": bag.name, "number": bag.number, "drug": self._drug(first), "volume": volume,
                         "amount": volume and strength * volume, "concentration": strength,
                         "source": self.entry.source(f"solution {bag.name}")},
            "given_volume": given, "given": strength * given, "purged_volume": purged, "purged": strength * purged,
        }  # fmt: skip
        made = volume or self._made(given + purged)
        if made is None:
            return found
        left = made - given - purged
        return found | {"volume": made, "amount": strength * made, "left_volume": left, "left": strength * left}

    def _made(self, needed: Amount) -> Amount | None:
        """What is made of a solution that the entry gives no volume of: the bench's next whole multiple."""
        if self.prepare_in is None:
            return None
        multiples = -(-needed.size // self.prepare_in.size)
        return self.prepare_in.times(multiples)

    def _changes(self) -> list[str]:
        """In what the plan is not as published."""
        own = {drug: self._for_weight(bands, drug) for drug, bands in self.entry.doses.items() if bands}
        volumes = [bag.volume for bag in self.entry.bags if bag.volume]
        rates = [rung.rate for rung in self.rungs if rung.do == "infuse"]
        volume, rate = self.wishes["volume"], self.wishes["final_rate"]
        found = {
            "target": any(amount != self.targets[drug] for drug, amount in own.items()),
            "bag volume": volume is not None and volume != self.as_made.get("volume", volumes[-1] if volumes else None),
            "final rate": rate is not None and rate != self.as_made.get("final_rate", rates[-1] if rates else None),
        }
        return [name for name, changed in found.items() if changed]


def _sum(start: Amount, amounts: list[Amount]) -> Amount:
    for amount in amounts:
        start = start + amount
    return start


def _first(*amounts: Amount | None) -> Amount | None:
    return next((amount for amount in amounts if amount is not None), None)


def _both(amount: Amount | None, at: int) -> Amount:
    if amount is None:
        raise Unworkable(f"The published entry does not say enough about step {at + 1}.")
    return amount
