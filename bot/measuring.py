"""Metrics, put together: where a port is configured, something counts and serves; otherwise nothing is imported and nobody counts."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.domain.delivery import Delivery, DeliveryState
from bot.observing.observer import Gateway, Observer
from bot.settings import Settings
from bot.storage.delivery_rows import Mark
from bot.wiring import House

if TYPE_CHECKING:
    from bot.client import MatchdayClient


@asynccontextmanager
async def measured(settings: Settings, house: House) -> AsyncGenerator[Observer]:
    """Serve the metrics of a house for as long as it is open, also while it stands by; yield who takes note of what happens.

    Raises:
        StartError: The port is taken.
    """
    if settings.metrics_port is None:
        yield Observer()
        return
    from bot.observing.metrics import Loop, Metrics
    from bot.storage.measures import MeasureRepository
    from bot.web.metrics import MetricsServer

    stored, partition = MeasureRepository(house.database), house.due_loop.partition

    def look() -> Loop:
        return Loop(house.due_loop.age(), partition.is_sure, partition.stands_by, stored.connections_in_use)

    metrics = Metrics(look, lambda: stored.count(house.services.clock.now()))
    house.due_loop.on_settled = lambda delivery, mark: metrics.delivery_settled(delivery.kind, mark.state, seconds_late(delivery, mark))
    server = MetricsServer(metrics.scrape, settings.metrics_host, settings.metrics_port)
    await server.start()
    try:
        yield metrics
    finally:
        await server.stop()
        await metrics.stop()


def seconds_late(delivery: Delivery, mark: Mark) -> float | None:
    """Return how long after its time it was sent, in product time; None where it was not.

    What was held back for quiet hours is not late; what was tried before and did not go counts from when it was due.
    """
    if mark.state is not DeliveryState.SENT or mark.settled_at is None:
        return None
    held_back = delivery.not_before if delivery.attempts == 0 else None
    return (mark.settled_at - max(delivery.due_at, held_back or delivery.due_at)).total_seconds()


def tell_of_gateway(observer: Observer, client: "MatchdayClient") -> None:
    """Let an observer see how a client stands with Discord."""

    def look() -> Gateway:
        latency = client.latency
        known = latency if 0 <= latency < float("inf") else None  # NaN before the first heartbeat
        return Gateway(client.is_connected, known, len(client.guilds), client.invalid_requests.count())

    observer.gateway = look
