"""How long planning takes here: a cold `paulatim plan` against an empty Python, and one plan in a running process.

Run `python benchmarks/planning.py`. The limits are 15 empty Pythons and 2 ms; the times are medians on this machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
import timeit
from pathlib import Path
from statistics import median
from time import perf_counter

SOURCE = Path(__file__).parents[1] / "src"
sys.path.insert(0, str(SOURCE))

from paulatim import Plan, Quantity, Request, entry, make_plan, pumps  # noqa: E402  (from this tree)

RUNS, PLANS = 15, 200
COLD_LIMIT, PLAN_LIMIT = 15, 2
WORDS = ["plan", "bwh-12-step-3-bag", "--drug", "ceftazidime", "--target", "2000 mg", "--stock", "100 mg/mL"]


def cold(*words: str) -> float:
    """Seconds for one fresh Python."""
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    began = perf_counter()
    subprocess.run([sys.executable, *words], env=env, stdout=subprocess.DEVNULL, check=True)  # noqa: S603
    return perf_counter() - began


def twelve_steps() -> Plan:
    """The plan that is timed: twelve steps from three bags, with its recipe and its findings."""
    wishes = Request("ceftazidime", Quantity("2000 mg"))
    return make_plan(entry("bwh-12-step-3-bag"), wishes, stock=Quantity("100 mg/mL"), pump=pumps()["generic-0.1"])


def main() -> None:
    """Print both figures against their limits."""
    program = "from paulatim.cli import main; main()"
    pairs = [(cold("-c", "pass"), cold("-c", program, *WORDS)) for _ in range(RUNS + 1)][1:]
    empty, plan = (median(times) for times in zip(*pairs, strict=True))
    print(f"a cold paulatim plan: {plan * 1000:.0f} ms, python -c pass: {empty * 1000:.1f} ms")
    print(f"that is {plan / empty:.1f} times as long; the limit is {COLD_LIMIT}")
    twelve_steps()
    alone, hashed = (
        median(timeit.repeat(made, number=1, repeat=PLANS)) * 1000
        for made in (twelve_steps, lambda: twelve_steps().text())
    )
    print(f"a plan of 12 steps in a running process: {alone:.2f} ms, with its hash and file {hashed:.2f} ms")
    print(f"the limit is {PLAN_LIMIT} ms")


if __name__ == "__main__":
    main()
