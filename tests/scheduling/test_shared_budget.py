"""The budget that processes share: never above the rate together, on a real Redis and a real PostgreSQL, and also while these are away."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.domain.delivery import Priority
from bot.errors import StartError
from bot.scheduling.budget import BULK_BURST, URGENT_BURST, Lengths, RedisStore, SharedBudget, Store, gcra_rate, open_budget
from bot.scheduling.pacing import Pacer
from bot.storage.budget import PostgresStore
from tests.support.budgets import most_within, place_of, through
from tests.support.cuttable import way_to
from tests.support.waiting import wait_for

SHORT = Lengths(answer=0.5, beat=0.1, fresh=0.3, present=0.3, alone=1.4, retry=2.0, late=0.04)
BULK, URGENT = Priority.BULK, Priority.URGENT


@asynccontextmanager
async def store_at(url: str) -> AsyncIterator[Store]:
    store: Store = RedisStore.open(url) if url.startswith("redis") else PostgresStore.open(url, gcra_rate)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def sharing(*urls: str, rate: float, processes: int | None = None) -> AsyncIterator[list[SharedBudget]]:
    """Open one budget for each address, as processes of their own would."""
    opened = [open_budget(url, rate, processes or len(urls)) for url in urls]
    for budget in opened:
        budget._lengths = SHORT
        budget.start()
    try:
        yield opened
    finally:
        for budget in opened:
            await budget.close()


async def send(budget: SharedBudget, count: int, begun: list[float], priority: Priority = BULK) -> None:
    pacer = Pacer(rate=1, in_flight=100, budget=budget)

    async def one() -> None:
        async with pacer.slot(priority):
            begun.append(time.monotonic())

    await asyncio.gather(*(one() for _ in range(count)))


class Broken:
    """A store that counts processes and lets nothing be taken, as one that may not be written to."""

    async def beat(self, _owner: str, _seconds: float) -> int:
        return 1

    async def take(self, _rate: float, _burst: int) -> float:
        raise OSError("read only")

    async def reset(self) -> None: ...

    async def close(self) -> None: ...


# --- the arithmetic in the stores


async def test_a_rest_allows_few_at_once_and_then_each_waits_its_time(budget_url: str) -> None:
    async with store_at(budget_url) as store:
        taken = [await store.take(0.5, BULK_BURST) for _ in range(4)]
        assert taken[:BULK_BURST] == [0.0] * BULK_BURST
        assert all(1.0 < wait <= 2.0 for wait in taken[BULK_BURST:])


async def test_what_is_urgent_finds_room_whatever_the_others_send(budget_url: str) -> None:
    async with store_at(budget_url) as one, store_at(budget_url) as another:
        while await one.take(0.5, BULK_BURST) == 0.0:
            pass
        assert [await another.take(0.5, URGENT_BURST) for _ in range(2)] == [0.0, 0.0]
        assert await another.take(0.5, URGENT_BURST) > 0.0
        assert await one.take(0.5, BULK_BURST) > 2.0  # what is bulk waits until the urgent ones are made up for


async def test_processes_are_counted_while_they_say_that_they_are_there(budget_url: str) -> None:
    async with store_at(budget_url) as store:
        assert await store.beat("one", 60) == 1
        assert await store.beat("two", 60) == 2
        assert await store.beat("one", 60) == 2
        assert await store.beat("two", -1) == 1


async def test_many_that_come_at_once_make_the_place_together(budget_url: str) -> None:
    async with store_at(budget_url) as one, store_at(budget_url) as another:
        taken = await asyncio.gather(*(store.take(0.5, 1) for store in (one, another, one, another)))
        assert sum(wait == 0.0 for wait in taken) == 1


async def test_a_clock_that_was_set_back_does_not_stop_the_sending(budget_url: str) -> None:
    async with store_at(budget_url) as store:  # the moment lies as far ahead as if the clock had been set back by 100 s
        assert await store.take(0.01, 1) == 0.0
        assert await store.take(0.01, 1) > 50
    async with sharing(budget_url, rate=50) as (budget,):
        begun: list[float] = []
        async with asyncio.timeout(5):
            await send(budget, 5, begun)


# --- several processes


async def test_all_together_stay_below_one_rate(budget_url: str) -> None:
    begun: list[float] = []
    async with sharing(budget_url, budget_url, budget_url, rate=60) as budgets:
        await asyncio.gather(*(send(budget, 40, begun) for budget in budgets))
    assert len(begun) == 120
    assert most_within(begun) <= 60 + URGENT_BURST + 2  # a clock of ours may see two of them some milliseconds late


async def test_without_a_shared_budget_they_would_not() -> None:
    """What is counted above can exceed: three pacers that know nothing of each other."""
    begun: list[float] = []

    async def alone() -> None:
        pacer = Pacer(rate=60, in_flight=100)

        async def one() -> None:
            async with pacer.slot(BULK):
                begun.append(time.monotonic())

        await asyncio.gather(*(one() for _ in range(40)))

    await asyncio.gather(alone(), alone(), alone())
    assert most_within(begun) > 100


class Noting(Broken):
    """A store that lets everything through, and notes what it was asked with."""

    def __init__(self) -> None:
        self.bursts: list[int] = []

    async def take(self, _rate: float, burst: int) -> float:
        self.bursts.append(burst)
        return 0.0


@pytest.mark.parametrize(
    ("priority", "burst"),
    [(Priority.INTERACTIVE, URGENT_BURST), (URGENT, URGENT_BURST), (Priority.NORMAL, BULK_BURST), (BULK, BULK_BURST)],
)
async def test_only_what_is_urgent_may_take_of_the_reserve(priority: Priority, burst: int) -> None:
    store = Noting()
    budget = SharedBudget(store, 45, 2)
    budget.start()
    await wait_for(lambda: budget._answered > 0)
    assert await budget.take(priority) == 0.0
    await budget.close()
    assert store.bursts == [burst]


async def test_urgent_ones_overtake_the_bulk_of_another_process(budget_url: str) -> None:
    bulk: list[float] = []
    urgent: list[float] = []
    async with sharing(budget_url, budget_url, rate=40) as (one, another):
        sending = asyncio.create_task(send(one, 80, bulk))
        await wait_for(lambda: len(bulk) >= 10)
        await send(another, 6, urgent, URGENT)
        assert len(bulk) < 40, "they came behind the bulk"
        await sending


# --- the store is away


async def test_while_the_store_is_away_each_sends_its_share_and_says_so_once(budget_url: str, caplog: pytest.LogCaptureFixture) -> None:
    begun: list[float] = []
    async with way_to(*place_of(budget_url)) as way:
        url = through(budget_url, way.port)
        async with sharing(url, url, rate=30) as budgets:
            sending = [asyncio.create_task(send(budget, 60, begun)) for budget in budgets]
            await wait_for(lambda: len(begun) >= 10)
            before, said = len(begun), caplog.text.count("can't be reached")
            way.cut()
            await wait_for(lambda: len(begun) >= before + 25, 20)
            assert caplog.text.count("can't be reached") == said + 2
            way.mend()
            await asyncio.wait_for(asyncio.gather(*sending), 20)
            await wait_for(lambda: caplog.text.count("can be reached again") == caplog.text.count("can't be reached"))
    assert most_within(begun) <= 30 + URGENT_BURST + 2


async def test_one_that_is_cut_off_alone_gets_its_share_from_the_others(budget_url: str) -> None:
    begun: list[float] = []
    async with way_to(*place_of(budget_url)) as way, sharing(budget_url, through(budget_url, way.port), rate=40) as (near, far):
        sending = [asyncio.create_task(send(near, 120, begun)), asyncio.create_task(send(far, 60, alone := []))]
        await wait_for(lambda: len(alone) >= 5)
        way.cut()
        seen = len(alone)
        await wait_for(lambda: len(alone) >= seen + 10, 20)
        for task in sending:
            task.cancel()
        assert near._present == 1
    assert most_within(begun + alone) <= 40 + URGENT_BURST + 2


async def test_a_store_that_was_never_there_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    begun: list[float] = []
    async with sharing("redis://127.0.0.1:1/0", rate=100, processes=2) as (budget,):
        await asyncio.wait_for(send(budget, 5, begun), 10)
    assert caplog.text.count("can't be reached") == 1


async def test_a_store_that_counts_but_lets_nothing_be_taken_is_away_too() -> None:
    budget = SharedBudget(Broken(), 100, 2, SHORT)
    budget.start()
    begun: list[float] = []
    await asyncio.wait_for(send(budget, 5, begun), 10)
    await budget.close()


@pytest.mark.parametrize(("processes", "most"), [(1, 50), (2, 50), (4, 50), (10, 50), (22, 50)])
def test_the_shares_of_all_that_are_alone_stay_below_the_limit(processes: int, most: int) -> None:
    """Each of them may begin one more in a second than its share: their clocks know nothing of each other."""
    share = SharedBudget(Broken(), 45, processes).share_alone
    assert processes * (int(share) + 1) <= most
    assert processes * share <= 45


def test_the_lengths_leave_the_others_time_to_see_that_one_is_gone() -> None:
    usual = Lengths()
    for each in (usual, SHORT):
        assert each.alone >= each.answer + each.present + each.beat + each.answer
        assert each.fresh <= each.present
        assert each.retry > each.alone


# --- the pacer


class Scripted:
    """A budget that says what it was told to say."""

    share = 5.0

    def __init__(self, *waits: float) -> None:
        self.asked: list[int] = []
        self._waits: Iterator[float] = iter(waits)

    def start(self) -> None: ...

    async def take(self, priority: int) -> float:
        self.asked.append(priority)
        return next(self._waits, 0.0)


async def test_order_stays_with_the_process_and_what_is_more_urgent_is_asked_for_at_once() -> None:
    budget = Scripted(60.0)
    pacer, begun = Pacer(rate=45, in_flight=1, budget=budget), []
    assert pacer.rate == 5.0  # so much is claimed in advance

    async def one(priority: Priority) -> None:
        async with pacer.slot(priority):
            begun.append(priority)

    tasks = [asyncio.create_task(one(priority)) for priority in (BULK, BULK)]
    await wait_for(lambda: budget.asked)
    tasks += [asyncio.create_task(one(priority)) for priority in (URGENT, Priority.INTERACTIVE)]
    await asyncio.wait_for(asyncio.gather(*tasks), 5)
    assert begun == [Priority.INTERACTIVE, URGENT, BULK, BULK]
    assert budget.asked[:2] == [BULK, Priority.INTERACTIVE] or budget.asked[:2] == [BULK, URGENT]


async def test_whoever_is_cancelled_while_the_budget_is_asked_takes_no_turn() -> None:
    pacer = Pacer(rate=45, in_flight=1, budget=Scripted(60.0))

    async def one() -> str:
        async with pacer.slot(BULK):
            return "done"

    gone = asyncio.create_task(one())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gone.cancel()
    async with pacer.slot(URGENT):
        pass
    assert await asyncio.wait_for(one(), 5) == "done"


async def test_a_pause_holds_with_a_budget_too() -> None:
    pacer = Pacer(rate=45, in_flight=9, budget=Scripted())
    pacer.pause(0.1)
    before = time.monotonic()
    async with pacer.slot(URGENT):
        assert time.monotonic() - before >= 0.08


# --- addresses


@pytest.mark.parametrize(
    "url",
    ["nonsense", "http://127.0.0.1", "redis://127.0.0.1:none/0", "postgresql+asyncpg://x:y@h:port/d", "postgresql://h/d", "redis+x://h"],
)
def test_an_address_that_can_not_be_used_is_told(url: str) -> None:
    with pytest.raises(StartError, match="shared budget can't be used"):
        open_budget(url, 45, 2)


def test_the_rate_is_kept_to_the_thousandth() -> None:
    rate: Any = gcra_rate(4.5, 2)
    assert rate.interval / rate.limit == pytest.approx(1000 / 4.5, rel=1e-6)
