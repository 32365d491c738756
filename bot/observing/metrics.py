"""Metrics for Prometheus, in a registry of their own. No label is a member, a server, a channel, or anything that somebody typed.

What happens is counted when it happens; how things stand is asked when somebody scrapes, and what stands in the database is counted then
too, seldom enough that it takes a twentieth of the time at most. ``docs/metrics.md`` tells what each means.
"""

import asyncio
import logging
import math
import platform
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.metadata import version

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from bot import __version__
from bot.observing.interactions import Handled, Kind
from bot.observing.observer import Observer
from bot.storage.measures import Measures

log = logging.getLogger(__name__)

COUNT_SECONDS = 15.0
"""How often the database is asked at most."""
SHARE = 20
"""A count that took long is not made again before so many times as long."""
WAIT_SECONDS = 3.0
"""How long a scrape waits for a count: the rest is told in any case."""
PAGE_SECONDS = 1.0
"""A page that was written so recently is given again: whoever asks without end costs one page a second."""
ACKNOWLEDGED = (0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Discord gives up after 3 seconds."""
WHOLE = (0.025, 0.1, 0.5, 1.0, 3.0, 10.0, 60.0)
LATE = (1.0, 5.0, 15.0, 60.0, 300.0, 1_800.0, 7_200.0, 86_400.0)


@dataclass(frozen=True, slots=True)
class Loop:
    """Hold how the sending stands at one moment."""

    tick_seconds: float
    """How long ago the due loop last looked at what is due, to the end and without an error."""
    holds_lease: bool
    stands_by: bool
    connections_in_use: int


class Metrics(Observer):
    """Count what happens, and write it down for whoever scrapes."""

    def __init__(self, look: Callable[[], Loop], count: Callable[[], Awaitable[Measures]]) -> None:
        super().__init__()
        disable_created_metrics()  # the library would write when each series began, as one more series
        self._look, self._count = look, count
        self.registry = CollectorRegistry()
        self._of_interactions()
        self._of_sending()
        self._of_discord()
        self._of_the_process()
        self._of_the_database()
        self._counting: asyncio.Task[None] | None = None
        self._counted: float | None = None
        self._count_again = 0.0
        self._writing = asyncio.Lock()
        self._page, self._written = b"", -math.inf

    def _of_interactions(self) -> None:
        registry = self.registry
        self._commands = Counter("matchday_commands", "Commands that ended.", ["command", "result"], registry=registry)
        self._acknowledged = Histogram(
            "matchday_command_acknowledged_seconds", "From a command to its first answer, a deferral included.", ["command"],
            buckets=ACKNOWLEDGED, registry=registry,
        )  # fmt: skip
        self._whole = Histogram(
            "matchday_command_seconds", "From a command to the end of its work.", ["command"], buckets=WHOLE, registry=registry
        )
        self._autocompletes = Counter("matchday_autocompletes", "Autocompletes that ended.", ["command", "result"], registry=registry)
        self._clicks = Counter(
            "matchday_clicks", "Buttons, selects and forms that ended.", ["feature", "kind", "result"], registry=registry
        )
        self._clicked = Histogram(
            "matchday_click_acknowledged_seconds", "From a click or a form to its first answer.", ["feature"],
            buckets=ACKNOWLEDGED, registry=registry,
        )  # fmt: skip

    def _of_sending(self) -> None:
        registry = self.registry
        self._settled = Counter(
            "matchday_deliveries_settled", "Attempts to send, by what became of the delivery.", ["kind", "state"], registry=registry
        )
        self._late = Histogram(
            "matchday_delivery_late_seconds", "How long after its time a delivery was sent.", ["kind"], buckets=LATE, registry=registry
        )
        self._deliveries = Gauge("matchday_deliveries", "Deliveries that are stored.", ["kind", "state"], registry=registry)
        self._deliveries_due = Gauge("matchday_deliveries_due", "Deliveries that may go now and have not gone.", registry=registry)
        self._reminders_due = Gauge("matchday_reminders_due", "Reminders that are due and no deliveries yet.", registry=registry)
        self._overdue = Gauge("matchday_oldest_overdue_seconds", "How long the oldest that is due has waited.", registry=registry)
        self._inbox = Gauge("matchday_inbox_waiting", "What waits in inboxes, because it can't be sent.", ["seen"], registry=registry)
        self._tick = Gauge("matchday_tick_age_seconds", "Since the last whole look at what is due.", registry=registry)
        self._lease = Gauge("matchday_sending_lease_held", "Whether this process may send.", registry=registry)
        self._stands_by = Gauge("matchday_standing_by", "Whether another process sends and this one waits.", registry=registry)

    def _of_discord(self) -> None:
        registry = self.registry
        self._answers = Counter(
            "matchday_discord_answers",
            "Requests to Discord, by the status of the answer; none where it did not come.",
            ["status"],
            registry=registry,
        )
        self._rate_limits = Counter("matchday_discord_rate_limits", "Answers of 429, by their scope.", ["scope"], registry=registry)
        self._invalid = Gauge("matchday_invalid_requests", "Answers of 401, 403 and 429 in the last ten minutes.", registry=registry)
        self._connected = Gauge("matchday_gateway_connected", "Whether the connection to Discord stands.", registry=registry)
        self._latency = Gauge("matchday_gateway_latency_seconds", "The last heartbeat, there and back; NaN before.", registry=registry)
        self._disconnects = Counter("matchday_gateway_disconnects", "How often the connection broke off.", registry=registry)
        self._servers = Gauge("matchday_servers", "Servers that the bot is in.", registry=registry)

    def _of_the_process(self) -> None:
        build = Info("matchday_build", "What runs.", registry=self.registry)
        build.info({"version": __version__, "python": platform.python_version(), "discord": version("discord.py")})
        ProcessCollector(registry=self.registry)

    def _of_the_database(self) -> None:
        registry = self.registry
        self._database_up = Gauge("matchday_database_up", "Whether the database answered the last time it was counted.", registry=registry)
        self._query = Gauge("matchday_database_query_seconds", "How long the database took to answer at all.", registry=registry)
        self._size = Gauge("matchday_database_size_bytes", "How large the database is.", registry=registry)
        self._in_use = Gauge("matchday_database_connections_in_use", "Connections in use.", registry=registry)
        self._count_age = Gauge("matchday_counted_age_seconds", "Since the database was last counted; NaN before.", registry=registry)
        self._count_took = Gauge("matchday_count_seconds", "How long that count took.", registry=registry)

    def interaction_ended(self, handled: Handled) -> None:
        """Count it, and how long it took."""
        handled.end()
        first = None if handled.acknowledged is None else handled.acknowledged - handled.began
        if handled.kind is Kind.AUTOCOMPLETE:
            self._autocompletes.labels(handled.name, handled.result).inc()
        elif handled.kind is Kind.COMMAND:
            self._commands.labels(handled.name, handled.result).inc()
            self._whole.labels(handled.name).observe(time.monotonic() - handled.began)
            if first is not None:
                self._acknowledged.labels(handled.name).observe(first)
        else:
            self._clicks.labels(handled.name, handled.kind, handled.result).inc()
            if first is not None:
                self._clicked.labels(handled.name).observe(first)

    def delivery_settled(self, kind: str, state: str, late_seconds: float | None) -> None:
        """Count it, and how late it was."""
        self._settled.labels(kind, state).inc()
        if late_seconds is not None:
            self._late.labels(kind).observe(max(0.0, late_seconds))

    def request_answered(self, status: int, scope: str | None) -> None:
        """Count it."""
        self._answers.labels(str(status) if status else "none").inc()
        if status == 429:
            self._rate_limits.labels(scope if scope in ("user", "global", "shared") else "unknown").inc()

    def disconnected(self) -> None:
        """Count it."""
        self._disconnects.inc()

    async def scrape(self) -> tuple[str, bytes]:
        """Return the content type and the page; it waits for the database for some seconds at most, and holds up nothing else."""
        async with self._writing:
            if time.monotonic() - self._written >= PAGE_SECONDS:
                await self._count_now_and_then()
                self._tell_how_it_stands()
                self._page = await asyncio.to_thread(generate_latest, self.registry)
                self._written = time.monotonic()
        return CONTENT_TYPE_LATEST, self._page

    async def stop(self) -> None:
        """Wait for a count that is under way: the database is closed next."""
        if self._counting is not None:
            await asyncio.wait({self._counting})

    async def _count_now_and_then(self) -> None:
        if self._counting is None and time.monotonic() >= self._count_again:
            self._counting = asyncio.create_task(self._count_database(), name="count-for-metrics")
        if self._counting is not None:
            done, _ = await asyncio.wait({self._counting}, timeout=WAIT_SECONDS)
            if not done:
                self._database_up.set(0)

    async def _count_database(self) -> None:
        began = time.monotonic()
        try:
            measures = await self._count()
        except Exception as error:  # noqa: BLE001 - a database that is away is what the metrics are there to tell
            log.warning("the database could not be counted: %s", type(error).__name__)
            self._database_up.set(0)
        else:
            self._tell_what_is_stored(measures)
            self._database_up.set(1)
            self._counted = time.monotonic()
        took = time.monotonic() - began
        self._count_took.set(took)
        self._count_again = time.monotonic() + max(COUNT_SECONDS, SHARE * took)
        self._counting = None

    def _tell_what_is_stored(self, measures: Measures) -> None:
        self._deliveries.clear()
        for (kind, state), count in measures.deliveries.items():
            self._deliveries.labels(kind, state).set(count)
        self._deliveries_due.set(measures.deliveries_due)
        self._reminders_due.set(measures.reminders_due)
        self._overdue.set(measures.overdue_seconds)
        self._inbox.labels("no").set(measures.waiting_unseen)
        self._inbox.labels("yes").set(measures.waiting_seen)
        self._query.set(measures.query_seconds)
        self._size.set(measures.stored_bytes)

    def _tell_how_it_stands(self) -> None:
        gateway, loop = self.gateway(), self._look()
        self._connected.set(gateway.is_connected)
        self._latency.set(math.nan if gateway.latency_seconds is None else gateway.latency_seconds)
        self._servers.set(gateway.servers)
        self._invalid.set(gateway.invalid_requests)
        self._tick.set(loop.tick_seconds)
        self._lease.set(loop.holds_lease)
        self._stands_by.set(loop.stands_by)
        self._in_use.set(loop.connections_in_use)
        self._count_age.set(math.nan if self._counted is None else time.monotonic() - self._counted)
