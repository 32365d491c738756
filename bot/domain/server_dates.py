"""A date of the season as one server confirmed or corrected it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.calendar import SeasonEvent, ServerConfirmation, WallTime
from bot.domain.facts import Certainty


class MovedBy(StrEnum):
    """Say on whose word a date moved."""

    CALENDAR = "calendar"
    """A new version of the season's calendar."""
    SERVER = "server"
    """The managers of a server corrected it."""
    SERVER_BACK = "server_back"
    """The managers of a server took their correction back."""


@dataclass(frozen=True, slots=True)
class ServerDate:
    """Hold what one server confirmed of one date."""

    guild_id: int
    event_id: str
    at: WallTime
    """The date that was confirmed: the season's as it was then, or with ``is_moved`` the server's own."""
    day_only: bool
    is_moved: bool
    source_url: str
    confirmed_at: datetime

    @property
    def confirmation(self) -> ServerConfirmation:
        """Return what cards say of it."""
        return ServerConfirmation(self.confirmed_at, self.source_url)


def held_by_server(event: SeasonEvent, date: ServerDate | None) -> SeasonEvent:
    """Return an event as a server holds it: as the season has it, confirmed, or moved.

    What is announced is never moved, whatever was confirmed before; a confirmation of a date that the season has changed since counts no
    more.
    """
    if date is None:
        return event
    if (event.at, event.day_only) == (date.at, date.day_only):
        return replace(event, confirmed=date.confirmation)
    if not date.is_moved or event.citation.certainty is Certainty.ANNOUNCED:
        return event
    return replace(
        event, at=date.at, until=_end(event, date), day_only=date.day_only, confirmed=replace(date.confirmation, instead_of=event)
    )


def _end(event: SeasonEvent, date: ServerDate) -> WallTime | None:
    """Return the end of an event that lasts as long as the season says; None where its hour is not known any more."""
    if event.at is None or event.until is None or date.day_only != event.day_only:
        return None
    return WallTime(date.at.local + (event.until.local - event.at.local), date.at.zone)
