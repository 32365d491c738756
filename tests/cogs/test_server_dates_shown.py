"""A server's own date, away from the countdown: in the guard, the moments, ``/start``, ``/faq``, the file and the feed."""

from typing import Any

import pytest

from bot.services.server_dates import Typed
from tests.cogs.conftest import World, components, text
from tests.cogs.test_broadcast import announcements, draft, posted, priya
from tests.cogs.test_calendar_feed import address, make, public, read
from tests.services.test_calendars import entries
from tests.support.reply_limits import assert_within_limits

__all__ = ["announcements", "priya", "public"]

RANK_LIST, MATCH_DAY = "us-2027-rank-list-deadline", "us-2027-match-day"
PAGE = "https://www.nrmp.org/calendar"
BY_SERVER = "onfirmed by this server on 22 Nov 2026"
SEASONS = "he season holds Fri 19 Mar 2027, 12:00 EDT, estimated by a rule, not announced"


async def correct(world: World, event: str = MATCH_DAY, when: str = "20 March 2027 12:00 ET", guild: Any = None) -> None:
    await world.services.server_dates.correct((guild or world.guild).id, event, Typed(when, PAGE), world.diego.id)


async def confirm(world: World, event: str = MATCH_DAY) -> None:
    await world.services.server_dates.confirm(world.guild.id, event, PAGE, world.diego.id)


@pytest.fixture
def there(world: World) -> Any:
    """Return another server, that holds nothing of its own."""
    return world.env.create_guild("Other Circle")


async def test_the_guard_takes_the_servers_own_date_for_right(world: World, priya: Any, announcements: Any) -> None:
    await correct(world)
    shown = text(await draft(world, priya, announcements, "Match Day is March 20", "See you there."))
    assert "The guard found nothing to warn of." in shown


async def test_the_guard_warns_of_what_contradicts_the_servers_own_date_and_says_whose_it_is(
    world: World, priya: Any, announcements: Any
) -> None:
    await correct(world)
    shown = text(await draft(world, priya, announcements, "Match Day is March 19", "See you there."))
    assert "`Match Day is March 19`" in shown
    assert "Match Day: Sat 20 Mar 2027, 12:00 EDT. Your draft differs from the date that this server confirmed." in shown
    assert f"[nrmp.org](<{PAGE}>) · t{SEASONS}" in shown


async def test_the_guard_of_another_server_knows_nothing_of_it(world: World, priya: Any, announcements: Any, there: Any) -> None:
    await correct(world, guild=there)
    shown = text(await draft(world, priya, announcements, "Match Day is March 20", "See you there."))
    assert "Match Day: Fri 19 Mar 2027, 12:00 EDT. Your draft differs from the estimate" in shown


async def test_a_moment_of_match_week_is_the_servers_own(world: World, priya: Any, announcements: Any) -> None:
    await correct(world)
    await confirm(world, "us-2027-match-status")
    preview = await draft(world, priya, announcements)
    select = [each for each in components(preview) if each["type"] == 3][-1]
    offered = {each["value"]: each["description"] for each in select["options"]}
    assert offered[MATCH_DAY] == "Sat 20 Mar 2027, 12:00 EDT, confirmed by this server; season: Fri 19 Mar 2027, 12:00 EDT"
    assert offered["us-2027-match-status"].endswith(", confirmed by this server")
    await priya.select(preview.response, [MATCH_DAY], custom_id=select["custom_id"])
    assert "Sat 20 Mar 2027, 12:00 EDT" in text(preview.response)
    assert_within_limits(components(preview.response))
    assert posted(announcements) == []


async def test_a_moment_without_an_hour_is_not_offered(world: World, priya: Any, announcements: Any) -> None:
    await correct(world, when="20 March 2027")
    preview = await draft(world, priya, announcements)
    select = [each for each in components(preview) if each["type"] == 3][-1]
    assert MATCH_DAY not in {each["value"] for each in select["options"]}


async def test_start_ends_with_the_servers_own_next_date(world: World) -> None:
    event = world.services.season.ahead(await world.services.members.get(world.amira.id)).dated[0]
    await correct(world, event.id, "15 December 2026 09:00 ET")
    card = (await world.amira.slash(world.general, "start", zone="Africa/Cairo")).response
    await world.amira.click(card, label="United States")
    await world.amira.click(card, label="2027 Match")
    await world.amira.click(card, label="Not now")
    assert f"Your next date: {event.name}" in text(card)
    assert "Tue 15 Dec 2026, 09:00 EST" in text(card)
    assert BY_SERVER in text(card)


async def test_an_answer_shows_the_servers_own_date_also_when_shared(world: World) -> None:
    await correct(world, RANK_LIST, "March 5 2027 9:00 PM ET")
    result = await world.amira.slash(world.general, "faq", question="rank list deadline")
    shared = await world.amira.click(result.response, label="Share here")
    for shown in (text(result), text(shared.response or world.general.last_message)):
        assert "Fri 5 Mar 2027, 21:00 EST" in shown
        assert BY_SERVER in shown
        assert "he season holds Wed 3 Mar 2027, 21:00 EST" in shown
    assert "Fri 5 Mar" not in text(await world.amira.user.slash("faq", question="rank list deadline"))


async def test_the_file_holds_both_dates_and_says_whose_each_is(world: World) -> None:
    await correct(world, RANK_LIST, "March 5 2027 9:00 PM ET")
    result = await world.amira.slash(world.general, "calendar export")
    shown = text(result.followups[0] if result.followups else result)
    assert "This server holds dates of its own; the season's stand in the file beside them:" in shown
    assert "**Rank order list deadline:** Fri 5 Mar 2027, 21:00 EST" in shown
    assert BY_SERVER in shown
    member = await world.services.members.get(world.amira.id)
    found = entries(await world.services.calendars.export(member, 2027, world.guild.id))
    own = found[f"{RANK_LIST}.{world.guild.id}@matchday"]
    assert (own.dtstart.day, own.summary) == (5, "Rank order list deadline (2027 Match), confirmed by your server")
    assert own.description is not None
    assert own.description.startswith(f"Confirmed for your server by its managers on 22 November 2026. Source: {PAGE}\nThe season holds ")
    assert "Wednesday 3 March 2027, 21:00 (America/New_York)" in own.description
    assert found[f"{RANK_LIST}@matchday"].dtstart.day == 3
    assert len(entries(await world.services.calendars.export(member, 2027))) == len(found) - 1


async def test_the_file_takes_back_what_the_server_took_back(world: World) -> None:
    await correct(world)
    member = await world.services.members.get(world.amira.id)
    key = f"{MATCH_DAY}.{world.guild.id}@matchday"
    assert entries(await world.services.calendars.export(member, 2027, world.guild.id))[key].status == "TENTATIVE"
    await world.services.server_dates.take_back(world.guild.id, MATCH_DAY)
    gone = entries(await world.services.calendars.export(member, 2027, world.guild.id))[key]
    assert (gone.status, gone.sequence) == ("CANCELLED", 1)


async def test_the_feed_holds_the_dates_of_her_own_servers_and_of_no_other(public: World, there: Any) -> None:
    third = public.env.create_guild("Third Circle")
    for guild, day in ((public.guild, 20), (there, 21), (third, 22)):
        await correct(public, when=f"{day} March 2027 12:00 ET", guild=guild)
    link = address((await make(public)).response)
    await public.services.reminders.remind_before(public.amira.id, RANK_LIST, "1w", there.id)
    found = entries(await read(public.services.calendars, link) or b"")
    assert sorted(event.dtstart.day for uid, event in found.items() if uid.startswith(MATCH_DAY)) == [19, 20, 21]
    await public.services.members.get(public.amira.id)
    export = await public.services.mydata.export(public.amira.id)
    assert str(public.guild.id) in str(export)
