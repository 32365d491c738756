"""Notices to many and at a time: who gets them, progress, pause, stop, recall, a second moderator."""

from datetime import timedelta
from typing import Any

import discord
import pytest

from bot.domain.broadcast import MAX_TEXT, MAX_TITLE, Broadcast, BroadcastState
from bot.domain.delivery import DeliveryState
from bot.domain.servers import Deed
from bot.errors import UserFacingError
from bot.services.written_notices import MOST_ROLES, Written
from cogs.broadcast._posting import posted_text
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.reply_limits import assert_within_limits


@pytest.fixture
def moderators(world: World) -> Any:
    return world.guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))


@pytest.fixture
def priya(world: World, moderators: Any) -> Any:
    return world.guild.add_member(world.env.create_user("priya"), roles=[moderators])


@pytest.fixture
def omar(world: World, moderators: Any) -> Any:
    return world.guild.add_member(world.env.create_user("omar"), roles=[moderators])


async def preview(world: World, who: Any, **answers: Any) -> Any:
    form = await who.slash(world.general, "broadcast new")
    fields = {each["label"].split()[0]: each["component"]["custom_id"] for each in form.modal["components"]}
    said = {"Channel": [world.general], "Title": "Match Week", "Text": "It begins on Monday."} | answers
    return await who.submit_modal(form, {fields[name]: value for name, value in said.items()})


async def agree(world: World, member: Any) -> None:
    settings = await member.slash(world.general, "remind settings")
    await member.click(settings.response, label="Allow direct messages")


async def want_notices(world: World, *members: Any) -> None:
    for member in members:
        await agree(world, member)
        settings = await member.slash(world.general, "remind settings")
        await member.click(settings.response, label="Notices of this server by direct message")


def notices(world: World, member: Any) -> list[str]:
    return [each for each in world.received(member) if "Match Week" in each]


def menu(card: Any, prefix: str) -> str:
    (found,) = [each["custom_id"] for each in components(card) if each["type"] == 3 and each["custom_id"].startswith(prefix)]
    return found


async def status(world: World, who: Any) -> Any:
    """Open the only notice of the server."""
    card = await who.slash(world.general, "broadcast status")
    (select,) = [each for each in components(card) if each["type"] == 3]
    return await who.select(card.response, [select["options"][0]["value"]], custom_id=select["custom_id"])


async def test_it_goes_by_direct_message_to_those_who_want_it_and_to_nobody_else(world: World, priya: Any) -> None:
    await want_notices(world, world.amira)
    await agree(world, world.diego)
    card = await preview(world, priya)
    changed = await priya.click(card.response, label="Also by direct message (1)")
    assert "by direct message to 1 who want this server's notices now" in text(changed)
    await priya.click(card.response, label="Send")
    await world.send_due()
    await world.send_due()
    assert len(notices(world, world.amira)) == 1
    assert notices(world, world.diego) == []
    shown = await status(world, priya)
    assert "**By direct message:** 1 sent, 0 waiting, 0 not delivered" in text(shown)
    assert str(world.amira.id) not in text(shown)
    assert_within_limits(components(shown))


async def test_what_is_not_delivered_is_counted_with_its_reason_and_waits_in_the_inbox(world: World, priya: Any) -> None:
    await want_notices(world, world.amira, world.diego)
    world.refuse_messages(world.amira)
    card = await preview(world, priya)
    await priya.click(card.response, label="Also by direct message (2)")
    await priya.click(card.response, label="Send")
    await world.send_due()
    await world.send_due()
    shown = text(await status(world, priya))
    assert "1 sent, 0 waiting, 1 not delivered\n- 1: Discord refused it: your direct messages are closed to this bot." in shown
    assert "It begins on Monday." in text(await world.amira.slash(world.general, "remind inbox"))


async def test_who_left_the_server_gets_none_of_its_notices(world: World, priya: Any) -> None:
    await want_notices(world, world.amira)
    world.env.inject_error(
        "GET", f"/guilds/{world.guild.id}/members/{world.amira.id}", times=1, status=404, code=10007, message="Unknown Member"
    )
    card = await preview(world, priya)
    await priya.click(card.response, label="Also by direct message (1)")
    await priya.click(card.response, label="Send")
    await world.send_due()
    await world.send_due()
    assert notices(world, world.amira) == []
    assert await world.services.broadcasts.how_many_want(world.guild.id) == 0


async def test_a_planned_one_comes_at_its_time_and_can_be_paused_and_stopped(world: World, priya: Any) -> None:
    card = await preview(world, priya, When="tomorrow 10:00 ET")
    assert "Mon 23 Nov 2026, 10:00 EST" in text(card)
    planned = await priya.click(card.response, label="Plan it")
    assert title(planned) == "Planned"
    paused = await priya.click(card.response, label="Pause")
    assert title(paused) == "Paused"
    world.clock.advance(timedelta(days=2))
    await world.send_due()
    assert [each for each in world.general.history() if each.author.bot] == []
    await priya.click(card.response, label="Go on")
    await world.send_due()
    (message,) = [each for each in world.general.history() if each.author.bot]
    assert "It begins on Monday." in message.content
    deeds, _ = await world.services.servers.deeds(world.guild.id, 9)
    assert {each.what for each in deeds} == {Deed.NOTICE_CONFIRMED, Deed.NOTICE_PAUSED, Deed.NOTICE_RESUMED}


async def test_a_stopped_one_never_comes(world: World, priya: Any) -> None:
    card = await preview(world, priya, When="tomorrow 10:00 ET")
    await priya.click(card.response, label="Plan it")
    assert title(await priya.click(card.response, label="Stop")) == "Stopped"
    world.clock.advance(timedelta(days=2))
    await world.send_due()
    assert [each for each in world.general.history() if each.author.bot] == []


async def test_recall_deletes_what_stands(world: World, priya: Any) -> None:
    await want_notices(world, world.amira)
    card = await preview(world, priya)
    await priya.click(card.response, label="Also by direct message (1)")
    await priya.click(card.response, label="Send")
    await world.send_due()
    await world.send_due()
    asked = await priya.click(card.response, label="Look again")
    asked = await priya.click(card.response, label="Recall")
    assert title(asked) == "Recall this notice?"
    assert title(await priya.click(card.response, label="Recall it")) == "Recalled"
    await world.send_due()
    assert [each for each in world.general.history() if each.author.bot] == []
    assert notices(world, world.amira) == []


async def test_a_second_moderator_approves_where_the_server_asks_for_it(world: World, priya: Any, omar: Any) -> None:
    await world.services.servers.change(world.guild.id, priya.id, is_approved_by_two=True)
    world.clock.advance(timedelta(minutes=1))
    card = await preview(world, priya)
    waiting = await priya.click(card.response, label="Send")
    assert title(waiting) == "Waits for a second moderator"
    refused = await priya.click(card.response, label="Approve and send")
    assert title(refused) == "You wrote this notice yourself."
    seen = await status(world, omar)
    assert "It begins on Monday." in text(seen)
    await omar.click(seen.response, label="Approve and send")
    (message,) = [each for each in world.general.history() if each.author.bot]
    assert "It begins on Monday." in message.content
    deeds, _ = await world.services.servers.deeds(world.guild.id, 1)
    assert (deeds[0].what, deeds[0].actor_id) == (Deed.NOTICE_APPROVED, omar.id)


async def test_only_the_roles_that_were_chosen_are_mentioned(world: World, priya: Any) -> None:
    applicants = world.guild.create_role("Applicants")
    card = await preview(world, priya, Text="See <@&1> and @everyone")
    changed = await priya.select(card.response, [str(applicants.id)], custom_id=menu(card, "broadcast:roles"))
    assert f"It mentions <@&{applicants.id}> in its channels." in text(changed)
    await priya.click(card.response, label="Send")
    path = f"{world.general.id}/messages"
    (body,) = [each.json for each in world.env.http_requests if each.method == "POST" and each.path.endswith(path)]
    assert body["allowed_mentions"] == {"parse": [], "roles": [applicants.id]}
    assert body["content"].startswith(f"<@&{applicants.id}>\n")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("When", "some day", "I can't read that time."),
        ("When", "every Monday 8:00", "A notice goes out once"),
        ("When", "04/05 10:00", "can be read in more than one way"),
        ("Link", "http://example.org", "An address begins with https://"),
        ("Link", "https://a.org https://b.org https://c.org", "one link and one picture at most"),
    ],
)
async def test_what_can_not_be_taken_is_said_and_the_text_is_kept(world: World, priya: Any, field: str, typed: str, said: str) -> None:
    card = await preview(world, priya, **{field: typed})
    assert said in text(card)
    assert "It begins on Monday." in text(card)
    assert "Send" not in labels(card)
    assert "Plan it" not in labels(card)
    form = await priya.click(card.response, label="Change")
    values = [each["component"].get("value") for each in form.modal["components"]]
    assert values[1:3] == ["Match Week", "It begins on Monday."]


async def test_a_link_and_a_picture_are_shown(world: World, priya: Any) -> None:
    card = await preview(world, priya, Link="https://www.nrmp.org https://example.org/week.png")
    assert "<https://www.nrmp.org>" in text(card)
    await priya.click(card.response, label="Send")
    path = f"{world.general.id}/messages"
    (body,) = [each.json for each in world.env.http_requests if each.method == "POST" and each.path.endswith(path)]
    assert body["embeds"][0]["image"]["url"] == "https://example.org/week.png"


def test_the_longest_notice_fits_one_message(world: World) -> None:
    written = Written("t" * MAX_TITLE, "x" * MAX_TEXT, (1,), roles=(2**63,) * MOST_ROLES, link="https://" + "a" * 192)
    longest = Broadcast(
        "1", 1, 1, written.title, written.text, BroadcastState.DRAFT, world.clock.now(), (1,), roles=written.roles, link=written.link
    )
    assert len(posted_text(longest)) <= 2_000


async def test_another_server_reaches_nothing_of_it(world: World, priya: Any) -> None:
    draft = await world.services.broadcasts.draft(1, 2, Written("theirs", "theirs", (3,)))
    await world.services.broadcasts.confirm(draft.id, 1)
    assert title(await priya.slash(world.general, "broadcast status")) == "No notices yet"
    for verb in ("pause", "stop", "recall", "progress", "confirm", "try_again", "discard"):
        with pytest.raises(UserFacingError):
            await getattr(world.services.broadcasts, verb)(draft.id, world.guild.id)
    assert (await world.services.broadcasts.progress(draft.id, 1)).number(DeliveryState.CANCELLED) == 0


async def test_a_correction_links_the_first(world: World, priya: Any) -> None:
    card = await preview(world, priya)
    await priya.click(card.response, label="Send")
    (message,) = [each for each in world.general.history() if each.author.bot]
    form = await priya.click(card.response, label="Correct")
    values = {each["label"].split()[0]: each["component"].get("value") for each in form.modal["components"]}
    assert values["Title"] == "Correction: Match Week"
    assert values["Link"] == f"https://discord.com/channels/{world.guild.id}/{world.general.id}/{message.id}"
    fields = {each["label"].split()[0]: each["component"]["custom_id"] for each in form.modal["components"]}
    said = {"Channel": [world.general], "Title": values["Title"], "Text": "It begins on Tuesday.", "Link": values["Link"]}
    corrected = await priya.submit_modal(form, {fields[name]: value for name, value in said.items()})
    await priya.click(corrected.response, label="Send")
    first, second = [each.content for each in world.general.history() if each.author.bot]
    assert "It begins on Monday." in first
    assert str(message.id) in second
