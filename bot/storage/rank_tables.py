"""The table of rank order lists: one row for each season of a member."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Integer, LargeBinary, Table

from bot.storage.tables import metadata
from bot.storage.types import Instant

rank_list = Table(
    "rank_list",
    metadata,
    Column("member_id", BigInteger, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("season_year", Integer, primary_key=True, autoincrement=False),
    # When she certified it in R3, as she noted.
    Column("certified_on", Date),
    Column("changed_at", Instant, nullable=False),
    # Counts up with every change: a card that was shown before one can't undo it.
    Column("revision", Integer, nullable=False),
    Column("blob", LargeBinary, nullable=False),
    CheckConstraint("revision >= 1", name="revision"),
)
