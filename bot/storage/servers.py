"""What managers set for their server."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.storage.database import Database, insert
from bot.storage.tables import server as table


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Hold what is set for one server."""

    guild_id: int
    nudge_channel_id: int | None = None
    """Where a line may say that something waits for a member who agreed to that."""


class ServerRepository:
    """Keep servers' settings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, guild_id: int) -> ServerSettings:
        """Return the settings of a server; of one that set nothing, as they are at the beginning."""
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(table).where(table.c.guild_id == guild_id))).mappings().first()
        return ServerSettings(guild_id, row["nudge_channel_id"]) if row else ServerSettings(guild_id)

    async def save(self, settings: ServerSettings) -> None:
        """Write the settings of a server."""
        values = {"nudge_channel_id": settings.nudge_channel_id}
        async with self._database.write() as connection:
            row = insert(connection, table).values(guild_id=settings.guild_id, **values)
            await connection.execute(row.on_conflict_do_update(index_elements=[table.c.guild_id], set_=values))
