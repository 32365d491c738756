"""Thousands that fall due in one instant: what waits beside them gets its turns."""

from datetime import timedelta
from typing import Any

import pytest

from bot.scheduling.due_loop import FALL_DUE_AT_ONCE
from tests.scheduling.outboxes import FakeDiscord, ScriptedOutbox, a_loop
from tests.support.clocks import NOON, ManualClock
from tests.support.databases import Store, a_member, a_reminder

pytestmark = pytest.mark.usefixtures("no_waiting")
MANY = 250


async def test_many_fall_due_in_one_look_in_parts_that_hold_nobody_up(
    store: Store, clock: ManualClock, discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.members.save(a_member())
    for _ in range(MANY):
        await store.reminders.add(a_reminder(due=NOON))
    loop, parts = a_loop(store, clock, ScriptedOutbox(discord)), list[int]()
    fall_due = loop._deliveries.fall_due

    async def counted(*given: Any, **named: Any) -> int:
        parts.append(await fall_due(*given, **named))
        return parts[-1]

    monkeypatch.setattr(loop._deliveries, "fall_due", counted)
    loop.partition.is_held = True
    clock.advance(timedelta(seconds=1))
    await loop.tick()
    await loop.settle_all()
    assert sum(parts) == MANY
    assert max(parts) <= FALL_DUE_AT_ONCE <= 100
    assert len(discord.counts()) == MANY
