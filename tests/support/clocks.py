"""Time that stands still until a test moves it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class ManualClock:
    """A Clock that a test sets."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now
        self._callbacks: list[Callable[[], None]] = []

    def now(self) -> datetime:
        return self._now

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    def move_to(self, instant: datetime) -> None:
        self._now = instant
        for callback in tuple(self._callbacks):
            callback()

    def advance(self, span: timedelta) -> None:
        self.move_to(self._now + span)
