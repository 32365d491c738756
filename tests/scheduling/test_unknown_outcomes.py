"""What is done about an attempt whose outcome is unknown: the same nonce while Discord knows it, then a look into the channel."""

from datetime import timedelta

import pytest

from bot.domain.delivery import DeliveryState, Priority
from bot.scheduling.pacing import Pacer
from tests.scheduling.outboxes import FakeDiscord, ScriptedOutbox, Step, a_loop, add, get, once
from tests.support.clocks import ManualClock
from tests.support.databases import Store
from tests.support.waiting import wait_for

pytestmark = pytest.mark.usefixtures("no_waiting")
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("step", [Step.LOST_AFTER, Step.LOST_BEFORE])
async def test_unknown_is_tried_again_under_the_same_nonce_while_it_is_remembered(
    store: Store, clock: ManualClock, discord: FakeDiscord, step: Step
) -> None:
    (delivery_id,) = await add(store, 1)
    outbox = ScriptedOutbox(discord, [step])
    loop = a_loop(store, clock, outbox)
    await once(loop)
    clock.advance(2 * MINUTE)
    await once(loop)
    assert outbox.requests == [("send", delivery_id), ("send", delivery_id)]
    assert discord.counts() == {delivery_id: 1}
    assert (await get(store, delivery_id)).message_id == 1


@pytest.mark.parametrize(("step", "requests"), [(Step.LOST_AFTER, ["send", "find"]), (Step.LOST_BEFORE, ["send", "find", "send"])])
async def test_unknown_is_looked_for_first_when_the_nonce_is_forgotten(
    store: Store, clock: ManualClock, discord: FakeDiscord, step: Step, requests: list[str]
) -> None:
    (delivery_id,) = await add(store, 1)
    outbox = ScriptedOutbox(discord, [step])
    loop = a_loop(store, clock, outbox)
    await once(loop)
    clock.advance(3 * MINUTE + timedelta(seconds=1))
    await once(loop)
    assert [kind for kind, _ in outbox.requests] == requests
    assert discord.counts() == {delivery_id: 1}
    assert (await get(store, delivery_id)).state is DeliveryState.SENT


@pytest.mark.parametrize(("step", "requests"), [(Step.LOST_AFTER, ["send", "find"]), (Step.LOST_BEFORE, ["send", "find", "send"])])
async def test_a_nonce_that_was_forgotten_while_it_waited_for_its_turn_is_not_trusted(
    store: Store, clock: ManualClock, discord: FakeDiscord, step: Step, requests: list[str]
) -> None:
    (delivery_id,) = await add(store, 1)
    outbox, pacer = ScriptedOutbox(discord, [step]), Pacer(rate=1_000, in_flight=1)
    loop = a_loop(store, clock, outbox, pacer=pacer)
    await once(loop)
    clock.advance(2 * MINUTE)
    async with pacer.slot(Priority.INTERACTIVE):  # the second attempt begins now, and has to wait
        await loop.tick()
        await wait_for(lambda: len(pacer._waiting) == 1)
        clock.advance(10 * MINUTE)
    await loop.settle_all()
    clock.advance(2 * MINUTE)
    await once(loop)
    assert [kind for kind, _ in outbox.requests] == requests
    assert discord.counts() == {delivery_id: 1}


async def test_what_was_sent_while_the_clock_was_set_back_is_found_from_there(
    store: Store, clock: ManualClock, discord: FakeDiscord
) -> None:
    (delivery_id,) = await add(store, 1)
    pacer = Pacer(rate=1_000, in_flight=1)
    loop = a_loop(store, clock, outbox := ScriptedOutbox(discord, [Step.LOST_AFTER]), pacer=pacer)
    loop.partition.is_held = True
    started = clock.now()
    async with pacer.slot(Priority.INTERACTIVE):
        await loop.tick()
        await wait_for(lambda: len(pacer._waiting) == 1)
        clock.move_to(started - 30 * MINUTE)
    await wait_for(lambda: outbox.requests)
    clock.move_to(started + MINUTE)  # set right again before its outcome was marked
    await loop.settle_all()
    found = await get(store, delivery_id)
    assert found.first_tried_at == started - 30 * MINUTE
