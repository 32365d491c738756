"""Dates of the season as a server's managers confirmed or corrected them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "server_date",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("local", sa.String(length=32), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("day_only", sa.Boolean(), nullable=False),
        sa.Column("is_moved", sa.Boolean(), nullable=False),
        sa.Column("source_url", sa.String(length=200), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("source_url LIKE 'https://%'", name="ck_server_date_source_url"),
        sa.PrimaryKeyConstraint("guild_id", "event_id", name="pk_server_date"),
    )
    op.create_index("ix_server_date_confirmed_by", "server_date", ["confirmed_by"])
