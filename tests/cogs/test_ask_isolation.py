"""Of two servers, no command and no button of one shows a byte of the other's questions."""

from typing import Any

import pytest
import simcord

from bot.errors import UserFacingError
from tests.cogs.conftest import World, components, text
from tests.support.question_cards import Desk, a_desk, answer, ask, entries, moderators, said, say

HERE, THERE = "papaya", "quince"


async def two_servers(world: World) -> tuple[Desk, Desk, Any, Any]:
    """Fill two servers in which Amira asks; return both desks, and the other server with its channel."""
    other = world.env.create_guild("Elsewhere")
    lounge = other.create_text_channel("lounge")
    there = other.add_member(world.amira.user)
    here_desk, there_desk = await a_desk(world), await a_desk(world, other, "noor")
    for who, channel, desk, word in ((world.amira, world.general, here_desk, HERE), (there, lounge, there_desk, THERE)):
        await ask(world, who, channel, Your_question=f"{word} question", Your_name="shown", Topic=["visa"])
        await answer(desk, f"{word} answer")
    return here_desk, there_desk, there, lounge


async def walked(world: World, guild: Any, channel: Any, who: Any, desk: Desk) -> str:
    """Use every command and button that shows questions in a server, as its manager and as her; return all that was seen."""
    manager = moderators(world, guild)
    seen = [said(await manager.slash(channel, f"advisor {name}")) for name in ("queue", "stats")]
    listed = await manager.slash(channel, "advisor queue")
    for question_id in ids(listed):
        again = await manager.slash(channel, "advisor queue")
        seen += [text(await manager.select(again.response, [question_id]))]
    mine = await who.slash(channel, "ask mine")
    seen.append(text(mine))
    seen.append(text(await who.select(mine.response, [ids(mine)[0]])))
    for entry in entries(desk):
        seen += [text(entry), said(await manager.click(entry, label="Read"))]
    return "\n".join(seen)


def ids(card: simcord.InteractionResult) -> list[str]:
    return [option["value"] for each in components(card) if each["type"] == 3 for option in each["options"]]


async def test_nothing_of_one_server_is_seen_in_the_other(world: World) -> None:
    here_desk, there_desk, there, lounge = await two_servers(world)
    here = await walked(world, world.guild, world.general, world.amira, here_desk)
    elsewhere = await walked(world, there.guild, lounge, there, there_desk)
    assert HERE in here
    assert THERE not in here
    assert THERE in elsewhere
    assert HERE not in elsewhere


async def test_in_her_conversation_with_the_bot_she_sees_all_of_hers(world: World) -> None:
    await two_servers(world)
    seen = text(await world.amira.user.slash("ask mine"))
    assert HERE in seen
    assert THERE in seen


async def test_an_advisor_of_another_server_reaches_nothing(world: World) -> None:
    here_desk, _, there, _ = await two_servers(world)
    (theirs,) = (await world.services.questions.page(world.amira.id, there.guild.id, 5))[0]
    advising = world.services.advising
    guild_id, advisor_id = world.guild.id, here_desk.advisor.id
    for attempt in (advising.claim, advising.close):
        with pytest.raises(UserFacingError, match="not there any more"):
            await attempt(theirs.id, guild_id, advisor_id)
    for say_so in (advising.answer, advising.lift):
        with pytest.raises(UserFacingError, match="not there any more"):
            await say_so(theirs.id, guild_id, advisor_id, "words")
    for look in (advising.get, advising.messages):
        with pytest.raises(UserFacingError, match="not there any more"):
            await look(theirs.id, guild_id)


async def test_one_who_joined_the_other_server_is_no_advisor_there(world: World) -> None:
    here_desk, there_desk, there, _ = await two_servers(world)
    guest = there.guild.add_member(here_desk.advisor.user)
    for label in ("Answer", "Close", "Read"):
        assert "answered by the advisors of this server" in said(await guest.click(entries(there_desk)[0], label=label))


async def test_a_card_of_one_server_does_not_open_in_the_other(world: World) -> None:
    _, _, there, lounge = await two_servers(world)
    (here,) = (await world.services.questions.page(world.amira.id, world.guild.id, 5))[0]
    mine = await there.slash(lounge, "ask mine")
    assert here.id not in ids(mine)
    assert "asked nothing in this server" in said(await world.diego.slash(world.general, "ask mine"))


async def test_three_under_way_are_counted_in_each_server(world: World) -> None:
    _, there_desk, there, lounge = await two_servers(world)
    for _ in range(2):
        await ask(world)
    assert "3 questions under way" in said(await ask(world))
    await ask(world, there, lounge)
    assert len(entries(there_desk)) == 2
    form = await world.amira.click((await opened(world)).response, label="Reply")
    await say(world.amira, form, "more")


async def opened(world: World) -> Any:
    mine = await world.amira.slash(world.general, "ask mine")
    return await world.amira.select(mine.response, [ids(mine)[0]])
