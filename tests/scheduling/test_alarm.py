"""The alarm rings when asked, when the clock is moved, and when product time comes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.clock import SystemClock
from bot.scheduling.alarm import Alarm
from tests.support.clocks import ManualClock


async def rings(alarm: Alarm, seconds: float = 5.0) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await alarm.wait()
    except TimeoutError:
        return False
    return True


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def alarm(clock: ManualClock) -> AsyncIterator[Alarm]:
    made = Alarm(clock)
    made.start()
    assert await rings(made)  # at the start
    yield made
    made.stop()


async def test_it_rings_when_asked_and_once(alarm: Alarm) -> None:
    alarm.ring()
    alarm.ring()
    assert await rings(alarm)
    assert not await rings(alarm, 0.02)


async def test_it_rings_when_the_clock_is_moved_until_it_stops(alarm: Alarm, clock: ManualClock) -> None:
    clock.advance(timedelta(hours=1))
    assert await rings(alarm)
    alarm.stop()
    clock.advance(timedelta(hours=1))
    assert not await rings(alarm, 0.02)


async def test_it_rings_when_something_is_due(alarm: Alarm, clock: ManualClock) -> None:
    alarm.ring_at(clock.now() + timedelta(seconds=0.1))
    assert not await rings(alarm, 0.02)
    assert await rings(alarm)


async def test_what_is_past_rings_at_once_and_the_last_time_told_counts(alarm: Alarm, clock: ManualClock) -> None:
    alarm.ring_at(clock.now() + timedelta(seconds=0.2))
    alarm.ring_at(clock.now() - timedelta(days=1))
    assert await rings(alarm)
    assert not await rings(alarm, 0.3)


async def test_nothing_due_rings_nothing(alarm: Alarm, clock: ManualClock) -> None:
    alarm.ring_at(None)
    alarm.ring_at(clock.now() + timedelta(seconds=0.1))
    alarm.ring_at(None)
    alarm.ring_at(clock.now() + timedelta(days=4_000))
    assert not await rings(alarm, 0.2)


async def test_one_that_never_started_may_be_told_and_stopped() -> None:
    alarm = Alarm(SystemClock())
    alarm.ring_at(SystemClock().now())
    alarm.stop()
    assert not await rings(alarm, 0.02)
