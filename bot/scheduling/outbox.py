"""What the due loop asks of whoever can send."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.delivery import Delivery
from bot.scheduling.pacing import Pacer


@dataclass(frozen=True, slots=True)
class Sent:
    """The message stands in the channel."""

    message_id: int
    channel_id: int


@dataclass(frozen=True, slots=True)
class Passing:
    """It was not taken, and trying again may help; ``retry_after`` in seconds where that was said."""

    reason: str
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing was sent and this was no attempt: it is not to go before ``until`` (product time)."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never be taken; the reason is shown to the member in her inbox, and ``then`` may say elsewhere that it waits there."""

    reason: str
    then: Delivery | None = None


@dataclass(frozen=True, slots=True)
class Unwanted:
    """Whom it is for wants it no more: it is cancelled and waits nowhere."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been taken or not: the connection broke or an error came afterwards."""

    reason: str


Outcome = Sent | Passing | Later | Refused | Unwanted | Unknown


class Outbox(Protocol):
    """Send a delivery, and find out whether one was sent; every request goes through the pacer."""

    async def send(self, delivery: Delivery, pacer: Pacer) -> Outcome:
        """Send it once, under the nonce that is its id."""
        ...

    async def find_sent(self, delivery: Delivery, pacer: Pacer) -> Outcome | None:
        """Read the channel back for a message that carries its id; another outcome where that can't be done."""
        ...
