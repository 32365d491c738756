"""Requests that Discord counts towards a ban: 10,000 answers of 401, 403 and 429 from one address within ten minutes."""

import time
from collections import deque
from collections.abc import Callable

WINDOW_SECONDS = 600.0
COUNTED = frozenset({401, 403, 429})
ENOUGH = 2_000
"""A fifth of what bans: bulk sending waits from here on."""


class InvalidRequests:
    """Count them over ten minutes of real time."""

    def __init__(self, enough: int = ENOUGH, now: Callable[[], float] = time.monotonic) -> None:
        self._enough = enough
        self._now = now
        self._times: deque[float] = deque()

    def note(self, status: int, scope: str | None = None) -> None:
        """Count an answer by its status; a 429 of ``scope`` shared is nobody's fault, and Discord leaves it out."""
        if status in COUNTED and not (status == 429 and scope == "shared"):
            self._times.append(self._now())

    def count(self) -> int:
        """Return how many there were in the last ten minutes."""
        since = self._now() - WINDOW_SECONDS
        while self._times and self._times[0] <= since:
            self._times.popleft()
        return len(self._times)

    def wait(self) -> float:
        """Return how many seconds bulk sending must wait; 0 where it is far from a ban."""
        if self.count() < self._enough:
            return 0.0
        return max(1.0, self._times[-self._enough] + WINDOW_SECONDS - self._now())
