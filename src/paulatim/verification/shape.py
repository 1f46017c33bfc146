"""The plan's file: strict JSON, exactly the fields that a plan has, each of its kind."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Any, Final, NoReturn

from paulatim.verification.amounts import DRUG, Unworkable, measures, number, read_amount
from paulatim.verification.disagreement import Notes, place

__all__ = ["FORMAT", "PLAN", "digest", "read_file", "read_shape"]

FORMAT: Final = "paulatim plan 1"
Leaf = Callable[[Any], Any]


def read_file(text: str) -> tuple[str, Any]:
    """The hash and the plan in a plan's file, as plain data; raises Unworkable."""
    try:
        data = json.loads(text, parse_float=_bare, parse_constant=_bare, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise Unworkable(f"The file is not JSON: {error.msg} in line {error.lineno}, column {error.colno}.") from None
    except RecursionError:
        raise Unworkable("The file is nested too deeply to be a plan.") from None
    except Unworkable:
        raise
    except ValueError:  # Python refuses to read whole numbers of thousands of digits
        raise Unworkable("The file holds a number too long to read.") from None
    if not isinstance(data, dict) or data.keys() != {"hash", "plan"} or not isinstance(data["hash"], str):
        raise Unworkable('The file is no plan: it must hold "hash" and "plan", and nothing else.')
    return data["hash"], data["plan"]


def digest(data: Any) -> str:
    """The sha256 of plain data: UTF-8, keys sorted, no spaces."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    try:
        return sha256(text.encode()).hexdigest()
    except UnicodeEncodeError:
        raise Unworkable("The file holds half of a character, which has no UTF-8.") from None


def _bare(digits: str) -> NoReturn:
    raise Unworkable(f"The file holds the bare number {digits}. Amounts are texts with a unit.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Unworkable(f"The file says {key!r} twice in one place.")
        found[key] = value
    return found


class _Maybe:
    """A field that may hold null."""

    def __init__(self, spec: Any) -> None:
        self.spec = spec


class _Named:
    """An object whose keys are names."""

    def __init__(self, spec: Any) -> None:
        self.spec = spec


def _text(data: Any) -> str:
    if not isinstance(data, str):
        raise Unworkable("it must be a text")
    return data


def _whole(data: Any) -> int:
    if type(data) is not int:
        raise Unworkable("it must be a whole number")
    return data


def _yes_or_no(data: Any) -> bool:
    if not isinstance(data, bool):
        raise Unworkable("it must be true or false")
    return data


def _fraction(data: Any) -> Any:
    return number(_text(data))


def _day(data: Any) -> str:
    try:
        day = date.fromisoformat(_text(data)).isoformat()
    except ValueError:
        day = ""
    if day != data:
        raise Unworkable("it must be a day such as 1961-04-02")
    return day


def _words(*known: str) -> Leaf:
    def read(data: Any) -> str:
        if data not in known:
            raise Unworkable(f"it must be {' or '.join(known)}")
        return str(data)

    return read


def _amount(unit: str) -> Leaf:
    """An amount of the kind of `unit`; `drug` stands for mass, units or tablets."""
    per = unit.partition("/")[2]

    def read(data: Any) -> Any:
        amount = read_amount(_text(data), strict=True)
        if unit.startswith("drug"):
            rest = dict(amount.kinds)
            drug = [kind for kind, power in amount.kinds if kind in DRUG and power == 1]
            for kind in drug:
                del rest[kind]
            fits = len(drug) == 1 and tuple(rest.items()) == (measures(f"1/{per}") if per else ())
        else:
            fits = amount.kinds == measures(unit)
        if not fits:
            raise Unworkable(f"it must be an amount in {unit.replace('drug', 'mg or units')}")
        return amount

    return read


def _target(data: Any) -> Any:
    try:
        return _amount("drug")(data)
    except Unworkable:
        return _amount("drug/kg")(data)


_ML, _MIN, _RATE, _DOSE, _STRENGTH = (_amount(unit) for unit in ("mL", "min", "mL/h", "drug", "drug/mL"))
_SOURCE: Final = {"ref": _text, "at": _text}
_TIMING: Final = {"amount": _MIN, "source": _text}
_SOLUTION: Final = {
    "name": _text, "number": _whole, "drug": _text, "volume": _Maybe(_ML), "amount": _Maybe(_DOSE),
    "concentration": _STRENGTH, "source": _SOURCE,
}  # fmt: skip
_BATCH: Final = (
    {"solution": _SOLUTION}
    | dict.fromkeys(("volume", "given_volume", "purged_volume", "left_volume"), _ML)
    | dict.fromkeys(("amount", "given", "purged", "left"), _DOSE)
)
_FILL: Final = {"syringe": {"holds": _ML, "marks": _ML}, "volume": _ML}
_MAKE: Final = {
    "makes": _text, "of": _text, "draw": {"exact": _ML, "fills": [_FILL]}, "diluent": _ML, "volume": _ML,
    "concentration": _STRENGTH, "amount": _DOSE, "prepared": _DOSE,
}  # fmt: skip
_STEP: Final = {
    "number": _whole, "action": _words("infuse", "purge", "take"), "drug": _text, "solution": _text,
    "rate": _Maybe(_RATE), "time": _Maybe(_MIN), "volume": _Maybe(_ML), "dose": _DOSE, "cumulative": _DOSE,
    "begins": _MIN, "lasts": _MIN, "fold": _Maybe(_fraction), "until": _Maybe(_words("empty", "target")),
    "day": _Maybe(_whole), "source": _SOURCE,
}  # fmt: skip
_MEANING: Final = _words(
    "cumulative_equals_target", "last_dose_equals_target", "daily_dose", "full_dose_on_top", "endpoint_rule"
)
_STAMP: Final = ("id", "title", "kind", "digest", "route", "purpose", "transcription", "last_bag")
_ENTRY: Final = dict.fromkeys(_STAMP, _text) | {
    "made_with": _Maybe({"entry": _text, "target": _DOSE, "volume": _Maybe(_ML), "final_rate": _Maybe(_RATE)}),
    "review": dict.fromkeys(("transcribed", "second_reader", "arithmetic", "pharmacist"), _text),
    "source": _SOURCE, "meaning": _MEANING, "notes": [_text], "on_reaction": [_text],
    "errata": [dict.fromkeys(("at", "printed", "corrected", "reason"), _text)],
}  # fmt: skip
_WEIGHT: Final = _Maybe(_amount("kg"))
PLAN: Final = {
    "format": _words(FORMAT), "entry": _ENTRY, "changes": [_text],
    "patient": _Maybe({"id": _text, "name": _text, "born": _day, "weight": _WEIGHT, "weighed_on": _Maybe(_day)}),
    "request": {"drug": _Maybe(_text), "target": _Maybe(_target), "volume": _Maybe(_ML), "final_rate": _Maybe(_RATE),
                "weight": _WEIGHT},
    "targets": _Named(_DOSE), "stock": _Maybe(_STRENGTH),
    "pump": _Maybe({"id": _text, "title": _text, "lowest": _RATE, "highest": _RATE, "step": _RATE, "source": _text}),
    "line": {"dead_volume": _Maybe(_ML), "primed_with": _Maybe(_words("drug", "diluent")),
             "new_for_each_bag": _Maybe(_yes_or_no)},
    "policy": dict.fromkeys(("site", "version", "approved_by", "digest"), _text),
    "batches": [_BATCH], "recipe": [_MAKE], "steps": [_STEP], "duration": _MIN,
    "vitals_every": _TIMING, "observe": _TIMING, "symptom_free": _TIMING,
    "findings": [dict.fromkeys(("rule", "mode", "sentence", "where", "cites", "evidence"), _text)
                 | {"severity": _words("stop", "ask", "warn", "note")}],
    "references": _Named(dict.fromkeys(("key", "authors", "where", "year", "title", "doi", "pmcid", "url"), _text)),
}  # fmt: skip


def read_shape(data: Any, notes: Notes, spec: Any = PLAN, path: str = "") -> Any:
    """The data with its amounts read; each field that is missing, unknown or of another kind is noted."""
    if isinstance(spec, _Maybe):
        return None if data is None else read_shape(data, notes, spec.spec, path)
    if isinstance(spec, list):
        items = data if isinstance(data, list) else _not(path, "a list", notes, [])
        return [read_shape(item, notes, spec[0], f"{path}.{number}") for number, item in enumerate(items, 1)]
    if isinstance(spec, _Named):
        items = data if isinstance(data, dict) else _not(path, "an object", notes, {})
        return {key: read_shape(item, notes, spec.spec, f"{path}.{key}") for key, item in items.items()}
    if isinstance(spec, dict):
        items = data if isinstance(data, dict) else _not(path, "an object", notes, {})
        return _read_fields(items, notes, spec, path)
    try:
        return spec(data)
    except Unworkable as error:
        notes.add(path, f"{_capital(place(path))}: {str(error).rstrip('.')}.", data)
        return None


def _read_fields(data: dict[str, Any], notes: Notes, spec: dict[str, Any], path: str) -> dict[str, Any]:
    before = f"{path}." if path else ""
    for key in sorted(data.keys() - spec.keys()):
        notes.add(f"{before}{key}", f"{_capital(place(path))}: a plan has no field {key!r}.")
    for key in sorted(spec.keys() - data.keys()):
        notes.add(f"{before}{key}", f"{_capital(place(path))}: the field {key!r} is missing.")
    return {key: read_shape(data[key], notes, kind, f"{before}{key}") for key, kind in spec.items() if key in data}


def _not(path: str, kind: str, notes: Notes, empty: Any) -> Any:
    notes.add(path, f"{_capital(place(path))} must be {kind}.")
    return empty


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
