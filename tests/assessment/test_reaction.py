"""Brown 2004: skin alone is mild; breathing, circulation or gut is moderate; the third grade by signs or figures."""

from __future__ import annotations

import pytest

from paulatim.assessment import Grade, Sign, Vitals, brown

WELL = Vitals(120, 70, 80, 16, 98)
SKIN = {Sign.ITCH, Sign.FLUSH, Sign.URTICARIA, Sign.ANGIOEDEMA}
SEVERE = {Sign.CYANOSIS, Sign.CONFUSION, Sign.COLLAPSE, Sign.UNCONSCIOUS, Sign.INCONTINENCE}
BY_A_PERSON = {Sign.FEVER, Sign.RIGORS, Sign.BACK_PAIN, Sign.ODD}


@pytest.mark.parametrize("sign", list(Sign))
def test_each_sign_alone(sign: Sign) -> None:
    grade = brown((sign,), WELL, 40)
    if sign in SKIN:
        assert grade is Grade.MILD
    elif sign in SEVERE:
        assert grade is Grade.SEVERE
    elif sign in BY_A_PERSON:
        assert grade is None
    else:
        assert grade is Grade.MODERATE


@pytest.mark.parametrize(
    ("signs", "grade"),
    [
        ((), None),
        ((Sign.ITCH, Sign.NAUSEA), Grade.MODERATE),
        ((Sign.URTICARIA, Sign.WHEEZE, Sign.COLLAPSE), Grade.SEVERE),
        ((Sign.FEVER, Sign.ITCH), Grade.MILD),
        ((Sign.RIGORS, Sign.CYANOSIS), Grade.SEVERE),
    ],
)
def test_the_worst_sign_grades(signs: tuple[Sign, ...], grade: Grade | None) -> None:
    assert brown(signs, WELL, 40) is grade


@pytest.mark.parametrize(
    ("figures", "age", "grade"),
    [
        (Vitals(120, 70, 80, 16, 92), 40, Grade.SEVERE),
        (Vitals(120, 70, 80, 16, 93), 40, Grade.MILD),
        (Vitals(89, 50, 80, 16, 98), 40, Grade.SEVERE),
        (Vitals(90, 50, 80, 16, 98), 40, Grade.MILD),
        (Vitals(81, 50, 80, 16, 98), 6, Grade.SEVERE),
        (Vitals(82, 50, 80, 16, 98), 6, Grade.MILD),
        (None, 40, Grade.MILD),
        (Vitals(120, 70, 80, 16, 90), None, Grade.SEVERE),
    ],
)
def test_figures_make_an_itch_severe(figures: Vitals | None, age: int | None, grade: Grade) -> None:
    assert brown((Sign.ITCH,), figures, age) is grade
