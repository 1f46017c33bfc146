"""The walls hold, and break loudly: each contract is shown a breach and must name it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = "Rooms import one way, and every room has a place"
CORE = "The functional core knows no clock, disk, network, chance or framework"
VERIFICATION = "Only the command line, the web and the clinic ask the verification"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the source, to plant a breach in."""

    def only_python(folder: str, names: list[str]) -> list[str]:
        return [name for name in names if not name.endswith(".py") and not Path(folder, name).is_dir()]

    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=only_python)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(tree: Path) -> tuple[int, str]:
    """Run the import contracts over a tree; give the exit status and the text, each run of spaces as one."""
    result = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return result.returncode, re.sub(r"\s+", " ", result.stdout + result.stderr)


def plant(tree: Path, place: str, line: str) -> None:
    """Add a line to a module of the copy, or make the module."""
    path = tree / "src" / "paulatim" / place
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.write(f"\n{line}\n")


def test_the_source_keeps_every_contract(copy: Path) -> None:
    status, text = lint(copy)
    assert status == 0, text
    assert "Contracts: 3 kept, 0 broken." in text


BREACHES = {
    "up": (
        "quantity.py",
        "import paulatim.plan",
        ROOMS,
        "paulatim.quantity is not allowed to import paulatim.plan",
    ),
    "sideways": (
        "documents/breach.py",
        "import paulatim.learning",
        ROOMS,
        "paulatim.documents is not allowed to import paulatim.learning",
    ),
    "no place": ("attic/__init__.py", "", ROOMS, "not listed as layers: - paulatim.attic"),
    "disk": (
        "session/breach.py",
        "import sqlite3",
        CORE,
        "paulatim.session is not allowed to import sqlite3",
    ),
    "clock": ("rules/breach.py", "import time", CORE, "paulatim.rules is not allowed to import time"),
    "verification leans on the planner": (
        "verification.py",
        "import paulatim.quantity",
        ROOMS,
        "paulatim.verification is not allowed to import paulatim.quantity",
    ),
    "the planner leans on verification": (
        "rules/breach.py",
        "import paulatim.verification",
        VERIFICATION,
        "paulatim.rules.breach -> paulatim.verification",
    ),
}


@pytest.mark.parametrize(("place", "line", "contract", "finding"), BREACHES.values(), ids=BREACHES)
def test_a_breach_is_named(copy: Path, place: str, line: str, contract: str, finding: str) -> None:
    plant(copy, place, line)
    status, text = lint(copy)
    assert status == 1, text
    assert f"{contract} BROKEN" in text
    assert finding in text
