"""Vital signs, and which of them are beyond the limits for the patient's age."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from paulatim.quantity import Quantity

__all__ = ["Breach", "ImpossibleVitals", "Vitals", "breaches"]

_POSSIBLE = {
    "systolic": (20, 300),
    "diastolic": (10, 200),
    "heart_rate": (10, 300),
    "breathing_rate": (2, 100),
    "spo2": (20, 100),
}
_WORDS = {
    "systolic": "SBP", "diastolic": "DBP", "heart_rate": "HR", "breathing_rate": "RR", "spo2": "SpO2",
}  # fmt: skip


class ImpossibleVitals(ValueError):
    """A figure that no living patient has: a slip of the keys. The message says what to look at again."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """One set: blood pressure in mmHg, rates per minute, SpO2 in %, temperature in degrees Celsius."""

    systolic: int
    diastolic: int
    heart_rate: int
    breathing_rate: int
    spo2: int
    temperature: Fraction | None = None

    def __post_init__(self) -> None:
        for name, (low, high) in _POSSIBLE.items():
            if not low <= getattr(self, name) <= high:
                raise ImpossibleVitals(
                    f"{_WORDS[name]} {getattr(self, name)} is outside {low} to {high}. Measure again."
                )
        if self.diastolic >= self.systolic:
            raise ImpossibleVitals(f"DBP {self.diastolic} is not below SBP {self.systolic}. Measure again.")
        if self.temperature is not None and not 25 <= self.temperature <= 45:
            raise ImpossibleVitals("The temperature is outside 25 to 45 degrees Celsius. Measure again.")

    def __str__(self) -> str:
        words = (
            f"BP {self.systolic}/{self.diastolic}, HR {self.heart_rate}, RR {self.breathing_rate}, SpO2 {self.spo2} %"
        )
        return f"{words}, T {_degrees(self.temperature)}" if self.temperature is not None else words


def _degrees(temperature: Fraction) -> str:
    return f"{Quantity(temperature, '1').figure(1)} °C"


@dataclass(frozen=True, slots=True)
class Breach:
    """A vital sign beyond a limit: the rule it comes from and what to say."""

    rule: str
    sentence: str


def lowest_systolic(age: int) -> int:
    """The lowest systolic pressure in mmHg that is not hypotension, by age in years (R-MON-06, R-MON-07)."""
    if age < 1:
        return 70
    return 70 + 2 * age if age <= 10 else 90


def breaches(vitals: Vitals, age: int, baseline: Vitals | None = None) -> Iterator[Breach]:
    """The limits that a set of vital signs is beyond; `baseline` is the set taken before the start."""
    limit = lowest_systolic(age)
    rule = "R-MON-06" if age >= 18 else "R-MON-07"
    if vitals.systolic < limit:
        yield Breach(rule, f"Hold. Call the prescriber. SBP {vitals.systolic} mmHg is below {limit}.")
    elif baseline and 10 * (baseline.systolic - vitals.systolic) > 3 * baseline.systolic:
        yield Breach(
            rule, f"Hold. Call the prescriber. SBP {vitals.systolic} mmHg is more than 30 % below {baseline.systolic}."
        )
    if vitals.spo2 <= 92:
        yield Breach("R-MON-08", f"Hold. Call the prescriber. SpO2 {vitals.spo2} % is 92 % or less.")
    if vitals.temperature is not None and vitals.temperature >= 38:
        yield Breach(
            "R-MON-10", f"Hold. Call the prescriber. The temperature is {_degrees(vitals.temperature)}, 38 °C or more."
        )
