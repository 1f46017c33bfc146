"""The story: each event in a sentence that a colleague can read aloud."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from paulatim import Quantity
from paulatim.assessment import Sign, Vitals
from paulatim.plan import Plan
from paulatim.record import GENESIS, Link, link, story
from paulatim.session import (
    EVENTS,
    Advanced,
    Approved,
    BagConfirmed,
    Completed,
    Corrected,
    DoseGiven,
    Event,
    Fact,
    Held,
    Opened,
    Person,
    RateConfirmed,
    ReactionReported,
    Refusal,
    Resumed,
    Role,
    Started,
    Stopped,
    VitalsRecorded,
)

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
DR = Person("dr", "Dr Demo", Role.PRESCRIBER)
FIGURES = Vitals(120, 70, 80, 16, 98)
WARM = Vitals(120, 70, 80, 16, 98, Fraction(373, 10))

SAID: list[tuple[Event, str, str]] = [
    (Approved(()), "plan", "Plan approved."),
    (VitalsRecorded(FIGURES, True), "vitals", "Vital signs: BP 120/70, HR 80, RR 16, SpO2 98 %."),
    (
        VitalsRecorded(WARM, False),
        "vitals",
        "Vital signs: BP 120/70, HR 80, RR 16, SpO2 98 %, T 37.3 °C. Symptoms were not asked for.",
    ),
    (Started(), "step", "Procedure started."),
    (BagConfirmed(5, "2", "7f3a91c2-2"), "step", "Step 5: solution 2 confirmed by its label 7f3a91c2-2."),
    (RateConfirmed(1, Quantity("2 mL/h")), "step", "Step 1: the pump runs at 2 mL/h."),
    (DoseGiven(1, Quantity("40.5 mg")), "step", "Step 1: 40.5 mg taken."),
    (Advanced(1), "step", "Step 1 done; step 2 is next."),
    (Held("transport"), "reaction", "On hold: transport."),
    (
        ReactionReported((Sign.ITCH, Sign.WHEEZE), 2, 2, 7, ""),
        "reaction",
        "Reaction in step 7: itch, wheeze (grade 2).",
    ),
    (
        ReactionReported((), None, None, 7, "He looks grey."),
        "reaction",
        "Reaction in step 7: no sign named (not graded). He looks grey.",
    ),
    (Resumed(6, False, "hives gone"), "reaction", "Resumed at step 6: hives gone."),
    (Resumed(6, True, "hives gone"), "reaction", "Resumed at step 6 from its beginning: hives gone."),
    (Stopped("a fire alarm"), "step", "Procedure stopped: a fire alarm."),
    (Completed(None), "step", "Procedure completed."),
    (Completed(Quantity("232.5 mL")), "step", "Procedure completed; the last step gave 232.5 mL."),
    (Corrected(3, "SpO2 was 89 %"), "correction", "Entry 3 is corrected: SpO2 was 89 %."),
    (
        Refusal("ConfirmRate", "Set 2 mL/h. The pump reads 20 mL/h.", "R-RATE-01"),
        "correction",
        "Stopped by R-RATE-01: ConfirmRate. Set 2 mL/h. The pump reads 20 mL/h.",
    ),
]


@pytest.mark.parametrize(("event", "kind", "sentence"), SAID, ids=[said[2] for said in SAID])
def test_an_event_is_said(event: Event, kind: str, sentence: str) -> None:
    (line,) = story((link("0001", Fact(1, NOON, DR, "t", event), GENESIS),))
    assert (line.text, line.kind) == (sentence, kind)
    assert (line.by, line.at, line.number) == ("Dr Demo, prescriber", NOON, 1)


def test_the_opening_names_entry_and_plan(tiny_plan: Plan) -> None:
    for demo, word in ((True, "Demonstration"), (False, "Procedure")):
        (line,) = story((link("0001", Fact(1, NOON, DR, "t", Opened(tiny_plan, demo)), GENESIS),))
        assert line.text == f"{word} opened: Two doses, plan {tiny_plan.short}."
        assert line.kind == "plan"


def test_every_event_has_a_sentence() -> None:
    assert {type(event).__name__ for event, _, _ in SAID} | {"Opened"} == set(EVENTS)


def test_a_corrected_line_stays_and_shows_what_is_right(links: list[Link]) -> None:
    lines = list(story(tuple(links)))
    assert [line.number for line in lines] == list(range(1, 13))
    assert {line.number: line.corrected for line in lines if line.corrected} == {3: "SpO2 was 97 %"}
    assert lines[2].text == "Vital signs: BP 120/70, HR 80, RR 16, SpO2 98 %."
    assert [line.hash for line in lines] == [each.hash for each in links]
