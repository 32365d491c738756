"""Members, reminders, deliveries and leases, on both databases."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bot.domain.delivery import Answer, DeliveryKind, DeliveryState, Priority
from bot.domain.member import Country, DirectMessages
from bot.domain.reminder import ReminderState
from bot.storage.delivery_rows import UNREADABLE_TEXT, Mark, is_readable
from bot.storage.remembered import RememberedMembers
from bot.storage.tables import delivery as deliveries
from bot.storage.tables import lease, letter
from bot.storage.tables import reminder as reminders
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_date_reminder, a_delivery, a_member, a_reminder

MINUTE = timedelta(minutes=1)


def sent(delivery_id: str, message_id: int = 7) -> Mark:
    return Mark(delivery_id, DeliveryState.SENT, message_id=message_id, channel_id=8, settled_at=NOON, attempts=1)


async def damage(store: Store, table: sa.Table, column: str, row_id: str) -> None:
    async with store.database.write() as connection:
        await connection.execute(sa.update(table).where(table.c.id == row_id).values({column: b"not a blob of ours"}))


async def count(store: Store, table: sa.Table) -> int:
    async with store.database.read() as connection:
        return (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()


# --- members


async def test_a_member_comes_back_as_she_was_stored(store: Store) -> None:
    member = a_member(countries=frozenset(Country), dm_channel_id=99)
    assert await store.members.get(AMIRA) is None
    await store.members.save(member)
    assert await store.members.get(AMIRA) == member
    changed = replace(member, zone=None, direct_messages=DirectMessages.CLOSED)
    await store.members.save(replace(changed, created_at=NOON + MINUTE))
    assert await store.members.get(AMIRA) == changed


async def test_nobody_is_written_to_who_never_agreed(store: Store) -> None:
    with pytest.raises(IntegrityError):
        await store.members.save(a_member(consented_at=None, consent_version=None))


async def test_erasing_a_member_takes_all_that_is_hers(store: Store) -> None:
    for person in (AMIRA, DIEGO):
        await store.members.save(a_member(person))
        await store.reminders.add(a_reminder(person))
        await store.deliveries.add(a_delivery("x", member_id=person))
    assert await store.members.erase(AMIRA)
    assert not await store.members.erase(AMIRA)
    assert (await count(store, reminders), await count(store, deliveries)) == (1, 1)


# --- reminders


async def test_reminders_are_listed_by_due_time_and_cancelled_once(store: Store) -> None:
    await store.members.save(a_member())
    late, soon = a_reminder(due=NOON + MINUTE), a_date_reminder()
    assert [await store.reminders.add(each) for each in (late, soon, late)] == [True, True, False]
    assert await store.reminders.active_of(AMIRA, 10) == [soon, late]
    assert await store.reminders.active_of(AMIRA, 1, 1) == [late]
    assert not await store.reminders.cancel(late.id, DIEGO)
    assert await store.reminders.cancel(late.id, AMIRA)
    assert not await store.reminders.cancel(late.id, AMIRA)
    assert await store.reminders.count_active(AMIRA) == 1


async def test_a_reminder_that_cannot_be_read_is_listed_all_the_same(store: Store) -> None:
    await store.members.save(a_member())
    damaged, whole = a_reminder(), a_reminder(due=NOON + MINUTE)
    await store.reminders.add(damaged)
    await store.reminders.add(whole)
    await damage(store, reminders, "blob", damaged.id)
    assert [each.text for each in await store.reminders.active_of(AMIRA, 10)] == [UNREADABLE_TEXT, whole.text]


# --- falling due


async def test_what_is_due_becomes_deliveries_once(store: Store) -> None:
    await store.members.save(a_member())
    due, urgent, ahead = a_reminder(), a_date_reminder(lead=timedelta(days=1)), a_reminder(due=NOON + MINUTE)
    for each in (due, urgent, ahead):
        await store.reminders.add(each)
    assert await store.deliveries.next_due() == NOON
    assert await asyncio.gather(*(store.deliveries.fall_due(NOON) for _ in range(3))) in ([2, 0, 0], [0, 2, 0], [0, 0, 2])
    claimed = await store.deliveries.claim_due(NOON, 10, "one", 60)
    assert [each.source_id for each in claimed] == [urgent.id, due.id]
    assert claimed[1].payload["text"] == due.text
    stored = await store.reminders.get(due.id)
    assert stored is not None
    assert (stored.state, stored.occurrence) == (ReminderState.FIRED, 1)
    assert await store.deliveries.next_due() == ahead.due_at


async def test_falling_due_and_its_deliveries_are_one_transaction(store: Store) -> None:
    await store.members.save(a_member())
    reminder = a_reminder()
    await store.reminders.add(reminder)

    @sa.event.listens_for(store.database.engine.sync_engine, "before_cursor_execute")
    def power_fails(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("UPDATE reminder"):
            raise OSError("the power failed")

    with pytest.raises(OSError, match="power"):
        await store.deliveries.fall_due(NOON)
    assert await count(store, deliveries) == 0


async def test_one_unreadable_row_does_not_hold_up_the_others(store: Store) -> None:
    await store.members.save(a_member())
    damaged, whole = a_reminder(), a_reminder()
    for each in (damaged, whole):
        await store.reminders.add(each)
    await damage(store, reminders, "blob", damaged.id)
    assert await store.deliveries.fall_due(NOON) == 2
    claimed = await store.deliveries.claim_due(NOON, 10, "one", 60)
    assert {each.source_id: is_readable(each) for each in claimed} == {damaged.id: False, whole.id: True}
    exported = (await store.privacy.export(AMIRA))["reminders"]
    assert {each["id"]: each.get("text") for each in exported} == {damaged.id: None, whole.id: whole.text}


# --- claims and marks


async def test_a_claim_takes_the_most_urgent_first_and_nobody_takes_it_again(store: Store) -> None:
    await store.members.save(a_member())
    for number, priority in enumerate((Priority.BULK, Priority.URGENT, Priority.NORMAL, Priority.INTERACTIVE)):
        assert await store.deliveries.add(a_delivery(str(number), NOON - (9 - number) * MINUTE, priority=priority))
    await store.deliveries.add(a_delivery("ahead", NOON + MINUTE))
    assert not await store.deliveries.add(a_delivery("ahead", NOON + MINUTE))
    urgent = await store.deliveries.claim_due(NOON, 10, "one", 60, at_least=10)
    assert [each.source_id for each in urgent] == ["3", "1"]
    only = await store.deliveries.claim_due(NOON, 10, "two", 60, only_id=a_delivery("0").id)
    assert [each.source_id for each in only] == ["0"]
    assert [each.source_id for each in await store.deliveries.claim_due(NOON, 10, "two", 60)] == ["2"]
    assert await store.deliveries.next_due() == NOON + MINUTE
    assert await store.deliveries.oldest_overdue(NOON) == NOON - 9 * MINUTE


async def test_a_claim_comes_back_when_its_lease_has_ended_and_the_late_mark_counts_for_nothing(store: Store) -> None:
    await store.deliveries.add(a_delivery(member_id=None))
    (first,) = await store.deliveries.claim_due(NOON, 10, "one", -1)
    (again,) = await store.deliveries.claim_due(NOON + MINUTE, 10, "two", 60)
    assert (first.first_tried_at, again.first_tried_at) == (None, NOON)
    assert await store.deliveries.mark("one", [sent(first.id)]) == set()
    assert await store.deliveries.mark("two", [sent(first.id)]) == {first.id}
    stored = await store.deliveries.get(first.id)
    assert stored is not None
    assert (stored.state, stored.message_id, stored.attempts) == (DeliveryState.SENT, 7, 1)


async def test_the_first_try_moves_back_with_the_clock(store: Store) -> None:
    await store.deliveries.add(a_delivery(due=NOON - 9 * MINUTE, member_id=None))
    for minutes, before in ((0, None), (-5, NOON), (2, NOON - 5 * MINUTE)):
        (claimed,) = await store.deliveries.claim_due(NOON + minutes * MINUTE, 1, "one", -1)
        assert claimed.first_tried_at == before


async def test_a_retry_is_never_before_the_due_time_whatever_the_clock_says(store: Store) -> None:
    await store.deliveries.add(a_delivery(not_before=NOON - MINUTE, member_id=None))
    (claimed,) = await store.deliveries.claim_due(NOON, 1, "one", 60)
    again = Mark(claimed.id, DeliveryState.PENDING, "x" * 999, not_before=NOON - timedelta(days=400))
    assert await store.deliveries.mark("one", [again]) == {claimed.id}
    stored = await store.deliveries.get(claimed.id)
    assert stored is not None
    assert (stored.not_before, len(stored.reason)) == (NOON, 200)


async def test_release_gives_back_ones_own_or_what_others_left(store: Store) -> None:
    for number in range(3):
        await store.deliveries.add(a_delivery(str(number), member_id=None))
    await store.deliveries.claim_due(NOON, 1, "one", 60)
    await store.deliveries.claim_due(NOON, 2, "two", 60)
    assert await store.deliveries.release("one", others=True) == 2
    assert await store.deliveries.release("one") == 1
    assert len(await store.deliveries.claim_due(NOON, 9, "three", 60)) == 3


async def test_a_hundred_rows_are_claimed_once_by_four_at_a_time(store: Store) -> None:
    for number in range(100):
        await store.deliveries.add(a_delivery(str(number), member_id=None))
    groups = await asyncio.gather(*(store.deliveries.claim_due(NOON, 30, f"owner {number}", 60) for number in range(4)))
    ids = [each.id for group in groups for each in group]
    assert len(ids) == len(set(ids)) == 100


# --- the inbox and answers


async def test_what_is_parked_waits_until_it_was_seen(store: Store) -> None:
    await store.members.save(a_member())
    kinds = {"old": DeliveryKind.OWN, "new": DeliveryKind.OWN, "hello": DeliveryKind.GREETING}
    for minutes, (name, kind) in enumerate(kinds.items()):
        await store.deliveries.add(replace(a_delivery(name, NOON + minutes * MINUTE), kind=kind))
    claimed = await store.deliveries.claim_due(NOON + 9 * MINUTE, 9, "one", 60)
    await store.deliveries.mark("one", [Mark(each.id, DeliveryState.PARKED, "closed") for each in claimed])
    waiting = await store.deliveries.parked_for(AMIRA, 9)
    assert [each.source_id for each in waiting] == ["new", "old"]
    assert await store.deliveries.parked_for(DIEGO, 9) == []
    assert await store.deliveries.unseen_members() == {AMIRA}
    await store.deliveries.mark_seen([each.id for each in waiting], NOON)
    assert await store.deliveries.unseen_members() == set()


async def test_an_answer_is_set_once_by_her_alone_and_settles_what_was_unknown(store: Store) -> None:
    await store.members.save(a_member())
    await store.deliveries.add(a_delivery())
    (claimed,) = await store.deliveries.claim_due(NOON, 1, "one", 60)

    async def answer(person: int, what: Answer) -> bool:
        return await store.deliveries.answer(claimed.id, person, what, message_id=3, channel_id=4, now=NOON)

    assert not await answer(DIEGO, Answer.DONE)
    assert sorted(await asyncio.gather(answer(AMIRA, Answer.DONE), answer(AMIRA, Answer.SNOOZED))) == [False, True]
    assert not await answer(AMIRA, Answer.DONE)
    stored = await store.deliveries.get(claimed.id)
    assert stored is not None
    assert (stored.state, stored.message_id) == (DeliveryState.SENT, 3)
    assert await store.deliveries.mark("one", [sent(claimed.id)]) == set()


# --- leases


async def test_one_holds_the_lease_until_it_is_given_back_or_ends(store: Store) -> None:
    leases = store.leases
    assert sorted(await asyncio.gather(*(leases.acquire("all", name, 60) for name in ("one", "two")))) == [False, True]
    holder = await leases.holder("all")
    other = "two" if holder == "one" else "one"
    assert holder is not None
    assert await leases.acquire("all", holder, 60)
    assert await leases.acquire("another partition", other, 60)
    await leases.release("all", other)
    assert not await leases.acquire("all", other, 60)
    await leases.release("all", holder)
    assert await leases.acquire("all", other, 60)
    async with store.database.write() as connection:
        await connection.execute(sa.update(lease).values(until=NOON - timedelta(days=9_000)))
    assert await leases.acquire("all", holder, 60)
    assert await leases.holder("all") == holder


async def test_members_of_a_batch_are_read_at_once(store: Store) -> None:
    await store.members.save(a_member())
    remembered = RememberedMembers(store.database, store.cipher)
    await remembered.recall([AMIRA, DIEGO, AMIRA])
    async with store.database.write() as connection:
        await connection.execute(sa.text("DELETE FROM member"))
    assert await remembered.get(AMIRA) == a_member()  # from memory
    assert await remembered.get(DIEGO) is None


async def test_an_error_of_the_database_does_not_repeat_what_was_to_be_stored(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    await store.members.save(a_member())
    row = {"id": "x" * 16, "member_id": AMIRA, "season_year": 2027, "state": "planted", "created_at": NOON, "changed_at": NOON}
    with pytest.raises(IntegrityError) as error:
        async with store.database.write() as connection:
            await connection.execute(sa.insert(letter).values(**row, blob=store.cipher.encrypt({"writer": "planted"})))
    logging.getLogger("bot").error("it failed", exc_info=error.value)
    assert "it failed" in caplog.text
    said = str(error.value).partition("DETAIL")[0]  # PostgreSQL adds the row that failed, in which her words are encrypted
    assert "planted" not in said
    assert "parameters hidden" in said
