"""What an outcome means for a delivery: sent, tried again later, or parked for the member."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.delivery import Delivery, DeliveryState
from bot.scheduling.outbox import Later, Outcome, Passing, Refused, Sent, Unknown, Unwanted
from bot.storage.delivery_rows import Mark

FIRST_BACKOFF = 1.0
LONGEST_BACKOFF = 60.0
GAVE_UP = "It could not be sent after many tries."


@dataclass(frozen=True, slots=True)
class Patience:
    """Say how long to go on trying."""

    attempts: int = 60
    nonce_memory: timedelta = timedelta(minutes=3)
    """How long Discord is trusted to remember a nonce; after that the channel is read back first."""

    def remembers(self, first: datetime, now: datetime) -> bool:
        """Tell whether Discord still knows now what was first sent then; a clock that was set back proves nothing."""
        return timedelta(0) <= now - first <= self.nonce_memory


class NonceWatch:
    """Tell at every request of one attempt whether Discord still knows the nonce, and note when the first of them began."""

    def __init__(self, clock: Clock, patience: Patience) -> None:
        self._clock = clock
        self._patience = patience
        self.first: datetime | None = None
        """When an earlier attempt may have been taken; None where none was, or where its channel has been read back."""
        self.earliest: datetime | None = None

    def is_known(self) -> bool:
        """Note a request that begins now; tell whether the nonce of the first one is still known."""
        now = self._clock.now()
        self.earliest = now if self.earliest is None else min(now, self.earliest)
        if self.first is None:
            self.first = now
        return self._patience.remembers(self.first, now)


def backoff_seconds(attempts: int) -> float:
    """Return how long to wait after so many attempts: doubled each time, with jitter, so that many do not come back at once."""
    longest = min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** min(attempts, 10))
    return random.uniform(longest / 2, longest)  # noqa: S311 - jitter


def mark_for(delivery: Delivery, outcome: Outcome, now: datetime, patience: Patience, begun: datetime | None = None) -> Mark:
    """Return the mark that an outcome means; ``begun`` is when its first request began, should the clock have been set back then."""
    attempts = delivery.attempts + 1
    match outcome:
        case Sent(message_id=message_id, channel_id=channel_id):
            return Mark(delivery.id, DeliveryState.SENT, message_id=message_id, channel_id=channel_id, settled_at=now, attempts=attempts)
        case Refused(reason=reason, then=then):
            return Mark(delivery.id, DeliveryState.PARKED, reason, attempts=attempts, then=then)
        case Unwanted(reason=reason):
            return Mark(delivery.id, DeliveryState.CANCELLED, reason)
        case Later(until=until, reason=reason):
            waits = Mark(delivery.id, DeliveryState.PENDING, reason, not_before=max(until, now))
            return replace(waits, untried=True, first_tried_at=delivery.first_tried_at)
        case Passing(reason=reason) | Unknown(reason=reason):
            if attempts >= patience.attempts:
                return Mark(delivery.id, DeliveryState.PARKED, GAVE_UP, attempts=attempts)
            told = outcome.retry_after if isinstance(outcome, Passing) else None
            wait = timedelta(seconds=told if told is not None else backoff_seconds(attempts))
            again = Mark(delivery.id, DeliveryState.PENDING, reason, not_before=now + wait, attempts=attempts)
            if isinstance(outcome, Passing):
                return replace(again, untried=True, first_tried_at=delivery.first_tried_at)
            return replace(again, tried_by=now if begun is None else min(now, begun))


def must_read_back(delivery: Delivery, now: datetime, patience: Patience) -> bool:
    """Tell whether an earlier attempt may have arrived and Discord no longer knows its nonce."""
    return delivery.first_tried_at is not None and not patience.remembers(delivery.first_tried_at, now)
