"""What the tests of verification share: the shelf as texts, and plans that can be altered and sealed again."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import paulatim
from paulatim import CannotScale, Line, Priming, Quantity, Request, entries, make_plan, pumps
from paulatim.verification import Disagreement, verify

PACKAGE = Path(paulatim.__file__).parent
SHELF = {path.stem: path.read_text(encoding="utf-8") for path in (PACKAGE / "library" / "protocols").rglob("*.yaml")}
BENCH = (PACKAGE / "preparation" / "bench.yaml").read_text(encoding="utf-8")


def seal(plan: dict[str, Any]) -> str:
    """A plan's file with the hash that fits what it says now."""
    text = json.dumps(plan, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f'{{"hash":"{sha256(text.encode()).hexdigest()}","plan":{text}}}'


@pytest.fixture(scope="session")
def files() -> dict[str, str]:
    """A plan's file for each entry on the shelf."""
    made = {}
    for entry in entries():
        stock = "1000000 units/mL" if "units" in SHELF[entry.id] else "100 mg/mL"
        wishes = Request(drug="example", target=Quantity("2000 mg")) if not entry.drugs else Request()
        wishes = Request(wishes.drug, wishes.target, weight=Quantity("70 kg"))
        line = Line(Quantity("2 mL"), Priming.DRUG, True)
        try:
            plan = make_plan(entry, wishes, stock=Quantity(stock), pump=pumps()["generic-0.1"], line=line)
        except CannotScale as error:
            raise AssertionError(f"{entry.id}: {error}") from None
        made[entry.id] = plan.text()
    return made


@pytest.fixture
def plan(files: dict[str, str]) -> dict[str, Any]:
    """A plan of three bags with a working dilution, as plain data."""
    data: dict[str, Any] = json.loads(files["infliximab-iv-rcuh-wao2022"])["plan"]
    return data


@pytest.fixture(scope="session")
def check() -> Callable[[dict[str, Any] | str], tuple[Disagreement, ...]]:
    """Verify a text, or plain data that is sealed first, against the shelf and the bench."""

    def run(plan: dict[str, Any] | str) -> tuple[Disagreement, ...]:
        return verify(plan if isinstance(plan, str) else seal(plan), SHELF.get, BENCH)

    return run


@pytest.fixture(scope="session")
def said(check: Callable[[Any], tuple[Disagreement, ...]]) -> Callable[[Any], list[str]]:
    """The sentences of what does not fit."""
    return lambda plan: [found.sentence for found in check(plan)]
