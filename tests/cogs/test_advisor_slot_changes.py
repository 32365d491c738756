"""An advisor's own slots: who booked, moved, cancelled, erased; who has a place is told, and nobody else sees who has."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import UserFacingError
from tests.cogs.conftest import World, components, text, title
from tests.support.question_cards import MANAGER, Desk, a_desk, said, say
from tests.support.reply_limits import assert_within_limits
from tests.support.slot_cards import (
    BEGINS,
    HOUR,
    PLACE,
    SERIES,
    WHEN,
    book,
    fill,
    form,
    menu,
    move,
    offer,
    offered,
    opened,
    own,
    set_clock,
    use_advisor,
)


@pytest.fixture
async def desk(world: World) -> Desk:
    await set_clock(world)
    return await a_desk(world)


async def mine(world: World, desk: Desk) -> list[Any]:
    return (await world.services.slot_offers.page(desk.advisor.id, world.guild.id, 30))[0]


async def test_the_list_counts_places_and_one_slot_says_who_booked(world: World, desk: Desk) -> None:
    await offer(world, desk.advisor)
    await book(world, world.amira)
    listed = await use_advisor(world, desk.advisor)
    assert "1 of 2 places taken" in text(listed)
    assert str(world.amira.id) not in text(listed)
    assert f"**Booked by:** <@{world.amira.id}>" in text(await own(world, desk.advisor))


async def test_another_advisor_and_a_manager_reach_nothing_of_it(world: World, desk: Desk) -> None:
    (slot,) = await offered(world.services, desk.advisor.id, world.guild.id)
    offers = world.services.slot_offers
    await world.services.slots.book(slot.id, world.amira.id, world.guild.id)
    for attempt in (offers.hers, offers.places, offers.cancel):
        for person, guild in ((desk.other.id, world.guild.id), (MANAGER, world.guild.id), (desk.advisor.id, 12345)):
            with pytest.raises(UserFacingError, match="not yours"):
                await attempt(slot.id, person, guild)
    with pytest.raises(UserFacingError, match="not yours"):
        await offers.move(slot.id, desk.other.id, world.guild.id, BEGINS + HOUR, 0)
    assert str(world.amira.id) not in text(await use_advisor(world, desk.other))


@pytest.mark.parametrize("who", ["amira", "moderator"])
async def test_who_is_no_advisor_is_refused(world: World, desk: Desk, who: str) -> None:
    person = world.amira if who == "amira" else desk.moderator
    assert "offered by the advisors of this server" in said(await use_advisor(world, person))


async def test_who_lost_the_role_is_refused_at_the_next_step(world: World, desk: Desk) -> None:
    shown = await fill(desk.advisor, await form(world, desk.advisor))
    await world.services.servers.change(world.guild.id, MANAGER, advisor_roles=frozenset())
    for label in ("Offer it", "Change"):
        assert "offered by the advisors of this server" in said(await desk.advisor.click(shown.response, label=label))
    assert await mine(world, desk) == []


async def test_cancelling_asks_first_and_tells_who_booked(world: World, desk: Desk) -> None:
    await offer(world, desk.advisor)
    await world.amira.click((await book(world, world.amira)).response, label="Allow direct messages")
    asked = await desk.advisor.click((await own(world, desk.advisor)).response, label="Cancel")
    assert "1 member will be told" in text(asked)
    assert "Your slot" in title(await desk.advisor.click(asked.response, label="Keep it"))
    asked = await desk.advisor.click((await own(world, desk.advisor)).response, label="Cancel")
    done = await desk.advisor.click(asked.response, label="Cancel the slot")
    assert "1 member who booked it will be told" in text(done)
    await world.send_due()
    message = world.received(world.amira)[-1]
    assert "Cancelled by the advisor" in message
    assert "Residency Circle" in message
    world.clock.move_to(BEGINS)
    before = len(world.received(world.amira))
    await world.send_due()
    assert len(world.received(world.amira)) == before
    assert "No slots" in text(await world.amira.slash(world.general, "ask slots"))


async def test_moving_is_read_back_and_the_reminders_move_along(world: World, desk: Desk) -> None:
    await offer(world, desk.advisor)
    await world.amira.click((await book(world, world.amira)).response, label="Allow direct messages")
    asked = await move(world, desk.advisor, "3 December 2026 19:00")
    assert title(asked) == "Move it to this time?"
    assert "Thu 3 Dec 2026, 19:00 EST" in text(asked)
    assert "1 member with a place will be told" in text(asked)
    moved = await desk.advisor.click(asked.response, label="Move it")
    assert "1 member with a place will be told" in text(moved)
    await world.send_due()
    message = world.received(world.amira)[-1]
    assert "It was Tue 1 Dec 2026, 18:00 EST" in message
    assert "It is Thu 3 Dec 2026, 19:00 EST" in message
    count = len(world.received(world.amira))
    world.clock.move_to(BEGINS)
    await world.send_due()
    assert len(world.received(world.amira)) == count
    world.clock.move_to(BEGINS + 48 * HOUR)
    await world.send_due()
    assert "in 1 hour" in world.received(world.amira)[-1]


async def test_in_quiet_hours_she_hears_of_a_move_before_she_would_come_for_nothing(world: World, desk: Desk) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    await offer(world, desk.advisor)  # at 01:00 in Cairo
    await world.amira.click((await book(world, world.amira)).response, label="Allow direct messages")
    await world.services.members.set_quiet_hours(world.amira.id, "22:00", "7:00")
    world.clock.move_to(BEGINS - 2 * HOUR)
    asked = await move(world, desk.advisor, "9 December 2026 19:00")
    await desk.advisor.click(asked.response, label="Move it")
    await world.send_due()
    assert world.received(world.amira)[-1].startswith("Moved: your office hours")


async def test_how_the_new_time_was_read_is_said(world: World, desk: Desk) -> None:
    await offer(world, desk.advisor)
    assert "the clocks jump over that time" in text(await move(world, desk.advisor, "14 March 2027 2:30"))
    assert "You named no hour, so I took 09:00." in text(await move(world, desk.advisor, "15 March 2027"))


async def test_a_move_that_can_not_be_is_said(world: World, desk: Desk) -> None:
    await offer(world, desk.advisor)
    for when, problem in (("yesterday", "That time has passed."), ("nonsense", "I can't read"), ("every day 9:00", "again and again")):
        assert problem in said(await move(world, desk.advisor, when))
    assert (await mine(world, desk))[0].begins_at == BEGINS


async def test_a_move_into_two_times_or_onto_another_slot(world: World, desk: Desk) -> None:
    await offer(world, desk.advisor)
    await offer(world, desk.advisor, **{WHEN: "2 December 2026 18:00"})
    asked = await move(world, desk.advisor, "03/04/2027 18:00")
    assert title(asked) == "Which time do you mean?"
    assert "another slot at that time" in said(await clicked(desk, await move(world, desk.advisor, "2 December 2026 18:15")))
    await desk.advisor.click(asked.response, label="To Sat 3 Apr 2027, 18:00 EDT")
    assert (await mine(world, desk))[-1].begins_at == datetime(2027, 4, 3, 22, tzinfo=UTC)
    slot = (await mine(world, desk))[-1]
    with pytest.raises(UserFacingError, match="has changed since"):  # as from a card that was opened before
        await world.services.slot_offers.move(slot.id, desk.advisor.id, world.guild.id, BEGINS + 200 * HOUR, 0)


async def clicked(desk: Desk, card: Any) -> Any:
    return await desk.advisor.click(card.response, label="Move it")


async def test_who_has_another_slot_at_the_new_time_is_released_and_told(world: World, desk: Desk) -> None:
    await offer(world, desk.advisor)
    await offer(world, desk.other, **{WHEN: "4 December 2026 18:00"})
    await book(world, world.amira, number=0)
    await book(world, world.amira, number=1)
    moved = await clicked(desk, await move(world, desk.advisor, "4 December 2026 18:10"))
    assert "1 member had another slot then" in text(moved)
    assert "nobody yet" in text(moved)
    await world.send_due()
    inbox = text(await world.amira.slash(world.general, "remind inbox"))
    assert "So your place in it was given back" in inbox


async def test_where_to_meet_can_be_said_later_and_is_told(world: World, desk: Desk) -> None:
    await offer(world, desk.advisor)
    await book(world, world.amira)
    kept = await say(desk.advisor, await desk.advisor.click((await own(world, desk.advisor)).response, label="Where to meet"), "room 5")
    assert "1 member with a place will be told" in text(kept)
    await world.send_due()
    assert "Where to meet: room 5" in text(await world.amira.slash(world.general, "remind inbox"))
    assert "**Where to meet:** room 5" in text(await opened(world, world.amira))
    assert "room 5" not in text(await opened(world, world.diego))


async def test_the_list_pages(world: World, desk: Desk) -> None:
    await offer(world, desk.advisor, **{SERIES: ["weekly-8"]})
    first = await use_advisor(world, desk.advisor)
    assert_within_limits(components(first))
    assert len(menu(first, "Open one")["options"]) == 6
    assert "7. " in text(await desk.advisor.click(first.response, label="Later"))


async def test_erasing_an_advisor_cancels_and_tells(world: World, desk: Desk) -> None:
    await offer(world, desk.advisor, **{PLACE: "papaya"})
    await book(world, world.amira)
    exported = await world.services.mydata.export(desk.advisor.id)
    assert b"papaya" in exported
    assert str(world.amira.id).encode() not in exported
    await world.services.mydata.erase(desk.advisor.id)
    await world.send_due()
    assert "Cancelled by the advisor" in text(await world.amira.slash(world.general, "remind inbox"))
    assert not any((await world.services.mydata.summary(desk.advisor.id)).values())


async def test_what_is_over_is_not_listed_and_not_changed(world: World, desk: Desk) -> None:
    await offer(world, desk.advisor)
    card = await own(world, desk.advisor)
    world.clock.move_to(BEGINS + timedelta(minutes=31))
    asked = await desk.advisor.click(card.response, label="Cancel")
    assert "has begun or is over" in said(await desk.advisor.click(asked.response, label="Cancel the slot"))
    assert await mine(world, desk) == []
