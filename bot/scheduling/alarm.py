"""APScheduler as an alarm clock: it only sets an event. The truth is in the rows, so a job that is lost loses nothing."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# APScheduler ships no types.

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock

TICK_SECONDS = 15
LONGEST_AHEAD = timedelta(days=30)


class Alarm:
    """Ring when something is due, every 15 seconds, when the clock is moved, and when asked."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rung = asyncio.Event()
        # misfire_grace_time: the default drops what is one second late.
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True})
        self._stop_listening: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Begin to ring."""
        self._scheduler.start()
        self._scheduler.add_job(self._ring, "interval", seconds=TICK_SECONDS, id="tick")
        self._stop_listening = self._clock.on_change(self.ring)
        self.ring()

    def stop(self) -> None:
        """Ring no more."""
        self._stop_listening()
        self._stop_listening = lambda: None
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def ring(self) -> None:
        """Ring now."""
        self._rung.set()

    def ring_at(self, due: datetime | None) -> None:
        """Ring when product time reaches ``due``; what is further ahead is looked at again by then."""
        if not self._scheduler.running:
            return
        if due is None:
            if self._scheduler.get_job("due") is not None:
                self._scheduler.remove_job("due")
            return
        ahead = min(due - self._clock.now(), LONGEST_AHEAD)
        run_date = datetime.now(UTC) + max(ahead, timedelta(0))
        self._scheduler.add_job(self._ring, "date", run_date=run_date, id="due", replace_existing=True)

    async def wait(self) -> None:
        """Wait until it rings."""
        await self._rung.wait()
        self._rung.clear()

    async def _ring(self) -> None:  # a coroutine: APScheduler runs plain functions in a thread, where an event can't be set
        self._rung.set()
