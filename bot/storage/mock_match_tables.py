"""The tables of mock matches: a game of a server, and the list of each member who plays."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, LargeBinary, String, Table, text

from bot.domain.ids import ID_LENGTH
from bot.domain.mock_match import MockState
from bot.storage.tables import metadata, one_of
from bot.storage.types import Instant

_OPEN = text("state = 'open'")

mock_match = Table(
    "mock_match",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    # Null until the card is posted.
    Column("message_id", BigInteger),
    # Null once the one who began it has erased what is stored of her.
    Column("author_id", BigInteger),
    Column("state", String(16), nullable=False),
    # All that is drawn by lot follows from it.
    Column("seed", BigInteger, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("closed_at", Instant),
    # The numbers of the result; null until the lists are matched.
    Column("blob", LargeBinary),
    one_of("state", MockState),
    CheckConstraint("state = 'open' OR closed_at IS NOT NULL", name="closed"),
    CheckConstraint("state = 'revealed' OR blob IS NULL", name="numbers"),
    # One open game a server.
    Index("ux_mock_match_open", "guild_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_mock_match_author", "author_id"),
)

mock_match_list = Table(
    "mock_match_list",
    metadata,
    Column("mock_match_id", String(ID_LENGTH), ForeignKey("mock_match.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", BigInteger, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("changed_at", Instant, nullable=False),
    # Her order, and once it is revealed what became of her: a later erasure of another changes nothing of it.
    Column("blob", LargeBinary, nullable=False),
    Index("ix_mock_match_list_member", "member_id"),
)
