"""The tables: only ids, states and dates in clear; personal text in one encrypted blob per row; rules as constraints."""

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.domain.delivery import Answer, DeliveryKind, DeliveryState
from bot.domain.ids import ID_LENGTH
from bot.domain.member import DirectMessages
from bot.domain.reminder import ReminderKind, ReminderState
from bot.storage.types import Instant

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


member = Table(
    "member",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("created_at", Instant, nullable=False),
    Column("target_year", Integer),
    Column("direct_messages", String(16), nullable=False),
    Column("consented_at", Instant),
    Column("consent_version", Integer),
    Column("dm_channel_id", BigInteger),
    Column("blob", LargeBinary, nullable=False),
    _one_of("direct_messages", DirectMessages),
    # Nothing is sent to someone who never agreed, and what she agreed to can be shown.
    CheckConstraint("direct_messages = 'off' OR (consented_at IS NOT NULL AND consent_version IS NOT NULL)", name="consent"),
)

reminder = Table(
    "reminder",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("member_id", BigInteger, ForeignKey("member.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("guild_id", BigInteger),
    Column("event_id", Text),
    Column("lead_seconds", BigInteger, nullable=False),
    Column("occurrence", Integer, nullable=False),
    Column("blob", LargeBinary, nullable=False),
    _one_of("kind", ReminderKind),
    _one_of("state", ReminderState),
    CheckConstraint("lead_seconds >= 0 AND occurrence >= 0", name="counts"),
    CheckConstraint("kind <> 'season_date' OR event_id IS NOT NULL", name="event"),
    CheckConstraint("state <> 'fired' OR occurrence > 0", name="fired"),
    Index("ix_reminder_due", "state", "due_at"),
    Index("ix_reminder_member", "member_id", "state", "due_at"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("recipient", String(64), nullable=False),
    Column("member_id", BigInteger, ForeignKey("member.id", ondelete="CASCADE")),
    Column("guild_id", BigInteger),
    Column("channel_id", BigInteger),
    Column("source", String(32), nullable=False),
    Column("source_id", String(64), nullable=False),
    Column("occurrence", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    # Never null: due_at until a retry moves it, so that one index answers both "what may go now" and "when is the next".
    Column("not_before", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("priority", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_owner", String(128)),
    Column("lease_until", Instant),
    Column("first_tried_at", Instant),
    Column("sent_at", Instant),
    Column("message_id", BigInteger),
    Column("reason", Text, nullable=False),
    Column("answer", String(16)),
    Column("seen_at", Instant),
    Column("payload", LargeBinary, nullable=False),
    UniqueConstraint("source", "source_id", "occurrence", "recipient"),
    _one_of("kind", DeliveryKind),
    _one_of("state", DeliveryState),
    _one_of("answer", Answer),
    CheckConstraint("recipient <> ''", name="recipient"),
    CheckConstraint(
        "(recipient LIKE 'member:%') = (member_id IS NOT NULL)"
        " AND (member_id IS NULL OR recipient = 'member:' || CAST(member_id AS VARCHAR(20)))",
        name="member",
    ),
    CheckConstraint("not_before >= due_at", name="not_before"),
    CheckConstraint("attempts >= 0 AND occurrence >= 0", name="counts"),
    CheckConstraint("(state = 'claimed') = (lease_owner IS NOT NULL)", name="lease_owner"),
    CheckConstraint("(lease_owner IS NULL) = (lease_until IS NULL)", name="lease_until"),
    CheckConstraint("(state = 'sent') = (message_id IS NOT NULL) AND (state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
    CheckConstraint("state <> 'claimed' OR first_tried_at IS NOT NULL", name="tried"),
    CheckConstraint("answer IS NULL OR state = 'sent'", name="answered"),
    Index("ix_delivery_claim", "state", "priority", "due_at"),
    Index("ix_delivery_next", "state", "not_before"),
    Index("ix_delivery_member", "member_id", "state", "due_at"),
)

lease = Table(
    "lease",
    metadata,
    Column("partition", String(64), primary_key=True),
    Column("owner", String(128), nullable=False),
    Column("until", Instant, nullable=False),
)

key_check = Table(
    "key_check",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("canary", LargeBinary, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
