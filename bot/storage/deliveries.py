"""Deliveries, stored: what falls due, who sends it, what became of it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import SUPERSEDED, Answer, Delivery, DeliveryState
from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from bot.domain.shards import MILLISECOND, PARTITIONS
from bot.storage.changes import Topic, is_shared, note
from bot.storage.database import Database, insert, locked, real_now
from bot.storage.delivery_rows import MAX_REASON, Fallen, Mark, delivery_from, fall, values_of
from bot.storage.encryption import Cipher
from bot.storage.reminders import reminder_from
from bot.storage.tables import delivery as table
from bot.storage.tables import reminder as reminders

OPEN = ("pending", "claimed")

WAITS = sa.and_(table.c.state == "parked", table.c.kind != "greeting", table.c.reason != SUPERSEDED)
"""What is parked for a member to read."""

_whose = sa.func.coalesce(table.c.member_id, table.c.channel_id, 0)
"""By what a delivery's partition goes: its member, so that what is hers keeps its order; else its channel, else nothing."""

Parts = Collection[int] | None

_SENT = (
    sa.update(table)
    .where(table.c.id == sa.bindparam("sent_id"))
    .values(
        state=DeliveryState.SENT.value,
        lease_owner=None,
        lease_until=None,
        reason="",
        message_id=sa.bindparam("in_message"),
        channel_id=sa.bindparam("in_channel"),
        sent_at=sa.bindparam("at", type_=table.c.sent_at.type),
        attempts=sa.func.coalesce(sa.bindparam("tries", type_=sa.Integer), table.c.attempts),
    )
)
"""Put together once: of a batch almost all are sent, and one statement takes them all."""


class DeliveryRepository:
    """Keep deliveries. Due times are product time; leases are real time."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def fall_due(self, now: datetime, limit: int = 500, *, parts: Parts = None) -> int:
        """Turn reminders that are due into deliveries, in one transaction: a crash leaves both undone. Return how many.

        ``parts`` takes only those of some partitions (see ``partition_of``), here and below.
        """
        due = (
            sa.select(reminders)
            .where(reminders.c.state == str(ReminderState.ACTIVE), reminders.c.due_at <= now, *_within(parts, reminders.c.member_id))
            .order_by(reminders.c.due_at, reminders.c.id)
            .limit(limit)
        )
        async with self._database.write() as connection:
            due_rows = (await connection.execute(locked(connection, due, skip=True))).mappings().all()
            if not due_rows:
                return 0
            due_now = [reminder_from(row, self._cipher) for row in due_rows]
            fallen = [fall(reminder, now) for reminder in due_now]
            same = _said_already(due_now)
            rows = [
                self._fallen(each, row)
                for row, fell in zip(due_rows, fallen, strict=True)
                if row["id"] not in same
                for each in fell.deliveries
            ]
            if rows:
                await connection.execute(insert(connection, table).on_conflict_do_nothing(), rows)
            advanced = (
                sa.update(reminders)
                .where(reminders.c.id == sa.bindparam("fallen_id"))
                .values(
                    state=sa.bindparam("next_state"),
                    due_at=sa.bindparam("next_due", type_=reminders.c.due_at.type),
                    occurrence=reminders.c.occurrence + sa.bindparam("fell", type_=sa.Integer),
                )
            )
            await connection.execute(advanced, [_advance(row, fell) for row, fell in zip(due_rows, fallen, strict=True)])
        return len(due_rows)

    def _fallen(self, delivery: Delivery, row: sa.RowMapping) -> dict[str, Any]:
        values = values_of(delivery, self._cipher)
        # What can't be read goes on as it is: the delivery is parked when it is claimed, and the right key would still open it.
        return values if self._cipher.readable(row["blob"]) is not None else values | {"payload": row["blob"]}

    async def add(self, delivery: Delivery) -> bool:
        """Store a delivery; return False, and change nothing, where it is stored already."""
        async with self._database.write() as connection:
            statement = insert(connection, table).values(**values_of(delivery, self._cipher)).on_conflict_do_nothing()
            return (await connection.execute(statement)).rowcount == 1

    async def remove(self, delivery_id: str) -> None:
        """Delete a delivery of which nothing may stay."""
        async with self._database.write() as connection:
            await connection.execute(sa.delete(table).where(table.c.id == delivery_id))

    async def get(self, delivery_id: str) -> Delivery | None:
        """Return the delivery, or None."""
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(table).where(table.c.id == delivery_id))).mappings().first()
        return None if row is None else delivery_from(row, self._cipher)

    async def claim_due(
        self,
        now: datetime,
        limit: int,
        owner: str,
        lease_seconds: float,
        *,
        only_id: str | None = None,
        at_least: int | None = None,
        parts: Parts = None,
    ) -> list[Delivery]:
        """Claim what is due for one owner, the most urgent first; what another claimed comes back when its lease has ended.

        ``only_id`` claims just that one, ``at_least`` only what is of that priority or more urgent. The deliveries are returned as they
        were: ``first_tried_at`` is None for one that nobody has tried.
        """
        async with self._database.write() as connection:
            real = await real_now(connection)
            ready = sa.or_(
                sa.and_(table.c.state == "pending", table.c.not_before <= now),
                sa.and_(table.c.state == "claimed", table.c.lease_until < real, table.c.due_at <= now),
            )
            query = (
                sa.select(table)
                .where(table.c.state.in_(OPEN), ready, *_within(parts, _whose))
                .order_by(table.c.priority, table.c.due_at, table.c.id)
                .limit(limit)
            )
            if only_id is not None:
                query = query.where(table.c.id == only_id)
            if at_least is not None:
                query = query.where(table.c.priority <= at_least)
            rows = (await connection.execute(locked(connection, query, skip=True))).mappings().all()
            if rows:
                tried = sa.literal(now, table.c.first_tried_at.type)
                claim = (
                    sa.update(table)
                    .where(table.c.id.in_([row["id"] for row in rows]))
                    .values(
                        state="claimed",
                        lease_owner=owner,
                        lease_until=real + timedelta(seconds=lease_seconds),
                        # Written before the first attempt: after a crash it tells whether Discord still remembers the nonce.
                        # The earlier of the two, should the clock have been set back: the nonce is at most that old.
                        first_tried_at=sa.case((table.c.first_tried_at <= now, table.c.first_tried_at), else_=tried),
                    )
                )
                await connection.execute(claim)
        return [delivery_from(row, self._cipher) for row in rows]

    async def mark(self, owner: str, marks: Sequence[Mark]) -> set[str]:
        """Settle claimed deliveries in one transaction; only those that the owner still holds. Return the ids of these."""
        held = sa.select(table.c.id).where(
            table.c.id.in_([mark.id for mark in marks]), table.c.state == "claimed", table.c.lease_owner == owner
        )
        async with self._database.write() as connection:
            hers = set((await connection.execute(locked(connection, held))).scalars())
            mine = [mark for mark in marks if mark.id in hers]
            if sent := [mark for mark in mine if mark.state is DeliveryState.SENT]:
                await connection.execute(_SENT, [_sent_values(mark) for mark in sent])
            for mark in mine:
                if mark.state is not DeliveryState.SENT:
                    await self._mark_one(connection, mark)
        return hers

    async def _mark_one(self, connection: AsyncConnection, mark: Mark) -> None:
        values: dict[str, Any] = {
            "state": str(mark.state),
            "lease_owner": None,
            "lease_until": None,
            "reason": mark.reason[:MAX_REASON],
        }
        if mark.not_before is not None:  # never before it was due, even where the clock was set back
            later = sa.literal(mark.not_before, table.c.due_at.type)
            values["not_before"] = sa.case((table.c.due_at > later, table.c.due_at), else_=later)
        if mark.attempts is not None:
            values["attempts"] = mark.attempts
        if mark.untried:
            values["first_tried_at"] = mark.first_tried_at
        if mark.tried_by is not None:
            by = sa.literal(mark.tried_by, table.c.first_tried_at.type)
            values["first_tried_at"] = sa.case((table.c.first_tried_at <= by, table.c.first_tried_at), else_=by)
        await connection.execute(sa.update(table).where(table.c.id == mark.id).values(**values))
        if mark.state is DeliveryState.PARKED:
            await _note_inbox(connection, [mark.id])
        if mark.then is not None:
            await connection.execute(insert(connection, table).values(**values_of(mark.then, self._cipher)).on_conflict_do_nothing())

    async def release(self, owner: str, *, others: bool = False) -> int:
        """Give back what an owner holds, or with ``others`` what everybody else does; return how many rows.

        Whoever holds the sending lease may take what others left: they can't send any more.
        """
        whose = table.c.lease_owner != owner if others else table.c.lease_owner == owner
        change = sa.update(table).where(table.c.state == "claimed", whose)
        async with self._database.write() as connection:
            return (await connection.execute(change.values(state="pending", lease_owner=None, lease_until=None))).rowcount

    async def next_due(self, after: datetime | None = None, *, parts: Parts = None) -> datetime | None:
        """Return when something is due next in product time, or None; what is claimed counts as not due, nor what is due by ``after``."""
        active = (reminders.c.state == str(ReminderState.ACTIVE), *_within(parts, reminders.c.member_id))
        first_reminder = sa.select(sa.func.min(reminders.c.due_at)).where(*active)
        first_delivery = sa.select(sa.func.min(table.c.not_before)).where(table.c.state == "pending", *_within(parts, _whose))
        if after is not None:
            first_reminder, first_delivery = (
                first_reminder.where(reminders.c.due_at > after),
                first_delivery.where(table.c.not_before > after),
            )
        async with self._database.read() as connection:
            one = (await connection.execute(first_reminder)).scalar_one_or_none()
            two = (await connection.execute(first_delivery)).scalar_one_or_none()
        return min((at for at in (one, two) if at is not None), default=None)

    async def parked_for(self, member_id: int, limit: int, offset: int = 0) -> list[Delivery]:
        """Return what waits for a member, the newest first; the greeting is worth nothing later."""
        query = (
            sa.select(table)
            .where(table.c.member_id == member_id, WAITS)
            .order_by(table.c.due_at.desc(), table.c.id)
            .limit(limit)
            .offset(offset)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [delivery_from(row, self._cipher) for row in rows]

    async def mark_seen(self, ids: Sequence[str], now: datetime) -> None:
        """Note that parked deliveries were shown."""
        async with self._database.write() as connection:
            await connection.execute(sa.update(table).where(table.c.id.in_(ids), table.c.seen_at.is_(None)).values(seen_at=now))
            await _note_inbox(connection, ids)

    async def unseen_members(self, member_id: int | None = None) -> set[int]:
        """Return the members for whom something waits that they have not seen; of one member only whether she is one of them."""
        which = table.c.member_id.is_not(None) if member_id is None else table.c.member_id == member_id
        query = sa.select(table.c.member_id).where(WAITS, table.c.seen_at.is_(None), which).distinct()
        async with self._database.read() as connection:
            return set((await connection.execute(query)).scalars().all())

    async def answer(self, delivery_id: str, member_id: int, answer: Answer, *, message_id: int, channel_id: int, now: datetime) -> bool:
        """Note what a member did with a message of hers; return False where she has answered it already.

        Her click proves that the message arrived: a delivery whose outcome was still unknown is settled by it.
        """
        change = sa.update(table).where(table.c.id == delivery_id, table.c.member_id == member_id, table.c.answer.is_(None))
        values = {
            "answer": answer.value,
            "state": DeliveryState.SENT.value,
            "lease_owner": None,
            "lease_until": None,
            "message_id": sa.func.coalesce(table.c.message_id, message_id),
            "channel_id": sa.func.coalesce(table.c.channel_id, channel_id),
            "sent_at": sa.func.coalesce(table.c.sent_at, sa.literal(now, table.c.sent_at.type)),
        }
        async with self._database.write() as connection:
            return (await connection.execute(change.values(**values))).rowcount == 1

    async def oldest_overdue(self, now: datetime) -> datetime | None:
        """Return the due time of the oldest delivery that is due and not settled."""
        query = sa.select(sa.func.min(table.c.due_at)).where(table.c.state.in_(OPEN), table.c.due_at <= now)
        async with self._database.read() as connection:
            return (await connection.execute(query)).scalar_one_or_none()


async def _note_inbox(connection: AsyncConnection, ids: Sequence[str]) -> None:
    """Let other processes know for whom something waits, or waits no more."""
    if is_shared(connection):
        for member_id in (await connection.execute(sa.select(table.c.member_id).where(table.c.id.in_(ids)).distinct())).scalars():
            await note(connection, Topic.INBOX, member_id or 0)


def _within(parts: Parts, whose: "sa.ColumnElement[int]") -> tuple[sa.ColumnElement[bool], ...]:
    """Return the condition that a row is of some partitions, reckoned as in ``partition_of``; none at all where it is all of them."""
    return () if parts is None else (((whose // MILLISECOND + whose) % PARTITIONS).in_(sorted(parts)),)


def _said_already(due: Sequence[Reminder]) -> set[str]:
    """Return those of reminders due that say what another says: set in two servers that hold the same date, it comes once."""
    first: dict[tuple[object, ...], str] = {}
    for each in due:
        if each.kind is ReminderKind.SEASON_DATE and each.event_at is not None:
            first.setdefault((each.member_id, each.event_id, each.event_at, each.due_at, each.lead, each.text), each.id)
    return {
        each.id
        for each in due
        if first.get((each.member_id, each.event_id, each.event_at, each.due_at, each.lead, each.text), each.id) != each.id
    }


def _sent_values(mark: Mark) -> dict[str, Any]:
    return {
        "sent_id": mark.id,
        "in_message": mark.message_id,
        "in_channel": mark.channel_id,
        "at": mark.settled_at,
        "tries": mark.attempts,
    }


def _advance(row: sa.RowMapping, fell: Fallen) -> dict[str, Any]:
    state = ReminderState.FIRED if fell.next_due is None else ReminderState.ACTIVE
    due = row["due_at"] if fell.next_due is None else fell.next_due
    return {"fallen_id": row["id"], "next_state": str(state), "next_due": due, "fell": len(fell.deliveries)}
