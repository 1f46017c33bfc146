"""What holds for every test: no test races a clock, and in CI a skipped test is a failed one."""

from __future__ import annotations

import os
import re
from collections.abc import Generator

import pytest
from hypothesis import settings

# A busy machine is no finding: hypothesis may take its time, and repeats the same cases for everyone.
settings.register_profile("paulatim", deadline=None, derandomize=True)
settings.load_profile("paulatim")

# The one reason that CI accepts, as it runs the tests on another Python too: reason="Python 3.12 or newer".
FOR_ANOTHER_PYTHON = re.compile(r"(Skipped: )?Python \d")


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure in CI, where every program that a test needs is installed."""
    if os.environ.get("CI") != "true" or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not FOR_ANOTHER_PYTHON.match(reason):
        report.outcome = "failed"
        report.longrepr = f"CI skips nothing; this was skipped: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _fail_if_skipped(report)
    return report


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's long stories first, so that the other process does the rest meanwhile."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
