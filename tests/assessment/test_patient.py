"""The patient: completed years, and a weight that can be one."""

from __future__ import annotations

from datetime import date

import pytest

from paulatim import Patient, Quantity, QuantityError


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(1961, 4, 2), date(2026, 4, 1), 64),
        (date(1961, 4, 2), date(2026, 4, 2), 65),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2026, 1, 5), date(2026, 1, 5), 0),
        (date(2027, 1, 5), date(2026, 1, 5), -1),
    ],
)
def test_age_in_completed_years(born: date, on: date, age: int) -> None:
    assert Patient("1", "P", born).age(on) == age


@pytest.mark.parametrize("weight", ["0 kg", "-70 kg", "70 mg", "154 mL", "70 kg/m2"])
def test_what_is_no_weight_is_refused(weight: str) -> None:
    with pytest.raises(QuantityError, match=r"^The weight is .+\. Write it in kg, above zero\.$"):
        Patient("1", "P", date(1961, 4, 2), Quantity(weight))


def test_a_weight_may_be_unknown() -> None:
    assert Patient("1", "P", date(1961, 4, 2)).weight is None
