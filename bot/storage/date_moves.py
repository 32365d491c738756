"""Reminders of dates against the calendar: which dates they were computed from, and what follows where one moved."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import Delivery, DeliveryKind, member_recipient
from bot.domain.reminder import ReminderState
from bot.storage.database import Database, insert
from bot.storage.delivery_rows import values_of
from bot.storage.encryption import Cipher
from bot.storage.tables import delivery as deliveries
from bot.storage.tables import reminder as table
from bot.storage.types import to_microseconds

SOURCE = "date_moved"
_MICROSECONDS = 1_000_000
_FOLLOWING = (ReminderState.ACTIVE.value, ReminderState.FIRED.value)


class DateMoveRepository:
    """Let reminders follow their dates."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def dates(self) -> list[tuple[str, datetime]]:
        """Return each event that reminders follow, with the instant that they were computed from; both may stand several times."""
        query = sa.select(table.c.event_id, table.c.event_at).where(table.c.event_at.is_not(None)).distinct()
        async with self._database.read() as connection:
            return [(row.event_id, row.event_at) for row in (await connection.execute(query)).all()]

    async def move(self, event_id: str, before: datetime, after: datetime | None, now: datetime) -> int:
        """Let the reminders of one event follow it from ``before`` to ``after``, and tell their owners; in one transaction.

        What still lies ahead moves; where its time has passed by now it falls due at once. What came already comes again where its new
        time lies ahead. Where the date is not known any more, what lies ahead is cancelled. Return how many reminders changed.
        """
        async with self._database.write() as connection:
            changed = await self._affected(connection, event_id, before, after, now)
            for row in changed:
                change = sa.update(table).where(table.c.id == row["id"])
                if after is None:
                    await connection.execute(change.values(state=ReminderState.CANCELLED.value, event_at=None))
                else:
                    due = max(after - timedelta(seconds=row["lead_seconds"]), now)
                    await connection.execute(change.values(state=ReminderState.ACTIVE.value, due_at=due, event_at=after))
            rest = sa.update(table).where(table.c.event_id == event_id, table.c.event_at == before)
            await connection.execute(rest.values(event_at=after))
            await self._tell(connection, changed, (event_id, before, after), now)
        return len(changed)

    async def _affected(
        self, connection: AsyncConnection, event_id: str, before: datetime, after: datetime | None, now: datetime
    ) -> Sequence[sa.RowMapping]:
        follows = sa.and_(table.c.event_id == event_id, table.c.event_at == before, table.c.state.in_(_FOLLOWING))
        ahead = table.c.state == ReminderState.ACTIVE.value
        if after is not None:
            due = sa.literal(to_microseconds(after)) - table.c.lead_seconds * _MICROSECONDS
            ahead = sa.or_(ahead, due > to_microseconds(now))
        return (await connection.execute(sa.select(table).where(follows, ahead))).mappings().all()

    async def _tell(
        self, connection: AsyncConnection, changed: Sequence[sa.RowMapping], move: tuple[str, datetime, datetime | None], now: datetime
    ) -> None:
        """Store one message for each owner, whatever the number of her reminders."""
        event_id, before, after = move
        rows: dict[int, dict[str, Any]] = {}
        for row in changed:
            message = Delivery(
                kind=DeliveryKind.DATE_MOVED,
                recipient=member_recipient(row["member_id"]),
                source=SOURCE,
                source_id=event_id,
                occurrence=int(now.timestamp()) // 60,
                due_at=now,
                guild_id=row["guild_id"],
                payload={"event_id": event_id, "before": before.isoformat(), "after": after.isoformat() if after else ""},
            )
            rows.setdefault(row["member_id"], values_of(message, self._cipher))
        if rows:
            await connection.execute(insert(connection, deliveries).on_conflict_do_nothing(), list(rows.values()))
