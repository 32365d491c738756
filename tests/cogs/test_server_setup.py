"""``/server setup``, ``check`` and ``audit``: what managers set, who may, what is recorded."""

import csv
import io
from typing import Any

import discord
import pytest

from bot.client import MatchdayClient
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.reply_limits import assert_within_limits


@pytest.fixture
def priya(world: World) -> Any:
    role = world.guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user("priya"), roles=[role])


@pytest.fixture
def volunteers(world: World) -> Any:
    return world.guild.create_role("Volunteers")


@pytest.fixture
def helen(world: World, volunteers: Any) -> Any:
    return world.guild.add_member(world.env.create_user("helen"), roles=[volunteers])


async def fill(world: World, who: Any, button: str, **answers: Any) -> Any:
    setup = await who.slash(world.general, "server setup")
    form = await who.click(setup.response, label=button)
    fields = {each["label"].split()[0]: each["component"]["custom_id"] for each in form.modal["components"]}
    return await who.submit_modal(form, {fields[name]: value for name, value in answers.items()})


def menu(card: Any, prefix: str) -> str:
    (found,) = [each["custom_id"] for each in components(card) if each["type"] == 3 and each["custom_id"].startswith(prefix)]
    return found


async def test_everything_can_be_set_and_is_recorded(world: World, priya: Any, volunteers: Any) -> None:
    news = world.guild.create_text_channel("news")
    result = await fill(world, priya, "Channels", Notices=[news], Celebration=[world.general])
    assert f"**Notices:** <#{news.id}>" in text(result)
    result = await fill(world, priya, "Time zone", City="toronto")
    assert "America/Toronto" in text(result)
    assert_within_limits(components(result))
    setup = await priya.slash(world.general, "server setup")
    await priya.select(setup.response, [str(volunteers.id)], custom_id=menu(setup, "server:roles:moderator"))
    await priya.click(setup.response, label="Ask a second moderator")
    settings = await world.services.servers.get(world.guild.id)
    assert (settings.notice_channel_id, settings.celebration_channel_id, settings.nudge_channel_id) == (news.id, world.general.id, None)
    assert (settings.zone, settings.moderator_roles, settings.is_approved_by_two) == ("America/Toronto", {volunteers.id}, True)

    audit = await priya.slash(world.general, "server audit")
    assert title(audit) == "Who did what here (4)"
    assert f"<@{priya.id}>" in text(audit)
    assert_within_limits(components(audit))
    exported = await world.services.servers.export_deeds(world.guild.id)
    rows = list(csv.DictReader(io.StringIO(exported.decode())))
    assert [row["what"] for row in rows] == ["set_up"] * 4
    assert rows[0]["who"] == str(priya.id)


async def test_a_zone_that_is_none_is_refused_and_nothing_changes(world: World, priya: Any) -> None:
    result = await fill(world, priya, "Time zone", City="=cmd|' /C calc'!A0 @everyone")
    assert title(result) == "I don't know that time zone."
    assert (await world.services.servers.get(world.guild.id)).zone is None
    assert (await world.services.servers.deeds(world.guild.id, 9))[1] == 0


@pytest.mark.parametrize("command", ["server setup", "server check", "server audit"])
async def test_members_are_refused(world: World, simcord_bot: MatchdayClient, command: str) -> None:
    group = next(each for each in await simcord_bot.tree.fetch_commands() if each.name == "server")
    world.guild.set_command_permissions(group, {world.amira: True})  # Discord shows it to her; the bot still asks
    assert title(await world.amira.slash(world.general, command)) == "Only managers of this server set it up."


async def test_another_servers_settings_and_deeds_stay_apart(world: World, priya: Any) -> None:
    await world.services.servers.change(1, 2, zone="Asia/Karachi", nudge_channel_id=77)
    setup, audit = await priya.slash(world.general, "server setup"), await priya.slash(world.general, "server audit")
    assert "Karachi" not in text(setup)
    assert "77" not in text(setup)
    assert title(audit) == "Nothing is recorded yet"


async def test_a_start_here_message_needs_no_typing(world: World, priya: Any) -> None:
    setup = await priya.slash(world.general, "server setup")
    await priya.click(setup.response, label="Post Start here")
    (message,) = [each for each in world.general.history() if each.author.bot]
    assert labels(message) == ["Begin", "My dates", "Eligibility", "Letters", "Remind me", "Ask an advisor"]
    await world.restart()  # its buttons live longer than the process
    for label, says in (("Begin", "time zone"), ("My dates", "Match"), ("Eligibility", "Where do you apply?"), ("Letters", "letter")):
        answer = await world.amira.click(message, label=label)
        assert answer.ephemeral
        assert says.casefold() in text(answer).casefold()
    form = await world.amira.click(message, label="Remind me")
    assert form.modal is not None


async def test_check_names_what_is_gone_and_how_to_mend_it(world: World, priya: Any) -> None:
    me = world.guild.me
    closed = world.guild.create_text_channel("closed", overwrites={me: discord.PermissionOverwrite(send_messages=False)})
    changes = {"notice_channel_id": 999, "celebration_channel_id": closed.id, "advisor_roles": frozenset({998})}
    await world.services.servers.change(world.guild.id, priya.id, **changes)
    check = await priya.slash(world.general, "server check")
    assert title(check) == "Something needs mending"
    assert "The channel under Notices is gone." in text(check)
    assert f"I can't write in <#{closed.id}>, set under Celebration" in text(check)
    assert "1 of the chosen roles are gone" in text(check)
    assert labels(check) == ["Send a test message to me"]


async def test_a_test_message_needs_consent_and_says_whether_it_arrived(world: World, priya: Any) -> None:
    check = await priya.slash(world.general, "server check")
    assert title(await priya.click(check.response, label="Send a test message to me")) == "You have not allowed direct messages."
    settings = await priya.slash(world.general, "remind settings")
    await priya.click(settings.response, label="Allow direct messages")
    await priya.click(check.response, label="Send a test message to me")
    assert len(world.received(priya)) == 2


async def test_a_chosen_role_writes_notices_and_others_do_not(
    world: World, simcord_bot: MatchdayClient, priya: Any, helen: Any, volunteers: Any
) -> None:
    group = next(each for each in await simcord_bot.tree.fetch_commands() if each.name == "broadcast")
    world.guild.set_command_permissions(group, {helen: True, world.amira: True})
    assert title(await helen.slash(world.general, "broadcast new")) == "Notices are written by the moderators of this server."
    await world.services.servers.change(world.guild.id, priya.id, moderator_roles=frozenset({volunteers.id}))
    assert (await helen.slash(world.general, "broadcast new")).modal is not None
    assert title(await world.amira.slash(world.general, "broadcast status")) == "Notices are written by the moderators of this server."
