"""The tables of what servers hold beside their channels and roles."""

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
    String,
    Table,
    UniqueConstraint,
)

from bot.domain.ids import ID_LENGTH
from bot.domain.server_faq import EntryState
from bot.domain.servers import Feature
from bot.storage.tables import metadata, one_of
from bot.storage.types import Instant

server_feature = Table(
    "server_feature",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    # Only what was switched once; all else is as it is at first.
    Column("feature", String(16), primary_key=True),
    Column("is_on", Boolean, nullable=False),
    one_of("feature", Feature),
)

interview_report = Table(
    "interview_report",
    metadata,
    Column("member_id", BigInteger, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    # Made of server, season and the name without case and signs: what two members mean by it is one.
    Column("program_id", String(ID_LENGTH), primary_key=True),
    Column("season_year", Integer, nullable=False),
    Column("heard_on", Date, nullable=False),
    Column("reported_at", Instant, nullable=False),
    Column("blob", LargeBinary, nullable=False),
    Index("ix_interview_report_guild", "guild_id", "season_year", "program_id"),
)

hidden_program = Table(
    "hidden_program",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("program_id", String(ID_LENGTH), primary_key=True),
    Column("season_year", Integer, nullable=False),
    Column("hidden_at", Instant, nullable=False),
    Column("blob", LargeBinary, nullable=False),
)

server_answer = Table(
    "server_answer",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    # Null once the one who wrote or pinned it has erased what is stored of her.
    Column("author_id", BigInteger),
    Column("state", String(16), nullable=False),
    Column("position", Integer, nullable=False),
    # An answer of the record that is pinned; null where the server wrote its own.
    Column("catalogue_id", String(64)),
    # Of a draft: the entry whose place it is to take.
    Column("replaces", String(ID_LENGTH)),
    Column("written_at", Instant, nullable=False),
    Column("blob", LargeBinary),
    one_of("state", EntryState),
    CheckConstraint("(catalogue_id IS NULL) = (blob IS NOT NULL)", name="own"),
    CheckConstraint("state = 'kept' OR author_id IS NOT NULL", name="draft"),
    UniqueConstraint("guild_id", "catalogue_id"),
    Index("ix_server_answer_guild", "guild_id", "state", "position"),
    Index("ix_server_answer_author", "author_id"),
)

# The bot was taken out of the server then: what is stored of it lasts for a grace, and all of it if the bot comes back within that.
server_removal = Table(
    "server_removal",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("removed_at", Instant, nullable=False),
)
