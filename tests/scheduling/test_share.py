"""Shards and partitions over several processes: who holds what, who takes over, and that nothing goes out twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.clock import Clock
from bot.domain.delivery import DeliveryState
from bot.domain.shards import ALL_PARTITIONS, Shards, divide, fair_share, partition_of, read_shards
from bot.errors import StartError
from bot.scheduling.due_loop import DueLoop
from bot.scheduling.partition import Partition
from bot.scheduling.share import Share
from bot.storage.shares import OtherCountError, ShareRepository
from tests.scheduling.outboxes import FakeDiscord, ScriptedOutbox, Step, a_loop, settled
from tests.support.clocks import NOON, ManualClock
from tests.support.databases import Store, a_delivery, a_member, a_reminder
from tests.support.waiting import wait_for

FIRST, SECOND = Shards(0, 1, 4), Shards(2, 3, 4)


def shares_of(store: Store, *dead: str) -> ShareRepository:
    return ShareRepository(store.database, lambda owner: owner in dead)


@pytest.mark.parametrize(("text", "numbers"), [("0-3", [0, 1, 2, 3]), ("2", [2]), (" 1 - 2 ", [1, 2]), ("3-3", [3])])
def test_a_range_of_shards_is_read(text: str, numbers: list[int]) -> None:
    assert list(read_shards(text, 4).numbers) == numbers


@pytest.mark.parametrize("text", ["", "-", "0-", "-1", "0-4", "4", "3-2", "0..3", "0,1", "a", "0-1-2", "²", "1e1", "99999"])
def test_what_is_no_range_of_them_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"range|of 4 shards"):
        read_shards(text, 4)


@pytest.mark.parametrize("processes", [1, 2, 3, 5, 16, 20])
def test_partitions_are_shared_out_to_the_last(processes: int) -> None:
    held: list[frozenset[int]] = [ALL_PARTITIONS, *([frozenset[int]()] * (processes - 1))]
    for _ in range(3):  # each looks in turn, again and again
        for number in range(processes):
            free = ALL_PARTITIONS.difference(*held)
            taken, given = divide(held[number], free, processes)
            held[number] = (held[number] | taken) - given
    assert sorted(each for mine in held for each in mine) == sorted(ALL_PARTITIONS)
    assert max(map(len, held)) == fair_share(processes)


async def test_each_process_holds_its_shards_and_a_share_of_the_partitions(store: Store) -> None:
    shares = shares_of(store)
    one = await shares.begin("one", FIRST, 30)
    assert one is not None
    assert one.partitions == ALL_PARTITIONS
    two = await shares.begin("two", SECOND, 30)
    assert two is not None
    assert two.partitions == frozenset()  # nothing is taken from one that may be sending
    assert await shares.begin("three", Shards(1, 2, 4), 30) is None
    one = await shares.keep("one", FIRST, 30, busy={15})
    assert one is not None
    assert (one.partitions, one.leaving) == (frozenset({*range(8), 15}), {15})
    two = await shares.keep("two", SECOND, 30, busy=())
    assert two is not None
    assert two.partitions == frozenset(range(8, 15))
    one = await shares.keep("one", FIRST, 30, busy=())
    assert one is not None
    assert one.partitions == frozenset(range(8))
    two = await shares.keep("two", SECOND, 30, busy=())
    assert two is not None
    assert two.partitions == frozenset(range(8, 16))
    await shares.end("one")
    two = await shares.keep("two", SECOND, 30, busy=())
    assert two is not None
    assert two.partitions == ALL_PARTITIONS


async def test_what_a_process_that_stood_still_held_is_taken_and_it_learns_that_it_is_lost(store: Store) -> None:
    shares = shares_of(store)
    assert await shares.begin("one", FIRST, -1)  # its lease has ended as it begins
    await store.deliveries.add(a_delivery("a", member_id=None))
    await store.deliveries.add(a_delivery("b", member_id=None))
    claimed = await store.deliveries.claim_due(NOON, 1, "one", 60)
    assert len(await store.deliveries.claim_due(NOON, 1, "two", 60)) == 1
    two = await shares.begin("two", SECOND, 30)
    assert two is not None
    assert (two.partitions, two.freed) == (ALL_PARTITIONS, 1)
    assert (await store.deliveries.get(claimed[0].id)).state is DeliveryState.PENDING  # type: ignore[union-attr]
    assert await shares.keep("one", FIRST, 30, busy=()) is None
    assert len(await store.deliveries.claim_due(NOON, 5, "three", 60)) == 1  # what the living one holds it keeps


async def test_a_dead_process_of_this_host_is_not_waited_for(store: Store) -> None:
    shares = shares_of(store, "one")
    assert await shares_of(store).begin("one", FIRST, 3_600)
    two = await shares.begin("two", FIRST, 30)
    assert two is not None
    assert two.partitions == ALL_PARTITIONS


async def test_processes_that_count_otherwise_do_not_meet(store: Store) -> None:
    shares = shares_of(store)
    assert await shares.begin("one", FIRST, 30)
    with pytest.raises(OtherCountError):
        await shares.begin("two", Shards(0, 0, 2), 30)
    with pytest.raises(StartError, match="counts 4 shards") as caught:
        await Share(store.database, "three", 1, Shards(1, 1, 2)).hold()
    assert "one count" in caught.value.what_to_do
    with pytest.raises(StartError, match="each some of the shards"):
        await Partition(store.leases, "four", 1).hold()
    assert await store.leases.holder("all") is None
    await shares.end("one")
    alone = Partition(store.leases, "four", 1)
    await alone.hold()
    with pytest.raises(StartError, match="serves it alone"):
        await Share(store.database, "five", 1, FIRST).hold()
    await alone.release()
    share = Share(store.database, "five", 1, FIRST)
    await share.hold()
    await share.release()


async def test_rows_are_taken_by_the_partition_that_is_reckoned(store: Store) -> None:
    people = [1100000000000000031, 1, 2**22, 2**62 - 1, *(1200000000000000000 + number * 4_194_303 for number in range(20))]
    for person in people:
        await store.members.save(a_member(person))
        await store.deliveries.add(a_delivery(str(person), member_id=person))
        await store.reminders.add(a_reminder(person))
    await store.deliveries.add(a_delivery("channel", member_id=None, channel_id=77))
    for part in sorted(ALL_PARTITIONS):
        mine = [person for person in people if partition_of(person) == part]
        assert await store.deliveries.fall_due(NOON, parts={part}) == len(mine)
        claimed = await store.deliveries.claim_due(NOON, 500, "me", 60, parts={part})
        wanted = sorted([*mine, *mine, *([77] if partition_of(77) == part else [])])
        assert sorted(int(each.recipient.partition(":")[2]) if each.channel_id is None else each.channel_id for each in claimed) == wanted
    assert await store.deliveries.claim_due(NOON, 500, "me", 60) == []
    assert await store.deliveries.claim_due(NOON, 500, "me", 60, parts=()) == []


async def test_the_next_due_is_that_of_ones_own_partitions(store: Store) -> None:
    await store.members.save(a_member())
    await store.deliveries.add(a_delivery("a"))
    await store.reminders.add(a_reminder())
    mine = partition_of(a_member().id)
    assert await store.deliveries.next_due(parts={mine}) == NOON
    assert await store.deliveries.next_due(parts=ALL_PARTITIONS - {mine}) is None


def a_sharing_loop(store: Store, clock: Clock, outbox: ScriptedOutbox, shards: Shards, **lengths: Any) -> DueLoop:
    loop = a_loop(store, clock, outbox, owner=f"process of {shards.name}", **lengths)
    seconds = loop.settings.partition_lease_seconds
    loop = DueLoop(
        store.deliveries,
        store.leases,
        clock,
        loop._pacer,
        settings=loop.settings,
        partition=Share(store.database, loop.settings.owner, seconds, shards),
    )
    loop.attach(outbox)
    return loop


@asynccontextmanager
async def running(*loops: DueLoop) -> AsyncIterator[None]:
    try:
        for loop in loops:
            await loop.hold_partition()
            await loop.start()
        yield
    finally:
        for loop in loops:
            await loop.stop()


async def many(store: Store, count: int = 60) -> list[str]:
    made = [a_delivery(str(number), member_id=1200000000000000000 + number) for number in range(count)]
    for number, each in enumerate(made):
        await store.members.save(a_member(1200000000000000000 + number))
        await store.deliveries.add(each)
    return [each.id for each in made]


async def test_two_processes_send_each_delivery_once_and_each_its_own(store: Store, clock: ManualClock, discord: FakeDiscord) -> None:
    outboxes = [ScriptedOutbox(discord), ScriptedOutbox(discord)]
    # Who hears nothing of the other one looks at a third of its lease.
    loops = [
        a_sharing_loop(store, clock, outbox, shards, partition_lease_seconds=3.0)
        for outbox, shards in zip(outboxes, (FIRST, SECOND), strict=True)
    ]
    async with running(*loops):
        await wait_for(lambda: [len(loop.partition.parts or ()) for loop in loops] == [8, 8])
        ids = await many(store)
        for loop in loops:
            loop.wake()
        assert set((await settled(store, ids)).values()) == {"sent"}
    assert discord.counts() == dict.fromkeys(ids, 1)
    assert all(outbox.requests for outbox in outboxes)


async def test_what_a_killed_process_had_in_hand_the_other_one_sends(store: Store, clock: ManualClock, discord: FakeDiscord) -> None:
    hanging, well = ScriptedOutbox(discord, choose=lambda _: Step.HANG_BEFORE), ScriptedOutbox(discord)
    ids = await many(store)
    dead = a_sharing_loop(store, clock, hanging, FIRST)
    await dead.hold_partition()
    await dead.start()
    await wait_for(lambda: hanging.under_way > 0)
    await dead.partition.let_go()  # it renews no more, as if it had been killed; its rows stay claimed for a minute and more
    async with running(loop := a_sharing_loop(store, clock, well, SECOND)):
        assert set((await settled(store, ids)).values()) == {"sent"}
        assert loop.partition.parts == ALL_PARTITIONS
    dead._stopping = True
    for task in tuple(dead._in_hand.values()):
        task.cancel()
    await dead.stop()
    assert discord.counts() == dict.fromkeys(ids, 1)


async def test_one_waits_for_what_is_in_hand_before_it_gives_a_partition_up(store: Store, clock: ManualClock, discord: FakeDiscord) -> None:
    hang = {"on": True}
    slow = ScriptedOutbox(discord, choose=lambda _: Step.HANG_AFTER if hang["on"] else Step.SENT)
    first = a_sharing_loop(store, clock, slow, FIRST, partition_lease_seconds=3.0)
    async with running(first):
        await many(store, 50)
        first.wake()
        await wait_for(lambda: slow.under_way == 50)
        second = a_sharing_loop(store, clock, ScriptedOutbox(discord), SECOND, partition_lease_seconds=3.0)
        await second.hold_partition()
        assert isinstance(first.partition, Share)
        first.partition.look()
        await wait_for(lambda: len(first.partition.parts or ()) == 8)
        held = {row for row in ALL_PARTITIONS if await store.leases.holder(f"send/{row:02}") == first.settings.owner}
        assert held == ALL_PARTITIONS  # claims nothing of them any more, and no other one does yet
        await second.stop()
        for task in tuple(first._in_hand.values()):
            task.cancel()


async def test_the_same_shards_twice_stand_by_and_take_over(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    one = Share(store.database, "one", 0.6, FIRST)
    two = Share(store.database, "two", 0.6, Shards(1, 1, 4))
    await one.hold()
    waiting = asyncio.create_task(two.hold())
    await wait_for(lambda: two.stands_by)
    assert "standing by" in caplog.text
    await one.release()
    async with asyncio.timeout(5):
        await waiting
    assert two.is_held
    await two.release()
    assert await shares_of(store).begin("three", FIRST, 1)
