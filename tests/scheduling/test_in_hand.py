"""How much is claimed at once, whatever the pace: what is claimed is read and decrypted, and nobody is answered meanwhile."""

import pytest

from bot.domain.delivery import Priority
from bot.scheduling.pacing import Pacer
from tests.scheduling.outboxes import FakeDiscord, ScriptedOutbox, a_loop, add
from tests.support.clocks import ManualClock
from tests.support.databases import Store
from tests.support.waiting import wait_for

pytestmark = pytest.mark.usefixtures("no_waiting")


async def test_so_much_is_in_hand_at_most_and_the_rest_follows(
    store: Store, clock: ManualClock, discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.scheduling.due_loop.MOST_IN_HAND", 20)
    ids = await add(store, 50, priority=Priority.BULK)
    pacer = Pacer(rate=100_000, in_flight=1)
    loop = a_loop(store, clock, ScriptedOutbox(discord), pacer=pacer)
    loop.partition.is_held = True
    async with pacer.slot(Priority.INTERACTIVE):  # something is under way
        for _ in range(3):
            await loop.tick()
        await wait_for(lambda: len(pacer._waiting) == 20)
        assert len(loop._in_hand) == 20
    for _ in range(3):
        await loop.settle_all()
        await loop.tick()
    await loop.settle_all()
    assert discord.counts() == dict.fromkeys(ids, 1)
