"""Reminders, stored."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from bot.storage.database import Database, insert
from bot.storage.delivery_rows import UNREADABLE_TEXT
from bot.storage.encryption import Cipher
from bot.storage.tables import reminder as table

NO_LIMIT = 2**31 - 1

# Built once: putting a statement together costs as much as running it.
_HERS = sa.and_(table.c.member_id == sa.bindparam("member_id"), table.c.state == ReminderState.ACTIVE.value)
_PAGE = (
    sa.select(table, sa.func.count().over().label("total"))
    .where(_HERS)
    .order_by(table.c.due_at, table.c.id)
    .limit(sa.bindparam("limit", type_=sa.Integer))
    .offset(sa.bindparam("offset", type_=sa.Integer))
)
_INSERTS: dict[str, sa.Insert] = {}


def _insert(connection: AsyncConnection) -> sa.Insert:
    """Return the INSERT of the connection's dialect, which does nothing where the id is stored or ``most`` are active.

    Counted in the same statement: two commands at once can't both take the last place.
    """
    dialect = connection.dialect.name
    if dialect not in _INSERTS:
        count = sa.select(sa.func.count()).select_from(table).where(_HERS).scalar_subquery()
        row = sa.select(*(sa.bindparam(column.name, type_=column.type) for column in table.c))
        row = row.where(count < sa.bindparam("most", type_=sa.Integer))
        statement = insert(connection, table).from_select(list(table.c), row, include_defaults=False)
        _INSERTS[dialect] = statement.on_conflict_do_nothing(index_elements=[table.c.id])
    return _INSERTS[dialect]


class ReminderRepository:
    """Keep reminders; what a member wrote is encrypted."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def add(self, reminder: Reminder, *, most: int | None = None) -> bool:
        """Store a reminder; return False, and change nothing, where its id is stored already or ``most`` of hers are active."""
        values = {
            "id": reminder.id,
            "member_id": reminder.member_id,
            "kind": reminder.kind.value,
            "state": reminder.state.value,
            "due_at": reminder.due_at,
            "created_at": reminder.created_at,
            "guild_id": reminder.guild_id,
            "event_id": reminder.event_id,
            "event_at": reminder.event_at,
            "lead_seconds": int(reminder.lead.total_seconds()),
            "occurrence": reminder.occurrence,
            "blob": self._cipher.encrypt(personal_of(reminder)),
        }
        async with self._database.write() as connection:
            result = await connection.execute(_insert(connection), {**values, "most": NO_LIMIT if most is None else most})
        return result.rowcount == 1

    async def get(self, reminder_id: str) -> Reminder | None:
        """Return the reminder, or None."""
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(table).where(table.c.id == reminder_id))).mappings().first()
        return None if row is None else reminder_from(row, self._cipher)

    async def active_of(self, member_id: int, limit: int, offset: int = 0) -> list[Reminder]:
        """Return active reminders of a member, the next due first."""
        return (await self.page_of(member_id, limit, offset))[0]

    async def page_of(self, member_id: int, limit: int, offset: int = 0) -> tuple[list[Reminder], int]:
        """Return active reminders of a member, the next due first, and how many there are in all (0 past the last page)."""
        asked = {"member_id": member_id, "limit": limit, "offset": offset}
        async with self._database.read() as connection:
            rows = (await connection.execute(_PAGE, asked)).mappings().all()
        return [reminder_from(row, self._cipher) for row in rows], rows[0]["total"] if rows else 0

    async def count_active(self, member_id: int) -> int:
        """Return how many reminders of a member are active."""
        async with self._database.read() as connection:
            return (await connection.execute(_count(member_id))).scalar_one()

    async def change(self, reminder: Reminder) -> bool:
        """Write another time and text of an active reminder; return False where it fell due or was cancelled meanwhile."""
        still = sa.and_(table.c.id == reminder.id, _active(reminder.member_id), table.c.occurrence == reminder.occurrence)
        change = sa.update(table).where(still).values(due_at=reminder.due_at, blob=self._cipher.encrypt(personal_of(reminder)))
        async with self._database.write() as connection:
            return (await connection.execute(change)).rowcount == 1

    async def cancel(self, reminder_id: str, member_id: int) -> bool:
        """Cancel an active reminder of a member; return False where there is none."""
        change = sa.update(table).where(table.c.id == reminder_id, _active(member_id)).values(state=str(ReminderState.CANCELLED))
        async with self._database.write() as connection:
            return (await connection.execute(change)).rowcount == 1


def _active(member_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.member_id == member_id, table.c.state == str(ReminderState.ACTIVE))


def _count(member_id: int) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(table).where(_active(member_id))


def personal_of(reminder: Reminder) -> dict[str, str]:
    """Return what of a reminder is encrypted."""
    personal = {"text": reminder.text, "wall_time": reminder.wall_time, "zone": reminder.zone}
    rest = {"rule": reminder.rule, "earlier_at": reminder.earlier_at}
    return personal | {name: value for name, value in rest.items() if value}


def reminder_from(row: sa.RowMapping, cipher: Cipher) -> Reminder:
    """Return the reminder of a row; one that can't be read says so in place of its text, so that it can still be listed and cancelled."""
    personal = cipher.readable(row["blob"]) or {"text": UNREADABLE_TEXT, "wall_time": "", "zone": ""}
    return Reminder(
        id=row["id"],
        member_id=row["member_id"],
        kind=ReminderKind(row["kind"]),
        state=ReminderState(row["state"]),
        due_at=row["due_at"],
        created_at=row["created_at"],
        guild_id=row["guild_id"],
        event_id=row["event_id"],
        event_at=row["event_at"],
        earlier_at=personal.get("earlier_at", ""),
        lead=timedelta(seconds=row["lead_seconds"]),
        text=personal["text"],
        wall_time=personal["wall_time"],
        zone=personal["zone"],
        rule=personal.get("rule", ""),
        occurrence=row["occurrence"],
    )
