"""What a check finds: where, what the file says, what was found instead, and a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from paulatim.verification.amounts import Amount, as_text

__all__ = ["Disagreement", "Notes", "place"]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One thing that does not fit. `path` is the place in the plan's file, such as `steps.3.volume`."""

    path: str
    said: str
    found: str
    sentence: str


class Notes:
    """The disagreements of one file in the order found; the first about a place stands, the others follow from it."""

    def __init__(self) -> None:
        self._by_path: dict[str, Disagreement] = {}

    def __len__(self) -> int:
        return len(self._by_path)

    @property
    def all(self) -> tuple[Disagreement, ...]:
        """All that was found."""
        return tuple(self._by_path.values())

    def add(self, path: str, sentence: str, said: object = "", found: object = "") -> None:
        """Note something that does not fit."""
        self._by_path.setdefault(path, Disagreement(path, _shown(said), _shown(found, said), sentence))

    def same(self, path: str, said: object, found: object, because: str) -> None:
        """Note it when what the file says is not what was found; `because` says how it was found."""
        if said != found:
            left, right = _shown(said), _shown(found, said)
            sentence = f"Make the plan again: {place(path)} is {left} in the file, but {right} {because}."
            self.add(path, sentence, said, found)

    def match(self, path: str, said: Any, found: Any, because: str) -> None:
        """Compare nested values leaf by leaf. Of an object, only the fields in `found` are compared."""
        if isinstance(found, dict) and isinstance(said, dict):
            for key, value in found.items():
                self.match(f"{path}.{key}".lstrip("."), said.get(key), value, because)
        elif isinstance(found, list) and isinstance(said, list):
            if len(said) != len(found):
                self.same(f"{path}.count", Fraction(len(said)), Fraction(len(found)), because)
            for number, (one, other) in enumerate(zip(said, found, strict=False), 1):
                self.match(f"{path}.{number}", one, other, because)
        else:
            self.same(path, said, found, because)


def place(path: str) -> str:
    """A path in words: `steps.3.volume` is "step 3, volume"."""
    words = re.sub(r"\b(step|recipe|batche|finding|fill|note)s?\.([0-9]+)", r"\1 \2", path)
    return words.replace("batche ", "solution ").replace(".", ", ").replace("_", " ") or "the file"


def _shown(value: object, like: object = None) -> str:
    if isinstance(value, Amount):
        return value.text(like.unit if isinstance(like, Amount) else "")
    if isinstance(value, Fraction):
        return as_text(value)
    if value is None:
        return "nothing"
    return str(value) if not isinstance(value, dict | list) else f"{len(value)} entries"
