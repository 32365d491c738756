"""What a member means by a typed date and time: understood, ambiguous, or not understood with a reason.

``when_grammar`` reads the text into parts (a day, a time, a zone); here the parts become an instant. A recurrence would be one more part.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from bot.domain.when_grammar import Day, NotRead, Parts, TimeOfDay, read
from bot.domain.zones import WallKind, resolve, wall_time, zone_or_none

FARTHEST = timedelta(days=3 * 366)
ASSUMED_TIME = time(9)
_HALF_DAY = 12
_YEARS_TO_TRY = 5
"""29 February comes back within four years, or eight around 2100."""


class Reason(StrEnum):
    """Why a text was not understood."""

    EMPTY = "empty"
    TOO_LONG = "too long"
    NOT_UNDERSTOOD = "not understood"
    NO_SUCH_DATE = "no such date"
    PAST = "past"
    TOO_FAR = "too far"
    NO_ZONE = "no zone"


@dataclass(frozen=True, slots=True)
class Understood:
    """Hold one reading: the instant in UTC, and the wall time and zone it was typed in."""

    instant: datetime
    local: datetime
    """Naive, in ``zone``."""
    zone: str
    kind: WallKind
    """GAP: that time does not exist on that day, and the first one after it is taken. FOLD: it happens twice, and the first is taken."""
    text: str
    """What was typed, cleaned."""
    hour_assumed: bool = False
    """No time was typed: 09:00 (or the usual hour of "tonight", "morning" …) is taken."""


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Hold the readings of a text that can mean more than one time, earliest first; at least two."""

    options: tuple[Understood, ...]


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Say why a text has no reading, and what to type instead (one sentence for the member)."""

    reason: Reason
    hint: str


_EXAMPLES = 'Type it like "tomorrow 9am", "in 3 weeks", "5 January 21:00" or "2027-01-05 21:00".'
_HINTS = {
    Reason.EMPTY: _EXAMPLES,
    Reason.TOO_LONG: _EXAMPLES,
    Reason.NOT_UNDERSTOOD: _EXAMPLES,
    Reason.NO_SUCH_DATE: "Check the day, the month and the hour.",
    Reason.PAST: "Name a later one.",
    Reason.TOO_FAR: "Name a time within the next three years.",
    Reason.NO_ZONE: "Choose your time zone with /start first.",
}


def parse_when(text: str, *, now: datetime, zone: str) -> Understood | Ambiguous | NotUnderstood:
    """Return what ``text`` means at the instant ``now`` for someone in the IANA zone ``zone``; any text is safe."""
    info = zone_or_none(zone)
    if info is None:
        return _not(Reason.NO_ZONE)
    parts = read(text, own_abbreviation=now.astimezone(info).tzname() or "")
    if isinstance(parts, NotRead):
        return _not(Reason(parts.value))
    try:
        if parts.offset is not None:
            return _in_zone(_settle(parts, now + parts.offset, "UTC"), parts.offset, zone)
        return _settle(parts, now, parts.zone or zone)
    except (OverflowError, ValueError):
        # Numbers that no calendar holds: 31 June, or a million months.
        return _not(Reason.TOO_FAR if parts.after else Reason.NO_SUCH_DATE)


def _not(reason: Reason) -> NotUnderstood:
    return NotUnderstood(reason, _HINTS[reason])


def _settle(parts: Parts, now: datetime, zone: str) -> Understood | Ambiguous | NotUnderstood:
    said = parts.said_weekday
    everything = [reading for reading in _readings(parts, now, zone) if said is None or reading.local.weekday() == said]
    readings = [reading for reading in everything if now < reading.instant <= now + FARTHEST]
    if not readings:
        if not everything:
            return _not(Reason.NO_SUCH_DATE)
        return _not(Reason.PAST if any(reading.instant <= now for reading in everything) else Reason.TOO_FAR)
    options = tuple(sorted({reading.instant: reading for reading in readings}.values(), key=lambda reading: reading.instant))
    return options[0] if len(options) == 1 else Ambiguous(options)


def _in_zone(result: Understood | Ambiguous | NotUnderstood, offset: timedelta, zone: str) -> Understood | Ambiguous | NotUnderstood:
    """Bring back what was read on a clock ``offset`` ahead of UTC: an offset is no place, so it is told on her own clock."""
    if isinstance(result, Ambiguous):
        return Ambiguous(tuple(_shifted(option, offset, zone) for option in result.options))
    return _shifted(result, offset, zone) if isinstance(result, Understood) else result


def _shifted(reading: Understood, offset: timedelta, zone: str) -> Understood:
    instant = reading.instant - offset
    return replace(reading, instant=instant, local=wall_time(instant, zone), zone=zone, kind=WallKind.EXACT)


def _readings(parts: Parts, now: datetime, zone: str) -> list[Understood]:
    if parts.instant is not None:
        return [_understood_instant(parts.instant, zone, parts.text)]
    if parts.after is not None:
        return [_after(parts, now, zone)]
    local_now = wall_time(now, zone)
    days = _days(parts.day, local_now)
    if not days:
        return [reading for reading in _time_alone(parts, local_now, zone) if reading.instant > now][:1] if parts.day is None else []
    locals_ = [local for day in days for local in _at(day, parts)]
    return _next_of_each_kind([_understood(local, zone, parts) for local in locals_], parts, now)


def _next_of_each_kind(readings: list[Understood], parts: Parts, now: datetime) -> list[Understood]:
    """Keep one reading where a day without a year was tried in several years: the next one of each day and month."""
    if parts.day is None or not parts.day.month_days or parts.day.year is not None:
        return readings
    kept: dict[tuple[int, int, int, int], Understood] = {}
    for reading in sorted(readings, key=lambda reading: reading.instant):
        moment = (reading.local.month, reading.local.day, reading.local.hour, reading.local.minute)
        # "22 November 9:00" on the 22nd at 10:00 is a time that passed, not one in a year.
        if moment not in kept and (reading.instant > now or reading.local.date() == wall_time(now, reading.zone).date()):
            kept[moment] = reading
    return list(kept.values())


def _after(parts: Parts, now: datetime, zone: str) -> Understood:
    span = parts.after
    if span is None:
        msg = "no span was typed"
        raise ValueError(msg)
    if parts.time is None and not (span.days or span.months):
        return _understood_instant(now + timedelta(minutes=span.minutes), zone, parts.text)
    local = wall_time(now, zone).replace(second=0, microsecond=0) + relativedelta(months=span.months, days=span.days)
    if parts.time is not None:
        local = _at(local.date(), parts)[0]
    reading = _understood(local, zone, replace(parts, time=parts.time or TimeOfDay(local.hour, local.minute)))
    return reading if not span.minutes else _understood_instant(reading.instant + timedelta(minutes=span.minutes), zone, parts.text)


def _time_alone(parts: Parts, local_now: datetime, zone: str) -> list[Understood]:
    """Return the readings of a time without a day, soonest first: today's if it is still ahead, else tomorrow's."""
    today = local_now.date()
    locals_ = [local for days in range(3) for local in _at(today + timedelta(days=days), parts)]
    return [_understood(local, zone, parts) for local in sorted(locals_)]


def _days(day: Day | None, local_now: datetime) -> list[date]:
    if day is None:
        return []
    today = local_now.date()
    if day.offset is not None:
        return [today + timedelta(days=day.offset)]
    if day.weekday is not None:
        return _weekdays(day, today, local_now)
    years = [day.year] if day.year is not None else range(today.year, today.year + _YEARS_TO_TRY)
    found: list[date] = []
    for month, number in day.month_days:
        found += [candidate for year in years if (candidate := _date_or_none(year, month, number)) is not None]
    return [candidate for candidate in found if day.year is not None or candidate >= today]


def _weekdays(day: Day, today: date, local_now: datetime) -> list[date]:
    ahead = ((day.weekday or 0) - today.weekday()) % 7
    if day.next_week:
        # "Next Friday" typed on a Monday is this week's to some and next week's to others; from the day itself on all agree.
        coming = ahead or 7
        same_week = today.weekday() + coming < 7
        return [today + timedelta(days=coming), today + timedelta(days=coming + 7)] if same_week else [today + timedelta(days=coming)]
    if ahead == 0 and not day.may_be_today(local_now.time()):
        ahead = 7
    return [today + timedelta(days=ahead)]


def _date_or_none(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _at(day: date, parts: Parts) -> list[datetime]:
    """Return the wall times that the typed time means on a day."""
    typed = parts.time
    if typed is None:
        return [datetime.combine(day, ASSUMED_TIME)]
    local = datetime.combine(day, time(typed.hour % 24, typed.minute)) + timedelta(days=typed.hour // 24)
    if typed.is_midnight:
        # Midnight of a named day may be its beginning or its end; of tonight, or of no day, it is the coming one.
        begins, ends = datetime.combine(day, time()), datetime.combine(day, time()) + timedelta(days=1)
        return [ends] if parts.tonight else [begins] if parts.day is None else [begins, ends]
    if typed.half_unknown and (parts.day is None or parts.day.offset == 0):
        return [local, local + timedelta(hours=_HALF_DAY)]
    return [local]


def _understood(local: datetime, zone: str, parts: Parts) -> Understood:
    resolved = resolve(local, zone)
    shown = wall_time(resolved.instant, zone)
    return Understood(resolved.instant, shown, zone, resolved.kind, parts.text, parts.time is None or parts.time.assumed)


def _understood_instant(instant: datetime, zone: str, text: str) -> Understood:
    whole = instant.astimezone(UTC).replace(microsecond=0)
    return Understood(whole, wall_time(whole, zone), zone, WallKind.EXACT, text)
