"""The record's sheet from the entries of a real procedure."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pypdf
import pytest

from paulatim.assessment import Patient, Sign, Vitals
from paulatim.clinic import Clinic
from paulatim.documents import record_pdf
from paulatim.documents.sheets.from_record import record_of
from paulatim.library import entry
from paulatim.plan import make_plan
from paulatim.quantity import Quantity
from paulatim.record import Link, Store
from paulatim.session import Correct, Person, RecordVitals, ReportReaction, Role

NURSE = Person("n", "Nora Nurse", Role.NURSE)


@pytest.fixture
def links(tmp_path: Path) -> tuple[Link, ...]:
    store = Store(f"sqlite:///{tmp_path / 'ward.db'}")
    clinic = Clinic(store, clock=lambda: datetime(2026, 3, 4, 9, 30, tzinfo=UTC))
    patient = Patient("0042", "Demo patient 2", date(1961, 4, 2), Quantity("70 kg"))
    name = clinic.open(make_plan(entry("infliximab-iv-rcuh-wao2022"), patient=patient), NURSE)
    clinic.issue(name, RecordVitals(Vitals(128, 74, 82, 16, 98)), NURSE)
    clinic.issue(name, Correct(2, "SBP was 138"), NURSE)
    clinic.issue(name, ReportReaction((Sign.ITCH,)), NURSE)
    made = clinic.links(name)
    store.close()
    return made


def test_a_record_is_told_line_by_line_with_what_was_corrected(links: tuple[Link, ...]) -> None:
    record = record_of(links)
    assert [line["at"] for line in record["lines"]] == ["2026-03-04 09:30:00"] * 4
    vitals = "Vital signs: BP 128/74, HR 82, RR 16, SpO2 98 %. Corrected later: SBP was 138."
    assert record["lines"][1]["text"] == vitals
    assert record["summary"]["Reactions"] == "step 0, grade 1"
    assert record["summary"]["Given of infliximab"] == "0 mg; target 500 mg"
    assert record["head"] == links[-1].hash


def test_the_record_prints_the_same_twice_with_every_hash(links: tuple[Link, ...]) -> None:
    first, second = record_pdf(record_of(links)), record_pdf(record_of(links))
    assert first == second
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(first)).pages)
    for link in links:
        assert link.hash[:8] in text
