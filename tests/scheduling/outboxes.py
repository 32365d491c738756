"""A Discord that remembers nonces and messages, and an Outbox whose outcomes a test writes."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from bot.clock import Clock
from bot.domain.delivery import Delivery
from bot.scheduling.due_loop import DueLoop, LoopSettings
from bot.scheduling.outbox import Outcome, Passing, Refused, Sent, Unknown
from bot.scheduling.pacing import Pacer
from bot.scheduling.settling import Patience
from tests.support.databases import Store, a_delivery
from tests.support.waiting import wait_for

NONCE_MEMORY = timedelta(minutes=3)
CHANNEL = 50


class Step(Enum):
    """What happens to one request."""

    SENT = auto()
    PASSING = auto()
    REFUSED = auto()
    LOST_BEFORE = auto()
    """An error before Discord took the message."""
    LOST_AFTER = auto()
    """An error after it did."""
    RAISE = auto()
    HANG_BEFORE = auto()
    HANG_AFTER = auto()


class FakeDiscord:
    """Keep messages for ever and nonces for three minutes of product time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._taken: list[tuple[str, datetime]] = []

    def take(self, nonce: str) -> int:
        """Return the message's id: the first one's, where the nonce is remembered."""
        now = self._clock.now()
        for number, (each, at) in enumerate(self._taken):
            if each == nonce and timedelta(0) <= now - at <= NONCE_MEMORY:
                return number + 1
        self._taken.append((nonce, now))
        return len(self._taken)

    def find(self, nonce: str) -> int | None:
        return next((number + 1 for number, (each, _) in enumerate(self._taken) if each == nonce), None)

    def counts(self) -> Counter[str]:
        return Counter(nonce for nonce, _ in self._taken)

    def order(self) -> list[str]:
        return [nonce for nonce, _ in self._taken]


class ScriptedOutbox:
    """Send to a FakeDiscord; each request follows the next step, and is sent when no step is left."""

    def __init__(self, discord: FakeDiscord, steps: Iterable[Step] = (), choose: Callable[[Delivery], Step] | None = None) -> None:
        self.discord = discord
        self.steps = list(steps)
        self.requests: list[tuple[str, str]] = []
        self.under_way = 0
        self._choose = choose or (lambda _delivery: self.steps.pop(0) if self.steps else Step.SENT)

    async def send(self, delivery: Delivery, pacer: Pacer) -> Outcome:
        async with pacer.slot(delivery.priority):
            self.requests.append(("send", delivery.id))
            step = self._choose(delivery)
            if step is Step.RAISE:
                raise RuntimeError("a fault of ours")
            if step is Step.HANG_BEFORE:
                await self._hang()
            number = self.discord.take(delivery.id) if step in (Step.SENT, Step.LOST_AFTER, Step.HANG_AFTER) else 0
            if step is Step.HANG_AFTER:
                await self._hang()
            await asyncio.sleep(0)
        if step is Step.SENT:
            return Sent(number, CHANNEL)
        if step is Step.PASSING:
            return Passing("slower, please", retry_after=1.0)
        return Refused("closed") if step is Step.REFUSED else Unknown("the connection broke")

    async def find_sent(self, delivery: Delivery, pacer: Pacer) -> Sent | None:
        async with pacer.slot(delivery.priority):
            self.requests.append(("find", delivery.id))
            number = self.discord.find(delivery.id)
        return None if number is None else Sent(number, CHANNEL)

    async def _hang(self) -> None:
        self.under_way += 1
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            self.under_way -= 1


def a_loop(
    store: Store, clock: Clock, outbox: ScriptedOutbox | None, owner: str = "one", pacer: Pacer | None = None, **settings: Any
) -> DueLoop:
    """Return a due loop without waiting: fast pace, short leases."""
    values: dict[str, Any] = {
        "owner": owner,
        "partition_lease_seconds": 0.3,
        "stop_seconds": 0.2,
        "restart_seconds": 0.0,
        "patience": Patience(nonce_memory=NONCE_MEMORY),
    }
    loop = DueLoop(
        store.deliveries,
        store.leases,
        clock,
        pacer or Pacer(rate=100_000, in_flight=50),
        settings=LoopSettings(**(values | settings)),
    )
    if outbox is not None:
        loop.attach(outbox)
    return loop


async def settled(store: Store, ids: Iterable[str], *, seconds: float = 10.0) -> dict[str, str]:
    """Wait until all are sent or parked; return their states."""
    wanted = list(ids)

    async def all_settled() -> dict[str, str]:
        found = {delivery_id: await store.deliveries.get(delivery_id) for delivery_id in wanted}
        states = {delivery_id: str(delivery.state) for delivery_id, delivery in found.items() if delivery is not None}
        return states if all(state in ("sent", "parked") for state in states.values()) else {}

    return await wait_for(all_settled, seconds)


async def once(loop: DueLoop) -> None:
    """Do what is due now, and wait until it is settled."""
    loop.partition.is_held = True
    await loop.tick()
    await loop.settle_all()


async def add(store: Store, count: int, **changes: Any) -> list[str]:
    made = [a_delivery(str(number), member_id=None, **changes) for number in range(count)]
    for each in made:
        assert await store.deliveries.add(each)
    return [each.id for each in made]


async def get(store: Store, delivery_id: str) -> Delivery:
    found = await store.deliveries.get(delivery_id)
    assert found is not None
    return found
