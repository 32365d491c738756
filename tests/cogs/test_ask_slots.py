"""``/ask slots``: seen on two clocks, booked, given back, taken into a calendar; reminders that come in time and stop at once."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.errors import UserFacingError
from bot.scheduling.outbox import Unwanted
from bot.services.slot_messages import leads_of_member
from bot.storage.tables import delivery
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.question_cards import Desk, a_desk, said
from tests.support.reply_limits import assert_within_limits
from tests.support.slot_cards import BEGINS, HOUR, TYPED, book, choose, offered, opened, own, set_clock

DAY = 24 * HOUR


@pytest.fixture
async def desk(world: World) -> Desk:
    await set_clock(world)
    return await a_desk(world)


async def a_slot(world: World, desk: Desk, **changes: Any) -> Any:
    """Offer slots without the form; return the first."""
    return (await offered(world.services, desk.advisor.id, world.guild.id, **changes))[0]


async def listed(world: World, who: Any = None) -> Any:
    return await (who or world.amira).slash(world.general, "ask slots")


async def reachable(world: World, who: Any = None) -> None:
    await world.services.members.agree_to_messages((who or world.amira).id)


async def test_the_list_shows_two_clocks_and_how_much_is_free(world: World, desk: Desk) -> None:
    await a_slot(world, desk, series="weekly-8", place="papaya")
    shown = await listed(world)
    assert shown.ephemeral
    assert_within_limits(components(shown))
    first = text(shown).splitlines()[1:3]
    assert first[0] == f"1. **Office hours** with <@{desk.advisor.id}>, 30 minutes, 2 of 2 places free."
    assert first[1] == f"<t:{int(BEGINS.timestamp())}:F> · Tue 1 Dec 2026, 18:00 EST"
    assert "papaya" not in text(shown)
    assert "7. " in text(await world.amira.click(shown.response, label="Later"))


async def test_a_place_is_booked_shown_and_given_back(world: World, desk: Desk) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    await a_slot(world, desk, place="papaya")
    card = await opened(world, world.amira)
    assert "**On the clock of New York:** Tue 1 Dec 2026, 18:00 EST" in text(card)
    assert "**On your clock:** Wed 2 Dec 2026, 01:00 EET" in text(card)
    assert "Where to meet is shown to those who have a place." in text(card)
    assert "papaya" not in text(card)

    booked = await world.amira.click(card.response, label="Book a place")
    assert title(booked) == "Booked: Office hours"
    assert "A reminder comes a day and an hour before." in text(booked)
    assert "**Where to meet:** papaya" in text(booked)
    assert labels(booked) == ["Calendar file", "Give my place back", "Allow direct messages", "What I booked"]
    assert "**You have a place.**" in text(await listed(world))
    assert str(world.amira.id) not in text(await listed(world, world.diego))

    asked = await world.amira.click(booked.response, label="Give my place back")
    assert "You have a place." in text(await world.amira.click(asked.response, label="Keep it"))
    asked = await world.amira.click((await opened(world, world.amira)).response, label="Give my place back")
    done = await world.amira.click(asked.response, label="Give it back")
    assert title(done) == "Given back"
    assert "You have a place" not in text(await world.amira.click(done.response, label="Other slots"))


async def test_a_full_slot_can_not_be_booked_and_a_stale_button_says_so(world: World, desk: Desk) -> None:
    await a_slot(world, desk, places="1")
    hers, his = await opened(world, world.amira), await opened(world, world.diego)
    await world.amira.click(hers.response, label="Book a place")
    assert "That slot is full." in said(await world.diego.click(his.response, label="Book a place"))
    assert "Full" in labels(await opened(world, world.diego))


@pytest.mark.parametrize("second", ["1 December 2026 18:15", TYPED])
async def test_two_at_once_can_not_be_booked(world: World, desk: Desk, second: str) -> None:
    await a_slot(world, desk)
    await offered(world.services, desk.other.id, world.guild.id, when=second)
    await book(world, world.amira, number=0)
    assert "another slot at that time" in said(await book(world, world.amira, number=1))


async def test_there_is_a_most_and_an_own_slot_is_not_booked(world: World, desk: Desk) -> None:
    await a_slot(world, desk, series="weekly-6")
    for number in range(5):
        await book(world, world.amira, number=number)
    assert "5 places in coming slots" in said(await book(world, world.amira, number=5))
    assert "your own" in said(await book(world, desk.advisor))


async def test_what_has_begun_or_is_gone_can_not_be_booked(world: World, desk: Desk) -> None:
    slot = await a_slot(world, desk)
    card, his = await opened(world, world.amira), await opened(world, world.diego)
    await world.services.slot_offers.cancel(slot.id, desk.advisor.id, world.guild.id)
    assert "not there any more" in said(await world.amira.click(card.response, label="Book a place"))
    await a_slot(world, desk, when="1 December 2026 19:00")
    card = await opened(world, world.amira)
    world.clock.move_to(BEGINS + HOUR)
    assert "has begun or is over" in said(await world.amira.click(card.response, label="Book a place"))
    assert "not there any more" in said(await world.diego.click(his.response, label="Book a place"))
    assert title(await listed(world)) == "No slots"


async def test_reminders_come_a_day_and_an_hour_before_to_both(world: World, desk: Desk) -> None:
    await a_slot(world, desk, place="room 5", places="1")
    for person in (world.amira, desk.advisor):
        await reachable(world, person)
    await book(world, world.amira)
    await world.send_due()
    assert "Booked: your office hours in Residency Circle" in world.received(desk.advisor)[-1]
    assert "Places taken: 1 of 1." in world.received(desk.advisor)[-1]
    for lead, words in ((DAY, "in 1 day"), (HOUR, "in 1 hour")):
        world.clock.move_to(BEGINS - lead)
        await world.send_due()
        for person in (world.amira, desk.advisor):
            message = world.received(person)[-1]
            assert words in message
            assert "Tue 1 Dec 2026, 18:00 EST" in message
            assert "Where to meet: room 5" in message
    assert str(world.amira.id) not in "".join(world.received(desk.advisor))
    world.clock.move_to(BEGINS + HOUR)
    before = len(world.received(world.amira))
    await world.send_due()
    assert len(world.received(world.amira)) == before


async def test_of_reminders_that_are_late_only_the_last_comes(world: World, desk: Desk) -> None:
    await a_slot(world, desk)
    await reachable(world)
    await book(world, world.amira)
    world.clock.move_to(BEGINS - timedelta(minutes=50))
    await world.send_due()
    assert len(world.received(world.amira)) == 2
    assert "in 50 minutes" in world.received(world.amira)[-1]


async def test_an_advisor_whom_nobody_booked_is_not_reminded(world: World, desk: Desk) -> None:
    await a_slot(world, desk)
    await reachable(world, desk.advisor)
    world.clock.move_to(BEGINS - HOUR)
    await world.send_due()
    assert len(world.received(desk.advisor)) == 1  # the first message only


async def test_giving_back_stops_the_reminders_and_tells_the_advisor(world: World, desk: Desk) -> None:
    slot = await a_slot(world, desk)
    for person in (world.amira, desk.advisor):
        await reachable(world, person)
    _, booking = await world.services.slots.book(slot.id, world.amira.id, world.guild.id)
    await world.services.slots.give_back(booking.id, world.amira.id)
    await world.send_due()
    assert (
        "A place was given back: your office hours in Residency Circle, Tue 1 Dec 2026, 18:00 EST. Places taken: 0 of 2."
        in world.received(desk.advisor)[-1]
    )
    assert str(world.amira.id) not in world.received(desk.advisor)[-1]
    world.clock.move_to(BEGINS - HOUR)
    await world.send_due()
    assert len(world.received(world.amira)) == 1
    with pytest.raises(UserFacingError, match="no place in that slot"):
        await world.services.slots.give_back(booking.id, world.amira.id)


async def test_a_reminder_that_is_on_its_way_asks_once_more(world: World, desk: Desk) -> None:
    """It is claimed already when she gives her place back: what stands in the table is then too late to be stopped there."""
    slot = await a_slot(world, desk)
    await reachable(world)
    slot, booking = await world.services.slots.book(slot.id, world.amira.id, world.guild.id)
    lead = leads_of_member(slot, booking, world.clock.now())[0]
    loop = world.house.due_loop
    assert await world.services.slots.is_true(lead)
    await world.services.slots.give_back(booking.id, world.amira.id)
    assert loop._outbox is not None
    assert isinstance(await loop._outbox.send(lead, loop._pacer), Unwanted)
    assert len(world.received(world.amira)) == 1


async def test_without_consent_all_waits_in_the_inbox(world: World, desk: Desk) -> None:
    slot = await a_slot(world, desk)
    await book(world, world.amira)
    world.clock.move_to(BEGINS - DAY)
    await world.send_due()
    inbox = text(await world.amira.slash(world.general, "remind inbox"))
    assert "Your office hours in Residency Circle: in 1 day" in inbox
    await world.services.slot_offers.cancel(slot.id, desk.advisor.id, world.guild.id)
    await world.send_due()
    assert "Cancelled by the advisor" in text(await world.amira.slash(world.general, "remind inbox"))


async def test_a_message_that_can_not_be_read_says_so(world: World, desk: Desk) -> None:
    await a_slot(world, desk)
    await book(world, world.amira)
    async with world.house.database.write() as connection:
        await connection.execute(sa.update(delivery).where(delivery.c.source == "slot-lead").values(payload=b"damaged"))
    world.clock.move_to(BEGINS - DAY)
    await world.send_due()
    assert "can't be read any more" in text(await world.amira.slash(world.general, "remind inbox"))


async def test_a_message_opens_the_slot_and_stops_its_kind(world: World, desk: Desk) -> None:
    await a_slot(world, desk, place="room 5")
    await reachable(world)
    await book(world, world.amira)
    world.clock.move_to(BEGINS - DAY)
    await world.send_due()
    message = world.dm_of(world.amira).history()[-1]
    assert labels(message) == ["Show it", "Stop slots with advisors"]
    shown = await world.amira.user.click(message, label="Show it")
    assert "**Where to meet:** room 5" in text(shown)
    asked = await world.amira.user.click(shown.response, label="Give my place back")
    assert title(await world.amira.user.click(asked.response, label="Give it back")) == "Given back"
    await world.amira.user.click(message, label="Stop slots with advisors")
    before = len(world.received(world.amira))
    await book(world, world.amira)
    world.clock.move_to(BEGINS - HOUR)
    await world.send_due()
    assert len(world.received(world.amira)) == before


async def test_in_quiet_hours_a_reminder_waits_unless_the_slot_would_begin(world: World, desk: Desk) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    await a_slot(world, desk)  # at 01:00 in Cairo
    await reachable(world)
    await world.services.members.set_quiet_hours(world.amira.id, "22:00", "7:00")
    await book(world, world.amira)
    world.clock.move_to(BEGINS - DAY)
    await world.send_due()
    assert len(world.received(world.amira)) == 1
    world.clock.move_to(BEGINS - DAY + 6 * HOUR)
    await world.send_due()
    assert len(world.received(world.amira)) == 2
    world.clock.move_to(BEGINS - HOUR)
    await world.send_due()
    assert "in 1 hour" in world.received(world.amira)[-1]


async def test_the_calendar_file_holds_the_slot_and_names_nobody(world: World, desk: Desk) -> None:
    room = world.guild.create_voice_channel("Interview; Room")
    slot = await a_slot(world, desk, place=f"<#{room.id}>")
    booked = await book(world, world.amira)
    sent = await world.amira.click(booked.response, label="Calendar file")
    data = await file_of(sent)
    assert f"UID:{slot.id}@matchday" in data
    assert "DTSTART;TZID=America/New_York:20261201T180000" in data
    assert "DTEND;TZID=America/New_York:20261201T183000" in data
    assert "TRIGGER:-PT1H" in data
    assert "Interview\\; Room" in data
    assert "dates of the residency match" not in data.lower()
    assert str(world.amira.id) not in data
    assert str(desk.advisor.id) not in data
    await world.services.slot_offers.move(slot.id, desk.advisor.id, world.guild.id, BEGINS + DAY, 0)
    again = await file_of(await world.amira.click((await opened(world, world.amira)).response, label="Calendar file"))
    assert f"UID:{slot.id}@matchday" in again
    assert "SEQUENCE:1" in again
    theirs = await desk.advisor.click((await own(world, desk.advisor)).response, label="Calendar file")
    assert f"UID:{slot.id}@matchday" in await file_of(theirs)


async def file_of(result: Any) -> str:
    """Return the only file of a reply, unfolded."""
    message = result.followups[-1] if result.followups else result.response
    (attached,) = message.attachments
    return (await attached.read()).decode().replace("\r\n ", "")


async def test_a_change_of_the_clocks_is_warned_about(world: World, desk: Desk) -> None:
    await world.services.members.set_zone(world.amira.id, "Europe/London")
    await a_slot(world, desk, when="20 March 2027 18:00")
    for shown in (await listed(world), await opened(world, world.amira), await book(world, world.amira)):
        assert "Clocks in New York go forward 1 h on 14 March" in text(shown)
        assert "London" not in text(shown).replace("Europe/London", "")


async def test_another_server_never_sees_a_slot_and_she_sees_all_of_hers_in_messages(world: World, desk: Desk) -> None:
    slot = await a_slot(world, desk, place="papaya")
    elsewhere = world.env.create_guild("Elsewhere")
    lounge, guest = elsewhere.create_text_channel("lounge"), elsewhere.add_member(world.amira.user)
    there = await a_desk(world, elsewhere, "noor")
    await set_clock(world, guild=elsewhere)
    await book(world, world.amira)
    assert title(await guest.slash(lounge, "ask slots")) == "No slots"
    mine = await guest.click((await guest.slash(lounge, "ask slots")).response, label="What I booked")
    assert title(mine) == "Nothing booked"
    with pytest.raises(UserFacingError, match="not there any more"):
        await world.services.slots.see(slot.id, world.diego.id, elsewhere.id)
    with pytest.raises(UserFacingError, match="not there any more"):
        await world.services.slots.book(slot.id, world.diego.id, elsewhere.id)
    await offered(world.services, there.advisor.id, elsewhere.id, when="5 December 2026 18:00")
    await book(world, guest, lounge)
    seen = await world.amira.user.slash("ask slots")
    assert "in Residency Circle" in text(seen)
    assert "in Elsewhere" in text(seen)
    one = await choose(world.amira.user, seen, "Open one")
    assert "**Where to meet:** papaya" in text(one)
    assert "in Elsewhere" not in text(await world.amira.click((await listed(world)).response, label="What I booked"))


async def test_nothing_booked_is_said(world: World, desk: Desk) -> None:
    assert title(await world.amira.user.slash("ask slots")) == "Nothing booked"


async def test_one_member_reaches_nothing_of_another(world: World, desk: Desk) -> None:
    slot = await a_slot(world, desk)
    _, booking = await world.services.slots.book(slot.id, world.amira.id, world.guild.id)
    with pytest.raises(UserFacingError, match="no place in that slot"):
        await world.services.slots.give_back(booking.id, world.diego.id)
    assert "1 of 2 places free" in text(await listed(world, world.diego))
    exported = await world.services.mydata.export(world.diego.id)
    assert booking.id.encode() not in exported
    assert slot.id.encode() not in exported


async def test_erasing_her_frees_the_place_and_tells_the_advisor(world: World, desk: Desk) -> None:
    await a_slot(world, desk, places="1")
    await reachable(world, desk.advisor)
    await book(world, world.amira)
    exported = await world.services.mydata.export(world.amira.id)
    assert b"slot_bookings" in exported
    assert str(desk.advisor.id).encode() not in exported
    await world.services.mydata.erase(world.amira.id)
    await world.send_due()
    assert "Places taken: 1 of 1." not in "".join(world.received(desk.advisor))  # what is past is not told any more
    assert "Places taken: 0 of 1." in world.received(desk.advisor)[-1]
    assert "free" in text(await listed(world, world.diego))
    assert "nobody yet" in text(await own(world, desk.advisor))
    assert not any((await world.services.mydata.summary(world.amira.id)).values())


async def test_within_the_hour_it_says_that_no_reminder_comes(world: World, desk: Desk) -> None:
    await a_slot(world, desk)
    world.clock.move_to(BEGINS - timedelta(minutes=20))
    assert "It begins within the hour" in text(await book(world, world.amira))


async def test_the_bot_restarts_and_every_button_still_works(world: World, desk: Desk) -> None:
    await a_slot(world, desk)
    card = await opened(world, world.amira)
    await world.restart()
    booked = await world.amira.click(card.response, label="Book a place")
    assert title(booked) == "Booked: Office hours"
    await world.restart()
    assert "Give your place back" in title(await world.amira.click(booked.response, label="Give my place back"))
