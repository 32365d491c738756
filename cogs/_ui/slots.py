"""A slot in words: the same for who offers it, who books it, and in what is pushed to either."""

import re
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.delivery import Delivery
from bot.domain.member import Member
from bot.domain.slots import Slot, SlotKind
from bot.services.slot_calendar import NAMES
from bot.services.slot_messages import SlotNews
from cogs._ui.cards import plain
from cogs._ui.pushed_dates import left_words
from cogs._ui.times import clock_change_line, on_clock, stamp

HERS = {
    SlotKind.OFFICE_HOURS: "your office hours",
    SlotKind.MOCK_INTERVIEW: "your mock interview",
    SlotKind.OTHER: "your meeting with an advisor",
}
OFFERED = {
    SlotKind.OFFICE_HOURS: "your office hours",
    SlotKind.MOCK_INTERVIEW: "your mock interview",
    SlotKind.OTHER: "your meeting with members",
}
CHANNEL = re.compile(r"<#([0-9]{15,20})>")
SOMEONE = "an advisor"


def place_words(place: str) -> str:
    """Return where to meet, harmless: a channel as a link to it, words as words."""
    return place if CHANNEL.fullmatch(place) else plain(place)


def same_clock(instant: datetime, one: str, other: str) -> bool:
    """Tell whether two zones show the same wall time at an instant."""
    return instant.astimezone(ZoneInfo(one)).utcoffset() == instant.astimezone(ZoneInfo(other)).utcoffset()


def clocks(instant: datetime, zone: str, own: str | None) -> str:
    """Return an instant on the clock it was offered by, and on her own where that differs."""
    offered = on_clock(instant, zone)
    return offered if own is None or same_clock(instant, zone, own) else f"{offered} (your clock: {on_clock(instant, own)})"


def when_lines(slot: Slot, own: str | None) -> str:
    """Return when a slot is: on the reader's device, on the clock it was offered by, and on her own."""
    lines = f"**When:** {stamp(slot.begins_at)}, {stamp(slot.begins_at, 'R')}\n**On the clock of {place_of(slot.at.zone)}:** "
    lines += on_clock(slot.begins_at, slot.at.zone)
    if own is not None and not same_clock(slot.begins_at, slot.at.zone, own):
        lines += f"\n**On your clock:** {on_clock(slot.begins_at, own)}"
    return f"{lines}\n**Length:** {slot.minutes} minutes"


def place_of(zone: str) -> str:
    """Return the place that names a zone: ``New York``."""
    return zone.rpartition("/")[2].replace("_", " ")


def changes_line(slots: Iterable[Slot], own: str | None, now: datetime) -> str:
    """Return a warning where clocks change between now and the last of some slots, else nothing."""
    found = list(slots)
    zones = [*(slot.at.zone for slot in found), *([own] if own else [])]
    return clock_change_line(zones, now, max(slot.begins_at for slot in found)) if found else ""


def free_words(slot: Slot) -> str:
    """Return how many places are left."""
    if slot.free == 0:
        return "full"
    return f"{slot.free} of {slot.capacity} places free" if slot.capacity > 1 else "free"


def offered_by(slot: Slot) -> str:
    """Return who offers a slot."""
    return f"<@{slot.advisor_id}>" if slot.advisor_id else SOMEONE


def option_label(slot: Slot) -> str:
    """Return a slot in one short line, for a menu."""
    return f"{NAMES[slot.kind]}, {on_clock(slot.begins_at, slot.at.zone)}"


def slot_text(delivery: Delivery, now: datetime, member: Member, server: str) -> str:
    """Return what a message about a slot says, as it is pushed or waits in the inbox."""
    said = delivery.payload
    if "what" not in said:  # it can't be read any more, and says so
        return plain(said.get("text", ""))
    what, kind = SlotNews(said["what"]), SlotKind(said["slot_kind"])
    begins = datetime.fromisoformat(said["begins_at"])
    when = clocks(begins, said["zone"], member.zone)
    was = clocks(datetime.fromisoformat(said["was"]), said["zone"], member.zone) if "was" in said else ""
    meet = f"\nWhere to meet: {place_words(said['place'])}" if said["place"] else ""
    hers, offered, places = f"{HERS[kind]} in {server}", f"{OFFERED[kind]} in {server}", said.get("places", "")
    soon = f"{_coming(begins, now)}, {when}, for {said['minutes']} minutes.{meet}"
    match what:
        case SlotNews.COMES:
            return f"{_first_upper(hers)}: {soon}\n-# /ask slots gives the place back."
        case SlotNews.HELD:
            return f"{_first_upper(offered)}: {soon}\n-# /advisor slots there says who comes."
        case SlotNews.CANCELLED:
            return (
                f"Cancelled by the advisor: {hers}, {when}.\nNo reminder of it comes any more. If it stands in your calendar, "
                "delete it there.\n-# /ask slots in that server shows what else can be booked."
            )
        case SlotNews.MOVED:
            return (
                f"Moved: {hers}.\nIt was {was}.\nIt is {when}, for {said['minutes']} minutes.{meet}\n"
                "Your place is kept, and its reminders moved along. If you have it in your calendar, take the file again."
                "\n-# /ask slots has the file, and gives the place back."
            )
        case SlotNews.PLACE:
            return f"Where to meet has changed: {hers}, {when}.{meet or ' Nothing is named now.'}\n-# /ask slots shows it."
        case SlotNews.RELEASED:
            return (
                f"Moved: {hers}.\nIt was {was}.\nIt is {when}, when you have another slot. So your place in it was given back."
                "\n-# /ask slots shows what you have booked."
            )
        case SlotNews.FIRST | SlotNews.FULL:
            return f"Booked: {offered}, {when}. Places taken: {places}.\n-# /advisor slots there says who comes."
        case SlotNews.FREED:
            return f"A place was given back: {offered}, {when}. Places taken: {places}.\n-# /advisor slots there says who comes."


def _coming(begins: datetime, now: datetime) -> str:
    return left_words(begins - now) if begins > now else "it has begun"


def _first_upper(text: str) -> str:
    return text[0].upper() + text[1:]
