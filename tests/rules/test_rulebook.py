"""Every rule of the plan fires where it should and is quiet on a plan without fault; its sentence is asserted.

`FAULTLESS` is a small ladder on which no rule has anything to say. Each case changes one thing.
"""

# ruff: noqa: E501  a sentence stands on one line, as it is read

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import paulatim
from paulatim import Line, Patient, Priming, Quantity, Request, entry, make_plan, pumps
from paulatim.library import Entry, entries, load
from paulatim.plan import Plan
from paulatim.rules import Mode, Rule, Severity, all_rules
from paulatim.rules.rulebook import known, predicates, rule

Q = Quantity
FAULTLESS = """\
id: faultless
title: Four steps from two bags
kind: table
drug: testamine
route: intravenous
purpose: rapid desensitization
transcription: complete
review: {transcribed: done, second_reader: done, arithmetic: done, pharmacist: "exempt: made for a test"}
references:
  r: {authors: A, where: W, year: "2019"}
source: {ref: r, at: Table 1}
target: {meaning: cumulative_equals_target, amount: 100 mg}
scaling: to_target
last_bag: lower_concentration
solutions:
  "1": {volume: 100 mL, holds: 1/10 of target}
  "2": {volume: 100 mL, holds: rest of target}
steps:
  1: {do: infuse, from: "1", rate: 10 mL/h, time: 15 min}
  2: {do: infuse, from: "1", rate: 20 mL/h, time: 15 min}
  3: {do: infuse, from: "2", rate: 4 mL/h, time: 15 min}
  4: {do: infuse, from: "2", rate: 8 mL/h, until: empty}
"""
BY_MOUTH = """\
id: by-mouth
title: Two doses
kind: table
drug: testamine
route: oral
purpose: rapid desensitization
transcription: complete
review: {transcribed: done, second_reader: done, arithmetic: done, pharmacist: "exempt: made for a test"}
references:
  r: {authors: A, where: W, year: "2019"}
source: {ref: r, at: Table 1}
target: {meaning: last_dose_equals_target, amount: 2 mg}
scaling: fixed
last_bag: not_a_bag
interval: 15 min
solutions:
  syrup: {concentration: 1 mg/mL}
steps:
  1: {do: take, from: syrup, volume: 1 mL}
  2: {do: take, from: syrup, volume: 2 mL}
"""
READY: dict[str, Any] = {
    "patient": Patient("42", "Demo patient", date(1961, 4, 2), Q("70 kg")),
    "stock": Q("10 mg/mL"),
    "pump": pumps()["generic-0.1"],
    "line": Line(Q("0.1 mL"), Priming.DRUG, True),
}


@cache
def made(text: str, *changes: tuple[str, str]) -> Entry:
    """An entry with some words of it replaced."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return load(text, f"{text.split()[1]}.yaml")


def said(plan: Plan, id: str) -> list[tuple[str, str, str]]:
    """What a rule has to say: severity, place, sentence."""
    return [(f.severity.value, f.where, f.sentence) for f in plan.findings if f.rule == id]


def plan(entry: Entry, request: Request | None = None, **other: Any) -> Plan:
    return make_plan(entry, request, **{**READY, **other})


@pytest.mark.parametrize("text", [FAULTLESS, BY_MOUTH], ids=["by vein", "by mouth"])
def test_a_plan_without_fault_has_no_findings(text: str) -> None:
    assert plan(made(text)).findings == ()


STEP_12 = ("rate: 20 mL/h", "rate: 120 mL/h")
CASES: dict[str, list[tuple[Plan, list[tuple[str, str, str]]]]] = {
    "R-SUM-01": [
        (
            plan(made(BY_MOUTH, ("amount: 2 mg", "amount: 2.1 mg"))),
            [("stop", "steps", "Do not use this plan. The last dose is 2 mg, but the target of testamine is 2.1 mg.")],
        ),
        (
            plan(made(BY_MOUTH, ("last_dose_equals_target, amount: 2 mg", "endpoint_rule, amount: 1.9 mg"))),
            [("stop", "steps", "Do not use this plan. The last planned dose is 2 mg, but the target of testamine is 1.9 mg.")],
        ),
        (
            plan(made(BY_MOUTH, ("last_dose_equals_target, amount: 2 mg", "cumulative_equals_target, amount: 2 mg"))),
            [("stop", "steps", "Do not use this plan. The sum of the steps is 3 mg, but the target of testamine is 2 mg.")],
        ),
        (
            plan(
                made(
                    BY_MOUTH,
                    ("last_dose_equals_target, amount: 2 mg", "daily_dose, amount: 2 mg"),
                    ("interval: 15 min\n", ""),
                    ("volume: 1 mL", "day: 1, volume: 1 mL"),
                    ("volume: 2 mL", "day: 1, volume: 2 mL"),
                )
            ),
            [("stop", "steps", "Do not use this plan. The last daily dose is 3 mg, but the target of testamine is 2 mg.")],
        ),
    ],
    "R-SUM-02": [
        (
            plan(entry("ceftazidime-iv-pencf-10fold"), stock=Q("100 mg/mL")),
            [("warn", "steps", "Expect 3333.333 mg of ceftazidime in all, ≈ 111.1 % of the target: the last bag is a full dose on top.")],
        )
    ],
    "R-STEP-05": [
        (
            plan(made(FAULTLESS, ("rate: 20 mL/h", "rate: 30 mL/h"))),
            [("warn", "steps", "Look at step 2: it gives 3 times the step before; the limit is 2.5. The published ladder does so too.")],
        ),
        (
            plan(made(FAULTLESS, STEP_12)),
            [("stop", "steps.2", "Look at step 2: it gives 12 times the step before; the limit is 2.5.")],
        ),
        (
            plan(made(FAULTLESS), Request(final_rate=Q("20 mL/h"))),
            [("stop", "steps.4", "Look at step 4: it gives 5 times the step before; the limit is 2.5.")],
        ),
        (
            plan(made(FAULTLESS, ("rate: 20 mL/h", "rate: 30 mL/h"), ("rate: 8 mL/h", "rate: 12 mL/h"))),
            [("warn", "steps", "Look at steps 2, 4: each gives up to 3 times the step before; the limit is 2.5. The published ladder does so too.")],
        ),
        (plan(made(FAULTLESS, ("rate: 20 mL/h", "rate: 25 mL/h"))), []),
    ],
    "R-STEP-09": [
        (
            plan(made(FAULTLESS, ("rate: 20 mL/h", "rate: 5 mL/h"))),
            [("warn", "steps.2", "Look at step 2: it gives 0.5 times the step before, so it falls.")],
        ),
        (plan(made(FAULTLESS, ("rate: 20 mL/h", "rate: 10 mL/h"))), []),
    ],
    "R-VOL-01": [
        (
            plan(made(FAULTLESS, ('"1": {volume: 100 mL', '"1": {volume: 7.4 mL'))),
            [("stop", "solutions.1", "Make more of solution 1: the steps take 7.5 mL, it holds 7.4 mL.")],
        ),
        (plan(made(FAULTLESS, ('"1": {volume: 100 mL', '"1": {volume: 7.5 mL'))), []),
    ],
    "R-PUMP-01": [
        (
            plan(made(FAULTLESS, ("rate: 4 mL/h", "rate: 0.05 mL/h"))),
            [("stop", "steps.3", "Change step 3: 0.05 mL/h is below 0.1 mL/h, the lowest rate of Generic volumetric pump, steps of 0.1 mL/h.")],
        )
    ],
    "R-PUMP-02": [
        (
            plan(made(FAULTLESS, ("rate: 4 mL/h", "rate: 4.5 mL/h")), pump=pumps()["generic-1"]),
            [("stop", "steps.3", "Change step 3 to 4 mL/h: Generic volumetric pump, steps of 1 mL/h cannot be set to 4.5 mL/h.")],
        )
    ],
    "R-PUMP-03": [
        (
            plan(made(FAULTLESS, STEP_12, ("rate: 8 mL/h", "rate: 999.05 mL/h"))),
            [("stop", "steps.4", "Change step 4: 999.05 mL/h is above 999 mL/h, the highest rate of Generic volumetric pump, steps of 0.1 mL/h.")],
        ),
        (plan(made(FAULTLESS, STEP_12, ("rate: 8 mL/h", "rate: 999 mL/h"))), []),
    ],
    "R-PUMP-04": [
        (plan(made(FAULTLESS), pump=None), [("ask", "pump", "Say which pump is used: its rates have not been checked.")]),
        (plan(made(BY_MOUTH), pump=None), []),
    ],
    "R-MEAS-01": [
        (
            plan(made(BY_MOUTH, ("volume: 1 mL", "volume: 0.19 mL"))),
            [("warn", "steps.1", "Measure step 1 with care: 0.19 mL is below 0.2 mL, the smallest volume that the bench measures well.")],
        ),
        (plan(made(BY_MOUTH, ("volume: 1 mL", "volume: 0.2 mL"))), []),
    ],
    "R-MEAS-02": [
        (
            plan(made(BY_MOUTH, ("volume: 1 mL", "volume: 0.019 mL"))),
            [("stop", "steps.1", "Prepare step 1 another way: the syringes measure 0.01 mL of 0.019 mL, off by more than 5 %.")],
        ),
        (plan(made(BY_MOUTH, ("volume: 1 mL", "volume: 0.2 mL"))), []),
    ],
    "R-STOCK-01": [
        (
            plan(made(FAULTLESS), stock=None),
            [("ask", "stock", "Say how strong the stock is: what to draw cannot be worked out without it.")],
        ),
        (plan(entry("aspirin-oral-aerd-degregorio2019"), stock=None), []),
    ],
    "R-STOCK-02": [
        (
            plan(made(FAULTLESS), stock=Q("0.9 mg/mL")),
            [("stop", "solutions.2", "Use a stronger stock: solution 2 needs ≈ 0.993 mg/mL, the stock has 0.9 mg/mL.")],
        ),
        (plan(made(BY_MOUTH), stock=Q("1 mg/mL")), []),
    ],
    "R-START-01": [
        (
            plan(made(FAULTLESS), Request(volume=Q("50 mL"))),
            [("warn", "steps.1", "Mind the first dose: it is 1/200 of the target; the published ladder starts at 1/400.")],
        ),
        (plan(made(FAULTLESS), Request(volume=Q("200 mL"))), []),
    ],
    "R-LINE-01": [
        (
            plan(made(FAULTLESS), line=Line()),
            [("ask", "line", "Say how much the line holds and what primes it: the dose at the vein is unknown without it.")],
        ),
        (
            plan(made(FAULTLESS), line=Line(Q("1 mL"), None, True)),
            [("ask", "line", "Say how much the line holds and what primes it: the dose at the vein is unknown without it.")],
        ),
        (
            plan(made(FAULTLESS), line=Line(Q("1 mL"), Priming.DRUG, None)),
            [("ask", "line", "Say whether each bag has a line of its own: the dose at the vein is unknown without it.")],
        ),
        (plan(entry("meropenem-iv-onebag-scribd"), line=Line(Q("1 mL"), Priming.DRUG, None)), []),
        (plan(made(BY_MOUTH), line=Line()), []),
    ],
    "R-LINE-02": [
        (
            plan(entry("infliximab-iv-rcuh-wao2022")),
            [
                ("warn", "steps.5", "Disconnect the patient before step 5: 22 mL in the line would push in 0.88 mg of solution A."),
                ("warn", "steps.9", "Disconnect the patient before step 9: 22 mL in the line would push in 8.8 mg of solution B."),
            ],
        )
    ],
    "R-LINE-03": [
        (
            plan(made(FAULTLESS), line=Line(Q("0.6 mL"), Priming.DILUENT, True)),
            [("warn", "steps.1", "Prime the line with drug, close to the vein: it holds 0.6 mL, and step 1 gives only 2.5 mL.")],
        ),
        (
            plan(made(FAULTLESS), line=Line(Q("0.5 mL"), Priming.DILUENT, True)),
            [("warn", "steps.3", "Prime the line with drug, close to the vein: it holds 0.5 mL, and step 3 gives only 1 mL.")],
        ),
        (plan(made(FAULTLESS), line=Line(Q("0.2 mL"), Priming.DILUENT, True)), []),
        (plan(made(FAULTLESS), line=Line(Q("30 mL"), Priming.DRUG, True)), []),
    ],
    "R-ENTRY-01": [
        (
            plan(made(FAULTLESS, ("transcription: complete", "transcription: partial"))),
            [("stop", "entry", "Do not start from this entry. faultless is partial: compare it with the source before any use.")],
        ),
        (
            plan(made(FAULTLESS, ("transcription: complete", "transcription: unverified"))),
            [("stop", "entry", "Do not start from this entry. faultless is unverified: compare it with the source before any use.")],
        ),
    ],
    "R-ENTRY-02": [
        (
            plan(made(FAULTLESS, ("second_reader: done", "second_reader: todo"))),
            [("warn", "entry", "Only a demonstration may start from this entry: still to be done are second reader.")],
        )
    ],
    "R-ENTRY-03": [
        (
            plan(entry("ceftazidime-iv-12step-bwh-uptodate")),
            [("note", "entry", "Do not copy from the paper: it has 2 misprints listed. This plan uses the corrected values.")],
        )
    ],
    "R-ENTRY-04": [
        (
            plan(made(FAULTLESS), Request(target=Q("50 mg"), volume=Q("200 mL"), final_rate=Q("9 mL/h"))),
            [("note", "request", "This plan is based on faultless, with another target and bag volume and final rate.")],
        )
    ],
    "R-WT-01": [
        (
            plan(made(FAULTLESS), patient=Patient("42", "Demo patient", date(1961, 4, 2))),
            [("ask", "patient", "Weigh the patient: rescue doses need the weight.")],
        ),
        (plan(made(FAULTLESS), patient=None), []),
    ],
}  # fmt: skip


@pytest.mark.parametrize("id", CASES)
def test_the_rule_says_it_where_it_is_so(id: str) -> None:
    assert [said(plan, id) for plan, _ in CASES[id]] == [expected for _, expected in CASES[id]]


def rules_of_the_plan() -> list[Rule]:
    return [rule for rule in all_rules() if rule.sentence]


def test_every_rule_of_the_plan_has_a_predicate_and_a_case_and_the_reverse() -> None:
    ids = {rule.id for rule in rules_of_the_plan()}
    assert ids == set(predicates())
    assert ids == set(CASES)
    assert all(any(expected for _, expected in cases) for cases in CASES.values())


def test_every_rule_of_the_bedside_is_said_there_and_the_reverse() -> None:
    package = Path(paulatim.__file__).parent
    sources = [path for room in ("session", "assessment", "web") for path in package.glob(f"{room}/*.py")]
    used = {id for path in sources for id in re.findall(r'"(R-[A-Z]+-\d\d)"', path.read_text(encoding="utf-8"))}
    bedside = {rule.id for rule in all_rules() if not rule.sentence}
    assert used - {"R-ENTRY-02"} == bedside  # the one rule of the plan that the start asks again


def test_every_rule_says_what_it_is_and_where_it_comes_from() -> None:
    for each in all_rules():
        assert re.fullmatch(r"R-[A-Z]+-\d\d", each.id)
        assert all((each.title, each.cites, each.evidence)), each.id
        assert each.mode in Mode
        assert not each.title.endswith(".")
    ids = [each.id for each in all_rules()]
    assert ids == sorted(set(ids))


@pytest.mark.parametrize("each", rules_of_the_plan(), ids=lambda each: each.id)
def test_a_sentence_begins_with_a_verb_and_blames_nobody(each: Rule) -> None:
    assert each.sentence.endswith((".", "}"))
    assert re.match(r"[A-Z][a-z]+ |Only a ", each.sentence) or each.sentence.startswith("This plan")
    assert not re.search(r"\b(safe|cleared|invalid|error|you)\b|!", each.sentence, re.IGNORECASE)


def test_two_predicates_for_a_rule_are_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match=r"^R-SUM-01 has two predicates\. Remove one\.$"):
        rule("R-SUM-01")(lambda draft: [])


def test_a_finding_carries_its_rules_words() -> None:
    (finding,) = plan(made(FAULTLESS), pump=None).findings
    rule = known("R-PUMP-04")
    assert (finding.cites, finding.evidence, finding.mode) == (rule.cites, rule.evidence, rule.mode)
    assert finding.key == "R-PUMP-04@pump"


def test_the_most_limiting_comes_first() -> None:
    unknown = make_plan(made(FAULTLESS, ("transcription: complete", "transcription: partial"), STEP_12))
    ranks = [finding.severity.rank for finding in unknown.findings]
    assert ranks == sorted(ranks)
    assert [finding.severity for finding in unknown.findings[:2]] == [Severity.STOP, Severity.STOP]
    assert [severity.rank for severity in Severity] == [0, 1, 2, 3]
    assert unknown.stops == tuple(finding for finding in unknown.findings if finding.severity is Severity.STOP)


@pytest.mark.parametrize("id", [each.id for each in entries()])
def test_no_two_findings_of_a_plan_are_accepted_by_one_key(id: str) -> None:
    """Accepting one would accept the other unread."""
    request = Request(drug="testamine", target=Q("1000 mg")) if not entry(id).drugs else Request(weight=Q("70 kg"))
    keys = [finding.key for finding in make_plan(entry(id), request).findings]
    assert len(keys) == len(set(keys))
