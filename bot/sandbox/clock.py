"""The sandbox's own time: the host's clock with an offset that anyone may move."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any


class SandboxTime:
    """Tell product time, and tell listeners when it was moved.

    Snowflakes, timestamps, the nonce memory and the 15-minute token follow it; the 3 seconds of an interaction follow real time.
    """

    def __init__(self) -> None:
        self.offset = timedelta()
        self.next_due: datetime | None = None
        """When the bot is next due, as it told us; the page offers to move there."""
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        return datetime.now(UTC) + self.offset

    def advance(self, by: timedelta) -> None:
        """Move the clock forward, or back by a negative length."""
        self._set(self.offset + by)

    def move_to(self, moment: datetime) -> None:
        """Set the clock to an aware instant; it goes on from there."""
        self._set(moment - datetime.now(UTC))

    def reset(self) -> None:
        """Return to the host's clock."""
        self._set(timedelta())

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call ``callback`` whenever the clock was set; return what stops that."""
        self._listeners.append(callback)

        def stop() -> None:
            if callback in self._listeners:
                self._listeners.remove(callback)

        return stop

    def json(self) -> dict[str, Any]:
        """Return ``{"now", "offset" (seconds), "next_due"}``."""
        return {
            "now": self.now().isoformat(),
            "offset": self.offset.total_seconds(),
            "next_due": None if self.next_due is None else self.next_due.isoformat(),
        }

    def _set(self, offset: timedelta) -> None:
        # A date outside datetime's range must fail here and leave the clock as it was.
        _ = datetime.now(UTC) + offset
        self.offset = offset
        for listener in tuple(self._listeners):
            listener()
