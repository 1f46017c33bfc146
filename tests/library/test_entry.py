"""Small answers of an entry's parts."""

from __future__ import annotations

import pytest

from paulatim.library import Band, Cited, Dose, Reference, Review, Source
from paulatim.quantity import Quantity

SOURCE = Source("a", "Table 1")
LIGHT, HEAVY = Cited(Quantity("450 mg"), SOURCE), Cited(Quantity("600 mg"), SOURCE)
BY_WEIGHT = Dose((Band(None, Quantity("50 kg"), LIGHT), Band(Quantity("50 kg"), None, HEAVY)))


@pytest.mark.parametrize(("weight", "cited"), [
    ("49.99 kg", LIGHT), ("50.01 kg", HEAVY), ("0.5 kg", LIGHT), ("200 kg", HEAVY), ("50 kg", None), ("50.0 kg", None),
])  # fmt: skip
def test_a_dose_by_weight_has_a_gap_where_the_source_has_one(weight: str, cited: Cited | None) -> None:
    assert BY_WEIGHT.for_weight(Quantity(weight)) is cited


def test_an_unknown_weight_has_no_dose_by_weight() -> None:
    assert BY_WEIGHT.for_weight(None) is None
    assert BY_WEIGHT.by_weight
    only = Dose((Band(None, None, LIGHT),))
    assert only.for_weight(None) is LIGHT
    assert not only.by_weight


def test_a_reference_reads_as_one_line() -> None:
    full = Reference("k", "Author A", "Journal 1:2", "2001", "A title.", "10.1000/x", "PMC1", "https://example.org")
    assert str(full) == "Author A. A title. Journal 1:2. 2001. doi:10.1000/x. PMC1."
    assert (
        str(Reference("k", "Author A", "A place", url="https://example.org"))
        == "Author A. A place. https://example.org."
    )


def test_open_readings() -> None:
    assert Review("done", "todo", "exempt: no arithmetic", "todo").open == ("second reader", "pharmacist")
    assert Review("done", "done", "done", "done").open == ()
