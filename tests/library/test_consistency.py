"""A file that reads well may still contradict itself, and is then told how."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Changed = Callable[..., list[str]]
UNKNOWN = "is not among the references. Add it there, or name one that is."

# name: (file, (words of the file, the same with a mistake), ..., what is said)
WRONG = {
    "source": ("table", ("source: {ref: first", "source: {ref: frist"), f'source.ref: "frist-2001" {UNKNOWN}'),
    "source of a rate": (
        "table",
        ("rate: 20 mL/h", "rate: {value: 20 mL/h, ref: none, at: x}"),
        f'steps.2.rate.ref: "none" {UNKNOWN}',
    ),
    "source of a time": (
        "table",
        ("time: 15 min", "time: {value: 15 min, ref: none, at: x}"),
        f'steps.2.time.ref: "none" {UNKNOWN}',
    ),
    "source of a bag's volume": (
        "table",
        ("A: {volume: 50 mL, h", "A: {volume: {value: 50 mL, ref: none, at: x}, h"),
        f'solutions.A.volume.ref: "none" {UNKNOWN}',
    ),
    "source of what a bag holds": (
        "table",
        ("1/10 of target", "{value: 10 mg, ref: none, at: x}"),
        f'solutions.A.holds.ref: "none" {UNKNOWN}',
    ),
    "source of a strength": (
        "oral",
        ("concentration: 1 mg/mL", "concentration: {value: 1 mg/mL, ref: none, at: x}"),
        f'solutions.weak.concentration.ref: "none" {UNKNOWN}',
    ),
    "source of a target": (
        "table",
        ("amount: 100 mg", "amount: {value: 100 mg, ref: none, at: x}"),
        f'target.amount.ref: "none" {UNKNOWN}',
    ),
    "source of a target by weight": (
        "oral",
        ("amount: {under 50 kg: 40 mg", "amount: {under 50 kg: {value: 40 mg, ref: none, at: x}"),
        f'target.amount.under 50 kg.ref: "none" {UNKNOWN}',
    ),
    "source of a dose by weight": (
        "oral",
        ("over 50 kg: 80 mg}}", "over 50 kg: {value: 80 mg, ref: none, at: x}}}"),
        "is not among the references",
    ),
    "source of a taken volume": (
        "oral",
        ("volume: 0.5 mL", "volume: {value: 0.5 mL, ref: none, at: x}"),
        f'steps.1.volume.ref: "none" {UNKNOWN}',
    ),
    "source of an interval": ("oral", ("ref: second-2002", "ref: none"), f'interval.ref: "none" {UNKNOWN}'),
    "source of vitals": (
        "table",
        ("vitals: 15 min", "vitals: {value: 15 min, ref: none, at: x}"),
        f'monitoring.vitals.ref: "none" {UNKNOWN}',
    ),
    "source of observing": (
        "table",
        ("observe: 60 min", "observe: {value: 60 min, ref: none, at: x}"),
        f'monitoring.observe.ref: "none" {UNKNOWN}',
    ),
    "any drug from a family": (
        "made",
        ("drug: abatacept", "drug: any"),
        "made_with: A family makes the ladder of one drug. Name that drug.",
    ),
    "two drugs from a family": (
        "made",
        ("drug: abatacept", "drugs: [a, b]"),
        "made_with: A family makes the ladder of one drug. Name that drug.",
    ),
    "family from a family": (
        "made",
        ("kind: table", "kind: family"),
        "kind: A family is not made with another. Write kind: table.",
    ),
    "family with a target": (
        "family",
        ("equals_target}", "equals_target, amount: 5 mg}"),
        "target.amount: An entry for any drug has no target of its own. Remove the amount.",
    ),
    "family of a drug with a target": (
        "family",
        ("drug: any", "drug: abatacept"),
        ("equals_target}", "equals_target, amount: 5 mg}"),
        "target.amount: A family has no target of its own. Remove the amount.",
    ),
    "fixed family": (
        "family",
        ("to_target", "fixed"),
        "scaling: A family is made for a target. Write scaling: to_target.",
    ),
    "table of any drug": (
        "table",
        ("drug: abatacept", "drug: any"),
        (", amount: 100 mg", ""),
        "drug: A table is of a drug. Name it, or write kind: family.",
    ),
    "table without a target": ("table", (", amount: 100 mg", ""), "target: Give the target of abatacept."),
    "target of a drug too many": (
        "oral",
        ("drug: abatacept", "drugs: [abatacept, other]"),
        ("amount: {under 50 kg: 40 mg, over 50 kg: 80 mg}", "amount: {abatacept: 5 mg, another: 5 mg}"),
        'target: "another" is not a drug of this entry.',
    ),
    "target of a drug too few": (
        "oral",
        ("drug: abatacept", "drugs: [abatacept, other]"),
        ("amount: {under 50 kg: 40 mg, over 50 kg: 80 mg}", "amount: {abatacept: 5 mg}"),
        "target: Give the target of other.",
    ),
    "gap in the steps": (
        "table",
        ("  3: {do: inf", "  4: {do: inf"),
        "steps: Number the steps 1, 2, 3 ... without a gap.",
    ),
    "no steps": (
        "table",
        ("  1: {do: purge, from: A, rate: 60 mL/h, time: 5 min}\n", ""),
        ("  2: {do: infuse, from: A, rate: 20 mL/h, time: 15 min}\n", ""),
        ("steps:\n  3: {do: infuse, from: B, rate: 100 mL/h, until: target}\n", "steps: {}\n"),
        "steps: Number the steps 1, 2, 3 ... without a gap.",
    ),
    "solution of no step": (
        "table",
        ("  B: {volume", "  C: {volume: 9 mL, holds: target}\n  B: {volume"),
        "solutions.C: No step uses this solution. Remove it, or name it in a step.",
    ),
    "step of no solution": ("table", ("from: B", "from: C"), 'steps.3: There is no solution "C". Name one of A, B.'),
    "step without a solution": ("table", ("from: B, ", ""), 'steps.3: Say from which solution: "from: NAME".'),
    "solution without a volume": (
        "table",
        ("A: {volume: 50 mL, h", "A: {h"),
        "solutions.A: Give the volume of this solution.",
    ),
    "amount in a family": (
        "family",
        ("1/10 of target", "10 mg"),
        'solutions.1: A family knows no amount. Say the share, such as "holds: 1/100 of target".',
    ),
    "amount beside a target by weight": (
        "oral",
        ("{concentration: 1 mg/mL}", "{volume: 5 mL, holds: 5 mg}"),
        "solutions.weak: The target depends on body weight, this amount does not. Say its share of the target.",
    ),
    "fixed strength that should follow": (
        "table",
        ("holds: 1/10 of target", "concentration: 1 mg/mL"),
        (
            "solutions.A: A fixed concentration does not follow the target. Say what the solution holds, "
            "or write scaling: fixed."
        ),
    ),
    "fixed dose that should follow": (
        "oral",
        ("scaling: fixed", "scaling: to_target"),
        "steps.2: A fixed dose does not follow the target. Write scaling: fixed.",
    ),
    "action against route": (
        "table",
        ("do: purge", "do: take"),
        'steps.1: "take" does not fit the route intravenous. Correct one of the two.',
    ),
    "route against action": (
        "table",
        ("route: intravenous", "route: oral"),
        'steps.2: "infuse" does not fit the route oral. Correct one of the two.',
    ),
    "drug not named": (
        "oral",
        ("drug: abatacept", "drugs: [abatacept, other]"),
        ("amount: {under 50 kg: 40 mg, over 50 kg: 80 mg}", "amount: {abatacept: 5 mg, other: 5 mg}"),
        "steps.2: Name the drug of this step: abatacept or other.",
    ),
    "drug of another entry": (
        "oral",
        ("do: take, dose: 10 mg", "do: take, drug: other, dose: 10 mg"),
        'steps.2: "other" is not a drug of this entry. Name one of abatacept.',
    ),
    "two drugs from one solution": (
        "oral",
        ("drug: abatacept", "drugs: [abatacept, other]"),
        ("amount: {under 50 kg: 40 mg, over 50 kg: 80 mg}", "amount: {abatacept: 5 mg, other: 5 mg}"),
        ("volume: 0.5 mL", "volume: 0.5 mL, drug: other"),
        ("{do: take, dose: 10 mg}", "{do: take, from: weak, volume: 1 mL, drug: abatacept}"),
        "solutions.weak: Steps of two drugs use this solution. Give each drug its own.",
    ),
    "nothing taken": (
        "oral",
        ("do: take, dose: 10 mg", "do: take"),
        'steps.2: Say what is taken in one way: "dose: 40 mg", or "from: NAME" with "volume: 1 mL".',
    ),
    "taken in two ways": (
        "oral",
        ("volume: 0.5 mL", "volume: 0.5 mL, dose: 1 mg"),
        'steps.1: Say what is taken in one way: "dose: 40 mg", or "from: NAME" with "volume: 1 mL".',
    ),
    "volume of no solution": (
        "oral",
        ("do: take, dose: 10 mg", "do: take, volume: 1 mL"),
        'steps.2: Say what is taken in one way: "dose: 40 mg", or "from: NAME" with "volume: 1 mL".',
    ),
    "dose by mouth with a rate": (
        "oral",
        ("dose: 10 mg", "dose: 10 mg, rate: 5 mL/h"),
        "steps.2: A dose by mouth has no rate, time or end. Remove them.",
    ),
    "dose at no time": (
        "oral",
        ("interval: {value: 30 min, ref: second-2002, at: page 3}\n", ""),
        'steps.2: Say when: "day: 1" on the step, or "interval: 15 min" for the entry.',
    ),
    "infusion with a dose": (
        "table",
        ("rate: 20 mL/h, time: 15 min", "rate: 20 mL/h, time: 15 min, dose: 1 mg"),
        "steps.2: An infusion has no dose or day of its own: they follow from rate and time. Remove them.",
    ),
    "infusion on a day": (
        "table",
        ("rate: 20 mL/h, time: 15 min", "rate: 20 mL/h, time: 15 min, day: 2"),
        "steps.2: An infusion has no dose or day of its own: they follow from rate and time. Remove them.",
    ),
    "one of three": (
        "table",
        ("rate: 20 mL/h, time: 15 min", "rate: 20 mL/h"),
        "steps.2: Give two of rate, time and volume; the third follows.",
    ),
    "three of three": (
        "table",
        ("rate: 20 mL/h, time: 15 min", "rate: 20 mL/h, time: 15 min, volume: 5 mL"),
        "steps.2: Give two of rate, time and volume; the third follows.",
    ),
    "end and volume": (
        "table",
        ("rate: 100 mL/h, until", "volume: 5 mL, until"),
        "steps.3: A step that runs until the bag is empty or the target is in has a rate or a time, not more.",
    ),
    "end, rate and time": (
        "table",
        ("rate: 100 mL/h, until", "rate: 5 mL/h, time: 5 min, until"),
        "steps.3: A step that runs until the bag is empty or the target is in has a rate or a time, not more.",
    ),
    "target in too early": (
        "table",
        ("rate: 20 mL/h, time: 15 min", "rate: 20 mL/h, until: target"),
        "steps.2: Nothing follows once the target is in. Only the last step ends so.",
    ),
    "empty without a volume": (
        "table",
        ("scaling: to_target", "scaling: fixed"),
        ("last_bag: stop_at_target", "last_bag: full_dose_on_top"),
        ("B: {volume: 100 mL, holds: target}", "B: {concentration: 1 mg/mL}"),
        ("until: target", "until: empty"),
        "steps.3: Only a solution with a volume runs empty. Give its volume, or the end of the step.",
    ),
    "days on some steps": ("oral", ("dose: 10 mg", "dose: 10 mg, day: 1"), "steps: Give each step a day, or none."),
    "days out of order": (
        "oral",
        ("volume: 0.5 mL", "volume: 0.5 mL, day: 2"),
        ("dose: 10 mg", "dose: 10 mg, day: 1"),
        ("do: take, dose: {", "do: take, day: 3, dose: {"),
        "steps: Put the steps in the order of their days.",
    ),
    "rest in an early bag": (
        "table",
        ("1/10 of target", "rest of target"),
        "solutions.A: Only the last bag holds the rest of the target. Say what this one holds.",
    ),
    "last bag of single doses": (
        "oral",
        ("last_bag: not_a_bag", "last_bag: lower_amount"),
        "last_bag: No step infuses a bag. Write last_bag: not_a_bag.",
    ),
    "no last bag": (
        "table",
        ("last_bag: stop_at_target", "last_bag: not_a_bag"),
        "last_bag: Say what the last bag holds: not_a_bag is for single doses only.",
    ),
    "last bag run empty": (
        "table",
        ("until: target", "until: empty"),
        'steps.3: stop_at_target means that the last step ends "until: target".',
    ),
    "last bag of the rest": (
        "table",
        ("B: {volume: 100 mL, holds: target}", "B: {volume: 100 mL, holds: rest of target}"),
        'solutions.B: stop_at_target means that the last solution has "holds: target".',
    ),
    "last bag of a half": (
        "table",
        ("B: {volume: 100 mL, holds: target}", "B: {volume: 100 mL, holds: 1/2 of target}"),
        'solutions.B: stop_at_target means that the last solution has "holds: target".',
    ),
    "last bag of all": (
        "family",
        ("rest of target", "target"),
        'solutions.2: lower_concentration means that the last solution has "holds: rest of target".',
    ),
    "full dose by half": (
        "table",
        ("meaning: cumulative_equals_target", "meaning: full_dose_on_top"),
        "target.meaning: full_dose_on_top is said of both the target and the last bag, or of neither.",
    ),
    "units beside mg": (
        "table",
        ("1/10 of target", "5 units"),
        "solutions.A.holds: 5 units is counted in units, other amounts in mass. Use one of the two.",
    ),
    "units per mL beside mg": (
        "oral",
        ("1 mg/mL", "1 units/mL"),
        "solutions.weak.concentration: 1 unit/mL is counted in units, other amounts in mass. Use one of the two.",
    ),
    "dose in units": (
        "oral",
        ("dose: 10 mg", "dose: 10 units"),
        "steps.2.dose: 10 units is counted in units, other amounts in mass. Use one of the two.",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_contradiction_is_told(name: str, changed: Changed) -> None:
    file, *replacements, said = WRONG[name]
    problems = changed(file, *replacements)
    assert [problem for problem in problems if said in problem], problems


def test_a_contradiction_is_told_at_its_place_and_with_the_others(changed: Changed) -> None:
    assert changed(
        "table", ("until: target", "until: empty"), ("from: A, rate: 60", "from: C, rate: 60"), ("ref: first", "ref: x")
    ) == [
        f'12:15: source.ref: "x-2001" {UNKNOWN}',
        '20:6: steps.1: There is no solution "C". Name one of A, B.',
        '22:6: steps.3: stop_at_target means that the last step ends "until: target".',
    ]


def test_two_drugs_may_be_counted_in_two_ways(files: dict[str, str]) -> None:
    from paulatim.library import load

    text = files["oral"]
    for old, new in (
        ("drug: abatacept", "drugs: [abatacept, other]"),
        ("amount: {under 50 kg: 40 mg, over 50 kg: 80 mg}", "amount: {abatacept: 5 mg, other: 5 units}"),
        ("volume: 0.5 mL", "volume: 0.5 mL, drug: abatacept"),
        ("do: take, dose: 10 mg", "do: take, drug: other, dose: 10 units"),
        ("do: take, dose: {under", "do: take, drug: abatacept, dose: {under"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    assert load(text, "small.yaml").drugs == ("abatacept", "other")
