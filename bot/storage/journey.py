"""What members mark of their way, stored: whose and when in clear, everything else in one encrypted blob."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from bot.domain.exam_records import Attempt, ExamKey, ExamRecord, Outcome
from bot.domain.journey import Experience, Journey, Mark, State
from bot.storage.database import Database, insert
from bot.storage.encryption import Cipher
from bot.storage.journey_tables import journey as table
from bot.storage.tables import member as members


class JourneyRepository:
    """Keep what every member marks of her way."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def get(self, member_id: int) -> Journey | None:
        """Return what she marked, or None."""
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(table).where(table.c.member_id == member_id))).mappings().first()
        return None if row is None else self._journey(row)

    async def save(self, held: Journey) -> Journey | None:
        """Store what was read with its revision; return it with the next one.

        None, with nothing written, where it was changed meanwhile, where the member is not stored, or where it can't be read.
        """
        if not held.is_readable:
            return None
        values: dict[str, Any] = {
            "changed_at": held.changed_at,
            "revision": held.revision + 1,
            "blob": self._cipher.encrypt(_written(held)),
        }
        async with self._database.write() as connection:
            if held.revision:
                of_then = sa.and_(table.c.member_id == held.member_id, table.c.revision == held.revision)
                statement: Any = sa.update(table).where(of_then).values(**values)
            else:
                values["member_id"] = held.member_id
                is_stored = sa.exists(sa.select(members.c.id).where(members.c.id == held.member_id))
                row = sa.select(*(sa.literal(values[column.name], column.type) for column in table.c)).where(is_stored)
                statement = insert(connection, table).from_select(list(table.c), row, include_defaults=False).on_conflict_do_nothing()
            stored = (await connection.execute(statement)).rowcount == 1
        return replace(held, revision=held.revision + 1) if stored else None

    async def erase(self, member_id: int) -> bool:
        """Delete what she marked; return False where there is nothing."""
        async with self._database.write() as connection:
            return (await connection.execute(sa.delete(table).where(table.c.member_id == member_id))).rowcount == 1

    def _journey(self, row: sa.RowMapping) -> Journey:
        clear: dict[str, Any] = {name: row[name] for name in ("member_id", "changed_at", "revision")}
        says = self._cipher.readable(row["blob"])
        return Journey(**clear, is_readable=False) if says is None else Journey(**clear, **_read(says))


def _written(held: Journey) -> dict[str, Any]:
    return {
        "marks": {key: [mark.state.value, mark.on.isoformat(), mark.note] for key, mark in held.marks.items()},
        "experiences": [[each.title, each.is_meaningful] for each in held.experiences],
        "exams": {key.value: _record(record) for key, record in held.exams.items()},
    }


def _record(record: ExamRecord) -> dict[str, Any]:
    return {
        "planned_on": record.planned_on.isoformat() if record.planned_on else "",
        "attempts": [[each.on.isoformat(), each.outcome.value] for each in record.attempts],
        "score": record.score,
        "reminder_ids": list(record.reminder_ids),
    }


def _read(says: Mapping[str, Any]) -> dict[str, Any]:
    marks = {key: Mark(State(state), date.fromisoformat(on), note) for key, (state, on, note) in says.get("marks", {}).items()}
    exams = {
        ExamKey(key): ExamRecord(
            date.fromisoformat(each["planned_on"]) if each["planned_on"] else None,
            tuple(Attempt(date.fromisoformat(on), Outcome(outcome)) for on, outcome in each["attempts"]),
            each["score"],
            tuple(each["reminder_ids"]),
        )
        for key, each in says.get("exams", {}).items()
    }
    experiences = tuple(Experience(str(title), bool(is_meaningful)) for title, is_meaningful in says.get("experiences", ()))
    return {"marks": marks, "exams": exams, "experiences": experiences}
