"""Hands for the tests of mock matches: a moderator by her role alone, a game begun, joined by taps, its card as it stands."""

from typing import Any

import sqlalchemy as sa

from bot.domain.mock_match import MockMatch
from bot.storage.mock_match_tables import mock_match, mock_match_list
from tests.cogs.conftest import World, options, text, title
from tests.support.rotation_cards import messages_of

OVER = "That mock match is over."
PUBLIC = ("### Mock match: see", "### Mock match: the result", "### This mock match is over")


def people(world: World, count: int = 6) -> list[Any]:
    more = [world.guild.add_member(world.env.create_user(f"member{number}")) for number in range(count - 2)]
    return [world.amira, world.diego, *more]


async def begun(world: World, priya: Any) -> Any:
    """Begin a game; return its card in the channel."""
    result = await priya.slash(world.general, "server mock-match")
    assert result.ephemeral
    assert title(messages_of(result)[-1]) == "The mock match is open"
    return board(world)


def board(world: World, number: int = -1) -> Any:
    """Return the card as it stands in the channel now."""
    found = [each for each in world.general.history() if text(each).startswith(PUBLIC)]
    return found[number]


async def game_of(world: World) -> MockMatch:
    async with world.house.database.read() as connection:
        game_id = (await connection.execute(sa.select(mock_match.c.id).order_by(mock_match.c.begun_at.desc()).limit(1))).scalar_one()
    return await world.services.mock_matches.get(game_id, world.guild.id)


async def joined(who: Any, card: Any, *choices: int) -> Any:
    """Join and choose programs by their number in the select; return her card."""
    result = await who.click(card, label="Join")
    assert result.ephemeral
    for each in choices:
        result = await who.select(result.response, [options(result.response)[each]["value"]])
    return result.response


async def rows(world: World) -> list[int]:
    async with world.house.database.read() as connection:
        return list((await connection.execute(sa.select(mock_match_list.c.member_id))).scalars())


async def a_moderator(world: World) -> Any:
    """Return a moderator by her role alone, who may use the command."""
    role = world.guild.create_role("Watch")
    await world.services.servers.change(world.guild.id, 9, moderator_roles=frozenset({role.id}))
    client: Any = world.env.bot
    for group in await client.tree.fetch_commands():
        if group.name == "server":
            world.guild.set_command_permissions(group, {world.guild.default_role: True})
    return world.guild.add_member(world.env.create_user("priya"), roles=[role])
