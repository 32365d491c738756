"""The tables of slots and bookings. One row is one person's, so that no export or erasure of one reaches the other."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, text

from bot.domain.ids import ID_LENGTH
from bot.domain.slots import BookingState, SlotKind, SlotState
from bot.storage.tables import metadata, one_of
from bot.storage.types import Instant

slot_draft = Table(
    "slot_draft",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("advisor_id", BigInteger, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("blob", LargeBinary, nullable=False),
    Index("ix_slot_draft_advisor", "advisor_id", "guild_id"),
)

slot = Table(
    "slot",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    # Null once the advisor has erased what is stored of them.
    Column("advisor_id", BigInteger),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    # When it begins as it was offered: wall time (ISO 8601, no offset) and zone; the instants are what is compared.
    Column("local", String(32), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("begins_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    # Where to meet; null where nothing was said.
    Column("blob", LargeBinary),
    one_of("kind", SlotKind),
    one_of("state", SlotState),
    CheckConstraint("ends_at > begins_at", name="times"),
    CheckConstraint("capacity BETWEEN 1 AND 25", name="capacity"),
    CheckConstraint("revision >= 0", name="revision"),
    CheckConstraint("advisor_id IS NOT NULL OR (state = 'cancelled' AND blob IS NULL)", name="erased"),
    Index("ix_slot_guild", "guild_id", "state", "begins_at"),
    Index("ix_slot_advisor", "advisor_id", "state", "begins_at"),
)

_BOOKED = text("state = 'booked'")

slot_booking = Table(
    "slot_booking",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("slot_id", String(ID_LENGTH), ForeignKey("slot.id", ondelete="CASCADE"), nullable=False),
    # Null once she has erased what is stored of her.
    Column("member_id", BigInteger),
    Column("state", String(16), nullable=False),
    Column("booked_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    one_of("state", BookingState),
    CheckConstraint("member_id IS NOT NULL OR state <> 'booked'", name="erased"),
    # Nobody has two places in one slot, whatever is done at once.
    Index("uq_slot_booking_place", "slot_id", "member_id", unique=True, sqlite_where=_BOOKED, postgresql_where=_BOOKED),
    Index("ix_slot_booking_slot", "slot_id", "state"),
    Index("ix_slot_booking_member", "member_id", "state"),
)
