"""Labels: one for each solution; what a scanner reads from a printed page is the solution's code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paulatim import Plan
from paulatim.documents import NothingToPrint, pdf
from paulatim.documents.labels import NotACode, code_from_scan, data_matrix

CODE = "7f3a91c2-2"


@pytest.mark.parametrize("name", ["ceftazidime", "infliximab", "penicillin", "tenfold", "no-stock", "long"])
def test_each_printed_matrix_gives_the_code_of_its_solution(
    plan: Callable[[str], Plan], printed: Callable[..., Path], poppler: Callable[..., str], tmp_path: Path, name: str
) -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    image = pytest.importorskip("PIL.Image")
    poppler("pdftoppm", "-r", "203", "-gray", str(printed(name, "labels")), str(tmp_path / "label"))
    pages = sorted(tmp_path.glob("label*.pgm"))
    codes = []
    for page in pages:
        (found,) = zxingcpp.read_barcodes(image.open(page))
        assert found.symbology_identifier == "]d2"
        codes.append(code_from_scan(found.text))
        assert codes[-1] == code_from_scan(found.bytes.decode())
    assert codes == [plan(name).code(batch.solution.name) for batch in plan(name).batches]


@pytest.mark.parametrize(
    "scan",
    ["917f3a91c2-2", "\x1d917f3a91c2-2", "]d2917f3a91c2-2", "]d2\x1d917f3a91c2-2\x1d", "(91)7f3a91c2-2",
     "[91]7f3a91c2-2", "<GS>917f3a91c2-2", "7f3a91c2-2", " 7F3A91C2-2\n", "7f3a 91c2 - 2", "(91)7F3A91C2-2\r\n"],
)  # fmt: skip
def test_a_scan_and_a_typed_code_are_the_same(scan: str) -> None:
    assert code_from_scan(scan) == CODE


@pytest.mark.parametrize(
    "scan",
    ["", "7f3a91c2", "7f3a91c-2", "7f3a91c2-", "7f3a91c2-0", "7f3a91c2-200", "017f3a91c2-2", "017f3a91c29-2",
     "(01)7f3a91c2-2", "917f3a91c2-2 917f3a91c2-3", "0107612345678900217f3a91c2-2", "7g3a91c2-2", "917f3a91c2-2x"],
)  # fmt: skip
def test_anything_else_is_refused_and_never_guessed(scan: str) -> None:
    with pytest.raises(NotACode, match=r"^Scan the label again: this is not the code of a bag, such as 7f3a91c2-2\.$"):
        code_from_scan(scan)


def test_the_encoder_refuses_what_gs1_does_not_allow() -> None:
    assert len(data_matrix(CODE)) == len(data_matrix(CODE)[0]) == 16
    with pytest.raises(RuntimeError, match="Extended ASCII characters are not supported by GS1"):
        data_matrix("7f3ä91c2-2")


def test_a_label_says_what_is_in_the_bag_and_how_fast_it_may_run(read: Callable[..., list[str]]) -> None:
    first, second, third = read("ceftazidime", "labels")
    for said in (
        "ceftazidime", "Bag 1 of 3", "INTRAVENOUS", "Demo patient 2 · born 1961-04-02 · id 0042", "20 mg in 250 mL",
        "0.08 mg/mL", "Steps 1 to 4: 9.25 mL to give", "Never above 20 mL/h",
        "Discard what is left of the bag: 240.75 mL, 19.26 mg.", "NOT FOR CLINICAL USE: DEMONSTRATION",
    ):  # fmt: skip
        assert said in first
    assert "Never above 40 mL/h" in second
    assert "1984.26 mg" in third
    assert "≈ 7.937 mg/mL" in third
    assert "Discard" not in third


def test_there_is_a_label_for_each_solution_and_none_without(
    plan: Callable[[str], Plan], read: Callable[..., list[str]]
) -> None:
    assert len(read("tenfold", "labels")) == 7
    for name in ("aspirin", "tb"):
        with pytest.raises(NothingToPrint, match=r"^There is nothing to label: the doses are taken as they come\.$"):
            pdf(plan(name), "labels")


def test_a_stopped_plan_has_no_labels(plan: Callable[[str], Plan]) -> None:
    with pytest.raises(NothingToPrint, match=r"^Print no labels: this plan is stopped\. Look at step 12: it gives"):
        pdf(plan("stopped"), "labels")


def test_a_purge_on_a_label_says_that_the_patient_is_disconnected(read: Callable[..., list[str]]) -> None:
    assert "88 mL/h purge, patient disconnected" in read("infliximab", "labels")[1]


def test_a_solution_to_drink_says_so(read: Callable[..., list[str]]) -> None:
    third = read("penicillin", "labels")[2]
    assert "Solution 3 of 3 (80000) BY MOUTH" in third
    assert "14. 8 mL 640 000 units" in third
    assert "Never above" not in third
