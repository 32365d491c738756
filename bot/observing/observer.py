"""Whoever takes note of what happens. Nobody does unless metrics are on, and that costs nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.observing.interactions import Handled


@dataclass(frozen=True, slots=True)
class Gateway:
    """Hold how the bot stands with Discord at one moment."""

    is_connected: bool = False
    latency_seconds: float | None = None
    """How long the last heartbeat took there and back, where there was one."""
    servers: int = 0
    invalid_requests: int = 0
    """How many answers of the last ten minutes Discord counts towards a ban."""


class Observer:
    """Take note of nothing; ``bot.observing.metrics`` counts."""

    def __init__(self) -> None:
        self.gateway: Callable[[], Gateway] = Gateway
        """Asked when it is looked at; a process that stands by has no connection to tell of."""

    def interaction_ended(self, handled: Handled) -> None:
        """Note that an interaction has been answered, or was not."""

    def delivery_settled(self, kind: str, state: str, late_seconds: float | None) -> None:
        """Note where a delivery stands after an attempt, and of one that was sent how late it was."""

    def request_answered(self, status: int, scope: str | None) -> None:
        """Note an answer of Discord, with the scope that a 429 names; a status of 0 where the connection broke before it came."""

    def disconnected(self) -> None:
        """Note that the connection to the gateway broke off."""
