"""What an amount counts: drug, strength, or the kind of a unit."""

from __future__ import annotations

import pytest

from paulatim.library.amounts import DRUG, STRENGTH, drug_of, in_kind
from paulatim.quantity import Quantity, QuantityError


@pytest.mark.parametrize(("amount", "counted"), [
    ("5 mg", "mass"), ("5 units", "units"), ("5 [iU]", "international units"), ("5 [AU]", "allergen units"),
    ("5 [BAU]", "bioequivalent allergen units"), ("5 tablets", "tablets"), ("5 mg/mL", "mass"),
    ("5 units/mL", "units"), ("5 mL", ""), ("5 mg/kg", ""), ("5 mg/h", ""), ("5 mg.mg", ""), ("5 mg.min/mL", ""),
    ("5 %", ""), ("5 1/mL", ""), ("5 drops", ""), ("5 mg/mL/mL", ""), ("5 kg", ""), ("5 mL/mg", ""),
])  # fmt: skip
def test_what_drug_is_counted_in(amount: str, counted: str) -> None:
    assert drug_of(Quantity(amount)) == counted


@pytest.mark.parametrize(("kind", "amounts"), [
    (DRUG, ("5 mg", "0.001 mcg", "5 units", "1/3 tablets")),
    (STRENGTH, ("5 mg/mL", "1000 units/mL", "1 g/L")),
    ("mL/h", ("5 mL/h", "0.1 mL/min")),
    ("min", ("90 s", "1.5 h")),
])  # fmt: skip
def test_amounts_of_a_kind_are_read(kind: str, amounts: tuple[str, ...]) -> None:
    assert [str(in_kind(kind)(amount)) for amount in amounts] == list(amounts)


@pytest.mark.parametrize(("kind", "amount", "sentence"), [
    (DRUG, "5 mL", "5 mL is not an amount of drug. Write it in mg, mcg, units or tablets."),
    (DRUG, "5 mg/mL", "5 mg/mL is not an amount of drug. Write it in mg, mcg, units or tablets."),
    (DRUG, "5 kg", "5 kg is not an amount of drug. Write it in mg, mcg, units or tablets."),
    (DRUG, "-5 mg", "-5 mg cannot be. Write an amount above zero."),
    (DRUG, "0 mg", "0 mg cannot be. Write an amount above zero."),
    (STRENGTH, "5 mg", "5 mg is not a strength. Write it as drug per volume, such as 1 mg/mL."),
    (STRENGTH, "5 mL/mg", "5 mL/mg is not a strength. Write it as drug per volume, such as 1 mg/mL."),
    (STRENGTH, "0 mg/mL", "0 mg/mL cannot be. Write an amount above zero."),
    ("min", "0 min", "0 min cannot be. Write an amount above zero."),
])  # fmt: skip
def test_amounts_of_another_kind_are_refused(kind: str, amount: str, sentence: str) -> None:
    with pytest.raises((QuantityError, TypeError)) as error:
        in_kind(kind)(amount)
    assert str(error.value) == sentence


def test_nothing_is_an_amount_only_where_it_may_be() -> None:
    assert str(in_kind(DRUG, zero=True)("0 mg")) == "0 mg"
    with pytest.raises(QuantityError, match=r"^0 mL is not an amount of drug\."):
        in_kind(DRUG, zero=True)("0 mL")
