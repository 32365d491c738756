"""Interview invitations that members heard of, stored: a row is one member's, and no list of members is ever read."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.interviews_heard import NEEDED, Report, ShownProgram, name_of
from bot.storage.changes import Topic, note
from bot.storage.database import Database, locked
from bot.storage.encryption import Cipher
from bot.storage.server_tables import hidden_program as hidden
from bot.storage.server_tables import interview_report as table
from bot.storage.tables import member as members


@dataclass(frozen=True, slots=True)
class Hidden:
    """Hold a program that moderators hid."""

    program_id: str
    name: str


class InterviewsHeardRepository:
    """Keep what members reported; a method that lists names whose it lists, or which server's."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def add(self, report: Report, member_id: int, now: datetime, at_most: int) -> bool:
        """Store a report in the place of the one that she has of that program; the member must be stored.

        Return False, and change nothing, where she has ``at_most`` reports of that season in that server already.
        """
        hers = sa.and_(table.c.member_id == member_id, table.c.guild_id == report.guild_id)
        values = {"heard_on": report.heard_on, "reported_at": now, "blob": self._cipher.encrypt({"program": report.name})}
        async with self._database.write() as connection:
            # Her own row is locked first: of two reports that she sends at once the second one counts the first.
            await connection.execute(locked(connection, sa.select(members.c.id).where(members.c.id == member_id)))
            change = sa.update(table).where(hers, table.c.program_id == report.program_id).values(values)
            if (await connection.execute(change)).rowcount:
                return True
            count = sa.select(sa.func.count()).select_from(table).where(hers, table.c.season_year == report.season_year)
            if (await connection.execute(count)).scalar_one() >= at_most:
                return False
            ids = {"guild_id": report.guild_id, "program_id": report.program_id, "season_year": report.season_year}
            await connection.execute(sa.insert(table).values(ids | values | {"member_id": member_id}))
            await note(connection, Topic.HEARD, report.guild_id)
        return True

    async def take_back(self, member_id: int, guild_id: int, program_id: str) -> bool:
        """Delete a report of hers; return False where she has none."""
        hers = sa.and_(table.c.member_id == member_id, table.c.guild_id == guild_id, table.c.program_id == program_id)
        async with self._database.write() as connection:
            await note(connection, Topic.HEARD, guild_id)
            return (await connection.execute(sa.delete(table).where(hers))).rowcount == 1

    async def of_member(self, member_id: int, guild_id: int | None, limit: int) -> list[Report]:
        """Return what she reported in a server, or everywhere, the newest first."""
        query = sa.select(table).where(table.c.member_id == member_id)
        if guild_id is not None:
            query = query.where(table.c.guild_id == guild_id)
        async with self._database.read() as connection:
            rows = (await connection.execute(query.order_by(table.c.reported_at.desc(), table.c.program_id).limit(limit))).mappings().all()
        return [Report(row["guild_id"], row["program_id"], row["season_year"], self._name(row["blob"]), row["heard_on"]) for row in rows]

    async def shown(self, guild_id: int, season_year: int, limit: int, offset: int = 0) -> list[ShownProgram]:
        """Return the programs of a server's season that enough members reported and nobody hid, the one heard of last first."""
        grouped = _shown(guild_id, season_year).order_by(sa.func.max(table.c.heard_on).desc(), table.c.program_id)
        async with self._database.snapshot() as connection:
            rows: Sequence[Any] = (await connection.execute(grouped.limit(limit).offset(offset))).all()
            ids = [row.program_id for row in rows]
            names = sa.select(table.c.program_id, table.c.blob).where(table.c.guild_id == guild_id, table.c.program_id.in_(ids))
            blobs: Sequence[Any] = (await connection.execute(names)).all() if ids else []
        typed: dict[str, list[str]] = defaultdict(list)
        for program_id, blob in blobs:
            typed[program_id].append(self._name(blob))
        return [ShownProgram(row.program_id, name_of(typed[row.program_id]), row.reports, row.first_on, row.last_on) for row in rows]

    async def how_many_shown(self, guild_id: int, season_year: int) -> int:
        """Return how many programs of a server's season are shown."""
        async with self._database.read() as connection:
            return (await connection.execute(sa.select(sa.func.count()).select_from(_shown(guild_id, season_year).subquery()))).scalar_one()

    async def hide(self, program: Hidden, guild_id: int, season_year: int, now: datetime) -> bool:
        """Hide a program of a server; return False where it is hidden already."""
        async with self._database.write() as connection:
            if await self._is_hidden(connection, guild_id, program.program_id):
                return False
            blob = self._cipher.encrypt({"program": program.name})
            values = {"guild_id": guild_id, "program_id": program.program_id, "season_year": season_year, "hidden_at": now, "blob": blob}
            await connection.execute(sa.insert(hidden).values(values))
            await note(connection, Topic.HEARD, guild_id)
        return True

    async def show_again(self, guild_id: int, program_id: str) -> bool:
        """Hide a program of a server no more; return False where it was not hidden."""
        gone = sa.delete(hidden).where(hidden.c.guild_id == guild_id, hidden.c.program_id == program_id)
        async with self._database.write() as connection:
            await note(connection, Topic.HEARD, guild_id)
            return (await connection.execute(gone)).rowcount == 1

    async def is_hidden(self, guild_id: int, program_id: str) -> bool:
        """Tell whether moderators of a server hid a program."""
        async with self._database.read() as connection:
            return await self._is_hidden(connection, guild_id, program_id)

    async def hidden(self, guild_id: int, season_year: int, limit: int) -> list[Hidden]:
        """Return what moderators of a server hid in a season, the newest first."""
        query = sa.select(hidden.c.program_id, hidden.c.blob).where(hidden.c.guild_id == guild_id, hidden.c.season_year == season_year)
        async with self._database.read() as connection:
            rows = (await connection.execute(query.order_by(hidden.c.hidden_at.desc(), hidden.c.program_id).limit(limit))).all()
        return [Hidden(program_id, self._name(blob)) for program_id, blob in rows]

    async def _is_hidden(self, connection: AsyncConnection, guild_id: int, program_id: str) -> bool:
        found = sa.select(hidden.c.program_id).where(hidden.c.guild_id == guild_id, hidden.c.program_id == program_id)
        return (await connection.execute(found)).first() is not None

    def _name(self, blob: bytes) -> str:
        return str((self._cipher.readable(blob) or {}).get("program") or "a program whose name can't be read any more")


def _shown(guild_id: int, season_year: int) -> sa.Select[*tuple[Any, ...]]:
    is_hidden = sa.exists().where(hidden.c.guild_id == table.c.guild_id, hidden.c.program_id == table.c.program_id)
    return (
        sa.select(
            table.c.program_id,
            sa.func.count().label("reports"),
            sa.func.min(table.c.heard_on).label("first_on"),
            sa.func.max(table.c.heard_on).label("last_on"),
        )
        .where(table.c.guild_id == guild_id, table.c.season_year == season_year, ~is_hidden)
        .group_by(table.c.program_id)
        .having(sa.func.count() >= NEEDED)
    )
