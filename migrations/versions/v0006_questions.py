"""Questions of members to advisors, and what was said about them."""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import replace_check

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DELIVERY_KINDS = (
    "kind IN ('greeting', 'season_date', 'date_moved', 'own', 'letter', 'rule_change', 'notice', 'notice_fan', 'notice_recall', "
    "'start_here', 'live_card', 'nudge', 'question', 'answer', 'alarm', 'status_line')"
)
TOPICS = "topic IN ('eligibility', 'exams', 'letters', 'programs', 'interviews', 'rank_list', 'visa', 'canada', 'other')"
STATES = "state IN ('draft', 'open', 'claimed', 'answered', 'reopened', 'closed', 'withdrawn')"
ENTRY = "(asked_at IS NULL) = (channel_id IS NULL) AND (asked_at IS NULL) = (entry_id IS NULL)"
RATING = "rating IS NULL OR (rating BETWEEN 1 AND 5 AND state IN ('closed', 'withdrawn'))"


def upgrade() -> None:
    """Add the tables, and let the new kinds in."""
    replace_check("delivery", "ck_delivery_kind", DELIVERY_KINDS)
    _add_question()
    _add_what_was_said()


def _add_question() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("topic", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("is_name_hidden", sa.Boolean(), nullable=False),
        sa.Column("waits_since", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("entry_id", sa.String(length=16), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(TOPICS, name="ck_question_topic"),
        sa.CheckConstraint(STATES, name="ck_question_state"),
        sa.CheckConstraint("(state = 'draft') = (asked_at IS NULL)", name="ck_question_asked"),
        sa.CheckConstraint(ENTRY, name="ck_question_entry"),
        sa.CheckConstraint("(state = 'withdrawn') = (blob IS NULL)", name="ck_question_withdrawn"),
        sa.CheckConstraint("member_id IS NOT NULL OR blob IS NULL", name="ck_question_erased"),
        sa.CheckConstraint("state <> 'closed' OR closed_at IS NOT NULL", name="ck_question_closed"),
        sa.CheckConstraint("state <> 'answered' OR answered_at IS NOT NULL", name="ck_question_answered"),
        sa.CheckConstraint(RATING, name="ck_question_rating"),
        sa.CheckConstraint("revision >= 0", name="ck_question_revision"),
        sa.PrimaryKeyConstraint("id", name="pk_question"),
    )
    op.create_index("ix_question_queue", "question", ["guild_id", "state", "waits_since"])
    op.create_index("ix_question_member", "question", ["member_id", "guild_id"])


def _add_what_was_said() -> None:
    op.create_table(
        "question_claim",
        sa.Column("question_id", sa.String(length=16), nullable=False),
        sa.Column("advisor_id", sa.BigInteger(), nullable=True),
        sa.Column("claimed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name="fk_question_claim_question_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("question_id", name="pk_question_claim"),
    )
    op.create_index("ix_question_claim_advisor", "question_claim", ["advisor_id"])
    op.create_table(
        "question_message",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("question_id", sa.String(length=16), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("role IN ('member', 'advisor', 'moderator')", name="ck_question_message_role"),
        sa.CheckConstraint("author_id IS NOT NULL OR blob IS NULL", name="ck_question_message_erased"),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name="fk_question_message_question_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_question_message"),
    )
    op.create_index("ix_question_message_question", "question_message", ["question_id", "revision"])
    op.create_index("ix_question_message_author", "question_message", ["author_id"])
