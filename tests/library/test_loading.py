"""A protocol file becomes an entry with a source on every number, or a list of all that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paulatim.library import (
    Action,
    Entry,
    Kind,
    LastBag,
    MadeWith,
    Meaning,
    NotOnShelf,
    Problem,
    Purpose,
    Route,
    Scaling,
    Source,
    Transcription,
    Unreadable,
    Until,
    load,
)
from paulatim.quantity import Quantity

Changed = Callable[..., list[str]]


def test_a_table_is_read_with_all_it_says(files: dict[str, str]) -> None:
    entry = load(files["table"], "small.yaml")
    assert (entry.id, entry.title, entry.drugs) == ("small", "A small table", ("abatacept",))
    assert (entry.kind, entry.route, entry.purpose) == (Kind.TABLE, Route.INTRAVENOUS, Purpose.RAPID)
    assert (entry.transcription, entry.scaling) == (Transcription.COMPLETE, Scaling.TO_TARGET)
    assert entry.review.open == ("second reader",)
    assert entry.startable == ""
    assert entry.target.meaning is Meaning.CUMULATIVE
    assert entry.last_bag is LastBag.STOP_AT_TARGET
    assert [solution.share for solution in entry.solutions] == [Fraction(1, 10), Fraction(1)]
    assert [step.action for step in entry.steps] == [Action.PURGE, Action.INFUSE, Action.INFUSE]
    assert entry.steps[2].until is Until.TARGET
    assert {step.drug for step in entry.steps} == {"abatacept"}
    assert entry.notes == ("One note.",)
    assert entry.on_reaction == ("One action.",)
    assert entry.digest == sha256(files["table"].encode()).hexdigest()
    assert str(entry.references["first-2001"]) == "First A. Journal 1. 2001. doi:10.1000/xyz."


def test_each_number_says_where_it_was_read(files: dict[str, str]) -> None:
    entry, oral = load(files["table"], "small.yaml"), load(files["oral"], "small.yaml")
    rate, target = entry.steps[1].rate, entry.target.by_drug["abatacept"].for_weight(None)
    assert rate
    assert target
    assert (str(rate.amount), rate.source) == ("20 mL/h", Source("first-2001", "Table 1, step 2, rate"))
    assert (str(target.amount), target.source) == ("100 mg", Source("first-2001", "Table 1, target"))
    assert oral.interval
    assert oral.interval.source == Source("second-2002", "page 3")
    heavy = oral.target.by_drug["abatacept"].for_weight(Quantity("70 kg"))
    assert heavy
    assert heavy.source == Source("first-2001", "Table 1, target, over 50 kg")


def test_the_words_of_a_solution_become_a_share_an_amount_or_the_rest(files: dict[str, str]) -> None:
    text = files["table"].replace("1/10 of target", "3 mg")
    first, second = load(text, "small.yaml").solutions
    assert first.amount
    assert (str(first.amount.amount), first.share, first.rest) == ("3 mg", None, False)
    assert (second.amount, second.share, second.rest) == (None, Fraction(1), False)
    assert [solution.rest for solution in load(files["family"], "small.yaml").solutions] == [False, True]


def test_a_family_is_for_any_drug(files: dict[str, str]) -> None:
    family = load(files["family"], "small.yaml")
    assert (family.kind, family.drugs, dict(family.target.by_drug)) == (Kind.FAMILY, (), {})


def test_a_table_made_with_a_family_is_lent_its_ladder(files: dict[str, str]) -> None:
    family = load(files["family"], "small.yaml")
    alone = load(files["made"], "small.yaml")
    assert alone.made_with == MadeWith("a-family", Quantity("100 mg"), Quantity("100 mL"), Quantity("100 mL/h"))
    assert alone.steps == ()
    lent = load(files["made"], "small.yaml", lambda entry: replace(entry, steps=family.steps))
    assert lent.steps == family.steps


def test_a_cell_for_a_step_that_the_family_lacks_is_told(files: dict[str, str], refused: Changed) -> None:
    family = load(files["family"], "small.yaml")

    def lend(entry: Entry) -> Entry:
        return replace(entry, steps=family.steps, solutions=family.solutions)

    assert refused(files["made"].replace("    1: {volume", "    3: {volume"), lend) == [
        "16:17: printed.steps.3.volume: The ladder has no step 3. Remove it, or add it to the ladder."
    ]


def test_a_family_that_nobody_has_is_told(files: dict[str, str], refused: Changed) -> None:
    def lend(entry: Entry) -> Entry:
        raise NotOnShelf('There is no entry "a-family".')

    assert refused(files["made"], lend) == ['13:20: made_with.entry: There is no entry "a-family".']


def test_an_empty_entry_is_told_all_that_it_lacks(refused: Changed) -> None:
    assert refused("id: small\n") == [
        f'1:1: file: "{key}" is missing. Write "{key}: {example}".'
        for key, example in {
            "source": "{ref: KEY, at: Table 1}", "drug": "NAME, or any", "title": "...", "kind": "table",
            "route": "intravenous", "purpose": "rapid desensitization", "transcription": "complete", "review": "...",
            "references": "...", "target": "...", "scaling": "fixed", "last_bag": "lower_concentration", "steps": "...",
        }.items()
    ]  # fmt: skip


# name: (words of the file, the same with a mistake and ^ where it is to be shown, what is said)
WRONG = {
    "id": ("id: small", "id: ^small one", 'id: "small one" is no name. Write letters, digits and hyphens.'),
    "kind": ("kind: table", "kind: ^tabel", 'kind: "tabel" is not known here. Write one of table, family.'),
    "route": ("route: intravenous", "route: ^iv", 'route: "iv" is not known here. Write one of intravenous, oral.'),
    "review": (
        "second_reader: todo",
        "second_reader: ^soon",
        'review.second_reader: "soon" is no state of a review. Write done, todo, or "exempt: the reason".',
    ),
    "reading left out": (
        "review: {transcribed: done, second_reader: todo, ",
        "review: ^{transcribed: done, ",
        'review: "second_reader" is missing. Write "second_reader: done".',
    ),
    "doi": (
        "doi: 10.1000/xyz",
        "doi: ^doi.org/10.1000/xyz",
        'references.first-2001.doi: "doi.org/10.1000/xyz" is no doi. Copy it again, or remove it.',
    ),
    "year": (
        'year: "2001"',
        "year: ^MMI",
        'references.first-2001.year: "MMI" is no year. Copy it again, or remove it.',
    ),
    "place left out": (
        "{ref: first-2001, at: Table 1}",
        "^{ref: first-2001}",
        'source: "at" is missing. Write "at: Table 1".',
    ),
    "own source without a place": (
        "observe: 60 min",
        "observe: ^{value: 60 min, ref: second-2002}",
        'monitoring.observe: "at" is missing. Write "at: page 3".',
    ),
    "meaning": (
        "meaning: cumulative_equals_target",
        "meaning: ^sum",
        (
            'target.meaning: "sum" is not known here. Write one of cumulative_equals_target, '
            "last_dose_equals_target, daily_dose, full_dose_on_top, endpoint_rule."
        ),
    ),
    "target of a wrong kind": (
        "amount: 100 mg",
        "amount: ^100 mL",
        "target.amount: 100 mL is not an amount of drug. Write it in mg, mcg, units or tablets.",
    ),
    "target per kg": (
        "amount: 100 mg",
        "amount: ^2 mg/kg",
        "target.amount: 2 mg/kg is not an amount of drug. Write it in mg, mcg, units or tablets.",
    ),
    "target a strength": (
        "amount: 100 mg",
        "amount: ^2 mg/mL",
        "target.amount: 2 mg/mL is not an amount of drug. Write it in mg, mcg, units or tablets.",
    ),
    "target of nothing": (
        "amount: 100 mg",
        "amount: ^0 mg",
        "target.amount: 0 mg cannot be. Write an amount above zero.",
    ),
    "volume below nothing": (
        "A: {volume: 50 mL, holds",
        "A: {volume: ^-50 mL, holds",
        "solutions.A.volume: -50 mL cannot be. Write an amount above zero.",
    ),
    "volume of nothing": (
        "A: {volume: 50 mL, holds",
        "A: {volume: ^0 mL, holds",
        "solutions.A.volume: 0 mL cannot be. Write an amount above zero.",
    ),
    "share of nothing": (
        "1/10 of target",
        "^0 of target",
        ("solutions.A.holds: A solution holds more than nothing and at most the target. Write 1/100 of target."),
    ),
    "share above the target": (
        "1/10 of target",
        "^1.5 of target",
        ("solutions.A.holds: A solution holds more than nothing and at most the target. Write 1/100 of target."),
    ),
    "share with a comma": (
        "1/10 of target",
        '^"0,1 of target"',
        'solutions.A.holds: "0,1" holds a comma. Write a point for decimals and no separator for thousands.',
    ),
    "holds without a unit": (
        "1/10 of target",
        "^10",
        'solutions.A.holds: "10" has no unit. Write the unit too, such as "0.1 mg".',
    ),
    "concentration of nothing": (
        "holds: 1/10 of target",
        "concentration: ^0 mg/mL",
        "solutions.A.concentration: 0 mg/mL cannot be. Write an amount above zero.",
    ),
    "concentration of a wrong kind": (
        "holds: 1/10 of target",
        "concentration: ^5 mg",
        "solutions.A.concentration: 5 mg is not a strength. Write it as drug per volume, such as 1 mg/mL.",
    ),
    "strength said twice": (
        "{volume: 50 mL, holds: 1/10 of target}",
        "^{volume: 50 mL, holds: target, concentration: 5 mg/mL}",
        (
            'solutions.A: Say the strength in one way: "holds: 10 mg", "holds: 1/100 of target", '
            '"holds: rest of target" or "concentration: 1 mg/mL".'
        ),
    ),
    "strength not said": (
        "{volume: 50 mL, holds: 1/10 of target}",
        "^{volume: 50 mL}",
        (
            'solutions.A: Say the strength in one way: "holds: 10 mg", "holds: 1/100 of target", '
            '"holds: rest of target" or "concentration: 1 mg/mL".'
        ),
    ),
    "name of a solution": (
        "  B: {volume: 100 mL",
        "  B.1: ^{volume: 100 mL",
        'solutions.B.1: "B.1" is no name. Write letters, digits and hyphens.',
    ),
    "number of a step": ("  2: {do", "  two: ^{do", 'steps.two: "two" is not the number of a step. Write 1, 2, 3 ...'),
    "number of a step with a zero": (
        "  2: {do",
        "  02: ^{do",
        'steps.02: "02" is not the number of a step. Write 1, 2, 3 ...',
    ),
    "number of a step too long": (
        "  2: {do",
        f"  {'9' * 900}: ^{{do",
        f'steps.{"9" * 900}: "{"9" * 900}" is not the number of a step. Write 1, 2, 3 ...',
    ),
    "action": ("do: purge", "do: ^NO", 'steps.1.do: "NO" is not known here. Write one of infuse, purge, take.'),
    "rate of nothing": (
        "rate: 20 mL/h",
        "rate: ^0 mL/h",
        "steps.2.rate: 0 mL/h cannot be. Write an amount above zero.",
    ),
    "rate of a wrong kind": (
        "rate: 20 mL/h",
        "rate: ^20 mg/h",
        "steps.2.rate: 20 mg/h measures mass per time. Write an amount in mL/h.",
    ),
    "rate with a comma": (
        "rate: 20 mL/h",
        'rate: ^"0,015 mL/h"',
        'steps.2.rate: "0,015 mL/h" holds a comma. Write a point for decimals and no separator for thousands.',
    ),
    "time of day": (
        "time: 15 min",
        "time: ^12:30",
        'steps.2.time: "12:30" is not a plain number. Write digits and one point, such as "0.1 mg".',
    ),
    "power of ten": (
        "rate: 20 mL/h",
        "rate: ^1e-5 mL/h",
        'steps.2.rate: "1e-5 mL/h" uses powers of ten. Write all the digits.',
    ),
    "end": ("until: target", "until: ^full", 'steps.3.until: "full" is not known here. Write one of empty, target.'),
    "misspelt key": (
        "time: 15 min",
        "tiem: ^15 min",
        (
            'steps.2.tiem: "tiem" is not known here. '
            "Write one of day, do, dose, drug, from, rate, time, until, volume, or remove it."
        ),
    ),
    "monitoring without names": (
        "monitoring: {vitals: 15 min, observe: 60 min}",
        "monitoring: ^15 min",
        "monitoring: Write `name: value` lines here.",
    ),
    "vitals of nothing": (
        "vitals: 15 min",
        "vitals: ^0 min",
        "monitoring.vitals: 0 min cannot be. Write an amount above zero.",
    ),
    "erratum without a reason": (
        "{at: steps.3.volume, printed: 98 mL, corrected: 99 mL, reason: 99 mg are left.}",
        "^{at: steps.3.volume, printed: 98 mL, corrected: 99 mL}",
        'errata[1]: "reason" is missing. Write "reason: ...".',
    ),
    "one note": ("notes: [One note.]", "notes: ^One note.", 'notes: Write a list here, one "- ..." line for each.'),
    "one drug in a list": (
        "drug: abatacept",
        "drugs: ^[abatacept]",
        "drugs: List two drugs or more, each once. Write drug: NAME for one.",
    ),
    "drug and drugs": (
        "drug: abatacept",
        "drugs: [abatacept, other]\ndrug: ^abatacept",
        (
            'drug: "drug" is not known here. Write one of drugs, errata, id, interval, kind, last_bag, made_with, '
            "monitoring, notes, on_reaction, printed, purpose, references, review, route, scaling, solutions, source, "
            "steps, target, title, transcription, or remove it."
        ),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_read_is_told_with_its_place(name: str, files: dict[str, str], refused: Changed) -> None:
    old, new, said = WRONG[name]
    assert files["table"].count(old) == 1
    marked = files["table"].replace(old, new)
    before, _, after = marked.partition("^")
    line = before.count("\n") + 1
    column = len(before) - before.rfind("\n")
    problems = refused(before + after)
    assert f"{line}:{column}: {said}" in problems
    assert len(problems) == (2 if name == "drug and drugs" else 1)


def test_a_range_of_body_weight_is_told(changed: Changed) -> None:
    said = 'is no range of body weight. Write "under 50 kg" or "over 50 kg".'
    for words in ("below 50 kg", "under 50", "under 50 mg", "under 0 kg", "over", "under 5e1 kg", "over 50 kg/h"):
        assert any(f'"{words}" {said}' in problem for problem in changed("oral", ("under 50 kg", words))), words


def test_a_wrong_amount_for_a_body_weight_is_one_problem(changed: Changed) -> None:
    assert changed("oral", ("3: {do: take, dose: {under 50 kg: 40 mg", "3: {do: take, dose: {under 50 kg: 40 mL")) == [
        "22:37: steps.3.dose.under 50 kg: 40 mL is not an amount of drug. Write it in mg, mcg, units or tablets."
    ]


def test_ranges_of_body_weight_do_not_overlap(changed: Changed) -> None:
    said = "Two of these ranges of body weight overlap. Give each weight one amount."
    for words in ("under 60 kg", "over 30 kg"):
        assert changed("oral", ("3: {do: take, dose: {under 50 kg", f"3: {{do: take, dose: {{{words}")) == [
            f"22:23: steps.3.dose: {said}"
        ]


def test_a_table_made_with_a_family_has_no_ladder_of_its_own(changed: Changed, files: dict[str, str]) -> None:
    ladder = files["family"].partition("target:")[2]
    assert changed("made", ("printed:", f"target:{ladder}printed:")) == [
        "14:9: target: a-family lends its target. Remove this, or remove made_with.",
        "15:10: scaling: a-family lends its scaling. Remove this, or remove made_with.",
        "16:11: last_bag: a-family lends its last_bag. Remove this, or remove made_with.",
        "18:3: solutions: a-family lends its solutions. Remove this, or remove made_with.",
        "21:3: steps: a-family lends its steps. Remove this, or remove made_with.",
    ]


def test_how_a_table_is_made_with_a_family_is_read_strictly(changed: Changed) -> None:
    assert changed(
        "made", ("target: 100 mg", "target: 100 mL"), ("volume: 100 mL", "volume: 0 mL"), ("100 mL/h", "NO")
    ) == [
        "13:38: made_with.target: 100 mL is not an amount of drug. Write it in mg, mcg, units or tablets.",
        "13:54: made_with.volume: 0 mL cannot be. Write an amount above zero.",
        '13:72: made_with.final_rate: "NO" does not begin with a number. Write digits, such as "0.1 mg".',
    ]


def outcome(text: str) -> Entry | tuple[Problem, ...]:
    """The entry, or what is wrong with the text."""
    try:
        return load(text, "small.yaml")
    except Unreadable as error:
        return error.problems


@given(st.text())
def test_no_text_is_read_in_silence(text: str) -> None:
    made = outcome(text)
    assert isinstance(made, tuple)
    assert all(problem.sentence for problem in made)


WORDS = [
    "NO",
    "12:30",
    "1e-5",
    "0,015",
    "5 mg",
    "0 mL",
    "-1 mL",
    "10 mL/h",
    "15 min",
    "1/0 of target",
    "target",
    "A",
    "2",
    "rest of target",
    "[a, b]",
    "{a: b}",
    "''",
    "empty",
    "take",
    "purge",
    "family",
    "other",
    "oral",
    "fixed",
    "any",
    "1 mg/mL",
]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_file_with_something_changed_is_read_or_refused(files: dict[str, str], data: st.DataObject) -> None:
    lines = files[data.draw(st.sampled_from(sorted(files)))].splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        line = lines[place]
        match data.draw(st.sampled_from(["drop", "double", "value", "character"])):
            case "drop":
                lines[place : place + 1] = []
            case "double":
                lines.insert(place, line)
            case "value":
                key, _, _ = line.rpartition(": ")
                lines[place] = f"{key}: {data.draw(st.sampled_from(WORDS))}" + "}" * (line.count("{") > 0)
            case _:
                at = data.draw(st.integers(0, len(line)))
                lines[place] = line[:at] + data.draw(st.characters()) + line[at + 1 :]
        lines = lines or [""]
    made = outcome("\n".join(lines))
    assert isinstance(made, Entry) or all(problem.sentence and problem.line for problem in made)
