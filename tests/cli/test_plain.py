"""What a plan and an entry say on a terminal."""

from __future__ import annotations

import pytest

from paulatim import Quantity, Request, compare, entries, entry, make_plan, pumps
from paulatim.cli.plain import badge, entry_text, plan_text


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")


def lines(text: str, title: str) -> list[str]:
    """The lines below a title, up to the next empty one."""
    return text.partition(f"\n{title}\n")[2].partition("\n\n")[0].splitlines()


def test_a_plan_shows_its_steps_exactly() -> None:
    """Step 12 as UpToDate's graphic 52381 prints it: 80 mL/h, 174.375 min, 232.5 mL, 1845.362 mg, 2000 mg in all."""
    plan = make_plan(entry("ceftazidime-iv-12step-bwh-uptodate"), stock=Quantity("100 mg/mL"))
    text = "\n".join(plan_text(plan))
    assert lines(text, "Steps")[-1].split() == (
        [
            "12",
            "infuse",
            "3",
            "80",
            "mL/h",
            "174.375",
            "min",
            "232.5",
            "mL",
            "≈",
            "1845.362",
            "mg",
            "2000",
            "mg",
            "165",
            "min",
            "2",
        ]
    )
    assert lines(text, "Recipe")[-1].split("  ")[-2:] == [
        "19 mL in 20 mL syringe, 0.84 mL in 1 mL syringe",
        "≈ 230.157 mL",
    ]
    assert "Total: 2000 mg of ceftazidime in ≈ 5.656 h." in text
    assert f"Plan {plan.short}." in text


def test_the_most_limiting_finding_comes_first() -> None:
    plan = make_plan(
        entry("bwh-12-step-3-bag"),
        Request("x", Quantity("1 g"), final_rate=Quantity("2000 mL/h")),
        pump=pumps()["generic-1"],
    )
    found = lines("\n".join(plan_text(plan)), "Findings")
    assert found[0].startswith("stop R-STEP-05: ")
    assert [line[:4] for line in found] == sorted(
        (line[:4] for line in found), key=["stop", "ask ", "warn", "note"].index
    )


def test_doses_by_mouth_say_their_day() -> None:
    text = "\n".join(plan_text(make_plan(entry("tb-drugs-reintroduction-dili"), Request(weight=Quantity("60 kg")))))
    assert lines(text, "Steps")[-1].split() == [
        "11",
        "take",
        "rifampicin",
        "600",
        "mg",
        "1500",
        "mg",
        "day",
        "7",
        "≈",
        "1.33",
    ]
    assert "Total: 1800 mg of isoniazid and 1500 mg of rifampicin in 144 h." in text


def test_a_purge_is_shown_where_there_is_one() -> None:
    text = "\n".join(plan_text(make_plan(entry("infliximab-iv-rcuh-wao2022"))))
    assert lines(text, "Solutions")[:2] == [
        "solution  volume   holds    strength     given  purged     left",
        "A         250 mL   10 mg  0.04 mg/mL    175 mL   22 mL    53 mL",
    ]


def test_an_entry_shows_its_misprints_beside_what_is_right() -> None:
    found = entry("infliximab-iv-rcuh-wao2022")
    text = "\n".join(entry_text(found, compare(found)))
    assert "steps.10.volume" in lines(text, "Misprints")[1]
    assert lines(text, "Misprints")[1].split("  ")[1:4] == [
        "    212.5 mL",
        "       211.5 mL",
        "       The rest of the target is 423 mg, which is 211.5 mL at 2 mg/mL; the printed",
    ] or ("212.5 mL" in lines(text, "Misprints")[1])
    printed = {line.split()[0]: line.split()[1:] for line in lines(text, "Printed and computed")}
    assert printed["steps.10.volume"] == ["212.5", "mL", "211.5", "mL", "NO", "211.5", "mL"]
    assert printed["steps.9.rate"] == ["88", "mL/h", "88", "mL/h", "yes"]


def test_each_row_of_an_entry_has_its_source() -> None:
    text = "\n".join(entry_text(entry("penicillinV-oral-cdc-wendel"), ()))
    steps = lines(text, "Steps")[1:]
    assert len(steps) == 14
    assert [step.endswith(f"cdc-1998, Table 1, step {number}") for number, step in enumerate(steps, 1)] == [True] * 14


def test_doses_by_weight_name_their_weights() -> None:
    text = "\n".join(entry_text(entry("tb-drugs-reintroduction-dili"), ()))
    assert "450 mg below 50 kg, 600 mg above 50 kg" in lines(text, "Steps")[-1]


def test_a_number_read_elsewhere_names_its_own_source(tmp_path: object) -> None:
    from dataclasses import replace

    from paulatim.library import Cited, Source

    found = entry("meropenem-iv-onebag-scribd")
    first = replace(found.steps[0], rate=Cited(Quantity("10 mL/h"), Source("other-1999", "page 3")))
    text = "\n".join(entry_text(replace(found, steps=(first, *found.steps[1:])), ()))
    assert lines(text, "Steps")[1].endswith("scribd-57844758, the protocol, step 1; other-1999, page 3")


@pytest.mark.parametrize("id", [each.id for each in entries()])
def test_every_entry_can_be_shown(id: str) -> None:
    text = "\n".join(entry_text(entry(id), ()))
    assert f"Review: {badge(entry(id))}." in text
    assert len(lines(text, "Steps")) == len(entry(id).steps) + 1
