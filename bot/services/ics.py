"""Calendar entries as iCalendar (RFC 5545): wall time with its zone, stable ids, alarms, and how sure each date is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.calendar import SeasonEvent
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


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one entry of a calendar."""

    uid: str
    sequence: int
    changed_at: datetime
    begins: datetime | date
    ends: datetime | None
    summary: str
    description: str
    url: str | None
    is_confirmed: bool
    alarms: tuple[timedelta, ...]

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
            url=(citation.confirm_at or citation.sources[0]).url,
            is_confirmed=sure,
            alarms=DEADLINE_ALARMS if event.is_deadline else ALARMS,
        )

    @classmethod
    def of_reminder(cls, reminder: Reminder) -> "Entry":
        """Return the entry of a reminder with a text of its own."""
        first, _, rest = reminder.text.partition("\n")
        return cls(
            uid=f"{reminder.id}@matchday",
            sequence=0,
            changed_at=reminder.created_at,
            begins=reminder.due_at,
            ends=None,
            summary=first[:200] or "Reminder",
            description=rest,
            url=None,
            is_confirmed=True,
            alarms=(timedelta(0),),
        )


def _description(event: SeasonEvent) -> str:
    citation = event.citation
    sources = "; ".join(f"{source.title}{f' ({source.url})' if source.url else ''}" for source in citation.sources)
    lines = [
        event.meaning,
        f"{WORDS[citation.certainty]} Source: {sources}. As of {citation.as_of.day} {citation.as_of:%B %Y}.",
    ]
    if citation.confirm_at is not None:
        lines.append(f"Confirm at {citation.confirm_at.url or citation.confirm_at.title}.")
    if citation.note:
        lines.append(citation.note)
    if event.day_only:
        lines.append("The source gives the day and no hour.")
    return "\n".join(lines)


def written(entries: Sequence[Entry], name: str, unknown: Sequence[SeasonEvent]) -> bytes:
    """Return a calendar; the same entries give the same bytes. What is not known is named in the calendar's description."""
    from icalendar import Calendar

    calendar: Any = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("description", _calendar_description(unknown))
    calendar.add("x-wr-caldesc", _calendar_description(unknown))
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT12H")
    for entry in entries:
        calendar.add_component(_component(entry))
    years = [entry.begins.year for entry in entries] or [2026]
    calendar.add_missing_timezones(date(min(years) - 1, 1, 1), date(max(years) + 2, 1, 1))
    return calendar.to_ical()


def _calendar_description(unknown: Sequence[SeasonEvent]) -> str:
    missing = ", ".join(event.name for event in unknown)
    left_out = f" Not known yet, and so not in this calendar: {missing}." if missing else ""
    return f"Dates of the residency Match, each with its source and how sure it is. What counts is the owner's page.{left_out}"


def _component(entry: Entry) -> Any:  # noqa: ANN401 - the library is loaded when it is needed, and its classes with it
    from icalendar import Alarm, Event

    event: Any = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", entry.begins)
    if entry.ends is not None:
        event.add("dtend", entry.ends)
    event.add("summary", entry.summary)
    if entry.description:
        event.add("description", entry.description)
    if entry.url:
        event.add("url", entry.url)
    event.add("status", "CONFIRMED" if entry.is_confirmed else "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    for before in entry.alarms:
        alarm: Any = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry.summary)
        alarm.add("trigger", -before)
        event.add_component(alarm)
    return event
