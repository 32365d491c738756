"""The rule that projects a season of the United States from its year, and where it misses.

Fitted to the dates of the seasons 2021 to 2026, which stand in ``bot/data/seasons``; ``misfits`` says which of them it does not give.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.calendar import SeasonEvent, WallTime
from bot.domain.member import Country

EASTERN = "America/New_York"
_WEDNESDAY, _FRIDAY, _SATURDAY = 2, 4, 5


@dataclass(frozen=True, slots=True)
class ProjectedDate:
    """Hold one projected date: the event's key, its beginning, and its end where it lasts."""

    key: str
    at: WallTime
    until: WallTime | None = None


@dataclass(frozen=True, slots=True)
class Misfit:
    """Say where the rule misses a date that was read."""

    event: SeasonEvent
    projected: WallTime


def project(year: int) -> tuple[ProjectedDate, ...]:
    """Return the dates that the rule gives for the Match of ``year``, in order of time."""
    dates = (*_application_dates(year), *_registration_dates(year), *_match_week(year))
    return tuple(sorted(dates, key=lambda projected: (projected.at.local, projected.key)))


def projected_date(year: int, key: str) -> ProjectedDate | None:
    """Return what the rule gives for one event of a season, or None where it says nothing of it."""
    return next((projected for projected in project(year) if projected.key == key), None)


def misfits(events: Iterable[SeasonEvent]) -> tuple[Misfit, ...]:
    """Return where the rule misses what was read; dates that are not known, or that it says nothing of, are no misses."""
    found: list[Misfit] = []
    for event in events:
        projected = projected_date(event.year, event.key) if event.country is Country.UNITED_STATES else None
        if projected is None or event.at is None:
            continue
        same_day = event.at.local.date() == projected.at.local.date()
        if not same_day or (not event.day_only and event.at != projected.at):
            found.append(Misfit(event, projected.at))
    return tuple(found)


def match_day(year: int) -> date:
    """Return the third Friday of March."""
    return _first_weekday(year, 3, _FRIDAY) + timedelta(weeks=2)


def _application_dates(year: int) -> tuple[ProjectedDate, ...]:
    submission = _first_weekday(year - 1, 9, _WEDNESDAY)
    return (
        _at("eras-opens", _first_weekday(year - 1, 6, _WEDNESDAY), 9),
        _at("eras-submission-opens", submission, 9),
        _at("eras-review-opens", submission + timedelta(days=21), 9),
        _at("eras-closes", date(year, 5, 31), 17),
    )


def _registration_dates(year: int) -> tuple[ProjectedDate, ...]:
    return (
        _at("nrmp-registration-opens", _business_day(date(year - 1, 9, 15), 1), 12),
        _at("registration-deadline", _business_day(date(year, 1, 31), -1), 23, minute=59),
        _at("ranking-opens", _business_day(date(year, 2, 1), 1), 12),
        _at("rank-list-deadline", match_day(year) - timedelta(days=16), 21),
    )


def _match_week(year: int) -> tuple[ProjectedDate, ...]:
    friday = match_day(year)
    monday, tuesday, thursday = (friday - timedelta(days=days) for days in (4, 3, 1))
    rounds = tuple(_at(f"soap-round-{number}", thursday, hour, until=hour + 2) for number, hour in enumerate((9, 12, 15, 18), start=1))
    return (
        _at("match-status", monday, 10),
        _at("soap-opens", monday, 10, until=11),
        _at("soap-review", tuesday, 8),
        *rounds,
        _at("soap-ends", thursday, 21),
        _at("match-day", friday, 12),
    )


def _at(key: str, day: date, hour: int, *, minute: int = 0, until: int | None = None) -> ProjectedDate:
    begins = WallTime(datetime.combine(day, time(hour, minute)), EASTERN)
    return ProjectedDate(key, begins, None if until is None else WallTime(datetime.combine(day, time(until)), EASTERN))


def _first_weekday(year: int, month: int, weekday: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7)


def _business_day(day: date, step: int) -> date:
    """Return ``day``, or the nearest day in the direction of ``step`` that is no Saturday or Sunday (no holiday falls near these dates)."""
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=step)
    return day
