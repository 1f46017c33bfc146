"""Run a command as a person does: what it printed, what it said on stderr, its status."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from paulatim.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `paulatim` in an empty folder, 110 columns wide."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "110")

    def typed(*words: str) -> Result:
        result = CliRunner().invoke(main, words, prog_name="paulatim", catch_exceptions=False)
        assert "Traceback" not in result.output
        return result

    return typed
