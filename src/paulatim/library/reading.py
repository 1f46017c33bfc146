"""Data files as text: YAML in, every scalar still the words that were written, every problem with its place.

YAML's own guesses are dangerous here (`NO` becomes False, `12:30` becomes 45000), so nothing is converted
by the YAML loader. A `Node` hands out texts, quantities and choices, and notes each problem with file, line,
column and path instead of stopping at the first; `read` raises them all at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

import yaml

from paulatim.quantity import Quantity, QuantityError, UnitMismatch

# Without libyaml, PyYAML reads the same, only slower.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 12  # levels: no data file of ours comes near, and a reader that calls itself has an end

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
    """A place in a data file. Reading a value that is missing or wrong notes a problem and gives None.

    A place where nothing is written gives nothing and notes nothing: its absence is noted once, or allowed.
    """

    __slots__ = ("_children", "_near", "_notes", "_used", "path", "yaml")

    def __init__(self, node: yaml.Node | None, path: str, notes: _Notes, near: yaml.Node | None = None) -> None:
        self.yaml, self.path, self._notes, self._near = node, path, notes, node or near
        self._used: set[str] = set()
        self._children: dict[str, Node] = {}
        if isinstance(node, yaml.MappingNode):
            self._read_keys(node)

    def _read_keys(self, node: yaml.MappingNode) -> None:
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or not key.value.strip():
                self.problem("Write a plain word as the key.", key)
            elif key.value in self._children:
                self.problem(f'"{key.value}" is written twice. Keep one of the two.', key)
            else:
                self._children[key.value] = Node(value, self._below(key.value), self._notes)

    def _below(self, key: str) -> str:
        return f"{self.path}.{key}".lstrip(".")

    def _expect_names(self) -> bool:
        """Whether names may be looked up here."""
        if self.yaml is not None and not isinstance(self.yaml, yaml.MappingNode):
            self.problem("Write `name: value` lines here.")
        return isinstance(self.yaml, yaml.MappingNode)

    def problem(self, sentence: str, where: yaml.Node | None = None) -> None:
        """Note what is wrong here; the file is refused once all of it has been read."""
        mark = getattr(where or self._near, "start_mark", None)
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
        """The node at a dotted path (`errata[2].at`), or the nearest one above it that is written."""
        node = self
        for part in path.split("."):
            key, _, place = part.partition("[")
            if key not in node._children:
                break
            node = node._children[key]
            if place:
                node = node.list()[int(place.rstrip("]")) - 1]
        return node

    def child(self, key: str, example: str = "...") -> Node:
        """The value under a required key; an empty node, with the problem noted, when it is not written."""
        if self._expect_names() and key not in self._children:
            self.problem(f'"{key}" is missing. Write "{key}: {example}".')
        return self.group(key)

    def maybe(self, key: str) -> Node | None:
        """The value under an optional key."""
        self._expect_names()
        self._used.add(key)
        return self._children.get(key)

    def group(self, key: str) -> Node:
        """The mapping under an optional key; an empty one when it is not written."""
        return self.maybe(key) or Node(None, self._below(key), self._notes, self._near)

    def nothing(self) -> Node:
        """A place here where nothing is written: reading it gives nothing and notes nothing."""
        return Node(None, self.path, self._notes, self._near)

    def items(self) -> Iterator[tuple[str, Node]]:
        """The pairs of a mapping, all of them read."""
        self._expect_names()
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

    def quantity(self, unit: str, *, above_zero: bool = False) -> Quantity | None:
        """An exact amount of the same kind as `unit`, never below zero."""

        def parse(text: str) -> Quantity:
            amount = Quantity(text)
            amount.to(unit)
            if amount.number < 0 or (above_zero and not amount):
                least = "above zero" if above_zero else "of zero or more"
                raise QuantityError(f"{amount.show()} cannot be. Write an amount {least}.")
            return amount

        return self.parsed(parse)

    def fraction(self) -> Fraction | None:
        """A pure number such as `2.5` or `1/100`."""
        return self.parsed(lambda text: Quantity(text, "1").number)

    def whole(self) -> int | None:
        """A whole number of 1 or more."""

        def parse(text: str) -> int:
            if not re.fullmatch(r"[1-9][0-9]{,5}", text):
                raise ValueError(f'"{text}" is not a whole number of 1 or more. Write digits such as 12.')
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
        self._expect_names()
        for key in self._children.keys() - self._used:
            known = ", ".join(sorted(self._used))
            self._children[key].problem(f'"{key}" is not known here. Write one of {known}, or remove it.')


def read(text: str, file: str, build: Callable[[Node], T | None]) -> T:
    """Build a value from a data file's text; raise Unreadable with every problem, in the file's order.

    `build` may give None only where it has noted a problem.
    """
    notes = _Notes(file)
    tree = _tree(text.removeprefix("\ufeff"), notes)  # some editors begin a file with this mark
    root = Node(tree, "", notes)
    if not notes.problems and not isinstance(tree, yaml.MappingNode):
        root.problem("Write `name: value` lines; the file holds none.")
    built = None if notes.problems else build(root)
    if notes.problems:
        unlike = dict.fromkeys(notes.problems)
        raise Unreadable(sorted(unlike, key=lambda problem: (problem.line, problem.column)))
    assert built is not None, f"{file} was read without a problem, and nothing was made of it"
    return built


def _tree(text: str, notes: _Notes) -> yaml.Node | None:
    """The YAML tree, unless something in the text makes it mean another thing than it seems to."""
    notes.problems += _hidden_characters(text, notes.file)
    if notes.problems:
        return None
    try:
        notes.problems += _tricks(text, notes.file)
        return None if notes.problems else yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        advice = "Check the indentation, and put quotes around a text that holds a sign."
        notes.problems.append(Problem(notes.file, line, column, "", f"This is not YAML: {error.problem}. {advice}"))
    return None


def _hidden_characters(text: str, file: str) -> Iterator[Problem]:
    """Tabs, unusual spaces and invisible characters: nobody can see whether they are meant."""
    for line, words in enumerate(text.split("\n"), 1):
        for column, character in enumerate(words.removesuffix("\r"), 1):
            if not character.isprintable():
                said = "a tab" if character == "\t" else f"the hidden character U+{ord(character):04X}"
                yield Problem(file, line, column, "", f"This holds {said}. Write plain spaces.")


def _tricks(text: str, file: str) -> Iterator[Problem]:
    """Aliases, anchors, tags and further documents: refused before anything is built."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        what = None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            what = "an anchor or alias. Write the value out"
        elif getattr(event, "tag", None):
            what = "a tag. Write plain text"
        elif isinstance(event, yaml.DocumentStartEvent) and documents > 1:
            what = "another document. Keep one in a file"
        elif depth > _DEEPEST:
            what = f"more than {_DEEPEST} levels, one in the other. Write fewer"
        if what:
            mark = event.start_mark
            assert mark
            yield Problem(file, mark.line + 1, mark.column + 1, "", f"This holds {what}.")
        if depth > _DEEPEST:
            return
