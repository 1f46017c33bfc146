"""The pharmacy sheet says what to draw from what, as measured; what is unknown is a gap and a question."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from paulatim import Plan


def test_draws_are_said_as_marks_of_syringes_with_their_difference(read: Callable[..., list[str]]) -> None:
    text = " ".join(read("ceftazidime", "pharmacy"))
    for said in (
        "Stock: 100 mg/mL. Needed in all: ≈ 22.043 mL (2204.26 mg).",
        "Draw from the stock: 20 mL syringe to the 19 mL mark and 1 mL syringe to the 0.84 mL mark, in all 19.84 mL.",
        "put it into 230.16 mL, or take 19.84 mL out of a full bag without overfill first.",
        "Draw ≈ 19.843 mL 19.84 mL ≈ −0.01 %",
        "Drug in it 1984.26 mg 1984 mg ≈ −0.01 %",
        "240.75 mL (19.26 mg) is left after the last step: throw it away.",
        "Nothing is left: the last step runs it empty.",
    ):
        assert said in text


def test_working_dilutions_come_first_and_their_rest_is_thrown_away(read: Callable[..., list[str]]) -> None:
    text = " ".join(read("tenfold", "pharmacy"))
    places = [text.index(f"Working dilution {number} ") for number in range(1, 5)]
    assert places == sorted(places)
    assert places[-1] < text.index("Bag 1")
    assert "Draw from working dilution 4 (0.01 mg/mL): 1 mL syringe to the 0.3 mL mark, in all 0.3 mL." in text
    assert "8.7 mL (87 mg) is not needed: throw it away." in text


def test_each_solution_carries_its_code_and_boxes(plan: Callable[[str], Plan], read: Callable[..., list[str]]) -> None:
    text = " ".join(read("infliximab", "pharmacy"))
    for batch in plan("infliximab").batches:
        assert f"code {plan('infliximab').code(batch.solution.name)}" in text
    assert text.count("Made by") == text.count("Checked by") - 1 == 3
    for said in ("Lot", "Expires", "Prepared by", "Released by"):
        assert said in text


@pytest.mark.parametrize("name", ["no-stock", "stopped"])
def test_an_unknown_stock_is_a_gap_and_a_question(read: Callable[..., list[str]], name: str) -> None:
    text = " ".join(read(name, "pharmacy"))
    assert "Say how strong the stock is: what to draw cannot be worked out without it." in text
    assert "Draw from" not in text
    assert "÷ strength of the stock" in text
    assert "Second person, worked out alone: draw" in text


def test_a_stopped_plan_says_that_nothing_is_prepared(read: Callable[..., list[str]]) -> None:
    assert "This plan is stopped: prepare nothing." in read("stopped", "pharmacy")[0]
    assert "prepare nothing" not in read("no-stock", "pharmacy")[0]


def test_oral_syringes_have_a_row_for_each_step_under_repeated_titles(read: Callable[..., list[str]]) -> None:
    pages = read("penicillin", "pharmacy")
    text = " ".join(pages)
    assert (
        "7 Solution 1 (1000) 6.4 mL 6400 units 10 mL syringe to the 6 mL mark, 1 mL syringe to the 0.4 mL mark none"
        in text
    )
    assert sum("Step From Prescribed Dose Fill" in page for page in pages) == len(pages)


def test_tablets_are_dispensed_by_dose_and_their_strength_is_asked(read: Callable[..., list[str]]) -> None:
    text = " ".join(read("tb", "pharmacy"))
    assert "Strengths in stock are not part of the plan: write what makes up each dose." in text
    assert "9 day 6 rifampicin 450 mg" in text
