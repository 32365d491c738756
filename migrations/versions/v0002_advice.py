"""Saved eligibility answers, letters, rotations, calendar feeds, countdown cards and broadcasts; new kinds of reminders and deliveries."""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import replace_check

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REMINDER_KINDS = "kind IN ('season_date', 'own', 'letter')"
DELIVERY_KINDS = "kind IN ('greeting', 'season_date', 'own', 'letter', 'rule_change', 'notice', 'live_card', 'status_line')"


def upgrade() -> None:
    """Make the tables of the letters, the answers and the channels; let the new kinds in."""
    replace_check("reminder", "ck_reminder_kind", REMINDER_KINDS)
    replace_check("delivery", "ck_delivery_kind", DELIVERY_KINDS)
    _eligibility()
    _letter_plan()
    _letter()
    _letter_follow_up()
    _letter_assignment()
    _rotation()
    _calendar_feed()
    _published_event()
    _live_card()
    _broadcast()


def _eligibility() -> None:
    op.create_table(
        "eligibility",
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("match_year", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.Column("is_to_be_told", sa.Boolean(), nullable=False),
        sa.Column("checked_with", sa.String(length=64), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_eligibility_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("member_id", name="pk_eligibility"),
    )
    op.create_index("ix_eligibility_checked", "eligibility", ["checked_with"])


def _letter_plan() -> None:
    op.create_table(
        "letter_plan",
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_letter_plan_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("member_id", name="pk_letter_plan"),
    )


def _letter() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("season_year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'asked', 'agreed', 'entry_created', 'request_sent', 'uploaded', 'assigned', 'declined')",
            name="ck_letter_state",
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_letter_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
    )
    op.create_index("ix_letter_member", "letter", ["member_id", "season_year"])


def _letter_follow_up() -> None:
    op.create_table(
        "letter_follow_up",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("letter_id", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reminder_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint("kind IN ('six_weeks', 'two_weeks', 'one_week', 'thanks')", name="ck_letter_follow_up_kind"),
        sa.CheckConstraint("state IN ('planned', 'done', 'skipped')", name="ck_letter_follow_up_state"),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name="fk_letter_follow_up_letter_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_letter_follow_up_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_letter_follow_up"),
        sa.UniqueConstraint("letter_id", "kind", name="uq_letter_follow_up_letter_id"),
    )
    op.create_index("ix_letter_follow_up_member", "letter_follow_up", ["member_id", "due_on"])


def _letter_assignment() -> None:
    op.create_table(
        "letter_assignment",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("letter_id", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("service", sa.String(length=16), nullable=False),
        sa.Column("is_assigned", sa.Boolean(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "service IN ('eras', 'residencycas', 'central_app', 'sf_match', 'carms', 'other')", name="ck_letter_assignment_service"
        ),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name="fk_letter_assignment_letter_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_letter_assignment_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_letter_assignment"),
    )
    op.create_index("ix_letter_assignment_member", "letter_assignment", ["member_id", "letter_id"])


def _rotation() -> None:
    op.create_table(
        "rotation",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name="ck_rotation_dates"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_rotation_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_rotation"),
    )
    op.create_index("ix_rotation_member", "rotation", ["member_id", "starts_on"])


def _calendar_feed() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_calendar_feed_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("member_id", name="pk_calendar_feed"),
        sa.UniqueConstraint("secret_hash", name="uq_calendar_feed_secret_hash"),
    )


def _published_event() -> None:
    op.create_table(
        "published_event",
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("sequence >= 0", name="ck_published_event_sequence"),
        sa.PrimaryKeyConstraint("event_id", name="pk_published_event"),
    )


def _live_card() -> None:
    op.create_table(
        "live_card",
        sa.Column("channel_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel_id", name="pk_live_card"),
    )
    op.create_index("ix_live_card_guild", "live_card", ["guild_id"])


def _broadcast() -> None:
    op.create_table(
        "broadcast",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("(state = 'confirmed') = (confirmed_at IS NOT NULL)", name="ck_broadcast_confirmed"),
        sa.CheckConstraint("state IN ('draft', 'confirmed')", name="ck_broadcast_state"),
        sa.PrimaryKeyConstraint("id", name="pk_broadcast"),
    )
    op.create_index("ix_broadcast_author", "broadcast", ["author_id"])
    op.create_index("ix_broadcast_guild", "broadcast", ["guild_id", "created_at"])
