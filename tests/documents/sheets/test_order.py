"""The order carries every number of the plan, its sources, and what must be accepted by name."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from paulatim import Plan, Quantity

SHAPES = ("ceftazidime", "infliximab", "penicillin", "aspirin", "tb", "tenfold", "no-stock", "long", "stopped")


def holds(text: str, amount: Quantity | None) -> bool:
    """Whether a text says an amount, as a whole number and not as the end of another; long ones in threes."""
    if amount is None:
        return True
    shown = re.sub(r"\d{5,}$", lambda digits: f"{int(digits[0]):,}".replace(",", " "), amount.show().split(" ")[-2])
    shown = amount.show().replace(amount.show().split(" ")[-2], shown)
    return re.search(rf"(?<![\d.]){re.escape(shown)}(?!\w)", text) is not None


@pytest.mark.parametrize("document", ["order", "run-sheet"])
@pytest.mark.parametrize("name", SHAPES)
def test_every_rate_volume_and_dose_is_there(
    plan: Callable[[str], Plan], read: Callable[..., list[str]], name: str, document: str
) -> None:
    text = " ".join(read(name, document))
    for step in plan(name).steps:
        for amount in (step.rate, step.volume, step.dose if step.dose else None, step.cumulative):
            assert holds(text, amount), f"step {step.number}: {amount}"


@pytest.mark.parametrize("document", ["order", "pharmacy", "run-sheet"])
@pytest.mark.parametrize("name", SHAPES)
def test_every_page_says_whose_it_is_and_from_which_plan(
    plan: Callable[[str], Plan], read: Callable[..., list[str]], name: str, document: str
) -> None:
    pages, made = read(name, document), plan(name)
    for count, page in enumerate(pages, 1):
        assert f"Page {count} of {len(pages)}" in page
        assert f"plan {made.short}" in page
        assert made.drugs in page
        assert "NOT FOR CLINICAL USE: DEMONSTRATION" in page
        assert ("DO NOT START: THIS PLAN IS STOPPED" in page) == (name == "stopped")
        if made.patient:
            assert f"born {made.patient.born.isoformat()} · id {made.patient.id}" in page
            assert made.patient.name.replace("-", "") in page.replace("- ", "").replace("-", "")
        else:
            assert page.startswith("Patient Born Id")


@pytest.mark.parametrize("name", SHAPES)
def test_each_finding_is_there_to_be_accepted_or_to_stop(
    plan: Callable[[str], Plan], read: Callable[..., list[str]], name: str
) -> None:
    text = " ".join(read(name, "order"))
    for finding in plan(name).findings:
        assert finding.sentence in text
        assert finding.rule in text
    assert ("This plan is stopped. Do not sign it; make another plan." in text) == (name == "stopped")
    assert f"I order this plan, {plan(name).short}" in text
    assert plan(name).hash in text


def test_the_order_says_where_it_comes_from(read: Callable[..., list[str]]) -> None:
    text = " ".join(read("infliximab", "order"))
    for said in (
        "doi:10.1016/j.waojou.2022.100640. PMC9163606. Table 8",
        "transcribed: done, second reader: to do, arithmetic: done, pharmacist: to do",
        "right is 211.5 mL",
        "Demo ward, version 1; approved by nobody yet (shipped default)",
        "Line not known:",
    ):
        assert said in text


def test_a_changed_protocol_is_said_to_be_based_on_the_published_one(read: Callable[..., list[str]]) -> None:
    assert "Based on Twelve steps from three bags" in " ".join(read("stopped", "order"))
    assert "Based on" not in " ".join(read("ceftazidime", "order"))


def test_no_number_ends_in_a_needless_zero(read: Callable[..., list[str]]) -> None:
    for name in SHAPES:
        for document in ("order", "pharmacy", "run-sheet"):
            text = " ".join(read(name, document))
            assert not re.search(r"\d\.\d*0 (mg|mL|mcg|units|min|h)\b", text)
            assert not re.search(r"(?<![\d.])\.\d+ (mg|mL|mcg|units)\b|\d U\b|µg", text)
