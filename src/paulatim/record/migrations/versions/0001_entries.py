"""The table of entries, and the triggers that keep it append-only.

Revision: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_REFUSE = "SELECT RAISE(ABORT, 'The record is append-only. Write a correction instead.')"


def upgrade() -> None:
    op.create_table(
        "entry",
        sa.Column("procedure", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("token", sa.String(64), nullable=False, index=True),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    for verb in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER entry_no_{verb.lower()} BEFORE {verb} ON entry BEGIN {_REFUSE}; END")
    # INSERT OR REPLACE deletes a row without asking the trigger on DELETE
    there = "SELECT 1 FROM entry WHERE procedure = NEW.procedure AND number = NEW.number"
    op.execute(f"CREATE TRIGGER entry_no_replace BEFORE INSERT ON entry WHEN EXISTS ({there}) BEGIN {_REFUSE}; END")
