"""Which season a day belongs to, and which of its dates come next."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from bot.domain.calendar import Season, SeasonEvent

_TURNING_EVENT = "eras-opens"


def season_begins(season: Season) -> date:
    """Return the first day of a season: ERAS opens, or 1 June of the year before its Match where that is not known."""
    for event in season.events:
        if event.key == _TURNING_EVENT and event.at is not None:
            return event.at.local.date()
    return date(season.year - 1, 6, 1)


def is_in_season(day: date, year: int) -> bool:
    """Tell whether a day can belong to the season of the Match of ``year``: from May of the year before to the end of that year."""
    return date(year - 1, 5, 1) <= day <= date(year, 12, 31)


def season_containing(seasons: Sequence[Season], today: date) -> Season:
    """Return the season of one country that ``today`` lies in; the nearest held one where none does.

    A season runs until the next one begins: after Match Day it is still the same season.

    Raises:
        ValueError: There are no seasons.
    """
    if not seasons:
        msg = "no seasons are held"
        raise ValueError(msg)
    ordered = sorted(seasons, key=lambda season: season.year)
    begun = [season for season in ordered if season_begins(season) <= today]
    return begun[-1] if begun else ordered[0]


def is_past(event: SeasonEvent, now: datetime) -> bool:
    """Tell whether an event is over; one that lasts is over at its end, one not known never."""
    end = event.until or event.at
    return end is not None and end.instant() <= now


def upcoming(events: Iterable[SeasonEvent], now: datetime) -> tuple[SeasonEvent, ...]:
    """Return the events that begin after ``now``, soonest first; those not known are left out."""
    ahead = [(event.at.instant(), event) for event in events if event.at is not None]
    return tuple(event for at, event in sorted(ahead, key=lambda pair: (pair[0], pair[1].id)) if at > now)


def next_event(events: Iterable[SeasonEvent], now: datetime) -> SeasonEvent | None:
    """Return the event that begins next, or None."""
    return next(iter(upcoming(events, now)), None)


def not_known(events: Iterable[SeasonEvent]) -> tuple[SeasonEvent, ...]:
    """Return the events whose date is not known, which are to be confirmed with their owners."""
    return tuple(event for event in events if event.at is None)
