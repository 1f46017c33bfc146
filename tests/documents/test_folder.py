"""All documents of a plan land in a folder, named by its hash; those that it lacks are left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from paulatim import Plan
from paulatim.documents import CannotPrint, pdf, record_pdf, write_all
from paulatim.rules import default_policy


def test_every_document_is_written(plan: Callable[[str], Plan], tmp_path: Path) -> None:
    made = plan("ceftazidime")
    paths = write_all(made, tmp_path / "new", "us-letter")
    names = ["order", "pharmacy", "labels", "run-sheet"]
    assert paths == [tmp_path / "new" / f"{made.short}-{name}.pdf" for name in names]
    assert paths[0].read_bytes() == pdf(made, "order", "us-letter")


def test_tablets_need_no_labels(plan: Callable[[str], Plan], tmp_path: Path) -> None:
    assert [path.stem.partition("-")[2] for path in write_all(plan("tb"), tmp_path)] == [
        "order",
        "pharmacy",
        "run-sheet",
    ]


def test_an_unknown_document_is_refused(plan: Callable[[str], Plan]) -> None:
    with pytest.raises(
        CannotPrint, match=r'^There is no document "letter"\. Use one of order, pharmacy, labels, run-sheet\.$'
    ):
        pdf(plan("tb"), "letter")  # type: ignore[arg-type]


def test_the_policy_must_be_the_plans_own(plan: Callable[[str], Plan]) -> None:
    other = replace(default_policy(), digest="0" * 64)
    with pytest.raises(
        CannotPrint, match=r"^Print with the policy of Demo ward, version 1: the plan was made under it\.$"
    ):
        pdf(plan("ceftazidime"), "run-sheet", policy=other)


def test_a_record_prints_its_lines_and_its_last_hash(
    plan: Callable[[str], Plan], poppler: Callable[..., str], tmp_path: Path
) -> None:
    made = plan("ceftazidime")
    lines = [{"at": "14:01:31", "by": "N. Nurse", "text": f"Step {n} begins.", "hash": f"{n:08x}"} for n in range(60)]
    path = tmp_path / "record.pdf"
    record = {"plan": made.data, "lines": lines, "summary": {"Outcome": "2000 mg given"}, "head": made.hash}
    path.write_bytes(record_pdf(record))  # type: ignore[arg-type]
    pages = poppler("pdftotext", "-layout", str(path), "-").split("\f")[:-1]
    assert len(pages) > 1
    assert all("Time" in page and made.short in page for page in pages)
    text = "".join(pages)
    for line in lines:
        assert line["text"] in text
        assert line["hash"] in text
    assert made.hash in text
    assert "2000 mg given" in text
