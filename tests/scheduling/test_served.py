"""An older copy of the database is told from the one that was served last; a process that may not send any more begins nothing."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.scheduling.outbox import Unknown
from bot.scheduling.pacing import NotServingError, Pacer, check_turn
from bot.scheduling.partition import Partition
from bot.scheduling.served import Served
from bot.scheduling.settling import Patience, mark_for
from tests.scheduling.outboxes import FakeDiscord, ScriptedOutbox, a_loop, settled
from tests.support.clocks import NOON, ManualClock
from tests.support.databases import Store, a_delivery, a_member


async def test_what_was_served_last_is_known_again(store: Store, tmp_path: Path) -> None:
    served = Served(store.leases, tmp_path / "served")
    assert not await served.is_other()  # new, and nothing beside it
    for _ in range(3):
        await served.turn()
        assert not await served.is_other()


async def test_an_older_copy_is_another(store: Store, tmp_path: Path) -> None:
    served = Served(store.leases, tmp_path / "served")
    await served.turn()
    older = await store.leases.token()
    assert older is not None
    await served.turn()
    await store.leases.set_token(older)  # as the copy has it
    assert await served.is_other()


@pytest.mark.parametrize("kept", [None, b"", b"\xff\xfe", b"something else"])
async def test_without_its_file_or_with_another_it_is_another(store: Store, tmp_path: Path, kept: bytes | None) -> None:
    path = tmp_path / "served"
    served = Served(store.leases, path)
    await served.turn()
    path.unlink()
    if kept is not None:
        path.write_bytes(kept)
    assert await served.is_other()


async def test_a_doubt_outlives_the_process_that_had_it(store: Store, tmp_path: Path) -> None:
    await Served(store.leases, tmp_path / "served").turn()
    await store.leases.set_token("older")
    for later in range(3):  # each process turns the token, and may end before it has looked for anything
        served = Served(store.leases, tmp_path / "served")
        assert await served.doubted_until(NOON + timedelta(hours=later)) == NOON
        await served.turn()


@pytest.mark.parametrize("is_restored", [False, True])
async def test_what_a_restored_copy_holds_as_due_is_looked_for_first(store: Store, tmp_path: Path, *, is_restored: bool) -> None:
    clock = ManualClock()
    await store.members.save(a_member())
    served = Served(store.leases, tmp_path / "served")
    await served.turn()
    if is_restored:
        await store.leases.set_token("older")
    discord = FakeDiscord(clock)
    delivery = a_delivery()
    discord.take(delivery.id)  # it was sent after the copy was made
    clock.advance(timedelta(minutes=10))  # and Discord has forgotten its nonce
    await store.deliveries.add(delivery)
    outbox = ScriptedOutbox(discord)
    loop = a_loop(store, clock, outbox)
    loop._served = served
    await loop.hold_partition()
    await loop.tick()
    await settled(store, [delivery.id])
    await loop.stop()
    assert [what for what, _ in outbox.requests] == (["find"] if is_restored else ["send"])


async def test_a_process_that_may_not_send_any_more_begins_nothing() -> None:
    pacer = Pacer(rate=100_000)
    async with pacer.slot(1):
        check_turn()
        pacer.may_begin = lambda: False
        with pytest.raises(NotServingError):
            check_turn()  # a library that tries again by itself is stopped too
    with pytest.raises(NotServingError):
        async with pacer.slot(1):
            pytest.fail("it began")
    check_turn()  # what is no bulk sending is not asked
    pacer.may_begin = lambda: True
    async with pacer.slot(1):  # the place was given back
        pass


async def test_a_lease_that_ran_out_unseen_is_not_sure(store: Store) -> None:
    partition = Partition(store.leases, "one", 30.0)
    assert not partition.is_sure
    await partition.hold()
    assert partition.is_sure
    assert partition._renewed is not None
    partition._renewed -= 31.0  # the process stood still for so long
    assert partition.is_held
    assert not partition.is_sure
    await partition.release()


async def test_a_clock_set_back_meanwhile_is_read_back_from_there(store: Store) -> None:
    await store.members.save(a_member())
    delivery = a_delivery()
    await store.deliveries.add(delivery)
    (claimed,) = await store.deliveries.claim_due(NOON, 1, "me", 60)
    ended = NOON - timedelta(minutes=30)
    await store.deliveries.mark("me", [mark_for(claimed, Unknown("the connection broke"), ended, Patience())])
    found = await store.deliveries.get(delivery.id)
    assert found is not None
    assert found.first_tried_at == ended
