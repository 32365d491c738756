"""Members, reminders, deliveries, leases and the key's canary."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the first tables."""
    _key_check()
    _lease()
    _member()
    _delivery()
    _delivery_indexes()
    _reminder()


def _key_check() -> None:
    op.create_table(
        "key_check",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("canary", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_key_check_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_key_check"),
    )


def _lease() -> None:
    op.create_table(
        "lease",
        sa.Column("partition", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("partition", name="pk_lease"),
    )


def _member() -> None:
    op.create_table(
        "member",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("target_year", sa.Integer(), nullable=True),
        sa.Column("direct_messages", sa.String(length=16), nullable=False),
        sa.Column("consented_at", sa.BigInteger(), nullable=True),
        sa.Column("consent_version", sa.Integer(), nullable=True),
        sa.Column("dm_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "direct_messages = 'off' OR (consented_at IS NOT NULL AND consent_version IS NOT NULL)", name="ck_member_consent"
        ),
        sa.CheckConstraint("direct_messages IN ('off', 'on', 'closed')", name="ck_member_direct_messages"),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
    )


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("guild_id", sa.BigInteger(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(length=128), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("first_tried_at", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(recipient LIKE 'member:%') = (member_id IS NOT NULL)"
            " AND (member_id IS NULL OR recipient = 'member:' || CAST(member_id AS VARCHAR(20)))",
            name="ck_delivery_member",
        ),
        sa.CheckConstraint("(state = 'claimed') = (lease_owner IS NOT NULL)", name="ck_delivery_lease_owner"),
        sa.CheckConstraint(
            "(state = 'sent') = (message_id IS NOT NULL) AND (state = 'sent') = (sent_at IS NOT NULL)", name="ck_delivery_sent"
        ),
        sa.CheckConstraint("answer IN ('done', 'snoozed')", name="ck_delivery_answer"),
        sa.CheckConstraint("answer IS NULL OR state = 'sent'", name="ck_delivery_answered"),
        sa.CheckConstraint("kind IN ('greeting', 'season_date', 'own')", name="ck_delivery_kind"),
        sa.CheckConstraint("recipient <> ''", name="ck_delivery_recipient"),
        sa.CheckConstraint("state <> 'claimed' OR first_tried_at IS NOT NULL", name="ck_delivery_tried"),
        sa.CheckConstraint("state IN ('pending', 'claimed', 'sent', 'parked', 'cancelled')", name="ck_delivery_state"),
        sa.CheckConstraint("(lease_owner IS NULL) = (lease_until IS NULL)", name="ck_delivery_lease_until"),
        sa.CheckConstraint("attempts >= 0 AND occurrence >= 0", name="ck_delivery_counts"),
        sa.CheckConstraint("not_before >= due_at", name="ck_delivery_not_before"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_delivery_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("source", "source_id", "occurrence", "recipient", name="uq_delivery_source"),
    )


def _delivery_indexes() -> None:
    op.create_index("ix_delivery_claim", "delivery", ["state", "priority", "due_at"], unique=False)
    op.create_index("ix_delivery_member", "delivery", ["member_id", "state", "due_at"], unique=False)
    op.create_index("ix_delivery_next", "delivery", ["state", "not_before"], unique=False)


def _reminder() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=True),
        sa.Column("event_id", sa.Text(), nullable=True),
        sa.Column("lead_seconds", sa.BigInteger(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind <> 'season_date' OR event_id IS NOT NULL", name="ck_reminder_event"),
        sa.CheckConstraint("kind IN ('season_date', 'own')", name="ck_reminder_kind"),
        sa.CheckConstraint("state <> 'fired' OR occurrence > 0", name="ck_reminder_fired"),
        sa.CheckConstraint("state IN ('active', 'fired', 'cancelled')", name="ck_reminder_state"),
        sa.CheckConstraint("lead_seconds >= 0 AND occurrence >= 0", name="ck_reminder_counts"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_reminder_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
    )
    op.create_index("ix_reminder_due", "reminder", ["state", "due_at"], unique=False)
    op.create_index("ix_reminder_member", "reminder", ["member_id", "state", "due_at"], unique=False)
