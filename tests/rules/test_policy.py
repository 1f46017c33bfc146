"""The site's policy: what ships is conservative, and a slip of the keys in a file is refused, all slips at once."""

# ruff: noqa: E501  a sentence stands on one line, as it is read

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pytest

import paulatim.rules
from paulatim import Quantity, Unreadable
from paulatim.rules import default_policy, read_policy

SHIPPED = (Path(paulatim.rules.__file__).parent / "policy.yaml").read_text(encoding="utf-8")


def changed(*changes: tuple[str, str]) -> str:
    text = SHIPPED
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def problems(*changes: tuple[str, str]) -> list[str]:
    """The problems of a changed file, each with its path and sentence."""
    with pytest.raises(Unreadable) as raised:
        read_policy(changed(*changes), "site.yaml")
    return [f"{problem.path}: {problem.sentence}" for problem in raised.value.problems]


def test_what_ships_takes_the_conservative_option() -> None:
    policy = default_policy()
    assert (policy.fold_limit, policy.fold_stop) == (Fraction(5, 2), 10)
    assert policy.epinephrine_per_kg == Quantity("0.01 mg/kg")
    assert (policy.epinephrine_max_adult, policy.epinephrine_max_child) == (Quantity("0.5 mg"), Quantity("0.3 mg"))
    assert policy.epinephrine_repeat == Quantity("5 min")
    assert policy.choices["P-14"].chosen == "three bags 1/100, 1/10, 1/1"
    assert policy.choices["P-26"].chosen == "new set for each bag, primed with its drug"
    assert "nobody" in policy.approved_by


def test_every_limit_has_a_source_and_every_choice_its_options() -> None:
    policy = default_policy()
    assert all(policy.sources.values())
    for key, choice in policy.choices.items():
        assert (choice.key, choice.chosen in choice.options, len(choice.options) > 1) == (key, True, True)
        assert choice.source


def test_a_policy_is_known_by_its_text() -> None:
    text = changed(("site: Demo ward", "site: Ward 7"))
    policy = read_policy(text, "site.yaml")
    assert policy.digest == sha256(text.encode()).hexdigest() != default_policy().digest
    assert policy.site == "Ward 7"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("prepared_tolerance: {value: 0.05", "prepared_tolerance: {value: 5", "limits.prepared_tolerance.value: Write a share between 0 and 1, such as 0.05 for 5 %."),
        ("line_share: {value: 0.2", "line_share: {value: 0", "limits.line_share.value: Write a share between 0 and 1, such as 0.05 for 5 %."),
        ("fold_limit: {value: 2.5", "fold_limit: {value: 0.25", "limits.fold_limit.value: Write 1 or more: a ladder rises."),
        ("fold_stop: {value: 10", "fold_stop: {value: 1", "limits.fold_stop.value: Write no less than fold_limit."),
        ("vitals_every: {value: 15 min", "vitals_every: {value: 0 min", "limits.vitals_every.value: Write an amount above zero."),
        ("epinephrine_max_adult: {value: 0.5 mg", "epinephrine_max_adult: {value: 0.5 mL", "limits.epinephrine_max_adult.value: 0.5 mL measures volume. Write an amount in mg."),
        ("epinephrine_max_child: {value: 0.3 mg", "epinephrine_max_child: {value: .3 mg", 'limits.epinephrine_max_child.value: ".3 mg" has no digit before the point. Write the zero too, such as "0.1 mg".'),
        ("symptom_free: {value: 15 min", "symptom_free: {value: -15 min", "limits.symptom_free.value: -15 min cannot be. Write an amount of zero or more."),
        ("chosen: each step", "chosen: never", 'choices.P-11.chosen: "never" is none of the options. Write one of each step, every 5 minutes in the high tier.'),
    ],
)  # fmt: skip
def test_a_slip_is_refused(old: str, new: str, problem: str) -> None:
    (said,) = problems((old, new))
    assert said == problem


def test_what_is_missing_or_not_known_is_named() -> None:
    dropped = [line for line in SHIPPED.splitlines() if line.startswith("  line_share:")]
    (missing,) = problems((f"{dropped[0]}\n", ""))
    assert missing.startswith('limits: "line_share" is missing. Write "line_share: ')
    found = problems(("  fold_limit: {", "  fold_limits: {"))
    assert len(found) == 2
    assert any("fold_limits" in said and "is not known here" in said for said in found)
    (twice,) = problems(("site: Demo ward", "site: Demo ward\nsite: Ward 7"))
    assert "written twice" in twice


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = problems(
        ("fold_stop: {value: 10", "fold_stop: {value: 1e1"),
        ("observe: {value: 60 min", "observe: {value: 60"),
        ("chosen: 60 to 120 minutes", "chosen: soon"),
        ('version: "1"', 'version: ""'),
    )
    assert len(found) == 4


def test_the_answer_names_file_and_line() -> None:
    with pytest.raises(Unreadable, match=r"^site\.yaml:7:23: limits\.fold_limit\.value: ") as raised:
        read_policy(changed(("fold_limit: {value: 2.5", "fold_limit: {value: 0.25")), "site.yaml")
    assert raised.value.problems[0].line == 7
