"""Programs, stored: ids, stages and dates in clear, everything else in one encrypted blob per row."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.programs import Program, ProgramStage
from bot.storage.database import Database, insert, locked
from bot.storage.encryption import Cipher
from bot.storage.program_blobs import list_from, list_written, read, written
from bot.storage.program_tables import program as table
from bot.storage.program_tables import program_list as lists
from bot.storage.tables import member as members

_FEW = 50
"""Rows that are opened at once without a thread: more would hold up every other answer."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Hold what is to be written together: new programs, and changed ones."""

    added: Sequence[Program] = ()
    changed: Sequence[Program] = ()


class ProgramRepository:
    """Keep the programs of every member."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def of_member(self, member_id: int, season_year: int | None = None) -> tuple[Program, ...]:
        """Return her programs of one season, or of all, in the order in which they were added."""
        async with self._database.read() as connection:
            rows = (await connection.execute(_hers(member_id, season_year))).mappings().all()
        return await self._programs(rows)

    async def get(self, member_id: int, program_id: str) -> Program | None:
        """Return a program of hers, or None."""
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(table).where(_mine(member_id, program_id)))).mappings().first()
        return None if row is None else self._program(row)

    async def seasons_of(self, member_id: int) -> dict[int, int]:
        """Return how many programs she keeps of each season, the latest season first."""
        query = sa.select(table.c.season_year, sa.func.count()).where(table.c.member_id == member_id)
        query = query.group_by(table.c.season_year).order_by(table.c.season_year.desc())
        async with self._database.read() as connection:
            return {row[0]: row[1] for row in (await connection.execute(query)).all()}

    async def add(self, program: Program, *, most: int) -> bool:
        """Store a new program; return False where ``most`` of that season are stored, or the member is not.

        Counted in the same statement: two forms at once can't both take the last place.
        """
        values = self._values(program)
        hers = sa.and_(table.c.member_id == program.member_id, table.c.season_year == program.season_year)
        count = sa.select(sa.func.count()).select_from(table).where(hers).scalar_subquery()
        is_stored = sa.exists(sa.select(members.c.id).where(members.c.id == program.member_id))
        row = sa.select(*(sa.literal(values[column.name], column.type) for column in table.c)).where(count < most, is_stored)
        async with self._database.write() as connection:
            statement = insert(connection, table).from_select(list(table.c), row, include_defaults=False)
            return (await connection.execute(statement.on_conflict_do_nothing())).rowcount == 1

    async def change(self, program: Program) -> bool:
        """Store a changed program; return False where it is gone. What can't be read is not written over."""
        values = self._values(program)
        if not program.is_readable:
            del values["blob"]
        async with self._database.write() as connection:
            statement = sa.update(table).where(_mine(program.member_id, program.id)).values(**values)
            return (await connection.execute(statement)).rowcount == 1

    async def remove(self, member_id: int, program_id: str) -> bool:
        """Delete a program of hers; return False where there is none."""
        async with self._database.write() as connection:
            return (await connection.execute(sa.delete(table).where(_mine(member_id, program_id)))).rowcount == 1

    async def remove_many(self, member_id: int, program_ids: Iterable[str]) -> int:
        """Delete programs of hers, all or none; return how many were there."""
        removed = 0
        async with self._database.write() as connection:
            for each in program_ids:
                removed += (await connection.execute(sa.delete(table).where(_mine(member_id, each)))).rowcount
        return removed

    async def merge(self, member_id: int, season_year: int, decide: Callable[[Sequence[Program]], Changes]) -> bool:
        """Read her programs of a season, let ``decide`` (in a thread) say what is to change, and write that in one transaction.

        Returns False, with nothing written, where the member is not stored.
        """
        async with self._database.write() as connection:
            one = locked(connection, sa.select(members.c.id).where(members.c.id == member_id))
            if await connection.scalar(one) is None:
                return False
            rows = (await connection.execute(_hers(member_id, season_year))).mappings().all()
            added, changed = await asyncio.to_thread(self._decided, rows, decide)
            if added:
                await connection.execute(sa.insert(table), added)
            for each in changed:
                mine = _mine(member_id, each["id"])
                await connection.execute(sa.update(table).where(mine).values(**each))
        return True

    def _decided(
        self, rows: Sequence[sa.RowMapping], decide: Callable[[Sequence[Program]], Changes]
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        changes = decide(list(map(self._program, rows)))
        return [self._values(each) for each in changes.added], [self._values(each) for each in changes.changed]

    async def _programs(self, rows: Sequence[sa.RowMapping]) -> tuple[Program, ...]:
        if len(rows) <= _FEW:
            return tuple(map(self._program, rows))
        return tuple(await asyncio.to_thread(lambda: list(map(self._program, rows))))

    def _values(self, program: Program) -> dict[str, Any]:
        return {
            "id": program.id,
            "member_id": program.member_id,
            "season_year": program.season_year,
            "stage": program.stage.value,
            "created_at": program.created_at,
            "changed_at": program.changed_at,
            "blob": self._cipher.encrypt(written(program)),
        }

    def _program(self, row: sa.RowMapping) -> Program:
        clear = {name: row[name] for name in ("id", "member_id", "season_year", "created_at", "changed_at")}
        return read(self._cipher.readable(row["blob"]), clear | {"stage": ProgramStage(row["stage"])})


class ProgramListRepository:
    """Keep the list of programs that a server's moderators publish: one, whole, or none."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def get(self, guild_id: int) -> tuple[datetime, tuple[Program, ...]] | None:
        """Return when a server's list was published and its entries, which are nobody's programs; None where there is none."""
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(lists).where(lists.c.guild_id == guild_id))).mappings().first()
        says = None if row is None else await asyncio.to_thread(self._cipher.readable, row["blob"])
        return None if row is None or says is None else (row["published_at"], list_from(says, row["published_at"]))

    async def save(self, guild_id: int, entries: Sequence[Program], now: datetime) -> None:
        """Store a server's list in the place of the one before."""
        blob = await asyncio.to_thread(lambda: self._cipher.encrypt(list_written(entries)))
        values = {"published_at": now, "blob": blob}
        async with self._database.write() as connection:
            row = insert(connection, lists).values(guild_id=guild_id, **values)
            await connection.execute(row.on_conflict_do_update(index_elements=[lists.c.guild_id], set_=values))

    async def remove(self, guild_id: int) -> bool:
        """Delete a server's list; return False where there is none."""
        async with self._database.write() as connection:
            return (await connection.execute(sa.delete(lists).where(lists.c.guild_id == guild_id))).rowcount == 1


def _hers(member_id: int, season_year: int | None) -> sa.Select[Any]:
    query = sa.select(table).where(table.c.member_id == member_id).order_by(table.c.created_at, table.c.id)
    return query if season_year is None else query.where(table.c.season_year == season_year)


def _mine(member_id: int, program_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.id == program_id, table.c.member_id == member_id)
