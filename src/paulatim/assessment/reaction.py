"""A reaction as raw signs, and the grade that they make; a person's higher grade always stands."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, StrEnum

from paulatim.assessment.vitals import Vitals, lowest_systolic

__all__ = ["Grade", "Sign", "brown"]


class Sign(StrEnum):
    """What is seen or said, one tile each at the bedside."""

    ITCH = "itch"
    FLUSH = "flush"
    URTICARIA = "urticaria"
    ANGIOEDEMA = "angioedema"
    THROAT = "throat tightness"
    CHEST = "chest tightness"
    DYSPNOEA = "short of breath"
    WHEEZE = "wheeze"
    STRIDOR = "stridor"
    NAUSEA = "nausea"
    VOMITING = "vomiting"
    ABDOMINAL = "abdominal pain"
    DIZZY = "dizziness"
    SWEATING = "sweating"
    CYANOSIS = "cyanosis"
    CONFUSION = "confusion"
    COLLAPSE = "collapse"
    UNCONSCIOUS = "loss of consciousness"
    INCONTINENCE = "incontinence"
    FEVER = "fever"
    RIGORS = "rigors"
    BACK_PAIN = "back pain"
    ODD = "feeling odd"


class Grade(IntEnum):
    """Brown 2004: 1 skin only, 2 breathing, circulation or gut, 3 severe."""

    MILD = 1
    MODERATE = 2
    SEVERE = 3


_SKIN = {Sign.ITCH, Sign.FLUSH, Sign.URTICARIA, Sign.ANGIOEDEMA}
_MODERATE = {
    Sign.THROAT, Sign.CHEST, Sign.DYSPNOEA, Sign.WHEEZE, Sign.STRIDOR, Sign.NAUSEA, Sign.VOMITING, Sign.ABDOMINAL,
    Sign.DIZZY, Sign.SWEATING,
}  # fmt: skip
_SEVERE = {Sign.CYANOSIS, Sign.CONFUSION, Sign.COLLAPSE, Sign.UNCONSCIOUS, Sign.INCONTINENCE}


def brown(signs: Iterable[Sign], vitals: Vitals | None = None, age: int | None = None) -> Grade | None:
    """The grade by Brown 2004 (J Allergy Clin Immunol 114:371-6) from signs and, where known, vital signs.

    None where the signs are none that Brown grades (fever, rigors, pain): a person must grade them.
    """
    seen = set(signs)
    low = vitals is not None and (vitals.spo2 <= 92 or (age is not None and vitals.systolic < lowest_systolic(age)))
    if seen & _SEVERE or low:
        return Grade.SEVERE
    if seen & _MODERATE:
        return Grade.MODERATE
    return Grade.MILD if seen & _SKIN else None
