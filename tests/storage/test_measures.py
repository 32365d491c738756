"""What is counted for those who watch the bot, on both databases."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.delivery import SUPERSEDED, DeliveryKind, DeliveryState
from bot.storage.database import Database
from bot.storage.measures import MeasureRepository
from tests.support.clocks import NOON
from tests.support.databases import DIEGO, Store, a_delivery, a_member, a_reminder

MINUTE = timedelta(minutes=1)


async def test_an_empty_database_has_a_size_and_nothing_else(store: Store) -> None:
    measures = await MeasureRepository(store.database).count(NOON)
    assert measures.stored_bytes > 10_000
    assert measures.query_seconds > 0
    rest = (measures.deliveries, measures.deliveries_due, measures.reminders_due, measures.overdue_seconds)
    assert rest == ({}, 0, 0, 0.0)
    assert (measures.waiting_seen, measures.waiting_unseen) == (0, 0)


async def test_all_is_counted_by_where_it_stands(store: Store) -> None:
    await store.members.save(a_member())
    await store.members.save(a_member(DIEGO))
    parked = a_delivery("parked", state=DeliveryState.PARKED, reason="closed")
    for delivery in (
        a_delivery("due", NOON - 5 * MINUTE),
        a_delivery("later", NOON + MINUTE),
        a_delivery("held back", NOON - 60 * MINUTE, not_before=NOON + MINUTE),
        replace(a_delivery("channel", NOON - 2 * MINUTE, member_id=None), kind=DeliveryKind.NOTICE),
        parked,
        a_delivery("parked for him", member_id=DIEGO, state=DeliveryState.PARKED, reason="closed"),
        a_delivery("missed", state=DeliveryState.PARKED, reason=SUPERSEDED),
        replace(a_delivery("greeting", state=DeliveryState.PARKED, reason="closed"), kind=DeliveryKind.GREETING),
    ):
        assert await store.deliveries.add(delivery)
    await store.deliveries.mark_seen([parked.id], NOON)
    await store.reminders.add(a_reminder(due=NOON - 7 * MINUTE))
    await store.reminders.add(a_reminder(DIEGO, due=NOON + MINUTE))

    measures = await MeasureRepository(store.database).count(NOON)
    assert measures.deliveries == {("own", "pending"): 3, ("notice", "pending"): 1, ("own", "parked"): 3, ("greeting", "parked"): 1}
    assert (measures.deliveries_due, measures.reminders_due) == (2, 1)
    assert measures.overdue_seconds == 7 * 60
    assert (measures.waiting_seen, measures.waiting_unseen) == (1, 1)


async def test_connections_in_use_are_told(store: Store) -> None:
    measuring = MeasureRepository(store.database)
    await measuring.count(NOON)
    before = measuring.connections_in_use
    async with store.database.read(), store.database.read():
        assert measuring.connections_in_use == before + 2
    assert measuring.connections_in_use == before


def test_a_database_that_nobody_opened_uses_no_connection(sqlite_url: str) -> None:
    assert MeasureRepository(Database.open(sqlite_url)).connections_in_use == 0
