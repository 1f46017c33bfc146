"""Killed at any moment, a procedure goes on from its record: nothing acknowledged is lost, nothing is made up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = Path(__file__).with_name("kills.py")


def kill(folder: Path, times: int) -> dict[str, int]:
    result = subprocess.run(
        [sys.executable, KILLS, folder, str(times)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    found: dict[str, int] = json.loads(result.stdout)
    return found


def test_two_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    found = kill(tmp_path, 200)
    assert found["kills"] == 200
    assert found["procedures completed"] >= 1
    assert found["acknowledged"] >= 200


@pytest.mark.long
def test_two_thousand_kills_lose_nothing(tmp_path: Path) -> None:
    found = kill(tmp_path, 2000)
    assert found["kills"] == 2000
    assert found["recorded but not acknowledged"] >= 1
