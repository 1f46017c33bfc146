"""Exact amounts with units: one parser, one printer, no floats.

Units follow UCUM, with two house rules that keep dosing honest: `kg` and `m2` are the patient's (body weight,
body surface area), never an amount of drug, so `mg/kg` cannot collapse into a ratio; and each arbitrary unit
(`units`, `[iU]`, `[AU]`, `[BAU]`, tablets, drops) is a kind of its own that converts to nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from math import gcd, prod
from typing import Final, Literal

__all__ = ["Quantity", "QuantityError", "Unit", "UnitMismatch"]


class QuantityError(ValueError):
    """A text that is not one exact amount; the message says what to write instead."""


class UnitMismatch(TypeError):
    """Two amounts of different kinds met where one kind is needed."""


# kind: {code: factor within the kind}; the parts of a unit are spelt in this order
_KINDS: Final[dict[str, dict[str, int]]] = {
    "mass": {"ng": 1, "mcg": 10**3, "mg": 10**6, "g": 10**9},
    "units": {"units": 1}, "international units": {"m[iU]": 1, "[iU]": 10**3, "k[iU]": 10**6, "M[iU]": 10**9},
    "allergen units": {"[AU]": 1}, "bioequivalent allergen units": {"[BAU]": 1}, "tablets": {"tablets": 1},
    "volume": {"mcL": 1, "mL": 10**3, "L": 10**6}, "drops": {"drops": 1},
    "body weight": {"kg": 1}, "body surface area": {"m2": 1},
    "time": {"s": 1, "min": 60, "h": 3600, "d": 86400, "wk": 604800},
}  # fmt: skip
_KIND: Final = {code: kind for kind, codes in _KINDS.items() for code in codes}
_UCUM: Final = {"mcg": "ug", "units": "{unit}", "tablets": "{tbl}", "mcL": "uL", "drops": "[drp]"}
_WORDS: Final = {
    "[AU]": "allergen units", "[BAU]": "bioequivalent allergen units", "d": "days", "wk": "weeks",
    "m[iU]": "thousandths of an international unit", "[iU]": "international units",
    "k[iU]": "thousand international units", "M[iU]": "million international units",
}  # fmt: skip
_ALIASES: Final = {
    "ug": "mcg", "µg": "mcg", "μg": "mcg", "ml": "mL", "uL": "mcL", "µL": "mcL", "μL": "mcL", "l": "L",
    "unit": "units", "IU": "[iU]", "tablet": "tablets", "drop": "drops", "m²": "m2", "hr": "h", "hour": "h",
    "hours": "h", "minute": "min", "minutes": "min", "mins": "min", "sec": "s", "second": "s", "seconds": "s",
    "day": "d", "days": "d", "week": "wk", "weeks": "wk",
}  # fmt: skip
_REFUSED: Final = {
    "U": 'Write "units": "U" is misread as a zero.', "u": 'Write "units": "u" is misread as a zero.',
    "M": 'Write "min" for minutes, and all the digits of a million.', "m": 'Write "min" for minutes.',
    "cc": 'Write "mL": "cc" is misread as "units".', "gm": 'Write "g".', "lb": "Give the weight in kg.",
    "": 'Write a unit on each side of "/" and ".", or "1/h" for none above.', "lbs": "Give the weight in kg.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of powers of at most one unit per kind; made by `Unit.parse`, equal when spelt the same."""

    text: str
    parts: tuple[tuple[str, int], ...] = field(repr=False)
    kinds: tuple[tuple[str, int], ...] = field(repr=False)
    scale: Fraction = field(repr=False)

    @staticmethod
    @lru_cache(maxsize=1024)
    def parse(text: str) -> Unit:
        """Read a unit such as `mg`, `mL/h`, `mcg/kg/min`, `mg.min/mL`, `%`; raise QuantityError otherwise."""
        return Unit(text, (), (), Fraction(1, 100)) if text == "%" else _unit(_powers(text))

    @property
    def ucum(self) -> str:
        """The unit's UCUM code, for interchange."""
        return _spell(self.parts, _UCUM) if self.parts else self.text

    @property
    def words(self) -> str:
        """The unit as labels and sheets print it."""
        return _spell(self.parts, _WORDS) if self.parts else self.text

    @property
    def kind(self) -> str:
        """What is measured, in words: `mass per volume`."""
        above = " x ".join(kind for kind, power in self.kinds for _ in range(power))
        return (above + "".join(f" per {kind}" * -power for kind, power in self.kinds)).strip() or "fraction"


def _one(words: str) -> str:
    """The words for one of it: `1 tablet`, `2 tablets/day`."""
    return re.sub(r"(unit|tablet|drop|day|week|thousandth)s\b", r"\1", words)


def _spell(parts: tuple[tuple[str, int], ...], names: dict[str, str]) -> str:
    said = [(names.get(code, code), power) for code, power in parts]
    below = "".join(f"/{_one(name) if names is _WORDS else name}" * -power for name, power in said)
    return (".".join(name for name, power in said for _ in range(power)) or "1") + below


def _unit(powers: dict[str, int]) -> Unit:
    kept = (part for part in powers.items() if part[1])
    parts = tuple(sorted(kept, key=lambda part: (part[1] < 0, list(_KIND).index(part[0]))))
    kinds = tuple(sorted((_KIND[code], power) for code, power in parts))
    scale = prod((Fraction(_KINDS[_KIND[code]][code]) ** power for code, power in parts), start=Fraction(1))
    return Unit(_spell(parts, {}), parts, kinds, scale)


def _powers(text: str) -> dict[str, int]:
    powers: dict[str, int] = {}
    after_one = text[1:] if text == "1" or text.startswith("1/") else f".{text}"
    for joint, piece in re.findall(r"([./])([^./]*)", after_one):
        code = _ALIASES.get(piece, piece)
        if code not in _KIND:
            near = " or ".join(known for known in _KIND if known.lower() == piece.lower())
            hint = f'Write "{near}".' if near else f"Write one of {', '.join(_KIND)}, or a quotient of them."
            raise QuantityError(f'"{piece}" is not a unit known here. {_REFUSED.get(piece, hint)}')
        clash = next((c for c in powers if c != code and _KIND[c] == _KIND[code]), None)
        if clash:
            raise QuantityError(f'"{text}" has {clash} and {code}: both measure {_KIND[code]}. Write one.')
        powers[code] = powers.get(code, 0) + (1 if joint == "." else -1)
    return powers


@lru_cache(maxsize=4096)
def _combine(left: str, right: str, sign: int) -> tuple[Unit, Fraction | None]:
    """The unit of a product (sign 1) or quotient (-1); what its number must be multiplied by, if not by 1."""
    one, two = Unit.parse(left), Unit.parse(right)
    names = {_KIND[code]: code for code, _ in (*two.parts, *one.parts)}  # the left operand's, of each kind
    powers = dict(one.parts)
    for code, power in two.parts:
        powers[names[_KIND[code]]] = powers.get(names[_KIND[code]], 0) + sign * power
    unit = _unit(powers)
    factor = one.scale * two.scale**sign / unit.scale
    return unit, None if factor == 1 else factor


_NUMBER: Final = r"(?:-(?=[0.]*[1-9]))?(?:0|[1-9][0-9]*)(?:\.[0-9]+|/[1-9][0-9]*)?"
_AMOUNT: Final = rf"({_NUMBER})(?:\s*(?![eExX]\s*[-+]?[0-9])([^\W\d_].*|[%[].*)|[ \xa0]+(1|1/[^0-9].*))"
_WRONG: Final = tuple((re.compile(pattern, re.IGNORECASE), sentence) for pattern, sentence in (
    (r"(?![-+\u2212]?[.,]?[0-9])", 'does not begin with a number. Write digits, such as "{}".'),
    (r"[-+]?\.", 'has no digit before the point. Write the zero too, such as "{}".'),
    (r"-[0.]+(?![0-9.])", "is minus zero. Write it without the minus sign."),
    (r"[-+]?[0-9]+\.(?![0-9])", "has no digit after the point. Write that digit, or leave the point out."),
    (r"[-+]?[0-9.,]+\s*(e[-+]?[0-9]|\^|\*|[x×·]\s*[0-9])", "uses powers of ten. Write all the digits."),
    (r"[-+]?[0-9.]*,", "holds a comma. Write a point for decimals and no separator for thousands."),
    (r"[-+]?0[0-9]", 'begins with a needless zero. Did the point go missing? Write "0.5" or "5".'),
    (r"[-+]?[0-9.]+[\s'\u2019_]+[0-9]", 'holds a gap. Write the number in one piece, such as "1000" or "1.5".'),
    (r"[-+]?[0-9.]+\s*/(?![0-9])", 'has no unit before "/". Write the unit, or 1 for none, such as "5 1/h".'),
    (rf"{_NUMBER}\s*$", 'has no unit. Write the unit too, such as "{}".'),
    (r"", 'is not a plain number. Write digits and one point, such as "{}".'),
))  # fmt: skip


def _read(pattern: str, text: str, example: str) -> re.Match[str]:
    if len(text) > 300:  # no amount is longer, and Python does not read numbers of many more digits
        raise QuantityError(f"A text of {len(text)} characters is no amount. Write one such as {example}.")
    if match := re.fullmatch(pattern, text.strip()):
        return match
    said = next(sentence for wrong, sentence in _WRONG if wrong.match(text.strip()))
    raise QuantityError(f'"{text}" {said.format(example)}')


@lru_cache(maxsize=4096)
def _parse(text: str) -> tuple[Fraction, Unit]:
    match = _read(_AMOUNT, text, "0.1 mg")
    return Fraction(match[1]), Unit.parse(match[2] or match[3])


def _exact(value: object) -> Fraction:
    """An int or a Fraction; anything else, a float above all, is refused."""
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        raise TypeError(f'{value!r} ({type(value).__name__}) is no exact amount. Write text such as "0.1 mg".')
    return value if isinstance(value, Fraction) else Fraction(value)


def _digits(number: Fraction) -> str:
    """All the digits where they end, `numerator/denominator` where they do not; `_parse` reads both."""
    places, rest = 0, number.denominator
    while (shared := gcd(rest, 10)) > 1:
        places, rest = places + 1, rest // shared
    if not places or rest > 1:
        return str(number)
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    return f"{'-' if number < 0 else ''}{digits[:-places]}.{digits[-places:]}"


class Quantity:
    """An exact amount with a unit: `Quantity("0.1 mg")`, `Quantity(3, "mL/h")`, `Quantity("1/3", "mg")`.

    Raises TypeError for a float, QuantityError for a text that is not one amount. Adding or comparing two
    kinds raises UnitMismatch. A product or quotient keeps the left one's unit of each kind: mL/h x min = mL.
    """

    __slots__ = ("number", "unit")
    number: Fraction
    unit: Unit

    def __init__(self, value: str | int | Fraction, unit: str | Unit | None = None) -> None:
        if isinstance(value, str):
            number, unit = _parse(value) if unit is None else (Fraction(_read(_NUMBER, value, "0.1")[0]), unit)
        else:
            number = _exact(value)
        if unit is None:
            raise QuantityError(f'{value} has no unit. Write the amount as text: "{value} mg".')
        object.__setattr__(self, "number", number)
        object.__setattr__(self, "unit", unit if isinstance(unit, Unit) else Unit.parse(unit))

    def __setattr__(self, name: str, value: object = None) -> None:
        raise AttributeError("A Quantity does not change. Make another one.")

    __delattr__ = __setattr__

    def __reduce__(self) -> tuple[type[Quantity], tuple[Fraction, Unit]]:
        return Quantity, (self.number, self.unit)

    def _same(self, other: Quantity, verb: str) -> Fraction:
        """The other's number in this unit; both must be of one kind."""
        if not isinstance(other, Quantity):
            raise TypeError(f"{other!r} has no unit. {verb} amounts such as {self.show()}.")
        if other.unit is self.unit:
            return other.number
        if other.unit.kinds != self.unit.kinds:
            raise UnitMismatch(f"{verb} amounts of one kind, not {self.show()} and {other.show()}.")
        return other.number * other.unit.scale / self.unit.scale

    def to(self, unit: str | Unit) -> Quantity:
        """The same amount in another unit of its kind."""
        wanted = unit if isinstance(unit, Unit) else Unit.parse(unit)
        if wanted.kinds != self.unit.kinds:
            raise UnitMismatch(f"{self.show()} measures {self.unit.kind}. Write an amount in {wanted.text}.")
        return Quantity(self.number * self.unit.scale / wanted.scale, wanted)

    def ratio(self, other: Quantity) -> Fraction:
        """How many times the other, exactly; both of one kind."""
        return self.number / self._same(other, "Divide")

    def round(self, step: Quantity, direction: Literal["down", "up", "nearest"]) -> Quantity:
        """The multiple of `step` at or below (`down`), at or above (`up`), or nearest (a half goes down)."""
        count = self.ratio(step)
        whole = {"down": count // 1, "up": -(-count // 1), "nearest": -((1 - 2 * count) // 2)}[direction]
        return Quantity(step.number * whole, step.unit).to(self.unit)

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(self.number + self._same(other, "Add"), self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        return Quantity(self.number - self._same(other, "Subtract"), self.unit)

    def __mul__(self, other: Quantity | int | Fraction) -> Quantity:
        if not isinstance(other, Quantity):
            return Quantity(self.number * _exact(other), self.unit)
        unit, factor = _combine(self.unit.text, other.unit.text, 1)
        number = self.number * other.number
        return Quantity(number * factor if factor else number, unit)

    __rmul__ = __mul__

    def __truediv__(self, other: Quantity | int | Fraction) -> Quantity:
        if not isinstance(other, Quantity):
            return Quantity(self.number / _exact(other), self.unit)
        unit, factor = _combine(self.unit.text, other.unit.text, -1)
        number = self.number / other.number
        return Quantity(number * factor if factor else number, unit)

    def __lt__(self, other: Quantity) -> bool:
        return self.number < self._same(other, "Compare")

    def __le__(self, other: Quantity) -> bool:
        return self.number <= self._same(other, "Compare")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Quantity) or other.unit.kinds != self.unit.kinds:
            return False
        return self.number == self._same(other, "Compare")

    def __hash__(self) -> int:
        return hash((self.number * self.unit.scale, self.unit.kinds))

    def __bool__(self) -> bool:
        return bool(self.number)

    def __str__(self) -> str:
        return f"{_digits(self.number)} {self.unit.text}"

    def __repr__(self) -> str:
        return f"Quantity({str(self)!r})"

    def figure(self, places: int = 3) -> str:
        """The number for people: at most `places` decimals, more if it is small; "≈" where that rounds."""
        size = abs(self.number)
        while 0 < size.numerator * 10**places < 100 * size.denominator:  # keep three significant digits
            places += 1
        shown = Fraction((size * 10**places * 2 + 1) // 2, 10**places)
        return ("" if shown == size else "≈ ") + "-" * (self.number < 0) + _digits(shown)

    def show(self, places: int = 3) -> str:
        """The amount for people: its figure, and its unit in words."""
        figure = self.figure(places)
        return f"{figure} {_one(self.unit.words) if figure == '1' else self.unit.words}".removesuffix(" 1")
