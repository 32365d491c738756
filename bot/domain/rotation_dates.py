"""What a member means by the typed dates of a rotation: ``3 Aug 2026 to 28 Aug 2026``, ``Aug 3-28``, ``3 Aug 2026, 4 weeks``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from bot.domain.rotations import MOST_DAYS
from bot.domain.when_grammar import Parts, Span, clean, read

EARLIEST_YEAR = 1970
FARTHEST = timedelta(days=3 * 366)
_LONGEST = 120
_MOST_OVER_NEW_YEAR = 200
"""Days: with one year typed, "1 Dec to 12 Feb 2027" crosses New Year; "28 Aug to 3 Aug 2026" is typed the wrong way round."""
_JOINS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\s(?:to|until|till|til|through|thru|and)\s|\s*[—→]\s*|\s+-+\s+",
        r"\s*,\s*(?=\d+\s*[wdm])|\s+for\s+|\s*;\s*",
        r"\s*,\s*",
        r"\s*-\s*",
        r"\s*/\s*",
        r"\s+",
    )
)
"""What stands between two dates, the clearest first."""
_LENGTH_FROM = re.compile(r"(.+?)\s+(?:from|starting|beginning)\s+(.+)")
_DAY_MONTH = re.compile(r"(\d{1,2})[/.-](\d{1,2})\b")
_DAY_AND_YEAR = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?:[\s,]+(\d{4}))?")


class Reason(StrEnum):
    """Why dates can't be taken."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_UNDERSTOOD = "not_understood"
    ONE_DAY = "one_day"
    """Only one date was typed."""
    NO_SUCH_DATE = "no_such_date"
    BACKWARDS = "backwards"
    """The end lies before the start."""
    LONGER_THAN_KEPT = "longer_than_kept"
    TOO_FAR = "too_far"
    """Before 1970, or it begins more than three years ahead."""
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class DayRange:
    """Hold the first and the last day, both included."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class NoRange:
    """Say why there is no range, with the readings where there are several."""

    reason: Reason
    readings: tuple[DayRange, ...] = ()


@dataclass(frozen=True, slots=True)
class _Side:
    """Hold one typed day: what may be its month and day, its year where one was typed, or a day that is fixed already."""

    options: tuple[tuple[int, int], ...] = ()
    year: int | None = None
    fixed: date | None = None
    is_day_first: bool | None = None
    """How a numeric date is to be read; None where it can't be told, or where the month is a word."""
    weekday: int | None = None
    """A weekday typed beside the date: it has to be that date's."""


def read_range(text: str, today: date) -> DayRange | NoRange:
    """Return the days that a text means; any text is safe. A year that was not typed is the one that lies nearest to today."""
    if len(text) > _LONGEST:
        return NoRange(Reason.TOO_LONG)
    plain = clean(text).removeprefix("from ").strip(" .,;")
    if not plain or not any(each.isalnum() for each in plain):
        return NoRange(Reason.EMPTY)
    if len(plain) > _LONGEST:
        return NoRange(Reason.TOO_LONG)
    try:
        outcomes = [_settle(start, end, today) for start, end in _pairs(plain, today)]
    except (OverflowError, ValueError):
        return NoRange(Reason.NO_SUCH_DATE)
    if outcomes:
        return next((each for each in outcomes if isinstance(each, DayRange)), outcomes[0])
    return NoRange(Reason.ONE_DAY if _side(plain, today) else Reason.NOT_UNDERSTOOD)


def _pairs(text: str, today: date) -> Iterator[tuple[_Side, _Side | Span]]:
    """Yield what a text may be taken apart into, the clearest first; of one kind of sign the first that reads is enough."""
    if (turned := _LENGTH_FROM.fullmatch(text)) and (length := _length(turned[1])) and (start := _side(turned[2], today)):
        yield start, length
        return
    for join in _JOINS:
        found = False
        for match in join.finditer(text):
            left, right = text[: match.start()].strip(" ,"), text[match.end() :].strip(" ,")
            if left and right and (pair := _pair(left, right, today)):
                found = True
                yield pair
        if found:
            return


def _pair(left: str, right: str, today: date) -> tuple[_Side, _Side | Span] | None:
    start, end = _side(left, today), _side(right, today)
    if start and (length := _length(right)):
        return start, length
    if start is None and end is not None and len(end.options) == 1 and (bare := _DAY_AND_YEAR.fullmatch(left)) and not bare[2]:
        start = _Side(((end.options[0][0], int(bare[1])),), end.year)  # 3-28 Aug 2026
    elif end is None and start is not None and len(start.options) == 1 and (bare := _DAY_AND_YEAR.fullmatch(right)):
        end = _Side(((start.options[0][0], int(bare[1])),), int(bare[2]) if bare[2] else start.year)  # Aug 3-28, 2026
    return (start, end) if start and end else None


def _length(text: str) -> Span | None:
    """Return a typed length of days, weeks or months."""
    parts = read(text) if not text.startswith("in ") else None
    span = parts.after if isinstance(parts, Parts) else None
    return span if span and not span.minutes and (span.days or span.months) else None


def _side(text: str, today: date) -> _Side | None:
    parts = read(text)
    if not isinstance(parts, Parts) or parts.zone is not None or parts.instant is not None:
        return None
    if parts.after is not None:
        if not text.startswith("in ") or parts.after.minutes:
            return None
        return _Side(fixed=today + relativedelta(months=parts.after.months, days=parts.after.days))
    day = parts.day
    if day is None or day.weekday is not None:
        return None
    if day.offset is not None:
        return _Side(fixed=today + timedelta(days=day.offset))
    return _Side(day.month_days, day.year, None, _order(text, day.month_days), parts.said_weekday) if day.month_days else None


def _order(text: str, options: tuple[tuple[int, int], ...]) -> bool | None:
    match = _DAY_MONTH.match(text)
    if match is None or len(options) != 1 or match[1] == match[2]:
        return None
    return options[0] == (int(match[2]), int(match[1]))


def _settle(start: _Side, end: _Side | Span, today: date) -> DayRange | NoRange:
    typed = start.year or (None if isinstance(end, Span) else end.year)
    years = range(today.year - 2, today.year + 5) if typed is None else range(typed - 1, typed + 2)
    if isinstance(end, Span):
        length = relativedelta(months=end.months, days=end.days)
        readings = [DayRange(day, day + length - timedelta(days=1)) for day in _days(start, years)]
        return _one_of(_nearest(readings, today) if start.year is None else readings, today)
    seen = {side.is_day_first for side in (start, end) if side.is_day_first is not None}
    orders = seen or {True, False}
    pairs = [(_in_order(start, order), _in_order(end, order)) for order in sorted(orders)]
    readings = [DayRange(one, other) for first, last in pairs for one in _days(first, years) for other in _days(last, years)]
    if not readings:
        return NoRange(Reason.NO_SUCH_DATE)
    if start.year is None and end.year is None:
        forward = [each for each in readings if _is_near(each)]
        return _one_of(_nearest(forward or readings, today), today)
    if start.year is None or end.year is None:
        same_year = [each for each in readings if each.starts_on.year == each.ends_on.year and each.starts_on <= each.ends_on]
        known = same_year or [each for each in readings if _is_near(each)]
        return _one_of(known, today) if known else NoRange(Reason.BACKWARDS)
    return _one_of(readings, today)


def _is_near(days: DayRange) -> bool:
    length = (days.ends_on - days.starts_on).days
    return length >= 0 and (days.starts_on.year == days.ends_on.year or length <= _MOST_OVER_NEW_YEAR)


def _in_order(side: _Side, is_day_first: bool) -> _Side:
    """Return a numeric date that may be read in two ways in one of them; both dates of a text are typed alike."""
    if len(side.options) != 2:
        return side
    month_first, day_first = side.options  # in the order in which the grammar gives them
    return replace(side, options=(day_first if is_day_first else month_first,))


def _days(side: _Side, years: range) -> list[date]:
    if side.fixed is not None:
        return [side.fixed]
    tried = years if side.year is None else (side.year,)
    found = [_date_or_none(year, month, number) for year in tried for month, number in side.options]
    return [each for each in found if each is not None and side.weekday in (None, each.weekday())]


def _date_or_none(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _nearest(readings: list[DayRange], today: date) -> list[DayRange]:
    """Return, of readings that differ in the year alone, the one that begins nearest to today; ahead goes before past."""
    kept: dict[tuple[int, int, int, int], DayRange] = {}
    for each in sorted(readings, key=lambda each: (abs(each.starts_on - today), each.starts_on < today, each.ends_on)):
        kept.setdefault((each.starts_on.month, each.starts_on.day, each.ends_on.month, each.ends_on.day), each)
    return list(kept.values())


def _one_of(readings: list[DayRange], today: date) -> DayRange | NoRange:
    if not readings:
        return NoRange(Reason.NO_SUCH_DATE)
    forward = [each for each in dict.fromkeys(readings) if each.starts_on <= each.ends_on]
    if not forward:
        return NoRange(Reason.BACKWARDS)
    kept = [each for each in forward if (each.ends_on - each.starts_on).days < MOST_DAYS]
    if not kept:
        return NoRange(Reason.LONGER_THAN_KEPT)
    held = [each for each in kept if each.starts_on.year >= EARLIEST_YEAR and each.starts_on <= today + FARTHEST]
    if not held:
        return NoRange(Reason.TOO_FAR)
    return held[0] if len(held) == 1 else NoRange(Reason.AMBIGUOUS, tuple(sorted(held, key=lambda each: (each.starts_on, each.ends_on))))
