"""A slot as a calendar file."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.domain.slots import LEADS, Slot, SlotKind
from bot.services.ics import Entry, Status, written

NAMES = {SlotKind.OFFICE_HOURS: "Office hours", SlotKind.MOCK_INTERVIEW: "Mock interview", SlotKind.OTHER: "Meeting with an advisor"}
ABOUT = "A slot with an advisor. If it is moved, import the file again: the entry moves. If it is cancelled, delete it."


def entry_of(slot: Slot, server: str, place: str) -> Entry:
    """Return the entry of a slot; made again after it was moved, it takes the place of the one before. Nobody is named in it."""
    zone = ZoneInfo(slot.at.zone)
    where = f"Where to meet: {place}\n" if place else ""
    return Entry(
        uid=f"{slot.id}@matchday",
        sequence=slot.revision,
        changed_at=slot.changed_at,
        begins=slot.begins_at.astimezone(zone),
        ends=(slot.begins_at + timedelta(minutes=slot.minutes)).astimezone(zone),
        summary=f"{NAMES[slot.kind]} in {server}",
        description=f"{where}/ask slots in Discord shows it, and gives the place back.",
        url=None,
        status=Status.CONFIRMED,
        alarms=LEADS,
    )


async def calendar_of(slot: Slot, server: str, place: str) -> bytes:
    """Return the file; written in a thread, for the library takes long to load."""
    return await asyncio.to_thread(written, [entry_of(slot, server, place)], f"{NAMES[slot.kind]} in {server}", (), ABOUT)
