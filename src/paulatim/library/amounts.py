"""Amounts as a protocol file writes them, each with its kind checked and its source beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from paulatim.library.entry import Band, Cited, Dose, Source
from paulatim.library.reading import Node
from paulatim.quantity import Quantity, QuantityError

__all__ = ["DRUG", "STRENGTH", "cited", "dose", "drug_of", "held", "in_kind"]

DRUG = "drug"  # an amount of drug, in whatever it is counted
STRENGTH = "drug per volume"
_COUNTED = dict.fromkeys(
    ("mass", "units", "international units", "allergen units", "bioequivalent allergen units", "tablets"), 1
).items()


def drug_of(amount: Quantity) -> str:
    """What drug is counted in (`mass`, `units`) in an amount or a strength; nothing if it is neither."""
    drug = [part for part in amount.unit.kinds if part != ("volume", -1)]
    return drug[0][0] if len(drug) == 1 and drug[0] in _COUNTED else ""


def in_kind(kind: str, *, zero: bool = False) -> Callable[[str], Quantity]:
    """A parser of amounts above zero (or of `zero` too): of DRUG, of STRENGTH, or of a unit's kind (`mL/h`)."""

    def parse(text: str) -> Quantity:
        amount = Quantity(text)
        per_volume = dict(amount.unit.kinds).get("volume") == -1
        if kind == DRUG and (not drug_of(amount) or per_volume):
            raise QuantityError(f"{amount.show()} is not an amount of drug. Write it in mg, mcg, units or tablets.")
        if kind == STRENGTH and (not drug_of(amount) or not per_volume):
            raise QuantityError(f"{amount.show()} is not a strength. Write it as drug per volume, such as 1 mg/mL.")
        if kind not in (DRUG, STRENGTH):
            amount.to(kind)
        if amount.number < 0 or not (amount or zero):
            raise QuantityError(f"{amount.show()} cannot be. Write an amount above zero.")
        return amount

    return parse


def cited(node: Node | None, kind: str, above: Source, at: str) -> Cited | None:
    """An amount: `2 mL/h`, or `{value: 2 mL/h, ref: KEY, at: page 3}` where it has a source of its own."""
    if node is None:
        return None
    source = Source(above.ref, f"{above.at}, {at}")
    if node.is_text:
        amount = node.parsed(in_kind(kind))
    else:
        amount = node.child("value").parsed(in_kind(kind))
        source = _source_beside(node, source)
    return Cited(amount, source) if amount is not None else None


def _source_beside(node: Node, above: Source) -> Source:
    at = node.child("at", "page 3").text() if node.has("ref") else node.group("at").text()
    source = Source(node.group("ref").text() or above.ref, at or above.at)
    node.finish()
    return source


def dose(node: Node | None, above: Source, at: str) -> Dose | None:
    """One amount, or one by body weight: `{under 50 kg: 450 mg, over 50 kg: 600 mg}`."""
    if node is None:
        return None
    if node.is_text or node.has("value"):
        only = cited(node, DRUG, above, at)
        return Dose((Band(None, None, only),)) if only else None
    bands = [band for words, child in node.items() if (band := _band(words, child, above, f"{at}, {words}"))]
    lows, highs = ([getattr(band, side) for band in bands if getattr(band, side)] for side in ("above", "below"))
    if len(lows) > 1 or len(highs) > 1 or any(low < high for low in lows for high in highs):
        node.problem("Two of these ranges of body weight overlap. Give each weight one amount.")
    return Dose(tuple(bands)) if bands else None


def _band(words: str, node: Node, above: Source, at: str) -> Band | None:
    amount = cited(node, DRUG, above, at)
    try:
        side, limit = words.split(" ", 1)
        weight = in_kind("kg")(limit)
        if amount and side in ("under", "over"):
            return Band(weight, None, amount) if side == "over" else Band(None, weight, amount)
        known = side in ("under", "over")
    except (ValueError, TypeError):
        known = False
    if not known:
        node.problem(f'"{words}" is no range of body weight. Write "under 50 kg" or "over 50 kg".')
    return None


def held(node: Node | None, above: Source, at: str) -> tuple[Cited | None, Fraction | None, bool]:
    """What a solution holds: an amount, a share of the target, or the rest of it."""
    words = node.text() if node and node.is_text else ""
    if node is None or words == "rest of target":
        return None, None, node is not None
    if match := re.fullmatch(r"(?:(\S+) of )?target", words):
        return None, node.parsed(lambda _: _share(match[1])), False
    return cited(node, DRUG, above, f"{at}, amount"), None, False


def _share(words: str | None) -> Fraction:
    share = Quantity(words or 1, "1").number
    if not 0 < share <= 1:
        raise QuantityError("A solution holds more than nothing and at most the target. Write 1/100 of target.")
    return share
