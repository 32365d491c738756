"""``/broadcast new``: who may write, what is seen before, what is posted, once."""

from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord
import sqlalchemy as sa

from bot.client import MatchdayClient
from bot.domain.broadcast import MAX_TEXT, MAX_TITLE
from bot.domain.delivery import DeliveryState
from bot.errors import UserFacingError
from bot.services.broadcasts import DRAFTS_KEPT
from bot.services.written_notices import Written
from bot.storage.tables import broadcast as broadcasts
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.reply_limits import assert_within_limits

TITLE, TEXT = "Match Week begins Monday", "Status at 10:00 Eastern.\n- Open NRMP yourself\n- Nothing to do before"
CHANNEL, HEADLINE, BODY = "Channel", "Title", "Text"


@pytest.fixture
def priya(world: World) -> Any:
    role = world.guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user("priya"), roles=[role])


@pytest.fixture
def announcements(world: World) -> Any:
    return world.guild.create_text_channel("announcements")


def fields(result: simcord.InteractionResult) -> dict[str, str]:
    assert result.modal is not None
    return {label["label"]: label["component"]["custom_id"] for label in result.modal["components"]}


async def draft(world: World, who: Any, channel: Any, headline: str = TITLE, body: str = TEXT) -> Any:
    """Fill the form; return the answer, with the message that a click needs."""
    form = await who.slash(world.general, "broadcast new")
    named = fields(form)
    return await who.submit_modal(form, {named[CHANNEL]: [channel], named[HEADLINE]: headline, named[BODY]: body})


def posted(channel: Any) -> list[Any]:
    return [message for message in channel.history() if message.author.bot]


def posted_body(world: World, channel: Any) -> dict[str, Any]:
    """Return what was sent to Discord for the only message of a channel."""
    (body,) = [each.json for each in world.env.http_requests if each.method == "POST" and each.path.endswith(f"{channel.id}/messages")]
    assert body is not None
    return body


async def test_a_notice_is_seen_confirmed_and_posted_once(world: World, priya: Any, announcements: Any) -> None:
    preview = await draft(world, priya, announcements)

    assert preview.ephemeral
    assert f"**{TITLE}**\n{TEXT}" in text(preview)
    assert f"<#{announcements.id}>" in text(preview)
    assert posted(announcements) == []

    sent = await priya.click(preview.response, label="Send")
    (message,) = posted(announcements)
    assert message.content == f"**{TITLE}**\n{TEXT}\n-# A notice of this server's moderators."
    assert title(sent) == "Sent"
    assert f"/{announcements.id}/{message.id}" in text(sent)


async def test_what_was_shown_is_what_is_posted(world: World, priya: Any, announcements: Any) -> None:
    preview = await draft(world, priya, announcements)
    shown = text(preview)
    await priya.click(preview.response, label="Send")
    assert posted(announcements)[0].content in shown


async def test_nobody_is_mentioned_by_accident(world: World, priya: Any, announcements: Any) -> None:
    preview = await draft(world, priya, announcements, "@everyone look", f"<@{world.amira.id}> and @here")
    assert "nobody is notified" in text(preview)

    await priya.click(preview.response, label="Send")
    assert posted_body(world, announcements)["allowed_mentions"] == {"parse": []}


async def test_no_preview_of_a_link_is_added(world: World, priya: Any, announcements: Any) -> None:
    await priya.click((await draft(world, priya, announcements, body="See https://www.nrmp.org")).response, label="Send")
    assert discord.MessageFlags._from_value(posted_body(world, announcements)["flags"]).suppress_embeds


async def test_sending_twice_posts_once(world: World, priya: Any, announcements: Any) -> None:
    preview = await draft(world, priya, announcements)
    await priya.click(preview.response, label="Send")
    broadcast_id = (await drafts(world))[0]
    again = await world.services.broadcasts.confirm(broadcast_id, world.guild.id)
    assert again.number(DeliveryState.SENT) == 1
    assert len(posted(announcements)) == 1


def said_after(result: simcord.InteractionResult) -> str:
    """Return what a message after the first answer says."""
    (followup,) = result.followups
    return "\n".join(each["content"] for each in components(followup) if each["type"] == 10)


async def drafts(world: World) -> list[str]:
    async with world.house.database.read() as connection:
        return list((await connection.execute(sa.select(broadcasts.c.id))).scalars())


async def test_a_draft_can_be_changed_and_keeps_what_was_written(world: World, priya: Any, announcements: Any) -> None:
    preview = await draft(world, priya, announcements)
    form = await priya.click(preview.response, label="Change")
    assert form.modal is not None
    values = [label["component"] for label in form.modal["components"]]
    assert [values[1]["value"], values[2]["value"]] == [TITLE, TEXT]
    assert values[0]["default_values"] == [{"id": announcements.id, "type": "channel"}]


async def change(world: World, who: Any, preview: Any, channel: Any, body: str, before_sending: Any = None) -> Any:
    form = await who.click(preview.response, label="Change")
    if before_sending is not None:
        await before_sending()
    named = fields(form)
    return await who.submit_modal(form, {named[CHANNEL]: [channel], named[HEADLINE]: TITLE, named[BODY]: body})


async def test_a_changed_draft_takes_the_place_of_the_one_before(world: World, priya: Any, announcements: Any) -> None:
    preview = await draft(world, priya, announcements)
    (old,) = await drafts(world)
    changed = await change(world, priya, preview, announcements, "Status at 11:00 Eastern.")
    (new,) = await drafts(world)
    assert new != old
    assert "11:00" in text(changed)
    with pytest.raises(UserFacingError, match="not there any more"):
        await world.services.broadcasts.confirm(old, world.guild.id)
    await priya.click(changed.response, label="Send")
    (message,) = posted(announcements)
    assert "11:00" in message.content


async def test_what_was_sent_while_it_was_changed_is_not_sent_again(world: World, priya: Any, announcements: Any) -> None:
    preview = await draft(world, priya, announcements)
    (old,) = await drafts(world)

    async def sent_by_another() -> None:
        await world.services.broadcasts.confirm(old, world.guild.id)

    result = await change(world, priya, preview, announcements, "Status at 11:00 Eastern.", sent_by_another)
    assert "That notice was sent already." in said_after(result)
    assert await drafts(world) == [old]
    assert len(posted(announcements)) == 1


async def test_another_servers_draft_is_not_replaced(world: World, priya: Any, announcements: Any) -> None:
    await draft(world, priya, announcements)
    (theirs,) = await drafts(world)
    await world.services.broadcasts.draft(1, priya.id, Written(TITLE, TEXT, (2,)), instead_of=theirs)
    assert theirs in await drafts(world)


async def test_a_discarded_draft_is_gone(world: World, priya: Any, announcements: Any) -> None:
    preview = await draft(world, priya, announcements)
    result = await priya.click(preview.response, label="Discard")
    assert title(result) == "Discarded"
    assert await drafts(world) == []
    assert posted(announcements) == []


async def test_drafts_end_after_a_day(world: World, priya: Any, announcements: Any) -> None:
    preview = await draft(world, priya, announcements)
    world.clock.advance(DRAFTS_KEPT + timedelta(minutes=1))
    for label in ("Send", "Change", "Discard"):
        result = await priya.click(preview.response, label=label)
        assert "That draft is not there any more." in (said_after(result) if result.followups else text(result))
    assert posted(announcements) == []


async def test_a_draft_can_be_sent_for_a_day(world: World, priya: Any, announcements: Any) -> None:
    preview = await draft(world, priya, announcements)
    world.clock.advance(DRAFTS_KEPT - timedelta(minutes=1))
    assert title(await priya.click(preview.response, label="Send")) == "Sent"
    world.clock.advance(DRAFTS_KEPT)  # what was sent is no draft: it stays
    await world.restart()
    assert len(await drafts(world)) == 1


@pytest.mark.parametrize("how", ["start", "day", "writing"])
async def test_old_drafts_are_thrown_away(world: World, priya: Any, announcements: Any, how: str) -> None:
    await draft(world, priya, announcements)
    (old,) = await drafts(world)
    await world.services.live_cards.plan_status()
    world.clock.advance(DRAFTS_KEPT + timedelta(minutes=1))
    if how == "start":
        await world.restart()
    elif how == "day":
        await world.send_due()
    else:
        await draft(world, priya, announcements, "Another")
    assert old not in await drafts(world)


async def test_a_member_is_refused_with_a_sentence(world: World, simcord_bot: MatchdayClient) -> None:
    command = next(each for each in await simcord_bot.tree.fetch_commands() if each.name == "broadcast")
    world.guild.set_command_permissions(command, {world.amira: True})  # Discord shows it to her; the bot still asks

    result = await world.amira.slash(world.general, "broadcast new")
    assert result.ephemeral
    assert title(result) == "Notices are written by the moderators of this server."


async def test_a_member_without_the_commands_permission_does_not_see_it(world: World) -> None:
    assert "broadcast new" not in world.amira.available_commands(world.general)
    with pytest.raises(simcord.SetupError, match="not visible"):
        await world.amira.slash(world.general, "broadcast new")


async def test_a_moderator_by_role_is_let_in(world: World, simcord_bot: MatchdayClient, announcements: Any) -> None:
    role = world.guild.create_role("Helpers", permissions=discord.Permissions(manage_messages=True))
    helper = world.guild.add_member(world.env.create_user("tomas"), roles=[role])
    command = next(each for each in await simcord_bot.tree.fetch_commands() if each.name == "broadcast")
    world.guild.set_command_permissions(command, {role: True})
    preview = await draft(world, helper, announcements)
    assert title(preview) == "Your notice, as it will be"


async def test_a_channel_that_she_can_not_write_in_is_refused(world: World) -> None:
    role = world.guild.create_role("Helpers", permissions=discord.Permissions(manage_guild=True))
    helper = world.guild.add_member(world.env.create_user("tomas"), roles=[role])
    closed = world.guild.create_text_channel("closed", overwrites={role: discord.PermissionOverwrite(send_messages=False)})
    result = await draft(world, helper, closed)
    assert title(result) == "You can't write in that channel yourself."


@pytest.mark.parametrize("lost", ["view_channel", "send_messages", "read_message_history"])
async def test_a_channel_that_the_bot_can_not_write_in_is_said_before(world: World, priya: Any, lost: str) -> None:
    closed = world.guild.create_text_channel("closed", overwrites={world.guild.me: discord.PermissionOverwrite(**{lost: False})})
    result = await draft(world, priya, closed)
    assert title(result) == "I can't write in that channel."
    assert "View Channel, Send Messages and Read Message History" in text(result)


async def test_what_discord_refuses_is_told_and_can_be_tried_again(world: World, priya: Any, announcements: Any) -> None:
    preview = await draft(world, priya, announcements)
    refusal = {"status": 403, "code": 50013, "message": "Missing Permissions"}
    world.env.inject_error("POST", f"/channels/{announcements.id}/messages", times=1, **refusal)
    refused = await priya.click(preview.response, label="Send")
    assert title(refused) == "Not sent"
    assert "may not write" in text(refused)

    sent = await priya.click(refused.response, label="Try again")
    assert title(sent) == "Sent"
    assert len(posted(announcements)) == 1


async def test_the_longest_notice_is_within_the_limits(world: World, priya: Any, announcements: Any) -> None:
    preview = await draft(world, priya, announcements, "W" * MAX_TITLE, "@here " + "W" * (MAX_TEXT - 6))
    assert_within_limits(components(preview))
    await priya.click(preview.response, label="Send")
    assert len(posted(announcements)[0].content) <= 2_000


async def test_a_notice_of_blanks_is_refused(world: World, priya: Any, announcements: Any) -> None:
    result = await draft(world, priya, announcements, "   ", "\n\n")
    assert title(result) == "A notice has a title and a text."


async def test_everyone_can_ask_where_a_notice_comes_from(world: World, priya: Any, announcements: Any) -> None:
    await priya.click((await draft(world, priya, announcements)).response, label="Send")
    (message,) = posted(announcements)
    assert labels(message) == ["About this notice"]
    result = await world.amira.click(message, label="About this notice")
    assert result.ephemeral
    assert "moderators of this server wrote this notice" in text(result)
    assert "priya" not in text(result)


async def test_erasing_the_author_leaves_the_notice_without_her(world: World, priya: Any, announcements: Any) -> None:
    await priya.click((await draft(world, priya, announcements)).response, label="Send")
    (sent,) = await drafts(world)
    await draft(world, priya, announcements, "Not sent yet")
    assert str(priya.id).encode() in await world.services.mydata.export(priya.id)
    await world.services.mydata.erase(priya.id)
    assert not any((await world.services.mydata.summary(priya.id)).values())
    assert await drafts(world) == [sent]
    (message,) = posted(announcements)
    assert "moderators of this server" in text(await world.amira.click(message, label="About this notice"))
