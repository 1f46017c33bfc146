"""Scaling by each published convention: the sums come out exactly, and what cannot be made says why."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paulatim.library import Action, Scaling, entries, entry
from paulatim.protocol import CannotScale, Ladder, Request, published, scale
from paulatim.quantity import Quantity

BWH = "bwh-12-step-3-bag"
TENFOLD = "tenfold-7-bag"
HINDAWI = "rituximab-iv-12step-hindawi2020"
RCUH = "infliximab-iv-rcuh-wao2022"
MEROPENEM = "meropenem-iv-onebag-scribd"
ASPIRIN = "aspirin-oral-aerd-degregorio2019"
PENICILLIN = "penicillinV-oral-cdc-wendel"
TB = "tb-drugs-reintroduction-dili"
CEFTAZIDIME = "ceftazidime-iv-12step-bwh-uptodate"
PENCF = "ceftazidime-iv-pencf-10fold"

TO_TARGET = [found.id for found in entries() if found.scaling is Scaling.TO_TARGET]
MG = st.fractions(min_value=Fraction(1, 1000), max_value=10**5, max_denominator=1000)
ML = st.fractions(min_value=50, max_value=1000, max_denominator=10)
ML_PER_H = st.fractions(min_value=1, max_value=500, max_denominator=10)


def ladder(id: str, **wishes: str | Quantity) -> Ladder:
    """The ladder of an entry, with the wishes as text; a family is made for ceftazidime."""
    amounts = {name: Quantity(wish) if isinstance(wish, str) else wish for name, wish in wishes.items()}
    return scale(entry(id), Request(drug=None if entry(id).drugs else "ceftazidime", **amounts))


def refusal(id: str, **wishes: str) -> str:
    """Why a ladder cannot be made."""
    with pytest.raises(CannotScale) as error:
        ladder(id, **wishes)
    return str(error.value)


@given(MG, ML)
def test_bwh_lowers_the_last_bags_concentration_by_what_was_given_before(target: Fraction, volume: Fraction) -> None:
    made = ladder(BWH, target=Quantity(target, "mg"), volume=Quantity(volume, "mL"))
    # From bags 1 and 2, 9.25 mL and 18.75 mL at 1/100 and 1/10 of the target in each volume.
    before = target * (Fraction(37, 4) / 100 + Fraction(75, 4) / 10) / volume
    first, second, third = made.solutions
    assert third.concentration == Quantity((target - before) / volume, "mg/mL")
    assert third.amount == Quantity(target - before, "mg")
    assert (first.amount, second.amount) == (Quantity(target / 100, "mg"), Quantity(target / 10, "mg"))
    assert made.steps[7].cumulative == Quantity(before, "mg")
    assert made.steps[-1].cumulative == Quantity(target, "mg")
    # The last bag runs empty: 17.5 mL in steps 9 to 11, the rest at 80 mL/h.
    assert made.steps[-1].volume == Quantity(volume - Fraction(35, 2), "mL")
    assert made.duration == Quantity(165 + (volume - Fraction(35, 2)) * 60 / 80, "min")


@given(MG, ML)
def test_hindawi_puts_the_rest_of_the_target_in_the_last_bag(target: Fraction, volume: Fraction) -> None:
    made = ladder(HINDAWI, target=Quantity(target, "mg"), volume=Quantity(volume, "mL"))
    scaled, stretched = target / 675, volume / 250
    before = scaled * (Fraction(3, 2) * Fraction(37, 4) + 15 * Fraction(75, 4)) / (50 * stretched)
    assert [solution.volume for solution in made.solutions] == [
        Quantity(size * stretched, "mL") for size in (50, 50, 250)
    ]
    assert [solution.amount for solution in made.solutions] == [
        Quantity(amount, "mg") for amount in (scaled * Fraction(3, 2), scaled * 15, target - before)
    ]
    assert made.steps[-1].cumulative == Quantity(target, "mg")


def test_hindawi_as_published_holds_exactly_669_0975_mg() -> None:
    assert str(ladder(HINDAWI).solution("3").amount) == "669.0975 mg"


@given(MG, ML)
def test_rcuh_stops_the_full_bag_when_the_target_is_in(target: Fraction, volume: Fraction) -> None:
    made = ladder(RCUH, target=Quantity(target, "mg"), volume=Quantity(volume, "mL"))
    # 175 mL each from A and B, at 1/50 and 1/5 of the strength of C, are worth 38.5 mL of C.
    last = volume - Fraction(77, 2)
    assert made.solution("C").concentration == Quantity(target / volume, "mg/mL")
    assert made.steps[-1].volume == Quantity(last, "mL")
    assert made.steps[-1].time == Quantity(last / 125, "h")
    assert made.steps[-1].cumulative == Quantity(target, "mg")
    given_from_c, purged_from_c = made.taken_from("C")
    assert (given_from_c, purged_from_c) == (Quantity(last, "mL"), Quantity("22 mL"))


def test_rcuh_as_published_gives_211_5_ml_in_the_last_step() -> None:
    last = ladder(RCUH).steps[-1]
    assert (str(last.volume), str(last.dose), str(last.time)) == ("211.5 mL", "423 mg", "101.52 min")


def test_a_purge_gives_no_dose_and_has_no_fold_but_takes_its_time() -> None:
    steps = ladder(RCUH).steps
    assert [step.number for step in steps if step.action is Action.PURGE] == [1, 5, 9]
    for step in (steps[0], steps[4], steps[8]):
        assert (str(step.dose), str(step.volume), str(step.lasts), step.fold) == ("0 mg", "22 mL", "15 min", None)
    assert [str(step.begins) for step in steps[:3]] == ["0 min", "15 min", "30 min"]


@given(MG, ML)
def test_the_tenfold_bags_end_with_a_full_dose_on_top(target: Fraction, volume: Fraction) -> None:
    made = ladder(TENFOLD, target=Quantity(target, "mg"), volume=Quantity(volume, "mL"))
    assert [step.dose for step in made.steps] == [Quantity(target / 10**power, "mg") for power in range(6, -1, -1)]
    assert made.steps[-1].cumulative == Quantity(target * Fraction(1111111, 10**6), "mg")
    assert {str(step.time) for step in made.steps} == {"30 min"}
    assert {step.rate for step in made.steps} == {Quantity(2 * volume, "mL/h")}
    assert [step.fold for step in made.steps] == [None] + [10] * 6


def test_one_bag_holds_the_whole_target_as_nothing_was_given_before() -> None:
    made = ladder(MEROPENEM)
    assert [str(step.dose) for step in made.steps] == ["5 mg", "10 mg", "20 mg", "465 mg"]
    assert str(made.steps[-1].time) == "697.5 min"
    assert str(ladder(MEROPENEM, target="1 g").solution("1").concentration) == "1 mg/mL"


@pytest.mark.parametrize("id", TO_TARGET)
@given(st.data())
def test_whatever_the_wish_rates_times_volumes_and_doses_fit(id: str, data: st.DataObject) -> None:
    rate = data.draw(st.none() | ML_PER_H.map(lambda number: Quantity(number, "mL/h")))
    volume = data.draw(st.none() | ML.map(lambda number: Quantity(number + 50, "mL")))
    target = data.draw(MG.map(lambda number: Quantity(number, "mg")))
    made = scale(entry(id), Request("ceftazidime" if not entry(id).drugs else None, target, volume, rate))
    total = target * 0
    for step in made.steps:
        assert step.rate
        assert step.time
        assert step.volume == step.rate * step.time
        dose = made.solution(step.solution).concentration * step.volume
        assert step.dose == (dose * 0 if step.action is Action.PURGE else dose)
        total = total + step.dose
        assert step.cumulative == total
    for before, after in zip(made.steps, made.steps[1:], strict=False):
        assert after.begins == before.begins + before.lasts
    if rate:
        assert made.steps[-1].rate == rate
    if volume:
        assert made.solutions[-1].volume == volume
    for solution in made.solutions:
        assert solution.amount == solution.concentration * (solution.volume or Quantity("0 mL"))


@pytest.mark.parametrize("id", TO_TARGET)
@given(MG)
def test_every_dose_keeps_its_share_of_the_target(id: str, number: Fraction) -> None:
    target = Quantity(number, "mg")
    one, other = ladder(id, target="1 mg"), ladder(id, target=target)
    assert [step.dose * number for step in one.steps] == [step.dose for step in other.steps]
    assert [(s.rate, s.time, s.volume, s.fold) for s in one.steps] == [
        (s.rate, s.time, s.volume, s.fold) for s in other.steps
    ]


@given(ML_PER_H)
def test_a_final_rate_changes_only_the_last_infusion(number: Fraction) -> None:
    as_published, made = ladder(RCUH), ladder(RCUH, final_rate=Quantity(number, "mL/h"))
    assert made.steps[:-1] == as_published.steps[:-1]
    last = made.steps[-1]
    assert (last.rate, last.volume, last.dose) == (
        Quantity(number, "mL/h"), as_published.steps[-1].volume, as_published.steps[-1].dose
    )  # fmt: skip
    assert last.time == Quantity(Fraction(423, 2) / number, "h")
    assert last.fold == Fraction(25, 16) * number / 125


def test_a_final_rate_takes_the_place_of_a_printed_time() -> None:
    last = ladder(PENCF, final_rate="50 mL/h").steps[-1]
    assert (str(last.rate), str(last.time), str(last.volume)) == ("50 mL/h", "120 min", "100 mL")


def test_a_final_rate_in_another_unit_is_the_same_rate() -> None:
    assert ladder(RCUH, final_rate="2 mL/min") == ladder(RCUH, final_rate="120 mL/h")


@pytest.mark.parametrize(("id", "target", "weight", "whole"), [
    (RCUH, "5 mg/kg", "70 kg", "350 mg"), (BWH, "50 mg/kg", "61.5 kg", "3075 mg"),
    (HINDAWI, "0.01 g/kg", "80 kg", "800 mg"),
    (TENFOLD, "1/3 mg/kg", "60 kg", "20 mg"), (BWH, "5000 units/kg", "70 kg", "350000 units"),
    (BWH, "100 [iU]/kg", "50 kg", "5000 [iU]"),
])  # fmt: skip
def test_a_target_per_kg_is_the_whole_target_for_the_weight(id: str, target: str, weight: str, whole: str) -> None:
    per_kg, plain = ladder(id, target=target, weight=weight), ladder(id, target=whole)
    assert per_kg == plain
    assert [str(amount) for amount in per_kg.targets.values()] == [whole]


@pytest.mark.parametrize(("id", "target"), [(RCUH, "0.5 g"), (HINDAWI, "675000 mcg"), (CEFTAZIDIME, "2 g")])
def test_a_target_in_another_unit_is_the_published_one(id: str, target: str) -> None:
    assert ladder(id, target=target) == ladder(id)


def test_a_target_in_grams_is_worked_out_in_mg() -> None:
    assert str(ladder(BWH, target="3 g").steps[0].dose) == "0.06 mg"
    assert str(ladder(RCUH, target="1 g").steps[1].dose) == "2 mg"


@pytest.mark.parametrize(("id", "volume", "volumes"), [
    (HINDAWI, "500 mL", ["100 mL", "100 mL", "500 mL"]), (RCUH, "100 mL", ["100 mL", "100 mL", "100 mL"]),
    (HINDAWI, "0.1 L", ["20 mL", "20 mL", "100 mL"]),
])  # fmt: skip
def test_bags_keep_their_proportion_to_the_last(id: str, volume: str, volumes: list[str]) -> None:
    assert [str(solution.volume) for solution in ladder(id, volume=volume).solutions] == volumes


def test_the_printed_table_is_the_family_at_its_own_target() -> None:
    family = ladder(BWH, target="2000 mg")
    table = scale(entry(CEFTAZIDIME), published(entry(CEFTAZIDIME)))
    assert [replace(step, source=family.steps[0].source) for step in table.steps] == [
        replace(step, source=family.steps[0].source) for step in family.steps
    ]
    assert dict(family.targets) == dict(table.targets) == {"ceftazidime": Quantity("2000 mg")}


def test_folds_compare_the_dose_rate_with_the_step_before() -> None:
    half, two = Fraction(5, 2), Fraction(2)
    folds = [step.fold for step in ladder(BWH, target="2000 mg").steps]
    third = Quantity("10 mL/h").ratio(Quantity("40 mL/h")) * Fraction(198426, 200000) * 10
    assert folds == [None, half, two, two, half, two, two, two, third, two, two, two]
    assert [step.fold for step in ladder(PENICILLIN).steps][7:11] == [Fraction(15, 8), 2, 2, Fraction(5, 3)]


def test_doses_by_mouth_begin_an_interval_apart() -> None:
    steps = ladder(ASPIRIN).steps
    assert [str(step.begins) for step in steps] == ["0 min", "90 min", "180 min", "270 min"]
    assert [str(step.lasts) for step in steps] == ["90 min", "90 min", "90 min", "0 min"]
    assert str(steps[-1].cumulative) == "609 mg"
    assert str(ladder(ASPIRIN).duration) == "270 min"
    assert str(ladder(PENICILLIN).duration) == "195 min"


@pytest.mark.parametrize(("weight", "target", "last", "sum_of_doses"), [
    ("49.9 kg", "450 mg", "450 mg", "1350 mg"), ("50.1 kg", "600 mg", "600 mg", "1500 mg"),
    ("12 kg", "450 mg", "450 mg", "1350 mg"), ("120 kg", "600 mg", "600 mg", "1500 mg"),
])  # fmt: skip
def test_a_dose_by_weight(weight: str, target: str, last: str, sum_of_doses: str) -> None:
    made = ladder(TB, weight=weight)
    assert {drug: str(amount) for drug, amount in made.targets.items()} == {"isoniazid": "300 mg", "rifampicin": target}
    rifampicin = [step for step in made.steps if step.drug == "rifampicin"]
    isoniazid = [step for step in made.steps if step.drug == "isoniazid"]
    assert (str(rifampicin[-1].dose), str(rifampicin[-1].cumulative)) == (last, sum_of_doses)
    assert str(isoniazid[-1].cumulative) == "1800 mg"
    assert made.duration == Quantity("6 d")


NO_50 = "The source gives no dose of rifampicin for 50 kg. Ask the prescriber for another protocol."
REFUSED = {
    "weight in a gap": (TB, {"weight": "50 kg"}, NO_50),
    "weight in a gap, in decimals": (TB, {"weight": "50.0 kg"}, NO_50),
    "weight unknown": (TB, {}, "The dose of rifampicin depends on body weight. Give the weight in kg."),
    "family without a target": (BWH, {}, 'bwh-12-step-3-bag needs a target. Give one, such as "2000 mg".'),
    "fixed": (
        ASPIRIN,
        {"target": "650 mg"},
        "aspirin-oral-aerd-degregorio2019 is published for 325 mg of aspirin only. Leave the target out.",
    ),
    "target per kg, weight unknown": (
        RCUH,
        {"target": "5 mg/kg"},
        "The target 5 mg/kg needs the patient's weight. Add it in kg.",
    ),
    "target per m2": (
        HINDAWI,
        {"target": "375 mg/m2"},
        "The target 375 mg/m2 is not an amount of drug. Write it in mg, g or units.",
    ),
    "target a volume": (
        BWH,
        {"target": "5 mL"},
        "The target 5 mL is not an amount of drug. Write it in mg, g or units.",
    ),
    "target a strength": (
        BWH,
        {"target": "5 mg/mL"},
        "The target 5 mg/mL is not an amount of drug. Write it in mg, g or units.",
    ),
    "target a weight": (
        BWH,
        {"target": "5 kg"},
        "The target 5 kg is not an amount of drug. Write it in mg, g or units.",
    ),
    "target counted otherwise": (
        RCUH,
        {"target": "500 units"},
        "The target 500 units is not an amount in mg, as in infliximab-iv-rcuh-wao2022.",
    ),
    "bag for tablets": (
        ASPIRIN,
        {"volume": "100 mL"},
        "aspirin-oral-aerd-degregorio2019 has no bags. Leave the volume out.",
    ),
    "bag for drops": (
        PENICILLIN,
        {"volume": "100 mL"},
        "penicillinV-oral-cdc-wendel has no bags. Leave the volume out.",
    ),
    "rate for tablets": (
        ASPIRIN,
        {"final_rate": "5 mL/h"},
        "aspirin-oral-aerd-degregorio2019 has no pump rate. Leave the final rate out.",
    ),
    "bag used up": (
        BWH,
        {"target": "2000 mg", "volume": "17.5 mL"},
        (
            "Nothing is left for step 12 from solution 3: the steps before it use it up. "
            "Take a larger bag or another protocol."
        ),
    ),
    "target in before the last step": (
        RCUH,
        {"volume": "38.5 mL"},
        (
            "Nothing is left for step 10 from solution C: the steps before it use it up. "
            "Take a larger bag or another protocol."
        ),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_made_says_what_to_change(name: str) -> None:
    id, wishes, sentence = REFUSED[name]
    assert refusal(id, **wishes) == sentence


def test_nothing_left_of_the_target_for_the_last_bag_says_so() -> None:
    assert refusal(BWH, target="2000 mg", volume="1 mL").startswith(
        "The steps before solution 3 already give 3935 mg: nothing of the 2000 mg is left for it."
    )


def test_a_family_asks_for_the_drug_and_a_table_keeps_to_its_own() -> None:
    with pytest.raises(CannotScale, match=r'^bwh-12-step-3-bag is for any drug\. Say which: --drug "ceftazidime"\.$'):
        scale(entry(BWH), Request(target=Quantity("2000 mg")))
    with pytest.raises(CannotScale) as error:
        scale(entry(RCUH), Request(drug="rituximab"))
    assert str(error.value) == (
        "infliximab-iv-rcuh-wao2022 is published for infliximab. "
        "Choose another entry or a family, such as bwh-12-step-3-bag."
    )
    assert scale(entry(RCUH), Request(drug="infliximab")) == ladder(RCUH)


def test_every_number_of_a_ladder_still_names_its_source() -> None:
    for id in TO_TARGET:
        made = ladder(id, target="1000 mg")
        assert all(part.source.ref in made.entry.references for part in (*made.steps, *made.solutions))
