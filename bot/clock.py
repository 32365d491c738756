"""What time it is: one small interface, so that product time can be moved in the sandbox and in tests."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tell product time.

    Due dates, snoozes, tokens and retention follow it; leases, timeouts and pacing run on real time.
    """

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        ...

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call ``callback`` on the event loop whenever the clock was set; return what stops that."""
        ...


class SystemClock:
    """The host's own clock, which nobody moves."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        return datetime.now(UTC)

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:  # noqa: ARG002 - it never changes
        """Return a no-op: this clock is never set."""
        return lambda: None
