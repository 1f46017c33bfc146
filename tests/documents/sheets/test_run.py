"""The run sheet alone is enough to finish: every step, bag and code, what to do in a reaction, how it ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paulatim import Plan

SHAPES = ("ceftazidime", "infliximab", "penicillin", "aspirin", "tb", "tenfold", "no-stock", "long", "stopped")
EPINEPHRINE = "Give epinephrine IM in the outer thigh now: 0.5 mg (0.5 mL of 1 mg/mL). Repeat after 5 min"


@pytest.mark.parametrize("name", SHAPES)
def test_every_page_says_what_to_do_in_a_reaction(read: Callable[..., list[str]], name: str) -> None:
    for page in read(name, "run-sheet"):
        assert "Call the prescriber. Anaphylaxis: " in page
        assert "Give epinephrine IM in the outer thigh now:" in page


def test_the_dose_of_epinephrine_is_the_patients(read: Callable[..., list[str]]) -> None:
    assert EPINEPHRINE in read("ceftazidime", "run-sheet")[0]
    assert "0.18 mg (0.18 mL of 1 mg/mL)" in read("long", "run-sheet")[0]


def test_an_unknown_age_shows_both_doses(read: Callable[..., list[str]]) -> None:
    page = read("tb", "run-sheet")[0]
    assert "From 18 years: Give epinephrine IM in the outer thigh now: 0.45 mg" in page
    assert "Under 18 years: Give epinephrine IM in the outer thigh now: 0.3 mg" in page


@pytest.mark.parametrize("name", ["ceftazidime", "infliximab", "penicillin", "tenfold", "long"])
def test_each_bag_has_a_banner_with_its_code_above_its_first_step(
    plan: Callable[[str], Plan], read: Callable[..., list[str]], name: str
) -> None:
    pages = read(name, "run-sheet")
    for batch in plan(name).batches:
        code = plan(name).code(batch.solution.name)
        (page,) = [page for page in pages if f"code {code}" in page]
        first = next(step for step in plan(name).steps if step.solution == batch.solution.name)
        shown = first.rate or first.volume
        assert shown
        assert shown.show() in page.partition(f"code {code}")[2]


@pytest.mark.parametrize("name", SHAPES)
def test_titles_come_again_on_each_page_of_steps(read: Callable[..., list[str]], name: str) -> None:
    pages = [page for page in read(name, "run-sheet") if "pump shows" in page or "dose read aloud" in page]
    assert pages
    assert all("Read back" in page and "Signature" in page for page in pages)


def test_the_rate_is_the_largest_thing_on_the_page(
    printed: Callable[..., Path], poppler: Callable[..., str], tmp_path: Path
) -> None:
    out = tmp_path / "page"
    poppler("pdftotext", "-bbox-layout", "-f", "2", "-l", "2", str(printed("ceftazidime", "run-sheet")), str(out))
    heights: dict[str, float] = {}
    for row in out.read_text().splitlines():
        if "<word " in row:
            low, high = (float(row.split(f'{key}="')[1].split('"')[0]) for key in ("yMin", "yMax"))
            word = row.split(">")[1].split("<")[0]
            heights[word] = max(heights.get(word, 0), round(high - low, 2))
    largest = heights.pop("mL/h")
    numbers = {heights.pop(rate) for rate in ("2", "5", "10", "20", "40")}
    assert numbers == {largest}
    assert max(heights.values()) < largest


def test_a_purge_says_to_disconnect(read: Callable[..., list[str]]) -> None:
    text = " ".join(read("infliximab", "run-sheet"))
    assert text.count("DISCONNECT: purge to waste") == 3
    assert text.count("patient disconnected purged to waste reconnected") == 3
    assert "DISCONNECT" not in " ".join(read("ceftazidime", "run-sheet"))


def test_a_long_step_has_a_row_for_each_set_of_vital_signs(read: Callable[..., list[str]]) -> None:
    text = " ".join(read("ceftazidime", "run-sheet"))
    assert text.count("step 12 goes on at 80 mL/h: vital signs, 15 min apart") == 11
    assert "step 11 goes on" not in text


def test_it_ends_with_the_flush_the_whole_dose_and_watching(read: Callable[..., list[str]]) -> None:
    text = " ".join(read("ceftazidime", "run-sheet"))
    for said in (
        "Flush the line with 1.5 mL of diluent at 80 mL/h, not faster: the line still holds drug.",
        "Complete only when 2000 mg of ceftazidime is in. Step 12 alone is ≈ 92.3 % of the ceftazidime.",
        "Observe 30 min",
        "this does not cure the allergy",
        "This sheet was entered into the record afterwards",
    ):
        assert said in text


def test_an_unknown_line_is_asked_for(read: Callable[..., list[str]]) -> None:
    text = " ".join(read("infliximab", "run-sheet"))
    assert "Line: volume not known, ask; primed with: not known, ask." in text
    assert "Flush the line with the volume of the line (not known: ask) of diluent at 125 mL/h" in text


def test_what_may_resume_it_is_the_prescribers_choice(read: Callable[..., list[str]]) -> None:
    page = read("no-stock", "run-sheet")[0]
    for said in (
        "No symptom for 15 min (policy of Demo ward), and vital signs as before the start.",
        "Never resume above the step at which it was held.",
        "Count from the volume measured in the bag, not from the time that has passed.",
        "The source goes back to two doses below the provoking dose",
    ):
        assert said in page


def test_doses_by_mouth_ask_about_vomiting_and_name_the_drug(read: Callable[..., list[str]]) -> None:
    text = " ".join(read("tb", "run-sheet"))
    assert "Vomited: write down when; the prescriber decides, no dose is repeated without." in text
    assert "450 mg rifampicin" in text
    assert "Flush" not in text
