"""Mock matches in use: one a server, revealed once and from its seed, its lists gone in time."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.mock_match import KEPT_FOR, OPEN_FOR, MockMatch, MockState, Order, play
from bot.errors import UserFacingError
from bot.services import mock_matches as words
from bot.services.mock_matches import MockMatchService
from bot.storage.mock_match_tables import mock_match, mock_match_list
from tests.services.conftest import Desk

GUILD, CHANNEL, PRIYA = 70, 80, 900
MEMBERS = range(101, 113)


@pytest.fixture
def games(desk: Desk) -> MockMatchService:
    return desk.services.mock_matches


async def begun(games: MockMatchService, guild_id: int = GUILD) -> MockMatch:
    game, is_new = await games.begin(guild_id, CHANNEL, PRIYA)
    assert is_new
    return game


async def join(games: MockMatchService, game: MockMatch, member_id: int, *programs: str) -> Order:
    for number, program in enumerate(programs):
        held = await games.add(game.id, game.guild_id, member_id, program, number)
        assert not held.is_stale
    return (await games.list_of(game.id, game.guild_id, member_id)).order


async def all_join(games: MockMatchService, game: MockMatch) -> dict[int, Order]:
    programs = game.programs
    return {who: await join(games, game, who, *programs[who % 4 :], *programs[: who % 2]) for who in MEMBERS}


async def refused(what: Any) -> UserFacingError:
    with pytest.raises(UserFacingError) as caught:
        await what
    return caught.value


async def lists(desk: Desk) -> int:
    async with desk.house.database.read() as connection:
        return (await connection.execute(sa.select(sa.func.count()).select_from(mock_match_list))).scalar_one()


async def test_what_is_revealed_follows_from_the_stored_seed(desk: Desk, games: MockMatchService) -> None:
    game = await begun(games)
    orders = await all_join(games, game)
    async with desk.house.database.read() as connection:
        seed = (await connection.execute(sa.select(mock_match.c.seed))).scalar_one()
    assert seed == game.seed
    played = play(seed, orders)
    revealed = await games.reveal(game.id, GUILD)
    assert revealed.numbers == played.numbers
    for member_id in MEMBERS:
        assert await games.result_of(game.id, GUILD, member_id) == played.results[member_id]


async def test_two_games_have_two_seeds(games: MockMatchService) -> None:
    assert (await begun(games)).seed != (await begun(games, GUILD + 1)).seed


async def test_revealed_twice_at_once_is_revealed_once(games: MockMatchService) -> None:
    game = await begun(games)
    await all_join(games, game)
    first, second = await asyncio.gather(games.reveal(game.id, GUILD), games.reveal(game.id, GUILD))
    assert first == second
    assert first.numbers is not None
    assert (await games.reveal(game.id, GUILD)).numbers == first.numbers


async def test_a_crash_between_closing_and_matching_is_made_good_at_the_next_use(games: MockMatchService) -> None:
    game = await begun(games)
    orders = await all_join(games, game)
    assert await games._games.close(game.id, MockState.REVEALED, games._clock.now())
    stored = await games._games.get(game.id)
    assert stored is not None
    assert stored.numbers is None
    assert (await games.result_of(game.id, GUILD, MEMBERS[0])).rank == play(game.seed, orders).results[MEMBERS[0]].rank
    assert (await games.get(game.id, GUILD)).numbers == play(game.seed, orders).numbers


async def test_who_erases_after_the_reveal_changes_nothing_for_the_others(desk: Desk, games: MockMatchService) -> None:
    game = await begun(games)
    await all_join(games, game)
    revealed = await games.reveal(game.id, GUILD)
    before = {who: await games.result_of(game.id, GUILD, who) for who in MEMBERS}
    await desk.services.mydata.erase(MEMBERS[0])
    assert await refused(games.result_of(game.id, GUILD, MEMBERS[0])) is words.NO_LIST
    assert {who: await games.result_of(game.id, GUILD, who) for who in MEMBERS[1:]} == {who: before[who] for who in MEMBERS[1:]}
    assert (await games.get(game.id, GUILD)).numbers == revealed.numbers


async def test_who_erases_before_the_reveal_is_not_matched(desk: Desk, games: MockMatchService) -> None:
    game = await begun(games)
    orders = await all_join(games, game)
    await desk.services.mydata.erase(MEMBERS[3])
    assert await games.joined(game) == len(MEMBERS) - 1
    del orders[MEMBERS[3]]
    assert (await games.reveal(game.id, GUILD)).numbers == play(game.seed, orders).numbers


async def test_a_server_has_one_open_game(games: MockMatchService) -> None:
    results = await asyncio.gather(*(games.begin(GUILD, CHANNEL + number, PRIYA) for number in range(5)))
    assert [is_new for _, is_new in results].count(True) == 1
    assert len({game.id for game, _ in results}) == 1
    await games.stop(results[0][0].id, GUILD)
    assert (await begun(games)).id != results[0][0].id


async def test_a_reveal_needs_three_lists(games: MockMatchService) -> None:
    game = await begun(games)
    for member_id in MEMBERS[:2]:
        await join(games, game, member_id, game.programs[0])
    assert await refused(games.reveal(game.id, GUILD)) is words.TOO_FEW
    assert games.is_open(await games.get(game.id, GUILD))
    await join(games, game, MEMBERS[2], game.programs[1])
    numbers = (await games.reveal(game.id, GUILD)).numbers
    assert numbers is not None
    assert numbers.applicants == 3


async def test_it_ends_by_itself_after_a_day_and_its_lists_go(desk: Desk, games: MockMatchService) -> None:
    game = await begun(games)
    await all_join(games, game)
    desk.clock.advance(OPEN_FOR - timedelta(seconds=1))
    await games.undo(game.id, GUILD, MEMBERS[0], len((await games.list_of(game.id, GUILD, MEMBERS[0])).order))
    desk.clock.advance(timedelta(seconds=1))
    for what in (
        games.add(game.id, GUILD, MEMBERS[0], game.programs[0], 0),
        games.undo(game.id, GUILD, MEMBERS[0], 1),
        games.clear(game.id, GUILD, MEMBERS[0]),
        games.list_of(game.id, GUILD, MEMBERS[0]),
        games.reveal(game.id, GUILD),
        games.result_of(game.id, GUILD, MEMBERS[0]),
    ):
        assert await refused(what) is words.OVER
    assert not await games.stop(game.id, GUILD)
    ended = await games.get(game.id, GUILD)
    assert (ended.state, ended.closed_at, ended.numbers) == (MockState.STOPPED, game.ends_at, None)
    assert await lists(desk) == 0
    await begun(games)


async def test_the_time_of_an_old_game_does_not_keep_another_from_beginning(desk: Desk, games: MockMatchService) -> None:
    old = await begun(games)
    await all_join(games, old)
    desk.clock.advance(OPEN_FOR)
    assert (await begun(games)).id != old.id
    assert await lists(desk) == 0


@pytest.mark.parametrize("by", ["use", "another", "day"])
async def test_lists_go_seven_days_after_the_reveal(desk: Desk, games: MockMatchService, by: str) -> None:
    game = await begun(games)
    await all_join(games, game)
    revealed = await games.reveal(game.id, GUILD)
    desk.clock.advance(KEPT_FOR - timedelta(seconds=1))
    await games.discard_old()
    await games.result_of(game.id, GUILD, MEMBERS[0])
    assert await lists(desk) == len(MEMBERS)
    desk.clock.advance(timedelta(seconds=1))
    if by == "use":
        assert await refused(games.result_of(game.id, GUILD, MEMBERS[0])) is words.NO_LIST
    elif by == "another":
        await begun(games, GUILD + 1)
    else:
        await games.discard_old()
    assert await lists(desk) == 0
    assert (await games.get(game.id, GUILD)).numbers == revealed.numbers


async def test_a_card_that_shows_another_list_changes_nothing(games: MockMatchService) -> None:
    game = await begun(games)
    first, second, third, *_ = game.programs
    await join(games, game, MEMBERS[0], first, second)
    for held in (
        await games.add(game.id, GUILD, MEMBERS[0], third, 1),
        await games.undo(game.id, GUILD, MEMBERS[0], 1),
        await games.add(game.id, GUILD, MEMBERS[0], second, 2),
        await games.add(game.id, GUILD, MEMBERS[0], "Beth Israel", 2),
    ):
        assert held.is_stale
        assert held.order == (first, second)


async def test_two_choices_at_once_add_one(games: MockMatchService) -> None:
    game = await begun(games)
    held = await asyncio.gather(*(games.add(game.id, GUILD, MEMBERS[0], program, 0) for program in game.programs))
    assert [each.is_first for each in held].count(True) == 1
    assert len((await games.list_of(game.id, GUILD, MEMBERS[0])).order) == 1


async def test_undo_and_leaving_end_in_nothing_stored(desk: Desk, games: MockMatchService) -> None:
    game = await begun(games)
    await join(games, game, MEMBERS[0], game.programs[0])
    held = await games.undo(game.id, GUILD, MEMBERS[0], 1)
    assert (held.order, held.is_last) == ((), True)
    assert await lists(desk) == 0
    await join(games, game, MEMBERS[0], *game.programs)
    held = await games.clear(game.id, GUILD, MEMBERS[0])
    assert (held.order, held.is_last, held.to_choose) == ((), True, game.programs)
    assert not (await games.clear(game.id, GUILD, MEMBERS[0])).is_last
    assert await lists(desk) == 0


async def test_looking_stores_nothing_of_her(desk: Desk, games: MockMatchService) -> None:
    game = await begun(games)
    await games.list_of(game.id, GUILD, 555)
    await games.add(game.id, GUILD, 555, "Beth Israel", 0)
    await games.undo(game.id, GUILD, 555, 0)
    assert set((await desk.services.mydata.summary(555)).values()) == {0}


async def test_no_game_is_reached_from_another_server(games: MockMatchService) -> None:
    game = await begun(games)
    await all_join(games, game)
    for guild_id in (GUILD + 1, None):
        for what in (
            games.get(game.id, guild_id),
            games.list_of(game.id, guild_id, MEMBERS[0]),
            games.add(game.id, guild_id, MEMBERS[0], game.programs[0], 0),
            games.clear(game.id, guild_id, MEMBERS[0]),
            games.reveal(game.id, guild_id),
            games.stop(game.id, guild_id),
            games.result_of(game.id, guild_id, MEMBERS[0]),
        ):
            assert await refused(what) is words.GONE
    assert await games.joined(game) == len(MEMBERS)
