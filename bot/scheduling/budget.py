"""One budget for Discord's global limit, shared by the processes that send with one token; kept in Redis or PostgreSQL.

The arithmetic is pyrate-limiter's GCRA: a single moment, kept in the store, says when the next request may begin, and each request that
is let through moves it on. Of the libraries that were looked at it alone counts on both stores and says how long to wait; its sliding
window was not taken, because there a process whose clock lags counts none of what the others began. What else was compared, and why
requests are taken one by one, stands in docs/scaling.md.
"""

import asyncio
import contextlib
import logging
import math
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self
from urllib.parse import urlsplit

from bot.domain.delivery import Priority
from bot.errors import StartError
from bot.scheduling.partition import this_process

if TYPE_CHECKING:
    from pyrate_limiter import Rate

log = logging.getLogger(__name__)

REDIS = ("redis", "rediss", "unix")
POSTGRES = "postgresql+asyncpg"
KEY = "matchday:budget"
PRESENT = "matchday:budget:processes"
URGENT_BURST = 4
"""How many requests may begin at once after a rest. With 45 a second this makes 49 in any second: below Discord's 50."""
BULK_BURST = 2
"""The same for what is not urgent: less, so that two urgent requests always find room, whatever other processes send."""
TICKS = 1_000_000
"""Milliseconds that a rate is counted over: so long that a rate of 4.5 a second is a whole number too."""
MOST_AHEAD_SECONDS = 5.0
"""A store that asks to wait longer than this and a burst has had its clock set back: nothing it was ever told reaches so far."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """Hold lengths in real seconds: such that no process sends alone while the others do not yet leave its share to it."""

    answer: float = 1.0
    """How long an answer of the store is waited for."""
    beat: float = 1.0
    """How often a process says that it is there."""
    fresh: float = 2.0
    """How long after that it may take from the store."""
    present: float = 3.0
    """How long the others count it."""
    alone: float = 6.0
    """From when on after its last word it may send alone: ``answer + present``, and a beat and an answer for the others to see it."""
    retry: float = 20.0
    """How often the store is tried again while it is away; each time the process is silent until ``alone``."""
    late: float = 0.04
    """What was taken is used no more after so long, or after twice what is usual: it would begin together with later ones."""


class Store(Protocol):
    """Keep the one moment, and which processes are there; every time is the store's own, so that the hosts' clocks do not matter."""

    async def beat(self, owner: str, seconds: float, /) -> int:
        """Say that a process is there for so many seconds; return how many are."""
        ...

    async def take(self, rate: float, burst: int, /) -> float:
        """Take one request; return 0, or after how many seconds there may be one."""
        ...

    async def reset(self) -> None:
        """Forget the moment."""
        ...

    async def close(self) -> None:
        """Let go of the connections."""
        ...


class SharedBudget:
    """Say when a request may begin, so that all processes together stay below one rate, whether the store answers or not."""

    def __init__(self, store: Store, rate: float, processes: int, lengths: Lengths | None = None, owner: str | None = None) -> None:
        self._store = store
        self._rate = rate
        self._processes = processes
        self._lengths = lengths or Lengths()
        self._owner = owner or this_process()
        self._present = processes
        self._asked = time.monotonic()
        """When a word of this process may have reached the store last: as far as is known, at the end of its former life just now."""
        self._answered = -math.inf
        self._failures = 0
        self._is_taking = True
        """Whether the store let requests be taken last: one that answers a beat and no more is away all the same."""
        self._usual = 0.0
        self._alone_next = 0.0
        self._is_away = False
        self._beating: asyncio.Task[None] | None = None

    @property
    def share(self) -> float:
        """Return this process's even share of the rate."""
        return self._rate / self._processes

    @property
    def share_alone(self) -> float:
        """Return the share that is sent without the store.

        Each of n processes that know nothing of each other may begin one request more in a second than its share: so n - 1 less in all.
        """
        return (self._rate - min(self._processes - 1, self._rate / 2)) / self._processes

    def start(self) -> None:
        """Begin to say that this process is there; from here on the others count on its sending."""
        if self._beating is None:
            self._asked = time.monotonic()
            self._beating = asyncio.create_task(self._beat(), name="budget-beat")

    async def close(self) -> None:
        """Stop, and let go of the store."""
        if self._beating is not None:
            # Not awaited without a bound: a driver that is cancelled while it connects may take that for an error of the connection.
            beating, self._beating = self._beating, None
            beating.cancel()
            await asyncio.wait({beating}, timeout=self._lengths.answer)
        with contextlib.suppress(Exception):  # it may be away
            async with asyncio.timeout(self._lengths.answer):
                await self._store.close()

    async def take(self, priority: int) -> float:
        """Take one request; return 0 where it may begin now, else after how many seconds to ask again; raise nothing."""
        began = time.monotonic()
        if began - self._answered < self._lengths.fresh:
            return await self._take_shared(priority, began)
        if began - self._asked < self._lengths.alone:  # the others still count this process, and leave its share to nobody
            return self._lengths.late
        return self._take_alone(began)

    def _take_alone(self, now: float) -> float:
        spacing = 1 / self.share_alone
        if self._alone_next < self._asked:  # the first one: where all lost the store at one moment, they must not begin at one moment
            self._alone_next = now + random.uniform(0, spacing)  # noqa: S311 - no secret
        if self._alone_next > now:
            return self._alone_next - now
        self._alone_next = now + spacing
        return 0.0

    async def _take_shared(self, priority: int, began: float) -> float:
        is_urgent = priority <= Priority.URGENT
        # A process that is not there may send its share alone: it is left to it.
        rate = self._rate * min(1.0, self._present / self._processes)
        try:
            async with asyncio.timeout(self._lengths.answer):
                wait = await self._store.take(rate, URGENT_BURST if is_urgent else BULK_BURST)
                if wait > MOST_AHEAD_SECONDS + URGENT_BURST / self.share:
                    log.warning("the clock of the shared budget was set back; it begins anew")
                    await self._store.reset()
                    wait = self._lengths.late
        except Exception as error:  # noqa: BLE001 - whatever it was, it is away: said once, and sending goes on
            self._is_taking = False
            self._fail(error)
            return self._lengths.late
        self._failures, self._is_taking = 0, True
        self._say_back()
        took = time.monotonic() - began
        is_late, self._usual = took > max(self._lengths.late, 2 * self._usual), self._usual + (took - self._usual) / 8
        if wait == 0.0:
            return self._lengths.late / 10 if is_late else 0.0
        # Many that ask at one moment would meet again and again: together they ask about twice as often as one of them is let through.
        apart = 0.0 if is_urgent else random.uniform(0, (self._present - 1) / self._rate / 2)  # noqa: S311 - no secret
        return wait + apart

    async def _beat(self) -> None:
        while self._beating is asyncio.current_task():
            asked = time.monotonic()
            self._asked = asked
            try:
                async with asyncio.timeout(self._lengths.answer):
                    present = await self._store.beat(self._owner, self._lengths.present)
            except Exception as error:  # noqa: BLE001 - as above
                self._fail(error)
            else:
                self._answered, self._present = asked, present
                self._processes = max(self._processes, present)
                if self._is_taking:
                    self._failures = 0
                    self._say_back()
            await asyncio.sleep(self._lengths.beat if self._failures <= 1 else self._lengths.retry)

    def _fail(self, error: Exception) -> None:
        self._failures += 1
        self._answered = -math.inf
        if not self._is_away:
            self._is_away = True
            log.warning(
                "the shared budget can't be reached (%s): this process goes on with its even share, %.3g requests a second, until it can",
                type(error).__name__, self.share_alone,
            )  # fmt: skip

    def _say_back(self) -> None:
        if self._is_away:
            self._is_away = False
            log.warning("the shared budget can be reached again")


class RedisStore:
    """Keep the budget in Redis."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - redis types its asynchronous client as either of two
        from pyrate_limiter import GCRA, RedisStateStore

        self._client = client
        self._algorithm = GCRA()
        self._state: Any = RedisStateStore(client, KEY, ttl_ms=60_000)

    @classmethod
    def open(cls, url: str) -> Self:
        """Return the store at an address; it connects when first used. Raises ValueError for an address that is none."""
        from redis.asyncio import Redis

        return cls(Redis.from_url(url, max_connections=4))  # pyright: ignore[reportUnknownMemberType] - its options are untyped

    async def beat(self, owner: str, seconds: float) -> int:
        """Say that a process is there; return how many are."""
        now = await self._now()
        async with self._client.pipeline(transaction=True) as steps:
            steps.zadd(PRESENT, {owner: now + int(seconds * 1000)})
            steps.zremrangebyscore(PRESENT, "-inf", now)
            steps.zcard(PRESENT)
            steps.pexpire(PRESENT, 60_000)
            return int((await steps.execute())[2])

    async def take(self, rate: float, burst: int) -> float:
        """Take one request.

        The time is asked for first. That the script runs a little later is no harm: with an earlier time it lets less through.
        """
        decision = await self._state.check(self._algorithm, [gcra_rate(rate, burst)], await self._now(), 1)
        return 0.0 if decision.allowed else (decision.retry_after_ms or 1) / 1000

    async def reset(self) -> None:
        """Forget the moment."""
        await self._client.delete(KEY)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _now(self) -> int:
        seconds, microseconds = await self._client.time()
        return int(seconds) * 1000 + int(microseconds) // 1000


def gcra_rate(rate: float, burst: int) -> "Rate":
    """Return a rate a second as the library takes it."""
    from pyrate_limiter import Rate

    return Rate(max(1, round(rate * TICKS / 1000)), TICKS, burst)


def open_budget(url: str, rate: float, processes: int) -> SharedBudget:
    """Return the budget at ``redis://…`` or ``postgresql+asyncpg://…``; the store is reached when it is first used, and may be away.

    Raises:
        StartError: The address can't be used.
    """
    scheme = urlsplit(url).scheme
    try:
        if scheme in REDIS:
            return SharedBudget(RedisStore.open(url), rate, processes)
        if scheme == POSTGRES:
            from bot.storage.budget import PostgresStore

            return SharedBudget(PostgresStore.open(url, gcra_rate), rate, processes)
    except (ValueError, TypeError) as error:
        raise _unusable() from error
    raise _unusable()


def _unusable() -> StartError:
    return StartError(
        "The address of the shared budget can't be used.",
        "MATCHDAY_BUDGET_URL is an address such as redis://127.0.0.1:6379/0 or postgresql+asyncpg://user:password@host/name.",
    )
