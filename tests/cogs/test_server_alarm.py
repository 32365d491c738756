"""What a server's staff are told of, and that only a change of permissions makes the bot look."""

from typing import Any

import discord
import pytest

from bot.storage.servers import ServerRepository
from tests.cogs.conftest import World

MANAGER = 1100000000000009000


@pytest.fixture
async def staff(world: World) -> Any:
    channel = world.guild.create_text_channel("staff")
    await world.services.servers.change(world.guild.id, MANAGER, advisor_channel_id=channel.id, notice_channel_id=world.general.id)
    return channel


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the servers whose settings were read, in order."""
    seen: list[int] = []
    read = ServerRepository.get

    async def noted(self: ServerRepository, guild_id: int) -> object:
        seen.append(guild_id)
        return await read(self, guild_id)

    monkeypatch.setattr(ServerRepository, "get", noted)
    return seen


def told(channel: Any) -> list[str]:
    return [message.content for message in channel.history() if message.author.bot]


async def test_a_channel_that_is_renamed_is_not_looked_at_and_one_that_is_closed_is(world: World, staff: Any, reads: list[int]) -> None:
    channel: Any = world.env.bot.get_channel(world.general.id)
    await channel.edit(name="lobby", topic="What is new")
    await world.env.settle()
    assert reads == []
    await channel.set_permissions(channel.guild.me, send_messages=False)
    await world.env.settle()
    assert set(reads) == {world.guild.id}
    await world.send_due()
    (said,) = told(staff)
    assert f"I can't write in <#{world.general.id}>, set under Notices" in said


async def test_a_role_is_looked_at_when_what_it_allows_changes(world: World, staff: Any, reads: list[int]) -> None:
    handle = world.guild.create_role("Helpers")
    guild: Any = world.env.bot.get_guild(world.guild.id)
    role = guild.get_role(handle.id)
    await role.edit(name="Guides", colour=discord.Colour.teal())
    await world.env.settle()
    assert reads == []
    await role.edit(permissions=discord.Permissions(manage_messages=True))
    await world.env.settle()
    assert set(reads) == {world.guild.id}
