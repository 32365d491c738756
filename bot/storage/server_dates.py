"""Dates that servers confirmed or corrected, stored together with what follows for the reminders set there."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.domain.calendar import WallTime
from bot.domain.server_dates import ServerDate
from bot.storage.changes import Topic, note
from bot.storage.database import Database, insert
from bot.storage.date_moves import DateMoveRepository, Move
from bot.storage.tables import server_date as table


@dataclass(frozen=True, slots=True)
class Held:
    """Hold a date that is to be stored, and who confirmed it: that is written down, and read by nobody but herself."""

    date: ServerDate
    confirmed_by: int


class ServerDateRepository:
    """Keep what servers confirmed; a change and the moves of reminders that come of it are one transaction."""

    def __init__(self, database: Database, moves: DateMoveRepository) -> None:
        self._database = database
        self._moves = moves

    async def all(self) -> list[ServerDate]:
        """Return every date that a server confirmed."""
        async with self._database.read() as connection:
            rows = (await connection.execute(sa.select(table).order_by(*table.primary_key))).mappings().all()
        return [_date_from(row) for row in rows]

    async def save(self, held: Held, move: Move, now: datetime) -> int:
        """Store a date in place of the one before, and let the server's reminders follow; return how many changed."""
        date = held.date
        values = {
            "local": date.at.local.isoformat(),
            "zone": date.at.zone,
            "day_only": date.day_only,
            "is_moved": date.is_moved,
            "source_url": date.source_url,
            "confirmed_at": date.confirmed_at,
            "confirmed_by": held.confirmed_by,
        }
        async with self._database.write() as connection:
            row = insert(connection, table).values(guild_id=date.guild_id, event_id=date.event_id, **values)
            await connection.execute(row.on_conflict_do_update(index_elements=list(table.primary_key), set_=values))
            await note(connection, Topic.DATES, date.guild_id)
            return await self._moves.follow(connection, move, now)

    async def remove(self, guild_id: int, move: Move, now: datetime) -> int | None:
        """Take back what a server confirmed, and let its reminders follow the season; return how many changed, None where nothing was."""
        async with self._database.write() as connection:
            gone = sa.delete(table).where(table.c.guild_id == guild_id, table.c.event_id == move.event_id)
            if (await connection.execute(gone)).rowcount == 0:
                return None
            await note(connection, Topic.DATES, guild_id)
            return await self._moves.follow(connection, move, now)


def _date_from(row: sa.RowMapping) -> ServerDate:
    return ServerDate(
        guild_id=row["guild_id"],
        event_id=row["event_id"],
        at=WallTime(datetime.fromisoformat(row["local"]), row["zone"]),
        day_only=row["day_only"],
        is_moved=row["is_moved"],
        source_url=row["source_url"],
        confirmed_at=row["confirmed_at"],
    )
