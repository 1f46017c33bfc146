"""The store: rows are only added, a changed row is noticed when it is read, and two writers lose nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from paulatim.assessment import Vitals
from paulatim.canonical import NotCanonical
from paulatim.plan import Plan
from paulatim.record import Link, Store, StoreFailed, export, verify_record
from paulatim.session import Event, Held, Opened, Person, Role, Stopped, VitalsRecorded

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
NURSE = Person("nu", "N", Role.NURSE)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ward.db"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{file}")
    yield made
    made.close()


def add(store: Store, procedure: str | None, *events: Event, token: str = "t") -> str:
    return store.append(procedure, lambda _: [(token, NOON, NURSE, event) for event in events])[0]


def opened(store: Store, plan: Plan) -> str:
    return add(store, None, Opened(plan, True))


def connect(store: Store) -> Any:
    """A connection past the store, by the same library: two copies of SQLite in one process miss each other's locks."""
    sqlite: Any = store.engine.dialect.dbapi
    return sqlite.connect(store.engine.url.database, isolation_level=None)


def raw(store: Store, statement: str, *values: object) -> None:
    """A statement as a hand in the database would send it."""
    connection = connect(store)
    try:
        connection.execute(statement, values)
    finally:
        connection.close()


def unlocked(store: Store) -> None:
    """Take the triggers away, as somebody who means it would."""
    for verb in ("update", "delete", "replace"):
        raw(store, f"DROP TRIGGER entry_no_{verb}")


def test_what_is_added_comes_back(store: Store, tiny_plan: Plan) -> None:
    first = opened(store, tiny_plan)
    _, added = store.append(first, lambda before: [("t2", NOON, NURSE, Held(f"after {len(before)}"))])
    assert store.links(first)[1:] == added
    assert added[0].fact.event == Held("after 1")
    assert verify_record(export(list(store.links(first)))) == ()
    assert store.links("9999") == ()


def test_procedures_are_named_in_their_order(store: Store, tiny_plan: Plan) -> None:
    assert [opened(store, tiny_plan) for _ in range(3)] == ["0001", "0002", "0003"]
    assert store.procedures() == ("0001", "0002", "0003")


def test_after_procedure_9999_the_order_is_kept(store: Store, file: Path, tiny_plan: Plan) -> None:
    opened(store, tiny_plan)
    for name in ("9999", "10000"):
        raw(store, "INSERT INTO entry VALUES (?, 1, 't', 'h', 'x')", name)
    assert store.procedures() == ("0001", "9999", "10000")


@pytest.mark.parametrize("verb", ["UPDATE entry SET text = 'x'", "UPDATE entry SET hash = 'x'", "DELETE FROM entry"])
def test_the_database_refuses_to_change_or_forget(store: Store, file: Path, tiny_plan: Plan, verb: str) -> None:
    name = opened(store, tiny_plan)
    with pytest.raises(
        store.engine.dialect.dbapi.IntegrityError, match=r"^The record is append-only\. Write a correction instead\.$"
    ):
        raw(store, verb)
    with pytest.raises(store.engine.dialect.dbapi.IntegrityError, match=r"append-only"):
        raw(store, f"{verb} WHERE procedure = ?", name)
    with pytest.raises(store.engine.dialect.dbapi.IntegrityError, match=r"append-only|UNIQUE"):
        raw(store, "INSERT OR ABORT INTO entry SELECT * FROM entry")
    assert len(store.links(name)) == 1


def test_the_database_refuses_to_replace(store: Store, tiny_plan: Plan) -> None:
    """SQLite's REPLACE deletes the old row without asking the trigger on DELETE."""
    name = opened(store, tiny_plan)
    other = add(store, None, Opened(tiny_plan, False))
    columns = "SELECT ?, number, token, hash, text FROM entry WHERE procedure = ?"
    with pytest.raises(
        store.engine.dialect.dbapi.IntegrityError, match=r"^The record is append-only\. Write a correction instead\.$"
    ):
        raw(store, f"INSERT OR REPLACE INTO entry {columns}", name, other)
    assert len(store.links(name)) == 1


def test_a_row_of_another_procedure_is_noticed(store: Store, tiny_plan: Plan) -> None:
    name = opened(store, tiny_plan)
    other = add(store, None, Opened(tiny_plan, False))
    unlocked(store)
    raw(store, "DELETE FROM entry WHERE procedure = ?", name)
    raw(store, "UPDATE entry SET procedure = ? WHERE procedure = ?", name, other)
    with pytest.raises(NotCanonical, match=r"^entry 1: its row in the database was changed"):
        store.links(name)


def test_every_changed_byte_of_a_row_is_noticed(store: Store, file: Path, tiny_plan: Plan) -> None:
    name = opened(store, tiny_plan)
    add(store, name, VitalsRecorded(Vitals(120, 70, 80, 16, 98), True), token="tök")
    unlocked(store)
    passed = []
    connection = connect(store)
    connection.text_factory = bytes
    row = connection.execute("SELECT procedure, token, hash, text FROM entry WHERE number = 2").fetchone()
    for column, value in zip(("token", "hash", "text"), row[1:], strict=True):
        change = f"UPDATE entry SET {column} = CAST(? AS TEXT) WHERE number = 2"
        for place in range(len(value)):
            changed = value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]
            connection.execute(change, (changed,))
            if not notices(store, name):
                passed.append((column, place))
        connection.execute(change, (value,))
    connection.close()
    assert passed == []
    assert len(store.links(name)) == 2


def notices(store: Store, name: str) -> bool:
    try:
        store.links(name)
    except (NotCanonical, StoreFailed):
        return True
    return False


ROW = "its row in the database was changed; the row and the text differ."
TEXT = "it was changed after it was written, or the entry before it was."
GONE = "it says that it is entry {}. One is missing or out of place."
CHANGES = {
    "UPDATE entry SET hash = 'x' WHERE number = 2": f"entry 2: {ROW}",
    "UPDATE entry SET token = 't9' WHERE number = 3": f"entry 3: {ROW}",
    "UPDATE entry SET procedure = '0009'": f"entry 1: {ROW}",
    "UPDATE entry SET number = number + 5": f"entry 1: {ROW}",
    "DELETE FROM entry WHERE number = 2": f"entry 2: {GONE.format(3)}",
    "DELETE FROM entry WHERE number = 1": f"entry 1: {GONE.format(2)}",
    "UPDATE entry SET text = replace(text, 'x', 'y') WHERE number = 2": f"entry 2: {TEXT}",
    "UPDATE entry SET text = '' WHERE number = 2": "entry 2: line 1, column 1: this is not JSON (Expecting value).",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_row_is_said(store: Store, tiny_plan: Plan, change: str) -> None:
    name = opened(store, tiny_plan)
    add(store, name, Held("x"), token="t2")
    add(store, name, Held("x"), token="t3")
    unlocked(store)
    raw(store, change)
    with pytest.raises(NotCanonical, match=f"^{re.escape(CHANGES[change])}$"):
        store.links("0009" if "0009" in change else name)


def test_nothing_is_added_to_a_record_that_was_changed(store: Store, file: Path, tiny_plan: Plan) -> None:
    name = opened(store, tiny_plan)
    unlocked(store)
    raw(store, "UPDATE entry SET text = replace(text, 'aspirin', 'Aspirin')")
    with pytest.raises(NotCanonical, match="entry 1: it was changed"):
        add(store, name, Held("x"))


def test_an_error_while_deciding_leaves_everything_as_it_was(store: Store, tiny_plan: Plan) -> None:
    name = opened(store, tiny_plan)

    def fail(_: tuple[Link, ...]) -> list[tuple[str, datetime, Person, Event]]:
        raise LookupError("on the way")

    with pytest.raises(LookupError, match="on the way"):
        store.append(name, fail)
    assert len(store.links(name)) == 1
    add(store, name, Held("and it goes on"))


def test_what_could_not_be_read_back_is_not_written(store: Store, tiny_plan: Plan) -> None:
    name = opened(store, tiny_plan)
    whole = Vitals(120, 70, 80, 16, 98, 37)  # type: ignore[arg-type]  an int where a fraction belongs
    for event in (VitalsRecorded(whole, True), Held("half a character: \ud800"), VitalsRecorded(whole, 1)):  # type: ignore[arg-type]
        with pytest.raises(NotCanonical):
            add(store, name, event)
    with pytest.raises(NotCanonical, match="is not a time in UTC"):
        store.append(name, lambda _: [("t", NOON.replace(tzinfo=None), NURSE, Held("x"))])
    with pytest.raises(TypeError, match="has no exact text"):
        add(store, name, VitalsRecorded(Vitals(120, 70, 80, 16, 98, 36.6), True))  # type: ignore[arg-type]
    assert len(store.links(name)) == 1
    add(store, name, VitalsRecorded(Vitals(120, 70, 80, 16, 98, Fraction(37)), True))


def test_a_token_opens_one_procedure(store: Store, tiny_plan: Plan) -> None:
    def once(token: str) -> str:
        return store.append(None, lambda _: [(token, NOON, NURSE, Opened(tiny_plan, True))], token)[0]

    assert [once("a"), once("a"), once("b"), once("a")] == ["0001", "0001", "0002", "0001"]
    add(store, "0001", Held("x"), token="c")
    assert once("c") == "0003"  # a token that somebody used for something else opens anew


def test_threads_that_open_with_one_token_open_one(file: Path, tiny_plan: Plan) -> None:
    stores = [Store(f"sqlite:///{file}") for _ in range(2)]

    def once(place: int) -> str:
        return stores[place % 2].append(None, lambda _: [("a", NOON, NURSE, Opened(tiny_plan, True))], "a")[0]

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(once, range(16))) == {"0001"}
    for each in stores:
        each.close()


def test_two_stores_in_threads_lose_nothing(file: Path, tiny_plan: Plan) -> None:
    stores = [Store(f"sqlite:///{file}") for _ in range(2)]
    name = opened(stores[0], tiny_plan)

    def write(number: int) -> None:
        add(stores[number % 2], name, Held(f"hold {number}"), token=f"t{number}")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(60)))
    links = stores[1].links(name)
    held = [link.fact.event.reason for link in links if isinstance(link.fact.event, Held)]
    assert sorted(held) == sorted(f"hold {number}" for number in range(60))
    assert verify_record(export(list(links))) == ()
    for each in stores:
        each.close()


WRITER = """
import sys
from datetime import UTC, datetime
from paulatim.record import Store
from paulatim.session import Held, Person, Role
who, file = sys.argv[1:]
store = Store(f"sqlite:///{file}")
for number in range(25):
    by, at = Person(who, who, Role.NURSE), datetime(2026, 1, 5, 12, tzinfo=UTC)
    store.append("0001", lambda _: [(f"{who}{number}", at, by, Held(f"{who} {number}"))])
"""


def test_two_processes_lose_nothing(store: Store, file: Path, tiny_plan: Plan) -> None:
    name = opened(store, tiny_plan)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, who, str(file)], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        )
        for who in ("a", "b")
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    links = store.links(name)
    held = [link.fact.event.reason for link in links if isinstance(link.fact.event, Held)]
    for who in ("a", "b"):
        assert [reason for reason in held if reason.startswith(who)] == [f"{who} {number}" for number in range(25)]
    assert verify_record(export(list(links))) == ()


OPENER = """
import sys
from paulatim.record import Store
Store(f"sqlite:///{sys.argv[1]}").procedures()
"""


def test_processes_that_make_the_file_at_once_make_one(file: Path) -> None:
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER, str(file)], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        )
        for _ in range(3)
    ]
    assert [start.wait() for start in starts] == [0, 0, 0]


def test_a_writer_that_holds_on_is_reported(store: Store, file: Path, tiny_plan: Plan) -> None:
    name = opened(store, tiny_plan)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=1")
    other = connect(store)
    other.execute("BEGIN IMMEDIATE")
    said = r"^Nothing was recorded: the database refused it \(database is locked\)\. Try again, or use paper\.$"
    with pytest.raises(StoreFailed, match=said):
        add(store, name, Held("x"))
    other.execute("ROLLBACK")
    other.close()
    add(store, name, Held("x"))


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/nowhere/ward.db"
    said = r"cannot be opened \(unable to open database file\)\. Check that its folder exists and can be written\.$"
    with pytest.raises(StoreFailed, match=said):
        Store(url)


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear colleague, this is no database. " * 40)
    with pytest.raises(StoreFailed, match=r"cannot be opened .*not a database"):
        Store(f"sqlite:///{tmp_path}/letter.db")


def test_a_database_that_breaks_is_said(store: Store, file: Path, tiny_plan: Plan) -> None:
    name = opened(store, tiny_plan)
    raw(store, "DROP TABLE entry")
    with pytest.raises(StoreFailed, match=r"^The record cannot be read \(no such table: entry\)\. Use paper"):
        store.links(name)
    with pytest.raises(StoreFailed, match=r"^Nothing was recorded"):
        add(store, name, Held("x"))


@pytest.mark.parametrize("url", ["postgresql://ward/db", "ward.db", ""])
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(StoreFailed, match=r"is no database known here\. Write sqlite:///FILE\.$"):
        Store(url)


def test_the_disk_has_it_before_anybody_is_told(store: Store) -> None:
    """What SQLite promises rests on these: every commit is flushed, and a reader never blocks the writer."""
    with store.engine.connect() as connection:
        said = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("synchronous", "journal_mode")
        }
    assert said == {"synchronous": 2, "journal_mode": "wal"}


def test_a_store_opened_again_has_it_all(store: Store, file: Path, tiny_plan: Plan) -> None:
    name = opened(store, tiny_plan)
    add(store, name, Stopped("x"))
    before = store.links(name)
    store.close()
    again = Store(f"sqlite:///{file}")
    assert again.links(name) == before
    again.close()
