"""The table of entries, and the triggers that keep it append-only.

Revision: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_REFUSAL = "The record is append-only. Write a correction instead."


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
        op.execute(
            f"CREATE TRIGGER entry_no_{verb.lower()} BEFORE {verb} ON entry BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        )
