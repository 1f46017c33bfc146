"""The recipe: what is drawn is what is in the bags, and a syringe can measure it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from paulatim.verification.amounts import Unworkable, read_amount
from paulatim.verification.recipe import read_measures

Said = Callable[[Any], list[str]]


def test_the_recipe_of_the_example(plan: dict[str, Any]) -> None:
    """By hand: A needs 10 mg, 0.1 mL of 100 mg/mL, too little; so 1 in 10, and 1 mL of that. B needs 1 mL, C 5 mL."""
    assert [(make["makes"], make["of"], make["draw"]["exact"]) for make in plan["recipe"]] == [
        ("dilution 1", "stock", "1 mL"), ("A", "dilution 1", "1 mL"), ("B", "stock", "1 mL"), ("C", "stock", "5 mL"),
    ]  # fmt: skip


CHANGES: list[tuple[tuple[Any, ...], object, str]] = [
    ((1, "draw", "exact"), "1.1 mL", "recipe 2, diluent is 249 mL in the file, but 248.9 mL"),
    ((1, "diluent"), "250 mL", "recipe 2, diluent is 250 mL in the file, but 249 mL"),
    ((1, "amount"), "11 mg", "recipe 2, amount is 11 mg in the file, but 10 mg"),
    ((1, "prepared"), "9 mg", "recipe 2, prepared is 9 mg in the file, but 10 mg"),
    ((1, "of"), "stock", "recipe 2, draw, exact is 1 mL in the file, but 0.1 mL"),
    ((1, "of"), "C", "Make the plan again: A is drawn from something not yet made."),
    ((1, "draw", "fills", 0, "volume"), "1.01 mL", "the fills add up to 1.01 mL, more than 1 mL."),
    ((1, "draw", "fills", 0, "volume"), "0.905 mL", "no mark is at 0.905 mL on a syringe marked every 0.01 mL."),
    ((1, "draw", "fills", 0, "volume"), "0.5 mL", "the fills add up to 0.5 mL only, of 1 mL."),
    ((1, "draw", "fills", 0, "volume"), "0 mL", "a syringe of 1 mL cannot be filled to 0 mL."),
    ((3, "draw", "fills", 0, "syringe", "holds"), "4 mL", "a syringe of 4 mL cannot be filled to 5 mL."),
    ((3, "draw", "fills", 0, "syringe", "marks"), "0.5 mL", "the bench has no syringe of 5 mL marked every 0.5 mL."),
    ((3, "draw", "fills", 0, "syringe", "marks"), "0 mL", "5 mL would be divided by 0 mL, which is nothing."),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "sentence"), CHANGES)
def test_a_changed_recipe_is_noticed(
    path: tuple[Any, ...], value: object, sentence: str, plan: dict[str, Any], said: Said
) -> None:
    node = plan["recipe"]
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    assert any(sentence in each for each in said(plan))


def test_a_solution_without_a_recipe_is_noticed(plan: dict[str, Any], said: Said) -> None:
    del plan["recipe"][3]
    assert "Make the plan again: its recipe does not say how to make solution C." in said(plan)


def test_a_draw_larger_than_the_bag_is_noticed(plan: dict[str, Any], said: Said) -> None:
    plan["recipe"][1] |= {"volume": "0.5 mL", "diluent": "-0.5 mL"}
    assert "Make the plan again: A has -0.5 mL of diluent." in said(plan)


def test_an_overdrawn_dilution_is_noticed(plan: dict[str, Any], said: Said) -> None:
    """Half a millilitre of dilution 1 cannot give the 1 mL that bag A takes, though each line is right by itself."""
    plan["recipe"][0] |= {"volume": "0.5 mL", "amount": "5 mg", "diluent": "0.45 mL", "prepared": "5 mg"}
    plan["recipe"][0]["draw"] = {
        "exact": "0.05 mL",
        "fills": [{"syringe": {"holds": "1 mL", "marks": "0.01 mL"}, "volume": "0.05 mL"}],
    }
    assert said(plan) == [
        "Dilute first: 0.05 mL is too little to draw.",
        "Make more of dilution 1: 1 mL are drawn from 0.5 mL.",
    ]


def test_a_dilution_for_nothing_is_noticed(plan: dict[str, Any], said: Said) -> None:
    plan["recipe"].append({**plan["recipe"][0], "makes": "dilution 2"})
    assert said(plan) == ["Make the plan again: nothing is drawn from dilution 2."]


def test_a_recipe_without_a_stock_is_noticed(plan: dict[str, Any], said: Said) -> None:
    plan["stock"] = None
    assert "Make the plan again: its recipe makes something that is not wanted." in said(plan)


BENCH = "syringes: [{holds: 1 mL, marks: 0.01 mL}]\nsmallest_draw: 0.2 mL\nprepare_in: 10 mL\n"


def test_the_bench_is_read() -> None:
    measures = read_measures(BENCH)
    assert measures.syringes == ((read_amount("1 mL"), read_amount("10 mcL")),)
    assert measures.prepare_in == read_amount("10 mL")


@pytest.mark.parametrize("line", BENCH.splitlines())
def test_a_broken_bench_gets_a_sentence(line: str) -> None:
    with pytest.raises(Unworkable, match="The bench's file does not say which syringes there are"):
        read_measures(BENCH.replace(line, ""))


def test_a_bench_of_nothing_gets_a_sentence() -> None:
    with pytest.raises(Unworkable, match="a syringe or a volume of nothing"):
        read_measures(BENCH.replace("0.01", "0"))
