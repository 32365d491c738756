"""The notice that what is stored expires, its one tap, the daily look as a due row, and servers that the bot leaves."""

from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest

from bot.client import MatchdayClient
from bot.domain.retention import Reason
from bot.errors import UserFacingError
from cogs._ui.expiry import WHY
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.reply_limits import assert_within_limits

OVER = datetime(2028, 7, 1, 8, tzinfo=UTC)
"""The hour of the look on the day after the last one of a member who aimed at the 2027 Match."""
DAY = timedelta(days=1)


async def told(world: World, *, takes_messages: bool = True) -> None:
    """Let the day come on which a member is told, and the notice be sent."""
    await world.services.members.set_zone(world.amira.id, "America/New_York")
    await world.services.members.set_target_year(world.amira.id, 2027)
    if takes_messages:
        await world.services.members.agree_to_messages(world.amira.id)
    world.clock.move_to(OVER)
    await world.send_due()  # the look itself, which the day's row calls for
    world.clock.move_to(OVER + timedelta(hours=5))  # nine on her clock
    await world.send_due()


async def a_day_passes(world: World, days: int = 1) -> None:
    """Let days pass, with their looks."""
    world.clock.advance(days * DAY)
    for _ in range(2):
        await world.send_due()


def buttons(message: discord.Message) -> list[str]:
    return [child.label for row in message.components for child in row.children]  # type: ignore[union-attr]


async def is_stored(world: World) -> bool:
    return any((await world.services.mydata.summary(world.amira.id)).values())


@pytest.fixture(autouse=True)
async def planned(world: World) -> None:
    await world.env.settle()
    await world.services.retention.plan()


async def test_the_notice_says_why_and_when_and_keep_keeps_it_by_one_tap(world: World) -> None:
    await told(world)
    notice = world.dm_of(world.amira).history()[-1]
    assert notice.content.startswith("What you told me lasts for 12 months after your season; those ended on 30 June 2028.")
    assert "30 days after this message" in notice.content
    assert "late" not in notice.content
    assert buttons(notice) == ["Keep", "Stop all messages"]

    await world.amira.user.click(notice, label="Keep")
    kept = world.dm_of(world.amira).history()[-1]
    assert kept.content.endswith("-# Kept until 1 July 2029. Before anything is erased then, I ask again.")
    assert buttons(kept) == []
    await a_day_passes(world, 100)
    assert await is_stored(world)
    assert "Kept until: 1 July 2029" in text(await world.amira.slash(world.general, "mydata show"))


async def test_without_the_tap_she_is_erased_and_the_old_button_says_so_kindly(world: World) -> None:
    await told(world)
    notice = world.dm_of(world.amira).history()[-1]
    await a_day_passes(world, 29)
    assert await is_stored(world)
    await a_day_passes(world, 2)
    assert not await is_stored(world)
    answer = await world.amira.user.click(notice, label="Keep")
    assert "Nothing is stored of you" in text(answer)
    assert not await is_stored(world)


async def test_who_takes_no_messages_finds_it_in_the_inbox_with_the_same_tap(world: World) -> None:
    await told(world, takes_messages=False)
    assert "Messages wait" in text(await world.amira.slash(world.general, "countdown"))
    inbox = await world.amira.slash(world.general, "remind inbox")
    assert "30 days after you first saw this here" in text(inbox)
    assert labels(inbox)[0] == "Keep"
    assert_within_limits(components(inbox))
    kept = await world.amira.click(inbox.response, label="Keep")
    assert title(kept) == "Kept"
    assert "Kept until 1 July 2029" in text(kept)
    assert title(await world.amira.slash(world.general, "remind inbox")) == "Your inbox is empty"
    await a_day_passes(world, 120)
    assert await is_stored(world)


async def test_another_can_not_keep_or_see_what_is_hers(world: World) -> None:
    await told(world)
    notice = world.dm_of(world.amira).history()[-1]
    custom_id = notice.components[0].children[0].custom_id  # type: ignore[union-attr]
    assert custom_id.startswith("expiry:keep:")
    before = await world.services.retention.last_day(world.amira.id)
    await world.services.members.set_zone(world.diego.id, "Africa/Cairo")
    with pytest.raises(UserFacingError, match="not yours"):
        await world.services.retention.keep(world.diego.id, custom_id.rpartition(":")[2])
    assert await world.services.retention.last_day(world.amira.id) == before


async def test_leaving_a_server_erases_nothing(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    member = await world.services.members.get(world.amira.id)
    await world.services.reminders.remind_me(member, "in 20 weeks", "ask", world.guild.id)
    before = await world.services.mydata.export(world.amira.id)
    world.guild.remove_member(world.amira)
    await a_day_passes(world, 40)
    assert await world.services.mydata.export(world.amira.id) == before


async def test_a_server_lasts_thirty_days_after_the_bot_was_removed_and_all_of_it_if_it_comes_back(
    world: World, simcord_bot: MatchdayClient
) -> None:
    guild: Any = simcord_bot.get_guild(world.guild.id)
    await world.services.servers.change(guild.id, world.diego.id, notice_channel_id=world.general.id)
    simcord_bot.dispatch("guild_remove", guild)
    await world.env.settle()
    await a_day_passes(world, 20)
    simcord_bot.dispatch("guild_join", guild)
    await world.env.settle()
    await a_day_passes(world, 40)
    assert (await world.services.servers.get(guild.id)).notice_channel_id == world.general.id

    simcord_bot.dispatch("guild_remove", guild)
    await world.env.settle()
    simcord_bot._connection._guilds.pop(guild.id)  # as discord.py does before it tells of a removal
    await a_day_passes(world, 29)
    assert (await world.services.servers.get(guild.id)).notice_channel_id == world.general.id
    await a_day_passes(world, 2)
    assert (await world.services.servers.get(guild.id)).notice_channel_id is None
    simcord_bot._connection._guilds[guild.id] = guild


async def test_the_look_waits_until_it_is_known_which_servers_the_bot_is_in(
    world: World, simcord_bot: MatchdayClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.services.servers.change(world.guild.id, world.diego.id, notice_channel_id=world.general.id)
    monkeypatch.setattr(simcord_bot, "is_ready", lambda: False)
    await a_day_passes(world)
    assert await world.services.retention._servers.removed() == {}
    monkeypatch.setattr(simcord_bot._connection, "_guilds", {})
    monkeypatch.setattr(simcord_bot, "is_ready", lambda: True)
    world.clock.advance(timedelta(minutes=2))
    await world.send_due()
    assert set(await world.services.retention._servers.removed()) == {world.guild.id}


def test_every_reason_has_its_words() -> None:
    assert WHY.keys() == set(Reason)
