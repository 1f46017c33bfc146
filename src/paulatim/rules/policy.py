"""The site's policy: the numbers and choices that sources leave open, one file, versioned by its hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from paulatim.library import Node, read
from paulatim.quantity import Quantity

__all__ = ["Choice", "Policy", "default_policy", "read_policy"]

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Choice:
    """A policy key where sources disagree: what this site chose, among what, and who says what."""

    key: str
    about: str
    chosen: str
    options: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Policy:
    """All limits (each with its source) and choices of one site."""

    site: str
    version: str
    approved_by: str
    fold_limit: Fraction
    fold_stop: Fraction
    prepared_tolerance: Fraction
    line_share: Fraction
    vitals_every: Quantity
    observe: Quantity
    symptom_free: Quantity
    epinephrine_per_kg: Quantity
    epinephrine_max_adult: Quantity
    epinephrine_max_child: Quantity
    epinephrine_repeat: Quantity
    sources: Mapping[str, str]
    choices: Mapping[str, Choice]
    digest: str


_FRACTIONS = ("fold_limit", "fold_stop", "prepared_tolerance", "line_share")
_AMOUNTS = {
    "vitals_every": "min", "observe": "min", "symptom_free": "min", "epinephrine_per_kg": "mg/kg",
    "epinephrine_max_adult": "mg", "epinephrine_max_child": "mg", "epinephrine_repeat": "min",
}  # fmt: skip


@lru_cache(maxsize=1)
def default_policy() -> Policy:
    """The policy that ships with Paulatim: the conservative option wherever sources disagree."""
    path = _FOLDER / "policy.yaml"
    return read_policy(path.read_text(encoding="utf-8"), path.name)


def read_policy(text: str, file: str) -> Policy:
    """A site's policy from its file; raises Unreadable with every problem in it."""
    return read(text, file, lambda root: _policy(root, sha256(text.encode()).hexdigest()))


def _policy(root: Node, digest: str) -> Policy | None:
    limits, sources = root.child("limits"), {}
    values: dict[str, Fraction | Quantity | None] = {}
    for name in (*_FRACTIONS, *_AMOUNTS):
        node = limits.child(name, "{value: ..., source: ...}")
        value = node.child("value")
        values[name] = value.quantity(_AMOUNTS[name]) if name in _AMOUNTS else value.fraction()
        sources[name] = node.child("source").text()
        node.finish()
    limits.finish()
    _refuse_senseless(limits, values)
    choices = {key: _choice(key, node) for key, node in root.child("choices").items()}
    site, version, approved = (root.child(key).text() for key in ("site", "version", "approved_by"))
    root.finish()
    if root.troubled:
        return None
    return Policy(site, version, approved, sources=sources, choices=choices, digest=digest, **values)  # type: ignore[arg-type]


def _refuse_senseless(limits: Node, values: Mapping[str, Fraction | Quantity | None]) -> None:
    """A slip of the keys here would switch a rule off: 5 for 5 % lets every measurement pass."""

    def refuse(name: str, wrong: bool, sentence: str) -> None:
        if wrong:
            limits.find(f"{name}.value").problem(sentence)

    for name in ("prepared_tolerance", "line_share"):
        share = values[name]
        refuse(
            name,
            isinstance(share, Fraction) and not 0 < share < 1,
            "Write a share between 0 and 1, such as 0.05 for 5 %.",
        )
    fold, stop = values["fold_limit"], values["fold_stop"]
    refuse("fold_limit", isinstance(fold, Fraction) and fold < 1, "Write 1 or more: a ladder rises.")
    if isinstance(fold, Fraction) and isinstance(stop, Fraction):
        refuse("fold_stop", stop < fold, "Write no less than fold_limit.")
    for name in _AMOUNTS:
        refuse(name, values[name] is not None and not values[name], "Write an amount above zero.")


def _choice(key: str, node: Node) -> Choice:
    options = tuple(option.text() for option in node.child("options").list())
    chosen = node.child("chosen")
    if chosen.text() not in options:
        chosen.problem(f'"{chosen.text()}" is none of the options. Write one of {", ".join(options)}.')
    choice = Choice(key, node.child("about").text(), chosen.text(), options, node.child("source").text())
    node.finish()
    return choice
