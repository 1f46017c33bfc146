"""Amounts by verification's own reader: a text becomes an exact size and what it measures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Final

__all__ = ["DRUG", "Amount", "Unworkable", "as_text", "measures", "number", "read_amount"]

Kinds = tuple[tuple[str, int], ...]  # what is measured and to which power, in alphabetical order

# What is measured, and how many of its smallest unit each symbol stands for.
_SIZES: Final[dict[str, dict[str, int]]] = {
    "mass": {"ng": 1, "mcg": 1_000, "mg": 1_000_000, "g": 1_000_000_000},
    "drug units": {"units": 1},
    "international units": {"m[iU]": 1, "[iU]": 1_000, "k[iU]": 1_000_000, "M[iU]": 1_000_000_000},
    "allergen units": {"[AU]": 1},
    "bioequivalent allergen units": {"[BAU]": 1},
    "tablets": {"tablets": 1},
    "volume": {"mcL": 1, "mL": 1_000, "L": 1_000_000},
    "drops": {"drops": 1},
    "patient's weight": {"kg": 1},
    "patient's surface": {"m2": 1},
    "time": {"s": 1, "min": 60, "h": 3_600, "d": 86_400, "wk": 604_800},
}
_SYMBOLS: Final = {symbol: (kind, size) for kind, sizes in _SIZES.items() for symbol, size in sizes.items()}
DRUG: Final = frozenset(kind for kind in _SIZES if kind == "mass" or kind.endswith(("units", "tablets")))

# Entries are written by people, who may also write these; a plan's file holds only the symbols above.
_ALSO: Final = {
    "ug": "mcg", "µg": "mcg", "μg": "mcg", "uL": "mcL", "µL": "mcL", "μL": "mcL", "ml": "mL", "l": "L",
    "unit": "units", "IU": "[iU]", "tablet": "tablets", "drop": "drops", "m²": "m2",
    "sec": "s", "second": "s", "seconds": "s", "mins": "min", "minute": "min", "minutes": "min",
    "hr": "h", "hour": "h", "hours": "h", "day": "d", "days": "d", "week": "wk", "weeks": "wk",
}  # fmt: skip
_LONGEST: Final = 500  # characters; the exact fractions of a long ladder stay far below it
_WRITABLE: Final = 10_000  # bits, about 3,000 digits; Python writes no more than 4,300
_NUMBER: Final = r"-?[0-9]+(?:\.[0-9]+|/[0-9]+)?"
_TEXT: Final = re.compile(rf"({_NUMBER}) ?(\S+)", re.ASCII)


class Unworkable(ValueError):
    """Something cannot be read or worked out; the message is the sentence for it."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An exact size in the smallest units of what it measures. `unit` is only how it was written."""

    size: Fraction
    kinds: Kinds
    unit: str = field(default="", compare=False)

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.size + self._alike(other), self.kinds, self.unit or other.unit)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.size - self._alike(other), self.kinds, self.unit or other.unit)

    def __mul__(self, other: Amount) -> Amount:
        return Amount(self.size * other.size, _joined(self.kinds, other.kinds, 1))

    def __truediv__(self, other: Amount) -> Amount:
        if not other.size:
            raise Unworkable(f"{self} would be divided by {other}, which is nothing.")
        return Amount(self.size / other.size, _joined(self.kinds, other.kinds, -1))

    def times(self, factor: Fraction | int) -> Amount:
        """So many of it."""
        return Amount(self.size * factor, self.kinds, self.unit)

    def over(self, other: Amount) -> Fraction:
        """How many times the other one."""
        if not other.size:
            raise Unworkable(f"{self} would be divided by {other}, which is nothing.")
        return self.size / self._alike(other)

    def below(self, other: Amount) -> bool:
        """Whether it is less than the other one."""
        return self.size < self._alike(other)

    def text(self, unit: str = "") -> str:
        """The digits and the unit, in a given unit of its kind where there is one."""
        unit = unit or self.unit
        if not unit or _unit(unit)[1] != self.kinds:
            unit = _spelt(self.kinds)
        return f"{as_text(self.size / _unit(unit)[0])} {unit}".rstrip()

    def __str__(self) -> str:
        return self.text()

    def _alike(self, other: Amount) -> Fraction:
        if self.kinds != other.kinds:
            raise Unworkable(f"{self} and {other} do not measure the same.")
        return other.size


def number(text: str) -> Fraction:
    """A plain number as written: `2`, `0.05`, `1/3`."""
    if len(text) > _LONGEST or not re.fullmatch(_NUMBER, text, re.ASCII):
        raise Unworkable(f'"{text[:60]}" is not a plain number.')
    if "/" in text and not int(text.partition("/")[2]):
        raise Unworkable(f'"{text}" divides by zero.')
    return Fraction(text)


@lru_cache(maxsize=4096)
def read_amount(text: str, *, strict: bool = False) -> Amount:
    """An amount as written. `strict` takes only what a plan's file may hold: one text for one amount."""
    match = _TEXT.fullmatch(text) if len(text) <= _LONGEST else None
    if not match:
        raise Unworkable(f'"{text[:60]}" is not an amount with a unit.')
    digits, unit = match[1], match[2]
    size = number(digits)
    if not strict:
        unit = "/".join(".".join(_ALSO.get(part, part) for part in side.split(".")) for side in unit.split("/"))
    elif text != f"{as_text(size)} {unit}":
        raise Unworkable(f'"{text[:60]}" is not written as a plan writes it: "{as_text(size)} {unit}".')
    factor, kinds = _unit(unit)
    return Amount(size * factor, kinds, unit)


def measures(unit: str) -> Kinds:
    """What amounts in a unit measure."""
    return _unit(unit)[1]


def as_text(value: Fraction) -> str:
    """All digits of a number that has an end, otherwise the fraction."""
    numerator, rest, places = value.numerator, value.denominator, 0
    if (numerator * rest).bit_length() > _WRITABLE:
        return "a number too long to write"
    while rest % 10 == 0:
        rest, places = rest // 10, places + 1
    for prime, other in ((2, 5), (5, 2)):
        while rest % prime == 0:
            rest, numerator, places = rest // prime, numerator * other, places + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    digits = str(abs(numerator)).zfill(places + 1)
    sign = "-" if numerator < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


@lru_cache(maxsize=512)
def _unit(unit: str) -> tuple[Fraction, Kinds]:
    factor, kinds = Fraction(1), dict[str, int]()
    for side, part in enumerate(unit.split("/")):
        for symbol in part.split("."):
            if side == 0 and symbol == "1":
                continue
            if symbol not in _SYMBOLS:
                raise Unworkable(f'"{symbol[:60]}" is not a unit known here.')
            kind, size = _SYMBOLS[symbol]
            power = -1 if side else 1
            factor *= Fraction(size) ** power
            kinds[kind] = kinds.get(kind, 0) + power
    return factor, _kinds(kinds)


@lru_cache(maxsize=512)
def _joined(left: Kinds, right: Kinds, sign: int) -> Kinds:
    kinds = dict(left)
    for kind, power in right:
        kinds[kind] = kinds.get(kind, 0) + sign * power
    return _kinds(kinds)


def _kinds(kinds: dict[str, int]) -> Kinds:
    return tuple(sorted((kind, power) for kind, power in kinds.items() if power))


def _spelt(kinds: Kinds) -> str:
    """A unit for a result: the second unit of each kind (mcg, mL, min) where there is one."""
    symbols = {kind: list(sizes)[:2][-1] for kind, sizes in _SIZES.items()}
    above = ".".join(symbols[kind] for kind, power in kinds for _ in range(power))
    below = "".join(f"/{symbols[kind]}" for kind, power in kinds for _ in range(-power))
    return (above or "1") + below if below else above
