"""Data files stay text, and each thing wrong with one is told with its place and what to write, all at once."""

from __future__ import annotations

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paulatim.library import Node, Unreadable, read


class Taste(StrEnum):
    """A choice to make in a test file."""

    SWEET = "sweet"
    SOUR = "sour"


def problems(text: str, build: object = None) -> list[str]:
    """What is said about a text."""
    with pytest.raises(Unreadable) as error:
        read(text, "f.yaml", build or (lambda root: dict(root.items())))  # type: ignore[arg-type]
    assert str(error.value) == "\n".join(map(str, error.value.problems))
    return [str(problem) for problem in error.value.problems]


def built(text: str, build: object) -> object:
    """What is built from a text that nothing is wrong with."""
    return read(text, "f.yaml", build)  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize("word", [
    "NO", "yes", "on", "~", "null", "12:30", "12:30:00", "1e-5", "0,015", "0x10", "010", "1_000", ".inf", "2020-01-01",
    "true", "=", "<<", "0o14", "1.0",
])  # fmt: skip
def test_every_scalar_stays_the_words_that_were_written(word: str) -> None:
    assert built(f"key: {word}", lambda root: root.child("key").text()) == word
    assert built(f"{word}: text", lambda root: dict(root.items())[word].text()) == "text"


def test_quotes_and_folded_lines_are_read_as_yaml_reads_them() -> None:
    text = 'a: "5 mg: slowly"\nb: one\n  two\nc: >\n  three\n  four\n'
    assert built(text, lambda root: [root.child(key).text() for key in "abc"]) == [
        "5 mg: slowly",
        "one two",
        "three four",
    ]


def test_a_mark_at_the_start_and_windows_line_ends_do_no_harm() -> None:
    assert built("\ufeffa: 1\r\nb: 2\r\n", lambda root: [node.text() for _, node in root.items()]) == ["1", "2"]


CHECK = "Check the indentation, and put quotes around a text that holds a sign."
BAD_FILES = {
    "": ["f.yaml:1:1: file: Write `name: value` lines; the file holds none."],
    "# only a remark\n": ["f.yaml:1:1: file: Write `name: value` lines; the file holds none."],
    "just words\n": ["f.yaml:1:1: file: Write `name: value` lines; the file holds none."],
    "\n- a\n- b\n": ["f.yaml:2:1: file: Write `name: value` lines; the file holds none."],
    "a: 1\nb: 2\na: 3\n": ['f.yaml:3:1: file: "a" is written twice. Keep one of the two.'],
    "a: 1\nb:\n  c: 1\n  c: 2\n  c: 3\n": [
        'f.yaml:4:3: b: "c" is written twice. Keep one of the two.',
        'f.yaml:5:3: b: "c" is written twice. Keep one of the two.',
    ],
    "a: &x 1\nb: *x\n": [
        "f.yaml:1:4: file: This holds an anchor or alias. Write the value out.",
        "f.yaml:2:4: file: This holds an anchor or alias. Write the value out.",
    ],
    "a: !!float 1\nb: ! 2\nc: !mine {}\n": [
        "f.yaml:1:4: file: This holds a tag. Write plain text.",
        "f.yaml:2:4: file: This holds a tag. Write plain text.",
        "f.yaml:3:4: file: This holds a tag. Write plain text.",
    ],
    "a: 1\n---\nb: 2\n": ["f.yaml:2:1: file: This holds another document. Keep one in a file."],
    "a:\n\tb: 1\n": ["f.yaml:2:1: file: This holds a tab. Write plain spaces."],
    "a: 1\t\nb: '\t'\n": [
        "f.yaml:1:5: file: This holds a tab. Write plain spaces.",
        "f.yaml:2:5: file: This holds a tab. Write plain spaces.",
    ],
    "a: 5\u00a0mg\nb: 1\u200b0 mg\n": [
        "f.yaml:1:5: file: This holds the hidden character U+00A0. Write plain spaces.",
        "f.yaml:2:5: file: This holds the hidden character U+200B. Write plain spaces.",
    ],
    "a: \x00\n": ["f.yaml:1:4: file: This holds the hidden character U+0000. Write plain spaces."],
    "a: \ud800\n": ["f.yaml:1:4: file: This holds the hidden character U+D800. Write plain spaces."],
    "a: 1\u20282\n": ["f.yaml:1:5: file: This holds the hidden character U+2028. Write plain spaces."],
    "? [a, b]\n: 1\n": ["f.yaml:1:3: file: Write a plain word as the key."],
    "'': 1\n": ["f.yaml:1:1: file: Write a plain word as the key."],
    "a: b: c\n": [f"f.yaml:1:5: file: This is not YAML: mapping values are not allowed in this context. {CHECK}"],
    "a: [1, 2\n": [f"f.yaml:2:1: file: This is not YAML: did not find expected ',' or ']'. {CHECK}"],
    'a: "1\n': [f"f.yaml:2:1: file: This is not YAML: found unexpected end of stream. {CHECK}"],
    "a: " + "[" * 13 + "]" * 13: ["f.yaml:1:15: file: This holds more than 12 levels, one in the other. Write fewer."],
    "a: " + "[" * 100000: ["f.yaml:1:15: file: This holds more than 12 levels, one in the other. Write fewer."],
}


@pytest.mark.parametrize("text", BAD_FILES, ids=lambda text: ascii(text)[:20])
def test_a_file_that_is_no_data_file_is_refused_with_the_place(text: str) -> None:
    assert problems(text) == BAD_FILES[text]


def fields(root: Node) -> list[object]:
    """Read one field of each sort."""
    step = root.child("step", "{rate: 2 mL/h}")
    made = [
        step.child("rate", "2 mL/h").quantity("mL/h", above_zero=True),
        step.child("volume").quantity("mL"),
        root.child("share").fraction(),
        root.child("count").whole(),
        root.child("taste").choice(Taste),
        [node.text() for node in root.child("notes").list()],
        root.group("extra").child("inside").text(),
        step.maybe("note"),
    ]
    step.finish()
    root.finish()
    return made


GOOD_FIELDS = (
    "step: {rate: 2 mL/h, volume: 0 mL}\nshare: 1/100\ncount: 12\ntaste: sour\nnotes: [one, two]\nextra: {inside: x}\n"
)


def test_fields_are_read() -> None:
    made = [str(value) for value in read(GOOD_FIELDS, "f.yaml", fields)]
    assert made == ["2 mL/h", "0 mL", "1/100", "12", "sour", "['one', 'two']", "x", "None"]


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_file() -> None:
    text = (
        "taste: salty\nstep:\n  rate: 2\n  volume: -1 mL\n  rat: 3 mL/h\nshare: half\ncount: 012\nnotes: one\n"
        "extra: {}\nmore: x\n"
    )
    known = "count, extra, notes, share, step, taste"
    assert problems(text, fields) == [
        'f.yaml:1:8: taste: "salty" is not known here. Write one of sweet, sour.',
        'f.yaml:3:9: step.rate: "2" has no unit. Write the unit too, such as "0.1 mg".',
        "f.yaml:4:11: step.volume: -1 mL cannot be. Write an amount of zero or more.",
        'f.yaml:5:8: step.rat: "rat" is not known here. Write one of note, rate, volume, or remove it.',
        'f.yaml:6:8: share: "half" does not begin with a number. Write digits, such as "0.1".',
        'f.yaml:7:8: count: "012" is not a whole number of 1 or more. Write digits such as 12.',
        'f.yaml:8:8: notes: Write a list here, one "- ..." line for each.',
        'f.yaml:9:8: extra: "inside" is missing. Write "inside: ...".',
        f'f.yaml:10:7: more: "more" is not known here. Write one of {known}, or remove it.',
    ]


def test_what_is_missing_is_told_once_where_it_belongs() -> None:
    assert problems("\nshare: 1/2\ncount: 1\n", fields) == [
        'f.yaml:2:1: file: "step" is missing. Write "step: {rate: 2 mL/h}".',
        'f.yaml:2:1: file: "taste" is missing. Write "taste: ...".',
        'f.yaml:2:1: file: "notes" is missing. Write "notes: ...".',
    ]


WRONG_FIELDS = {
    "step: 2 mL/h": ["f.yaml:1:7: step: Write `name: value` lines here."],
    "step: [rate, volume]": ["f.yaml:1:7: step: Write `name: value` lines here."],
    "step:": ["f.yaml:1:6: step: Write `name: value` lines here."],
    "step: {rate: {is: 2 mL/h}, volume: 1 mL}": ["f.yaml:1:14: step.rate: Write one text here."],
    "step: {rate: , volume: 1 mL}": ["f.yaml:1:14: step.rate: Write one text here."],
    "step: {rate: 0 mL/h, volume: 1 mL}": ["f.yaml:1:14: step.rate: 0 mL/h cannot be. Write an amount above zero."],
    "step: {rate: 5 mg, volume: 1 mL}": ["f.yaml:1:14: step.rate: 5 mg measures mass. Write an amount in mL/h."],
    "step: {rate: '0,5 mL/h', volume: 1 mL}": [
        'f.yaml:1:14: step.rate: "0,5 mL/h" holds a comma. Write a point for decimals and no separator for thousands.'
    ],
    "step: {rate: 1e-5 mL/h, volume: 1 mL}": [
        'f.yaml:1:14: step.rate: "1e-5 mL/h" uses powers of ten. Write all the digits.'
    ],
    "count: 0": ['f.yaml:1:8: count: "0" is not a whole number of 1 or more. Write digits such as 12.'],
    "count: 1.0": ['f.yaml:1:8: count: "1.0" is not a whole number of 1 or more. Write digits such as 12.'],
    "count: ３": ['f.yaml:1:8: count: "３" is not a whole number of 1 or more. Write digits such as 12.'],
    "count: 12345678": ['f.yaml:1:8: count: "12345678" is not a whole number of 1 or more. Write digits such as 12.'],
    "taste: Sour": ['f.yaml:1:8: taste: "Sour" is not known here. Write one of sweet, sour.'],
    "notes: [one, {two: 2}, [3], '']": [
        "f.yaml:1:14: notes[2]: Write one text here.",
        "f.yaml:1:24: notes[3]: Write one text here.",
        "f.yaml:1:29: notes[4]: Write one text here.",
    ],
    "notes:": ['f.yaml:1:7: notes: Write a list here, one "- ..." line for each.'],
    "extra: none": ["f.yaml:1:8: extra: Write `name: value` lines here."],
}


@pytest.mark.parametrize("line", WRONG_FIELDS, ids=lambda text: ascii(text)[:30])
def test_a_wrong_field_is_told_with_its_place_and_what_to_write(line: str) -> None:
    key = line.partition(":")[0]
    rest = [other for other in GOOD_FIELDS.splitlines() if not other.startswith(f"{key}:")]
    assert problems("\n".join([line, *rest]), fields) == WRONG_FIELDS[line]


def test_a_place_is_found_by_its_path_or_the_nearest_above_it() -> None:
    def note(root: Node) -> None:
        for path in ("a.b", "a.b.c", "a.d", "d.e", "list[2].at", "list[2].to"):
            root.find(path).problem("Look here.")

    assert problems("a: {b: 1}\nlist:\n  - {at: 1}\n  - {at: 2}\n", note) == [
        "f.yaml:1:1: file: Look here.",
        "f.yaml:1:4: a: Look here.",
        "f.yaml:1:8: a.b: Look here.",
        "f.yaml:4:5: list[2]: Look here.",
        "f.yaml:4:10: list[2].at: Look here.",
    ]


@given(st.one_of(st.text(), st.text(alphabet="ab:-[]{}&*!|>'\"%@`#,? \n\t1\x00\ud800\u2028")))
def test_any_text_is_read_or_refused_with_its_problems(text: str) -> None:
    try:
        made = read(text, "f.yaml", lambda root: dict(root.items()))
    except Unreadable as error:
        refused = error.problems
    else:
        refused = ()
        assert all(isinstance(node, Node) for node in made.values())
    assert all(problem.line > 0 and problem.column > 0 and problem.sentence.endswith(".") for problem in refused)
