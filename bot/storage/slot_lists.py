"""What is read of slots, and the drafts of offers."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.slots import Booking, BookingState, Slot, SlotDraft
from bot.storage.database import Database
from bot.storage.encryption import Cipher
from bot.storage.slot_rows import OPEN, booking_from, draft_from, draft_values, in_slot, slot_from, taken, whole
from bot.storage.slot_tables import slot as table
from bot.storage.slot_tables import slot_booking as bookings
from bot.storage.slot_tables import slot_draft as drafts

BOOKED = BookingState.BOOKED.value
_BEFORE = "booking_"
_booked_slots = sa.select(table, taken, *(column.label(f"{_BEFORE}{column.name}") for column in bookings.c)).join_from(
    table, bookings, in_slot
)


class SlotLists:
    """Read slots and bookings; a method that lists names whose it lists, or which server's."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def get(self, slot_id: str) -> Slot | None:
        """Return the slot, or None."""
        found = await self._slots(whole.where(table.c.id == slot_id))
        return found[0] if found else None

    async def upcoming(self, guild_id: int, now: datetime, limit: int, offset: int = 0) -> list[Slot]:
        """Return the slots of a server that have not begun, the next one first."""
        query = whole.where(table.c.guild_id == guild_id, OPEN, table.c.begins_at > now)
        return await self._slots(query.order_by(table.c.begins_at, table.c.id).limit(limit).offset(offset))

    async def offered(self, advisor_id: int, guild_id: int | None, now: datetime, limit: int, offset: int = 0) -> list[Slot]:
        """Return the slots that an advisor offers in a server, or everywhere, and that have not ended, the next one first."""
        query = whole.where(table.c.advisor_id == advisor_id, OPEN, table.c.ends_at > now)
        if guild_id is not None:
            query = query.where(table.c.guild_id == guild_id)
        return await self._slots(query.order_by(table.c.begins_at, table.c.id).limit(limit).offset(offset))

    async def booked_by(
        self, member_id: int, guild_id: int | None, now: datetime, limit: int, offset: int = 0
    ) -> list[tuple[Slot, Booking]]:
        """Return what a member has booked in a server, or everywhere, and that has not ended, the next one first."""
        mine = sa.and_(bookings.c.member_id == member_id, bookings.c.state == BOOKED, OPEN, table.c.ends_at > now)
        query = _booked_slots.where(mine)
        if guild_id is not None:
            query = query.where(table.c.guild_id == guild_id)
        return await self._both(query.order_by(table.c.begins_at, table.c.id).limit(limit).offset(offset))

    async def booking(self, booking_id: str) -> tuple[Slot, Booking] | None:
        """Return a booking in whatever state with its slot, or None."""
        found = await self._both(_booked_slots.where(bookings.c.id == booking_id))
        return found[0] if found else None

    async def place_of(self, slot_id: str, member_id: int) -> Booking | None:
        """Return the place that a member has in a slot, or None."""
        query = sa.select(bookings).where(bookings.c.slot_id == slot_id, bookings.c.member_id == member_id, bookings.c.state == BOOKED)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        return None if row is None else booking_from(row)

    async def places(self, slot_id: str) -> list[Booking]:
        """Return who has a place in a slot, who booked first first."""
        query = sa.select(bookings).where(bookings.c.slot_id == slot_id, bookings.c.state == BOOKED)
        async with self._database.read() as connection:
            rows = (await connection.execute(query.order_by(bookings.c.booked_at, bookings.c.id))).mappings().all()
        return [booking_from(row) for row in rows]

    async def open_of(self, advisor_id: int, now: datetime) -> list[str]:
        """Return the ids of an advisor's slots that are open and have not ended."""
        query = sa.select(table.c.id).where(table.c.advisor_id == advisor_id, OPEN, table.c.ends_at > now)
        async with self._database.read() as connection:
            return list((await connection.execute(query)).scalars())

    async def save_draft(self, draft: SlotDraft) -> None:
        """Store a draft in the place of the one that the advisor has in that server."""
        hers = sa.and_(drafts.c.advisor_id == draft.advisor_id, drafts.c.guild_id == draft.guild_id)
        async with self._database.write() as connection:
            await connection.execute(sa.delete(drafts).where(hers))
            await connection.execute(sa.insert(drafts).values(draft_values(draft, self._cipher)))

    async def draft(self, draft_id: str) -> SlotDraft | None:
        """Return the draft, or None."""
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(drafts).where(drafts.c.id == draft_id))).mappings().first()
        return None if row is None else draft_from(row, self._cipher)

    async def discard(self, draft_id: str, advisor_id: int) -> bool:
        """Throw a draft away; return False where there is none of that advisor's."""
        async with self._database.write() as connection:
            gone = sa.delete(drafts).where(drafts.c.id == draft_id, drafts.c.advisor_id == advisor_id)
            return (await connection.execute(gone)).rowcount == 1

    async def discard_old_drafts(self, before: datetime) -> int:
        """Throw away drafts that were not offered; return how many."""
        async with self._database.write() as connection:
            return (await connection.execute(sa.delete(drafts).where(drafts.c.made_at < before))).rowcount

    async def _slots(self, query: sa.Select[Any]) -> list[Slot]:
        async with self._database.read() as connection:
            return [slot_from(row, self._cipher) for row in (await connection.execute(query)).mappings()]

    async def _both(self, query: sa.Select[Any]) -> list[tuple[Slot, Booking]]:
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [(slot_from(row, self._cipher), booking_from(row, _BEFORE)) for row in rows]
