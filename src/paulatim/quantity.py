"""Exact amounts with units: one parser, one printer, no floats.

A `Quantity` is a rational number and a unit. Units follow UCUM, with two house rules that keep
dosing honest: `kg` and `m2` are the patient's (body weight, body surface area), never an amount of
drug, so `mg/kg` cannot collapse into a ratio; and each arbitrary unit (`units`, `[iU]`, `[AU]`,
`[BAU]`, tablets, drops) is a kind of its own that converts to nothing but its own multiples.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal

__all__ = ["Quantity", "QuantityError", "Unit", "UnitMismatch"]

Direction = Literal["down", "up", "nearest"]


class QuantityError(ValueError):
    """A text that is not one exact amount; the message says what to write instead."""


class UnitMismatch(TypeError):
    """Two amounts of different kinds met where one kind is needed."""


# kind -> {code: (factor within the kind, UCUM code, word for people)}
_KINDS: Final[dict[str, dict[str, tuple[int, str, str]]]] = {
    "mass": {
        "ng": (1, "ng", "ng"),
        "mcg": (10**3, "ug", "mcg"),
        "mg": (10**6, "mg", "mg"),
        "g": (10**9, "g", "g"),
    },
    "units": {"units": (1, "{unit}", "units")},
    "international units": {
        "m[iU]": (1, "m[iU]", "thousandths of an international unit"),
        "[iU]": (10**3, "[iU]", "international units"),
        "k[iU]": (10**6, "k[iU]", "thousand international units"),
        "M[iU]": (10**9, "M[iU]", "million international units"),
    },
    "allergen units": {"[AU]": (1, "[AU]", "allergen units")},
    "bioequivalent allergen units": {"[BAU]": (1, "[BAU]", "bioequivalent allergen units")},
    "tablets": {"tablets": (1, "{tbl}", "tablets")},
    "volume": {"mcL": (1, "uL", "mcL"), "mL": (10**3, "mL", "mL"), "L": (10**6, "L", "L")},
    "drops": {"drops": (1, "[drp]", "drops")},
    "time": {
        "s": (1, "s", "s"),
        "min": (60, "min", "min"),
        "h": (3600, "h", "h"),
        "d": (86400, "d", "days"),
        "wk": (604800, "wk", "weeks"),
    },
    "body weight": {"kg": (1, "kg", "kg")},
    "body surface area": {"m2": (1, "m2", "m2")},
}
_ATOMS: Final = {code: (kind, *facts) for kind, codes in _KINDS.items() for code, facts in codes.items()}
_ORDER: Final = {kind: place for place, kind in enumerate(_KINDS)}
_ALIASES: Final = {
    "ug": "mcg", "µg": "mcg", "μg": "mcg", "ml": "mL", "uL": "mcL", "µL": "mcL", "μL": "mcL", "l": "L",
    "unit": "units", "IU": "[iU]", "tablet": "tablets", "drop": "drops", "m²": "m2", "hr": "h", "hours": "h",
    "hour": "h", "mins": "min", "minutes": "min", "minute": "min", "sec": "s", "seconds": "s", "day": "d",
    "days": "d", "week": "wk", "weeks": "wk",
}  # fmt: skip
_REFUSED: Final = {
    "U": 'Write "units": "U" is misread as a zero.',
    "u": 'Write "units": "u" is misread as a zero.',
    "gm": 'Write "g".',
    "M": 'Write "min" for minutes or "million" in full.',
    "m": 'Write "min" for minutes.',
    "cc": 'Write "mL": "cc" is misread as "units".',
    "lb": "Give the weight in kg.",
    "lbs": "Give the weight in kg.",
}


class Unit:
    """A product of powers of at most one unit per kind; made by `Unit.parse`, equal by meaning."""

    __slots__ = ("_hash", "kinds", "parts", "scale", "text")

    def __init__(self, parts: tuple[tuple[str, int], ...], text: str = "", scale: Fraction | None = None) -> None:
        self.parts = tuple(sorted(parts, key=lambda part: (part[1] < 0, _ORDER[_ATOMS[part[0]][0]])))
        self.kinds = tuple(sorted((_ATOMS[code][0], power) for code, power in parts))
        self.text = text or _spell(self.parts)
        self.scale = Fraction(1) if scale is None else scale
        for code, power in parts:
            self.scale *= Fraction(_ATOMS[code][1]) ** power
        self._hash = hash((self.kinds, self.scale))

    @staticmethod
    def parse(text: str) -> Unit:
        """Read a unit such as `mg`, `mL/h`, `mcg/kg/min`, `mg.min/mL`, `%`; raise QuantityError otherwise."""
        return _parse_unit(text)

    @property
    def ucum(self) -> str:
        """The unit's UCUM code, for interchange."""
        return self.text if not self.parts else _spell(self.parts, 2)

    @property
    def words(self) -> str:
        """The unit as labels and sheets print it."""
        return self.text if not self.parts else _spell(self.parts, 3)

    @property
    def kind(self) -> str:
        """What is measured, in words: `mass per volume`."""
        above = " x ".join(kind for kind, power in self.kinds for _ in range(power))
        below = "".join(f" per {kind}" for kind, power in self.kinds for _ in range(-power))
        return (above + below).strip() or "fraction"

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Unit) and self.kinds == other.kinds and self.scale == other.scale and self.text == other.text
        )

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"Unit({self.text!r})"


def _spell(parts: tuple[tuple[str, int], ...], column: int = 0) -> str:
    def name(code: str) -> str:
        return str(_ATOMS[code][column]) if column else code

    above = ".".join(name(code) for code, power in parts for _ in range(power))
    below = "".join("/" + name(code) for code, power in parts for _ in range(-power))
    return (above or "1") + below


@lru_cache(maxsize=1024)
def _parse_unit(text: str) -> Unit:
    if text in ("1", "%"):
        return Unit((), text, Fraction(1, 1 if text == "1" else 100))
    pieces = re.split(r"([./])", text)
    powers: dict[str, int] = {}
    for place, piece in enumerate(pieces[::2]):
        if place == 0 and piece == "1" and len(pieces) > 1:
            continue
        code = _ALIASES.get(piece, piece)
        if code not in _ATOMS:
            hint = _REFUSED.get(piece, "Write one of " + ", ".join(_ATOMS) + ", or a quotient such as mg/mL.")
            raise QuantityError(f'"{piece}" is not a unit known here. {hint}')
        sign = -1 if place and pieces[2 * place - 1] == "/" else 1
        clash = next((c for c in powers if c != code and _ATOMS[c][0] == _ATOMS[code][0]), None)
        if clash:
            raise QuantityError(f'"{text}" holds {clash} and {code}, both a {_ATOMS[code][0]}. Write one of them.')
        powers[code] = powers.get(code, 0) + sign
    return Unit(tuple((code, power) for code, power in powers.items() if power))


@lru_cache(maxsize=4096)
def _combine(left: Unit, right: Unit, sign: int) -> tuple[Unit, Fraction]:
    """The unit of a product (sign 1) or quotient (-1), and the number that its value must be multiplied by."""
    powers = {_ATOMS[code][0]: [code, power] for code, power in left.parts}
    for code, power in right.parts:
        powers.setdefault(_ATOMS[code][0], [code, 0])[1] += sign * power  # type: ignore[operator]
    unit = Unit(tuple((str(code), int(power)) for code, power in powers.values() if power)) if any(
        power for _, power in powers.values()
    ) else _parse_unit("1")
    return unit, left.scale * right.scale**sign / unit.scale


_set: Final = object.__setattr__
_new: Final = object.__new__
_NUMBER: Final = re.compile(r"(-?)(0|[1-9][0-9]*)(\.[0-9]+|/[1-9][0-9]*)?")
_SPLIT: Final = re.compile(r"\s*([-+0-9.,/'eE^x*\u00b7\u2212]*(?:nan|NaN|inf|Infinity)?)\s*(.*?)\s*", re.DOTALL)


@lru_cache(maxsize=4096)
def _parse(text: str) -> tuple[Fraction, Unit]:
    match = _SPLIT.fullmatch(text)
    number, unit = (match[1], match[2]) if match else ("", text)
    if number.endswith("/"):  # "1/h" as a unit of its own: the slash belongs to the unit
        raise QuantityError(f'"{text}" has no number before its unit. Write the number, a space and the unit.')
    value = _parse_number(number, text)
    if not unit:
        raise QuantityError(f'"{text}" has no unit. Write the unit too, such as "{number} mg".')
    return value, _parse_unit(unit)


def _parse_number(number: str, text: str) -> Fraction:
    if match := _NUMBER.fullmatch(number):
        if match[1] and not Fraction(number):
            raise QuantityError(f'"{text}" is minus zero. Write it without the minus sign.')
        return Fraction(number)
    if not number or number in "+-" or not any(c.isdigit() for c in number):
        raise QuantityError(f'"{text}" does not begin with a number. Write a number and a unit, such as "0.1 mg".')
    if "," in number:
        raise QuantityError(f'"{text}" holds a comma. Write a point for decimals and no separator for thousands.')
    if "e" in number.lower() or "^" in number or "x" in number:
        raise QuantityError(f'"{text}" uses powers of ten. Write all the digits, or a smaller unit.')
    if number.lstrip("-+").startswith("."):
        raise QuantityError(f'"{text}" has no digit before the point. Write "0{number.lstrip("-+")}".')
    if number.endswith("."):
        raise QuantityError(f'"{text}" has no digit after the point. Write "{number[:-1]}".')
    if re.match(r"-?0[0-9]", number):
        raise QuantityError(f'"{text}" begins with a needless zero. Did the point go missing? Write "0.5" or "5".')
    raise QuantityError(f'"{number}" in "{text}" is not a plain number. Write digits and one point, such as "0.1 mg".')


class Quantity:
    """An exact amount with a unit: `Quantity("0.1 mg")`, `Quantity(3, "mL/h")`, `Quantity(Fraction(1, 3), "mg")`.

    Raises TypeError for a float, QuantityError for a text that is not one amount. Adding or comparing two
    kinds raises UnitMismatch. A product or quotient keeps the left operand's unit of each kind: mL/h x min = mL.
    """

    __slots__ = ("number", "unit")
    number: Fraction
    unit: Unit

    def __init__(self, value: str | int | Fraction, unit: str | Unit | None = None) -> None:
        if isinstance(value, bool) or not isinstance(value, (str, int, Fraction)):
            kind = type(value).__name__
            raise TypeError(f'{value!r} is a {kind}, which is not exact. Write the amount as text: "{value} mg".')
        if isinstance(value, str) and unit is None:
            number, kept = _parse(value)
        elif unit is None:
            raise QuantityError(f'{value} has no unit. Write the amount as text: "{value} mg".')
        else:
            number = _parse_number(value, value) if isinstance(value, str) else Fraction(value)
            kept = unit if isinstance(unit, Unit) else _parse_unit(unit)
        _set(self, "number", number)
        _set(self, "unit", kept)

    @staticmethod
    def _of(number: Fraction, unit: Unit) -> Quantity:
        made = _new(Quantity)
        _set(made, "number", number)
        _set(made, "unit", unit)
        return made

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("A Quantity does not change. Make another one.")

    def __reduce__(self) -> tuple[type[Quantity], tuple[str]]:
        return Quantity, (str(self),)

    def _same(self, other: Quantity, verb: str) -> Fraction:
        """The other's number in this unit; both must be of one kind."""
        if not isinstance(other, Quantity):
            raise TypeError(f"{other!r} has no unit. {verb} an amount such as {self}.")
        if other.unit is self.unit:
            return other.number
        if other.unit.kinds != self.unit.kinds:
            raise UnitMismatch(f"{self} measures {self.unit.kind}, {other} measures {other.unit.kind}. {verb} amounts of one kind.")
        return other.number * other.unit.scale / self.unit.scale

    def to(self, unit: str | Unit) -> Quantity:
        """The same amount in another unit of its kind."""
        wanted = unit if isinstance(unit, Unit) else _parse_unit(unit)
        if wanted.kinds != self.unit.kinds:
            raise UnitMismatch(f"{self} measures {self.unit.kind}. Use {wanted.text} only for {wanted.kind}.")
        return Quantity._of(self.number * self.unit.scale / wanted.scale, wanted)

    def ratio(self, other: Quantity) -> Fraction:
        """How many times the other, exactly; both of one kind."""
        return self.number / self._same(other, "Divide")

    def round(self, step: Quantity, direction: Direction) -> Quantity:
        """The multiple of `step` at or below (`down`), at or above (`up`), or nearest (a half goes down)."""
        count = self.ratio(step)
        whole = count.numerator // count.denominator
        if direction == "up" or (direction == "nearest" and count - whole > Fraction(1, 2)):
            whole += count != whole
        return Quantity._of(step.number * whole, step.unit).to(self.unit)

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity._of(self.number + self._same(other, "Add"), self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        return Quantity._of(self.number - self._same(other, "Subtract"), self.unit)

    def __neg__(self) -> Quantity:
        return Quantity._of(-self.number, self.unit)

    def __mul__(self, other: Quantity | int | Fraction) -> Quantity:
        if isinstance(other, Quantity):
            unit, factor = _combine(self.unit, other.unit, 1)
            return Quantity._of(self.number * other.number * factor, unit)
        return Quantity._of(self.number * _exact(other), self.unit)

    __rmul__ = __mul__

    def __truediv__(self, other: Quantity | int | Fraction) -> Quantity:
        if isinstance(other, Quantity):
            unit, factor = _combine(self.unit, other.unit, -1)
            return Quantity._of(self.number / other.number * factor, unit)
        return Quantity._of(self.number / _exact(other), self.unit)

    def __lt__(self, other: Quantity) -> bool:
        return self.number < self._same(other, "Compare")

    def __le__(self, other: Quantity) -> bool:
        return self.number <= self._same(other, "Compare")

    def __gt__(self, other: Quantity) -> bool:
        return self.number > self._same(other, "Compare")

    def __ge__(self, other: Quantity) -> bool:
        return self.number >= self._same(other, "Compare")

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

    def show(self, places: int = 3) -> str:
        """The amount for people: at most `places` decimals (more for small amounts), "≈" when that rounds it."""
        shown = self.number
        if shown:
            while abs(shown) * 10**places < 100 and places < 12:  # keep three significant digits
                places += 1
        exact = _is_decimal(shown) and (shown * 10**places).denominator == 1
        if not exact:
            shown = Fraction((shown * 10**places * 2 + 1).__floor__() // 2, 10**places)
        return f"{'' if exact else '≈ '}{_digits(shown)} {self.unit.words}"


def _exact(value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        raise TypeError(f"{value!r} is a {type(value).__name__}. Multiply and divide by a Quantity, an int or a Fraction.")
    return Fraction(value)


def _is_decimal(number: Fraction) -> bool:
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def _digits(number: Fraction) -> str:
    """All the digits where they end, `numerator/denominator` where they do not; `_parse_number` reads both back."""
    if number.denominator == 1 or not _is_decimal(number):
        return str(number)
    places, power = 0, 1
    while power % number.denominator:
        places, power = places + 1, power * 10
    text = str(abs(number.numerator) * (power // number.denominator)).rjust(places + 1, "0")
    return f"{'-' if number < 0 else ''}{text[:-places]}.{text[-places:]}"


