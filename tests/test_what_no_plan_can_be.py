"""The pure call: what it refuses before there is a plan."""

from __future__ import annotations

from datetime import date

import pytest

from paulatim.assessment import Patient
from paulatim.library import entry
from paulatim.plan import make_plan
from paulatim.protocol import CannotScale, Request
from paulatim.quantity import Quantity, QuantityError


def test_a_bag_too_small_to_measure_into_is_refused() -> None:
    # 15 mg x 10^-6 in 1 mL from 100 mg/mL: every tenfold dilution that could be drawn is more than the bag holds
    request = Request(drug="ceftazidime", target=Quantity("15 mg"), volume=Quantity("1 mL"))
    with pytest.raises(CannotScale) as refused:
        make_plan(entry("tenfold-7-bag"), request, stock=Quantity("100 mg/mL"))
    assert str(refused.value) == (
        "Solution bag1 of 1 mL is too small to make from this stock. Take a larger bag or a weaker stock."
    )


def test_a_stock_and_a_target_worlds_apart_are_a_slip_of_a_unit() -> None:
    request = Request(drug="ceftazidime", target=Quantity("0.000000001 ng"))
    with pytest.raises(CannotScale, match=r"^The stock is far too strong for this target\."):
        make_plan(entry("bwh-12-step-3-bag"), request, stock=Quantity("100 mg/mL"))


def test_two_weights_for_one_patient_are_refused() -> None:
    patient = Patient("1", "Demo", date(1980, 1, 1), Quantity("70 kg"))
    with pytest.raises(QuantityError) as refused:
        make_plan(entry("tb-drugs-reintroduction-dili"), Request(weight=Quantity("45 kg")), patient=patient)
    assert str(refused.value) == "The weight is 45 kg, but the patient's is 70 kg. Leave one out."
