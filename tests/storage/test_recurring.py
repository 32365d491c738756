"""What recurs, stored: each occurrence once, what was missed as superseded, the series ended where its rule ends."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.domain.delivery import SUPERSEDED, DeliveryState
from bot.domain.reminder import ReminderState
from bot.storage.tables import delivery as deliveries
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, Store, a_member, a_reminder

DAILY = {"rule": "FREQ=DAILY", "wall_time": "2026-11-22T14:00:00", "zone": "Africa/Cairo"}
DAY = timedelta(days=1)


async def rows(store: Store) -> list[tuple[int, datetime, str, str]]:
    query = sa.select(deliveries.c.occurrence, deliveries.c.due_at, deliveries.c.state, deliveries.c.reason).order_by(
        deliveries.c.occurrence
    )
    async with store.database.read() as connection:
        return [(row.occurrence, row.due_at, row.state, row.reason) for row in (await connection.execute(query)).all()]


async def test_each_occurrence_falls_due_once(store: Store) -> None:
    await store.members.save(a_member())
    reminder = a_reminder(**DAILY)
    await store.reminders.add(reminder)
    for day in range(3):
        assert await store.deliveries.fall_due(NOON + day * DAY) == 1
        assert await store.deliveries.fall_due(NOON + day * DAY) == 0
    assert [(number, at) for number, at, _, _ in await rows(store)] == [(day, NOON + day * DAY) for day in range(3)]
    found = await store.reminders.get(reminder.id)
    assert found is not None
    assert (found.state, found.due_at, found.occurrence) == (ReminderState.ACTIVE, NOON + 3 * DAY, 3)


async def test_what_was_missed_is_recorded_and_only_the_last_is_sent(store: Store) -> None:
    await store.members.save(a_member())
    await store.reminders.add(a_reminder(**DAILY))
    assert await store.deliveries.fall_due(NOON + 3 * DAY + timedelta(hours=1)) == 1
    parked = (DeliveryState.PARKED.value, SUPERSEDED)
    assert await rows(store) == [
        *[(day, NOON + day * DAY, *parked) for day in range(3)], (3, NOON + 3 * DAY, DeliveryState.PENDING.value, ""),
    ]  # fmt: skip
    (claimed,) = await store.deliveries.claim_due(NOON + 4 * DAY, 10, "me", 60)
    assert claimed.occurrence == 3


async def test_what_was_superseded_waits_in_no_inbox(store: Store) -> None:
    await store.members.save(a_member())
    await store.reminders.add(a_reminder(**DAILY))
    await store.deliveries.fall_due(NOON + 3 * DAY)
    assert await store.deliveries.parked_for(AMIRA, 10) == []
    assert await store.deliveries.unseen_members() == set()


async def test_a_rule_that_ends_ends_the_series(store: Store) -> None:
    await store.members.save(a_member())
    reminder = a_reminder(**DAILY | {"rule": "FREQ=DAILY;COUNT=2"})
    await store.reminders.add(reminder)
    await store.deliveries.fall_due(NOON)
    await store.deliveries.fall_due(NOON + DAY)
    found = await store.reminders.get(reminder.id)
    assert found is not None
    assert found.state is ReminderState.FIRED
    assert await store.deliveries.fall_due(NOON + 9 * DAY) == 0


async def test_a_change_is_written_only_while_nothing_fell_due(store: Store) -> None:
    await store.members.save(a_member())
    reminder = a_reminder(**DAILY)
    await store.reminders.add(reminder)
    await store.deliveries.fall_due(NOON)
    assert not await store.reminders.change(reminder)
    found = await store.reminders.get(reminder.id)
    assert found is not None
    assert await store.reminders.change(found)
