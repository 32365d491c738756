"""The table of practised rounds: state and dates in clear, everything else in one blob."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, text

from bot.domain.ids import ID_LENGTH
from bot.domain.practice import RoundState
from bot.storage.tables import metadata, one_of
from bot.storage.types import Instant

practice = Table(
    "practice",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("member_id", BigInteger, ForeignKey("member.id", ondelete="CASCADE"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("blob", LargeBinary, nullable=False),
    one_of("state", RoundState),
    CheckConstraint("revision >= 0", name="revision"),
    Index("ix_practice_member", "member_id", "started_at"),
    # One round at a time: two starts at once can't both begin one.
    Index(
        "ux_practice_under_way",
        "member_id",
        unique=True,
        sqlite_where=text("state = 'under_way'"),
        postgresql_where=text("state = 'under_way'"),
    ),
)
