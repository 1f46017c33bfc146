"""Plans of every shape that a sheet must carry, and poppler to read the sheets back."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from paulatim import Line, Patient, Plan, Priming, Quantity, Request, entry, make_plan, pumps
from paulatim.documents import pdf

Q = Quantity
ADULT = Patient("0042", "Demo patient 2", date(1961, 4, 2), Q("78 kg"), date(2026, 11, 20))
LONG_NAME = "Maria-Magdalena Anastasia van der Westhuizen-Wolfeschlegelsteinhausenbergerdorff"
LONG = Patient("MRN-2026-000123456789", LONG_NAME, date(2019, 2, 28), Q("18.4 kg"), date(2026, 11, 20))
LONG_DRUG = "trimethoprim-sulfamethoxazole, a very long name of a formulation"


@cache
def _plan(name: str) -> Plan:
    pump = pumps()["generic-0.1"]
    line = Line(Q("1.5 mL"), Priming.DRUG, True)
    family, stock = entry("bwh-12-step-3-bag"), Q("100 mg/mL")
    match name:
        case "ceftazidime":
            request = Request("ceftazidime", Q("2000 mg"))
            return make_plan(family, request, patient=ADULT, stock=stock, pump=pump, line=line)
        case "infliximab":
            return make_plan(entry("infliximab-iv-rcuh-wao2022"), patient=ADULT, stock=Q("10 mg/mL"), pump=pump)
        case "penicillin":
            return make_plan(entry("penicillinV-oral-cdc-wendel"), patient=ADULT, stock=Q("80000 units/mL"))
        case "aspirin":
            return make_plan(entry("aspirin-oral-aerd-degregorio2019"), patient=ADULT)
        case "tb":
            return make_plan(entry("tb-drugs-reintroduction-dili"), Request(weight=Q("45 kg")))
        case "tenfold":
            return make_plan(entry("ceftazidime-iv-pencf-10fold"), patient=ADULT, stock=stock, pump=pump)
        case "no-stock":
            return make_plan(entry("meropenem-iv-onebag-scribd"), pump=pump)
        case "long":
            request = Request(LONG_DRUG, Q("1234.567 mg"))
            return make_plan(family, request, patient=LONG, stock=Q("16 mg/mL"), pump=pump)
        case "stopped":
            return make_plan(family, Request("x", Q("1000 mg"), final_rate=Q("400.05 mL/h")), pump=pump)
    raise AssertionError(name)


@pytest.fixture(scope="session")
def plan() -> Callable[[str], Plan]:
    """A plan by the name of its shape."""
    return _plan


def _poppler(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed: install poppler-utils")
    return found


@cache
def _print(name: str, document: str, folder: Path, paper: str) -> Path:
    path = folder / f"{name}-{document}-{paper}.pdf"
    path.write_bytes(pdf(_plan(name), document, paper))  # type: ignore[arg-type]
    return path


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """The PDF of a plan's document, printed once."""
    folder = tmp_path_factory.mktemp("printed")
    return lambda name, document, paper="a4": _print(name, document, folder, paper)


def _run(program: str, *arguments: str) -> str:
    return subprocess.run([_poppler(program), *arguments], capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="session")
def poppler() -> Callable[..., str]:
    """Run a program of poppler; its output. Skips where it is not installed."""
    return _run


@pytest.fixture(scope="session")
def read(printed: Callable[..., Path]) -> Callable[..., list[str]]:
    """The text of each page, in its own order, with single spaces; gaps drawn within long numbers are spaces too."""

    def read(name: str, document: str, paper: str = "a4") -> list[str]:
        pages = _run("pdftotext", "-raw", str(printed(name, document, paper)), "-").split("\f")[:-1]
        return [re.sub(r"\s+", " ", page) for page in pages]

    return read
