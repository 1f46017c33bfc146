"""The recipe against the solutions: every drop of drug drawn from the stock is in a bag or left in a dilution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from paulatim.verification.amounts import Amount, Unworkable, read_amount
from paulatim.verification.disagreement import Notes
from paulatim.verification.published import read_yaml

__all__ = ["Measures", "check_recipe", "read_measures"]

Read = dict[str, Any]
_BECAUSE = "by the plan's own numbers"
_NO_VOLUME = read_amount("0 mL")
_STOCK = "stock"


@dataclass(frozen=True, slots=True)
class Measures:
    """What the pharmacy bench can measure, as its file says."""

    syringes: tuple[tuple[Amount, Amount], ...]  # what each holds, and the volume between two of its marks
    smallest_draw: Amount
    prepare_in: Amount


def read_measures(text: str) -> Measures:
    """The bench's file; raises Unworkable."""
    data = read_yaml(text, "the bench's file")
    try:
        syringes = tuple((read_amount(each["holds"]), read_amount(each["marks"])) for each in data["syringes"])
        made = Measures(syringes, read_amount(data["smallest_draw"]), read_amount(data["prepare_in"]))
    except (KeyError, TypeError):
        raise Unworkable("The bench's file does not say which syringes there are.") from None
    if not all(marks.size > 0 for _, marks in syringes) or made.prepare_in.size <= 0:
        raise Unworkable("The bench's file has a syringe or a volume of nothing.")
    return made


def check_recipe(plan: Read, measures: Measures | None, notes: Notes) -> None:
    """Draws, strengths, fills and dilutions; with `measures`, also the syringes themselves."""
    stock, makes, batches = plan["stock"], plan["recipe"], plan["batches"]
    strongest = [batch for batch in batches if stock and stock.below(batch["solution"]["concentration"])]
    wanted = [batch["solution"]["name"] for batch in batches] if stock and not strongest else []
    made = [make["makes"] for make in makes]
    missing = sorted(set(wanted) - set(made))
    if missing:
        notes.add("recipe", f"Make the plan again: its recipe does not say how to make solution {missing[0]}.")
    if len(set(made)) != len(made) or (made and not wanted):
        notes.add("recipe", "Make the plan again: its recipe makes something that is not wanted.")
    if stock is None or not made:
        return
    strengths = {_STOCK: stock}
    for count, make in enumerate(makes, 1):
        path = f"recipe.{count}"
        if make["of"] not in strengths:
            notes.add(f"{path}.of", f"Make the plan again: {make['makes']} is drawn from something not yet made.")
            return
        _check_make(make, strengths[make["of"]], path, notes)
        _check_draw(make["draw"], measures, path, notes)
        strengths[make["makes"]] = make["concentration"]
    _check_solutions(batches, makes, notes)
    _check_leftovers(plan, strengths, notes)


def _check_make(make: Read, parent: Amount, path: str, notes: Notes) -> None:
    draw = make["draw"]
    found = {
        "amount": make["concentration"] * make["volume"],
        "diluent": make["volume"] - draw["exact"],
        "prepared": parent * _measured(draw),
    }
    notes.match(path, make, found, _BECAUSE)
    notes.same(f"{path}.draw.exact", draw["exact"], make["amount"] / parent, _BECAUSE)
    if make["diluent"].size < 0 or make["volume"].size <= 0:
        notes.add(f"{path}.diluent", f"Make the plan again: {make['makes']} has {make['diluent']} of diluent.")


def _measured(draw: Read) -> Amount:
    measured = _NO_VOLUME
    for fill in draw["fills"]:
        measured = measured + fill["volume"]
    return measured


def _check_draw(draw: Read, measures: Measures | None, path: str, notes: Notes) -> None:
    exact, measured = draw["exact"], _measured(draw)
    if exact.below(measured):
        notes.add(f"{path}.draw.fills", f"Do not draw this: the fills add up to {measured}, more than {exact}.")
    for count, fill in enumerate(draw["fills"], 1):
        at, volume = f"{path}.draw.fills.{count}", fill["volume"]
        holds, marks = fill["syringe"]["holds"], fill["syringe"]["marks"]
        if volume.size <= 0 or holds.below(volume):
            notes.add(f"{at}.volume", f"Do not draw this: a syringe of {holds} cannot be filled to {volume}.", volume)
        elif volume.over(marks).denominator != 1:
            notes.add(
                f"{at}.volume", f"Do not draw this: no mark is at {volume} on a syringe marked every {marks}.", volume
            )
        if measures and (holds, marks) not in measures.syringes:
            notes.add(f"{at}.syringe", f"Do not draw this: the bench has no syringe of {holds} marked every {marks}.")
    if measures:
        finest = min((marks for _, marks in measures.syringes), key=lambda marks: marks.size)
        if not (exact - measured).below(finest):
            notes.add(f"{path}.draw.fills", f"Draw more: the fills add up to {measured} only, of {exact}.")
        if exact.below(measures.smallest_draw):
            notes.add(f"{path}.draw.exact", f"Dilute first: {exact} is too little to draw.")


def _check_solutions(batches: list[Read], makes: list[Read], notes: Notes) -> None:
    """A solution is made as its account says."""
    accounts = {batch["solution"]["name"]: batch for batch in batches}
    for count, make in enumerate(makes, 1):
        batch = accounts.get(make["makes"])
        if batch:
            strength = batch["solution"]["concentration"]
            found = {"volume": batch["volume"], "amount": batch["amount"], "concentration": strength}
            notes.match(f"recipe.{count}", make, found, "as the solution's account")


def _check_leftovers(plan: Read, strengths: dict[str, Amount], notes: Notes) -> None:
    """No dilution is overdrawn, none is made for nothing, and the drug drawn from the stock is all accounted for."""
    drawn, left = _NO_VOLUME, plan["stock"] * _NO_VOLUME
    solutions = {batch["solution"]["name"] for batch in plan["batches"]}
    for count, make in enumerate(plan["recipe"], 1):
        taken = _NO_VOLUME
        for child in plan["recipe"]:
            if child["of"] == make["makes"]:
                taken = taken + child["draw"]["exact"]
        if make["of"] == _STOCK:
            drawn = drawn + make["draw"]["exact"]
        if make["makes"] in solutions:
            continue
        rest = make["volume"] - taken
        if rest.size < 0:
            sentence = f"Make more of {make['makes']}: {taken} are drawn from {make['volume']}."
            notes.add(f"recipe.{count}.volume", sentence)
        if not taken.size:
            notes.add(f"recipe.{count}", f"Make the plan again: nothing is drawn from {make['makes']}.")
        left = left + strengths[make["makes"]] * rest
    for batch in plan["batches"]:
        for part in ("given", "purged", "left"):
            left = left + batch[part]
    notes.same("recipe.drug drawn from the stock", plan["stock"] * drawn, left, "as given, purged and left over")
