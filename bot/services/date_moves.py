"""Dates that moved: what is tied to one moves with it, and its owner is told what changed and why."""

import logging
from datetime import datetime

from bot.catalogue.catalogue import Catalogue
from bot.clock import Clock
from bot.storage.date_moves import DateMoveRepository

log = logging.getLogger(__name__)


class DateMoveService:
    """Hold reminders of dates to the calendar."""

    def __init__(self, moves: DateMoveRepository, catalogue: Catalogue, clock: Clock) -> None:
        self._moves = moves
        self._catalogue = catalogue
        self._clock = clock

    async def follow(self) -> int:
        """Move every reminder whose date the calendar tells otherwise than when it was set; return how many moved.

        Run once the process serves: the calendar changes with a new version only.
        """
        moved = 0
        for event_id, before in await self._moves.dates():
            after = self._date_of(event_id)
            if after != before:
                count = await self._moves.move(event_id, before, after, self._clock.now())
                log.info("%s moved from %s to %s: %d reminders follow", event_id, before, after or "not known", count)
                moved += count
        return moved

    def _date_of(self, event_id: str) -> datetime | None:
        event = self._catalogue.event(event_id)
        return event.at.instant() if event is not None and event.at is not None else None
