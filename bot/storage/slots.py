"""Slots, stored. Every change is one transaction that follows the one before, so that no place and no time is given twice."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from enum import Enum, auto

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState
from bot.domain.slots import Booking, BookingState, Slot, SlotState
from bot.storage.database import Database, insert, locked, one_at_a_time
from bot.storage.delivery_rows import values_of
from bot.storage.encryption import Cipher
from bot.storage.slot_rows import OPEN, booking_from, in_slot, slot_from, slot_values, whole
from bot.storage.slot_tables import slot as table
from bot.storage.slot_tables import slot_booking as bookings
from bot.storage.slot_tables import slot_draft as drafts
from bot.storage.tables import delivery as deliveries
from bot.storage.tables import member as members

CHANGING = 0x534C4F54
"""What changes of slots wait for each other by, on PostgreSQL."""
LEAD = "slot-lead"
"""The source of a reminder; its source id is the booking's, or for the advisor the slot's."""
STOPPED = "The slot was cancelled, moved or given back."
BOOKED = BookingState.BOOKED.value

Tell = Callable[[Slot, Sequence[Booking]], Sequence[Delivery]]
"""Return what is to be sent because of a change, for the slot as it is then and those who have a place in it."""


class Refusal(Enum):
    """Why a change was not made."""

    GONE = auto()
    """It is not there any more, or not as it was read."""
    BEGUN = auto()
    FULL = auto()
    OWN = auto()
    """Who would book it offers it."""
    TWICE = auto()
    """She has a place in it."""
    CLASH = auto()
    """She has another slot at that time."""
    TOO_MANY = auto()
    TOO_MANY_HERE = auto()
    """The server has as many as are kept."""
    TOO_OFTEN = auto()
    """She booked and gave back this very slot too often."""


class SlotRepository:
    """Keep slots and bookings of every server; a method that lists names whose it lists, or which server's."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    @asynccontextmanager
    async def _changing(self) -> AsyncGenerator[AsyncConnection]:
        async with self._database.write() as connection:
            await one_at_a_time(connection, CHANGING)
            yield connection

    async def offer(
        self, draft_id: str, slots: Sequence[Slot], sends: Sequence[Delivery], *, now: datetime, at_most: int, at_most_here: int
    ) -> Refusal | None:
        """Store the slots of a draft, which goes, all or none; return why not."""
        first = slots[0]
        async with self._changing() as connection:
            gone = sa.delete(drafts).where(drafts.c.id == draft_id, drafts.c.advisor_id == first.advisor_id)
            if not await self._is_stored(connection, first.advisor_id):
                return Refusal.GONE
            refusal = await self._may_offer(connection, slots, now, at_most, at_most_here)
            if refusal is not None:
                return refusal
            if (await connection.execute(gone)).rowcount != 1:
                return Refusal.GONE
            await connection.execute(sa.insert(table), [slot_values(slot, self._cipher) for slot in slots])
            await self._send(connection, sends)
        return None

    async def _may_offer(
        self, connection: AsyncConnection, slots: Sequence[Slot], now: datetime, at_most: int, at_most_here: int
    ) -> Refusal | None:
        first = slots[0]
        here = sa.and_(OPEN, table.c.guild_id == first.guild_id, table.c.ends_at > now)
        if await self._count(connection, here) + len(slots) > at_most_here:
            return Refusal.TOO_MANY_HERE
        if await self._count(connection, sa.and_(here, table.c.advisor_id == first.advisor_id)) + len(slots) > at_most:
            return Refusal.TOO_MANY
        for slot in slots:
            if await self._is_busy(connection, first.advisor_id, slot):
                return Refusal.CLASH
        return None

    async def book(
        self, slot_id: str, booking: Booking, tell: Tell, *, now: datetime, guild_id: int, at_most: int, at_most_often: int
    ) -> Refusal | None:
        """Give a member a place in a slot of a server; return why not."""
        async with self._changing() as connection:
            slot = await self._slot(connection, slot_id)
            if slot is None or slot.guild_id != guild_id or slot.state is not SlotState.OPEN:
                return Refusal.GONE
            refusal = await self._may_book(connection, slot, booking, now, at_most, at_most_often)
            if refusal is not None:
                return refusal
            values = {
                "id": booking.id,
                "slot_id": slot_id,
                "member_id": booking.member_id,
                "state": BOOKED,
                "booked_at": booking.booked_at,
                "changed_at": booking.changed_at,
            }
            await connection.execute(sa.insert(bookings).values(values))
            await self._send(connection, tell(slot, await self._places(connection, slot_id)))
        return None

    async def _may_book(
        self, connection: AsyncConnection, slot: Slot, booking: Booking, now: datetime, at_most: int, at_most_often: int
    ) -> Refusal | None:
        if not await self._is_stored(connection, booking.member_id):
            return Refusal.GONE
        mine = bookings.c.member_id == booking.member_id
        before = (await connection.execute(sa.select(bookings.c.state).where(mine, bookings.c.slot_id == slot.id))).scalars().all()
        ahead = sa.and_(mine, bookings.c.state == BOOKED, in_slot, OPEN, table.c.guild_id == slot.guild_id, table.c.ends_at > now)
        count = (await connection.execute(sa.select(sa.func.count()).select_from(bookings.join(table)).where(ahead))).scalar_one()
        reasons = {
            Refusal.OWN: slot.advisor_id == booking.member_id,
            Refusal.TWICE: BOOKED in before,
            Refusal.BEGUN: slot.begins_at <= now,
            Refusal.FULL: slot.taken >= slot.capacity,
            Refusal.TOO_OFTEN: len(before) >= at_most_often,
            Refusal.TOO_MANY: count >= at_most,
            Refusal.CLASH: await self._is_busy(connection, booking.member_id, slot),
        }
        return next((refusal for refusal, holds in reasons.items() if holds), None)

    async def give_back(self, booking_id: str, member_id: int, tell: Tell, now: datetime) -> Refusal | None:
        """Give the place of a booking of hers back, and stop its reminders; return why not."""
        mine = sa.and_(bookings.c.id == booking_id, bookings.c.member_id == member_id, bookings.c.state == BOOKED)
        async with self._changing() as connection:
            slot_id = (await connection.execute(sa.select(bookings.c.slot_id).where(mine))).scalar_one_or_none()
            slot = await self._slot(connection, slot_id) if slot_id else None
            if slot is None or slot.state is not SlotState.OPEN:
                return Refusal.GONE
            if slot.ends_at <= now:
                return Refusal.BEGUN
            await self._leave(connection, [booking_id], BookingState.CANCELLED, now)
            again = await self._slot(connection, slot.id) or slot
            await self._send(connection, tell(again, await self._places(connection, slot.id)))
        return None

    async def cancel(self, slot_id: str, advisor_id: int, tell: Tell, now: datetime) -> Refusal | None:
        """Cancel a slot of an advisor, and stop all its reminders; return why not. Its bookings stay as they are: they say who was told."""
        async with self._changing() as connection:
            slot = await self._slot(connection, slot_id)
            if slot is None or slot.advisor_id != advisor_id or slot.state is not SlotState.OPEN:
                return Refusal.GONE
            if slot.ends_at <= now:
                return Refusal.BEGUN
            places = await self._places(connection, slot_id)
            change = sa.update(table).where(table.c.id == slot_id)
            await connection.execute(change.values(state=SlotState.CANCELLED.value, changed_at=now, revision=slot.revision + 1))
            await self._stop(connection, [slot_id, *(each.id for each in places)])
            await self._send(connection, tell(slot, places))
        return None

    async def change(
        self, slot: Slot, tell: Callable[[Sequence[Booking], Sequence[Booking]], Sequence[Delivery]], now: datetime
    ) -> Refusal | None:
        """Give a slot another time or place, if it is as it was read; stop what was planned for the one before; return why not.

        Who has another slot at the new time is released. ``tell`` gets those who stay and those who were released.
        """
        async with self._changing() as connection:
            stored = await self._slot(connection, slot.id)
            if stored is None or stored.advisor_id != slot.advisor_id or stored.state is not SlotState.OPEN:
                return Refusal.GONE
            if stored.begins_at <= now:
                return Refusal.BEGUN
            if stored.revision != slot.revision:
                return Refusal.GONE
            if await self._is_busy(connection, slot.advisor_id, slot):
                return Refusal.CLASH
            places = await self._places(connection, slot.id)
            busy = {each.id for each in places if await self._is_busy(connection, each.member_id, slot)}
            values = slot_values(slot, self._cipher) | {"revision": slot.revision + 1, "changed_at": now}
            await connection.execute(sa.update(table).where(table.c.id == slot.id).values(values))
            await self._stop(connection, [slot.id, *(each.id for each in places)])
            await self._leave(connection, sorted(busy), BookingState.RELEASED, now)
            stays = [each for each in places if each.id not in busy]
            await self._send(connection, tell(stays, [each for each in places if each.id in busy]))
        return None

    async def _leave(self, connection: AsyncConnection, ids: Sequence[str], state: BookingState, now: datetime) -> None:
        await connection.execute(sa.update(bookings).where(bookings.c.id.in_(ids)).values(state=state.value, changed_at=now))
        await self._stop(connection, ids)

    async def _stop(self, connection: AsyncConnection, source_ids: Sequence[str]) -> None:
        """Stop what waits to be sent; what is on its way asks once more before it goes."""
        planned = sa.and_(deliveries.c.source == LEAD, deliveries.c.source_id.in_(source_ids), deliveries.c.state == "pending")
        values = {"state": DeliveryState.CANCELLED.value, "reason": STOPPED, "payload": self._cipher.encrypt({})}
        await connection.execute(sa.update(deliveries).where(planned, deliveries.c.kind == DeliveryKind.SLOT.value).values(values))

    async def _send(self, connection: AsyncConnection, sends: Sequence[Delivery]) -> None:
        for delivery in sends:
            await connection.execute(insert(connection, deliveries).values(**values_of(delivery, self._cipher)).on_conflict_do_nothing())

    async def _is_stored(self, connection: AsyncConnection, member_id: int | None) -> bool:
        """Tell whether a member is stored, and hold her: she can't be erased in the middle of it."""
        query = locked(connection, sa.select(members.c.id).where(members.c.id == member_id))
        return (await connection.execute(query)).first() is not None

    async def _is_busy(self, connection: AsyncConnection, person: int | None, slot: Slot) -> bool:
        """Tell whether somebody offers or has booked another open slot, in whatever server, that overlaps with this one."""
        meets = sa.and_(OPEN, table.c.id != slot.id, table.c.begins_at < slot.ends_at, table.c.ends_at > slot.begins_at)
        booked = sa.exists().where(in_slot, bookings.c.member_id == person, bookings.c.state == BOOKED)
        query = sa.select(table.c.id).where(meets, sa.or_(table.c.advisor_id == person, booked)).limit(1)
        return (await connection.execute(query)).first() is not None

    async def _count(self, connection: AsyncConnection, which: sa.ColumnElement[bool]) -> int:
        return (await connection.execute(sa.select(sa.func.count()).select_from(table).where(which))).scalar_one()

    async def _slot(self, connection: AsyncConnection, slot_id: str) -> Slot | None:
        row = (await connection.execute(whole.where(table.c.id == slot_id))).mappings().first()
        return None if row is None else slot_from(row, self._cipher)

    async def _places(self, connection: AsyncConnection, slot_id: str) -> list[Booking]:
        query = sa.select(bookings).where(bookings.c.slot_id == slot_id, bookings.c.state == BOOKED)
        rows = (await connection.execute(query.order_by(bookings.c.booked_at, bookings.c.id))).mappings()
        return [booking_from(row) for row in rows]
