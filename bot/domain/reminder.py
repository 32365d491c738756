"""A reminder: what a member asked to be told, and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.recurrence import Recurrence


class ReminderKind(StrEnum):
    """What a reminder is about."""

    SEASON_DATE = "season_date"
    """A date of the season, less a lead."""
    OWN = "own"
    """A text and a time of her own."""
    LETTER = "letter"
    """A step of a letter of recommendation: a follow-up, thanks."""


class ReminderState(StrEnum):
    """Where a reminder stands."""

    ACTIVE = "active"
    FIRED = "fired"
    """Its delivery exists; nothing more will come of it."""
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Reminder:
    """Hold one reminder; all instants aware, in UTC."""

    id: str
    member_id: int
    kind: ReminderKind
    state: ReminderState
    due_at: datetime
    """When it falls due next (the last time it did, once it is not active)."""
    created_at: datetime
    guild_id: int | None = None
    """The server it was set in; None in direct messages."""
    event_id: str | None = None
    """For a season date: the event's id."""
    event_at: datetime | None = None
    """For a season date: when the event was to be, when this was set or last moved with it; None for one put off by a snooze."""
    earlier_at: str = ""
    """For one that stayed where its server moved the date later: when the season holds it, ISO 8601. Encrypted at rest."""
    lead: timedelta = timedelta(0)
    """For a season date: how long before the event."""
    text: str = ""
    """What she wrote, or what a letter's step says. Encrypted at rest."""
    wall_time: str = ""
    """For her own: the local time she meant, ISO 8601 without offset. Encrypted at rest."""
    zone: str = ""
    """For her own: the IANA zone of ``wall_time``. Encrypted at rest."""
    rule: str = ""
    """For one that recurs: its RFC 5545 rule, counted from ``wall_time`` in ``zone``. Encrypted at rest."""
    occurrence: int = 0
    """How often it has fallen due."""

    @property
    def recurrence(self) -> Recurrence | None:
        """Return how it recurs, or None where it comes once."""
        return Recurrence(self.rule, datetime.fromisoformat(self.wall_time), self.zone) if self.rule else None
