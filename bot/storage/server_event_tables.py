"""The table of a server's scheduled events."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, LargeBinary, String, Table, UniqueConstraint

from bot.domain.ids import ID_LENGTH
from bot.domain.server_events import EventState, Trouble
from bot.storage.tables import metadata, one_of
from bot.storage.types import Instant

server_event = Table(
    "server_event",
    metadata,
    # It stands at the end of the event's description in Discord: by it an event is found whose making had an unknown outcome.
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    # Null once the one who made it has erased what is stored of her.
    Column("author_id", BigInteger),
    Column("event_id", String(64)),
    Column("state", String(16), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("starts_at", Instant),
    Column("ends_at", Instant),
    Column("channel_id", BigInteger),
    Column("discord_id", BigInteger),
    Column("shown", String(64)),
    Column("shown_from", Instant),
    Column("trouble", String(16)),
    Column("revision", Integer, nullable=False),
    # The words of one of the server's own; null for a date of the season.
    Column("blob", LargeBinary),
    one_of("state", EventState),
    one_of("trouble", Trouble),
    UniqueConstraint("guild_id", "event_id", name="uq_server_event_date"),
    CheckConstraint("event_id IS NOT NULL OR blob IS NOT NULL", name="words"),
    CheckConstraint("state NOT IN ('draft', 'planned') OR discord_id IS NULL", name="not_yet"),
    CheckConstraint("state <> 'standing' OR (discord_id IS NOT NULL AND shown IS NOT NULL AND shown_from IS NOT NULL)", name="standing"),
    CheckConstraint("revision >= 0", name="revision"),
    Index("ix_server_event_author", "author_id"),
)
