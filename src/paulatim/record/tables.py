"""The tables of the record. Rows are only ever added; triggers in the database refuse everything else."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, String, Table, Text

__all__ = ["entries", "metadata"]

metadata = MetaData()

entries = Table(
    "entry",
    metadata,
    Column("procedure", String(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("token", String(64), nullable=False, index=True),
    Column("hash", String(64), nullable=False),
    Column("text", Text, nullable=False),
)
