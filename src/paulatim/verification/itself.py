"""The plan against itself: steps and solutions must add up without knowing where they come from."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

from paulatim.verification.amounts import Amount, Unworkable, read_amount
from paulatim.verification.disagreement import Notes

__all__ = ["check_admitted", "check_batches", "check_steps"]

Read = dict[str, Any]  # a part of the plan with its amounts read
_BECAUSE = "by the plan's own numbers"
_NO_TIME, _NO_VOLUME = read_amount("0 min"), read_amount("0 mL")


def check_steps(plan: Read, notes: Notes) -> None:
    """Numbers, volumes, doses, sums, times and folds of the steps."""
    strengths = {batch["solution"]["name"]: batch["solution"]["concentration"] for batch in plan["batches"]}
    given = {drug: target.times(0) for drug, target in plan["targets"].items()}
    gaps = list(_gaps(plan, strengths))
    for path, sentence in gaps:
        notes.add(path, f"Make the plan again: {sentence}.")
    if gaps:
        return
    for count, step in enumerate(plan["steps"], 1):
        path, drug = f"steps.{count}", step["drug"]
        notes.same(f"{path}.number", step["number"], count, _BECAUSE)
        _check_step(step, strengths.get(step["solution"]), path, notes)
        given[drug] = given[drug] + step["dose"]
        notes.same(f"{path}.cumulative", step["cumulative"], given[drug], _BECAUSE)
    _check_folds(plan["steps"], strengths, notes)
    _check_clock(plan["steps"], plan["duration"], notes)


def _gaps(plan: Read, strengths: dict[str, Amount]) -> Iterator[tuple[str, str]]:
    """Where a step lacks something to calculate with."""
    for count, step in enumerate(plan["steps"], 1):
        path, runs = f"steps.{count}", step["action"] != "take"
        if step["drug"] not in plan["targets"]:
            yield f"{path}.drug", f"step {count} gives a drug for which there is no target"
        if (runs or step["solution"]) and step["solution"] not in strengths:
            yield f"{path}.solution", f"step {count} runs from a solution that is not there"
        if runs and None in (step["rate"], step["time"], step["volume"]):
            yield path, f"step {count} lacks a rate, a time or a volume"
        if not runs and (step["rate"] or step["time"]):
            yield path, f"step {count} is taken by mouth and has a rate or a time"


def _check_step(step: Read, strength: Amount | None, path: str, notes: Notes) -> None:
    rate, time, volume = step["rate"], step["time"], step["volume"]
    if rate and time:
        notes.same(f"{path}.volume", volume, rate * time, _BECAUSE)
    if step["action"] == "purge":
        notes.same(f"{path}.dose", step["dose"], step["dose"].times(0), "for a purge")
    elif strength and volume:
        notes.same(f"{path}.dose", step["dose"], strength * volume, _BECAUSE)
    for name, amount in (("rate", rate), ("time", time), ("volume", volume), ("dose", step["dose"])):
        if amount is not None and (amount.size < 0 or (amount.size == 0 and name != "dose")):
            notes.add(f"{path}.{name}", f"Make the plan again: step {step['number']} has a {name} of {amount}.", amount)


def _check_folds(steps: list[Read], strengths: dict[str, Amount], notes: Notes) -> None:
    before: dict[tuple[str, str], Amount] = {}
    for count, step in enumerate(steps, 1):
        kind = step["drug"], step["action"]
        speed = step["dose"] if step["rate"] is None else strengths[step["solution"]] * step["rate"]
        found: Fraction | None = None
        if step["action"] != "purge" and kind in before:
            found = speed.over(before[kind])
        notes.same(f"steps.{count}.fold", step["fold"], found, _BECAUSE)
        before[kind] = speed


def _check_clock(steps: list[Read], duration: Amount, notes: Notes) -> None:
    by_mouth = any(step["action"] == "take" for step in steps)
    for count, step in enumerate(steps, 1):
        if not by_mouth:
            notes.same(f"steps.{count}.lasts", step["lasts"], step["time"], "as its time")
    if steps:
        notes.same("steps.1.begins", steps[0]["begins"], _NO_TIME, "for a first step")
        notes.same("duration", duration, steps[-1]["begins"] + steps[-1]["lasts"], _BECAUSE)
    for count, (step, after) in enumerate(pairwise(steps), 2):
        notes.same(f"steps.{count}.begins", after["begins"], step["begins"] + step["lasts"], _BECAUSE)


def check_batches(plan: Read, notes: Notes) -> None:
    """Each solution's account: what it holds is given, purged or left, in volume and in drug."""
    names = [batch["solution"]["name"] for batch in plan["batches"]]
    if len(set(names)) != len(names):
        notes.add("batches", "Make the plan again: two solutions have one name.")
    for count, batch in enumerate(plan["batches"], 1):
        path, solution = f"batches.{count}", batch["solution"]
        strength, volume = solution["concentration"], batch["volume"]
        given, purged = (_taken(plan["steps"], solution["name"], purge) for purge in (False, True))
        left = volume - given - purged
        found = {
            "solution": {"amount": solution["volume"] and strength * solution["volume"]},
            "amount": strength * volume, "given_volume": given, "given": strength * given, "purged_volume": purged,
            "purged": strength * purged, "left_volume": left,
            "left": batch["amount"] - batch["given"] - batch["purged"],
        }  # fmt: skip
        notes.match(path, batch, found, _BECAUSE)
        if solution["volume"] is not None:
            notes.same(f"{path}.volume", volume, solution["volume"], "as the solution's own volume")
        if min(strength.size, volume.size) <= 0:
            notes.add(f"{path}.volume", f"Make the plan again: solution {solution['name']} is {volume} of {strength}.")


def _taken(steps: list[Read], name: str, purge: bool) -> Amount:
    taken: Amount = _NO_VOLUME
    for step in steps:
        if step["solution"] == name and step["volume"] is not None and (step["action"] == "purge") == purge:
            taken = taken + step["volume"]
    return taken


def check_admitted(plan: Read, notes: Notes) -> None:
    """What is plainly wrong or unknown must stand among the findings: a plan that hides it is not the planner's."""
    said = {(finding["rule"], finding["where"]): finding["severity"] for finding in plan["findings"]}
    for rule, where, severity, sentence in _must_say(plan):
        found = said.get((rule, where), "not there")
        if found not in ("stop", severity):
            path = f"findings.{rule} at {where}"
            notes.add(path, f"Do not use this plan: {sentence}, and its findings hide it ({rule}).", found, severity)
    ranks = [("stop", "ask", "warn", "note").index(finding["severity"]) for finding in plan["findings"]]
    if ranks != sorted(ranks):
        notes.add("findings", "Make the plan again: its findings are not in order, the most limiting first.")


_Must = tuple[str, str, str, str]  # rule, place, severity, what is so


def _must_say(plan: Read) -> Iterator[_Must]:
    yield from _must_say_of_sums(plan)
    yield from _must_say_of_pump(plan)
    infusions = [step for step in plan["steps"] if step["rate"] is not None]
    line, stock, entry = plan["line"], plan["stock"], plan["entry"]
    shared = line["new_for_each_bag"] is None and len(plan["batches"]) > 1
    if infusions and (shared or None in (line["dead_volume"], line["primed_with"])):
        yield "R-LINE-01", "line", "ask", "what the line holds is not known"
    if plan["batches"] and stock is None:
        yield "R-STOCK-01", "stock", "ask", "the strength of the stock is not known"
    for batch in plan["batches"]:
        if stock is not None and stock.below(batch["solution"]["concentration"]):
            name = batch["solution"]["name"]
            yield "R-STOCK-02", f"solutions.{name}", "stop", f"the stock is weaker than solution {name}"
    if entry["transcription"] != "complete":
        yield "R-ENTRY-01", "entry", "stop", "its entry was not transcribed whole"
    if "todo" in entry["review"].values():
        yield "R-ENTRY-02", "entry", "warn", "its entry's review is not finished"
    if plan["patient"] and plan["patient"]["weight"] is None:
        yield "R-WT-01", "patient", "ask", "the weight is not known"


def _must_say_of_sums(plan: Read) -> Iterator[_Must]:
    for drug, target in plan["targets"].items():
        reached = _reached(plan, drug)
        if reached != target:
            yield "R-SUM-01", "steps", "stop", f"its steps reach {reached} of {drug}, not {target}"
    for batch in plan["batches"]:
        if batch["left_volume"].size < 0:
            name = batch["solution"]["name"]
            yield "R-VOL-01", f"solutions.{name}", "stop", f"its steps take more of solution {name} than there is"


def _reached(plan: Read, drug: str) -> Amount:
    """What the target is compared with, by what the entry means by it."""
    steps = [step for step in plan["steps"] if step["drug"] == drug]
    reached: Amount = plan["targets"][drug].times(0)
    if not steps:
        return reached
    last, meaning = steps[-1], plan["entry"]["meaning"]
    if meaning == "full_dose_on_top":
        steps = [step for step in steps if step["solution"] == last["solution"]]
    elif meaning == "daily_dose":
        steps = [step for step in steps if step is last or (last["day"] and step["day"] == last["day"])]
    elif meaning != "cumulative_equals_target":
        steps = [last]
    for step in steps:
        reached = reached + step["dose"]
    return reached


def _must_say_of_pump(plan: Read) -> Iterator[_Must]:
    pump = plan["pump"]
    for count, step in enumerate(plan["steps"], 1):
        rate, where = step["rate"], f"steps.{count}"
        if rate is None:
            continue
        if pump is None:
            yield "R-PUMP-04", "pump", "ask", "the pump is not known"
        elif rate.below(pump["lowest"]):
            yield "R-PUMP-01", where, "stop", f"the pump cannot run as slowly as {rate} (step {count})"
        elif pump["highest"].below(rate):
            yield "R-PUMP-03", where, "stop", f"the pump cannot run as fast as {rate} (step {count})"
        elif pump["step"].size <= 0:
            raise Unworkable(f"The pump is set in steps of {pump['step']}, which is nothing.")
        elif rate.over(pump["step"]).denominator != 1:
            yield "R-PUMP-02", where, "stop", f"the pump cannot be set to {rate} (step {count})"
