"""``/calendar export``, ``/calendar feed`` and the picture."""

from typing import Any

import pytest

from bot.domain.member import Country
from bot.services.calendars import CalendarService
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.reply_limits import assert_within_limits

URL = "https://matchday.example.org"


@pytest.fixture
def public(world: World) -> World:
    world.services.calendars._public_url = URL
    return world


async def make(world: World) -> Any:
    offered = await world.amira.slash(world.general, "calendar feed")
    return await world.amira.click(offered.response, label="Make my feed")


def address(card: Any) -> str:
    (line,) = [line for line in text(card).splitlines() if line.startswith(URL)]
    return line


async def read(calendars: CalendarService, link: str) -> bytes | None:
    return await calendars.read_feed(link.rpartition("/")[2].removesuffix(".ics"))


async def test_the_file_is_sent_with_what_is_left_out(world: World) -> None:
    await world.services.members.set_countries(world.amira.id, frozenset(Country))
    result = await world.amira.slash(world.general, "calendar export")
    shown = result.followups[0] if result.followups else result
    assert result.ephemeral
    assert title(shown) == "The 2027 season for your calendar"
    assert "CaRMS first-iteration match day" in text(shown)
    (file,) = [each for each in components(shown) if each["type"] == 13]
    assert file["file"]["url"].endswith("matchday-2027.ics")
    assert_within_limits(components(shown))


async def test_a_year_that_is_not_held_is_a_sentence(world: World) -> None:
    result = await world.amira.slash(world.general, "calendar export", season=2050)
    shown = result.followups[0] if result.followups else result
    assert title(shown) == "I hold no calendar for 2050."


async def test_without_a_public_address_the_feed_is_not_offered(world: World) -> None:
    result = await world.amira.slash(world.general, "calendar feed")
    assert labels(result) == []
    assert "MATCHDAY_PUBLIC_URL" in text(result)


async def test_a_feed_is_made_shown_once_filled_renewed_and_switched_off(public: World) -> None:
    calendars = public.services.calendars
    made = await make(public)
    link = address(made)
    assert await read(calendars, link) is not None

    again = await public.amira.slash(public.general, "calendar feed")
    assert URL not in text(again)
    fuller = await public.amira.click(again.response, label="With my letters")
    assert "the reminders of your letters" in text(fuller)
    assert URL not in text(fuller)
    without = await public.amira.click(again.response, label="Without my letters")
    assert "the reminders of your letters" not in text(without)

    renewed = address(await public.amira.click(again.response, label="Renew the address"))
    assert renewed != link
    assert await read(calendars, link) is None
    off = await public.amira.click(again.response, label="Switch it off")
    assert title(off) == "The feed is off"
    assert await read(calendars, renewed) is None


async def test_two_presses_keep_the_first_address(public: World) -> None:
    offered = await public.amira.slash(public.general, "calendar feed")
    second = await public.amira.slash(public.general, "calendar feed")
    link = address(await public.amira.click(offered.response, label="Make my feed"))
    late = await public.amira.click(second.response, label="Make my feed")
    assert URL not in text(late)
    assert await read(public.services.calendars, link) is not None


async def test_a_button_of_a_feed_that_is_gone_says_so(public: World) -> None:
    await make(public)
    card = await public.amira.slash(public.general, "calendar feed")
    await public.services.calendars.remove_feed(public.amira.id)
    result = await public.amira.click(card.response, label="With my reminders")
    shown = result.followups[0] if result.followups else result
    assert "You have no feed." in text(shown)


async def test_another_ones_click_reaches_her_own_feed_only(public: World) -> None:
    link = address(await make(public))
    mine = await public.diego.slash(public.general, "calendar feed")
    await public.diego.click(mine.response, label="Make my feed")
    assert await read(public.services.calendars, link) is not None


async def test_the_season_is_shown_as_a_picture_with_words(world: World) -> None:
    listed = await world.amira.slash(world.general, "calendar show")
    result = await world.amira.click(listed.response, label="Picture")
    shown = result.followups[0] if result.followups else result
    (gallery,) = [each for each in components(shown) if each["type"] == 12]
    assert gallery["items"][0]["description"].startswith("Timeline of the 2027 season")
    assert_within_limits(components(shown))
