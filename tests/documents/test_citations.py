"""Each number of a plan is owed to somebody: the source, the site, whoever asked, or the arithmetic."""

from __future__ import annotations

from dataclasses import replace

import pytest

from paulatim import Plan, Quantity, Request, entries, entry, make_plan, pumps
from paulatim.documents.citations import Citation, Origin, Taken, citations
from paulatim.rules import default_policy

BWH = "bwh-12-step-3-bag"


def of(plan: Plan, origin: Origin) -> list[Citation]:
    return [citation for citation in citations(plan) if citation.origin is origin]


def numbers(plan: Plan, origin: Origin) -> dict[str, Taken]:
    return {taken.what: taken for citation in of(plan, origin) for taken in citation.taken}


def test_a_published_number_names_its_place() -> None:
    """WAO Journal 2022, Table 8: step 3 at 200 mL/h for 15 min; the target is 500 mg."""
    found = numbers(make_plan(entry("infliximab-iv-rcuh-wao2022")), Origin.PUBLISHED)
    assert found["step 3, rate"] == Taken("step 3, rate", "200 mL/h", "Table 8, step 3, rate")
    assert found["target of infliximab"] == Taken("target of infliximab", "500 mg", "Table 8, target")
    assert found["solution A, amount"].amount == "1/50 of the target"
    assert found["step 10, end"].amount == "until target"


def test_what_was_asked_for_is_not_put_down_to_the_source() -> None:
    wishes = Request("x", Quantity("1000 mg"), Quantity("100 mL"), Quantity("40 mL/h"), Quantity("70 kg"))
    plan = make_plan(entry(BWH), wishes, stock=Quantity("50 mg/mL"))
    published, asked = numbers(plan, Origin.PUBLISHED), numbers(plan, Origin.ASKED)
    assert not {"step 12, rate", "solution 3, volume", "target of x"} & set(published)
    assert {what: taken.amount for what, taken in asked.items()} == {
        "drug": "x", "target": "1000 mg", "bag volume": "100 mL", "final rate": "40 mL/h", "weight": "70 kg",
        "stock": "50 mg/mL",
    }  # fmt: skip


def test_a_rate_that_was_asked_for_as_published_stays_the_sources() -> None:
    plan = make_plan(entry(BWH), Request("x", Quantity("1000 mg"), final_rate=Quantity("80 mL/h")))
    assert numbers(plan, Origin.PUBLISHED)["step 12, rate"].amount == "80 mL/h"


def test_what_no_source_gives_is_computed() -> None:
    """Step 12 of the twelve runs until the bag is empty: its time, 174.375 min, is ours."""
    computed = numbers(make_plan(entry(BWH), Request("x", Quantity("2000 mg"))), Origin.COMPUTED)
    assert computed["time of step 12"] == Taken("time of step 12", "174.375 min", "volume / rate")
    assert "time of step 11" not in computed
    seven = numbers(make_plan(entry("ceftazidime-iv-pencf-10fold")), Origin.COMPUTED)
    assert seven["rate of step 1"] == Taken("rate of step 1", "200 mL/h", "volume / time")


def test_the_dose_of_the_patients_weight_is_the_one_cited() -> None:
    found = numbers(
        make_plan(entry("tb-drugs-reintroduction-dili"), Request(weight=Quantity("60 kg"))), Origin.PUBLISHED
    )
    assert found["step 11, dose"] == Taken("step 11, dose", "600 mg", "Table 7, step 11, dose, over 50 kg")


def test_each_reference_is_given_in_full_even_if_no_number_is_taken_from_it() -> None:
    found = {
        c.source.partition(":")[0]: c for c in of(make_plan(entry("penicillinV-oral-cdc-wendel")), Origin.PUBLISHED)
    }
    assert found["wendel-1985"].taken == ()
    assert found["wendel-1985"].source == (
        "wendel-1985: Wendel GD et al. New England Journal of Medicine 312:1229-32. 1985. "
        "doi:10.1056/NEJM198505093121905."
    )
    assert Taken("step 14, volume", "8 mL", "Table 1, step 14, volume") in found["cdc-1998"].taken


def test_the_sites_numbers_are_the_policys_the_pumps_and_the_benchs() -> None:
    plan = make_plan(entry(BWH), Request("x", Quantity("2 g")), stock=Quantity("100 mg/mL"), pump=pumps()["generic-1"])
    policy, pump, bench = of(plan, Origin.SITE)
    assert policy.source.startswith("Policy of Demo ward, version 1, approved by nobody yet (shipped default), sha256 ")
    assert Taken("fold limit", "2.5", default_policy().sources["fold_limit"]) in policy.taken
    assert Taken("free of symptoms", "15 min", default_policy().sources["symptom_free"]) in policy.taken
    assert "observation" not in {taken.what for taken in policy.taken}  # the entry has one of its own
    assert pump.source.startswith("Generic volumetric pump, steps of 1 mL/h (generic-1): Paulatim's own assumption")
    assert pump.taken[0] == Taken("lowest rate", "1 mL/h", "")
    assert Taken("syringe of 1 mL, marks every", "0.01 mL", "") in bench.taken


def test_limits_of_another_policy_are_not_guessed() -> None:
    plan = make_plan(entry(BWH), Request("x", Quantity("2 g")), policy=replace(default_policy(), digest="0" * 64))
    assert "fold limit" not in numbers(plan, Origin.SITE)


def test_what_stands_behind_a_finding_is_cited_once() -> None:
    rules = of(make_plan(entry("ceftazidime-iv-pencf-10fold")), Origin.RULE)
    (steep,) = [citation for citation in rules if Taken("R-STEP-05", "", "") in citation.taken]
    assert steep.source.endswith("(judgement, expert opinion).")
    assert len(steep.taken) == 1


def test_of_an_entry_that_is_not_here_only_the_places_are_known() -> None:
    plan = make_plan(entry("infliximab-iv-rcuh-wao2022"))
    for stamp in (replace(plan.entry, id="nowhere"), replace(plan.entry, digest="0" * 64)):
        elsewhere = replace(plan, entry=stamp)
        found = numbers(elsewhere, Origin.PUBLISHED)
        assert found["step 3"] == Taken("step 3", "", "Table 8, step 3")
        assert all(taken.amount == "" for taken in found.values())


@pytest.mark.parametrize("id", [each.id for each in entries()])
def test_every_step_of_every_entry_is_cited(id: str) -> None:
    found = entry(id)
    wishes = Request(None if found.drugs else "x", None if found.drugs else Quantity("1 g"), weight=Quantity("70 kg"))
    published = numbers(make_plan(found, wishes), Origin.PUBLISHED)
    assert {what.partition(",")[0] for what in published if what.startswith("step ")} == {
        f"step {rule.number}" for rule in found.steps
    }
