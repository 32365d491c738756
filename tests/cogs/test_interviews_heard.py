"""``/interviews heard``: off until a manager wants it, three members before anything is shown, never who."""

from datetime import timedelta
from typing import Any

import discord
import pytest

from bot.domain.servers import Feature
from bot.services.interviews_heard import MOST_A_DAY
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.question_cards import fields, moderators, said
from tests.support.reply_limits import assert_within_limits

BOSTON = "Boston Medical, IM"
SPELLINGS = (BOSTON, "boston medical IM", "BOSTON-MEDICAL (IM)", BOSTON)


@pytest.fixture
def priya(world: World) -> Any:
    return moderators(world)


async def on(world: World, guild: Any = None) -> None:
    await world.services.servers.switch((guild or world.guild).id, 5, Feature.INTERVIEW_BOARD, is_on=True)


def people(world: World, number: int, guild: Any = None, name: str = "noor") -> list[Any]:
    return [(guild or world.guild).add_member(world.env.create_user(f"{name}{each}")) for each in range(number)]


async def report(who: Any, channel: Any, program: str = BOSTON, day: str = "20 Nov") -> Any:
    return await who.slash(channel, "interviews heard", program=program, date=day)


async def board(world: World, who: Any = None, channel: Any = None) -> Any:
    return await (who or world.amira).slash(channel or world.general, "interviews heard")


def choices(card: Any, prefix: str) -> tuple[str, list[str]]:
    (found,) = [each for each in components(card) if each["type"] == 3 and each["custom_id"].startswith(prefix)]
    return found["custom_id"], [each["value"] for each in found["options"]]


async def test_it_is_off_until_a_manager_switches_it_on(world: World, priya: Any) -> None:
    refused = await board(world)
    assert title(refused) == "This server has switched this off: The board of interview invitations."
    assert title(await report(world.amira, world.general)) == title(refused)
    setup = await priya.slash(world.general, "server setup")
    await priya.click(setup.response, label="Features")
    await priya.click(setup.response, label="The board of interview invitations: switch on")
    shown = await board(world)
    assert shown.ephemeral
    assert "Nothing is shown yet." in text(shown)
    assert_within_limits(components(shown))


async def test_a_program_is_shown_with_the_third_member_and_never_who(world: World) -> None:
    await on(world)
    reporters = people(world, 3)
    for number, who in enumerate(reporters):
        assert "Nothing is shown yet." in text(await board(world))
        assert await world.amira.autocomplete(world.general, "interviews heard", "program", "bos") == []
        told = await report(who, world.general, SPELLINGS[number], f"{18 + number} Nov")
        assert title(told) == "Reported"
        assert told.ephemeral
        await report(who, world.general, SPELLINGS[number], f"{18 + number} Nov")  # twice counts once
    shown = await board(world)
    (line,) = [line for line in text(shown).splitlines() if line.startswith("- ")]
    assert line.casefold().replace("\\", "").endswith("· 3 reports · first 18 nov 2026, last 20 nov 2026")
    assert [who for who in reporters if str(who.id) in str(components(shown)) or who.user.name in text(shown)] == []
    suggested = await world.amira.autocomplete(world.general, "interviews heard", "program", "bos")
    assert len(suggested) == 1
    assert "Moderators" not in str(components(shown))


async def test_reports_of_another_server_never_count(world: World) -> None:
    other = world.env.create_guild("Elsewhere")
    lounge = other.create_text_channel("lounge")
    await on(world)
    await on(world, other)
    for who in people(world, 2):
        await report(who, world.general)
    for who in people(world, 3, other, "hana"):
        await report(who, lounge)
    assert "Nothing is shown yet." in text(await board(world))
    there = other.add_member(world.amira.user)
    assert "3 reports" in text(await board(world, there, lounge))
    assert await world.amira.autocomplete(world.general, "interviews heard", "program", "bos") == []


async def test_she_takes_hers_back_also_where_it_was_switched_off(world: World) -> None:
    await on(world)
    for who in [*people(world, 2), world.amira]:
        await report(who, world.general)
    shown = await board(world)
    assert "3 reports" in text(shown)
    await world.amira.click(shown.response, label="Your reports")
    custom_id, (mine,) = choices(shown.response, "heard:back")
    stale = (await board(world, world.diego)).response
    await world.diego.click(stale, label="Your reports")
    assert "reported nothing here" in text(stale)
    await world.services.servers.switch(world.guild.id, 5, Feature.INTERVIEW_BOARD, is_on=False)
    assert "switched this off" in said(await world.amira.click(shown.response, label="The board"))
    direct = await world.amira.user.slash("interviews heard")
    assert "Residency Circle" in str(components(direct))
    await world.amira.user.select(direct.response, [mine], custom_id=custom_id)
    assert "Taken back" in text(direct)
    await on(world)
    assert "Nothing is shown yet." in text(await board(world))
    again = await world.amira.select(shown.response, [mine], custom_id=custom_id)
    assert "no such report" in said(again)


async def test_erased_her_report_counts_no_more(world: World) -> None:
    await on(world)
    for who in [*people(world, 2), world.amira]:
        await report(who, world.general)
    assert "1 report of an interview invitation" in text(await world.amira.slash(world.general, "mydata show"))
    assert len(await world.diego.autocomplete(world.general, "interviews heard", "program", "")) == 1
    await world.services.mydata.erase(world.amira.id)
    assert "Nothing is shown yet." in text(await board(world, world.diego))
    assert await world.diego.autocomplete(world.general, "interviews heard", "program", "") == []


@pytest.mark.parametrize(
    ("program", "day", "says"),
    [
        (BOSTON, "23 Nov 2026", "That day lies ahead."),
        (BOSTON, "1 Dec", "That day lies ahead."),
        (BOSTON, "1 Sep 2026", "That day lies before the season."),
        (BOSTON, "20 Nov 2025", "That day lies before the season."),
        (BOSTON, "soon", "I can't read that day."),
        ("@everyone", "today", "I can't take that as the name of a program."),
        ("https://x.example", "today", "I can't take that as the name of a program."),
        ("W" * 100, "today", "I can't take that as the name of a program."),
    ],
)
async def test_what_can_not_be_is_said_and_not_stored(world: World, program: str, day: str, says: str) -> None:
    await on(world)
    assert title(await report(world.amira, world.general, program, day)) == says
    assert (await world.services.mydata.summary(world.amira.id))["interview_reports"] == 0


async def test_today_is_the_day_on_her_clock(world: World) -> None:
    await on(world)
    await world.services.members.set_zone(world.amira.id, "Pacific/Auckland")  # there it is the 23rd
    assert title(await report(world.amira, world.general, day="23 Nov 2026")) == "Reported"
    assert title(await report(world.diego, world.general, day="23 Nov 2026")) == "That day lies ahead."


async def test_another_season_begins_with_an_empty_board(world: World) -> None:
    await on(world)
    for who in people(world, 3):
        await report(who, world.general)
    world.clock.advance(timedelta(days=200))
    shown = await board(world)
    assert "2028 Match" in title(shown)
    assert "Nothing is shown yet." in text(shown)
    assert "have not opened" in title(await report(world.amira, world.general, day="today"))


async def test_one_who_reports_too_much_is_slowed_down(world: World) -> None:
    await on(world)
    for number in range(MOST_A_DAY):
        assert title(await report(world.amira, world.general, f"Program {number}")) == "Reported"
    shown = await board(world)
    await world.amira.click(shown.response, label="Your reports")
    custom_id, values = choices(shown.response, "heard:back")
    await world.amira.select(shown.response, [values[0]], custom_id=custom_id)
    assert "10 times within a day" in title(await report(world.amira, world.general, "One more"))
    world.clock.advance(timedelta(days=1, minutes=1))
    assert title(await report(world.amira, world.general, "One more")) == "Reported"


async def test_the_form_needs_a_name_alone(world: World) -> None:
    await on(world)
    shown = await board(world)
    form = await world.amira.click(shown.response, label="Report one")
    named = fields(form)
    days = [each["component"].get("value") for each in form.modal["components"]]
    assert days == [None, "22 Nov 2026"]
    values = dict(zip(named.values(), ("Boston\u200b", "22 Nov 2026"), strict=True))
    assert title(await world.amira.submit_modal(form, values)) == "Reported"
    half = await world.amira.slash(world.general, "interviews heard", program=BOSTON)
    assert [each["component"].get("value") for each in half.modal["components"]] == [BOSTON, "22 Nov 2026"]


async def test_a_moderator_hides_and_shows_again_and_it_is_recorded(world: World, priya: Any) -> None:
    await on(world)
    role = world.guild.create_role("Watch")
    helen = world.guild.add_member(world.env.create_user("helen"), roles=[role])
    await world.services.servers.change(world.guild.id, priya.id, moderator_roles=frozenset({role.id}))
    for who in people(world, 3):
        await report(who, world.general)
    stale = (await board(world, helen)).response
    card = (await board(world, helen)).response
    custom_id, (program,) = choices(card, "heard:hide")
    await helen.select(card, [program], custom_id=custom_id)
    assert "Hidden: Boston Medical, IM." in text(card)
    assert "not shown any more" in said(await helen.select(stale, [program], custom_id=custom_id))
    assert "Nothing is shown yet." in text(await board(world))
    assert await world.amira.autocomplete(world.general, "interviews heard", "program", "") == []
    assert title(await report(world.amira, world.general)) == "Moderators of this server have hidden that program."
    custom_id, _ = choices(card, "heard:again")
    await world.services.servers.change(world.guild.id, priya.id, moderator_roles=frozenset({5}))  # she moderates no more
    assert "Moderators of this server hide programs." in said(await helen.select(card, [program], custom_id=custom_id))
    assert "Moderators of this server hide programs." in said(await helen.click(stale, label="Moderators: what is hidden"))
    await world.services.servers.change(world.guild.id, priya.id, moderator_roles=frozenset({role.id}))
    await helen.select(card, [program], custom_id=custom_id)
    assert "3 reports" in text(await board(world))
    audit = text(await priya.slash(world.general, "server audit"))
    assert "**program hidden** (program: Boston Medical, IM)" in audit
    assert "**program shown** (program: Boston Medical, IM)" in audit
    assert f"<@{helen.id}>" in audit


async def test_one_who_moderates_elsewhere_hides_nothing_here(world: World) -> None:
    await on(world)
    other = world.env.create_guild("Elsewhere")
    lounge = other.create_text_channel("lounge")
    await on(world, other)
    watch = other.create_role("Watch", permissions=discord.Permissions(manage_messages=True))
    boss = other.add_member(world.amira.user, roles=[watch])
    for who in people(world, 3):
        await report(who, world.general)
    assert "Moderators" not in str(components(await board(world)))
    hidden = await board(world, boss, lounge)
    assert "Moderators: what is hidden" in labels(hidden)
    with pytest.raises(Exception, match="not shown any more"):
        program = (await world.services.interviews_heard.board(world.guild.id, 1)).programs[0].program_id
        await world.services.interviews_heard.hide(other.id, boss.id, program)
    assert "3 reports" in text(await board(world))


async def test_pages_within_limits_and_a_restart(world: World, priya: Any) -> None:
    await on(world)
    reporters = people(world, 3)
    for number in range(12):
        for who in reporters:
            name = f"Program {chr(65 + number)} {'-#' * 33}"
            await world.services.interviews_heard.report(world.guild.id, who.id, name, f"{number + 1} Nov")
            world.clock.advance(timedelta(hours=3))
    shown = await board(world, priya)
    assert_within_limits(components(shown))
    assert "(12)" in title(shown)
    assert text(shown).splitlines()[1].startswith("- **Program L")
    await world.restart()
    await priya.click(shown.response, label="Older")
    assert_within_limits(components(shown))
    assert [line[:13] for line in text(shown).splitlines() if line.startswith("- **")] == ["- **Program B", "- **Program A"]
