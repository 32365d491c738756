"""``/start``: a first session by taps, by typing, with closed direct messages, and again later."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.member import Country, DirectMessages
from tests.cogs.conftest import World, labels, options, text, title

ZONES_A_PAGE = 25


async def by_taps(world: World, *, until: str = "done") -> Any:
    """Go through the first session by taps; return the card, which is edited in place."""
    card = (await world.amira.slash(world.general, "start")).response
    await world.amira.select(card, ["Africa"])
    await world.amira.select(card, ["Africa/Cairo"])
    await world.amira.click(card, label="Both")
    await world.amira.click(card, label="2027 Match")
    if until == "messages":
        return card
    await world.amira.click(card, label="Yes")
    return card


async def test_the_whole_first_session_can_be_done_by_taps(world: World) -> None:
    card = await by_taps(world)

    member = await world.services.members.get(world.amira.id)
    assert (member.zone, member.countries, member.target_year) == ("Africa/Cairo", frozenset(Country), 2027)
    assert member.direct_messages is DirectMessages.ON
    assert member.consented_at == world.clock.now()
    assert title(card) == "You are set up"
    assert "Your next date" in text(card)
    assert "your clock" in text(card)
    assert "/countdown" in text(card)


async def test_only_she_sees_it(world: World) -> None:
    result = await world.amira.slash(world.general, "start")

    assert result.ephemeral
    assert world.general.last_message is None or world.general.history(viewer=world.diego) == []


async def test_every_answer_is_stored_as_it_is_given(world: World) -> None:
    card = (await world.amira.slash(world.general, "start")).response
    await world.amira.select(card, ["Asia"])
    await world.amira.select(card, ["Asia/Karachi"])

    assert (await world.services.members.get(world.amira.id)).zone == "Asia/Karachi"
    again = await world.amira.slash(world.general, "start")
    assert title(again) == "Where you apply"


async def test_nothing_is_sent_before_she_agrees(world: World) -> None:
    card = await by_taps(world, until="messages")
    assert "Nothing has been sent to you so far." in text(card)
    assert world.received(world.amira) == []

    await world.amira.click(card, label="Not now")

    assert world.received(world.amira) == []
    assert (await world.services.members.get(world.amira.id)).direct_messages is DirectMessages.OFF
    assert title(card) == "You are set up"
    assert "Direct messages are off." in text(card)


async def test_when_she_agrees_one_message_proves_that_it_arrives(world: World) -> None:
    await by_taps(world)

    (greeting,) = world.received(world.amira)
    assert greeting.startswith("Direct messages work.")


async def test_closed_messages_are_told_at_once_with_how_to_open_them(world: World) -> None:
    card = await by_taps(world, until="messages")
    world.refuse_messages(world.amira)

    await world.amira.click(card, label="Yes")

    assert title(card) == "Direct messages are closed"
    assert "Privacy Settings" in text(card)
    assert "Content & Social" in text(card)
    assert "Messages wait for you" not in text(card)
    assert (await world.services.members.get(world.amira.id)).direct_messages is DirectMessages.CLOSED

    await world.amira.click(card, label="Try again")

    assert title(card) == "You are set up"
    assert len(world.received(world.amira)) == 1
    assert (await world.services.members.get(world.amira.id)).direct_messages is DirectMessages.ON


async def test_closed_messages_can_be_left_for_later(world: World) -> None:
    card = await by_taps(world, until="messages")
    world.refuse_messages(world.amira)
    await world.amira.click(card, label="Yes")

    await world.amira.click(card, label="Later")

    assert "Discord refuses my direct messages to you." in text(card)


async def test_back_leads_through_every_question(world: World) -> None:
    card = await by_taps(world)
    titles = []
    for _ in range(4):
        await world.amira.click(card, label="Back")
        titles.append(title(card))

    assert titles == ["Direct messages", "Your year", "Where you apply", "Your time zone"]
    await world.amira.select(card, ["Europe"])
    await world.amira.click(card, label="Back")
    assert title(card) == "Your time zone"


async def test_zones_are_paged_and_show_their_time(world: World) -> None:
    card = (await world.amira.slash(world.general, "start")).response
    await world.amira.select(card, ["Africa"])
    seen = []
    while True:
        seen.append(options(card))
        if title(card).endswith("page 3 of 3"):
            break
        await world.amira.click(card, label="Later")

    values = [option["value"] for page in seen for option in page]
    assert [len(page) for page in seen[:2]] == [ZONES_A_PAGE, ZONES_A_PAGE]
    assert len(values) == len(set(values)) == len(world.services.catalogue.zones.in_region("Africa"))
    cairo = next(option for page in seen for option in page if option["value"] == "Africa/Cairo")
    assert cairo["label"].startswith("Sun 14:00 · Cairo")
    await world.amira.click(card, label="Earlier")
    assert title(card).endswith("page 2 of 3")


async def test_every_region_can_be_opened(world: World) -> None:
    card = (await world.amira.slash(world.general, "start")).response
    for region in [option["value"] for option in options(card)]:
        await world.amira.select(card, [region])
        assert region in title(card)
        await world.amira.click(card, label="Back")


@pytest.mark.parametrize(("typed", "zone"), [("Africa/Cairo", "Africa/Cairo"), ("lahore", "Asia/Karachi"), ("  mumbai ", "Asia/Kolkata")])
async def test_the_zone_can_be_typed(world: World, typed: str, zone: str) -> None:
    result = await world.amira.slash(world.general, "start", zone=typed)

    assert (await world.services.members.get(world.amira.id)).zone == zone
    assert title(result) == "Where you apply"
    assert zone in text(result)


@pytest.mark.parametrize("typed", ["Nowhereville", "😀", "a" * 5_000, "\u200b", "قاهرةةةة", "@everyone", "../../etc/passwd"])
async def test_an_unknown_zone_is_a_sentence_and_nothing_is_stored(world: World, typed: str) -> None:
    result = await world.amira.slash(world.general, "start", zone=typed)

    assert title(result) == "That is not a time zone I know."
    assert result.ephemeral
    assert not any((await world.services.mydata.summary(world.amira.id)).values())


async def test_zones_are_suggested_by_city_with_their_time(world: World) -> None:
    choices = await world.amira.autocomplete(world.general, "start", "zone", "cairo")

    assert choices[0]["value"] == "Africa/Cairo"
    assert choices[0]["name"].startswith("Sun 14:00 · Cairo")
    for typed in ("", "x" * 5_000, "😀"):
        offered = await world.amira.autocomplete(world.general, "start", "zone", typed)
        assert len(offered) <= 25


async def test_again_it_shows_the_settings_and_changes_one(world: World) -> None:
    await by_taps(world)

    card = (await world.amira.slash(world.general, "start")).response
    assert title(card) == "Your settings"
    assert "Africa/Cairo" in text(card)
    assert "United States and Canada" in text(card)
    assert "the 2027 Match" in text(card)
    assert "**Direct messages:** on" in text(card)

    await world.amira.click(card, label="Change countries")
    await world.amira.click(card, label="Canada")
    assert title(card) == "Your settings"
    await world.amira.click(card, label="Change year")
    await world.amira.click(card, label="2028 Match")
    await world.amira.click(card, label="Change zone")
    await world.amira.select(card, ["Europe"])
    await world.amira.select(card, ["Europe/Berlin"])

    member = await world.services.members.get(world.amira.id)
    assert (member.zone, member.countries, member.target_year) == ("Europe/Berlin", frozenset({Country.CANADA}), 2028)
    assert title(card) == "Your settings"


async def test_messages_can_be_switched_off_again(world: World) -> None:
    await by_taps(world)
    card = (await world.amira.slash(world.general, "start")).response

    await world.amira.click(card, label="Change messages")
    assert labels(card) == ["Keep them on", "Switch them off"]
    await world.amira.click(card, label="Switch them off")

    member = await world.services.members.get(world.amira.id)
    assert member.direct_messages is DirectMessages.OFF
    assert member.consented_at is None
    await world.amira.click(card, label="Change messages")
    assert "Nothing has been sent to you so far." not in text(card)


async def test_agreeing_twice_from_an_old_card_sends_one_message(world: World) -> None:
    first = await by_taps(world, until="messages")
    second = (await world.amira.slash(world.general, "start")).response
    await world.amira.click(second, label="Change messages")
    await world.amira.click(first, label="Yes")
    await world.amira.click(second, label="Yes")

    assert len(world.received(world.amira)) == 1


async def test_a_country_without_a_calendar_is_said(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    await world.services.members.set_countries(world.amira.id, frozenset({Country.CANADA}))
    await world.services.members.set_target_year(world.amira.id, 2028)
    card = (await world.amira.slash(world.general, "start")).response
    await world.amira.click(card, label="Change messages")
    await world.amira.click(card, label="Not now")
    result = await world.amira.click(card, label="Show the next dates")

    assert "I hold no calendar for 2028." in text(result)


async def test_the_card_works_after_a_restart(world: World) -> None:
    card = (await world.amira.slash(world.general, "start")).response
    await world.restart()
    await world.amira.select(card, ["Africa"])

    assert title(card).startswith("Your time zone: Africa")


async def test_a_year_that_has_passed_meanwhile_is_a_sentence(world: World) -> None:
    card = (await world.amira.slash(world.general, "start", zone="cairo")).response
    await world.amira.click(card, label="Both")
    world.clock.advance(timedelta(days=180))
    result = await world.amira.click(card, label="2027 Match")

    assert title(result) == "I hold no dates for 2027."


async def test_it_works_in_direct_messages(world: World) -> None:
    card = (await world.amira.user.slash("start")).response
    await world.amira.user.select(card, ["Africa"])
    await world.amira.user.select(card, ["Africa/Cairo"])

    assert (await world.services.members.get(world.amira.id)).zone == "Africa/Cairo"


async def test_the_next_dates_open_from_the_last_card(world: World) -> None:
    card = await by_taps(world)
    result = await world.amira.click(card, label="Show the next dates")

    assert "2027 Match" in title(result)
    assert title(card) == "You are set up"
