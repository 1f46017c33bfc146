"""Printing is exact, tagged, in one font; what cannot be printed is said in a sentence."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest

from paulatim import Plan, make_plan
from paulatim.documents import NAMES, CannotPrint, pdf

EVERY = [
    (name, document)
    for name in ("ceftazidime", "infliximab", "penicillin", "aspirin", "tb", "tenfold", "no-stock", "long", "stopped")
    for document in NAMES
    if not (document == "labels" and name in ("aspirin", "tb", "stopped"))
]


@pytest.mark.parametrize("document", NAMES)
def test_the_same_plan_gives_the_same_bytes(plan: Callable[[str], Plan], document: str) -> None:
    made = plan("ceftazidime")
    again = Plan.read(made.text())
    assert pdf(made, document) == pdf(again, document)  # type: ignore[arg-type]
    assert pdf(made, document) != pdf(plan("long"), document)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "document"), EVERY)
def test_only_the_bundled_font_is_used_and_the_pdf_is_tagged(
    printed: Callable[..., Path], poppler: Callable[..., str], name: str, document: str
) -> None:
    path = str(printed(name, document))
    fonts = {row.split()[0].partition("+")[2] for row in poppler("pdffonts", path).splitlines()[2:]}
    assert fonts == {"IBMPlexSans", "IBMPlexSans-Bold"}
    facts = dict(row.split(":", 1) for row in poppler("pdfinfo", path).splitlines() if ":" in row)
    assert facts["Tagged"].strip() == "yes"
    assert facts["Title"].strip()
    assert "CreationDate" not in facts
    raw = Path(path).read_bytes()
    assert b"/Lang (en)" in raw or b"/Lang(en)" in raw


@pytest.mark.parametrize(("paper", "size"), [("a4", "841.89"), ("us-letter", "792")])
@pytest.mark.parametrize("document", ["order", "pharmacy", "run-sheet"])
def test_sheets_fit_both_papers(
    printed: Callable[..., Path], poppler: Callable[..., str], paper: str, size: str, document: str
) -> None:
    facts = poppler("pdfinfo", str(printed("ceftazidime", document, paper)))
    assert size in next(row for row in facts.splitlines() if row.startswith("Page size"))


def test_another_paper_is_refused(plan: Callable[[str], Plan]) -> None:
    with pytest.raises(CannotPrint, match=r'^There is no paper "a3" here\. Use a4 or us-letter\.$'):
        pdf(plan("aspirin"), "order", "a3")


def test_a_sign_that_the_font_lacks_is_named(plan: Callable[[str], Plan]) -> None:
    made = plan("aspirin")
    assert made.patient
    other = replace(made, patient=replace(made.patient, name="王小明"))
    with pytest.raises(
        CannotPrint, match=r'^Write "王" in Latin, Greek or Cyrillic letters: the font has no others\.$'
    ):
        pdf(other, "order")


@pytest.mark.parametrize("born_as", ["Żółć Ğüneş", "Αλέξανδρος", "Наталья Ёлкина", "Nguyễn Thị Ánh", "O'Brien–Núñez"])
def test_names_of_many_languages_print(plan: Callable[[str], Plan], born_as: str) -> None:
    made = plan("aspirin")
    assert made.patient
    assert pdf(replace(made, patient=replace(made.patient, name=born_as)), "order").startswith(b"%PDF")


def test_words_of_a_plan_are_never_read_as_markup(
    plan: Callable[[str], Plan], poppler: Callable[..., str], tmp_path: Path
) -> None:
    made = plan("aspirin")
    assert made.patient
    name = '#panic("x") *bold* $x$ [y] <z> \\ @ref'
    path = tmp_path / "order.pdf"
    path.write_bytes(pdf(replace(made, patient=replace(made.patient, name=name)), "order"))
    assert name in poppler("pdftotext", "-layout", str(path), "-")


def test_without_typst_it_says_what_to_install(plan: Callable[[str], Plan], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(CannotPrint, match=r'^Install what printing needs: pip install "paulatim\[documents\]"\.$'):
        pdf(plan("aspirin"), "order")


def test_without_zint_it_says_what_to_install(plan: Callable[[str], Plan], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zint", None)
    with pytest.raises(CannotPrint, match=r'^Install what printing needs: pip install "paulatim\[documents\]"\.$'):
        pdf(plan("ceftazidime"), "labels")


def test_the_room_is_imported_without_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [name for name in sys.modules if name.startswith("paulatim.documents")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "typst", None)
    monkeypatch.setitem(sys.modules, "zint", None)
    import paulatim.documents as documents
    from paulatim import entry

    assert documents.ladder_svg(make_plan(entry("aspirin-oral-aerd-degregorio2019"))).startswith("<svg")


def words_of(poppler: Callable[..., str], path: Path, out: Path) -> list[tuple[int, str, list[Decimal], list[Decimal]]]:
    """Each word of a PDF: its page, its text, its box (left, top, right, bottom) and the page's size."""
    poppler("pdftotext", "-bbox", str(path), str(out))
    found, page, size = [], 0, [Decimal(0)]
    for row in out.read_text(encoding="utf-8").splitlines():
        numbers = [Decimal(value) for value in re.findall(r'(?:x|y|width|height)\w*="([\d.]+)"', row)]
        if "<page" in row:
            page, size = page + 1, numbers
        elif "<word" in row:
            found.append((page, re.sub(r"<[^>]+>", "", row).strip(), numbers, size))
    return found


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
@pytest.mark.parametrize(("name", "document"), EVERY)
def test_nothing_runs_off_the_page(
    printed: Callable[..., Path], poppler: Callable[..., str], tmp_path: Path, name: str, document: str, paper: str
) -> None:
    found = words_of(poppler, printed(name, document, paper), tmp_path / "words")
    assert found
    margin = 5 if document == "labels" else 20  # in points
    for page, text, (left, top, right, bottom), (width, height) in found:
        inside = margin <= left and right <= width - margin and margin <= top and bottom <= height - margin
        assert inside, f'page {page}: "{text}" is not within the margins'


@pytest.mark.parametrize("name", ["ceftazidime", "infliximab", "penicillin", "tenfold", "no-stock", "long"])
def test_nothing_on_a_label_covers_anything_else(
    printed: Callable[..., Path], poppler: Callable[..., str], tmp_path: Path, name: str
) -> None:
    found = words_of(poppler, printed(name, "labels"), tmp_path / "words")
    for (page, text, box, _), (other_page, other, beside, _) in combinations(found, 2):
        across = min(box[2], beside[2]) - max(box[0], beside[0])
        down = min(box[3], beside[3]) - max(box[1], beside[1])
        # the boxes of two lines of text overlap by their leading
        covers = page == other_page and across > 1 and down > min(box[3] - box[1], beside[3] - beside[1]) / 2
        assert not covers, f'page {page}: "{text}" and "{other}" overlap'
