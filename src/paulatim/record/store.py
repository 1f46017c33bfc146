"""The append-only store: entries in a database (SQLite here), one chain a procedure, durable before it is believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, func, insert, select
from sqlalchemy.exc import DatabaseError

from paulatim.canonical import NotCanonical
from paulatim.record.chain import GENESIS, Link, link, link_of, links_of
from paulatim.record.tables import entries
from paulatim.session import Event, Fact, Person

__all__ = ["Store", "StoreFailed"]


Decide = Callable[[tuple[Link, ...]], Sequence[tuple[str, Any, Person, Event]]]


class StoreFailed(RuntimeError):
    """The database cannot be opened, read or written; the message says what to look at. Nothing was recorded."""


class Store:
    """Reads and appends the entries of procedures. `url` is an SQLAlchemy URL such as `sqlite:///ward.db`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        try:
            _migrate(self.engine)
            with self.engine.connect() as connection:
                self.version = str(connection.exec_driver_sql("select sqlite_version()").scalar_one())
        except DatabaseError as error:
            raise StoreFailed(
                f"{url} cannot be opened ({error.orig}). Check that its folder exists and can be written."
            ) from None

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def procedures(self) -> tuple[str, ...]:
        """The ids of all procedures, oldest first."""
        with self._reading() as connection:
            names = (
                select(entries.c.procedure).distinct().order_by(func.length(entries.c.procedure), entries.c.procedure)
            )
            return tuple(connection.scalars(names))

    def links(self, procedure: str) -> tuple[Link, ...]:
        """The entries of a procedure, each checked against the chain."""
        with self._reading() as connection:
            return _links(connection, procedure)

    def append(self, procedure: str | None, decide: Decide, token: str = "") -> tuple[str, tuple[Link, ...]]:
        """Read, decide and write in one transaction that nobody else writes in.

        `decide` gets the entries so far and returns what to add, as (token, time, person, event); an error that it
        raises leaves everything as it was. `procedure` None opens a new one, unless `token` has opened one already:
        then it is that one and nothing is added. Returns once the disk has it.
        """
        try:
            with self.engine.begin() as connection:
                if procedure is None and token and (known := _opened_by(connection, token)):
                    return known, ()
                name = procedure or _next_name(connection)
                before = _links(connection, name)
                added: list[Link] = []
                for token, at, by, happened in decide(before):
                    last = added[-1] if added else before[-1] if before else None
                    number, previous = len(before) + len(added) + 1, last.hash if last else GENESIS
                    made = link(name, Fact(number, at, by, token, happened), previous)
                    added.append(link_of(made.text, previous, number))  # what cannot be read back is not written
                if added:
                    connection.execute(insert(entries), [_row(each) for each in added])
        except DatabaseError as error:
            raise StoreFailed(
                f"Nothing was recorded: the database refused it ({error.orig}). Try again, or use paper."
            ) from None
        return name, tuple(added)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self.engine.connect().execution_options(only_reads=True) as connection:
                yield connection
        except DatabaseError as error:
            raise StoreFailed(
                f"The record cannot be read ({error.orig}). Use paper until the database is mended."
            ) from None


def _row(each: Link) -> dict[str, object]:
    fact = each.fact
    return {
        "procedure": each.procedure,
        "number": fact.number,
        "token": fact.token,
        "hash": each.hash,
        "text": each.text,
    }


def _links(connection: Connection, procedure: str) -> tuple[Link, ...]:
    found = select(entries).where(entries.c.procedure == procedure).order_by(entries.c.number)
    rows = connection.execute(found).mappings().all()
    links = tuple(links_of(row["text"] for row in rows))
    for row, each in zip(rows, links, strict=True):
        if dict(row) != _row(each):
            raise NotCanonical(
                f"entry {each.fact.number}: its row in the database was changed; the row and the text differ."
            )
    return links


def _opened_by(connection: Connection, token: str) -> str | None:
    first = select(entries.c.procedure).where(entries.c.token == token, entries.c.number == 1)
    return connection.scalar(first.limit(1))


def _next_name(connection: Connection) -> str:
    known = connection.execute(select(func.count(entries.c.procedure.distinct()))).scalar_one()
    return f"{known + 1:04d}"


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        raise StoreFailed(f"{url} is no database known here. Write sqlite:///FILE.")
    newer = find_spec("pysqlite3")  # newer than Debian's SQLite 3.40, which can lose a WAL reset
    engine = create_engine(url, module=import_module("pysqlite3.dbapi2") if newer else None)

    @event.listens_for(engine, "connect")
    def _connect(raw: Any, _: object) -> None:
        raw.isolation_level = None  # transactions are begun below, not by the driver
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "trusted_schema=OFF"):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get("only_reads")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")  # a deferred one deadlocks two writers

    return engine


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
