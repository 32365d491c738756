"""Interviews, stored: whose and which season in clear, the program, the time and all else in one encrypted blob."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.interviews import Interview, InterviewFormat, InterviewState
from bot.storage.database import Database, insert
from bot.storage.encryption import Cipher
from bot.storage.interview_tables import interview as table
from bot.storage.tables import member as members

_CLEAR = ("id", "member_id", "season_year", "created_at", "changed_at", "revision")


class InterviewRepository:
    """Keep the interviews of every member."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def of_member(self, member_id: int, season_year: int) -> tuple[Interview, ...]:
        """Return her interviews of a season, in the order in which they were added."""
        query = sa.select(table).where(table.c.member_id == member_id, table.c.season_year == season_year)
        async with self._database.read() as connection:
            rows = (await connection.execute(query.order_by(table.c.created_at, table.c.id))).mappings().all()
        return tuple(self._interview(row) for row in rows)

    async def get(self, member_id: int, interview_id: str) -> Interview | None:
        """Return an interview of hers, or None."""
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(table).where(_mine(member_id, interview_id)))).mappings().first()
        return None if row is None else self._interview(row)

    async def add(self, interview: Interview, *, most: int) -> bool:
        """Store a new interview; return False where ``most`` of that season are stored, or the member is not.

        Counted in the same statement: two forms at once can't both take the last place.
        """
        values = {name: getattr(interview, name) for name in _CLEAR} | {"blob": self._cipher.encrypt(_written(interview))}
        counted = sa.select(sa.func.count()).where(
            table.c.member_id == interview.member_id, table.c.season_year == interview.season_year
        )  # fmt: skip
        is_stored = sa.exists(sa.select(members.c.id).where(members.c.id == interview.member_id))
        row = sa.select(*(sa.literal(values[column.name], column.type) for column in table.c)).where(
            is_stored, counted.scalar_subquery() < most
        )  # fmt: skip
        async with self._database.write() as connection:
            statement = insert(connection, table).from_select(list(table.c), row, include_defaults=False).on_conflict_do_nothing()
            return (await connection.execute(statement)).rowcount == 1

    async def save(self, interview: Interview) -> Interview | None:
        """Store what was read with its revision; return it with the next one, or None where it was changed meanwhile or is gone."""
        if not interview.is_readable:
            return None
        after = replace(interview, revision=interview.revision + 1)
        of_then = sa.and_(_mine(interview.member_id, interview.id), table.c.revision == interview.revision)
        values = {"changed_at": after.changed_at, "revision": after.revision, "blob": self._cipher.encrypt(_written(after))}
        async with self._database.write() as connection:
            saved = (await connection.execute(sa.update(table).where(of_then).values(**values))).rowcount == 1
        return after if saved else None

    async def remove(self, member_id: int, interview_id: str) -> bool:
        """Delete an interview of hers; return False where it is gone."""
        async with self._database.write() as connection:
            return (await connection.execute(sa.delete(table).where(_mine(member_id, interview_id)))).rowcount == 1

    def _interview(self, row: sa.RowMapping) -> Interview:
        clear: dict[str, Any] = {name: row[name] for name in _CLEAR}
        says = self._cipher.readable(row["blob"])
        return Interview(**clear, program_id="", is_readable=False) if says is None else Interview(**clear, **_read(says))


def _mine(member_id: int, interview_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.member_id == member_id, table.c.id == interview_id)


def _written(interview: Interview) -> dict[str, Any]:
    """Return what is personal in an interview, as JSON holds it."""
    return {
        "program_id": interview.program_id,
        "state": interview.state.value,
        "begins_at": interview.begins_at.isoformat() if interview.begins_at else "",
        "zone": interview.zone,
        "minutes": interview.minutes,
        "format": interview.format.value,
        "place": interview.place,
        "who": interview.who,
        "notes": interview.notes,
        "invited_on": interview.invited_on.isoformat() if interview.invited_on else "",
        "answer_by": interview.answer_by.isoformat() if interview.answer_by else "",
        "ticks": sorted(interview.ticks),
        "reminder_ids": list(interview.reminder_ids),
    }


def _read(says: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same as the fields of an interview."""
    words = {name: str(says.get(name, "")) for name in ("program_id", "zone", "place", "who", "notes")}
    days = {name: date.fromisoformat(says[name]) if says.get(name) else None for name in ("invited_on", "answer_by")}
    return {
        **words,
        **days,
        "state": InterviewState(says["state"]),
        "begins_at": datetime.fromisoformat(says["begins_at"]) if says.get("begins_at") else None,
        "minutes": int(says["minutes"]),
        "format": InterviewFormat(says["format"]),
        "ticks": frozenset(says.get("ticks", ())),
        "reminder_ids": tuple(says.get("reminder_ids", ())),
    }
