"""Rounds of practice, stored: ids, state and instants in clear, everything else in one encrypted blob per round."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.interview_texts import ApplicantKind
from bot.domain.practice import Mark, Practised, Round, RoundState
from bot.storage.database import Database, insert
from bot.storage.encryption import Cipher
from bot.storage.practice_tables import practice as table
from bot.storage.tables import member as members


class PracticeRepository:
    """Keep the rounds of every member."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def start(self, round_: Round, *, most: int) -> bool:
        """Store a new round; return False where one is under way, ``most`` of hers are stored, or the member is not.

        Counted in the same statement, and held by an index: two starts at once make one round.
        """
        clear = {"id": round_.id, "member_id": round_.member_id, "started_at": round_.started_at, "revision": 0}
        values = self._values(round_) | clear
        count = sa.select(sa.func.count()).select_from(table).where(table.c.member_id == round_.member_id).scalar_subquery()
        is_stored = sa.exists(sa.select(members.c.id).where(members.c.id == round_.member_id))
        row = sa.select(*(sa.literal(values[column.name], column.type) for column in table.c)).where(count < most, is_stored)
        async with self._database.write() as connection:
            statement = insert(connection, table).from_select(list(table.c), row, include_defaults=False)
            return (await connection.execute(statement.on_conflict_do_nothing())).rowcount == 1

    async def get(self, round_id: str) -> Round | None:
        """Return a round, or None."""
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(table).where(table.c.id == round_id))).mappings().first()
        return None if row is None else self._round(row)

    async def under_way(self, member_id: int) -> Round | None:
        """Return her round that goes on, or None."""
        hers = sa.select(table).where(table.c.member_id == member_id, table.c.state == RoundState.UNDER_WAY.value)
        async with self._database.read() as connection:
            row = (await connection.execute(hers)).mappings().first()
        return None if row is None else self._round(row)

    async def rounds_of(self, member_id: int) -> tuple[Round, ...]:
        """Return her rounds, the newest first."""
        query = sa.select(table).where(table.c.member_id == member_id).order_by(table.c.started_at.desc(), table.c.id)
        async with self._database.read() as connection:
            return tuple(map(self._round, (await connection.execute(query)).mappings().all()))

    async def save(self, round_: Round) -> bool:
        """Store a changed round; return False where it is gone or was changed since it was read. What can't be read is not written over."""
        values = self._values(round_) | {"revision": round_.revision + 1}
        if not round_.is_readable:
            del values["blob"]
        as_read = sa.and_(table.c.id == round_.id, table.c.member_id == round_.member_id, table.c.revision == round_.revision)
        async with self._database.write() as connection:
            return (await connection.execute(sa.update(table).where(as_read).values(**values))).rowcount == 1

    async def remove(self, round_id: str, member_id: int) -> bool:
        """Delete a round of hers; return False where there is none."""
        hers = sa.and_(table.c.id == round_id, table.c.member_id == member_id)
        async with self._database.write() as connection:
            return (await connection.execute(sa.delete(table).where(hers))).rowcount == 1

    def _values(self, round_: Round) -> dict[str, Any]:
        return {"state": round_.state.value, "changed_at": round_.changed_at, "blob": self._cipher.encrypt(_written(round_))}

    def _round(self, row: sa.RowMapping) -> Round:
        says = self._cipher.readable(row["blob"])
        known = says or {}
        items = tuple(map(_practised, known.get("items", ())))
        return Round(
            id=row["id"],
            member_id=row["member_id"],
            state=RoundState(row["state"]),
            started_at=row["started_at"],
            changed_at=row["changed_at"],
            of=str(known.get("of", "")),
            kind=_one_of(ApplicantKind, known.get("kind"), ApplicantKind.NON_US_IMG),
            seconds=int(known.get("seconds", 0)),
            items=items,
            position=min(int(known.get("position", 0)), max(len(items) - 1, 0)),
            revision=row["revision"],
            is_readable=says is not None and bool(items),
        )


def _written(round_: Round) -> dict[str, Any]:
    """Return what is personal in a round, as JSON holds it."""
    return {
        "of": round_.of,
        "kind": round_.kind.value,
        "seconds": round_.seconds,
        "position": round_.position,
        "items": [
            {
                "question": item.question_id,
                "asked_at": _text(item.asked_at),
                "ends_at": _text(item.ends_at),
                "done_at": _text(item.done_at),
                "ticked": sorted(item.ticked),
                "mark": item.mark.value if item.mark else None,
                "note": item.note,
            }
            for item in round_.items
        ],
    }


def _practised(says: Mapping[str, Any]) -> Practised:
    marks = {each.value for each in Mark}
    return Practised(
        question_id=str(says.get("question", "")),
        asked_at=_instant(says.get("asked_at")),
        ends_at=_instant(says.get("ends_at")),
        done_at=_instant(says.get("done_at")),
        ticked=frozenset(map(str, says.get("ticked", ()))),
        mark=Mark(says["mark"]) if says.get("mark") in marks else None,
        note=str(says.get("note", "")),
    )


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _one_of(kinds: type[ApplicantKind], value: object, otherwise: ApplicantKind) -> ApplicantKind:
    try:
        return kinds(str(value))
    except ValueError:
        return otherwise
