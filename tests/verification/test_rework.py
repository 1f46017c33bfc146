"""The second calculation on its own, against what the sources print; the planner takes no part."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from paulatim.verification.amounts import Amount, Unworkable, read_amount
from paulatim.verification.published import read_entry
from paulatim.verification.rework import Rework

SHELF = {path.stem: path for path in Path(__file__).parents[2].glob("src/paulatim/library/protocols/**/*.yaml")}
TEN = read_amount("10 mL")


def rework(id: str, **wishes: str) -> dict[str, Any]:
    request = {"drug": wishes.pop("drug", None)}
    amounts = {
        key: read_amount(wishes[key]) if key in wishes else None for key in ("target", "volume", "final_rate", "weight")
    }
    entry = read_entry(id, lambda each: SHELF[each].read_text(encoding="utf-8"))
    return Rework(entry, request | amounts, TEN).plan()


def texts(steps: list[dict[str, Any]], column: str, unit: str) -> list[str]:
    return [step[column].text(unit).removesuffix(f" {unit}") for step in steps]


def test_castells_last_step() -> None:
    """UpToDate graphic 52381: step 12 gives 232.5 mL in 174.375 min, 1845.362 mg, 2000 mg in all, after 165 min."""
    made = rework("ceftazidime-iv-12step-bwh-uptodate")
    last = made["steps"][11]
    assert last["volume"] == read_amount("232.5 mL")
    assert last["time"] == read_amount("174.375 min")
    assert last["dose"].text("mg") == "1845.3618 mg"
    assert last["cumulative"] == read_amount("2 g")
    assert last["begins"] == read_amount("165 min")
    assert made["steps"][7]["cumulative"].text("mg") == "15.74 mg"
    assert made["batches"][2]["solution"]["concentration"].text("mg/mL") == "7.93704 mg/mL"
    assert made["duration"] == read_amount("339.375 min")


def test_infliximab_stops_at_the_target_and_purges_nothing_in() -> None:
    """WAO Journal 2022, Table 8, with its misprint corrected: step 10 gives 423 mg in 101.5 to 101.52 min."""
    made = rework("infliximab-iv-rcuh-wao2022")
    assert texts(made["steps"], "cumulative", "mg") == ["0", "1", "3", "7", "7", "17", "37", "77", "77", "500"]
    assert made["steps"][9]["volume"] == read_amount("211.5 mL")
    assert texts(made["batches"], "left_volume", "mL") == ["53", "53", "16.5"]
    assert texts(made["batches"], "purged", "mg") == ["0.88", "8.8", "44"]


def test_penicillin_doses_are_the_printed_ones() -> None:
    """CDC 1998, Table 1: cumulative dose in units."""
    made = rework("penicillinV-oral-cdc-wendel")
    printed = [100, 300, 700, 1500, 3100, 6300, 12700, 24700, 48700, 96700, 176700, 336700, 656700, 1296700]
    assert texts(made["steps"], "cumulative", "units") == [str(dose) for dose in printed]
    assert texts(made["batches"], "volume", "mL") == ["20", "10", "20"]
    assert made["steps"][13]["begins"] == read_amount("195 min")


def test_peninsula_gives_a_full_dose_on_top() -> None:
    """Peninsula CF: seven bags from one millionth of the dose; ten times each; 111.1 % in all."""
    made = rework("ceftazidime-iv-pencf-10fold")
    assert made["steps"][6]["cumulative"].text("mg") == "3333.333 mg"
    assert [step["fold"] for step in made["steps"]] == [None, *[Fraction(10)] * 6]
    assert made["steps"][0]["rate"] == read_amount("200 mL/h")


def test_days_and_weights() -> None:
    """PMC3092316, Table 7: rifampicin 450 mg below 50 kg, 600 mg above; day 7 begins after 144 h."""
    light, heavy = (rework("tb-drugs-reintroduction-dili", weight=kg) for kg in ("49.9 kg", "50.1 kg"))
    assert light["targets"]["rifampicin"] == light["steps"][10]["dose"] == read_amount("450 mg")
    assert heavy["targets"]["rifampicin"] == heavy["steps"][10]["dose"] == read_amount("600 mg")
    assert heavy["steps"][10]["begins"] == read_amount("144 h")
    with pytest.raises(Unworkable, match="gives no dose of rifampicin for 50 kg"):
        rework("tb-drugs-reintroduction-dili", weight="50 kg")


def test_a_target_per_kg_is_the_weight_times_it() -> None:
    made = rework("bwh-12-step-3-bag", drug="x", target="30 mg/kg", weight="70 kg")
    assert made["targets"] == {"x": read_amount("2.1 g")}
    assert made["steps"][11]["cumulative"] == read_amount("2100 mg")


def test_smaller_bags_and_another_last_rate() -> None:
    """Half the volume doubles each strength; bag 3 holds what is left after 31.48 mg, and 107.5 mL of it run last."""
    made = rework("bwh-12-step-3-bag", drug="x", target="2000 mg", volume="125 mL", final_rate="100 mL/h")
    assert texts([batch["solution"] for batch in made["batches"]], "volume", "mL") == ["125", "125", "125"]
    assert made["batches"][2]["solution"]["amount"] == read_amount("1968.52 mg")
    assert made["steps"][11]["time"] == read_amount("64.5 min")
    assert made["changes"] == ["bag volume", "final rate"]


IMPOSSIBLE: list[tuple[str, dict[str, str], str]] = [
    ("bwh-12-step-3-bag", {"drug": "x"}, "The published entry needs a target for x"),
    ("bwh-12-step-3-bag", {"target": "1 g"}, "The published entry is not for a drug that is not named."),
    ("bwh-12-step-3-bag", {"drug": "x", "target": "1 mg/kg"}, "The doses depend on body weight"),
    ("bwh-12-step-3-bag", {"drug": "x", "target": "0 mg"}, "The target 0 mg is nothing to give."),
    ("bwh-12-step-3-bag", {"drug": "x", "target": "1 g", "volume": "0 mL"}, "A bag volume of 0 mL cannot be made"),
    ("bwh-12-step-3-bag", {"drug": "x", "target": "1 g", "volume": "10 mL"}, "Nothing is left to give in step 12."),
    ("aspirin-oral-aerd-degregorio2019", {"target": "500 mg"}, "for 325 mg only, not for 500 mg"),
    ("infliximab-iv-rcuh-wao2022", {"drug": "rituximab"}, "The published entry is not for rituximab."),
]  # fmt: skip


@pytest.mark.parametrize(("id", "wishes", "sentence"), IMPOSSIBLE)
def test_what_cannot_be_worked_out_says_why(id: str, wishes: dict[str, str], sentence: str) -> None:
    with pytest.raises(Unworkable) as error:
        rework(id, **wishes)
    assert sentence in str(error.value)


def test_amounts_are_exact() -> None:
    made = rework("bwh-12-step-3-bag", drug="x", target="1 mg", volume="70 mL", final_rate="7 mL/h")
    assert sum((step["dose"].size for step in made["steps"]), Fraction(0)) == Amount(Fraction(10**6), ()).size


INFLIXIMAB = SHELF["infliximab-iv-rcuh-wao2022"].read_text(encoding="utf-8")
GAPS = [
    ("A: {volume: 250 mL, holds: 1/50 of target}", "A: {holds: 1/50 of target}", "gives no volume for solution A"),
    ("A: {volume: 250 mL, holds: 1/50 of target}", "A: {volume: 250 mL}", "does not say what solution A holds"),
    ("A: {volume: 250 mL, holds: 1/50 of target}", "D: {volume: 250 mL, holds: 1 mg}", "has no solution A"),
    (
        "C: {volume: 250 mL, holds: target}",
        "C: {volume: 250 mL, holds: 0 mg}",
        "Nothing of the target is left for solution C",
    ),
    ("rate: 125 mL/h, until: target", "until: target", "does not say enough about step 10"),
    ("rate: 125 mL/h, until: target", "rate: 125 mL/h", "does not say enough about step 10"),
]


@pytest.mark.parametrize(("text", "instead", "sentence"), GAPS)
def test_an_entry_with_a_gap_says_which(text: str, instead: str, sentence: str) -> None:
    assert text in INFLIXIMAB
    entry = read_entry("x", {"x": INFLIXIMAB.replace(text, instead)}.get)
    request = dict.fromkeys(("drug", "target", "volume", "final_rate", "weight"))
    with pytest.raises(Unworkable, match=sentence):
        Rework(entry, request, TEN).plan()


def test_a_solution_without_a_volume_never_runs_empty() -> None:
    text = INFLIXIMAB.replace("holds: target}", "concentration: 2 mg/mL}").replace("C: {volume: 250 mL, ", "C: {")
    entry = read_entry("x", {"x": text.replace("until: target", "until: empty")}.get)
    with pytest.raises(Unworkable, match="Solution C has no volume, so it never runs empty"):
        Rework(entry, dict.fromkeys(("drug", "target", "volume", "final_rate", "weight")), TEN).plan()
