"""``/advisor slots``: an offer seen as it was read and kept once; what is typed wrongly loses nothing, what is hostile stays words."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.errors import UserFacingError
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.question_cards import Desk, a_desk, said
from tests.support.reply_limits import assert_nobody_is_mentioned, assert_within_limits
from tests.support.slot_cards import (
    BEGINS,
    HOUR,
    MINUTES,
    PLACE,
    PLACES,
    SERIES,
    WHEN,
    book,
    choose,
    fill,
    form,
    move,
    offer,
    own,
    set_clock,
)

HOSTILE = [
    "@everyone <@1100000000000001000> <@&5>",
    "[click](https://evil.example) ](x",
    "```\n# big\n> q ||s|| **b** <t:0:F>",
    "'; DROP TABLE slot; -- {0} %s \\",
    "\u202eright to left \u200b zero \x00 null",
    "*" * 100,
    "](" * 50,
    "😀" * 50,
]


@pytest.fixture
async def desk(world: World) -> Desk:
    await set_clock(world)
    return await a_desk(world)


async def mine(world: World, desk: Desk) -> list[Any]:
    return (await world.services.slot_offers.page(desk.advisor.id, world.guild.id, 30))[0]


async def test_an_offer_is_read_back_before_it_is_kept(world: World, desk: Desk) -> None:
    await world.services.members.set_zone(desk.advisor.id, "Africa/Cairo")
    shown = await fill(desk.advisor, await form(world, desk.advisor), **{PLACE: "my *office*"})
    assert shown.ephemeral
    assert title(shown) == "Is this right?"
    assert "Office hours, 30 minutes, 2 places" in text(shown)
    assert "Tue 1 Dec 2026, 18:00 EST (your clock: Wed 2 Dec 2026, 01:00 EET)" in text(shown)
    assert f"<t:{int(BEGINS.timestamp())}:F>" in text(shown)
    assert "my \\*office\\*" in text(shown)
    assert labels(shown) == ["Offer it", "Change", "Discard", "Read it on my clock (Cairo)"]
    assert await mine(world, desk) == []

    kept = await desk.advisor.click(shown.response, label="Offer it")
    assert title(kept) == "Offered"
    (slot,) = await mine(world, desk)
    assert (slot.begins_at, slot.minutes, slot.capacity, slot.place) == (BEGINS, 30, 2, "my *office*")
    assert slot.at.zone == "America/New_York"


async def test_the_other_clock_reads_the_same_words(world: World, desk: Desk) -> None:
    await world.services.members.set_zone(desk.advisor.id, "Africa/Cairo")
    shown = await fill(desk.advisor, await form(world, desk.advisor))
    before = custom_id(shown, "Offer it").rpartition(":")[2]
    turned = await desk.advisor.click(shown.response, label="Read it on my clock (Cairo)")
    assert "Tue 1 Dec 2026, 18:00 EET" in text(turned)
    assert "Read it on the server's clock (New York)" in labels(turned)
    with pytest.raises(UserFacingError, match="not there any more"):
        await world.services.slot_offers.offer(before, desk.advisor.id, world.guild.id)
    await desk.advisor.click(turned.response, label="Offer it")
    assert (await mine(world, desk))[0].begins_at == datetime(2026, 12, 1, 16, tzinfo=UTC)


def custom_id(card: Any, label: str) -> str:
    return next(each["custom_id"] for each in components(card) if each["type"] == 2 and each["label"] == label)


async def test_without_any_zone_it_says_so_and_a_typed_one_is_taken(world: World) -> None:
    desk = await a_desk(world)
    assert "no time zone to read that in" in said(await fill(desk.advisor, await form(world, desk.advisor)))
    await world.services.members.set_zone(desk.advisor.id, "Africa/Cairo")
    shown = await fill(desk.advisor, await form(world, desk.advisor), **{WHEN: "1 December 2026 18:00 ET"})
    assert "18:00 EST (your clock: Wed 2 Dec 2026, 01:00 EET)" in text(shown)
    assert labels(shown) == ["Offer it", "Change", "Discard"]


async def test_several_are_offered_in_one_form(world: World, desk: Desk) -> None:
    await offer(world, desk.advisor, **{SERIES: ["row-3"]})
    assert [each.begins_at for each in await mine(world, desk)] == [BEGINS + number * HOUR / 2 for number in range(3)]
    await offer(world, desk.other, **{SERIES: ["weekly-4"]})
    found, _ = await world.services.slot_offers.page(desk.other.id, world.guild.id, 9)
    assert [each.begins_at for each in found] == [BEGINS + number * 168 * HOUR for number in range(4)]


async def test_what_is_weekly_keeps_its_wall_time_and_the_change_of_the_clocks_is_said(world: World, desk: Desk) -> None:
    shown = await fill(desk.advisor, await form(world, desk.advisor), **{WHEN: "8 March 2027 18:00", SERIES: ["weekly-2"]})
    assert "Mon 8 Mar 2027, 18:00 EST" in text(shown)
    assert "Mon 15 Mar 2027, 18:00 EDT" in text(shown)
    assert "Clocks in New York go forward 1 h on 14 March" in text(shown)


async def test_a_time_that_the_clocks_jump_over_is_said(world: World, desk: Desk) -> None:
    shown = await fill(desk.advisor, await form(world, desk.advisor), **{WHEN: "14 March 2027 2:30"})
    assert "the clocks jump over that time" in text(shown)
    assert "03:00 EDT" in text(shown)
    await desk.advisor.click(shown.response, label="Offer it")
    assert (await mine(world, desk))[0].begins_at == datetime(2027, 3, 14, 7, tzinfo=UTC)


async def test_a_time_that_may_be_two_is_asked_about(world: World, desk: Desk) -> None:
    shown = await fill(desk.advisor, await form(world, desk.advisor), **{WHEN: "03/04/2027 18:00"})
    assert title(shown) == "Which time do you mean?"
    read = await choose(desk.advisor, shown, "Choose the time", 1)
    assert title(read) == "Is this right?"
    assert "Sat 3 Apr 2027, 18:00 EDT" in text(read)
    await desk.advisor.click(read.response, label="Offer it")
    assert len(await mine(world, desk)) == 1


WRONG: list[tuple[dict[str, Any], str]] = [
    ({WHEN: "yesterday 18:00"}, "That time has passed."),
    ({WHEN: "when pigs fly"}, "I can't read that date and time."),
    ({WHEN: "every Monday 18:00"}, "That comes again and again."),
    ({WHEN: "3 days before match day"}, "A time is needed here"),
    ({WHEN: "1 June 2028 18:00"}, "more than a year ahead"),
    ({MINUTES: "0"}, "can't take that length"),
    ({MINUTES: "half an hour"}, "can't take that length"),
    ({PLACES: "26"}, "number of places"),
    ({PLACES: "many"}, "number of places"),
]


async def test_what_can_not_be_taken_is_said_and_nothing_is_lost(world: World, desk: Desk) -> None:
    asked = await form(world, desk.advisor)
    for changes, problem in WRONG:
        shown = await fill(desk.advisor, asked, **(changes | {PLACE: "room papaya"}))
        assert problem in text(shown)
        asked = await desk.advisor.click(shown.response, label="Change")
        assert "room papaya" in str(asked.modal)
        assert next(iter(changes.values())) in str(asked.modal)
    assert title(await fill(desk.advisor, asked)) == "Is this right?"
    assert await mine(world, desk) == []


async def test_a_time_that_passed_since_it_was_read_is_refused(world: World, desk: Desk) -> None:
    shown = await fill(desk.advisor, await form(world, desk.advisor), **{WHEN: "in 2 hours"})
    world.clock.advance(3 * HOUR)
    assert "That time has passed." in said(await desk.advisor.click(shown.response, label="Offer it"))
    assert await mine(world, desk) == []


async def test_offering_twice_offers_once(world: World, desk: Desk) -> None:
    shown = await fill(desk.advisor, await form(world, desk.advisor))
    pressed = custom_id(shown, "Offer it")
    draft_id = pressed.rpartition(":")[2]
    await desk.advisor.click(shown.response, label="Offer it")
    with pytest.raises(UserFacingError, match="not there any more"):
        await world.services.slot_offers.offer(draft_id, desk.advisor.id, world.guild.id)
    assert len(await mine(world, desk)) == 1


async def test_slots_of_one_advisor_do_not_overlap(world: World, desk: Desk) -> None:
    await offer(world, desk.advisor)
    refused = await offer(world, desk.advisor, **{WHEN: "1 December 2026 18:29"})
    assert "another slot at that time" in said(refused)
    assert "Offered" in said(await offer(world, desk.advisor, **{WHEN: "1 December 2026 18:30"}))
    assert "Offered" in said(await offer(world, desk.other))


async def test_there_is_a_most(world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.slot_offers.MOST_OFFERED", 3)
    await offer(world, desk.advisor, **{SERIES: ["row-3"]})
    assert "more than 40 coming slots of yours" in said(await offer(world, desk.advisor, **{WHEN: "2 December 2026 18:00"}))
    monkeypatch.setattr("bot.services.slot_offers.MOST_HERE", 3)
    assert "coming slots in this server" in said(await offer(world, desk.other))


async def test_a_draft_can_be_discarded_and_ends_after_a_day(world: World, desk: Desk) -> None:
    shown = await fill(desk.advisor, await form(world, desk.advisor))
    assert title(await desk.advisor.click(shown.response, label="Discard")) == "Discarded"
    assert (await world.services.mydata.summary(desk.advisor.id))["slot_drafts"] == 0
    shown = await fill(desk.advisor, await form(world, desk.advisor))
    world.clock.advance(25 * HOUR)
    assert "not there any more" in said(await desk.advisor.click(shown.response, label="Offer it"))
    await world.restart()
    assert (await world.services.mydata.summary(desk.advisor.id))["slot_drafts"] == 0


async def test_a_voice_channel_is_found_by_its_name(world: World, desk: Desk) -> None:
    room = world.guild.create_voice_channel("Interview Room")
    await offer(world, desk.advisor, **{PLACE: " #interview  room"})
    assert (await mine(world, desk))[0].place == f"<#{room.id}>"
    assert f"**Where to meet:** <#{room.id}>" in text(await own(world, desk.advisor))


async def test_hostile_words_in_every_field_stay_words(world: World, desk: Desk) -> None:
    asked = await form(world, desk.advisor)
    for words in HOSTILE:
        for changes in ({WHEN: words}, {MINUTES: words[:12], PLACES: words[:12]}, {PLACE: words}):
            shown = await fill(desk.advisor, asked, **changes)
            assert_within_limits(components(shown))
            assert "](https" not in text(shown)
            asked = await desk.advisor.click(shown.response, label="Change")
    assert await mine(world, desk) == []
    nasty = ("[x](https://evil.example) @everyone " + "*" * 100)[:100]
    await desk.advisor.click((await fill(desk.advisor, asked, **{PLACE: nasty})).response, label="Offer it")
    card = await own(world, desk.advisor)
    booked = await book(world, world.amira)
    for shown in (card, booked, await move(world, desk.advisor, nasty)):
        assert_within_limits(components(shown))
        assert "](https" not in text(shown)
    await world.amira.click(booked.response, label="Allow direct messages")
    world.clock.move_to(BEGINS - HOUR)
    await world.send_due()
    assert "](https" not in world.received(world.amira)[-1]
    assert_nobody_is_mentioned([each for each in world.env.http_requests if each.path.endswith("/messages")])


async def test_the_bot_restarts_and_every_button_still_works(world: World, desk: Desk) -> None:
    shown = await fill(desk.advisor, await form(world, desk.advisor))
    await world.restart()
    assert title(await desk.advisor.click(shown.response, label="Offer it")) == "Offered"
    listed = await own(world, desk.advisor)
    await world.restart()
    assert "Cancel this slot" in title(await desk.advisor.click(listed.response, label="Cancel"))
