"""What servers confirm, on both databases: stored with the moves of reminders that come of it, in one transaction."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.calendar import WallTime
from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from bot.domain.server_dates import MovedBy, ServerDate
from bot.storage.date_moves import DateMoveRepository, Move
from bot.storage.identifiers import new_id
from bot.storage.server_dates import Held, ServerDateRepository
from bot.storage.tables import server_date
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_member

EVENT = "us-2027-match-day"
HERE, THERE, MANAGER = 7, 8, 1100000000000009000
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
SEASON = NOON + timedelta(days=30)
DATE = ServerDate(
    HERE, EVENT, WallTime(datetime.fromisoformat("2027-03-20T12:00"), "America/New_York"), False, True, "https://www.nrmp.org/x", NOON
)


def ahead(guild_id: int | None = HERE, lead: timedelta = WEEK, member_id: int = AMIRA, **changes: Any) -> Reminder:
    kind = ReminderKind.SEASON_DATE
    at = {"event_at": SEASON, "lead": lead, "guild_id": guild_id, "event_id": EVENT}
    return Reminder(new_id(), member_id, kind, ReminderState.ACTIVE, SEASON - lead, NOON, **(at | changes))


async def filled(store: Store, *reminders: Reminder) -> ServerDateRepository:
    for member_id in (AMIRA, DIEGO):
        await store.members.save(a_member(member_id))
    for each in reminders:
        await store.reminders.add(each)
    return ServerDateRepository(store.database, DateMoveRepository(store.database, store.cipher))


async def save(dates: ServerDateRepository, after: datetime, now: datetime = NOON) -> int:
    move = Move(EVENT, after, MovedBy.SERVER, servers=[HERE], earlier=SEASON if after > SEASON else None)
    return await dates.save(Held(DATE, MANAGER), move, now)


async def take_back(dates: ServerDateRepository, now: datetime = NOON + timedelta(hours=1)) -> int | None:
    return await dates.remove(HERE, Move(EVENT, SEASON, MovedBy.SERVER_BACK, servers=[HERE]), now)


async def active(store: Store, member_id: int = AMIRA) -> list[Reminder]:
    return await store.reminders.active_of(member_id, 50)


async def told(store: Store, at: datetime = NOON) -> list[Delivery]:
    return [each for each in await store.deliveries.claim_due(at, 50, "me", 60) if each.kind is DeliveryKind.DATE_MOVED]


async def test_what_was_stored_is_read_and_the_last_one_counts(store: Store) -> None:
    dates = await filled(store)
    await save(dates, SEASON)
    assert await dates.all() == [DATE]
    later = replace(DATE, day_only=True, is_moved=False, source_url="https://www.aamc.org")
    await dates.save(Held(later, DIEGO), Move(EVENT, SEASON, servers=[HERE]), NOON)
    await dates.save(Held(replace(DATE, guild_id=THERE), DIEGO), Move(EVENT, SEASON, servers=[THERE]), NOON)
    assert await dates.all() == [later, replace(DATE, guild_id=THERE)]
    assert await take_back(dates) == 0
    assert await take_back(dates) is None
    assert await dates.all() == [replace(DATE, guild_id=THERE)]


async def test_moved_earlier_the_reminders_set_there_move_and_no_other(store: Store) -> None:
    here, two = ahead(), ahead(lead=DAY)
    there, direct, diegos = ahead(THERE), ahead(None), ahead(THERE, member_id=DIEGO)
    dates = await filled(store, here, two, there, direct, diegos)
    assert await save(dates, SEASON - 5 * DAY) == 2
    moved = [replace(each, due_at=each.due_at - 5 * DAY, event_at=SEASON - 5 * DAY) for each in (here, two)]
    assert sorted(await active(store), key=str) == sorted([*moved, there, direct], key=str)
    assert await active(store, DIEGO) == [diegos]
    (message,) = await told(store)
    assert (message.recipient, message.guild_id) == (f"member:{AMIRA}", HERE)
    assert dict(message.payload) == {
        "event_id": EVENT,
        "before": SEASON.isoformat(),
        "after": (SEASON - 5 * DAY).isoformat(),
        "by": "server",
    }


async def test_moved_later_the_earlier_reminder_still_comes_beside_the_one_that_moved(store: Store) -> None:
    here = ahead(text="ask Dr. Osei")
    dates = await filled(store, here)
    assert await save(dates, SEASON + 5 * DAY) == 1
    earlier, moved = await active(store)
    assert (moved.id, moved.due_at, moved.event_at) == (here.id, here.due_at + 5 * DAY, SEASON + 5 * DAY)
    assert (earlier.due_at, earlier.event_at, earlier.earlier_at) == (here.due_at, None, SEASON.isoformat())
    assert (earlier.text, earlier.lead, earlier.guild_id) == ("ask Dr. Osei", WEEK, HERE)
    (message,) = await told(store)
    assert message.payload["earlier"] == SEASON.isoformat()

    assert await store.deliveries.fall_due(here.due_at) == 1
    (delivery,) = await store.deliveries.claim_due(here.due_at, 50, "me", 60)
    assert (delivery.payload["earlier_at"], delivery.payload["text"]) == (SEASON.isoformat(), "ask Dr. Osei")
    assert await store.deliveries.fall_due(moved.due_at) == 1


async def test_moved_twice_there_is_one_earlier_reminder_and_none_once_it_is_no_later(store: Store) -> None:
    here = ahead()
    dates = await filled(store, here)
    await save(dates, SEASON + 5 * DAY)
    await save(dates, SEASON + 9 * DAY, NOON + timedelta(seconds=30))
    assert [each.due_at for each in await active(store)] == [here.due_at, here.due_at + 9 * DAY]
    assert len(await told(store, NOON + DAY)) == 2  # within a minute, and told both times
    await save(dates, SEASON - DAY, NOON + timedelta(hours=1))
    assert [each.due_at for each in await active(store)] == [here.due_at - DAY]


async def test_taken_back_they_follow_the_season_again_and_their_owners_are_told(store: Store) -> None:
    here = ahead()
    dates = await filled(store, here)
    await save(dates, SEASON + 5 * DAY)
    await told(store)
    assert await take_back(dates) == 1
    assert await active(store) == [here]
    (message,) = await told(store, NOON + DAY)
    assert (message.payload["by"], message.payload["after"]) == ("server_back", SEASON.isoformat())


async def test_an_earlier_reminder_that_she_cancelled_does_not_come_back(store: Store) -> None:
    dates = await filled(store, ahead())
    await save(dates, SEASON + 5 * DAY)
    await store.reminders.cancel((await active(store))[0].id, AMIRA)
    await save(dates, SEASON + 9 * DAY, NOON + timedelta(hours=1))
    assert [each.due_at for each in await active(store)] == [SEASON + 9 * DAY - WEEK]


async def test_where_the_earlier_time_has_passed_only_the_later_one_comes(store: Store) -> None:
    dates = await filled(store, ahead())
    late = SEASON - DAY
    await store.deliveries.fall_due(late)
    assert await save(dates, SEASON + 9 * DAY, late) == 1
    assert [each.due_at for each in await active(store)] == [SEASON + 9 * DAY - WEEK]


async def test_a_move_that_fails_leaves_all_as_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    here = ahead()
    dates = await filled(store, here)

    async def broken(*_given: object) -> None:
        raise OSError

    monkeypatch.setattr(DateMoveRepository, "_tell", broken)
    with pytest.raises(OSError):
        await save(dates, SEASON + DAY)
    assert await dates.all() == []
    assert await active(store) == [here]


async def test_erasing_the_one_who_confirmed_leaves_the_date_without_her(store: Store) -> None:
    dates = await filled(store)
    await save(dates, SEASON)
    assert (await store.privacy.export(MANAGER))["server_dates"][0]["confirmed_by"] == str(MANAGER)
    assert (await store.privacy.erase(MANAGER))["server_dates"] == 1
    assert await dates.all() == [DATE]
    async with store.database.read() as connection:
        assert (await connection.execute(sa.select(server_date.c.confirmed_by))).scalars().all() == [None]


async def test_erased_with_a_moved_date_nothing_of_hers_is_left(store: Store) -> None:
    dates = await filled(store, ahead())
    await save(dates, SEASON + DAY)
    await store.privacy.erase(AMIRA)
    assert await active(store) == []
    assert await store.deliveries.claim_due(SEASON, 50, "me", 60) == []


async def test_an_address_that_is_not_public_is_refused_by_the_database_itself(store: Store) -> None:
    dates = await filled(store)
    with pytest.raises(sa.exc.IntegrityError):
        await dates.save(Held(replace(DATE, source_url="http://nrmp.org"), MANAGER), Move(EVENT, SEASON, servers=[HERE]), NOON)
