"""The due loop over real databases, with an Outbox whose outcomes are written by the test."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.delivery import Delivery, DeliveryState, Priority
from bot.scheduling import marks, settling
from bot.scheduling.due_loop import CANNOT_BE_READ, EXPIRED
from bot.scheduling.pacing import Pacer
from bot.scheduling.settling import GAVE_UP, Patience
from bot.storage.tables import delivery as deliveries
from bot.storage.tables import reminder as reminders
from tests.scheduling.outboxes import FakeDiscord, ScriptedOutbox, Step, a_loop, add, get, once, settled
from tests.support.clocks import NOON, ManualClock
from tests.support.databases import AMIRA, DIEGO, Store, a_delivery, a_member, a_reminder
from tests.support.waiting import wait_for

pytestmark = pytest.mark.usefixtures("no_waiting")
MINUTE = timedelta(minutes=1)


# --- many


async def test_five_hundred_due_at_once_are_each_sent_once(
    store: Store, clock: ManualClock, discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "LONGEST_SECONDS", 0.1)
    await store.members.save(a_member())
    for _ in range(500):
        await store.reminders.add(a_reminder(due=NOON + MINUTE))
    loop = a_loop(store, clock, ScriptedOutbox(discord), stop_seconds=20.0)
    told: list[datetime | None] = []
    loop.on_next_due = told.append
    await loop.start()
    await loop.hold_partition()
    await wait_for(lambda: told == [NOON + MINUTE])
    assert discord.counts() == {}
    clock.advance(MINUTE)
    await wait_for(lambda: len(discord.counts()) == 500, 20)
    await wait_for(lambda: told == [NOON + MINUTE, None])
    await loop.stop()
    assert set(discord.counts().values()) == {1}
    async with store.database.read() as connection:
        states = (await connection.execute(sa.select(deliveries.c.state).distinct())).scalars().all()
    assert states == ["sent"]


async def test_a_fifth_is_put_off_and_sent_later(store: Store, clock: ManualClock, discord: FakeDiscord) -> None:
    ids = await add(store, 100)
    put_off = set(ids[::5])

    def choose(delivery: Delivery) -> Step:
        return Step.PASSING if delivery.id in put_off and delivery.attempts == 0 else Step.SENT

    loop = a_loop(store, clock, ScriptedOutbox(discord, choose=choose))
    await once(loop)
    assert set(discord.counts()) == set(ids) - put_off
    clock.advance(timedelta(seconds=1))
    await once(loop)
    assert discord.counts() == dict.fromkeys(ids, 1)
    assert {(await get(store, each)).attempts for each in put_off} == {2}


# --- outcomes


async def test_refused_is_parked_and_told(store: Store, clock: ManualClock, discord: FakeDiscord) -> None:
    await store.members.save(a_member())
    await store.deliveries.add(a_delivery())
    loop = a_loop(store, clock, ScriptedOutbox(discord, [Step.REFUSED]))
    told: list[int] = []
    loop.on_parked = told.append
    await once(loop)
    (waiting,) = await store.deliveries.parked_for(AMIRA, 9)
    assert (waiting.reason, told) == ("closed", [AMIRA])
    clock.advance(60 * MINUTE)
    await once(loop)
    assert discord.counts() == {}


async def test_a_passing_error_that_does_not_pass_is_parked_in_the_end(store: Store, clock: ManualClock, discord: FakeDiscord) -> None:
    (delivery_id,) = await add(store, 1)
    loop = a_loop(store, clock, ScriptedOutbox(discord, [Step.RAISE] * 9), patience=Patience(attempts=3))
    for _ in range(4):
        await once(loop)
        clock.advance(2 * MINUTE)
    found = await get(store, delivery_id)
    assert (found.state, found.reason, found.attempts) == (DeliveryState.PARKED, GAVE_UP, 3)


async def test_what_expired_is_parked_unless_it_had_arrived(store: Store, clock: ManualClock, discord: FakeDiscord) -> None:
    never, arrived = await add(store, 2, expires_at=NOON + 5 * MINUTE)
    loop = a_loop(store, clock, ScriptedOutbox(discord, choose=lambda each: Step.LOST_AFTER if each.id == arrived else Step.LOST_BEFORE))
    await once(loop)
    clock.advance(5 * MINUTE)
    await once(loop)
    assert ((await get(store, never)).reason, (await get(store, arrived)).state) == (EXPIRED, DeliveryState.SENT)
    assert discord.counts() == {arrived: 1}


async def test_what_cannot_be_read_is_parked_and_the_others_are_sent(
    store: Store, clock: ManualClock, discord: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    for person in (AMIRA, DIEGO):
        await store.members.save(a_member(person))
    damaged, whole, broken = a_reminder(), a_reminder(DIEGO), a_delivery(member_id=DIEGO)
    await store.reminders.add(damaged)
    await store.reminders.add(whole)
    await store.deliveries.add(broken)
    async with store.database.write() as connection:
        await connection.execute(sa.update(reminders).where(reminders.c.id == damaged.id).values(blob=b"x"))
        await connection.execute(sa.update(deliveries).values(payload=b"x"))
    loop = a_loop(store, clock, ScriptedOutbox(discord))
    told: list[int] = []
    loop.on_parked = told.append
    for _ in range(3):
        await once(loop)
        clock.advance(5 * MINUTE)
    assert sorted(told) == [AMIRA, DIEGO]
    assert [each.reason for each in await store.deliveries.parked_for(AMIRA, 9)] == [CANNOT_BE_READ]
    assert len(discord.counts()) == 1
    assert caplog.text.count(f"delivery {broken.id} can't be read") == 1


def test_the_wait_doubles_up_to_a_minute() -> None:
    for attempts, longest in ((1, 2), (2, 4), (5, 32), (6, 60), (50, 60)):
        waits = [settling.backoff_seconds(attempts) for _ in range(50)]
        assert longest / 2 <= min(waits) <= max(waits) <= longest


# --- order


async def test_the_urgent_overtake_what_is_claimed_already(store: Store, clock: ManualClock, discord: FakeDiscord) -> None:
    bulk = await add(store, 30, priority=Priority.BULK)
    pacer = Pacer(rate=1_000, in_flight=1)
    loop = a_loop(store, clock, ScriptedOutbox(discord), pacer=pacer, claim_seconds=0.03)
    loop.partition.is_held = True
    urgent = [replace(a_delivery(f"urgent {number}", member_id=None), priority=Priority.URGENT) for number in range(3)]
    async with pacer.slot(Priority.INTERACTIVE):  # something is under way
        await loop.tick()  # as many as the hands hold
        for each in urgent:
            await store.deliveries.add(each)
        await loop.tick()
        await wait_for(lambda: len(pacer._waiting) == 33)
    await loop.settle_all()
    assert set(discord.order()[:3]) == {each.id for each in urgent}
    assert discord.counts() == dict.fromkeys([*bulk, *(each.id for each in urgent)], 1)


async def test_what_falls_due_while_much_waits_is_awaited(store: Store, clock: ManualClock, discord: FakeDiscord) -> None:
    await add(store, 30, priority=Priority.BULK)
    await store.deliveries.add(a_delivery("soon", clock.now() + MINUTE, member_id=None))
    pacer = Pacer(rate=1_000, in_flight=1)
    loop = a_loop(store, clock, ScriptedOutbox(discord), pacer=pacer, claim_seconds=0.01)
    loop.partition.is_held = True
    told: list[datetime | None] = []
    loop.on_next_due = told.append
    async with pacer.slot(Priority.INTERACTIVE):  # the hands are full, and 20 of them wait in the table
        await loop.tick()
    await loop.settle_all()
    assert told == [clock.now() + MINUTE]


# --- two processes


async def test_one_sends_and_the_other_takes_over_when_it_ends(
    store: Store, clock: ManualClock, discord: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = (a_loop(store, clock, ScriptedOutbox(discord), owner) for owner in ("one", "two"))
    for loop in (first, second):
        await loop.start()
    await first.hold_partition()
    holding = asyncio.create_task(second.hold_partition())
    await wait_for(lambda: "standing by" in caplog.text)
    ids = await add(store, 20)
    first.wake()
    second.wake()
    await settled(store, ids)
    assert second._outbox.requests == []  # type: ignore[union-attr]
    await first.stop()
    async with asyncio.timeout(5):
        await holding
    (later,) = [a_delivery("later", member_id=None)]
    await store.deliveries.add(later)
    second.wake()
    await settled(store, [later.id])
    await second.stop()
    assert discord.counts() == dict.fromkeys([*ids, later.id], 1)
    assert caplog.text.count("standing by") == 1


async def test_a_process_that_lost_its_lease_sends_no_more_and_the_other_goes_on(
    store: Store, clock: ManualClock, discord: FakeDiscord
) -> None:
    stuck = ScriptedOutbox(discord, [Step.HANG_AFTER, Step.HANG_BEFORE])
    first, second = (
        a_loop(store, clock, stuck, "one", pacer=Pacer(rate=100_000, in_flight=2)),
        a_loop(store, clock, ScriptedOutbox(discord), "two"),
    )
    await first.hold_partition()
    ids = await add(store, 5)
    await first.tick()
    await wait_for(lambda: stuck.under_way == 2)
    await store.leases.release("all", "one")  # as if it had slept past its lease's end
    await second.hold_partition()
    async with asyncio.timeout(5):
        await first.partition.lost.wait()
    assert not first.partition.is_held
    assert await first.deliver(ids[0]) is DeliveryState.PENDING
    await once(second)
    await first.stop()
    await second.stop()
    assert await settled(store, ids) == dict.fromkeys(ids, "sent")
    assert discord.counts() == dict.fromkeys(ids, 1)
    assert len(stuck.requests) == 2


# --- errors of this side


async def test_the_loop_begins_again_after_an_error(
    store: Store, clock: ManualClock, discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A locked database, a full disk: logged, tried again, and what was sent before the mark failed is not sent again."""
    words = ["database is locked", "database or disk is full", "database is locked"]

    @sa.event.listens_for(store.database.engine.sync_engine, "before_cursor_execute")
    def refuse(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if words and statement.startswith(("UPDATE delivery", "SELECT reminder")):
            raise OSError(words.pop())

    loop = a_loop(store, clock, ScriptedOutbox(discord))
    await loop.start()
    ids = await add(store, 10)
    await loop.hold_partition()
    assert await settled(store, ids) == dict.fromkeys(ids, "sent")
    words.append("database is locked")
    more = a_delivery("more", member_id=None)
    await store.deliveries.add(more)
    loop.wake()
    await settled(store, [more.id])
    await loop.stop()
    assert discord.counts() == dict.fromkeys([*ids, more.id], 1)
    assert "the due loop failed; it begins again" in caplog.text


async def test_a_mark_that_fails_is_written_later_and_nothing_is_sent_twice(
    store: Store, clock: ManualClock, discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failures = store.deliveries.mark, [1, 2, 3]

    async def mark(owner: str, group: Sequence[Any]) -> set[str]:
        if failures:
            failures.pop()
            raise OSError("database or disk is full")
        return await real(owner, group)

    monkeypatch.setattr(store.deliveries, "mark", mark)
    ids = await add(store, 10)
    await once(a_loop(store, clock, ScriptedOutbox(discord)))
    assert (await settled(store, ids), failures) == (dict.fromkeys(ids, "sent"), [])
    assert discord.counts() == dict.fromkeys(ids, 1)


# --- the end


async def test_the_end_finishes_what_it_can_and_gives_the_rest_back(store: Store, clock: ManualClock, discord: FakeDiscord) -> None:
    stuck, *others = await add(store, 5)
    loop = a_loop(store, clock, ScriptedOutbox(discord, choose=lambda each: Step.HANG_AFTER if each.id == stuck else Step.SENT))
    await loop.start()
    await loop.hold_partition()
    await settled(store, others)
    await loop.stop()
    await loop.stop()  # the client ends it, and the house once more
    assert (await get(store, stuck)).state is DeliveryState.PENDING
    assert await store.leases.holder("all") is None
    await once(a_loop(store, clock, ScriptedOutbox(discord), "two"))
    assert discord.counts() == dict.fromkeys([stuck, *others], 1)


async def test_the_end_does_not_wait_for_a_database_that_does_not_answer(
    sqlite_store: Store, clock: ManualClock, discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await add(sqlite_store, 3)

    async def never(*_arguments: Any) -> set[str]:
        return await asyncio.get_running_loop().create_future()

    monkeypatch.setattr(sqlite_store.deliveries, "mark", never)
    loop = a_loop(sqlite_store, clock, ScriptedOutbox(discord))
    await loop.start()
    await loop.hold_partition()
    await wait_for(lambda: len(discord.counts()) == 3)
    async with asyncio.timeout(5):
        await loop.stop()
    assert "could not give back" in caplog.text
    assert not loop.partition.is_held


# --- one now


async def test_one_is_sent_now_ahead_of_all_others(store: Store, clock: ManualClock, discord: FakeDiscord) -> None:
    ids = await add(store, 9, priority=Priority.BULK)
    loop = a_loop(store, clock, ScriptedOutbox(discord))
    loop.partition.is_held = True
    assert await loop.deliver(ids[4]) is DeliveryState.SENT
    assert discord.order() == [ids[4]]
    assert await loop.deliver(ids[4]) is DeliveryState.SENT
    assert await loop.deliver("no such delivery") is DeliveryState.CANCELLED
    assert discord.order() == [ids[4]]


async def test_one_now_says_where_it_stands(store: Store, clock: ManualClock, discord: FakeDiscord) -> None:
    refused, put_off, slow = await add(store, 3)
    steps = {refused: Step.REFUSED, put_off: Step.PASSING, slow: Step.HANG_BEFORE}
    loop = a_loop(store, clock, ScriptedOutbox(discord, choose=lambda each: steps[each.id]), deliver_seconds=0.05)
    loop.partition.is_held = True
    assert await loop.deliver(refused) is DeliveryState.PARKED
    assert await loop.deliver(put_off) is DeliveryState.PENDING
    assert await loop.deliver(slow) is DeliveryState.CLAIMED
    await loop.stop()


async def test_without_anyone_who_sends_it_stays_pending(store: Store, clock: ManualClock, discord: FakeDiscord) -> None:
    (delivery_id,) = await add(store, 1)
    loop = a_loop(store, clock, None)
    assert await loop.deliver(delivery_id) is DeliveryState.PENDING
    await once(loop)
    assert (await get(store, delivery_id)).state is DeliveryState.PENDING
    loop.attach(ScriptedOutbox(discord))
    await once(loop)
    assert discord.counts() == {delivery_id: 1}


async def test_one_now_that_the_loop_has_just_claimed_is_waited_for(store: Store, clock: ManualClock, discord: FakeDiscord) -> None:
    (delivery_id,) = await add(store, 1)
    loop = a_loop(store, clock, ScriptedOutbox(discord))
    loop.partition.is_held = True
    claimed, goes_on = asyncio.Event(), asyncio.Event()

    async def before_sending(_claimed: object) -> None:
        claimed.set()
        await goes_on.wait()

    loop._before_sending = before_sending  # type: ignore[method-assign]
    ticking = asyncio.create_task(loop.tick())
    await claimed.wait()
    asked = asyncio.create_task(loop.deliver(delivery_id))
    await asyncio.wait({asked}, timeout=0.3)  # it has every chance to give up too early
    goes_on.set()
    assert await asked is DeliveryState.SENT
    await ticking


# --- how it shows whether it is well


async def test_a_look_that_fails_does_not_count_as_one(
    store: Store, clock: ManualClock, discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = a_loop(store, clock, ScriptedOutbox(discord))
    loop.partition.is_held = True
    loop._last_tick -= 1_000
    with monkeypatch.context() as away:
        away.setattr(store.deliveries, "fall_due", away_now)
        with pytest.raises(ConnectionError):
            await loop.tick()
    assert loop.age() >= 1_000
    await loop.tick()
    assert loop.age() < 100


async def away_now(*_arguments: object, **_named: object) -> int:
    raise ConnectionError
