"""``/server mock-match``: joined, revealed, looked at; numbers for everybody, her own result for each, and nothing of one for another."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.mock_match import KEPT_FOR, OPEN_FOR, MockState, play
from bot.domain.servers import Deed
from tests.cogs.conftest import World, components, labels, options, text, title
from tests.support.every_card import press
from tests.support.mock_match_cards import OVER, a_moderator, begun, board, game_of, joined, people, rows
from tests.support.reply_limits import assert_within_limits
from tests.support.rotation_cards import messages_of, said


@pytest.fixture
async def priya(world: World) -> Any:
    return await a_moderator(world)


async def test_the_whole_game(world: World, priya: Any) -> None:
    card = await begun(world, priya)
    assert_within_limits(components(card))
    assert labels(card) == ["Join", "Reveal (moderators)", "Stop (moderators)"]
    shown = text(card)
    assert "**All programs are invented, and their lists are drawn by lot.**" in shown
    assert "It is a game: it says nothing about anybody's own chances." in shown
    assert "Couples are left out" in shown
    assert "Source: " in shown
    assert "**Joined with at least one program: 0.** A reveal needs 3 at least." in shown

    players = people(world)
    for number, who in enumerate(players):
        await joined(who, card, 0, number % 3, 0)
        assert f"**Joined with at least one program: {number + 1}.**" in text(board(world))
    game = await game_of(world)
    played = play(game.seed, await world.services.mock_matches._games.orders(game.id))

    said_to_priya = await priya.click(card, label="Reveal (moderators)")
    assert said_to_priya.ephemeral
    revealed = board(world)
    assert_within_limits(components(revealed))
    assert labels(revealed) == ["My result"]
    numbers = played.numbers
    assert f"6 applicants, {numbers.places_in_all} places at {len(game.programs)} programs." in text(revealed)
    assert f"- placed at their first choice: **{numbers.by_choice[0]}**" in text(revealed)
    assert f"- at none: **{numbers.unplaced}**" in text(revealed)
    assert f"- places left: **{numbers.left}**" in text(revealed)
    for who in (*players, priya):
        assert who.user.name not in text(revealed)
        assert str(who.id) not in f"{components(revealed)}"

    for who in players:
        result = await who.click(revealed, label="My result")
        assert result.ephemeral
        assert_within_limits(components(result))
        own, told = played.results[who.id], text(result)
        where = "**You got no place:**" if own.rank is None else f"**You were placed at Program {own.order[own.rank - 1]}, your "
        assert where in told
        assert f"`1` **You** propose to Program {own.order[0]} (your no. 1)." in told
        assert "**Safe choice first: nothing better.**" in told
        assert "It is a game: it says nothing about anybody's own chances." in told
        assert not [each.user.name for each in players if each.user.name in told]
    deeds, _ = await world.services.servers.deeds(world.guild.id, 9)
    assert {Deed.MOCK_MATCH_BEGUN, Deed.MOCK_MATCH_REVEALED} <= {each.what for each in deeds}
    world.env.raise_errors()


async def test_a_list_is_built_by_taps_and_only_she_sees_it(world: World, priya: Any) -> None:
    card = await begun(world, priya)
    programs = (await game_of(world)).programs
    opened = await joined(world.amira, card)
    assert title(opened) == "Mock match: your list"
    assert "Nothing is on it yet." in text(opened)
    assert await rows(world) == []
    hers = await joined(world.amira, card, *[0] * len(programs))
    assert [each for each in components(hers) if each["type"] == 3] == [], "all are on it"
    assert f"1. Program {programs[0]}\n2. Program {programs[1]}" in text(hers)
    assert_within_limits(components(hers))
    back = await world.amira.click(hers, label="Undo")
    assert [each["value"] for each in options(back)] == [programs[-1]]
    assert "**Joined with at least one program: 1.**" in text(board(world))

    his = await joined(world.diego, card)
    assert "Nothing is on it yet." in text(his)
    cleared = await world.amira.click(back.response, label="Clear")
    assert "Nothing is on it yet." in text(cleared)
    assert "**Joined with at least one program: 0.**" in text(board(world))
    again = await world.amira.select(cleared.response, [programs[2]])
    assert await rows(world) == [world.amira.id]
    left = await world.amira.click(again.response, label="Leave")
    assert title(left) == "You have left the mock match"
    assert await rows(world) == []
    assert "**Joined with at least one program: 0.**" in text(board(world))
    assert programs[0] not in "".join(each.content for each in world.general.history())


async def test_an_old_card_of_hers_changes_nothing(world: World, priya: Any) -> None:
    card = await begun(world, priya)
    old = await joined(world.amira, card)
    keys = {each["custom_id"] for each in components(old) if each["type"] == 3}
    await joined(world.amira, card, 0, 0)
    stale = await press(world, world.amira, world.general, keys.pop(), [(await game_of(world)).programs[5]])
    assert "**Your list had changed meanwhile, so nothing was done.**" in text(stale)
    assert "2. Program" in text(stale)
    assert "3. Program" not in text(stale)


@pytest.mark.parametrize("label", ["Reveal (moderators)", "Stop (moderators)"])
async def test_who_does_not_moderate_neither_reveals_nor_stops(world: World, priya: Any, label: str) -> None:
    card = await begun(world, priya)
    for who in people(world, 3):
        await joined(who, card, 0)
    refused = await world.amira.click(card, label=label)
    assert refused.ephemeral
    assert title(refused) == "A mock match is begun, revealed and stopped by the moderators of this server."
    game = await game_of(world)
    for prefix in ("server:mock_reveal", "server:mock_stop", "server:mock_post", "server:mock_ask"):
        assert "by the moderators of this server" in text(await press(world, world.diego, world.general, f"{prefix}:{game.id}"))
    assert "by the moderators of this server" in text(await world.amira.slash(world.general, "server mock-match"))
    assert (await game_of(world)).state is MockState.OPEN


async def test_too_few_are_not_revealed(world: World, priya: Any) -> None:
    card = await begun(world, priya)
    for who in people(world, 2):
        await joined(who, card, 0)
    refused = await priya.click(card, label="Reveal (moderators)")
    assert "A reveal needs 3 lists at least." in said(refused)
    assert labels(board(world))[0] == "Join"


async def test_there_is_one_at_a_time_and_its_card_can_be_posted_anew(world: World, priya: Any) -> None:
    card = await begun(world, priya)
    again = await priya.slash(world.general, "server mock-match")
    assert title(messages_of(again)[-1]) == "A mock match is open here"
    assert f"/{world.general.id}/{card.id}" in said(again)
    await priya.click(messages_of(again)[-1], label="Post its card here")
    newer = board(world)
    assert newer.id != card.id
    await joined(world.amira, card, 0)
    assert "**Joined with at least one program: 1.**" in text(board(world)), "the new card is renewed, whichever is pressed"
    assert (await game_of(world)).message_id == newer.id


async def test_reveal_pressed_twice_reveals_once(world: World, priya: Any) -> None:
    card = await begun(world, priya)
    for who in people(world, 4):
        await joined(who, card, 0, 1)
    game = await game_of(world)
    await priya.click(card, label="Reveal (moderators)")
    before = text(board(world))
    again = await press(world, priya, world.general, f"server:mock_reveal:{game.id}")
    assert "The result is revealed" in said(again)
    assert text(board(world, 0)) == before
    deeds, _ = await world.services.servers.deeds(world.guild.id, 9)
    assert [each.what for each in deeds].count(Deed.MOCK_MATCH_REVEALED) == 1


async def test_after_the_reveal_nothing_is_changed_and_strangers_have_no_result(world: World, priya: Any) -> None:
    card = await begun(world, priya)
    players = people(world, 4)
    cards = {who.id: await joined(who, card, 0, 0) for who in players}
    late = world.guild.add_member(world.env.create_user("late"))
    game = await game_of(world)
    early = await press(world, late, world.general, f"mock:result:{game.id}")
    assert title(early) == "Nothing is revealed yet."
    await priya.click(card, label="Reveal (moderators)")
    for label in ("Undo", "Clear", "Leave"):
        assert title(await players[0].click(cards[players[0].id], label=label)) == OVER
    assert title(await press(world, late, world.general, f"mock:join:{game.id}")) == OVER
    assert title(await late.click(board(world, 0), label="My result")) == "You have no list in that mock match."
    assert len(await rows(world)) == len(players)


async def test_a_restart_changes_nothing(world: World, priya: Any) -> None:
    card = await begun(world, priya)
    players = people(world, 4)
    hers = await joined(players[0], card, 1)
    await world.restart()
    await players[0].select(hers, [options(hers)[0]["value"]])
    for who in players[1:]:
        await joined(who, board(world), 0, 2)
    await world.restart()
    await priya.click(board(world), label="Reveal (moderators)")
    told = text(await players[0].click(board(world), label="My result"))
    await world.restart()
    assert text(await players[0].click(board(world), label="My result")) == told
    assert "**You were placed" in told or "**You got no place" in told


async def test_who_erases_in_between_takes_no_part_and_an_old_card_stores_nothing(world: World, priya: Any) -> None:
    card = await begun(world, priya)
    players = people(world, 5)
    cards = [await joined(who, card, 0, 0) for who in players]
    await world.services.mydata.erase(world.amira.id)
    stale = await world.amira.select(cards[0], [options(cards[0])[0]["value"]])
    assert "Nothing is on it yet." in text(stale)
    assert set((await world.services.mydata.summary(world.amira.id)).values()) == {0}
    await priya.click(card, label="Reveal (moderators)")
    assert "4 applicants" in text(board(world))
    assert title(await world.amira.click(board(world), label="My result")) == "You have no list in that mock match."

    before = text(await world.diego.click(board(world), label="My result"))
    await world.services.mydata.erase(players[2].id)
    assert text(await world.diego.click(board(world), label="My result")) == before
    erased = await world.services.mydata.erase(priya.id)
    assert erased["mock_matches"] == 1
    assert (await game_of(world)).author_id is None
    assert text(await world.diego.click(board(world), label="My result")) == before


async def test_stopped_with_a_question_before_and_its_lists_are_gone(world: World, priya: Any) -> None:
    card = await begun(world, priya)
    await joined(world.amira, card, 0)
    asked = await priya.click(card, label="Stop (moderators)")
    assert (asked.ephemeral, title(asked)) == (True, "Stop the mock match?")
    assert len(await rows(world)) == 1
    stopped = await priya.click(asked.response, label="Stop it")
    assert title(stopped) == "The mock match is stopped"
    assert await rows(world) == []
    assert title(board(world)) == "This mock match is over"
    assert labels(board(world)) == []
    game = await game_of(world)
    for prefix in ("server:mock_stop", "server:mock_ask", "server:mock_reveal", "mock:join", "mock:result"):
        assert OVER in said(await press(world, priya, world.general, f"{prefix}:{game.id}"))
    await begun(world, priya)


async def test_it_ends_by_itself_and_the_card_says_so_at_the_next_press(world: World, priya: Any) -> None:
    card = await begun(world, priya)
    for who in people(world, 3):
        await joined(who, card, 0)
    world.clock.advance(OPEN_FOR)
    late = await world.amira.click(card, label="Join")
    assert title(late) == OVER
    assert title(board(world)) == "This mock match is over"
    assert await rows(world) == []
    other = await begun(world, priya)
    world.clock.advance(OPEN_FOR)
    assert OVER in said(await priya.click(other, label="Reveal (moderators)"))
    assert title(board(world)) == "This mock match is over"


async def test_results_are_there_for_seven_days(world: World, priya: Any) -> None:
    card = await begun(world, priya)
    for who in people(world, 3):
        await joined(who, card, 0)
    await priya.click(card, label="Reveal (moderators)")
    world.clock.advance(KEPT_FOR - timedelta(seconds=1))
    assert title(await world.amira.click(board(world), label="My result")) == "Your result in the mock match"
    world.clock.advance(timedelta(seconds=1))
    gone = await world.amira.click(board(world), label="My result")
    assert "Its lists are deleted seven days after the reveal" in text(gone)
    assert await rows(world) == []
