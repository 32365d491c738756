"""Slots that advisors offer, and what members book."""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import replace_check

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

DELIVERY_KINDS = (
    "kind IN ('greeting', 'season_date', 'date_moved', 'own', 'letter', 'rule_change', 'notice', 'notice_fan', 'notice_recall', "
    "'start_here', 'live_card', 'nudge', 'question', 'answer', 'slot', 'alarm', 'status_line')"
)
ERASED_SLOT = "advisor_id IS NOT NULL OR (state = 'cancelled' AND blob IS NULL)"
ERASED_BOOKING = "member_id IS NOT NULL OR state <> 'booked'"
BOOKED = sa.text("state = 'booked'")


def upgrade() -> None:
    """Add the tables, and let the new kind in."""
    replace_check("delivery", "ck_delivery_kind", DELIVERY_KINDS)
    _add_drafts()
    _add_slots()
    _add_bookings()


def _add_drafts() -> None:
    op.create_table(
        "slot_draft",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("advisor_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_slot_draft"),
    )
    op.create_index("ix_slot_draft_advisor", "slot_draft", ["advisor_id", "guild_id"])


def _add_slots() -> None:
    op.create_table(
        "slot",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("advisor_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("local", sa.String(length=32), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("begins_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("kind IN ('office_hours', 'mock_interview', 'other')", name="ck_slot_kind"),
        sa.CheckConstraint("state IN ('open', 'cancelled')", name="ck_slot_state"),
        sa.CheckConstraint("ends_at > begins_at", name="ck_slot_times"),
        sa.CheckConstraint("capacity BETWEEN 1 AND 25", name="ck_slot_capacity"),
        sa.CheckConstraint("revision >= 0", name="ck_slot_revision"),
        sa.CheckConstraint(ERASED_SLOT, name="ck_slot_erased"),
        sa.PrimaryKeyConstraint("id", name="pk_slot"),
    )
    op.create_index("ix_slot_guild", "slot", ["guild_id", "state", "begins_at"])
    op.create_index("ix_slot_advisor", "slot", ["advisor_id", "state", "begins_at"])


def _add_bookings() -> None:
    op.create_table(
        "slot_booking",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("slot_id", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("booked_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('booked', 'cancelled', 'released')", name="ck_slot_booking_state"),
        sa.CheckConstraint(ERASED_BOOKING, name="ck_slot_booking_erased"),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name="fk_slot_booking_slot_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_slot_booking"),
    )
    op.create_index(
        "uq_slot_booking_place", "slot_booking", ["slot_id", "member_id"], unique=True, sqlite_where=BOOKED, postgresql_where=BOOKED
    )
    op.create_index("ix_slot_booking_slot", "slot_booking", ["slot_id", "state"])
    op.create_index("ix_slot_booking_member", "slot_booking", ["member_id", "state"])
