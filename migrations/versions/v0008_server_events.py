"""Discord scheduled events that are kept for servers."""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import replace_check

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

DELIVERY_KINDS = (
    "kind IN ('greeting', 'season_date', 'date_moved', 'own', 'letter', 'rule_change', 'notice', 'notice_fan', 'notice_recall', "
    "'start_here', 'live_card', 'nudge', 'question', 'answer', 'slot', 'alarm', 'server_event', 'status_line')"
)
STANDING = "state <> 'standing' OR (discord_id IS NOT NULL AND shown IS NOT NULL AND shown_from IS NOT NULL)"


def upgrade() -> None:
    """Add the table, and let the new kind in."""
    replace_check("delivery", "ck_delivery_kind", DELIVERY_KINDS)
    op.create_table(
        "server_event",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("event_id", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("discord_id", sa.BigInteger(), nullable=True),
        sa.Column("shown", sa.String(length=64), nullable=True),
        sa.Column("shown_from", sa.BigInteger(), nullable=True),
        sa.Column("trouble", sa.String(length=16), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("state IN ('draft', 'planned', 'standing', 'gone', 'ending')", name="ck_server_event_state"),
        sa.CheckConstraint("trouble IN ('permission', 'full', 'place', 'refused')", name="ck_server_event_trouble"),
        sa.CheckConstraint("event_id IS NOT NULL OR blob IS NOT NULL", name="ck_server_event_words"),
        sa.CheckConstraint("state NOT IN ('draft', 'planned') OR discord_id IS NULL", name="ck_server_event_not_yet"),
        sa.CheckConstraint(STANDING, name="ck_server_event_standing"),
        sa.CheckConstraint("revision >= 0", name="ck_server_event_revision"),
        sa.PrimaryKeyConstraint("id", name="pk_server_event"),
        sa.UniqueConstraint("guild_id", "event_id", name="uq_server_event_date"),
    )
    op.create_index("ix_server_event_author", "server_event", ["author_id"])
