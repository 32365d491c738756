"""What comes again and again: a rule (RFC 5545), the wall time of the first occurrence, and the zone whose wall that is.

The rule runs on the clock on the wall: "every Monday at 08:00" stays at 08:00 when the clocks change. Accepted is what can be said in one
sentence: daily (or on named weekdays), weekly, monthly by days of the month or by weekdays of it, and yearly on one day; with INTERVAL, and
COUNT or UNTIL. RFC 5545 skips a month without a 31st, and so does ``BYMONTHDAY=31``; what people mean by "the 31st" is written
``BYMONTHDAY=28,29,30,31;BYSETPOS=-1``: that day, or the last one of a shorter month. ``words`` says which of the two it is.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache
from itertools import islice, takewhile

from dateutil.rrule import DAILY, MO, MONTHLY, WEEKLY, YEARLY, rrule, weekday

from bot.domain.zones import resolve, zone_or_none

MOST_BETWEEN = 1_000
MOST_TIMES = 1_000
LONGEST_INTERVAL = 1_000
_MOST_DAYS = 3  # days of the month that one rule may name; more make no sentence
_LONGEST_RULE = 200
_FIRST_YEAR, _LAST_YEAR = 1970, 2999
_FLOOR, _CEILING = datetime(_FIRST_YEAR - 1, 1, 1, tzinfo=UTC), datetime(_LAST_YEAR + 2, 1, 1, tzinfo=UTC)
_LAST = datetime(_LAST_YEAR, 12, 31, 23, 59, 59)  # noqa: DTZ001 - a wall time
# No offset from UTC, and no gap in a clock, is longer than a day and some hours (Samoa left out 30 December 2011).
_MARGIN = timedelta(days=3)
_DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
_WEEK, _WORKDAYS = tuple(range(7)), tuple(range(5))
_UNTIL = "%Y%m%dT%H%M%S"
_PART = re.compile(r"[A-Z]{1,12}=[A-Z0-9,+-]{1,60}")
_BY_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
LAST_DAY_NOTE = ", or the last day of a shorter month"
LEAP_DAY_NOTE = ", or on 28 February in a shorter year"
SKIPPED_NOTE = " ({}s without it are skipped)"
WORKDAYS_NOTE = " (Monday to Friday)"


class Frequency(Enum):
    """How often a rule comes; the values are dateutil's."""

    DAILY = DAILY
    WEEKLY = WEEKLY
    MONTHLY = MONTHLY
    YEARLY = YEARLY


@dataclass(frozen=True, slots=True)
class Rule:
    """Hold one rule in parts; what is empty is taken from the first occurrence, as RFC 5545 says."""

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[tuple[int, int], ...] = ()
    """(which of the month, weekday from 0 for Monday); the first is 0 for every one, -1 for the last."""
    month_days: tuple[int, ...] = ()
    """-1 is the last day."""
    month: int = 0
    or_last: bool = False
    """A month without that day (29th, 30th, 31st) has its last day instead."""
    count: int | None = None
    until: datetime | None = None
    """Naive: the last wall time that may still be one."""

    @property
    def text(self) -> str:
        """Return the RRULE value."""
        days = tuple(range(28, self.month_days[0] + 1)) if self.or_last else self.month_days
        parts = {
            "FREQ": self.frequency.name,
            "INTERVAL": str(self.interval) if self.interval > 1 else "",
            "BYMONTH": str(self.month or ""),
            "BYMONTHDAY": ",".join(str(day) for day in days),
            "BYDAY": ",".join(f"{nth or ''}{_DAY_CODES[day]}" for nth, day in self.weekdays),
            "BYSETPOS": "-1" if self.or_last else "",
            "COUNT": str(self.count or ""),
            "UNTIL": self.until.strftime(_UNTIL) if self.until else "",
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value)

    def fits(self, day: date) -> bool:
        """Tell whether ``day`` is one of the rule's days, INTERVAL, COUNT and UNTIL left aside."""
        if self.month and day.month != self.month:
            return False
        longest = monthrange(day.year, day.month)[1]
        if self.weekdays:
            nth = {0, (day.day - 1) // 7 + 1, -1 if day.day + 7 > longest else 0}
            return any(number in nth and weekday_ == day.weekday() for number, weekday_ in self.weekdays)
        if self.month_days:
            days = {longest if number == -1 else min(number, longest) if self.or_last else number for number in self.month_days}
            return day.day in days
        return True


@lru_cache(maxsize=1024)
def parse_rule(text: str) -> Rule:
    """Return the parts of an RRULE value; raise ValueError for what is malformed, foreign, or more frequent than daily."""
    if len(text) > _LONGEST_RULE:
        raise ValueError("the rule is too long")
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, _, value = part.partition("=")
        if not _PART.fullmatch(part) or name in parts:
            raise ValueError("the rule is malformed")
        parts[name] = value
    frequency = parts.pop("FREQ", "")
    if frequency not in Frequency.__members__:
        raise ValueError("the rule is more frequent than daily, or has no frequency")
    if parts.pop("WKST", "MO") != "MO":
        raise ValueError("weeks begin on Monday")
    set_position = parts.pop("BYSETPOS", None)
    month_days = tuple(_number(day, -1, 31) for day in _values(parts, "BYMONTHDAY"))
    or_last = set_position == "-1" and len(month_days) > 1 and month_days == tuple(range(28, month_days[-1] + 1))
    if set_position is not None and not or_last:
        raise ValueError("BYSETPOS stands for the last day of a shorter month only")
    rule = Rule(
        Frequency[frequency],
        interval=_number(parts.pop("INTERVAL", "1"), 1, LONGEST_INTERVAL),
        weekdays=tuple(sorted((_by_day(day) for day in _values(parts, "BYDAY")), key=lambda day: (day[0] % 6, day[1]))),
        month_days=month_days[-1:] if or_last else tuple(sorted(month_days, key=lambda day: day % 32)),
        month=_number(parts.pop("BYMONTH", "0"), 0, 12),
        or_last=or_last,
        count=_number(parts.pop("COUNT"), 1, MOST_TIMES) if "COUNT" in parts else None,
        until=_until(parts.pop("UNTIL")) if "UNTIL" in parts else None,
    )
    if parts or not _is_ours(rule):
        raise ValueError("the rule has parts that are not known here")
    return rule


def _values(parts: dict[str, str], name: str) -> list[str]:
    values = parts.pop(name).split(",") if name in parts else []
    if len(set(values)) != len(values):
        raise ValueError("the rule names a day twice")
    return values


def _number(text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[+-]?\d{1,6}", text) or not least <= int(text) <= most:
        raise ValueError("a number of the rule is out of range")
    return int(text)


def _by_day(text: str) -> tuple[int, int]:
    match = _BY_DAY.fullmatch(text)
    if match is None or int(match[1] or 0) < -1:
        raise ValueError("no such weekday")
    return int(match[1] or 0), _DAY_CODES.index(match[2])


def _until(text: str) -> datetime:
    if not re.fullmatch(r"\d{8}T\d{6}", text):
        raise ValueError("UNTIL is a wall time without a zone")
    return datetime.strptime(text, _UNTIL)  # noqa: DTZ007 - a wall time


def _is_ours(rule: Rule) -> bool:
    """Tell whether the parts go together; each frequency has its own."""
    if (rule.count is not None and rule.until is not None) or 0 in rule.month_days:
        return False
    plain = all(nth == 0 for nth, _ in rule.weekdays)
    if len(set(rule.weekdays)) != len(rule.weekdays):
        return False
    match rule.frequency:
        case Frequency.DAILY:
            return not rule.month_days and not rule.month and plain and (rule.interval == 1 or not rule.weekdays)
        case Frequency.WEEKLY:
            return not rule.month_days and not rule.month and plain
        case Frequency.MONTHLY:
            one_kind = not rule.weekdays or (not rule.month_days and all(nth for nth, _ in rule.weekdays))
            return not rule.month and one_kind and len(rule.weekdays + rule.month_days) <= _MOST_DAYS
        case Frequency.YEARLY:
            leap_day = rule.month == 2 and rule.month_days == (29,)
            return (
                not rule.weekdays
                and len(rule.month_days) <= 1
                and (not rule.month_days or rule.month > 0)
                and (leap_day or not rule.or_last)
            )


def on_month_days(days: tuple[int, ...]) -> tuple[tuple[int, ...], bool]:
    """Return ``month_days`` and ``or_last`` for days of the month as people mean them: the 31st is the last day of a shorter month."""
    if len(days) == 1:
        return days, days[0] > 28
    return tuple(dict.fromkeys(-1 if day == 31 else day for day in sorted(days))), False


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Hold a rule, its first occurrence and its zone; raise ValueError where they don't go together.

    An occurrence that the clocks jump over comes at the first valid moment after the gap; one that happens twice comes the first time only.
    Where the clocks leave out a whole day, its occurrence and the next day's may be one moment, which comes once. None lies after 2999.
    """

    rule: str
    """RFC 5545, without "RRULE:" and DTSTART; UNTIL is a wall time."""
    start: datetime
    """Naive: the wall time of the first occurrence, one of the rule's days."""
    zone: str
    """IANA name."""

    def __post_init__(self) -> None:
        rule = parse_rule(self.rule)
        if zone_or_none(self.zone) is None:
            raise ValueError("no such time zone")
        if self.start.tzinfo is not None or self.start.microsecond or self.start.fold:
            raise ValueError("the first occurrence is a wall time in whole seconds")
        if not _FIRST_YEAR <= self.start.year <= _LAST_YEAR:
            raise ValueError("the first occurrence lies too far off")
        if not rule.fits(self.start.date()) or (rule.until is not None and rule.until < self.start):
            raise ValueError("the first occurrence is not one of the rule's")

    def walk(self, after: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield each occurrence after an aware instant, ascending: its wall time as the rule names it (naive), and its instant in UTC."""
        if after.utcoffset() is None:
            raise ValueError("the instant needs a zone")
        latest = min(max(after, _FLOOR), _CEILING).astimezone(UTC)
        for local in _locals(self, latest):
            instant = resolve(local, self.zone).instant
            if instant > latest:
                latest = instant
                yield local, instant

    def next_after(self, after: datetime) -> datetime | None:
        """Return the first occurrence strictly after an aware instant, in UTC, or None where it has ended."""
        return next((instant for _, instant in self.walk(after)), None)

    def between(self, after: datetime, until: datetime) -> list[datetime]:
        """Return the occurrences with after < occurrence <= until (aware), in UTC, ascending; the first ``MOST_BETWEEN`` of them."""
        if until.utcoffset() is None:
            raise ValueError("the instant needs a zone")
        return list(islice(takewhile(lambda instant: instant <= until, (instant for _, instant in self.walk(after))), MOST_BETWEEN))

    def words(self) -> str:
        """Return the recurrence in words for people, without its zone, at most 150 characters.

        "until" a day includes that day; "inclusive" says so where the recurrence comes on it.
        """
        rule = filled(parse_rule(self.rule), self.start.date())
        return f"{_often(rule)} at {self.start:%H:%M}{_note(rule)}{self._end(rule)}"

    def _end(self, rule: Rule) -> str:
        if rule.count is not None:
            return f", {rule.count} times in all" if rule.count > 1 else ", once"
        if rule.until is None:
            return ""
        last = rule.until.date() - timedelta(days=rule.until.time() < self.start.time())
        shown = f", until {last.day} {last:%B} {last.year}"
        near = _series(rule, self.start, _in_phase(rule, self.start, datetime.combine(last, time())), rule.until)
        return f"{shown} inclusive" if any(local.date() == last for local in near) else shown


def filled(rule: Rule, start: date) -> Rule:
    """Return the rule with the days that it takes from its first occurrence."""
    if rule.frequency is Frequency.WEEKLY and not rule.weekdays:
        return replace(rule, weekdays=((0, start.weekday()),))
    if rule.frequency is Frequency.MONTHLY and not rule.weekdays and not rule.month_days:
        return replace(rule, month_days=(start.day,))
    if rule.frequency is Frequency.YEARLY:
        return replace(rule, month=rule.month or start.month, month_days=rule.month_days or (start.day,))
    return rule


def _locals(recurrence: Recurrence, after: datetime) -> Iterator[datetime]:
    """Return the wall times from a little before ``after`` (UTC) on, without walking there from the start."""
    rule = parse_rule(recurrence.rule)
    begin = after.replace(tzinfo=None) - _MARGIN
    end = min(rule.until or _LAST, _LAST) if rule.count is None else _last_counted(recurrence, rule.count)
    return iter(_series(rule, recurrence.start, _in_phase(rule, recurrence.start, begin), end))


@lru_cache(maxsize=1024)  # COUNT is the one end that has to be walked to
def _last_counted(recurrence: Recurrence, count: int) -> datetime:
    *_, last = islice(_series(parse_rule(recurrence.rule), recurrence.start, recurrence.start, _LAST), count)
    return last


def _in_phase(rule: Rule, start: datetime, begin: datetime) -> datetime:
    """Return a wall time not after ``begin``, but not before ``start``, from which the rule keeps the phase of its INTERVAL."""
    if begin <= start:
        return start
    days = (begin.date() - start.date()).days
    months = (begin.year - start.year) * 12 + begin.month - start.month
    match rule.frequency:
        case Frequency.DAILY:
            return start + timedelta(days=days // rule.interval * rule.interval)
        case Frequency.WEEKLY:
            return start + timedelta(days=days // (7 * rule.interval) * 7 * rule.interval)
        case Frequency.MONTHLY:
            months = months // rule.interval * rule.interval
        case Frequency.YEARLY:
            months = months // 12 // rule.interval * rule.interval * 12
    if months == 0:
        return start
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return start.replace(year=year, month=month + 1, day=1)


def _series(rule: Rule, start: datetime, begin: datetime, end: datetime) -> rrule:
    full = filled(rule, start.date())
    return rrule(
        full.frequency.value,
        dtstart=begin,
        interval=full.interval,
        wkst=MO,
        until=end,
        bymonth=full.month or None,
        bymonthday=(tuple(range(28, full.month_days[0] + 1)) if full.or_last else full.month_days) or None,
        byweekday=tuple(weekday(day, nth or None) for nth, day in full.weekdays) or None,
        bysetpos=-1 if full.or_last else None,
        cache=False,
    )


def _often(rule: Rule) -> str:
    unit = {Frequency.DAILY: "day", Frequency.WEEKLY: "week", Frequency.MONTHLY: "month", Frequency.YEARLY: "year"}[rule.frequency]
    every = f"every {unit}" if rule.interval == 1 else f"every {rule.interval} {unit}s"
    days = tuple(day for _, day in rule.weekdays)
    if rule.frequency is Frequency.MONTHLY:
        named = [f"the {_NTH[nth]} {_DAY_NAMES[day]}" for nth, day in rule.weekdays] + [_month_day(day) for day in rule.month_days]
        return f"{every} on {_listed(named)}"
    if rule.frequency is Frequency.YEARLY:
        return f"{every} on {rule.month_days[0]} {date(2000, rule.month, 1):%B}"
    if days in {(), _WEEK} and rule.interval == 1:
        return "every day"
    if days == _WORKDAYS and rule.interval == 1:
        return f"every weekday{WORKDAYS_NOTE}"
    if not days:
        return every
    named = [_DAY_NAMES[day] for day in days]
    return f"every {_listed(named)}" if rule.interval == 1 else f"{every} on {_listed(named)}"


def _note(rule: Rule) -> str:
    if rule.or_last:
        return LAST_DAY_NOTE if rule.frequency is Frequency.MONTHLY else LEAP_DAY_NOTE
    skips = max(rule.month_days, default=0) > 28 or any(nth == 5 for nth, _ in rule.weekdays)
    if rule.frequency is Frequency.MONTHLY and skips:
        return SKIPPED_NOTE.format("month")
    return SKIPPED_NOTE.format("year") if rule.month == 2 and rule.month_days == (29,) else ""


def _month_day(day: int) -> str:
    if day == -1:
        return "the last day"
    ending = "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"the {day}{ending}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
