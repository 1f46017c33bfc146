"""A record that is small enough to change each of its bytes, and a procedure's worth of facts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from paulatim import Patient, Quantity, make_plan
from paulatim.assessment import Sign, Vitals
from paulatim.library import load
from paulatim.plan import Plan
from paulatim.record import GENESIS, Link, link
from paulatim.session import (
    Advanced,
    Approved,
    Corrected,
    DoseGiven,
    Event,
    Fact,
    Held,
    Opened,
    Person,
    ReactionReported,
    Refusal,
    Resumed,
    Role,
    Started,
    Stopped,
    VitalsRecorded,
)

TINY = """\
id: tiny
title: Two doses
kind: table
drug: aspirin
route: oral
purpose: rapid desensitization
transcription: complete
review: {transcribed: done, second_reader: done, arithmetic: done, pharmacist: done}
references:
  r: {authors: A, where: W, year: "2019"}
source: {ref: r, at: T1}
target: {meaning: last_dose_equals_target, amount: 2 mg}
scaling: fixed
last_bag: not_a_bag
interval: 15 min
steps:
  1: {do: take, dose: 1 mg}
  2: {do: take, dose: 2 mg}
"""
DR, NURSE = Person("dr", "Dr Ñandú", Role.PRESCRIBER), Person("nu", "N", Role.NURSE)
BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)


@pytest.fixture(scope="session")
def tiny_plan() -> Plan:
    """Two doses of aspirin."""
    return make_plan(load(TINY, "tiny.yaml"), patient=Patient("1", "P", date(1961, 4, 2), Quantity("70 kg")))


@pytest.fixture(scope="session")
def links(tiny_plan: Plan) -> list[Link]:
    """The record of a short procedure, entry by entry."""
    happened: list[Event] = [
        Opened(tiny_plan, True),
        Approved(()),
        VitalsRecorded(Vitals(120, 70, 80, 16, 98), True),
        Started(),
        DoseGiven(1, Quantity("1 mg")),
        Refusal("ConfirmDose", "Give 2 mg. 20 mg is another dose.", "R-DOSE-01"),
        Advanced(1),
        ReactionReported((Sign.ITCH,), 1, 1, 2, 'a "mark" on the arm'),
        Held("reaction"),
        Corrected(3, "SpO2 was 97 %"),
        Resumed(2, False, "itch gone"),
        Stopped("enough"),
    ]
    made: list[Link] = []
    for number, event in enumerate(happened, 1):
        by = DR if number in (1, 11) else NURSE
        fact = Fact(number, BEGIN + timedelta(milliseconds=900_001 * number), by, f"t{number}", event)
        made.append(link("0001", fact, made[-1].hash if made else GENESIS))
    return made
