"""How often conversations may be opened: Discord stops bots that open many, whatever the rest of their sending."""

import time
from collections import deque
from collections.abc import Callable

STOP_SECONDS = 3_600.0
"""How long nothing is opened once Discord said that it went too fast (40003)."""
WINDOW_SECONDS = 60.0


class Openings:
    """Hold the budget of conversations to open, in real time."""

    def __init__(self, a_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._a_minute = a_minute
        self._now = now
        self._opened: deque[float] = deque()
        self._stopped_until = 0.0

    def wait(self) -> float:
        """Return how many seconds must pass before the next may be opened; 0, and count it as opened, where it may be now."""
        now = self._now()
        if now < self._stopped_until:
            return self._stopped_until - now
        while self._opened and self._opened[0] <= now - WINDOW_SECONDS:
            self._opened.popleft()
        if len(self._opened) >= self._a_minute:
            return self._opened[0] + WINDOW_SECONDS - now
        self._opened.append(now)
        return 0.0

    @property
    def is_stopped(self) -> bool:
        """Tell whether Discord asked for a stop that lasts."""
        return self._now() < self._stopped_until

    def stop(self) -> None:
        """Open nothing for an hour."""
        self._stopped_until = max(self._stopped_until, self._now() + STOP_SECONDS)
