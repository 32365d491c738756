"""Discord's ids: milliseconds since 2015 in the upper bits, a running number in the lower 22."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def snowflake_at(moment: datetime, number: int = 0) -> int:
    """Return the id of a moment, with a running number of 22 bits."""
    return ((moment - EPOCH) // _MILLISECOND) << 22 | (number & 0x3FFFFF)


def moment_of(snowflake: int) -> datetime:
    """Return when an id was made, to the millisecond."""
    return EPOCH + (snowflake >> 22) * _MILLISECOND


class Snowflakes:
    """Make ids that follow the sandbox's clock and do not repeat."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._number = 0

    def new(self) -> int:
        """Return a fresh id at the present instant."""
        # The number runs on from one millisecond to the next: moving the clock back can then not give an id again.
        self._number = (self._number + 1) & 0x3FFFFF
        return snowflake_at(self._now(), self._number)
