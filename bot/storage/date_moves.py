"""Reminders of dates against the calendar: which dates they were computed from, and what follows where one moved."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import Delivery, DeliveryKind, member_recipient
from bot.domain.ids import derived_id
from bot.domain.reminder import ReminderState
from bot.domain.server_dates import MovedBy
from bot.storage.database import Database, insert
from bot.storage.delivery_rows import values_of
from bot.storage.encryption import Cipher
from bot.storage.reminders import personal_of, reminder_from
from bot.storage.tables import delivery as deliveries
from bot.storage.tables import reminder as table
from bot.storage.types import to_microseconds

SOURCE = "date_moved"
EARLIER = "earlier"
_MICROSECONDS = 1_000_000
_FOLLOWING = (ReminderState.ACTIVE.value, ReminderState.FIRED.value)


@dataclass(frozen=True, slots=True)
class Move:
    """Say where one event moved, for whom and on whose word."""

    event_id: str
    after: datetime | None
    """None where the date is not known any more."""
    by: MovedBy = MovedBy.CALENDAR
    servers: Collection[int | None] | None = None
    """The servers whose reminders follow, None among them for those set in direct messages; all of them where this is None."""
    earlier: datetime | None = None
    """Where a server moved it later than the season holds: the season's date, ahead of which its reminders still come too."""


class DateMoveRepository:
    """Let reminders follow their dates."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def dates(self) -> list[tuple[str, datetime, int | None]]:
        """Return each event that reminders follow, with the instant that they were computed from and the server they were set in."""
        query = sa.select(table.c.event_id, table.c.event_at, table.c.guild_id).where(table.c.event_at.is_not(None)).distinct()
        async with self._database.read() as connection:
            return [(row.event_id, row.event_at, row.guild_id) for row in (await connection.execute(query)).all()]

    async def move(self, move: Move, before: datetime, now: datetime) -> int:
        """Let the reminders of one event follow it from ``before``, and tell their owners; in one transaction.

        What still lies ahead moves; where its time has passed by now it falls due at once. What came already comes again where its new
        time lies ahead. Where the date is not known any more, what lies ahead is cancelled. Where a server holds a later date than the
        season, a reminder ahead of the season's date stays beside the one that moved. Return how many reminders changed.
        """
        async with self._database.write() as connection:
            return await self._move(connection, move, before, now)

    async def follow(self, connection: AsyncConnection, move: Move, now: datetime) -> int:
        """Do the same from whatever dates the reminders were computed from, within a transaction of the caller's."""
        servers = _in_servers(move.servers)
        query = sa.select(table.c.event_at).where(table.c.event_id == move.event_id, table.c.event_at.is_not(None), servers).distinct()
        found = (await connection.execute(query)).scalars().all()
        return sum([await self._move(connection, move, before, now) for before in found if before != move.after])

    async def _move(self, connection: AsyncConnection, move: Move, before: datetime, now: datetime) -> int:
        changed = await self._affected(connection, move, before, now)
        for row in changed:
            change = sa.update(table).where(table.c.id == row["id"])
            if move.after is None:
                await connection.execute(change.values(state=ReminderState.CANCELLED.value, event_at=None))
            else:
                due = max(move.after - timedelta(seconds=row["lead_seconds"]), now)
                await connection.execute(change.values(state=ReminderState.ACTIVE.value, due_at=due, event_at=move.after))
        await connection.execute(sa.update(table).where(_follows(move, before)).values(event_at=move.after))
        await self._keep_earlier(connection, changed, move, now)
        await self._tell(connection, changed, _told(move, before), now)
        return len(changed)

    async def _affected(self, connection: AsyncConnection, move: Move, before: datetime, now: datetime) -> Sequence[sa.RowMapping]:
        ahead = table.c.state == ReminderState.ACTIVE.value
        if move.after is not None:
            due = sa.literal(to_microseconds(move.after)) - table.c.lead_seconds * _MICROSECONDS
            ahead = sa.or_(ahead, due > to_microseconds(now))
        query = sa.select(table).where(_follows(move, before), table.c.state.in_(_FOLLOWING), ahead)
        return (await connection.execute(query)).mappings().all()

    async def _keep_earlier(self, connection: AsyncConnection, changed: Sequence[sa.RowMapping], move: Move, now: datetime) -> None:
        """Store the reminders ahead of the season's earlier date, and take away those that an earlier move left."""
        beside = {derived_id(EARLIER, row["id"]): row for row in changed}
        active = table.c.state == ReminderState.ACTIVE.value
        await connection.execute(sa.delete(table).where(table.c.id.in_(beside), active))
        if move.earlier is None:
            return
        due = {each: move.earlier - timedelta(seconds=row["lead_seconds"]) for each, row in beside.items()}
        rows: list[dict[str, Any]] = []
        for each, row in beside.items():
            if due[each] > now:
                reminder = replace(reminder_from(row, self._cipher), earlier_at=move.earlier.isoformat())
                values = {"id": each, "state": ReminderState.ACTIVE.value, "due_at": due[each], "event_at": None, "occurrence": 0}
                rows.append({**row, **values, "blob": self._cipher.encrypt(personal_of(reminder))})
        if rows:
            await connection.execute(insert(connection, table).on_conflict_do_nothing(), rows)

    async def _tell(self, connection: AsyncConnection, changed: Sequence[sa.RowMapping], told: Mapping[str, str], now: datetime) -> None:
        """Store one message for each owner, whatever the number of her reminders."""
        rows: dict[int, dict[str, Any]] = {}
        event_id, is_servers = told["event_id"], "by" in told
        for row in changed:
            message = Delivery(
                kind=DeliveryKind.DATE_MOVED,
                recipient=member_recipient(row["member_id"]),
                source=SOURCE,
                # A server may correct itself within the minute, and two may move the same date: each is news of its own.
                source_id=f"{event_id}@{row['guild_id']}" if is_servers else event_id,
                occurrence=int(now.timestamp()) // (1 if is_servers else 60),
                due_at=now,
                guild_id=row["guild_id"],
                payload=told,
            )
            rows.setdefault(row["member_id"], values_of(message, self._cipher))
        if rows:
            await connection.execute(insert(connection, deliveries).on_conflict_do_nothing(), list(rows.values()))


def _told(move: Move, before: datetime) -> dict[str, str]:
    told = {"event_id": move.event_id, "before": before.isoformat(), "after": move.after.isoformat() if move.after else ""}
    if move.by is not MovedBy.CALENDAR:
        told["by"] = move.by.value
    return told | ({"earlier": move.earlier.isoformat()} if move.earlier else {})


def _follows(move: Move, before: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.event_id == move.event_id, table.c.event_at == before, _in_servers(move.servers))


def _in_servers(servers: Collection[int | None] | None) -> sa.ColumnElement[bool]:
    if servers is None:
        return sa.true()
    named = table.c.guild_id.in_([each for each in servers if each is not None])
    return sa.or_(named, table.c.guild_id.is_(None)) if None in servers else named
