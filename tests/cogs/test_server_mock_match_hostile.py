"""``/server mock-match`` under pressure: forged buttons, other servers, deleted cards, thousands at once, the longest cards."""

from typing import Any

import discord
import pytest

from bot.client import MatchdayClient
from bot.domain.matching.invention import HER
from bot.domain.matching.trace import Event, EventKind
from bot.domain.mock_match import OPEN_FOR, PROGRAMS, MockMatch, MockState, Numbers, OwnResult, play, programs_of
from bot.services.mock_matches import OwnList
from cogs._ui.cards import MAX_TEXT
from cogs.server import _mock
from cogs.server._mock_list import list_card, result_card
from tests.cogs.conftest import World, components, text, title
from tests.support.every_card import press
from tests.support.mock_match_cards import a_moderator, begun, board, game_of, joined, people, rows
from tests.support.reply_limits import assert_within_limits
from tests.support.rotation_cards import messages_of, said

FORBIDDEN = {"status": 403, "code": 50013, "message": "Missing Permissions"}
UNKNOWN = {"status": 404, "code": 10008, "message": "Unknown Message"}
NOBODYS = "That mock match is not there any more."


@pytest.fixture
async def priya(world: World) -> Any:
    return await a_moderator(world)


@pytest.mark.parametrize(
    "custom_id",
    ["mock:join:", "mock:join:{other}", "mock:undo:{id}-999999999999", "mock:undo:{id}", "mock:undo:-1", "mock:clear:{id}-1",
     "mock:leave:*", "mock:result:' OR 1=1", "mock:result:{other}", "server:mock_reveal:{other}", "server:mock_stop:", "server:mock_post:x",
     "server:mock_ask:{id}{id}"],
)  # fmt: skip
async def test_forged_buttons_reach_nothing(world: World, priya: Any, custom_id: str) -> None:
    card = await begun(world, priya)
    await joined(world.amira, card, 0, 0)
    game = await game_of(world)
    for who in (world.diego, priya):
        result = await press(world, who, world.general, custom_id.format(id=game.id, other="z" * 16))
        for each in messages_of(result):
            assert_within_limits(components(each))
        assert "Something went wrong" not in said(result)
    assert await game_of(world) == game
    assert await rows(world) == [world.amira.id]
    assert len(await world.services.mock_matches._games.order(game.id, world.amira.id)) == 2
    world.env.raise_errors()


@pytest.mark.parametrize("value", ["Beth Israel", "", "Amber\nTeal", "**x**", "@everyone", "x" * 100])
async def test_what_is_no_program_of_the_game_is_not_taken(world: World, priya: Any, value: str) -> None:
    card = await begun(world, priya)
    await joined(world.amira, card, 0)
    game = await game_of(world)
    result = await press(world, world.amira, world.general, f"mock:add:{game.id}-1", [value or "0"])
    assert "nothing was done" in text(result)
    if value:
        assert value not in text(result)
    assert len(await world.services.mock_matches._games.order(game.id, world.amira.id)) == 1


async def test_another_server_reaches_nothing_of_it(world: World, priya: Any) -> None:
    card = await begun(world, priya)
    for who in people(world, 3):
        await joined(who, card, 0)
    game = await game_of(world)
    elsewhere = world.env.create_guild("Elsewhere")
    there = elsewhere.create_text_channel("there")
    managing = elsewhere.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    stranger = elsewhere.add_member(world.env.create_user("stranger"), roles=[managing])
    prefixes = ["mock:join", "mock:undo", "mock:clear", "mock:leave", "mock:result"]
    prefixes += ["server:mock_reveal", "server:mock_ask", "server:mock_stop", "server:mock_post"]
    for prefix in prefixes:
        assert NOBODYS in said(await press(world, stranger, there, f"{prefix}:{game.id}"))
    assert NOBODYS in said(await press(world, stranger, there, f"mock:add:{game.id}-0", [game.programs[0]]))
    assert (await game_of(world)) == game
    own = await stranger.slash(there, "server mock-match")
    assert "The mock match is open" in said(own), "each server has its own"


async def test_a_card_that_was_deleted_is_said_to_be_and_can_be_posted_anew(world: World, priya: Any) -> None:
    card = await begun(world, priya)
    for who in people(world, 3):
        await joined(who, card, 0)
    world.env.inject_error("PATCH", f"/channels/{world.general.id}/messages/{card.id}", times=None, **UNKNOWN)
    told = await priya.click(card, label="Reveal (moderators)")
    assert "could not be renewed" in said(told)
    await priya.click(messages_of(told)[-1], label="Post its card here")
    assert title(board(world)) == "Mock match: the result"
    assert title(await world.amira.click(board(world), label="My result")) == "Your result in the mock match"


async def test_where_it_cannot_be_posted_nothing_stays_open(world: World, priya: Any) -> None:
    world.env.inject_error("POST", f"/channels/{world.general.id}/messages", times=1, **FORBIDDEN)
    refused = await priya.slash(world.general, "server mock-match")
    assert "I am not allowed to do that here." in said(refused)
    await begun(world, priya)


async def test_many_who_join_at_once_make_one_edit_at_a_time(world: World, priya: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    await begun(world, priya)
    game, client = await game_of(world), world.env.bot
    assert isinstance(client, MatchdayClient)
    drawn: list[int] = []

    async def edit(client: Any, game: MockMatch) -> None:
        drawn.append(1)
        if len(drawn) == 1:
            for _ in range(100):  # who join while it is drawn
                assert await _mock.redraw(client, game)

    monkeypatch.setattr(_mock, "_edit", edit)
    assert await _mock.redraw(client, game)
    assert len(drawn) == 2
    assert _mock._drawing == {}


def worst_result() -> OwnResult:
    """Return the longest that a result can be: held and bumped at every program, the safe choice last."""
    others = ("Applicant 4000", "Applicant 3999")
    events: list[Event] = []
    for rank, program in enumerate(PROGRAMS, 1):
        events += [Event(EventKind.PROPOSES, HER, program, rank), Event(EventKind.HELD, HER, program, rank)]
        events.append(Event(EventKind.BUMPED, HER, program, rank, others[:1]))
    events += [Event(EventKind.FULL, HER, PROGRAMS[-1], 8, others), Event(EventKind.EXHAUSTED, HER)]
    return OwnResult(PROGRAMS, 7, tuple(events), PROGRAMS[1], 8)


async def test_the_longest_cards_are_within_limits_with_thousands(world: World) -> None:
    services = world.services
    longest = max((play(seed, dict.fromkeys(range(4_000), programs_of(seed))).results[5] for seed in range(2)), key=lambda r: len(r.events))
    numbers = Numbers(4_000, dict.fromkeys(PROGRAMS, 2), (4_000,) * 8, 4_000)
    now = services.clock.now()
    game = MockMatch("a" * 16, 10**18, 10**18, 10**18, 1, MockState.OPEN, 7, now, now + OPEN_FOR)
    ended = MockMatch("a" * 16, 10**18, 10**18, 10**18, 1, MockState.REVEALED, 7, now, now + OPEN_FOR, now, numbers)
    cards = [
        result_card(services, worst_result()),
        result_card(services, longest),
        _mock.public_card(services, game, 4_000),
        _mock.public_card(services, ended, 4_000),
        _mock.there_card(game),
        *(list_card(OwnList(game, PROGRAMS[:count], is_stale=True)) for count in range(9)),
    ]
    for each in cards:
        found = [inner.to_component_dict() for inner in each.walk_children()]
        assert sum(len(inner.get("content", "")) for inner in found) + 60 <= MAX_TEXT
        assert_within_limits(found)


async def test_the_public_card_is_drawn_without_reading_a_list(world: World, priya: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    card = await begun(world, priya)
    await joined(world.amira, card, 0)

    def never(blob: bytes) -> None:
        raise AssertionError(blob)

    monkeypatch.setattr(world.services.mock_matches._games._cipher, "readable", never)
    game = await game_of(world)
    assert await world.services.mock_matches.joined(game) == 1
    assert await _mock.redraw(world.env.bot, game)  # type: ignore[arg-type]
