"""Random plans by the hundred, and by the hundred thousand with `-m long`: planner and verification agree on all."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import paulatim
from paulatim import Entry, entries

CLIMB = Path(__file__).with_name("climb.py")
MOST_REFUSED = 0.15  # of the random requests; more would mean that the run looks at little


@pytest.fixture(scope="session")
def climber() -> dict[str, Any]:
    return runpy.run_path(str(CLIMB))


def holds(outcome: dict[str, Any], plans: int) -> None:
    """What must be true of a run."""
    assert outcome["wrong"] == []
    counts = {name: outcome.get(name, 0) for name in ("made", "stopped", "refused")}
    assert sum(counts.values()) == plans
    assert counts["refused"] < MOST_REFUSED * plans, counts
    assert counts["made"] > plans / 20, counts
    assert counts["stopped"] > plans / 20, counts


def test_300_random_plans_are_right(climber: dict[str, Any]) -> None:
    holds(climber["run"](20260101, 300), 300)


@settings(max_examples=60)
@given(random=st.randoms(use_true_random=False), entry=st.sampled_from(entries()))
def test_whatever_is_asked_for_the_plan_is_right_or_refused(
    random: Random, entry: Entry, climber: dict[str, Any]
) -> None:
    outcome, wrong = climber["climb"](random, entry)
    assert wrong == ()
    assert outcome in {"made", "stopped", "refused"}


@pytest.mark.long
def test_100_000_random_plans_are_right() -> None:
    """Two processes; five to ten minutes on two cores."""
    source = str(Path(paulatim.__file__).parents[1])
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([source, os.environ.get("PYTHONPATH", "")])}
    runs = [
        subprocess.Popen([sys.executable, CLIMB, str(seed), "50000"], env=env, stdout=subprocess.PIPE, text=True)
        for seed in (1, 2)
    ]
    for each in runs:
        printed, _ = each.communicate()
        assert each.returncode == 0
        holds(json.loads(printed), 50_000)
