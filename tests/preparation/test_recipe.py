"""Recipes by hand: what is drawn from the vial, through which dilutions, and what is measured of it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from paulatim import Quantity, Request, entry
from paulatim.library import entries
from paulatim.preparation import STOCK, Batch, Make, batches, bench, recipe, unused, volume_to_make
from paulatim.protocol import CannotScale, Ladder, scale

Q = Quantity


def ladder(id: str, **request: str) -> Ladder:
    drug = request.pop("drug", None)
    return scale(entry(id), Request(drug=drug, **{name: Q(text) for name, text in request.items()}))


def table(made: tuple[Make, ...]) -> list[tuple[str, ...]]:
    """What is made of what: drawn, diluent, volume, strength."""
    return [
        (make.makes, make.of, *(str(part) for part in (make.draw.exact, make.diluent, make.volume, make.concentration)))
        for make in made
    ]


def test_tenfold_bags_of_ceftazidime_from_100_mg_per_ml() -> None:
    """3 g in bag 7 is 30 mL of the vial; bag 1 holds 0.003 mg, which no syringe draws from 100 mg/mL.

    By hand: 0.3 mL is the smallest draw of 0.2 mL or more, so bag 5 (30 mg) comes from the vial and each bag before
    it from a dilution ten times weaker: 0.3 mL of 10, 1, 0.1 and 0.01 mg/mL. Each working dilution is 10 mL: 1 mL of
    the one before for the next, and 0.3 mL for its bag.
    """
    made = recipe(ladder("ceftazidime-iv-pencf-10fold"), Q("100 mg/mL"), bench())
    assert table(made) == [
        ("dilution 1", "stock", "1 mL", "9 mL", "10 mL", "10 mg/mL"),
        ("dilution 2", "dilution 1", "1 mL", "9 mL", "10 mL", "1 mg/mL"),
        ("dilution 3", "dilution 2", "1 mL", "9 mL", "10 mL", "0.1 mg/mL"),
        ("dilution 4", "dilution 3", "1 mL", "9 mL", "10 mL", "0.01 mg/mL"),
        ("bag1", "dilution 4", "0.3 mL", "99.7 mL", "100 mL", "0.00003 mg/mL"),
        ("bag2", "dilution 3", "0.3 mL", "99.7 mL", "100 mL", "0.0003 mg/mL"),
        ("bag3", "dilution 2", "0.3 mL", "99.7 mL", "100 mL", "0.003 mg/mL"),
        ("bag4", "dilution 1", "0.3 mL", "99.7 mL", "100 mL", "0.03 mg/mL"),
        ("bag5", "stock", "0.3 mL", "99.7 mL", "100 mL", "0.3 mg/mL"),
        ("bag6", "stock", "3 mL", "97 mL", "100 mL", "3 mg/mL"),
        ("bag7", "stock", "30 mL", "70 mL", "100 mL", "30 mg/mL"),
    ]
    assert [str(unused(made, f"dilution {level}")) for level in (1, 2, 3, 4)] == [
        "8.7 mL",
        "8.7 mL",
        "8.7 mL",
        "9.7 mL",
    ]


def test_twelve_steps_of_ceftazidime_from_100_mg_per_ml() -> None:
    """20, 200 and 1984.26 mg: 0.2 mL, 2 mL and 19.8426 mL of the vial, of which a syringe shows 19.84 mL."""
    made = recipe(ladder("bwh-12-step-3-bag", drug="ceftazidime", target="2000 mg"), Q("100 mg/mL"), bench())
    assert table(made) == [
        ("1", "stock", "0.2 mL", "249.8 mL", "250 mL", "0.08 mg/mL"),
        ("2", "stock", "2 mL", "248 mL", "250 mL", "0.8 mg/mL"),
        ("3", "stock", "19.8426 mL", "230.1574 mL", "250 mL", "7.93704 mg/mL"),
    ]
    assert [(fill.syringe.holds, fill.volume) for fill in made[2].draw.fills] == [
        (Q("20 mL"), Q("19 mL")),
        (Q("1 mL"), Q("0.84 mL")),
    ]
    assert (made[2].amount, made[2].prepared) == (Q("1984.26 mg"), Q("1984 mg"))


def test_one_bag_of_meropenem_from_50_mg_per_ml() -> None:
    made = recipe(ladder("meropenem-iv-onebag-scribd"), Q("50 mg/mL"), bench())
    assert table(made) == [("1", "stock", "10 mL", "990 mL", "1000 mL", "0.5 mg/mL")]


def test_three_bags_of_infliximab_from_10_mg_per_ml() -> None:
    """A vial of 100 mg in 10 mL: 1 mL, 10 mL, and the whole 50 mL of five vials."""
    made = recipe(ladder("infliximab-iv-rcuh-wao2022"), Q("10 mg/mL"), bench())
    assert [(make.makes, make.draw.exact, make.diluent) for make in made] == [
        ("A", Q("1 mL"), Q("249 mL")),
        ("B", Q("10 mL"), Q("240 mL")),
        ("C", Q("50 mL"), Q("200 mL")),
    ]


def test_oral_penicillin_is_made_in_whole_tens_of_millilitres() -> None:
    """The doses take 12.7, 8.4 and 15 mL; 20, 10 and 20 mL are made from 80,000 units/mL."""
    climbed = ladder("penicillinV-oral-cdc-wendel")
    made = recipe(climbed, Q("80000 units/mL"), bench())
    assert table(made) == [
        ("1000", "stock", "0.25 mL", "19.75 mL", "20 mL", "1000 units/mL"),
        ("10000", "stock", "1.25 mL", "8.75 mL", "10 mL", "10000 units/mL"),
        ("80000", "stock", "20 mL", "0 mL", "20 mL", "80000 units/mL"),
    ]
    assert [volume_to_make(climbed, solution, bench()) for solution in climbed.solutions] == [
        Q("20 mL"),
        Q("10 mL"),
        Q("20 mL"),
    ]


def test_a_stock_that_is_unknown_or_too_weak_makes_nothing() -> None:
    climbed = ladder("ceftazidime-iv-pencf-10fold")
    assert recipe(climbed, None, bench()) == ()
    assert recipe(climbed, Q("29.9 mg/mL"), bench()) == ()
    assert len(recipe(climbed, Q("30 mg/mL"), bench())) > 7
    assert recipe(ladder("aspirin-oral-aerd-degregorio2019"), Q("1 mg/mL"), bench()) == ()


def test_a_stock_that_is_a_slip_of_a_unit_is_refused() -> None:
    climbed = ladder("ceftazidime-iv-pencf-10fold")
    said = r"^The stock is far too strong for this target\. Check the units of target and stock\.$"
    with pytest.raises(CannotScale, match=said):
        recipe(climbed, Q("100000000000 g/mL"), bench())


def test_a_bag_too_small_for_any_draw_is_refused() -> None:
    climbed = ladder("tenfold-7-bag", drug="ceftazidime", target="3 g", volume="0.5 mL")
    said = r"^Solution bag1 of 0\.5 mL is too small to make from this stock\. Take a larger bag or a weaker stock\.$"
    with pytest.raises(CannotScale, match=said):
        recipe(climbed, Q("20 g/mL"), bench())


def possible(id: str) -> Ladder | None:
    try:
        return ladder(id, weight="70 kg", **({} if entry(id).drugs else {"drug": "testamine", "target": "1234.5 mg"}))
    except CannotScale:
        return None


LADDERS = {each.id: climbed for each in entries() if (climbed := possible(each.id))}


@pytest.mark.parametrize("times", [Fraction(1), Fraction(13, 7), Fraction(1000)], ids=str)
@pytest.mark.parametrize("id", sorted(LADDERS))
def test_exact_draws_balance_and_measured_ones_are_never_above(id: str, times: Fraction) -> None:
    climbed = LADDERS[id]
    if not climbed.solutions:
        assert recipe(climbed, Q("1 mg/mL"), bench()) == ()
        return
    stock = max(solution.concentration for solution in climbed.solutions) * times
    made = recipe(climbed, stock, bench())
    strength = {STOCK: stock, **{make.makes: make.concentration for make in made}}
    drawn = {make.makes: Q("0 mL") for make in made} | {STOCK: Q("0 mL")}
    for make in made:
        assert make.draw.exact + make.diluent == make.volume
        assert strength[make.of] * make.draw.exact == make.concentration * make.volume == make.amount
        assert make.draw.exact >= bench().smallest_draw
        assert Q("0 mL") < make.draw.measured <= make.draw.exact
        assert make.prepared <= make.amount
        assert make.draw.exact - make.draw.measured < bench().syringes[0].marks
        assert all(fill.volume <= fill.syringe.holds for fill in make.draw.fills)
        assert all((fill.volume / fill.syringe.marks).number.denominator == 1 for fill in make.draw.fills)
        drawn[make.of] = drawn[make.of] + make.draw.exact
    for make in made:
        assert drawn[make.makes] <= make.volume
        if make.makes.startswith("dilution"):
            assert unused(made, make.makes) == make.volume - drawn[make.makes]


@pytest.mark.parametrize("id", sorted(LADDERS))
def test_what_goes_into_a_solution_comes_out_of_it(id: str) -> None:
    climbed = LADDERS[id]
    accounts = batches(climbed, bench())
    assert len(accounts) == len(climbed.solutions)
    for batch in accounts:
        check_account(batch)
        steps = [step for step in climbed.steps if step.solution == batch.solution.name and step.volume is not None]
        doses = [step.dose for step in steps]
        assert sum(doses[1:], doses[0]) == batch.given
        assert not batch.left_volume.number < 0


def check_account(batch: Batch) -> None:
    assert batch.given_volume + batch.purged_volume + batch.left_volume == batch.volume
    assert batch.given + batch.purged + batch.left == batch.amount
    assert batch.amount == batch.solution.concentration * batch.volume


def test_a_bag_that_is_run_empty_leaves_nothing_and_a_purge_is_not_given() -> None:
    last = batches(ladder("bwh-12-step-3-bag", drug="ceftazidime", target="2000 mg"), bench())[-1]
    assert (last.left_volume, last.left) == (Q("0 mL"), Q("0 mg"))
    first, _, third = batches(ladder("infliximab-iv-rcuh-wao2022"), bench())
    assert (first.given_volume, first.purged_volume, first.left_volume) == (Q("175 mL"), Q("22 mL"), Q("53 mL"))
    assert (third.given, third.purged, third.left) == (Q("423 mg"), Q("44 mg"), Q("33 mg"))
