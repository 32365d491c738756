"""Mock matches, stored on both databases: encrypted lists, counted without being read, exported whole and erased without a trace."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.domain.mock_match import KEPT_FOR, OPEN_FOR, MockMatch, MockState, play
from bot.storage.mock_match_tables import mock_match, mock_match_list
from bot.storage.mock_matches import MockMatchRepository
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, DIEGO, Store, a_member

GAME = MockMatch("g" * 16, 70, 80, None, AMIRA, MockState.OPEN, 7, NOON, NOON + OPEN_FOR)
PRIYA = 4_000


@pytest.fixture
async def games(store: Store) -> MockMatchRepository:
    for member_id in (AMIRA, DIEGO, PRIYA):
        await store.members.save(a_member(member_id))
    repository = MockMatchRepository(store.database, store.cipher)
    assert await repository.begin(GAME)
    return repository


async def give(games: MockMatchRepository, member_id: int, *order: str) -> None:
    assert await games.change(GAME.id, member_id, NOON, lambda _: order) is not None


async def test_a_game_is_returned_as_it_was_stored(games: MockMatchRepository) -> None:
    assert await games.get(GAME.id) == await games.open_of(70) == GAME
    await games.posted(GAME.id, 81, 90)
    assert await games.get(GAME.id) == replace(GAME, channel_id=81, message_id=90)
    assert await games.get("h" * 16) is None
    assert await games.open_of(71) is None


async def test_a_server_has_one_open_game(games: MockMatchRepository) -> None:
    assert not await games.begin(replace(GAME, id="h" * 16))
    assert await games.begin(replace(GAME, id="h" * 16, guild_id=71))
    assert await games.close(GAME.id, MockState.STOPPED, NOON)
    assert await games.begin(replace(GAME, id="i" * 16))
    assert not await games.begin(replace(GAME, id="j" * 16, begun_at=GAME.ends_at - KEPT_FOR / 700_000))
    assert await games.begin(replace(GAME, id="j" * 16, begun_at=GAME.ends_at, ends_at=GAME.ends_at + OPEN_FOR))


async def test_a_list_is_kept_encrypted_and_an_empty_one_not_at_all(store: Store, games: MockMatchRepository) -> None:
    await give(games, AMIRA, "Teal", "Amber")
    await give(games, AMIRA, "Teal")
    await give(games, DIEGO, "Jade")
    assert await games.order(GAME.id, AMIRA) == ("Teal",)
    assert await games.orders(GAME.id) == {AMIRA: ("Teal",), DIEGO: ("Jade",)}
    async with store.database.read() as connection:
        rows = (await connection.execute(sa.select(mock_match_list))).all()
    assert "Teal" not in str(rows)
    await give(games, AMIRA)
    assert await games.count(GAME.id) == 1
    assert await games.order(GAME.id, AMIRA) == ()


async def test_nothing_is_changed_for_who_is_not_stored_nor_in_a_closed_game(games: MockMatchRepository) -> None:
    assert await games.change(GAME.id, 5, NOON, lambda _: ("Teal",)) is None
    assert await games.change(GAME.id, AMIRA, GAME.ends_at, lambda _: ("Teal",)) is None
    assert not await games.close(GAME.id, MockState.REVEALED, GAME.ends_at)
    assert not await games.close(GAME.id, MockState.REVEALED, NOON, at_least=1)
    assert await games.close(GAME.id, MockState.REVEALED, NOON)
    assert await games.change(GAME.id, AMIRA, NOON, lambda _: ("Teal",)) is None
    assert not await games.close(GAME.id, MockState.STOPPED, NOON)
    assert await games.count(GAME.id) == 0


async def test_an_outcome_is_kept_once_and_read_back_the_same(games: MockMatchRepository) -> None:
    orders = {AMIRA: ("Teal", "Amber"), DIEGO: ("Teal",), PRIYA: ("Teal", "Jade")}
    for member_id, order in orders.items():
        await give(games, member_id, *order)
    assert await games.result(GAME.id, AMIRA) is None
    played, other = play(7, orders), play(7, {AMIRA: ("Jade",)})
    await games.keep(GAME.id, played)
    assert await games.result(GAME.id, AMIRA) is None, "it is not revealed"
    assert await games.close(GAME.id, MockState.REVEALED, NOON)
    for each in (played, other):
        await games.keep(GAME.id, each)
    stored = await games.get(GAME.id)
    assert stored is not None
    assert stored.numbers == played.numbers
    assert {who: await games.result(GAME.id, who) for who in orders} == played.results
    assert await games.orders(GAME.id) == orders


async def test_the_lists_of_a_stopped_game_go_at_once_those_of_a_revealed_one_later(games: MockMatchRepository) -> None:
    await give(games, AMIRA, "Teal")
    assert await games.close(GAME.id, MockState.REVEALED, NOON)
    await games.settle(NOON + KEPT_FOR - OPEN_FOR / 86_400)
    assert await games.count(GAME.id) == 1
    await games.settle(NOON + KEPT_FOR)
    assert await games.count(GAME.id) == 0
    second = replace(GAME, id="h" * 16)
    assert await games.begin(second)
    assert await games.change(second.id, AMIRA, NOON, lambda _: ("Teal",)) is not None
    assert await games.close(second.id, MockState.STOPPED, NOON)
    assert await games.count(second.id) == 0


async def test_her_export_holds_list_and_result_and_her_erasure_leaves_nothing(store: Store, games: MockMatchRepository) -> None:
    orders = {AMIRA: ("Teal", "Amber"), DIEGO: ("Teal",)}
    for member_id, order in orders.items():
        await give(games, member_id, *order)
    assert await games.close(GAME.id, MockState.REVEALED, NOON)
    await games.keep(GAME.id, play(7, orders))
    exported = await store.privacy.export(AMIRA)
    (row,), (game,) = exported["mock_match_lists"], exported["mock_matches"]
    assert row["order"] == ["Teal", "Amber"]
    assert row["events"]
    assert game["applicants"] == 2
    assert "seed" not in game, "with it the numbers of applicants could be traced to members"
    assert str(DIEGO) not in str(exported)
    his = await games.result(GAME.id, DIEGO)
    await store.privacy.erase(AMIRA)
    assert await games.orders(GAME.id) == {DIEGO: ("Teal",)}
    assert await games.result(GAME.id, DIEGO) == his
    async with store.database.read() as connection:
        assert (await connection.execute(sa.select(mock_match.c.author_id))).scalar_one() is None
        assert str(AMIRA) not in str((await connection.execute(sa.select(mock_match_list))).all())


async def test_a_list_that_cannot_be_read_is_left_out(store: Store, games: MockMatchRepository) -> None:
    await give(games, AMIRA, "Teal")
    await give(games, DIEGO, "Jade")
    async with store.database.write() as connection:
        await connection.execute(sa.update(mock_match_list).where(mock_match_list.c.member_id == AMIRA).values(blob=b"spoilt"))
    assert await games.orders(GAME.id) == {DIEGO: ("Jade",)}
    assert await games.order(GAME.id, AMIRA) == ()
    assert await games.result(GAME.id, AMIRA) is None
