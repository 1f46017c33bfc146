"""Data files as text: YAML in, every scalar still the words that were written, every problem with its place.

YAML's own guesses are dangerous here (`NO` becomes False, `12:30` becomes 45000), so nothing is converted
by the YAML loader. A `Node` hands out texts, quantities and choices, and notes each problem with file, line,
column and path instead of stopping at the first; `read` raises them all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

import yaml

from paulatim.quantity import Quantity, QuantityError, UnitMismatch

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without libyaml reads the same, only slower
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

__all__ = ["Node", "Problem", "Unreadable", "read"]

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a data file: where, and what to write instead."""

    file: str
    line: int
    column: int
    path: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.path or 'file'}: {self.sentence}"


class Unreadable(ValueError):
    """A data file cannot be read; `problems` lists all that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(slots=True)
class _Notes:
    file: str
    problems: list[Problem] = field(default_factory=list)


class Node:
    """A place in a data file. Reading a value that is missing or wrong notes a problem and gives None."""

    __slots__ = ("_children", "_notes", "_used", "path", "yaml")

    def __init__(self, node: yaml.Node | None, path: str, notes: _Notes) -> None:
        self.yaml, self.path, self._notes = node, path, notes
        self._used: set[str] = set()
        self._children: dict[str, Node] = {}
        if isinstance(node, yaml.MappingNode):
            self._read_keys(node)

    def _read_keys(self, node: yaml.MappingNode) -> None:
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.problem("Write a plain word as the key.", key)
            elif key.value in self._children:
                self.problem(f'"{key.value}" is written twice. Keep one of the two.', key)
            else:
                self._children[key.value] = Node(value, f"{self.path}.{key.value}".lstrip("."), self._notes)

    def problem(self, sentence: str, where: yaml.Node | None = None) -> None:
        """Note what is wrong here; the file is refused once all of it has been read."""
        mark = (where or self.yaml).start_mark if (where or self.yaml) else None
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        self._notes.problems.append(Problem(self._notes.file, line, column, self.path, sentence))

    @property
    def troubled(self) -> bool:
        """Whether any problem was noted in the file so far."""
        return bool(self._notes.problems)

    def has(self, key: str) -> bool:
        """Whether the key is written at all."""
        return key in self._children

    def find(self, path: str) -> Node:
        """The node at a dotted path, or the nearest one above it that is written."""
        node = self
        for key in path.split("."):
            if key not in node._children:
                break
            node = node._children[key]
        return node

    def child(self, key: str, example: str = "...") -> Node:
        """The value under a required key; an empty node, with the problem noted, when it is not written."""
        if key not in self._children:
            self.problem(f'"{key}" is missing. Write "{key}: {example}".')
        return self.group(key)

    def maybe(self, key: str) -> Node | None:
        """The value under an optional key."""
        self._used.add(key)
        return self._children.get(key)

    def group(self, key: str) -> Node:
        """The mapping under an optional key; an empty one when it is not written."""
        return self.maybe(key) or Node(None, f"{self.path}.{key}".lstrip("."), self._notes)

    def items(self) -> Iterator[tuple[str, Node]]:
        """The pairs of a mapping, all of them read."""
        if self.yaml is not None and not isinstance(self.yaml, yaml.MappingNode):
            self.problem("Write a list of `name: value` lines here.")
        self._used.update(self._children)
        return iter(self._children.items())

    def list(self) -> list[Node]:
        """The elements of a list; a single value is not a list."""
        if self.yaml is None:
            return []
        if not isinstance(self.yaml, yaml.SequenceNode):
            self.problem('Write a list here, one "- ..." line for each.')
            return []
        return [Node(value, f"{self.path}[{place}]", self._notes) for place, value in enumerate(self.yaml.value, 1)]

    def text(self) -> str:
        """The words as written."""
        if self.yaml is None:
            return ""  # its absence is already a problem, or allowed
        if not isinstance(self.yaml, yaml.ScalarNode) or not self.yaml.value.strip():
            self.problem("Write one text here.")
            return ""
        return str(self.yaml.value).strip()

    @property
    def is_text(self) -> bool:
        """Whether one scalar is written here."""
        return isinstance(self.yaml, yaml.ScalarNode)

    def parsed(self, parse: Callable[[str], T]) -> T | None:
        """The text through a parser; its ValueError or TypeError becomes the problem's sentence."""
        text = self.text()
        if not text:
            return None
        try:
            return parse(text)
        except (QuantityError, UnitMismatch, ValueError) as error:
            self.problem(str(error))
            return None

    def quantity(self, unit: str) -> Quantity | None:
        """An exact amount of the same kind as `unit`."""

        def parse(text: str) -> Quantity:
            amount = Quantity(text)
            amount.to(unit)
            if amount.number < 0:
                raise QuantityError(f"{amount} is less than nothing. Write an amount of zero or more.")
            return amount

        return self.parsed(parse)

    def fraction(self) -> Fraction | None:
        """A pure number such as `2.5` or `1/100`."""
        return self.parsed(lambda text: Quantity(text, "1").number)

    def whole(self) -> int | None:
        """A whole number of 1 or more."""

        def parse(text: str) -> int:
            if not text.isascii() or not text.isdigit() or text.startswith("0"):
                raise ValueError(f'"{text}" is not a whole number. Write digits such as 12.')
            return int(text)

        return self.parsed(parse)

    def choice(self, kind: type[E]) -> E:
        """One of an enumeration's words; its first one stands in when a problem was noted."""

        def parse(text: str) -> E:
            try:
                return kind(text)
            except ValueError:
                words = ", ".join(member.value for member in kind)
                raise ValueError(f'"{text}" is not known here. Write one of {words}.') from None

        return self.parsed(parse) or next(iter(kind))

    def finish(self) -> None:
        """Refuse the keys that nobody asked for: a misspelt key is a lost number."""
        for key in self._children.keys() - self._used:
            known = ", ".join(sorted(self._used))
            self._children[key].problem(f'"{key}" is not known here. Write one of {known}, or remove it.')


def read(text: str, file: str, build: Callable[[Node], T | None]) -> T:
    """Build a value from a data file's text; raise Unreadable with every problem, in the file's order."""
    notes = _Notes(file)
    try:
        _refuse_tricks(text, notes)
        tree = None if notes.problems else yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = getattr(error, "problem", None) or "it is not YAML"
        raise Unreadable([Problem(file, line, column, "", f"The file cannot be read here: {what}.")]) from None
    if notes.problems:
        raise Unreadable(notes.problems)
    root = Node(tree, "", notes)
    if not isinstance(tree, yaml.MappingNode):
        root.problem("Write `name: value` lines; the file holds none.")
        raise Unreadable(notes.problems)
    built = build(root)
    if notes.problems or built is None:
        raise Unreadable(sorted(notes.problems, key=lambda problem: (problem.line, problem.column)))
    return built


def _refuse_tricks(text: str, notes: _Notes) -> None:
    """Aliases, anchors and tags make one text mean another: refuse them before anything is built."""
    for event in yaml.parse(text, Loader=_Loader):
        what = None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            what = "an anchor or alias. Write the value out"
        elif getattr(event, "tag", None):
            what = "a tag. Write plain text"
        if what:
            mark = event.start_mark
            notes.problems.append(Problem(notes.file, mark.line + 1, mark.column + 1, "", f"This holds {what}."))
