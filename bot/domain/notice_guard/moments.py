"""Finds the days and the hours that a sentence of plain text names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.domain.when_grammar import MONTH, MONTHS, WEEKDAYS

_ZONES = {
    "e": "America/New_York", "c": "America/Chicago", "m": "America/Denver", "p": "America/Los_Angeles", "u": "UTC", "g": "UTC",
}  # fmt: skip
_DAY_NUMBER = r"(\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:\s?,?\s?(20\d\d))?(?![\d:])"
_TO = r"(?:\s?(?:-|to|until|through|and)\s?(?:[a-z]{3,9},? )?(?:MONTH )?(\d{1,2})(?:st|nd|rd|th)?(?![\d:]|\s?[ap]\.?m))?".replace(
    "MONTH", MONTH.replace("(jan", "(?:jan")
)
_MONTH_FIRST = re.compile(rf"\b{MONTH} ?{_DAY_NUMBER}(?![\d:]|\s?[ap]\.?m\b){_TO}{_YEAR}")
_DAY_FIRST = re.compile(
    rf"\b{_DAY_NUMBER}(?:\s?(?:-|to|until|through)\s?(?:[a-z]{{3,9}},? )?{_DAY_NUMBER})?(?: of)?[ -]{MONTH}(?![a-z]){_YEAR}"
)
_YEAR_FIRST = re.compile(r"\b(20\d\d)([-/.])(\d{1,2})\2(\d{1,2})\b")
_NUMBERS = re.compile(r"(?<![\d/.-])(\d{1,2})/(\d{1,2})(?:/(20\d\d|\d\d))?(?![\d/])")
_NTH = re.compile(rf"\b(first|second|third|fourth|last) (mon|tues|wednes|thurs|fri|satur|sun)day (?:of|in) {MONTH}")
_WEEKDAY = re.compile(r"\b(mon|tues|wednes|thurs|fri|satur|sun)day\b")
_RELATIVE = re.compile(r"\b(today|tonight|tomorrow)\b")
_CLOCK = re.compile(
    r"(?<![\d:.$/-])(\d{1,2})(?::(\d\d))? ?([ap])\.?m\b\.?|(?<![\d:.$/-])(\d{1,2}):(\d\d)(?![\d:])|\b(noon|midday|midnight)\b"
)
_ZONE = re.compile(
    r"\s?\(?(e|c|m|p)(?:[sd]?t|astern|entral|ountain|acific)\b|\s?\(?(utc|gmt)\b|\s?\(?(ist|pkt|bst|cest|cet|gst|wat|eat|ast|sast|sgt|jst|aest|aedt|npt|msk|local|your)\b"
)
_NTHS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}


@dataclass(frozen=True, slots=True)
class Day:
    """Hold a day as it was named: month and day, perhaps with a year, or a weekday alone, or a day relative to now."""

    start: int
    end: int
    readings: tuple[tuple[int, int], ...] = ()
    """Month and day; two where 4/5 may be either."""
    year: int | None = None
    until: tuple[int, int] | None = None
    """Month and day of the end, where a range was named."""
    weekday: int | None = None
    offset: int | None = None
    """Days from today."""
    nth: tuple[int, int, int] | None = None
    """Which (from 0, -1 for the last) weekday of which month: needs a year to be a day."""

    def dates(self, near: date) -> list[date]:
        """Return the days that it can mean; without a year the one nearest to ``near``. None for a weekday alone."""
        if self.nth is not None:
            return [found for found in (_nth(self.year or near.year, *self.nth),) if found]
        years = (self.year,) if self.year else (near.year - 1, near.year, near.year + 1)
        found: list[date] = []
        for month, number in self.readings:
            candidates = [each for year in years if (each := _date(year, month, number)) is not None]
            found += sorted(candidates, key=lambda each: abs(each - near))[:1]
        return found

    def end_date(self, near: date) -> date | None:
        """Return the last day of a range."""
        if self.until is None:
            return None
        return min(
            (each for year in (near.year - 1, near.year, near.year + 1) if (each := _date(year, *self.until))),
            key=lambda each: abs(each - near),
            default=None,
        )


@dataclass(frozen=True, slots=True)
class Hour:
    """Hold a time of day as it was named; ``zone`` None where none was, and "" where it is one that is not held."""

    start: int
    end: int
    time: time
    zone: str | None


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _nth(year: int, which: int, weekday: int, month: int) -> date | None:
    days = [day for number in range(1, 32) if (day := _date(year, month, number)) and day.weekday() == weekday]
    return days[which] if -1 <= which < len(days) else None


def _month(name: str) -> int:
    return MONTHS.index(name[:3]) + 1


def days_in(text: str, start: int, end: int) -> list[Day]:
    """Return the days that a stretch of plain text names, in order; a weekday beside a date is part of it."""
    found: list[Day] = []
    taken: list[tuple[int, int]] = []
    for day in (*_dated(text, start, end), *_relative(text, start, end)):
        if not any(day.start < other_end and other_start < day.end for other_start, other_end in taken):
            taken.append((day.start, day.end))
            found.append(day)
    return _with_weekdays(text, start, end, sorted(found, key=lambda day: day.start))


def _dated(text: str, start: int, end: int) -> Iterator[Day]:
    for match in _NTH.finditer(text, start, end):
        yield Day(*match.span(), nth=(_NTHS[match[1]], WEEKDAYS.index(match[2][:3]), _month(match[3])))
    for match in _YEAR_FIRST.finditer(text, start, end):
        yield Day(*match.span(), ((int(match[3]), int(match[4])),), int(match[1]))
    for match in _DAY_FIRST.finditer(text, start, end):
        month = _month(match[3])
        until = (month, int(match[2])) if match[2] else None
        yield Day(*match.span(), ((month, int(match[1])),), int(match[4]) if match[4] else None, until)
    for match in _MONTH_FIRST.finditer(text, start, end):
        month = _month(match[1])
        until = (month, int(match[3])) if match[3] else None
        yield Day(*match.span(), ((month, int(match[2])),), int(match[4]) if match[4] else None, until)
    for match in _NUMBERS.finditer(text, start, end):
        first, second = int(match[1]), int(match[2])
        readings = tuple(dict.fromkeys(each for each in ((first, second), (second, first)) if _date(2028, *each)))
        if readings:
            yield Day(*match.span(), readings, (int(match[3]) % 100 + 2000) if match[3] else None)


def _relative(text: str, start: int, end: int) -> Iterator[Day]:
    for match in _RELATIVE.finditer(text, start, end):
        yield Day(*match.span(), offset=1 if match[1] == "tomorrow" else 0)


def _with_weekdays(text: str, start: int, end: int, days: list[Day]) -> list[Day]:
    weekdays = [(match.span(), WEEKDAYS.index(match[1][:3])) for match in _WEEKDAY.finditer(text, start, end)]
    found: list[Day] = []
    for day in days:
        beside = [each for each in weekdays if 0 <= day.start - each[0][1] <= 6 or 0 <= each[0][0] - day.end <= 3]
        named = beside[0][1] if beside and day.readings and day.until is None else None
        found.append(Day(day.start, day.end, day.readings, day.year, day.until, named, day.offset, day.nth))
        weekdays = [each for each in weekdays if each not in beside and not day.start <= each[0][0] < day.end]
    found += [Day(*span, weekday=weekday) for span, weekday in weekdays]
    return sorted(found, key=lambda day: day.start)


def hours_in(text: str, start: int, end: int) -> list[Hour]:
    """Return the times of day that a stretch of plain text names, in order."""
    found: list[Hour] = []
    for match in _CLOCK.finditer(text, start, end):
        moment = _time(match)
        if moment is not None:
            found.append(Hour(match.start(), match.end(), moment, _zone(text, match.end(), end)))
    return found


def _time(match: re.Match[str]) -> time | None:
    if match[6]:
        return time(0) if match[6] == "midnight" else time(12)
    hour, minute = int(match[1] or match[4]), int(match[2] or match[5] or 0)
    if match[3]:
        hour = hour % 12 + (12 if match[3] == "p" else 0) if 1 <= hour <= 12 else 99
    hour = 0 if hour == 24 else hour
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _zone(text: str, position: int, end: int) -> str | None:
    match = _ZONE.match(text, position, end)
    if match is None:
        return None
    return _ZONES[(match[1] or match[2])[0]] if match[1] or match[2] else ""


def shifted(day: date, days: int) -> date:
    """Return a day so many days later."""
    return day + timedelta(days=days)
