"""The press: what stands on every sheet, and typst, which turns a template and its words into a PDF."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from paulatim.documents.words import Words
from paulatim.library import Transcription
from paulatim.plan import Plan

if TYPE_CHECKING:
    import typst

__all__ = ["PAPERS", "CannotPrint", "NothingToPrint", "head", "press"]

PAPERS = ("a4", "us-letter")
_TEMPLATES = Path(__file__).with_name("templates")
_FONTS = Path(__file__).with_name("fonts")
_NO_GLYPH = "could not be displayed"
DEMONSTRATION = "NOT FOR CLINICAL USE: DEMONSTRATION"
STOPPED = "DO NOT START: THIS PLAN IS STOPPED"


class CannotPrint(RuntimeError):
    """A sheet cannot be printed; the message says what to do."""


class NothingToPrint(CannotPrint):
    """The plan has nothing that such a sheet could show; the message says why."""


def head(plan: Plan) -> Words:
    """What each page of each sheet says: whose it is, of which drug, from which plan, and whether it is real."""
    patient = plan.patient
    entry = plan.entry
    open_review = bool(entry.review.open) or entry.transcription is not Transcription.COMPLETE
    return {
        "patient": None
        if patient is None
        else {
            "name": patient.name,
            "born": patient.born.isoformat(),
            "id": patient.id,
        },
        "drug": plan.drugs,
        "weight": plan.request.weight.show() if plan.request.weight else "",
        "short": plan.short,
        "hash": plan.hash,
        "warning": " · ".join([*([STOPPED] if plan.stops else []), *([DEMONSTRATION] if open_review else [])]),
    }


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The bundled font and no other, so that a sheet looks the same on each machine."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_FONTS)])


def press(template: str, words: Words, paper: str = "a4") -> bytes:
    """A template of this room filled with its words, as a tagged PDF (PDF/UA-1).

    The same words give the same bytes. Raises CannotPrint for an unknown paper, without typst, and for a sign
    that the font lacks.
    """
    if paper not in PAPERS:
        raise CannotPrint(f'There is no paper "{paper}" here. Use {" or ".join(PAPERS)}.')
    try:
        import typst
    except ImportError:
        raise CannotPrint('Install what printing needs: pip install "paulatim[documents]".') from None
    try:
        return typst.compile(
            _TEMPLATES / f"{template}.typ",
            root=_TEMPLATES,
            font_paths=_fonts(),
            format="pdf",
            sys_inputs={"words": json.dumps(words, ensure_ascii=False), "paper": paper},
            pdf_standards="ua-1",
            timestamp=0,
        )
    except typst.TypstError as error:
        if _NO_GLYPH not in error.message:
            raise
        said = error.message.partition("the text ")[2].partition(" could")[0].strip("`")
        raise CannotPrint(f"Write {said} in Latin, Greek or Cyrillic letters: the font has no others.") from None
