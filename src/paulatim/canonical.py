"""One value, one text, one hash: frozen dataclasses to canonical JSON and strictly back.

Canonical JSON is UTF-8 with sorted keys and no spaces; amounts are texts ("0.04 mg", "2/3"), so that no
reader can turn one into a float. Whole numbers appear only where the field is an int.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from paulatim.quantity import Quantity

__all__ = ["NotCanonical", "decode", "digest", "encode", "parse_json", "text_of"]

T = TypeVar("T")
_DIGITS = 18


class NotCanonical(ValueError):
    """A JSON text does not hold the value that is expected; the message names the place."""


@lru_cache(maxsize=256)
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def encode(value: object) -> Any:
    """A value as plain JSON data. Raises TypeError for anything that has no exact text, floats above all."""
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, (Quantity, StrEnum)):
        return str(value)
    if isinstance(value, (tuple, list)):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {name: encode(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, Fraction):
        return str(Quantity(value, "1"))[:-2]
    if isinstance(value, datetime):
        if value.microsecond % 1000:
            raise TypeError(f"{value.isoformat()} is finer than a millisecond and has no exact text. Cut it off first.")
        return value.isoformat(timespec="milliseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(
        f"{value!r} is a {type(value).__name__} and has no exact text. Use a Quantity, Fraction, int or str."
    )


def text_of(data: Any) -> str:
    """Plain JSON data as canonical text."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(data: Any) -> str:
    """The sha256 of the canonical text, in hex; raises NotCanonical for a text that cannot be written to a file."""
    try:
        return sha256(text_of(data).encode()).hexdigest()
    except UnicodeEncodeError:
        raise NotCanonical("A text holds half a character, which has no bytes. Write it again.") from None


def parse_json(text: str) -> Any:
    """JSON text to plain data. A repeated key, a float, a NaN or an endless number raises NotCanonical."""

    def no_float(number: str) -> Any:
        raise NotCanonical(f"{number} is a bare number. Write amounts as text with a unit.")

    def whole(number: str) -> int:
        if len(number) > _DIGITS:
            raise NotCanonical(f"A whole number has {len(number)} digits. Nothing here counts that far.")
        return int(number)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise NotCanonical("A key is written twice. Keep one of the two.")
        return found

    try:
        return json.loads(
            text, parse_int=whole, parse_float=no_float, parse_constant=no_float, object_pairs_hook=unique
        )
    except json.JSONDecodeError as error:
        raise NotCanonical(f"line {error.lineno}, column {error.colno}: this is not JSON ({error.msg}).") from None
    except RecursionError:
        raise NotCanonical("The JSON is nested too deeply to be one of ours.") from None


def decode(kind: type[T], data: Any, path: str = "") -> T:
    """Plain JSON data as a value of a type; unknown, missing or wrong fields raise NotCanonical with the path."""
    found: T = _decode(kind, data, path)
    return found


@lru_cache(maxsize=256)
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _decode(kind: Any, data: Any, path: str) -> Any:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _decode_union(get_args(kind), data, path)
    if origin is tuple:
        return _decode_tuple(get_args(kind), data, path)
    if origin is not None and issubclass(origin, Mapping):
        _expect(data, dict, "an object", path)
        return {key: _decode(get_args(kind)[1], item, f"{path}.{key}") for key, item in data.items()}
    if is_dataclass(kind):
        return _decode_dataclass(kind, data, path)
    if kind in (str, int, bool):
        if type(data) is not kind:
            raise NotCanonical(f"{path or 'value'}: {kind.__name__} is expected, not {data!r}.")
        return data
    return _decode_text(kind, data, path)


def _decode_union(kinds: tuple[Any, ...], data: Any, path: str) -> Any:
    if data is None and NoneType in kinds:
        return None
    (kind,) = [kind for kind in kinds if kind is not NoneType]
    return _decode(kind, data, path)


def _decode_tuple(kinds: tuple[Any, ...], data: Any, path: str) -> Any:
    _expect(data, list, "a list", path)
    if kinds[1:] == (Ellipsis,):
        return tuple(_decode(kinds[0], item, f"{path}[{place}]") for place, item in enumerate(data, 1))
    if len(kinds) != len(data):
        raise NotCanonical(f"{path}: {len(kinds)} elements are expected, not {len(data)}.")
    return tuple(
        _decode(kind, item, f"{path}[{place}]") for place, (kind, item) in enumerate(zip(kinds, data, strict=True), 1)
    )


def _decode_dataclass(kind: Any, data: Any, path: str) -> Any:
    _expect(data, dict, "an object", path)
    names = _names(kind)
    for name in data.keys() - set(names):
        raise NotCanonical(f"{path}.{name}: there is no such field here.")
    for name in names:
        if name not in data:
            raise NotCanonical(f"{path}.{name}: the field is missing.")
    values = {name: _decode(_hints(kind)[name], data[name], f"{path}.{name}") for name in names}
    try:
        return kind(**values)
    except ValueError as error:  # a type that refuses what nobody can have, such as a blood pressure of 900
        raise NotCanonical(f"{path}: {error}") from None


def _decode_text(kind: Any, data: Any, path: str) -> Any:
    """A Quantity, Fraction, enumeration word, date or time from its text; the text must be the canonical one."""
    _expect(data, str, "a text", path)
    try:
        if kind is Fraction:
            made: Any = Quantity(data, "1").number
        elif kind in (datetime, date):
            made = kind.fromisoformat(data)
        else:
            made = kind(data)
    except (ValueError, TypeError) as error:
        raise NotCanonical(f"{path}: {error}") from None
    if encode(made) != data:
        raise NotCanonical(f'{path}: "{data}" is not the canonical text "{encode(made)}".')
    return made


def _expect(data: Any, kind: type, words: str, path: str) -> None:
    if not isinstance(data, kind):
        raise NotCanonical(f"{path or 'value'}: {words} is expected, not {data!r}.")
