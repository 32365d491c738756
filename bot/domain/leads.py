"""How long before an event a reminder may come."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Lead:
    """Hold one lead: a short key that travels in custom ids, its words, and its length."""

    key: str
    label: str
    before: timedelta

    def due(self, at: datetime) -> datetime:
        """Return when a reminder with this lead falls due for an event at ``at``."""
        return at - self.before


LEADS: tuple[Lead, ...] = (
    Lead("1w", "1 week before", timedelta(weeks=1)),
    Lead("3d", "3 days before", timedelta(days=3)),
    Lead("1d", "1 day before", timedelta(days=1)),
    Lead("3h", "3 hours before", timedelta(hours=3)),
    Lead("0", "at the moment", timedelta(0)),
)
"""All leads, longest first."""


def lead_by_key(key: str) -> Lead | None:
    """Return the lead with this key, or None."""
    return next((lead for lead in LEADS if lead.key == key), None)


def leads_offered(at: datetime, now: datetime) -> tuple[Lead, ...]:
    """Return the leads that would still fall due after ``now`` for an event at ``at``, longest first."""
    return tuple(lead for lead in LEADS if lead.due(at) > now)


def lead_words(before: timedelta) -> str:
    """Return how long before an event a reminder comes, in words; any length."""
    named = next((lead.label for lead in LEADS if lead.before == before), None)
    if named is not None:
        return named
    minutes = int(before.total_seconds()) // 60
    for size, word in ((10_080, "week"), (1_440, "day"), (60, "hour")):
        if minutes % size == 0:
            count = minutes // size
            return f"{count:,} {word}{'s' if count > 1 else ''} before"
    return f"{minutes:,} minutes before"
