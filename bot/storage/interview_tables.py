"""The table of members' interviews."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from bot.domain.ids import ID_LENGTH
from bot.storage.tables import metadata
from bot.storage.types import Instant

interview = Table(
    "interview",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("member_id", BigInteger, ForeignKey("member.id", ondelete="CASCADE"), nullable=False),
    Column("season_year", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    # Counts up with every change: a form that was opened before one can't undo it, and calendars see which entry is newer.
    Column("revision", Integer, nullable=False),
    Column("blob", LargeBinary, nullable=False),
    CheckConstraint("revision >= 1", name="revision"),
    Index("ix_interview_member", "member_id", "season_year"),
)
"""Whose, which season and when it was changed in clear; the program, the time and all else encrypted."""
