"""The chain: not a byte of a record changes, goes or comes without somebody being told where."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from hashlib import sha256
from typing import Any

import pytest

from paulatim import Quantity
from paulatim.assessment import Vitals
from paulatim.canonical import NotCanonical, text_of
from paulatim.record import GENESIS, Link, export, link, links_of, read_record, verify_record
from paulatim.session import DoseGiven, Fact, Held, Person, Role, VitalsRecorded

NURSE = Person("nu", "N", Role.NURSE)
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def noticed(changed: bytes) -> bool:
    """Whether the file is refused; bytes that are no text come as the reader of the file leaves them."""
    return verify_record(changed.decode("utf-8", "surrogateescape")) != ()


def test_a_record_comes_back_as_it_went_out(links: list[Link]) -> None:
    text = export(links)
    assert verify_record(text) == ()
    assert read_record(text) == links
    assert export(read_record(text)) == text
    first = json.loads(text.split("\n", 1)[0])
    assert first == {
        "record": "paulatim record 1",
        "procedure": "0001",
        "entries": 12,
        "head": links[-1].hash,
    }


def test_the_hash_is_the_sha256_of_the_entry_without_it(links: list[Link]) -> None:
    for each, before in zip(links, [None, *links], strict=False):
        entry = json.loads(each.text)
        own = entry.pop("hash")
        canonical = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert own == each.hash == sha256(canonical.encode()).hexdigest()
        assert entry["previous"] == (before.hash if before else "0" * 64)


@pytest.mark.parametrize("flip", [0x01, 0x20], ids=["lowest bit", "case bit"])
def test_every_byte_that_is_flipped_is_noticed(links: list[Link], flip: int) -> None:
    record = export(links[:6]).encode()
    flipped = bytearray(record)
    passed = []
    for place in range(len(record)):
        flipped[place] ^= flip
        if not noticed(bytes(flipped)):
            passed.append(place)
        flipped[place] ^= flip
    assert passed == []


@pytest.mark.long
@pytest.mark.parametrize("bit", range(8))
def test_every_bit_that_is_flipped_is_noticed(links: list[Link], bit: int) -> None:
    record = export(links).encode()
    passed = [
        place
        for place in range(len(record))
        if not noticed(record[:place] + bytes([record[place] ^ 1 << bit]) + record[place + 1 :])
    ]
    assert passed == []


def test_every_cut_is_noticed(links: list[Link]) -> None:
    record = export(links[:4]).encode()
    assert [place for place in range(len(record)) if not noticed(record[:place])] == []


def test_every_line_that_goes_moves_or_comes_is_noticed(links: list[Link]) -> None:
    lines = export(links).splitlines(keepends=True)
    changed: dict[str, list[str]] = {}
    for place in range(len(lines)):
        changed[f"without line {place + 1}"] = lines[:place] + lines[place + 1 :]
        changed[f"line {place + 1} twice"] = lines[: place + 1] + lines[place:]
        if place:
            swapped = [*lines[: place - 1], lines[place], lines[place - 1], *lines[place + 1 :]]
            changed[f"lines {place} and {place + 1} swapped"] = swapped
            changed[f"nothing after line {place}"] = lines[:place]
            changed[f"an empty line after line {place}"] = [*lines[:place], "\n", *lines[place:]]
    changed["something after the end"] = [*lines, lines[-1]]
    changed["a blank at the end"] = [*lines, " "]
    assert [what for what, those in changed.items() if verify_record("".join(those)) == ()] == []


def test_a_lost_tail_is_noticed_though_every_entry_left_is_right(links: list[Link]) -> None:
    lines = export(links).splitlines(keepends=True)
    assert verify_record("".join(lines[:-1])) == (
        "line 1: it does not fit the entries below it; some are missing or it was changed.",
    )


def forged(links: list[Link], place: int, change: Callable[[dict[str, Any]], None]) -> str:
    """The record after somebody changed an entry and mended its own hash."""
    texts = [each.text for each in links]
    entry = json.loads(texts[place])
    change(entry)
    entry.pop("hash")
    texts[place] = text_of({**entry, "hash": sha256(text_of(entry).encode()).hexdigest()})
    first = text_of({"record": "paulatim record 1", "procedure": "0001", "entries": len(links), "head": links[-1].hash})
    return "\n".join([first, *texts]) + "\n"


def test_a_changed_entry_with_a_mended_hash_breaks_the_next_one(links: list[Link]) -> None:
    text = forged(links, 4, lambda entry: entry["event"].update(amount="2 mg"))
    said = "entry 6: it was changed after it was written, or the entry before it was."
    assert verify_record(text) == (said,)


SENTENCES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "an event of another program": (
        lambda entry: entry.update(kind="DoseDoubled"),
        "entry 5: 'DoseDoubled' is no event known here.",
    ),
    "no event at all": (lambda entry: entry.update(kind=7), "entry 5: 7 is no event known here."),
    "a number without a unit": (
        lambda entry: entry["event"].update(amount="1"),
        'entry 5.event.amount: "1" has no unit.',
    ),
    "a field too many": (
        lambda entry: entry["event"].update(by_mouth=True),
        "entry 5.event.by_mouth: there is no such field here.",
    ),
    "a field too few": (
        lambda entry: entry["event"].pop("amount"),
        "entry 5.event.amount: the field is missing.",
    ),
    "a step in words": (
        lambda entry: entry["event"].update(step="1"),
        "entry 5.event.step: int is expected, not '1'.",
    ),
    "a step that is true": (
        lambda entry: entry["event"].update(step=True),
        "entry 5.event.step: int is expected, not True.",
    ),
    "another number": (
        lambda entry: entry.update(number=6),
        "entry 5: it says that it is entry 6. One is missing or out of place.",
    ),
    "no time": (lambda entry: entry.update(at="noon"), "entry 5.at: 'noon' is no time."),
    "a time somewhere": (
        lambda entry: entry.update(at="2026-01-05T09:00:00.000"),
        "entry 5.at: '2026-01-05T09:00:00.000' is not a time in UTC.",
    ),
    "a time in Berlin": (
        lambda entry: entry.update(at="2026-01-05T09:00:00.000+01:00"),
        "entry 5.at: '2026-01-05T09:00:00.000+01:00' is not a time in UTC.",
    ),
    "a role that nobody has": (
        lambda entry: entry["by"].update(role="visitor"),
        "entry 5.by.role: 'visitor' is not a valid Role",
    ),
    "a key of its own": (
        lambda entry: entry.update(note="really"),
        "entry 5: this is no entry of a record.",
    ),
}


@pytest.mark.parametrize("what", SENTENCES)
def test_what_cannot_be_read_is_said(links: list[Link], what: str) -> None:
    change, sentence = SENTENCES[what]
    (said,) = verify_record(forged(links, 4, change))
    assert said.startswith(sentence)


def test_impossible_vital_signs_are_refused_with_their_sentence(links: list[Link]) -> None:
    text = forged(links, 2, lambda entry: entry["event"]["vitals"].update(systolic=920))
    assert verify_record(text) == ("entry 3.event.vitals: SBP 920 is outside 20 to 300. Measure again.",)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"number":5', '"number":5.0', "5.0 is a bare number. Write amounts as text with a unit."),
        ('"number":5', '"number":NaN', "NaN is a bare number. Write amounts as text with a unit."),
        ('"number":5', '"number":5,"number":5', "A key is written twice. Keep one of the two."),
        ('"number":5', '"number":' + "5" * 5000, "A whole number has 5000 digits. Nothing here counts that far."),
        ('"number":5', '"number":' + "[" * 100000, "The JSON is nested too deeply to be one of ours."),
        ('"token":"t5"', '"token":"\\ud800"', "A text holds half a character, which has no bytes. Write it again."),
    ],
)  # fmt: skip
def test_tricks_of_json_are_refused(links: list[Link], old: str, new: str, sentence: str) -> None:
    text = export(links)
    assert text.count(old) == 1
    (said,) = verify_record(text.replace(old, new))
    assert said.endswith(sentence)


def test_an_entry_of_another_procedure_does_not_fit(links: list[Link]) -> None:
    stray = link("0002", links[1].fact, links[0].hash)
    said = "entry 2: it is of procedure 0002, the ones before are of 0001."
    with pytest.raises(NotCanonical, match=said):
        list(links_of([links[0].text, stray.text]))


def test_what_is_no_record_is_said() -> None:
    assert verify_record("") == ("The record is cut off: its last line has no end.",)
    assert verify_record("{}\n") == ('This is no record: its first line must name "paulatim record 1".',)
    assert verify_record("[]\n") == ('This is no record: its first line must name "paulatim record 1".',)
    assert verify_record('{"record":"paulatim record 2"}\n')[0].startswith("This is no record")
    assert verify_record('{"record":"paulatim record 1"}\n')[0].startswith("line 1: it does not fit")


def written(event: Any, at: datetime = NOON) -> Iterator[Link]:
    made = link("0001", Fact(1, at, NURSE, "t", event), GENESIS)
    return links_of([made.text])


def test_a_float_is_not_written() -> None:
    with pytest.raises(TypeError, match=r"0\.1 is a float and has no exact text"):
        link("0001", Fact(1, NOON, NURSE, "t", DoseGiven(1, 0.1)), GENESIS)  # type: ignore[arg-type]


def test_a_time_finer_than_the_record_keeps_is_not_cut_in_silence() -> None:
    with pytest.raises(TypeError, match="is finer than a millisecond"):
        written(Held("x"), NOON + timedelta(microseconds=1))


@pytest.mark.parametrize("at", [NOON.replace(tzinfo=None), NOON.astimezone(timezone(timedelta(hours=1)))])
def test_a_time_that_is_not_utc_does_not_come_back(at: datetime) -> None:
    with pytest.raises(NotCanonical, match="is not a time in UTC"):
        list(written(Held("x"), at))


def test_amounts_come_back_exactly() -> None:
    for text in ("1/3 mL", "0.000001 mg", "1296700 units", "0 mL"):
        (read,) = written(DoseGiven(1, Quantity(text)))
        assert read.fact.event == DoseGiven(1, Quantity(text))
    warm = Vitals(120, 70, 80, 16, 98, Fraction(367, 10))
    (read,) = written(VitalsRecorded(warm, True))
    assert read.fact.event == VitalsRecorded(warm, True)


def test_two_facts_that_differ_differ_in_their_hash(links: list[Link]) -> None:
    fact = links[4].fact
    other = [
        replace(fact, number=6),
        replace(fact, at=fact.at + timedelta(milliseconds=1)),
        replace(fact, by=replace(fact.by, name="M")),
        replace(fact, by=replace(fact.by, role=Role.PHARMACIST)),
        replace(fact, token="t6"),
        replace(fact, event=DoseGiven(2, Quantity("1 mg"))),
        replace(fact, event=DoseGiven(1, Quantity("1 mL"))),
    ]
    hashes = {link("0001", each, links[3].hash).hash for each in other}
    hashes |= {link("0001", fact, GENESIS).hash, link("0002", fact, links[3].hash).hash}
    assert links[4].hash not in hashes
    assert len(hashes) == len(other) + 2
