"""Small modules, short functions, names that say something, and a core that asks nobody for the time."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "src" / "paulatim"
MODULES = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}
EDGE = {"cli", "web", "interop", "documents", "learning", "clinic", "simulation", "record", "__init__"}
CORE = {name: tree for name, tree in TREES.items() if name.split("/")[0].removesuffix(".py") not in EDGE}

SAYS_NOTHING = re.compile(r"^(manager|service|util|helper|base|common|misc)s?$")
# The clock, chance, the environment, the terminal, a file that is written or opened: not from session down.
IMPURE = re.compile(
    r"(^|\.)(now|utcnow|today|getenv|urandom|uuid1|uuid4|write_text|write_bytes|read_bytes|unlink|mkdir)$"
    r"|^(open|print|input|exec|eval)$|^(os|shutil)\."
)


def calls(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Each call in a module: its line, and what is called, as written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def words(name: str) -> list[str]:
    """The words of a name, whether snake_case or CamelCase."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]


def test_there_is_a_source_to_measure() -> None:
    assert {"quantity.py", "session/__init__.py"} <= set(CORE)
    assert not {"clinic.py", "web/__init__.py"} & set(CORE)


def test_a_module_has_at_most_300_lines() -> None:
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name: length for name, length in lengths.items() if length > 300} == {}


def test_a_function_has_at_most_40_lines() -> None:
    long = [
        f"{name}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if node.end_lineno is not None and node.end_lineno - node.lineno >= 40
    ]
    assert long == []


def test_a_room_has_at_most_8_modules() -> None:
    modules = [name for name in MODULES if "/" in name and not name.endswith("__init__.py")]
    rooms = Counter(name.rpartition("/")[0] for name in modules)
    assert {room: count for room, count in rooms.items() if count > 8} == {}


def test_every_module_says_in_one_line_what_it_is() -> None:
    assert [name for name, tree in TREES.items() if not (ast.get_docstring(tree) or "").strip()] == []


def test_names_say_something() -> None:
    named = [(name, name.removesuffix(".py")) for name in MODULES]
    named += [
        (f"{name}:{node.lineno}", node.name)
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    empty = [f"{place} {name}" for place, name in named if any(map(SAYS_NOTHING.match, words(name)))]
    assert empty == []
    assert any(map(SAYS_NOTHING.match, words("PlanManager")))
    assert not any(map(SAYS_NOTHING.match, words("database")))


def test_a_package_file_only_says_what_the_room_is_and_offers() -> None:
    other = [
        f"{name}:{node.lineno}"
        for name, tree in TREES.items()
        if name.endswith("__init__.py")
        for node in tree.body[1:]
        if not isinstance(node, ast.Import | ast.ImportFrom)
        if not (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"__all__", "__version__"})
    ]
    assert other == []


def test_the_core_asks_no_clock_chance_environment_or_terminal() -> None:
    asked = [(f"{name}:{line}", call) for name, tree in CORE.items() for line, call in calls(tree)]
    impure = [(place, call) for place, call in asked if IMPURE.search(call)]
    assert impure == []
    assert IMPURE.search("datetime.now")
    assert not IMPURE.search("Entry.open")


def test_the_core_reads_only_the_data_files_that_lie_beside_it() -> None:
    readers = {name for name, tree in CORE.items() for _, call in calls(tree) if call.endswith(".read_text")}
    beside = {name for name in readers if "__file__" in ast.unparse(CORE[name])}
    assert readers == beside
    assert "library" in {name.split("/")[0] for name in readers}


def floats(tree: ast.Module) -> Iterator[str]:
    """The floats that a module writes down or makes."""
    # How alike two words must be, to be offered for each other, is no amount.
    alike = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and "close_matches" in ast.unparse(node.func)
    ]
    cutoffs = {part for node in alike for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float) and node not in cutoffs:
            yield f"{node.lineno}: {node.value}"
    yield from (f"{line}: {call}()" for line, call in calls(tree) if call == "float")


def test_the_core_holds_no_float() -> None:
    assert {name: found for name, tree in CORE.items() if (found := list(floats(tree)))} == {}
    assert list(floats(ast.parse("dose = 0.1\nrate = float(text)"))) == ["1: 0.1", "2: float()"]
