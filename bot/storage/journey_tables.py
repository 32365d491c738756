"""The table of what members mark of their way: one row for each member."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Integer, LargeBinary, Table

from bot.storage.tables import metadata
from bot.storage.types import Instant

journey = Table(
    "journey",
    metadata,
    Column("member_id", BigInteger, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("changed_at", Instant, nullable=False),
    # Counts up with every change, so that of two at once neither is lost.
    Column("revision", Integer, nullable=False),
    Column("blob", LargeBinary, nullable=False),
    CheckConstraint("revision >= 1", name="revision"),
)
