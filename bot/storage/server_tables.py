"""The tables of what servers hold beside their channels and roles."""

from sqlalchemy import BigInteger, Boolean, Column, String, Table

from bot.domain.servers import Feature
from bot.storage.tables import metadata, one_of

server_feature = Table(
    "server_feature",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    # Only what was switched once; all else is as it is at first.
    Column("feature", String(16), primary_key=True),
    Column("is_on", Boolean, nullable=False),
    one_of("feature", Feature),
)
