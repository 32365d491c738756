"""The Match-week pack: notices that moderators read, edit and schedule, with the times of a season filled in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from bot.domain.calendar import Season, SeasonEvent
from bot.domain.facts import Certainty, Citation
from bot.domain.matchweek_words import certainty_lines, clock_line, filled, mentioned, source_line
from bot.domain.member import Country
from bot.domain.seasons import is_past
from bot.domain.zones import resolve

MORNING = time(9)
"""When a notice goes out on the organiser's clock where the source gives a day and no hour."""
MORNING_REMARK = "The source gives no hour: the notice is set to 9:00 AM on the organiser's clock."


class NoticeKind(StrEnum):
    """What a notice is for."""

    DATE = "date"
    """What happens when."""
    GUIDANCE = "guidance"
    """What to do."""
    SUPPORT = "support"
    """Where help is, whatever the result."""
    CELEBRATION = "celebration"
    """For the channel that the server keeps for good news, and for no other."""


class Audience(StrEnum):
    """Whom a notice addresses, by the result that NRMP or CaRMS gave."""

    MATCHED = "matched"
    PARTLY_MATCHED = "partly_matched"
    """A first year without the years after it, or those without a first year."""
    UNMATCHED = "unmatched"


HEADINGS = {
    Audience.MATCHED: "If you matched",
    Audience.PARTLY_MATCHED: "If you matched in part",
    Audience.UNMATCHED: "If you did not match",
}


class Moment(StrEnum):
    """Where the time of a notice lies."""

    AHEAD = "ahead"
    """It can be scheduled."""
    MISSED = "missed"
    """Its own time has passed and its event has not: it can be sent now, not scheduled."""
    PASSED = "passed"
    """Its event is over as well."""
    NOT_KNOWN = "not_known"
    """Its event has no known date: it can't be scheduled."""


@dataclass(frozen=True, slots=True)
class PackNotice:
    """Hold one notice of the pack as the data holds it, its placeholders not yet filled."""

    key: str
    country: Country
    kind: NoticeKind
    audiences: tuple[Audience, ...]
    event_key: str
    """The event that its time hangs on."""
    days: int
    """Days after that event on the organiser's wall clock; before it where negative."""
    minutes: int
    """Minutes after that; left out where the source gives a day and no hour."""
    title: str
    text: str
    parts: Mapping[Audience, str]
    """What is said to each audience apart, below the text."""
    citation: Citation
    event_names: Mapping[str, str]
    """The names of the event and of every event that the text mentions, by key."""

    @property
    def mentioned(self) -> tuple[str, ...]:
        """Return the keys of the events whose times stand in title or text, each once."""
        return mentioned("\n".join((self.title, self.text, *self.parts.values())))


@dataclass(frozen=True, slots=True)
class HeldDate:
    """Hold what a notice was written from: one event's date as the season held it then."""

    event_id: str
    at: datetime | None
    """Aware, in UTC; None where it is not known."""
    until: datetime | None
    day_only: bool
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class DateChange:
    """Hold what changed of a date that a notice was written from."""

    name: str
    before: HeldDate
    after: HeldDate

    @property
    def has_moved(self) -> bool:
        """Tell whether the time differs, not its certainty alone."""
        return (self.before.at, self.before.until, self.before.day_only) != (self.after.at, self.after.until, self.after.day_only)


@dataclass(frozen=True, slots=True)
class DraftNotice:
    """Hold one notice of a season, ready to be read, edited and scheduled."""

    key: str
    kind: NoticeKind
    audiences: tuple[Audience, ...]
    title: str
    text: str
    at: datetime | None
    """When to send it: aware, in UTC; None where its event's date is not known."""
    moment: Moment
    event_id: str
    certainty: Certainty
    """How sure the date of its event is."""
    day_only: bool
    """``at`` is the morning of the day, since the source gives no hour."""
    remark: str
    """What a moderator should know of its time; never a part of the notice."""
    dates: tuple[HeldDate, ...]
    """Its event's date and every other that its text states."""

    @property
    def can_be_scheduled(self) -> bool:
        """Tell whether its time lies ahead."""
        return self.moment is Moment.AHEAD

    @property
    def fingerprint(self) -> str:
        """Return its dates as text, to be kept with what is scheduled and given to ``changed`` later."""
        return ";".join(map(_encoded, self.dates))


def pack_for(
    season: Season, notices: Iterable[PackNotice], now: datetime, *, celebration_channel: str | None = None
) -> tuple[DraftNotice, ...]:
    """Return the notices of the season's country with its times, soonest first, those without a known date last.

    ``now`` is aware. ``celebration_channel`` is what stands for the channel that the server keeps for good news (``<#123>``).
    """
    events = {event.key: event for event in season.events}
    drafts = [_draft(notice, season, events, now, celebration_channel) for notice in notices if notice.country is season.country]
    return tuple(sorted(drafts, key=lambda draft: draft.at or datetime.max.replace(tzinfo=UTC)))


def changed(fingerprint: str, season: Season, names: Mapping[str, str] | None = None) -> tuple[DateChange, ...]:
    """Return which dates of a scheduled notice the season now holds otherwise; with any, its moderators are asked again.

    ``names`` call events that the season does not hold, by key.

    Raises:
        ValueError: The fingerprint can't be read, or is of another season.
    """
    prefix = _event_id(season, "")
    events = {event.key: event for event in season.events}
    changes: list[DateChange] = []
    for before in map(_decoded, fingerprint.split(";")):
        if not before.event_id.startswith(prefix):
            msg = f"{before.event_id} is not of the season {prefix.rstrip('-')}"
            raise ValueError(msg)
        key = before.event_id.removeprefix(prefix)
        after = _held(season, key, events.get(key))
        if after != before:
            changes.append(DateChange(events[key].name if key in events else (names or {}).get(key, key.replace("-", " ")), before, after))
    return tuple(changes)


def to_ask_again(scheduled: Mapping[str, str], season: Season, names: Mapping[str, str] | None = None) -> dict[str, tuple[DateChange, ...]]:
    """Return the scheduled notices (fingerprints by any id) of which a date changed, with what changed.

    Notices of other seasons are left out; ``names`` as for ``changed``.
    """
    own = {notice: fingerprint for notice, fingerprint in scheduled.items() if fingerprint.startswith(_event_id(season, ""))}
    found = {notice: changed(fingerprint, season, names) for notice, fingerprint in own.items()}
    return {notice: changes for notice, changes in found.items() if changes}


def send_time(notice: PackNotice, event: SeasonEvent) -> datetime | None:
    """Return when a notice goes out, in UTC: days are counted on the wall clock, so that a clock change moves no hour."""
    if event.at is None:
        return None
    local = event.at.local + timedelta(days=notice.days)
    if event.day_only:
        return resolve(datetime.combine(local.date(), MORNING), event.at.zone).instant
    return resolve(local, event.at.zone).instant + timedelta(minutes=notice.minutes)


def _draft(
    notice: PackNotice, season: Season, events: Mapping[str, SeasonEvent], now: datetime, celebration_channel: str | None
) -> DraftNotice:
    event = events.get(notice.event_key)
    at = send_time(notice, event) if event is not None else None
    is_day_only = event is not None and event.day_only
    note = event.citation.note if event is not None else "The season's calendar does not hold this date."
    keys = dict.fromkeys((notice.event_key, *notice.mentioned))
    return DraftNotice(
        key=notice.key,
        kind=notice.kind,
        audiences=notice.audiences,
        title=filled(notice.title, season.year, events, celebration_channel),
        text=_text(notice, season, events, at, celebration_channel),
        at=at,
        moment=_moment(at, event, now),
        event_id=_event_id(season, notice.event_key),
        certainty=event.citation.certainty if event is not None else Certainty.UNKNOWN,
        day_only=is_day_only,
        remark=" ".join(part for part in (MORNING_REMARK if is_day_only else "", note) if part),
        dates=tuple(_held(season, key, events.get(key)) for key in keys),
    )


def _text(
    notice: PackNotice, season: Season, events: Mapping[str, SeasonEvent], at: datetime | None, celebration_channel: str | None
) -> str:
    parts = [f"**{HEADINGS[audience]}:** {notice.parts[audience]}" for audience in Audience if audience in notice.parts]
    body = [filled(each, season.year, events, celebration_channel) for each in (notice.text, *parts)]
    stated = [(notice.event_names.get(key, key), events.get(key)) for key in notice.mentioned]
    lines = [*certainty_lines(stated, notice.citation.confirm_at), clock_line((event for _, event in stated if event), at)]
    below = "\n".join(filter(None, lines))
    return "\n\n".join(part for part in (*body, below, source_line(notice.citation, below)) if part)


def _moment(at: datetime | None, event: SeasonEvent | None, now: datetime) -> Moment:
    if at is None or event is None:
        return Moment.NOT_KNOWN
    if at > now:
        return Moment.AHEAD
    return Moment.PASSED if is_past(event, now) else Moment.MISSED


def _event_id(season: Season, key: str) -> str:
    return f"{season.country.value}-{season.year}-{key}"


def _held(season: Season, key: str, event: SeasonEvent | None) -> HeldDate:
    if event is None or event.at is None:
        return HeldDate(_event_id(season, key), None, None, day_only=False, certainty=Certainty.UNKNOWN)
    until = event.until.instant() if event.until is not None else None
    return HeldDate(_event_id(season, key), event.at.instant(), until, event.day_only, event.citation.certainty)


def _encoded(date: HeldDate) -> str:
    instants = (instant.isoformat() if instant is not None else "" for instant in (date.at, date.until))
    return ",".join((date.event_id, *instants, "day" if date.day_only else "", date.certainty.value))


def _decoded(text: str) -> HeldDate:
    event_id, at, until, day, certainty = text.split(",")
    instants = [datetime.fromisoformat(each) if each else None for each in (at, until)]
    return HeldDate(event_id, instants[0], instants[1], day_only=day == "day", certainty=Certainty(certainty))
