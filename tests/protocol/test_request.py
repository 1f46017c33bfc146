"""A request that makes no sense is refused before anything is worked out."""

from __future__ import annotations

import pytest

from paulatim.protocol import Request
from paulatim.quantity import Quantity, QuantityError

WRONG = {
    "no drug": ({"drug": "  "}, "The drug has no name. Write it, or leave it out."),
    "no target": ({"target": Quantity("0 mg")}, "The target is 0 mg. Write one above zero."),
    "target below nothing": ({"target": Quantity("-5 mg")}, "The target is -5 mg. Write one above zero."),
    "no volume": ({"volume": Quantity("0 mL")}, "The bag volume is 0 mL. Write one above zero."),
    "volume a mass": ({"volume": Quantity("5 mg")}, "The bag volume is 5 mg, which is no bag volume. Write it in mL."),
    "volume beyond any bag": (
        {"volume": Quantity("250 L")},
        "The bag volume is 250 L, more than 10 L. Check its unit.",
    ),
    "no rate": ({"final_rate": Quantity("0 mL/h")}, "The final rate is 0 mL/h. Write one above zero."),
    "rate a mass": (
        {"final_rate": Quantity("5 mg/h")},
        "The final rate is 5 mg/h, which is no final rate. Write it in mL/h.",
    ),
    "no weight": ({"weight": Quantity("0 kg")}, "The weight is 0 kg. Write one above zero."),
    "weight a mass": ({"weight": Quantity("70000 g")}, "The weight is 70000 g, which is no weight. Write it in kg."),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wish_that_makes_no_sense_is_refused(name: str) -> None:
    wishes, sentence = WRONG[name]
    with pytest.raises(QuantityError) as error:
        Request(**wishes)
    assert str(error.value) == sentence


def test_nothing_is_wished_for_unless_it_is_said() -> None:
    assert Request() == Request(None, None, None, None, None)
