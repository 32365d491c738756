"""The calendar of a season: what happens when, as wall time in the organiser's zone."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.domain.facts import Citation
from bot.domain.member import Country


@dataclass(frozen=True, slots=True)
class WallTime:
    """Hold a time that people fixed: a naive local time and its IANA zone, never an offset."""

    local: datetime
    zone: str

    def instant(self) -> datetime:
        """Return the instant in UTC (the earlier one where the local time happens twice)."""
        return self.local.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class ServerConfirmation:
    """Say that a server confirmed a date, when, and on which page its managers read it."""

    confirmed_at: datetime
    source_url: str
    instead_of: "SeasonEvent | None" = None
    """The date as the season holds it, where the server's is another one."""


@dataclass(frozen=True, slots=True)
class SeasonEvent:
    """Hold one date of a season."""

    id: str
    """``us-2027-rank-list-deadline``: country, year of the Match, key."""
    key: str
    """``rank-list-deadline``: the same event in every season."""
    country: Country
    year: int
    name: str
    """``Rank order list deadline``: as the field calls it."""
    meaning: str
    """One sentence: what it means for an applicant, and what to have done by then."""
    at: WallTime | None
    """None where it is not known."""
    citation: Citation
    until: WallTime | None = None
    """The end, where the event lasts."""
    aliases: tuple[str, ...] = ()
    """Other names that members type."""
    is_deadline: bool = False
    day_only: bool = False
    """The source gives the day and no hour: ``at`` is the day's first minute, and no hour is to be shown."""
    confirmed: ServerConfirmation | None = None
    """What a server says of it, where this is the date as that server holds it."""


@dataclass(frozen=True, slots=True)
class Season:
    """Hold the calendar of one country's season; ``events`` in order of time, those not known last."""

    country: Country
    year: int
    events: tuple[SeasonEvent, ...]
