"""What a slot sends: reminders ahead of it, and news to whom it concerns; none of it names who booked."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.delivery import Delivery, DeliveryKind, Priority, member_recipient
from bot.domain.slots import LEADS, Booking, Slot, leads_ahead
from bot.storage.slots import LEAD

NEWS = "slot-news"
"""The source of what happened to a slot; its source id is the slot's or the booking's."""
URGENT = timedelta(hours=2)


class SlotNews(StrEnum):
    """What a message about a slot says."""

    COMES = "comes"
    """A reminder, to a member who has a place."""
    HELD = "held"
    """A reminder, to the advisor."""
    CANCELLED = "cancelled"
    MOVED = "moved"
    PLACE = "place"
    """It is held elsewhere."""
    RELEASED = "released"
    """It was moved to a time at which she has another slot."""
    FIRST = "first"
    """The first place is booked; to the advisor."""
    FULL = "full"
    """The last place is booked; to the advisor."""
    FREED = "freed"
    """A place was given back; to the advisor."""


FOR_ADVISORS = frozenset({SlotNews.HELD, SlotNews.FIRST, SlotNews.FULL, SlotNews.FREED})


def leads_of_member(slot: Slot, booking: Booking, now: datetime) -> list[Delivery]:
    """Return the reminders of a booking that lie ahead."""
    return [] if booking.member_id is None else _leads(slot, SlotNews.COMES, booking.id, booking.member_id, now)


def leads_of_advisor(slot: Slot, now: datetime) -> list[Delivery]:
    """Return the reminders of a slot to its advisor that lie ahead; they come if anybody has a place then."""
    return [] if slot.advisor_id is None else _leads(slot, SlotNews.HELD, slot.id, slot.advisor_id, now)


def news_of_members(slot: Slot, what: SlotNews, places: Iterable[Booking], now: datetime, **more: str) -> list[Delivery]:
    """Return the news to everybody who has a place."""
    return [
        _news(slot, what, each.id, slot.revision, each.member_id, now, {"booking": each.id, **more})
        for each in places
        if each.member_id is not None
    ]


def booked(slot: Slot, booking: Booking, places: Sequence[Booking], now: datetime) -> list[Delivery]:
    """Return what a booking sends: its reminders, and news to the advisor of the first place and of the last."""
    sends = leads_of_member(slot, booking, now)
    what = SlotNews.FULL if len(places) >= slot.capacity else SlotNews.FIRST if len(places) == 1 else None
    if what is not None and slot.advisor_id is not None:
        sends.append(_news(slot, what, booking.id, 0, slot.advisor_id, now, {"places": f"{len(places)} of {slot.capacity}"}))
    return sends


def given_back(slot: Slot, booking_id: str, now: datetime) -> list[Delivery]:
    """Return the news to the advisor that a place is free again."""
    if slot.advisor_id is None:
        return []
    left = {"places": f"{slot.taken} of {slot.capacity}"}
    return [_news(slot, SlotNews.FREED, booking_id, 1, slot.advisor_id, now, left)]


def _leads(slot: Slot, what: SlotNews, source_id: str, member_id: int, now: datetime) -> list[Delivery]:
    return [
        Delivery(
            kind=DeliveryKind.SLOT,
            recipient=member_recipient(member_id),
            source=LEAD,
            source_id=source_id,
            occurrence=slot.revision * len(LEADS) + LEADS.index(lead),
            due_at=slot.begins_at - lead,
            expires_at=slot.begins_at,
            priority=Priority.URGENT if lead <= URGENT else Priority.NORMAL,
            guild_id=slot.guild_id,
            payload=_says(slot, what) | ({"booking": source_id} if what is SlotNews.COMES else {}),
        )
        for lead in leads_ahead(slot.begins_at, now)
    ]


def _news(slot: Slot, what: SlotNews, source_id: str, occurrence: int, member_id: int, now: datetime, more: Mapping[str, str]) -> Delivery:
    return Delivery(
        kind=DeliveryKind.SLOT,
        recipient=member_recipient(member_id),
        source=NEWS,
        source_id=f"{source_id}-{what}",
        occurrence=occurrence,
        due_at=now,
        priority=Priority.ANSWER,
        guild_id=slot.guild_id,
        payload={**_says(slot, what), **more},
    )


def _says(slot: Slot, what: SlotNews) -> dict[str, str]:
    return {
        "what": what.value,
        "slot": slot.id,
        "revision": str(slot.revision),
        "slot_kind": slot.kind.value,
        "begins_at": slot.begins_at.isoformat(),
        "zone": slot.at.zone,
        "minutes": str(slot.minutes),
        "place": slot.place,
    }
