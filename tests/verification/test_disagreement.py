"""A disagreement names a place in words, and says each place once."""

from __future__ import annotations

import pytest

from paulatim.verification.amounts import read_amount
from paulatim.verification.disagreement import Disagreement, Notes, place

PLACES = {
    "steps.3.volume": "step 3, volume",
    "batches.2.left_volume": "solution 2, left volume",
    "recipe.1.draw.fills.2.volume": "recipe 1, draw, fill 2, volume",
    "targets.penicillin V": "targets, penicillin V",
    "duration": "duration",
    "": "the file",
}


@pytest.mark.parametrize("path", PLACES)
def test_a_path_has_words(path: str) -> None:
    assert place(path) == PLACES[path]


def test_what_was_found_is_said_in_the_files_unit() -> None:
    notes = Notes()
    notes.same("steps.3.volume", read_amount("2.5 mL"), read_amount("2600 mcL"), "by the plan's own numbers")
    notes.same("steps.3.volume", read_amount("2.5 mL"), read_amount("3 mL"), "as a later check finds")
    sentence = "Make the plan again: step 3, volume is 2.5 mL in the file, but 2.6 mL by the plan's own numbers."
    assert notes.all == (Disagreement("steps.3.volume", "2.5 mL", "2.6 mL", sentence),)


def test_a_list_that_is_too_short_is_counted() -> None:
    notes = Notes()
    notes.match("steps", [1], [1, 2], "worked out again")
    assert [note.sentence for note in notes.all] == [
        "Make the plan again: steps, count is 1 in the file, but 2 worked out again."
    ]


def test_equal_amounts_in_two_units_are_no_disagreement() -> None:
    notes = Notes()
    notes.match("", {"dose": read_amount("1 g"), "more": None}, {"dose": read_amount("1000 mg")}, "worked out again")
    assert notes.all == ()
