"""Reminders follow their dates, on both databases: moved, sent again, cancelled, and their owners told once."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from bot.storage.date_moves import DateMoveRepository, Move
from bot.storage.identifiers import new_id
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_member

EVENT = "us-2027-match-day"
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
BEFORE = NOON + timedelta(days=30)


def ahead(lead: timedelta = WEEK, member_id: int = AMIRA, event: str = EVENT, **changes: Any) -> Reminder:
    kind = ReminderKind.SEASON_DATE
    return Reminder(
        new_id(), member_id, kind, ReminderState.ACTIVE, BEFORE - lead, NOON, event_id=event, event_at=BEFORE, lead=lead, **changes
    )


async def filled(store: Store, *reminders: Reminder) -> DateMoveRepository:
    for member_id in {each.member_id for each in reminders}:
        await store.members.save(a_member(member_id))
    for each in reminders:
        await store.reminders.add(each)
    return DateMoveRepository(store.database, store.cipher)


async def told(store: Store, at: datetime) -> list[Delivery]:
    return [each for each in await store.deliveries.claim_due(at, 50, "me", 60) if each.kind is DeliveryKind.DATE_MOVED]


@pytest.mark.parametrize("by", [timedelta(days=5), timedelta(days=-5)])
async def test_what_lies_ahead_moves_along_and_its_owner_is_told_once(store: Store, by: timedelta) -> None:
    one, two, other = ahead(WEEK, guild_id=7), ahead(DAY), ahead(DAY, DIEGO, "us-2027-other")
    moves = await filled(store, one, two, other)
    assert set(await moves.dates()) == {(EVENT, BEFORE, 7), (EVENT, BEFORE, None), ("us-2027-other", BEFORE, None)}

    assert await moves.move(Move(EVENT, BEFORE + by), BEFORE, NOON) == 2
    for each in (one, two):
        found = await store.reminders.get(each.id)
        assert found is not None
        assert (found.due_at, found.event_at, found.state) == (each.due_at + by, BEFORE + by, ReminderState.ACTIVE)
    assert await store.reminders.get(other.id) == other
    (message,) = await told(store, NOON)
    assert message.recipient == f"member:{AMIRA}"
    assert dict(message.payload) == {"event_id": EVENT, "before": BEFORE.isoformat(), "after": (BEFORE + by).isoformat()}
    assert (EVENT, BEFORE) not in [each[:2] for each in await moves.dates()]


async def test_one_whose_new_time_has_passed_falls_due_at_once(store: Store) -> None:
    reminder = ahead(WEEK)
    moves = await filled(store, reminder)
    await moves.move(Move(EVENT, NOON + 2 * DAY), BEFORE, NOON)
    found = await store.reminders.get(reminder.id)
    assert found is not None
    assert found.due_at == NOON


async def test_one_that_came_comes_again_where_its_date_moved_away(store: Store) -> None:
    reminder = ahead(WEEK)
    moves = await filled(store, reminder)
    late = BEFORE - DAY
    assert await store.deliveries.fall_due(late) == 1
    assert await moves.move(Move(EVENT, BEFORE + timedelta(days=3)), BEFORE, late) == 0  # its time is over all the same
    assert await moves.move(Move(EVENT, BEFORE + timedelta(days=20)), BEFORE + timedelta(days=3), late) == 1
    found = await store.reminders.get(reminder.id)
    assert found is not None
    assert (found.state, found.due_at, found.occurrence) == (ReminderState.ACTIVE, BEFORE + timedelta(days=13), 1)
    assert await store.deliveries.fall_due(BEFORE + timedelta(days=13)) == 1


async def test_a_date_that_is_not_known_any_more_cancels_and_says_so(store: Store) -> None:
    reminder = ahead(WEEK)
    moves = await filled(store, reminder)
    assert await moves.move(Move(EVENT, None), BEFORE, NOON) == 1
    found = await store.reminders.get(reminder.id)
    assert found is not None
    assert found.state is ReminderState.CANCELLED
    (message,) = await told(store, NOON)
    assert message.payload["after"] == ""
    assert await moves.dates() == []


async def test_what_she_cancelled_and_what_she_put_off_stay_as_they_are(store: Store) -> None:
    cancelled, put_off = (
        ahead(WEEK),
        Reminder(new_id(), AMIRA, ReminderKind.SEASON_DATE, ReminderState.ACTIVE, NOON + DAY, NOON, event_id=EVENT),
    )
    moves = await filled(store, cancelled, put_off)
    await store.reminders.cancel(cancelled.id, AMIRA)
    assert await moves.move(Move(EVENT, BEFORE + DAY), BEFORE, NOON) == 0
    assert await told(store, NOON) == []
    assert await store.reminders.get(put_off.id) == put_off
    found = await store.reminders.get(cancelled.id)
    assert found is not None
    assert found.state is ReminderState.CANCELLED


async def test_erased_while_the_news_waits_nothing_is_sent(store: Store) -> None:
    moves = await filled(store, ahead(WEEK))
    await moves.move(Move(EVENT, BEFORE + DAY), BEFORE, NOON)
    await store.privacy.erase(AMIRA)
    assert await store.deliveries.claim_due(NOON, 50, "me", 60) == []
