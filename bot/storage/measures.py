"""What stands in the database, counted for those who watch the bot: numbers only, of nobody."""

import time
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.domain.reminder import ReminderState
from bot.storage.database import Database, stored_bytes
from bot.storage.deliveries import OPEN, WAITS
from bot.storage.tables import delivery, reminder


@dataclass(frozen=True, slots=True)
class Measures:
    """Hold what was counted at one moment of product time; lengths in seconds, sizes in bytes."""

    query_seconds: float
    """How long the database took to answer a question that costs nothing."""
    stored_bytes: int
    deliveries: dict[tuple[str, str], int]
    """How many there are by kind and state."""
    deliveries_due: int
    """How many may go now and have not gone."""
    reminders_due: int
    """How many are due and have not become deliveries."""
    overdue_seconds: float
    """How long the oldest of both has been due."""
    waiting_unseen: int
    """How many wait in inboxes and were not shown yet."""
    waiting_seen: int


class MeasureRepository:
    """Count, and change nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def connections_in_use(self) -> int:
        """Return how many connections are in use at this moment."""
        return self._database.connections_in_use

    async def count(self, now: datetime) -> Measures:
        """Return what is stored as of ``now``, product time; takes as long as the deliveries are many."""
        by_state = sa.select(delivery.c.kind, delivery.c.state, sa.func.count()).group_by(delivery.c.kind, delivery.c.state)
        may_go = sa.and_(delivery.c.state.in_(OPEN), delivery.c.not_before <= now)
        due = sa.select(sa.func.count(), sa.func.min(delivery.c.not_before)).where(may_go)
        falling = sa.and_(reminder.c.state == str(ReminderState.ACTIVE), reminder.c.due_at <= now)
        to_fall = sa.select(sa.func.count(), sa.func.min(reminder.c.due_at)).where(falling)
        seen = sa.select(sa.func.count(), sa.func.count(delivery.c.seen_at)).where(WAITS, delivery.c.member_id.is_not(None))
        async with self._database.read() as connection:
            began = time.monotonic()
            await connection.execute(sa.select(sa.literal(1)))
            took = time.monotonic() - began
            size = await stored_bytes(connection)
            counts = (await connection.execute(by_state)).all()
            deliveries_due, oldest_delivery = (await connection.execute(due)).one()
            reminders_due, oldest_reminder = (await connection.execute(to_fall)).one()
            waiting, shown = (await connection.execute(seen)).one()
        oldest = min((at for at in (oldest_delivery, oldest_reminder) if at is not None), default=now)
        return Measures(
            query_seconds=took,
            stored_bytes=size,
            deliveries={(kind, state): count for kind, state, count in counts},
            deliveries_due=deliveries_due,
            reminders_due=reminders_due,
            overdue_seconds=(now - oldest).total_seconds(),
            waiting_unseen=waiting - shown,
            waiting_seen=shown,
        )
