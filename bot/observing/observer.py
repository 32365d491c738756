"""Whoever takes note of what happens. Nobody does unless metrics are on, and that costs nothing."""

from bot.observing.interactions import Handled


class Observer:
    """Take note of nothing; ``bot.observing.metrics`` counts."""

    def interaction_ended(self, handled: Handled) -> None:
        """Note that an interaction has been answered, or was not."""

    def delivery_settled(self, kind: str, state: str, late_seconds: float | None) -> None:
        """Note where a delivery stands after an attempt, and of one that was sent how late it was."""

    def request_answered(self, status: int, scope: str | None) -> None:
        """Note an answer of Discord, with the scope that a 429 names."""

    def disconnected(self) -> None:
        """Note that the connection to the gateway broke off."""
