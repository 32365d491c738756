"""What reminders of dates were computed from, what calendars were told, servers' settings, and new kinds of deliveries."""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import replace_check

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DELIVERY_KINDS = (
    "kind IN ('greeting', 'season_date', 'date_moved', 'own', 'letter', 'rule_change', 'notice', 'live_card', 'nudge', 'status_line')"
)
MICROSECONDS = 1_000_000


def upgrade() -> None:
    """Add the columns and tables, and let the new kinds in."""
    replace_check("delivery", "ck_delivery_kind", DELIVERY_KINDS)
    op.add_column("reminder", sa.Column("event_at", sa.BigInteger(), nullable=True))
    # A reminder put off by a snooze has no lead either and follows no date, so those at the moment of an event are left as they are.
    op.execute(
        sa.text(f"UPDATE reminder SET event_at = due_at + lead_seconds * {MICROSECONDS} WHERE kind = 'season_date' AND lead_seconds > 0")  # noqa: S608 - a constant
    )
    there = sa.text("event_at IS NOT NULL")
    op.create_index("ix_reminder_event", "reminder", ["event_id", "event_at"], sqlite_where=there, postgresql_where=there)
    op.add_column("published_event", sa.Column("told_at", sa.String(length=64), nullable=True))
    op.create_table(
        "server",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("nudge_channel_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("guild_id", name="pk_server"),
    )
