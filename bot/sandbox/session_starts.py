"""How often sessions may begin: the recommended shards, the day's count, and one IDENTIFY at a time in each bucket."""

import time
from typing import Any, cast

TOTAL = 1_000
DAY_MILLISECONDS = 86_400_000
MOST_SHARDS = 1_000


class SessionStarts:
    """Count the sessions that begin; Discord lets ``max_concurrency`` of them begin in five seconds."""

    def __init__(self, shards: int = 1, seconds: float = 0.0, max_concurrency: int = 1) -> None:
        self.shards = shards
        """How many shards Discord recommends."""
        self.seconds = seconds
        """How long a bucket is closed after an IDENTIFY; 0 closes none, so that a bot that starts again and again need not wait."""
        self.max_concurrency = max_concurrency
        self.begun = 0
        self.refused = 0
        """How many came too early, and were told to begin anew."""
        self._last: dict[int, float] = {}

    def takes(self, shard: int) -> bool:
        """Count an IDENTIFY of a shard; return False where its bucket is closed: such a session is invalid."""
        now, bucket = time.monotonic(), shard % self.max_concurrency
        last = self._last.get(bucket)
        if last is not None and now - last < self.seconds:
            self.refused += 1
            return False
        self._last[bucket] = now
        self.begun += 1
        return True

    def told(self) -> dict[str, Any]:
        """Return what ``GET /gateway/bot`` says beside the address."""
        limit = {
            "total": TOTAL,
            "remaining": max(0, TOTAL - self.begun),
            "reset_after": DAY_MILLISECONDS,
            "max_concurrency": self.max_concurrency,
        }
        return {"shards": self.shards, "session_start_limit": limit}


def shard_of(data: dict[str, Any]) -> tuple[int, int] | None:
    """Return shard and count of an IDENTIFY, one of one where none is named; None for what Discord refuses with 4010."""
    given = data.get("shard", [0, 1])
    if not isinstance(given, list) or [type(each) for each in cast("list[Any]", given)] != [int, int]:
        return None
    shard, shards = cast("list[int]", given)
    return (shard, shards) if 0 <= shard < shards <= MOST_SHARDS else None
