"""The table of what members say of their Match Week: one row for each week of a member."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Integer, LargeBinary, String, Table

from bot.storage.tables import metadata
from bot.storage.types import Instant

match_week = Table(
    "match_week",
    metadata,
    Column("member_id", BigInteger, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("country", String(2), primary_key=True),
    Column("season_year", Integer, primary_key=True, autoincrement=False),
    Column("changed_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("blob", LargeBinary, nullable=False),
    CheckConstraint("revision >= 1", name="revision"),
)
"""What she says of her result, and what she counts: encrypted; whose and which week in clear."""
