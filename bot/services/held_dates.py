"""What servers confirmed, in memory: every card and every reminder begins with a date, and must not wait for the disk."""

from collections.abc import Iterable

from bot.domain.calendar import SeasonEvent
from bot.domain.server_dates import ServerDate, held_by_server


class HeldDates:
    """Hold the dates of every server.

    Right because every change goes through ServerDateService, and where several processes serve a database each reads anew what another
    changed.
    """

    def __init__(self) -> None:
        self._dates: dict[int, dict[str, ServerDate]] = {}

    def fill(self, dates: Iterable[ServerDate]) -> None:
        """Hold these dates and no others."""
        self._dates = {}
        for date in dates:
            self.put(date)

    def put(self, date: ServerDate) -> None:
        """Hold a date in place of the one before."""
        self._dates.setdefault(date.guild_id, {})[date.event_id] = date

    def drop(self, guild_id: int, event_id: str) -> None:
        """Hold a date no more; also where none is held."""
        self._dates.get(guild_id, {}).pop(event_id, None)

    def get(self, guild_id: int | None, event_id: str) -> ServerDate | None:
        """Return what a server confirmed of a date, or None."""
        return self._dates.get(guild_id, {}).get(event_id) if guild_id is not None else None

    def of(self, guild_id: int) -> list[str]:
        """Return the events of which a server confirmed a date."""
        return list(self._dates.get(guild_id, {}))

    def has_any(self, guild_id: int | None) -> bool:
        """Tell whether a server confirmed anything."""
        return guild_id is not None and bool(self._dates.get(guild_id))

    def held(self, event: SeasonEvent, guild_id: int | None) -> SeasonEvent:
        """Return an event as a server holds it; in direct messages (None) as the season does."""
        return held_by_server(event, self.get(guild_id, event.id))
