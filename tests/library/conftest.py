"""Small protocol files that nothing is wrong with, and what is said when something is changed in one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from paulatim.library import Entry, Unreadable, load

HEAD = """\
id: small
title: A small table
kind: table
drug: abatacept
route: intravenous
purpose: rapid desensitization
transcription: complete
review: {transcribed: done, second_reader: todo, arithmetic: done, pharmacist: "exempt: no drug"}
references:
  first-2001: {authors: First A, where: Journal 1, year: "2001", doi: 10.1000/xyz}
  second-2002: {authors: Second B, where: Journal 2}
source: {ref: first-2001, at: Table 1}
"""
TABLE = (
    HEAD
    + """\
target: {meaning: cumulative_equals_target, amount: 100 mg}
scaling: to_target
last_bag: stop_at_target
solutions:
  A: {volume: 50 mL, holds: 1/10 of target}
  B: {volume: 100 mL, holds: target}
steps:
  1: {do: purge, from: A, rate: 60 mL/h, time: 5 min}
  2: {do: infuse, from: A, rate: 20 mL/h, time: 15 min}
  3: {do: infuse, from: B, rate: 100 mL/h, until: target}
monitoring: {vitals: 15 min, observe: 60 min}
printed:
  solutions:
    A: {volume: 50 mL, concentration: 0.2 mg/mL}
  steps:
    1: {solution: A, dose: 0 mg}
    2: {volume: 5 mL, dose: 1 mg, fold: 2}
    3: {volume: 98 mL}
  total_time: 79.4 min
errata:
  - {at: steps.3.volume, printed: 98 mL, corrected: 99 mL, reason: 99 mg are left.}
  - {at: the header, printed: 2 h, corrected: not known, reason: It is shorter.}
notes: [One note.]
on_reaction: [One action.]
"""
)
ORAL = (
    HEAD.replace("intravenous", "oral")
    + """\
target: {meaning: last_dose_equals_target, amount: {under 50 kg: 40 mg, over 50 kg: 80 mg}}
scaling: fixed
last_bag: not_a_bag
interval: {value: 30 min, ref: second-2002, at: page 3}
solutions:
  weak: {concentration: 1 mg/mL}
steps:
  1: {do: take, from: weak, volume: 0.5 mL}
  2: {do: take, dose: 10 mg}
  3: {do: take, dose: {under 50 kg: 40 mg, over 50 kg: 80 mg}}
"""
)
FAMILY = (
    HEAD.replace("kind: table", "kind: family").replace("abatacept", "any")
    + """\
target: {meaning: cumulative_equals_target}
scaling: to_target
last_bag: lower_concentration
solutions:
  "1": {volume: 50 mL, holds: 1/10 of target}
  "2": {volume: 100 mL, holds: rest of target}
steps:
  1: {do: infuse, from: "1", rate: 20 mL/h, time: 15 min}
  2: {do: infuse, from: "2", rate: 100 mL/h, until: empty}
"""
)
MADE = (
    HEAD
    + """\
made_with: {entry: a-family, target: 100 mg, volume: 100 mL, final_rate: 100 mL/h}
printed:
  steps:
    1: {volume: 5 mL}
"""
)


@pytest.fixture
def files() -> dict[str, str]:
    """The files by name."""
    return {"table": TABLE, "oral": ORAL, "family": FAMILY, "made": MADE}


@pytest.fixture
def refused() -> Callable[..., list[str]]:
    """What is said about a text, `line:column: path: sentence` for each problem."""

    def said(text: str, lend: Callable[[Entry], Entry] | None = None) -> list[str]:
        with pytest.raises(Unreadable) as error:
            load(text, "small.yaml", lend)
        return [str(problem).removeprefix("small.yaml:") for problem in error.value.problems]

    return said


@pytest.fixture
def changed(files: dict[str, str], refused: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """What is said about a file after some of its words are replaced."""

    def said(name: str, *replacements: tuple[str, str]) -> list[str]:
        text = files[name]
        for old, new in replacements:
            assert text.count(old) >= 1, f"{old!r} is not in the file"
            text = text.replace(old, new)
        return refused(text)

    return said
