"""The tables of programs: what members keep, and what a server's moderators publish."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from bot.domain.ids import ID_LENGTH
from bot.domain.programs import ProgramStage
from bot.storage.tables import metadata, one_of
from bot.storage.types import Instant

program = Table(
    "program",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("member_id", BigInteger, ForeignKey("member.id", ondelete="CASCADE"), nullable=False),
    Column("season_year", Integer, nullable=False),
    Column("stage", String(16), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("blob", LargeBinary, nullable=False),
    one_of("stage", ProgramStage),
    Index("ix_program_member", "member_id", "season_year"),
)

# One row holds a server's whole list: a new one takes its place at once, or not at all. Nothing in it is of a member.
program_list = Table(
    "program_list",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("published_at", Instant, nullable=False),
    Column("blob", LargeBinary, nullable=False),
)
