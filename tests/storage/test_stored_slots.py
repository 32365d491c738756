"""Slots, stored: of many who book or offer at once each place and each time is given once; erased, exported, refused by the database."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.calendar import WallTime
from bot.domain.slots import Booking, BookingState, Slot, SlotDraft, SlotKind, SlotState
from bot.services import slot_messages as messages
from bot.storage.database import Database
from bot.storage.delivery_rows import UNREADABLE_TEXT
from bot.storage.identifiers import new_id
from bot.storage.slot_lists import SlotLists
from bot.storage.slot_tables import slot as table
from bot.storage.slot_tables import slot_booking as bookings
from bot.storage.slot_tables import slot_draft as drafts
from bot.storage.slots import Refusal, SlotRepository
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_member

GUILD, ADVISOR, OTHER = 700, 900, 901
HOUR = timedelta(hours=1)


def a_slot(begins: datetime = NOON + 48 * HOUR, minutes: int = 30, **changes: Any) -> Slot:
    values: dict[str, Any] = {"guild_id": GUILD, "advisor_id": ADVISOR, "kind": SlotKind.MOCK_INTERVIEW, "state": SlotState.OPEN}
    at = WallTime(begins.replace(tzinfo=None), "UTC")
    values |= {"at": at, "begins_at": begins, "ends_at": begins + timedelta(minutes=minutes), "capacity": 1, "changed_at": NOON}
    return Slot(new_id(), **(values | changes))


def a_draft(advisor_id: int = ADVISOR) -> SlotDraft:
    return SlotDraft(new_id(), GUILD, advisor_id, NOON, SlotKind.OTHER, "tomorrow", "30", "1", "row-1", "papaya room")


class Desk:
    """Hold the repositories over one store, with what the tests do through them."""

    def __init__(self, store: Store, database: Database | None = None) -> None:
        self.store = store
        self.slots = SlotRepository(database or store.database, store.cipher)
        self.lists = SlotLists(database or store.database, store.cipher)

    async def offer(self, *slots: Slot, at_most: int = 40, at_most_here: int = 200) -> Refusal | None:
        draft = a_draft(slots[0].advisor_id or 0)
        await self.lists.save_draft(draft)
        return await self.give(draft, *slots, at_most=at_most, at_most_here=at_most_here)

    async def give(self, draft: SlotDraft, *slots: Slot, at_most: int = 40, at_most_here: int = 200) -> Refusal | None:
        sends = [each for slot in slots for each in messages.leads_of_advisor(slot, NOON)]
        return await self.slots.offer(draft.id, slots, sends, now=NOON, at_most=at_most, at_most_here=at_most_here)

    async def book(self, slot: Slot, member_id: int, *, guild_id: int = GUILD, at_most: int = 5) -> Refusal | None:
        booking = Booking(new_id(), slot.id, member_id, BookingState.BOOKED, NOON, NOON)

        def tell(found: Slot, places: Sequence[Booking]) -> Any:
            return messages.booked(found, booking, places, NOON)

        return await self.slots.book(slot.id, booking, tell, now=NOON, guild_id=guild_id, at_most=at_most, at_most_often=3)

    async def place(self, slot: Slot, member_id: int) -> Booking:
        found = await self.lists.place_of(slot.id, member_id)
        assert found is not None
        return found

    async def give_back(self, slot: Slot, member_id: int) -> Refusal | None:
        place = await self.place(slot, member_id)
        return await self.slots.give_back(place.id, member_id, lambda found, _: messages.given_back(found, place.id, NOON), NOON)

    async def move(self, slot: Slot, begins: datetime) -> Refusal | None:
        moved = replace(slot, begins_at=begins, ends_at=begins + (slot.ends_at - slot.begins_at))
        after = replace(moved, revision=slot.revision + 1)
        return await self.slots.change(moved, lambda stay, _: [s for e in stay for s in messages.leads_of_member(after, e, NOON)], NOON)

    async def cancel(self, slot: Slot) -> Refusal | None:
        return await self.slots.cancel(
            slot.id,
            slot.advisor_id or 0,
            lambda found, all_: messages.news_of_members(found, messages.SlotNews.CANCELLED, all_, NOON),
            NOON,
        )

    async def leads(self) -> dict[str, int]:
        """Return how many reminders of slots stand in which state."""
        async with self.store.database.read() as connection:
            rows = (
                await connection.execute(sa.text("SELECT state, count(*) FROM delivery WHERE source = 'slot-lead' GROUP BY state"))
            ).all()
        return {row[0]: row[1] for row in rows}


@pytest.fixture
async def desk(store: Store) -> Desk:
    for person in (AMIRA, DIEGO, ADVISOR, OTHER):
        await store.members.save(a_member(person))
    return Desk(store)


async def assert_nothing_is_given_twice(desk: Desk) -> None:
    """Check all that is stored: no slot over its capacity, nobody twice in one, nobody in two at once, no advisor in two at once."""
    async with desk.store.database.read() as connection:
        kept = (await connection.execute(sa.select(table).where(table.c.state == "open"))).mappings().all()
        taken = (await connection.execute(sa.select(bookings).where(bookings.c.state == "booked"))).mappings().all()
    times = {row["id"]: (row["begins_at"], row["ends_at"]) for row in kept}
    people: dict[int, list[tuple[datetime, datetime]]] = {}
    for row in kept:
        assert sum(each["slot_id"] == row["id"] for each in taken) <= row["capacity"]
        people.setdefault(row["advisor_id"], []).append(times[row["id"]])
    for row in taken:
        if row["slot_id"] in times:
            people.setdefault(row["member_id"], []).append(times[row["slot_id"]])
    for spans in people.values():
        ordered = sorted(spans)
        assert all(one[1] <= other[0] for one, other in pairwise(ordered))


async def test_what_is_stored_comes_back(desk: Desk) -> None:
    slot = a_slot(place="the <#123456789012345678> *room*")
    assert await desk.offer(slot) is None
    assert await desk.lists.get(slot.id) == slot
    assert await desk.lists.upcoming(GUILD, NOON, 5) == [slot]
    assert await desk.lists.upcoming(GUILD + 1, NOON, 5) == []
    assert await desk.lists.offered(ADVISOR, GUILD, NOON, 5) == [slot]
    draft = a_draft()
    await desk.lists.save_draft(draft)
    assert await desk.lists.draft(draft.id) == draft


async def test_of_many_who_book_the_last_places_at_once_just_those_get_one(desk: Desk) -> None:
    slot = a_slot(capacity=3)
    assert await desk.offer(slot) is None
    people = range(5000, 5012)
    for person in people:
        await desk.store.members.save(a_member(person))
    results = await asyncio.gather(*(desk.book(slot, person) for person in people))
    assert results.count(None) == 3
    assert results.count(Refusal.FULL) == len(people) - 3
    await assert_nothing_is_given_twice(desk)


async def test_processes_of_their_own_give_nothing_twice(desk: Desk) -> None:
    """Of two engines each has a lock of its own in memory: what holds here is held by the database."""
    slot, same_time = a_slot(), a_slot(advisor_id=OTHER)
    assert await desk.offer(slot) is None
    assert await desk.offer(same_time) is None
    second = Database.open(desk.store.url)
    try:
        both = (desk, Desk(desk.store, second))
        tries = [one.book(each, person) for one in both for each in (slot, same_time) for person in (AMIRA, DIEGO)]
        results = await asyncio.gather(*tries)
    finally:
        await second.close()
    assert results.count(None) == 2
    await assert_nothing_is_given_twice(desk)


async def test_one_press_twice_gives_one_place(desk: Desk) -> None:
    slot = a_slot(capacity=5)
    assert await desk.offer(slot) is None
    results = await asyncio.gather(*(desk.book(slot, AMIRA) for _ in range(6)))
    assert sorted(map(str, results)) == sorted(map(str, [None, *[Refusal.TWICE] * 5]))


async def test_two_overlapping_slots_at_once_give_one_place(desk: Desk) -> None:
    first, second = a_slot(capacity=5), a_slot(NOON + 48 * HOUR + timedelta(minutes=29), capacity=5, advisor_id=OTHER, guild_id=GUILD + 1)
    assert await desk.offer(first) is None
    assert await desk.offer(second) is None
    results = await asyncio.gather(desk.book(first, AMIRA), desk.book(second, AMIRA, guild_id=GUILD + 1))
    assert set(results) == {None, Refusal.CLASH}


async def test_one_that_begins_when_the_other_ends_is_no_overlap(desk: Desk) -> None:
    first, second = a_slot(), a_slot(NOON + 48 * HOUR + timedelta(minutes=30))
    assert await desk.offer(first, second) is None
    assert await desk.book(first, AMIRA) is None
    assert await desk.book(second, AMIRA) is None


async def test_an_advisor_offers_no_two_at_once_in_whatever_server(desk: Desk) -> None:
    slots = [a_slot(guild_id=GUILD + number) for number in range(4)]
    drafts = [replace(a_draft(), guild_id=GUILD + number) for number in range(4)]
    for draft in drafts:
        await desk.lists.save_draft(draft)
    results = await asyncio.gather(*(desk.give(draft, slot) for draft, slot in zip(drafts, slots, strict=True)))
    assert results.count(None) == 1
    assert results.count(Refusal.CLASH) == 3
    await assert_nothing_is_given_twice(desk)


async def test_a_draft_is_offered_once(desk: Desk) -> None:
    draft = a_draft()
    await desk.lists.save_draft(draft)
    later = [a_slot(NOON + hours * HOUR) for hours in (30, 40, 50)]
    results = await asyncio.gather(*(desk.give(draft, slot) for slot in later))
    assert sorted(map(str, results)) == sorted(map(str, [None, Refusal.GONE, Refusal.GONE]))


async def test_nobody_books_what_overlaps_with_what_they_offer(desk: Desk) -> None:
    own, theirs = a_slot(), a_slot(advisor_id=OTHER)
    assert await desk.offer(own) is None
    assert await desk.offer(theirs) is None
    assert await desk.book(own, ADVISOR) is Refusal.OWN
    assert await desk.book(theirs, ADVISOR) is Refusal.CLASH
    assert await desk.cancel(own) is None
    assert await desk.book(theirs, ADVISOR) is None
    assert await desk.offer(a_slot()) is Refusal.CLASH


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_is_done_at_once_nothing_is_given_twice(desk: Desk, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a test
    slots = [
        a_slot(NOON + dice.choice([30, 30.25, 31, 40]) * HOUR, advisor_id=dice.choice([ADVISOR, OTHER]), capacity=dice.choice([1, 2]))
        for _ in range(8)
    ]
    for slot in slots:
        await desk.offer(slot)
    kept = [slot for slot in slots if await desk.lists.get(slot.id)]

    async def act() -> None:
        slot, person = dice.choice(kept), dice.choice([AMIRA, DIEGO, OTHER, ADVISOR])
        match dice.choice(["book", "book", "back", "move", "cancel"]):
            case "book":
                await desk.book(slot, person, at_most=9)
            case "back":
                if await desk.lists.place_of(slot.id, person):
                    await desk.give_back(slot, person)
            case "move":
                if stored := await desk.lists.get(slot.id):
                    await desk.move(stored, NOON + dice.choice([30, 30.25, 31, 40]) * HOUR)
            case _:
                if dice.random() < 0.2:
                    await desk.cancel(slot)

    for _ in range(4):
        await asyncio.gather(*(act() for _ in range(8)), return_exceptions=False)
        await assert_nothing_is_given_twice(desk)


async def test_limits_are_counted_in_the_same_transaction(desk: Desk) -> None:
    ahead = [a_slot(NOON + (30 + hours) * HOUR, capacity=5) for hours in range(5)]
    assert await desk.offer(*ahead[:2]) is None
    assert await desk.offer(*ahead[2:], at_most=4) is Refusal.TOO_MANY
    assert await desk.offer(*ahead[2:], at_most_here=4) is Refusal.TOO_MANY_HERE
    assert await desk.offer(*ahead[2:]) is None
    results = await asyncio.gather(*(desk.book(slot, AMIRA, at_most=2) for slot in ahead))
    assert (results.count(None), results.count(Refusal.TOO_MANY)) == (2, 3)


async def test_another_server_and_who_is_not_stored_get_no_place(desk: Desk) -> None:
    slot = a_slot()
    assert await desk.offer(slot) is None
    assert await desk.book(slot, AMIRA, guild_id=GUILD + 1) is Refusal.GONE
    assert await desk.book(slot, 12345) is Refusal.GONE


async def test_giving_back_stops_the_reminders_at_once_and_frees_the_place(desk: Desk) -> None:
    slot = a_slot()
    assert await desk.offer(slot) is None
    assert await desk.book(slot, AMIRA) is None
    assert await desk.leads() == {"pending": 4}  # hers, and the advisor's
    assert await desk.book(slot, DIEGO) is Refusal.FULL
    assert await desk.give_back(slot, AMIRA) is None
    assert await desk.leads() == {"pending": 2, "cancelled": 2}
    assert await desk.book(slot, DIEGO) is None


async def test_booking_and_giving_back_again_and_again_has_an_end(desk: Desk) -> None:
    slot = a_slot()
    assert await desk.offer(slot) is None
    for _ in range(3):
        assert await desk.book(slot, AMIRA) is None
        assert await desk.give_back(slot, AMIRA) is None
    assert await desk.book(slot, AMIRA) is Refusal.TOO_OFTEN


async def test_cancelling_stops_all_reminders(desk: Desk) -> None:
    slot = a_slot(capacity=2)
    assert await desk.offer(slot) is None
    assert await desk.book(slot, AMIRA) is None
    assert await desk.cancel(replace(slot, advisor_id=OTHER)) is Refusal.GONE
    assert await desk.cancel(slot) is None
    assert await desk.cancel(slot) is Refusal.GONE
    assert await desk.leads() == {"cancelled": 4}
    assert await desk.book(slot, DIEGO) is Refusal.GONE
    assert await desk.lists.booked_by(AMIRA, None, NOON, 5) == []


async def test_moving_releases_who_has_another_slot_then(desk: Desk) -> None:
    moving, other = a_slot(capacity=2), a_slot(NOON + 60 * HOUR, advisor_id=OTHER)
    assert await desk.offer(moving) is None
    assert await desk.offer(other) is None
    for slot, person in ((moving, AMIRA), (moving, DIEGO), (other, AMIRA)):
        assert await desk.book(slot, person) is None
    assert await desk.move(moving, NOON + 60 * HOUR) is None
    assert [place.member_id for place in await desk.lists.places(moving.id)] == [DIEGO]
    assert await desk.move(moving, NOON + 70 * HOUR) is Refusal.GONE  # it was changed since it was read
    await assert_nothing_is_given_twice(desk)
    async with desk.store.database.read() as connection:
        due = (await connection.execute(sa.text("SELECT count(*) FROM delivery WHERE source = 'slot-lead' AND state = 'pending'"))).scalar()
    assert due == 2 + 2 + 2  # the moved one's to Diego; the other slot's to Amira and to its advisor


async def test_erasing_a_member_leaves_the_row_without_her(desk: Desk) -> None:
    slot = a_slot(place="papaya room")
    assert await desk.offer(slot) is None
    assert await desk.book(slot, AMIRA) is None
    await desk.store.privacy.erase(AMIRA)
    async with desk.store.database.read() as connection:
        rows = (await connection.execute(sa.select(bookings.c.member_id, bookings.c.state))).all()
    assert [tuple(row) for row in rows] == [(None, "cancelled")]
    assert await desk.book(slot, DIEGO) is None


async def test_erasing_an_advisor_leaves_the_row_without_them_or_their_words(desk: Desk) -> None:
    slot = a_slot(place="papaya room")
    assert await desk.offer(slot) is None
    assert await desk.book(slot, AMIRA) is None
    await desk.store.privacy.erase(ADVISOR)
    found = await desk.lists.get(slot.id)
    assert found is not None
    assert (found.advisor_id, found.place, found.state) == (None, "", SlotState.CANCELLED)


async def test_an_export_of_one_side_holds_nothing_of_the_other(desk: Desk) -> None:
    slot = a_slot(capacity=2)
    assert await desk.offer(slot) is None
    await desk.lists.save_draft(a_draft())
    for person in (AMIRA, DIEGO):
        assert await desk.book(slot, person) is None
    hers, theirs = str(await desk.store.privacy.export(AMIRA)), str(await desk.store.privacy.export(ADVISOR))
    assert slot.id in hers
    assert slot.id in theirs
    assert str(DIEGO) not in hers
    assert "papaya" not in hers
    assert "papaya" in theirs
    assert str(AMIRA) not in theirs


async def test_erasing_and_booking_at_once_leave_no_place_of_the_erased(desk: Desk) -> None:
    slot = a_slot(NOON + timedelta(minutes=30))  # no reminder is due before it, so no key of a delivery guards it
    assert await desk.offer(slot) is None
    await asyncio.gather(desk.book(slot, AMIRA), desk.store.privacy.erase(AMIRA))
    async with desk.store.database.read() as connection:
        assert AMIRA not in (await connection.execute(sa.select(bookings.c.member_id))).scalars().all()


async def test_old_drafts_go(desk: Desk) -> None:
    draft = a_draft()
    await desk.lists.save_draft(draft)
    assert await desk.lists.discard_old_drafts(NOON) == 0
    assert await desk.lists.discard_old_drafts(NOON + timedelta(seconds=1)) == 1


async def test_words_that_can_not_be_read_are_said_to_be_so(desk: Desk) -> None:
    slot, draft = a_slot(place="papaya room"), a_draft()
    assert await desk.offer(slot) is None
    await desk.lists.save_draft(draft)
    async with desk.store.database.write() as connection:
        for damaged in (table, drafts):
            await connection.execute(sa.update(damaged).values(blob=b"damaged"))
    found = await desk.lists.get(slot.id)
    assert found is not None
    assert found.place == UNREADABLE_TEXT
    assert await desk.lists.draft(draft.id) is None


async def test_what_must_not_be_is_refused_by_the_database(desk: Desk) -> None:
    assert await desk.offer(a_slot()) is None
    ends: dict[str, Any] = {"ends_at": NOON + 48 * HOUR}
    wrong = [{"state": "lost"}, {"kind": "party"}, {"capacity": 0}, {"capacity": 26}, {"advisor_id": None}, {"revision": -1}, ends]
    for values in wrong:
        with pytest.raises(sa.exc.IntegrityError):
            async with desk.store.database.write() as connection:
                await connection.execute(sa.update(table).values(values))


async def test_a_second_place_in_one_slot_is_refused_by_the_database(desk: Desk) -> None:
    slot = a_slot(capacity=3)
    assert await desk.offer(slot) is None
    row = {"slot_id": slot.id, "member_id": AMIRA, "state": "booked", "booked_at": NOON, "changed_at": NOON}
    with pytest.raises(sa.exc.IntegrityError):
        async with desk.store.database.write() as connection:
            await connection.execute(sa.insert(bookings), [row | {"id": "one"}, row | {"id": "two"}])
