"""The pace: never above the rate, the urgent first, nobody's turn lost. Real time, in tens of milliseconds: pacing is the subject."""

import asyncio
import time
from contextlib import suppress

import pytest

from bot.scheduling.pacing import CATCH_UP_SECONDS, Pacer

TOLERANCE = 0.02


async def begin_all(pacer: Pacer, priorities: list[int]) -> list[tuple[int, float]]:
    """Ask for a slot for each; return in which order and when they began."""
    begun: list[tuple[int, float]] = []

    async def one(number: int, priority: int) -> None:
        async with pacer.slot(priority):
            begun.append((number, time.perf_counter()))

    await asyncio.gather(*(one(number, priority) for number, priority in enumerate(priorities)))
    return begun


async def test_requests_never_begin_faster_than_the_rate() -> None:
    begun = [at for _, at in await begin_all(Pacer(rate=200, in_flight=100), [0] * 60)]
    for first in range(0, 60, 7):
        for last in range(first + 1, 60, 5):
            least = (last - first) / 200 - CATCH_UP_SECONDS
            assert begun[last] - begun[first] >= least - TOLERANCE / 10
    assert begun[-1] - begun[0] < 60 / 200 * 3  # and it does not crawl


async def test_the_urgent_overtakes_and_equals_keep_their_order() -> None:
    pacer = Pacer(rate=100_000, in_flight=1)
    async with pacer.slot(30):
        waiting = asyncio.create_task(begin_all(pacer, [30, 30, 10, 30, 10, 0]))
        for _ in range(9):
            await asyncio.sleep(0)
    assert [number for number, _ in await waiting] == [5, 2, 4, 0, 1, 3]


async def test_no_more_are_under_way_than_allowed() -> None:
    pacer, under_way, most = Pacer(rate=100_000, in_flight=3), 0, 0
    gate = asyncio.Event()

    async def one() -> None:
        nonlocal under_way, most
        async with pacer.slot(0):
            under_way += 1
            most = max(most, under_way)
            if most == 3:
                gate.set()
            await gate.wait()
            under_way -= 1

    await asyncio.gather(*(one() for _ in range(20)))
    assert most == 3


@pytest.mark.parametrize("when", ["waiting", "chosen"])
async def test_whoever_is_cancelled_takes_no_turn_from_the_others(when: str) -> None:
    pacer = Pacer(rate=100_000, in_flight=1)
    async with pacer.slot(0):
        gone = asyncio.create_task(begin_all(pacer, [0]))
        stays = asyncio.create_task(begin_all(pacer, [1]))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        if when == "waiting":
            gone.cancel()
    gone.cancel()
    with suppress(asyncio.CancelledError):
        await gone
    async with asyncio.timeout(5):
        assert len(await stays) == 1
        assert len(await begin_all(pacer, [0, 0, 0])) == 3


async def test_an_error_inside_gives_the_turn_back() -> None:
    pacer = Pacer(rate=100_000, in_flight=1)
    for _ in range(3):
        with pytest.raises(ValueError, match="no"):
            async with pacer.slot(0):
                raise ValueError("no")


async def test_a_pause_holds_all_back() -> None:
    pacer = Pacer(rate=1_000, in_flight=9)
    waiting = asyncio.create_task(begin_all(pacer, [0, 0]))
    pacer.pause(0.1)
    before = time.perf_counter()
    begun = await waiting
    assert min(at for _, at in begun) - before >= 0.1 - TOLERANCE


async def test_only_the_request_is_timed_not_the_wait_for_a_turn() -> None:
    pacer = Pacer(rate=100_000, in_flight=1, request_seconds=0.05)
    pacer.pause(0.2)
    assert len(await begin_all(pacer, [0])) == 1
    with pytest.raises(TimeoutError):
        async with pacer.slot(0):
            await asyncio.get_running_loop().create_future()
    assert len(await begin_all(pacer, [0])) == 1
