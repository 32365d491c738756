"""A partner: seen before it is posted, posted once, one person mentioned, the questions for that one only; a text in direct messages."""

from typing import Any

import discord
import pytest
import simcord

from bot.domain.interview_texts import ApplicantKind
from cogs.interviews import _partner
from cogs.interviews._partner import ASKED, LISTEN, MOST_COPIED, Questions, chosen, copied_text, listening_card
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.interview_cards import practice, raw
from tests.support.reply_limits import assert_nobody_is_mentioned, assert_within_limits
from tests.support.rotation_cards import in_public, said


@pytest.fixture
def voice(world: World) -> Any:
    return world.guild.create_voice_channel("quiet room")


@pytest.fixture(autouse=True)
def nothing_posted_yet() -> None:
    _partner._posted.clear()  # ids begin anew with each test here, and never in the world


async def opened(world: World) -> Any:
    message = await practice(world)
    await world.amira.click(message, label="With a partner")
    return message


async def asked(world: World, message: Any, channel: Any, partner: Any = None, of: str = "mixed") -> simcord.InteractionResult:
    """Fill the form of channel and partner."""
    form = await world.amira.click(message, label="Choose channel and partner")
    assert form.modal is not None
    ids = [label["component"]["custom_id"] for label in form.modal["components"]]
    values = {ids[0]: [channel], ids[2]: [of]} | ({ids[1]: [partner]} if partner is not None else {})
    return await world.amira.submit_modal(form, values)


def posts(world: World) -> list[Any]:
    return [message for message in world.general.history() if message.author.bot]


def mentions(world: World) -> list[Any]:
    """Return whom each message of the bot may mention."""
    bodies = [request.json or {} for request in world.env.http_requests if request.method in {"POST", "PATCH"}]
    messages = [body.get("data", body) for body in bodies if isinstance(body, dict)]
    return [message["allowed_mentions"] for message in messages if isinstance(message, dict) and message.get("allowed_mentions")]


async def test_the_preview_is_hers_alone_and_says_whom_it_mentions(world: World, voice: Any) -> None:
    message = await opened(world)
    await asked(world, message, voice, world.diego)
    shown = text(message)
    assert title(message) == "Not posted yet: this is what would stand here"
    assert f"<@{world.diego.id}>, will you listen?" in shown
    assert f"<#{voice.id}>" in shown
    assert "It mentions the person whom you picked, and nobody else." in shown
    assert labels(message) == ["Post it here", "Change it", "Text to copy", "Don't post"]
    assert posts(world) == []
    assert_nobody_is_mentioned(world.env.http_requests)


async def test_it_is_posted_once_and_mentions_one(world: World, voice: Any) -> None:
    message = await opened(world)
    await asked(world, message, voice, world.diego)
    await world.amira.click(message, label="Post it here")
    assert title(message) == "Posted"
    (post,) = posts(world)
    assert "**amira** practises interview questions" in text(post)
    assert "US IMG" not in text(post)
    assert str(world.amira.id) not in text(post)
    allowed = [each for each in mentions(world) if each.get("users")]
    assert [[int(user) for user in each["users"]] for each in allowed] == [[world.diego.id]]
    assert all(each.get("parse") == [] for each in mentions(world))


async def test_two_presses_post_one(world: World, voice: Any) -> None:
    message = await opened(world)
    await asked(world, message, voice)
    _partner._posted.append(message.id)  # the other press came first
    assert "posted already" in said(await world.amira.click(message, label="Post it here"))
    assert posts(world) == []
    _partner._posted.remove(message.id)


async def test_without_a_partner_nobody_is_mentioned(world: World, voice: Any) -> None:
    message = await opened(world)
    await asked(world, message, voice)
    assert "It mentions nobody." in text(message)
    await world.amira.click(message, label="Post it here")
    (post,) = posts(world)
    assert "Who will listen?" in text(post)
    assert not [each for each in mentions(world) if each.get("users")]
    result = await world.diego.click(post, label=LISTEN)  # anybody may
    assert result.ephemeral
    assert title(result) == "For you who listen"


async def test_the_questions_open_for_the_partner_and_her_and_for_nobody_else(world: World, voice: Any) -> None:
    message = await opened(world)
    await asked(world, message, voice, world.diego, "behavioural")
    await world.amira.click(message, label="Post it here")
    (post,) = posts(world)
    assert "The questions: Behavioural." in text(post)
    his = await world.diego.click(post, label=LISTEN)
    assert his.ephemeral
    assert text(his).count("**Listen for:**") == ASKED
    assert text(await world.amira.click(post, label=LISTEN)) == text(his)
    mina = world.guild.add_member(world.env.create_user("mina"))
    refused = await mina.click(post, label=LISTEN)
    assert refused.ephemeral
    assert "for the one who was asked to listen" in said(refused)


async def test_the_questions_open_after_a_restart_as_well(world: World, voice: Any) -> None:
    message = await opened(world)
    await asked(world, message, voice, world.diego)
    await world.amira.click(message, label="Post it here")
    (post,) = posts(world)
    before = text(await world.diego.click(post, label=LISTEN))
    await world.restart()
    assert text(await world.diego.click(post, label=LISTEN)) == before


async def test_she_herself_and_a_bot_are_no_partners(world: World, voice: Any) -> None:
    message = await opened(world)
    assert "That is you." in said(await asked(world, message, voice, world.amira))
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))
    assert "A bot can't listen" in said(await asked(world, message, voice, robot))
    assert title(message) == "Practise with a partner"


async def close(world: World, voice: Any, whom: int) -> None:
    """Let somebody see a voice channel no longer."""
    view = str(discord.Permissions(view_channel=True).value)
    await world.env.bot.http.edit_channel_permissions(voice.id, whom, "0", view, 1)
    await world.env.settle()


async def test_a_channel_that_one_of_them_can_not_see_is_refused(world: World, voice: Any) -> None:
    message = await opened(world)
    other = world.guild.create_voice_channel("staff room")
    await close(world, other, world.env.bot.user.id)
    assert "I can't see that voice channel." in said(await asked(world, message, other))
    await close(world, voice, world.diego.id)
    assert "That person can't join that voice channel." in said(await asked(world, message, voice, world.diego))


async def test_a_channel_that_is_gone_before_the_post_is_told(world: World, voice: Any) -> None:
    message = await opened(world)
    await asked(world, message, voice, world.diego)
    key = next(each["custom_id"] for each in components(message) if each.get("label") == "Post it here")
    from cogs._ui.cards import card
    from cogs.interviews._partner import PostInvitation

    gone = PostInvitation(key.removeprefix("practice:post:").replace(str(voice.id), "5"), label="x")
    public = await in_public(world.env.bot, world, card("x", rows=[[gone]]))
    assert "I can't find that voice channel." in said(await world.amira.click(public, label="x"))


async def test_a_hostile_name_is_shown_plainly(world: World, voice: Any) -> None:
    mallory = world.guild.add_member(world.env.create_user("mallory", global_name="@everyone **[x](https://e.x)"))
    result = await mallory.slash(world.general, "interviews practice")
    message = result.response
    await mallory.click(message, label="With a partner")
    form = await mallory.click(message, label="Choose channel and partner")
    assert form.modal is not None
    ids = [label["component"]["custom_id"] for label in form.modal["components"]]
    await mallory.submit_modal(form, {ids[0]: [voice], ids[2]: ["mixed"]})
    await mallory.click(message, label="Post it here")
    (post,) = posts(world)
    assert "@everyone" not in text(post)
    assert "](https" not in text(post)
    assert not [each for each in mentions(world) if each.get("users")]


async def test_in_direct_messages_there_is_the_text_alone(world: World) -> None:
    message = (await world.amira.user.slash("interviews practice")).response
    await world.amira.user.click(message, label="With a partner")
    assert title(message) == "Text to copy"
    assert "Will you listen to my interview answers?" in text(message)
    before = text(message)
    await world.amira.user.click(message, label="Other questions")
    assert text(message) != before
    assert labels(message) == ["Other questions", "Back"]


async def test_every_text_and_every_card_for_a_partner_fits(world: World) -> None:
    texts = world.services.practice.texts
    for of in ("mixed", *(group.id for group in texts.groups)):
        for kind in ApplicantKind:
            for seed in range(8):
                questions = Questions(of, kind, seed)
                found = chosen(texts, questions)
                assert len(found) >= 2
                assert_within_limits(raw(listening_card(texts, questions)))
                copied = copied_text(texts, questions)
                assert len(copied) <= MOST_COPIED
                assert found[0].text in copied
                if of == "mixed":
                    assert all(question.asked_of == frozenset(ApplicantKind) for question in found)


async def test_keys_that_nobody_made_are_refused(world: World) -> None:
    from cogs._ui.cards import card
    from cogs.interviews._partner import Listen, PostInvitation

    for item in (Listen("x", label="x"), Listen("no.u.1-2-3", label="x"), PostInvitation("mixed.z.1-2-3", label="x")):
        public = await in_public(world.env.bot, world, card("x", rows=[[item]]))
        assert "not of use" in said(await world.amira.click(public, label="x"))
