"""Printed cells and errata fit the ladder that they were copied beside."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from paulatim.library import load

Changed = Callable[..., list[str]]
COLUMNS = "solution, rate, time, volume, dose, cumulative, fold, concentration"


def test_cells_are_kept_as_text_by_their_path(files: dict[str, str]) -> None:
    assert dict(load(files["table"], "small.yaml").printed) == {
        "solutions.A.volume": "50 mL",
        "solutions.A.concentration": "0.2 mg/mL",
        "steps.1.solution": "A",
        "steps.1.dose": "0 mg",
        "steps.2.volume": "5 mL",
        "steps.2.dose": "1 mg",
        "steps.2.fold": "2",
        "steps.3.volume": "98 mL",
        "total_time": "79.4 min",
    }


# name: (words of the file, the same with a mistake, what is said)
WRONG = {
    "step": (
        "    3: {volume: 98 mL}",
        "    4: {volume: 98 mL}",
        "printed.steps.4.volume: The ladder has no step 4. Remove it, or add it to the ladder.",
    ),
    "solution": (
        "    A: {volume: 50 mL, conc",
        "    C: {volume: 50 mL, conc",
        "printed.solutions.C.volume: The ladder has no solution C. Remove it, or add it to the ladder.",
    ),
    "column": ("fold: 2", "faktor: 2", f'printed.steps.2.faktor: "faktor" is no column here. Write one of {COLUMNS}.'),
    "column of a solution": (
        "concentration: 0.2",
        "strength: 0.2",
        'printed.solutions.A.strength: "strength" is no column here. Write one of volume, amount, concentration.',
    ),
    "place": (
        "  total_time: 79.4",
        "  time: 79.4",
        "printed.time: This is no cell of a table. Write steps, solutions or total_time under printed.",
    ),
    "depth": (
        "    1: {solution: A, dose: 0 mg}",
        "    1: {dose: {is: 0 mg}}",
        "printed.steps.1.dose.is: This is no cell of a table. Write steps, solutions or total_time under printed.",
    ),
    "total by step": (
        "  total_time: 79.4 min",
        "  total_time: {step: 79.4 min}",
        ("printed.total_time.step: This is no cell of a table. Write steps, solutions or total_time under printed."),
    ),
    "name of a solution": (
        "solution: A, ",
        "solution: C, ",
        'printed.steps.1.solution: There is no solution "C". Name one of A, B.',
    ),
    "number": (
        "fold: 2",
        'fold: "2,5"',
        ('printed.steps.2.fold: "2,5" holds a comma. Write a point for decimals and no separator for thousands.'),
    ),
    "fold": (
        "fold: 2",
        "fold: x2",
        'printed.steps.2.fold: "x2" does not begin with a number. Write digits, such as "0.1".',
    ),
    "unit": ("dose: 1 mg", "dose: 1", 'printed.steps.2.dose: "1" has no unit. Write the unit too, such as "0.1 mg".'),
    "kind": (
        "dose: 1 mg",
        "dose: 1 mL",
        "printed.steps.2.dose: 1 mL is not an amount of drug. Write it in mg, mcg, units or tablets.",
    ),
    "kind of nothing": (
        "dose: 0 mg",
        "dose: 0 mL",
        "printed.steps.1.dose: 0 mL is not an amount of drug. Write it in mg, mcg, units or tablets.",
    ),
    "strength": (
        "concentration: 0.2 mg/mL",
        "concentration: 0.2 mg",
        ("printed.solutions.A.concentration: 0.2 mg is not a strength. Write it as drug per volume, such as 1 mg/mL."),
    ),
    "nothing": (
        "volume: 5 mL, d",
        "volume: 0 mL, d",
        "printed.steps.2.volume: 0 mL cannot be. Write an amount above zero.",
    ),
    "total": (
        "79.4 min",
        "1 h 19 min",
        (
            'printed.total_time: "h 19 min" is not a unit known here. '
            "Write one of ng, mcg, mg, g, units, m[iU], [iU], k[iU], M[iU], [AU], [BAU], tablets, mcL, mL, L, drops, "
            "kg, m2, s, min, h, d, wk, or a quotient of them."
        ),
    ),
    "fraction": (
        "volume: 5 mL, d",
        "volume: 10/2 mL, d",
        (
            'printed.steps.2.volume: "10/2 mL" is not written as printed cells are here. '
            "Write decimals, one space and the unit."
        ),
    ),
    "no space": (
        "volume: 5 mL, d",
        "volume: 5mL, d",
        (
            'printed.steps.2.volume: "5mL" is not written as printed cells are here. '
            "Write decimals, one space and the unit."
        ),
    ),
    "path as a key": (
        "    3: {volume: 98 mL}",
        "    3.volume: 98 mL",
        'printed.steps.3.volume: "3.volume" is no row and no column. Write one name a line, one in the other.',
    ),
    "units beside mg": (
        "dose: 1 mg",
        "dose: 1 units",
        "printed.steps.2.dose: 1 units is counted in units, the target is not. Correct one of the two.",
    ),
    "erratum of no cell": (
        "at: steps.3.volume",
        "at: steps.3.dose",
        "errata[1].at: No cell steps.3.dose is printed here. Name one that is, or say the place in words.",
    ),
    "erratum of no solution": (
        "at: steps.3.volume",
        "at: solutions.B.volume",
        "errata[1].at: No cell solutions.B.volume is printed here. Name one that is, or say the place in words.",
    ),
    "erratum of no total": (
        "at: the header",
        "at: total_time in hours",
        "errata[2].at: No cell total_time in hours is printed here. Name one that is, or say the place in words.",
    ),
    "erratum of another print": (
        "printed: 98 mL, c",
        "printed: 97 mL, c",
        'errata[1].printed: The cell is printed as "98 mL" above. Write the same.',
    ),
    "correction": (
        "corrected: 99 mL",
        "corrected: 99 mg",
        "errata[1].corrected: 99 mg measures mass. Write an amount in mL.",
    ),
    "correction in words": (
        "corrected: 99 mL",
        "corrected: less",
        'errata[1].corrected: "less" does not begin with a number. Write digits, such as "0.1 mg".',
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_cell_that_does_not_fit_is_told(name: str, changed: Changed) -> None:
    old, new, said = WRONG[name]
    assert [problem.partition(": ")[2] for problem in changed("table", (old, new)) if said in problem] == [said]


@pytest.mark.parametrize(("column", "text"), [("solution", "weak"), ("concentration", "1 mg/mL")])
def test_a_dose_from_no_solution_has_no_strength(column: str, text: str, changed: Changed) -> None:
    printed = "interval:"
    assert changed("oral", (printed, f"printed: {{steps: {{2: {{{column}: {text}}}}}}}\n{printed}"))[0].endswith(
        f"printed.steps.2.{column}: Step 2 is from no solution. Remove the cell."
    )


def test_a_cell_is_told_at_its_own_place(changed: Changed) -> None:
    assert changed("table", ("    3: {volume: 98 mL}", "    4: {volume: 98 mL}")) == [
        "30:17: printed.steps.4.volume: The ladder has no step 4. Remove it, or add it to the ladder.",
        "33:10: errata[1].at: No cell steps.3.volume is printed here. Name one that is, or say the place in words.",
    ]


@pytest.mark.parametrize("corrected", ["not known", "99.5 mL"])
def test_a_correction_may_be_unknown(corrected: str, files: dict[str, str]) -> None:
    text = files["table"].replace("corrected: 99 mL", f"corrected: {corrected}")
    assert load(text, "small.yaml").errata[0].corrected == corrected
