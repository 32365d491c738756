"""The tables: only ids, states and dates in clear; personal text in one encrypted blob per row; rules as constraints."""

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from bot.domain.broadcast import BroadcastState
from bot.domain.delivery import Answer, DeliveryKind, DeliveryState
from bot.domain.ids import ID_LENGTH
from bot.domain.letters import ApplicationService, FollowUpKind, FollowUpState, LetterState
from bot.domain.member import DirectMessages
from bot.domain.reminder import ReminderKind, ReminderState
from bot.domain.servers import Duty
from bot.storage.types import Instant

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """Return the rule that a column holds one of an enumeration's values."""
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
    # The last day by her own Keep, and from when on the notice that all of it expires lies in her inbox.
    Column("kept_until", Date),
    Column("notice_waits_since", Instant),
    # When she took the app off her account.
    Column("removed_at", Instant),
    one_of("direct_messages", DirectMessages),
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
    # When the event was to be: where the calendar says otherwise, it has moved.
    Column("event_at", Instant),
    Column("lead_seconds", BigInteger, nullable=False),
    Column("occurrence", Integer, nullable=False),
    Column("blob", LargeBinary, nullable=False),
    one_of("kind", ReminderKind),
    one_of("state", ReminderState),
    CheckConstraint("lead_seconds >= 0 AND occurrence >= 0", name="counts"),
    CheckConstraint("kind <> 'season_date' OR event_id IS NOT NULL", name="event"),
    CheckConstraint("state <> 'fired' OR occurrence > 0", name="fired"),
    Index("ix_reminder_due", "state", "due_at"),
    Index("ix_reminder_member", "member_id", "state", "due_at"),
    Index(
        "ix_reminder_event",
        "event_id",
        "event_at",
        sqlite_where=text("event_at IS NOT NULL"),
        postgresql_where=text("event_at IS NOT NULL"),
    ),
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
    one_of("kind", DeliveryKind),
    one_of("state", DeliveryState),
    one_of("answer", Answer),
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
    Index("ix_delivery_source", "source", "source_id", "state"),
)

eligibility = Table(
    "eligibility",
    metadata,
    Column("member_id", BigInteger, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("match_year", Integer, nullable=False),
    Column("saved_at", Instant, nullable=False),
    # Whether she asked to be told when a rule or a date changes what her answers give.
    Column("is_to_be_told", Boolean, nullable=False),
    # The fingerprint of the rules and dates that the answers were last checked with.
    Column("checked_with", String(64), nullable=False),
    Column("blob", LargeBinary, nullable=False),
    Index("ix_eligibility_checked", "checked_with"),
)

letter_plan = Table(
    "letter_plan",
    metadata,
    Column("member_id", BigInteger, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("target_on", Date),
    Column("blob", LargeBinary, nullable=False),
)

letter = Table(
    "letter",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("member_id", BigInteger, ForeignKey("member.id", ondelete="CASCADE"), nullable=False),
    Column("season_year", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("target_on", Date),
    Column("blob", LargeBinary, nullable=False),
    one_of("state", LetterState),
    Index("ix_letter_member", "member_id", "season_year"),
)

letter_follow_up = Table(
    "letter_follow_up",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("letter_id", String(ID_LENGTH), ForeignKey("letter.id", ondelete="CASCADE"), nullable=False),
    Column("member_id", BigInteger, ForeignKey("member.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("due_on", Date, nullable=False),
    # The reminder that comes with it, while it is planned and she asked for one.
    Column("reminder_id", String(ID_LENGTH)),
    UniqueConstraint("letter_id", "kind"),
    one_of("kind", FollowUpKind),
    one_of("state", FollowUpState),
    Index("ix_letter_follow_up_member", "member_id", "due_on"),
)

letter_assignment = Table(
    "letter_assignment",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("letter_id", String(ID_LENGTH), ForeignKey("letter.id", ondelete="CASCADE"), nullable=False),
    Column("member_id", BigInteger, ForeignKey("member.id", ondelete="CASCADE"), nullable=False),
    Column("service", String(16), nullable=False),
    Column("is_assigned", Boolean, nullable=False),
    Column("blob", LargeBinary, nullable=False),
    one_of("service", ApplicationService),
    Index("ix_letter_assignment_member", "member_id", "letter_id"),
)

rotation = Table(
    "rotation",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("member_id", BigInteger, ForeignKey("member.id", ondelete="CASCADE"), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("blob", LargeBinary, nullable=False),
    CheckConstraint("ends_on >= starts_on", name="dates"),
    Index("ix_rotation_member", "member_id", "starts_on"),
)

calendar_feed = Table(
    "calendar_feed",
    metadata,
    Column("member_id", BigInteger, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    # SHA-256 of the secret: who reads the database can't read the feed.
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("made_at", Instant, nullable=False),
    Column("blob", LargeBinary, nullable=False),
)

published_event = Table(
    "published_event",
    metadata,
    Column("event_id", String(64), primary_key=True),
    # What calendars were told last, and how often that has changed.
    Column("fingerprint", String(64), nullable=False),
    # When it was told to begin, as wall time and zone or as a day: a date that is withdrawn is taken back by it.
    Column("told_at", String(64)),
    Column("sequence", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
    CheckConstraint("sequence >= 0", name="sequence"),
)

live_card = Table(
    "live_card",
    metadata,
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
    Column("guild_id", BigInteger, nullable=False),
    Column("made_at", Instant, nullable=False),
    Index("ix_live_card_guild", "guild_id"),
)

server = Table(
    "server",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    # Where a line may say that something waits for a member who agreed to that.
    Column("nudge_channel_id", BigInteger),
    Column("notice_channel_id", BigInteger),
    Column("advisor_channel_id", BigInteger),
    Column("celebration_channel_id", BigInteger),
    Column("zone", String(64)),
    # Whether a second moderator looks at a notice before it goes out.
    Column("is_approved_by_two", Boolean, nullable=False, server_default=false()),
)

server_role = Table(
    "server_role",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("role_id", BigInteger, primary_key=True, autoincrement=False),
    Column("duty", String(16), primary_key=True),
    one_of("duty", Duty),
)

audit = Table(
    "audit",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    # Null once the one who did it has erased what is stored of her.
    Column("actor_id", BigInteger),
    Column("at", Instant, nullable=False),
    Column("what", String(32), nullable=False),
    Column("blob", LargeBinary, nullable=False),
    Index("ix_audit_guild", "guild_id", "at"),
    Index("ix_audit_actor", "actor_id"),
)

notice_wish = Table(
    "notice_wish",
    metadata,
    Column("member_id", BigInteger, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("since", Instant, nullable=False),
    Index("ix_notice_wish_guild", "guild_id"),
)

server_date = Table(
    "server_date",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", String(64), primary_key=True),
    # The date that was confirmed, as wall time (ISO 8601, no offset) and zone: the season's as it was then, or the server's own.
    Column("local", String(32), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("day_only", Boolean, nullable=False),
    Column("is_moved", Boolean, nullable=False),
    Column("source_url", String(200), nullable=False),
    Column("confirmed_at", Instant, nullable=False),
    # Null once the one who confirmed it has erased what is stored of her.
    Column("confirmed_by", BigInteger),
    CheckConstraint("source_url LIKE 'https://%'", name="source_url"),
    Index("ix_server_date_confirmed_by", "confirmed_by"),
)

broadcast = Table(
    "broadcast",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    # Null once the one who wrote it has erased what is stored of her.
    Column("author_id", BigInteger),
    Column("state", String(16), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Column("blob", LargeBinary, nullable=False),
    # Null where it goes out at once.
    Column("send_at", Instant),
    # Whether it also goes by direct message to those who want this server's notices.
    Column("is_to_members", Boolean, nullable=False, server_default=false()),
    one_of("state", BroadcastState),
    CheckConstraint("(state IN ('draft', 'waiting')) = (confirmed_at IS NULL)", name="confirmed"),
    Index("ix_broadcast_guild", "guild_id", "created_at"),
    Index("ix_broadcast_author", "author_id"),
)

broadcast_channel = Table(
    "broadcast_channel",
    metadata,
    Column("broadcast_id", String(ID_LENGTH), ForeignKey("broadcast.id", ondelete="CASCADE"), primary_key=True),
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
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
