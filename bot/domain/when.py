"""What a member means by a typed date and time: understood, ambiguous, or not understood with a reason.

``when_grammar`` reads the text into parts (a day, a time, a zone), ``when_recurring`` what comes again and again or before an event; here
the parts become instants.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from bot.domain.recurrence import Frequency, Recurrence, Rule, filled, on_month_days
from bot.domain.when_grammar import Day, NotRead, Parts, Span, TimeOfDay, cleaned, read_cleaned
from bot.domain.when_recurring import End, Refused, Repeated, named_event, read_repeated, split_before
from bot.domain.zones import WallKind, resolve, wall_time, zone_or_none

FARTHEST = timedelta(days=3 * 366)
ASSUMED_TIME = time(9)
_HALF_DAY = 12
_LAST_MOMENT = time(23, 59, 59)
_DAYS_TO_TRY = 366 + 31
_MONTH_BEFORE = timedelta(days=30)
_LONGEST_BEFORE = timedelta(days=366)
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
    recurrence: Recurrence | None = None
    """What comes again and again; then the fields above tell its first occurrence."""


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Hold the readings of a text that can mean more than one time, earliest first; at least two.

    Two recurrences may begin together and differ in their rule: "every day until 04/05".
    """

    options: tuple[Understood, ...]


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Say why a text has no reading, and what to type instead (one sentence for the member)."""

    reason: Reason
    hint: str


@dataclass(frozen=True, slots=True)
class BeforeEvent:
    """Hold a time before an event that the caller knows by name ("3 days before rank list deadline"); "on match day" is nothing before."""

    before: timedelta
    """A week is 7 days; a month is 30, and the reply shows the date that comes of it."""
    named: str
    """What the text calls the event, in lower case and without its article."""
    text: str
    """What was typed, cleaned."""


_EXAMPLES = 'Try "tomorrow 9am", "5 January 21:00" or "every Monday 8:00".'
_HINTS = {
    Reason.EMPTY: _EXAMPLES,
    Reason.TOO_LONG: _EXAMPLES,
    Reason.NOT_UNDERSTOOD: _EXAMPLES,
    Reason.NO_SUCH_DATE: "Check the day, the month and the hour.",
    Reason.PAST: "Name a later one.",
    Reason.TOO_FAR: "Name a time within the next three years.",
    Reason.NO_ZONE: "Choose your time zone with /start first.",
}


def parse_when(text: str, *, now: datetime, zone: str) -> Understood | Ambiguous | BeforeEvent | NotUnderstood:
    """Return what ``text`` means at the instant ``now`` for someone in the IANA zone ``zone``; any text is safe.

    A recurrence is told by its first occurrence after ``now``. It names days, so a bare hour ("every day at 9") is taken as it stands, as
    in "Friday at 9", and runs on the clock of the zone that was typed, or else of ``zone``.
    """
    info = zone_or_none(zone)
    if info is None:
        return _not(Reason.NO_ZONE)
    plain = cleaned(text)
    if isinstance(plain, NotRead):
        return _not(Reason(plain.value))
    own = now.astimezone(info).tzname() or ""
    repeated = read_repeated(plain)
    if repeated is not None:
        return _again_and_again(repeated, plain, now, zone, own)
    ahead = split_before(plain)
    if ahead is not None:
        return _before(*ahead, plain)
    result = _once(plain, now, zone, own)
    if isinstance(result, NotUnderstood) and result.reason is Reason.NOT_UNDERSTOOD and (named := named_event(plain)):
        return BeforeEvent(timedelta(0), named, plain)
    return result


def _once(plain: str, now: datetime, zone: str, own: str) -> Understood | Ambiguous | NotUnderstood:
    parts = read_cleaned(plain, own)
    if isinstance(parts, NotRead):
        return _not(Reason(parts.value))
    try:
        if parts.offset is not None:
            return _in_zone(_settle(parts, now + parts.offset, "UTC"), parts.offset, zone)
        return _settle(parts, now, parts.zone or zone)
    except (OverflowError, ValueError):
        # Numbers that no calendar holds: 31 June, or a million months.
        return _not(Reason.TOO_FAR if parts.after else Reason.NO_SUCH_DATE)


def _before(span: Span, named: str, text: str) -> BeforeEvent | NotUnderstood:
    if not isinstance(read_cleaned(named), NotRead):
        return _not(Reason.NOT_UNDERSTOOD)  # "the day before yesterday" names no event
    if span.months >= 12 or span.days > _LONGEST_BEFORE.days or span.minutes > _LONGEST_BEFORE // timedelta(minutes=1):
        return NotUnderstood(Reason.NOT_UNDERSTOOD, 'Type it in days or weeks: "3 days before match day".')
    return BeforeEvent(timedelta(days=span.days, minutes=span.minutes) + span.months * _MONTH_BEFORE, named, text)


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


def _again_and_again(
    repeated: Repeated | Refused | NotRead, text: str, now: datetime, zone: str, own: str
) -> Understood | Ambiguous | NotUnderstood:
    if isinstance(repeated, Refused):
        return NotUnderstood(Reason.NOT_UNDERSTOOD, repeated.hint)
    parts = repeated if isinstance(repeated, NotRead) else read_cleaned(repeated.rest, own, whole=False)
    if isinstance(parts, NotRead) or isinstance(repeated, NotRead):
        return _not(Reason(parts.value) if isinstance(parts, NotRead) else Reason.NOT_UNDERSTOOD)
    if parts.offset is not None:
        return NotUnderstood(Reason.NOT_UNDERSTOOD, 'Name a zone such as "ET" or "UTC"; an offset is no place.')
    begins_on_weekday = parts.day is not None and parts.day.weekday is not None
    if parts.instant is not None or parts.after is not None or (begins_on_weekday and not repeated.begins):
        return _not(Reason.NOT_UNDERSTOOD)
    try:
        return _settle_recurring(repeated, replace(parts, text=text), now, parts.zone or zone)
    except (OverflowError, ValueError):
        return _not(Reason.NO_SUCH_DATE)


def _settle_recurring(repeated: Repeated, parts: Parts, now: datetime, zone: str) -> Understood | Ambiguous | NotUnderstood:
    local_now = wall_time(now, zone)
    beginnings = [found for rule in repeated.rules for found in _beginnings(rule, parts, local_now)]
    ahead = [(rule, day, begins) for rule, day, begins in beginnings if day >= local_now.date()]
    if not ahead:
        return _not(Reason.PAST if beginnings else Reason.NO_SUCH_DATE)
    timed = [(meant, datetime.combine(day, at), begins) for rule, day, begins in ahead for meant, at in _timed(rule, parts, begins=begins)]
    if not timed:
        return NotUnderstood(Reason.NOT_UNDERSTOOD, 'Type "00:00" or "23:59" instead of midnight.')
    firsts = [first for rule, begin, begins in timed if (first := _first(rule, begin, now, zone, begins=begins)) is not None]
    ended = [(rule, start) for first, start in firsts for rule in _ended(first, repeated.end, start, local_now)]
    kept = [(rule, start) for rule, start in ended if rule.until is None or start <= rule.until]
    if not kept:
        return NotUnderstood(Reason.PAST, "It ends before it begins; name a later end.") if ended else _not(Reason.NO_SUCH_DATE)
    readings = [replace(_understood(start, zone, parts), recurrence=Recurrence(rule.text, start, zone)) for rule, start in kept]
    options = tuple(sorted((reading for reading in readings if reading.instant <= now + FARTHEST), key=lambda reading: reading.instant))
    return _not(Reason.TOO_FAR) if not options else options[0] if len(options) == 1 else Ambiguous(options)


def _beginnings(rule: Rule, parts: Parts, local_now: datetime) -> list[tuple[Rule, date, bool]]:
    """Return the rule with its date of the year, the day from which it may come, and whether that day was typed."""
    day, today = parts.day, local_now.date()
    if day is None or day.offset == 0:
        return [(rule, today, False)]
    if rule.frequency is not Frequency.YEARLY or not day.month_days:
        return [(rule, begin, True) for begin in _nearest(day, local_now) if parts.said_weekday in {None, begin.weekday()}]
    found: list[tuple[Rule, date, bool]] = []
    if parts.said_weekday is not None:  # a date of each year keeps no weekday
        return found
    for month, number in day.month_days:
        dated = replace(rule, month=month, month_days=(number,), or_last=(month, number) == (2, 29))
        begin = _date_or_none(day.year or 2000, month, number)  # 2000 has all dates
        if begin is not None:
            found.append((dated, begin if day.year else today, day.year is not None))
    return found


def _nearest(day: Day, local_now: datetime) -> list[date]:
    """Return the days that a typed day means, of each day and month without a year the next one."""
    days = _days(day, local_now)
    if day.year is not None or not day.month_days:
        return days
    return sorted({(found.month, found.day): found for found in reversed(days)}.values())


def _timed(rule: Rule, parts: Parts, *, begins: bool) -> list[tuple[Rule, time]]:
    """Return the rule for each meaning of the typed time; the end of a Monday is the beginning of a Tuesday."""
    typed = parts.time
    if typed is None:
        return [(rule, ASSUMED_TIME)]
    at = time(typed.hour % 24, typed.minute)
    names_no_day = rule.frequency is Frequency.DAILY or not (rule.weekdays or rule.month_days)
    if not (typed.is_midnight or typed.hour >= 24) or (names_no_day and not begins):
        return [(rule, at)]
    if rule.frequency is not Frequency.WEEKLY or begins:
        return []
    later = replace(rule, weekdays=tuple(sorted((0, (day + 1) % 7) for _, day in rule.weekdays)))
    return [(later, at)] if typed.hour >= 24 or parts.tonight else [(rule, at), (later, at)]


def _first(rule: Rule, begin: datetime, now: datetime, zone: str, *, begins: bool) -> tuple[Rule, datetime] | None:
    """Return the rule with its days and the wall time of its first occurrence after ``now``, or None where it never comes."""
    for days in range(_DAYS_TO_TRY):
        local = begin + timedelta(days=days)
        if not rule.fits(local.date()):
            continue
        ahead = resolve(local, zone).instant > now
        if not (ahead or begins):
            continue
        full = filled(rule, local.date())
        if not rule.month_days and full.month_days:
            month_days, or_last = on_month_days((local.day,))
            full = replace(full, month_days=month_days, or_last=or_last and (full.frequency is Frequency.MONTHLY or full.month == 2))
        # What begins today at an hour that has passed keeps the phase of its INTERVAL.
        return full, local if ahead else next(Recurrence(full.text, local, zone).walk(now))[0]
    return None


def _ended(rule: Rule, end: End, start: datetime, local_now: datetime) -> list[Rule]:
    """Return the rule with each meaning of its end."""
    if end.count is not None:
        return [replace(rule, count=end.count)]
    if end.span is not None:
        days = [(start + relativedelta(months=end.span.months, days=end.span.days)).date() - timedelta(days=1)]
    elif end.month:
        month = date(end.year or start.year, end.month, 1)
        lasts = [month + relativedelta(years=years, months=end.through) - timedelta(days=1) for years in range(1 if end.year else 3)]
        days = [last for last in lasts if end.year or last >= start.date()][:1]
    elif end.day is not None:
        days = _nearest(end.day, start if end.day.month_days else local_now)
        days = [day for day in days if end.said_weekday in {None, day.weekday()}]
    else:
        return [rule]
    return [replace(rule, until=datetime.combine(day, _LAST_MOMENT)) for day in days]
