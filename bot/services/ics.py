"""Calendar entries as iCalendar (RFC 5545): wall time with its zone, stable ids, alarms, and how sure each date is."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.calendar import SeasonEvent, ServerConfirmation
from bot.domain.facts import Certainty
from bot.domain.reminder import Reminder

ALARMS = (timedelta(weeks=1), timedelta(days=1))
DEADLINE_ALARMS = (*ALARMS, timedelta(hours=3))
PRODUCT = "-//Matchday//Residency Match calendar//EN"
WORDS = {
    Certainty.ANNOUNCED: "Announced by its owner.",
    Certainty.EXPECTED: "Expected: read elsewhere, not announced by its owner.",
    Certainty.ESTIMATED: "Estimated by a rule, not announced.",
    Certainty.UNKNOWN: "Not known.",
}


class Status(StrEnum):
    """How an entry stands (RFC 5545, section 3.8.1.11)."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one entry of a calendar."""

    uid: str
    sequence: int
    """How often what is told has changed; of two entries with one uid the higher one holds."""
    changed_at: datetime
    begins: datetime | date
    ends: datetime | None
    summary: str
    description: str
    url: str | None
    status: Status
    alarms: tuple[timedelta, ...]

    @property
    def fingerprint(self) -> str:
        """Return a hash of all that is told, so that whatever of it changes counts as a change."""
        told = [getattr(self, field.name) for field in fields(self) if field.name not in ("sequence", "changed_at")]
        return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()

    @classmethod
    def of_event(cls, event: SeasonEvent, sequence: int, changed_at: datetime) -> "Entry":
        """Return the entry of a date of the season, which has to be known."""
        assert event.at is not None  # noqa: S101 - the caller leaves out what is not known
        citation = event.citation
        sure = citation.certainty is Certainty.ANNOUNCED
        until = event.until
        return cls(
            uid=f"{event.id}@matchday",
            sequence=sequence,
            changed_at=changed_at,
            begins=event.at.local.date() if event.day_only else event.at.local.replace(tzinfo=ZoneInfo(event.at.zone)),
            ends=until.local.replace(tzinfo=ZoneInfo(until.zone)) if until else None,
            summary=f"{event.name} ({event.year} Match)" + ("" if sure else f", {citation.certainty}"),
            description=_description(event),
            url=_owner(event),
            status=Status.CONFIRMED if sure else Status.TENTATIVE,
            alarms=DEADLINE_ALARMS if event.is_deadline else ALARMS,
        )

    @classmethod
    def of_server_date(cls, event: SeasonEvent, guild_id: int, sequence: int, changed_at: datetime) -> "Entry":
        """Return the entry of a date as one server holds it, beside that of the season, from which it differs."""
        confirmed = event.confirmed
        assert confirmed is not None  # noqa: S101 - the caller leaves out what no server holds of its own
        return replace(
            cls.of_event(event, sequence, changed_at),
            uid=server_uid(event.id, guild_id),
            summary=f"{event.name} ({event.year} Match), confirmed by your server",
            description=_server_description(event, confirmed),
            url=confirmed.source_url,
        )

    @classmethod
    def of_withdrawn(cls, event: SeasonEvent, told_at: str, sequence: int, changed_at: datetime, uid: str | None = None) -> "Entry":
        """Return the entry of a date that was told before and is not known any more: it takes back the one that calendars have."""
        return cls(
            uid=uid or f"{event.id}@matchday",
            sequence=sequence,
            changed_at=changed_at,
            begins=_begins_from(told_at),
            ends=None,
            summary=f"{event.name} ({event.year} Match), not known any more",
            description=f"The date that stood here does not hold, and no other is known.\n{_description(event)}",
            url=_owner(event),
            status=Status.CANCELLED,
            alarms=(),
        )

    @classmethod
    def of_reminder(cls, reminder: Reminder) -> "Entry":
        """Return the entry of a reminder with a text of its own."""
        first, _, rest = _clean(reminder.text).partition("\n")
        return cls(
            uid=f"{reminder.id}@matchday",
            sequence=reminder.occurrence,
            changed_at=_moved_at(reminder),
            begins=reminder.due_at,
            ends=None,
            summary=first[:200] or "Reminder",
            description=rest,
            url=None,
            status=Status.CONFIRMED,
            alarms=(timedelta(0),),
        )


def server_uid(event_id: str, guild_id: int) -> str:
    """Return the uid of the entry of a date as one server holds it."""
    return f"{event_id}.{guild_id}@matchday"


def begins_text(event: SeasonEvent) -> str | None:
    """Return when an event begins as it is kept: wall time and zone, or the day alone; None where that is not known."""
    if event.at is None:
        return None
    return event.at.local.date().isoformat() if event.day_only else f"{event.at.local.isoformat()} {event.at.zone}"


def _begins_from(text: str) -> datetime | date:
    local, _, zone = text.partition(" ")
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)) if zone else date.fromisoformat(local)


def _moved_at(reminder: Reminder) -> datetime:
    """Return when a reminder took its date: one that recurs did when the occurrence before came."""
    recurrence = reminder.recurrence
    if recurrence is not None and reminder.occurrence:
        for days in (40, 400):
            near = recurrence.between(reminder.due_at - timedelta(days=days), reminder.due_at)
            before = [at for at in near if at < reminder.due_at]
            if before:
                return before[-1]
    return reminder.created_at


def _owner(event: SeasonEvent) -> str | None:
    citation = event.citation
    found = citation.confirm_at or next(iter(citation.sources), None)
    return found.url if found else None


def _server_description(event: SeasonEvent, confirmed: ServerConfirmation) -> str:
    """Return whose word a date is, where its managers read it, and what the season holds instead."""
    day, season = confirmed.confirmed_at, confirmed.instead_of
    by = f"Confirmed for your server by its managers on {day.day} {day:%B %Y}. Source: {confirmed.source_url}"
    if season is None:
        return f"{event.meaning}\n{by}"
    at = season.at
    when = "no date" if at is None else f"{at.local:%A} {at.local.day} {at.local:%B %Y}"
    hour = "" if at is None or season.day_only else f", {at.local:%H:%M} ({at.zone})"
    return f"{by}\nThe season holds {when}{hour} instead:\n{_description(season)}"


def _description(event: SeasonEvent) -> str:
    citation = event.citation
    sources = "; ".join(f"{source.title}{f' ({source.url})' if source.url else ''}" for source in citation.sources)
    source = f" Source: {sources}." if sources else ""
    lines = [event.meaning, f"{WORDS[citation.certainty]}{source} As of {citation.as_of.day} {citation.as_of:%B %Y}."]
    if citation.confirm_at is not None:
        lines.append(f"Confirm at {citation.confirm_at.url or citation.confirm_at.title}.")
    if citation.note:
        lines.append(citation.note)
    if event.day_only:
        lines.append("The source gives the day and no hour.")
    return "\n".join(lines)


@lru_cache(maxsize=16)
def kept(entries: tuple[Entry, ...], name: str, unknown: tuple[str, ...]) -> bytes:
    """Return a calendar as ``written`` does, from memory where it was written before; for what holds nothing of any member."""
    return written(entries, name, unknown)


def written(entries: Sequence[Entry], name: str, unknown: Sequence[str], about: str = "") -> bytes:
    """Return a calendar; the same entries give the same bytes. ``about`` describes it; else what is not known is named there."""
    from icalendar import Calendar

    calendar: Any = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    about = _clean(about or _calendar_description(unknown))
    name = _clean(name)
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("description", about)
    calendar.add("x-wr-caldesc", about)
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT12H")
    for entry in entries:
        calendar.add_component(_component(entry))
    years = [entry.begins.year for entry in entries] or [2026]
    calendar.add_missing_timezones(date(min(years) - 1, 1, 1), date(max(years) + 2, 1, 1))
    return calendar.to_ical()


def _calendar_description(unknown: Sequence[str]) -> str:
    missing = ", ".join(unknown)
    left_out = f" Not known yet, and so not in this calendar: {missing}." if missing else ""
    return f"Dates of the residency Match, each with its source and how sure it is. What counts is the owner's page.{left_out}"


def _component(entry: Entry) -> Any:  # noqa: ANN401 - the library is loaded when it is needed, and its classes with it
    from icalendar import Alarm, Event

    summary, description = _clean(entry.summary), _clean(entry.description)
    event: Any = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", entry.begins)
    if entry.ends is not None:
        event.add("dtend", entry.ends)
    event.add("summary", summary)
    if description:
        event.add("description", description)
    if entry.url:
        event.add("url", entry.url)
    event.add("status", entry.status.value)
    event.add("transp", "TRANSPARENT")
    for before in entry.alarms:
        alarm: Any = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", summary)
        alarm.add("trigger", -before)
        event.add_component(alarm)
    return event


def _clean(text: str) -> str:
    """Return text that every calendar can read: lines end one way, no control characters (RFC 5545, section 3.1), no half of a pair."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    for ending in ("\r\n", "\r", "\x85", "\u2028", "\u2029"):
        whole = whole.replace(ending, "\n")
    readable = "".join(each for each in whole if each in "\t\n" or unicodedata.category(each) != "Cc")
    # icalendar 7.3 takes these two letters for a line break; a zero-width space keeps them apart.
    return readable.replace("\\N", "\\\u200bN")
