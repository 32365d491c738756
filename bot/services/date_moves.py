"""Dates that moved: what is tied to one moves with it, and its owner is told what changed and why."""

import logging
from dataclasses import replace
from datetime import datetime

from bot.clock import Clock
from bot.domain.calendar import SeasonEvent
from bot.domain.server_dates import MovedBy
from bot.services.season import SeasonService
from bot.storage.date_moves import DateMoveRepository, Move

log = logging.getLogger(__name__)


class DateMoveService:
    """Hold reminders of dates to the calendar, and to that of the server they were set in."""

    def __init__(self, moves: DateMoveRepository, season: SeasonService, clock: Clock) -> None:
        self._moves = moves
        self._season = season
        self._clock = clock

    async def follow(self) -> int:
        """Move every reminder whose date is held otherwise than when it was set; return how many moved.

        Run once the process serves, after what servers confirmed was read: the calendar changes with a new version only.
        """
        wanted: dict[tuple[Move, datetime], list[int | None]] = {}
        for event_id, before, guild_id in await self._moves.dates():
            move = self._wanted(event_id, guild_id)
            if move.after != before:
                wanted.setdefault((move, before), []).append(guild_id)
        moved = 0
        for (move, before), servers in wanted.items():
            count = await self._moves.move(replace(move, servers=tuple(servers)), before, self._clock.now())
            log.info("%s moved from %s to %s: %d reminders follow", move.event_id, before, move.after or "not known", count)
            moved += count
        return moved

    def _wanted(self, event_id: str, guild_id: int | None) -> Move:
        """Return where the reminders of an event that were set in one server belong."""
        event, season = self._season.for_server(guild_id).event(event_id), self._season.event(event_id)
        at, usual = _instant(event), _instant(season)
        if event is None or event.confirmed is None or event.confirmed.instead_of is None:
            return Move(event_id, at)
        return Move(event_id, at, MovedBy.SERVER, earlier=usual if usual and at and usual < at else None)


def _instant(event: SeasonEvent | None) -> datetime | None:
    return event.at.instant() if event is not None and event.at is not None else None
