"""What the tests of ``/server events`` do by hand: open, choose, make, and look at what stands in Discord."""

from typing import Any

from bot.domain.server_events import ServerEvent
from bot.services.server_dates import Typed
from tests.cogs.conftest import World, components

MATCH_DAY = "us-2027-match-day"


def in_discord(world: World) -> list[Any]:
    return list(world.env.backend.get_guild(world.guild.id).scheduled_events.values())


async def opened(world: World, priya: Any) -> Any:
    return (await priya.slash(world.general, "server events")).response


async def tap(member: Any, message: Any, label: str) -> Any:
    result = await member.click(message, label=label)
    return result if result.modal is not None else result.response


async def choose(priya: Any, message: Any, prefix: str, value: str) -> Any:
    (menu,) = [each["custom_id"] for each in components(message) if each["type"] == 3 and each["custom_id"].startswith(prefix)]
    return (await priya.select(message, [value], custom_id=menu)).response


async def kept(world: World) -> list[ServerEvent]:
    return await world.services.server_events.of_server(world.guild.id)


async def made(world: World, priya: Any, event_id: str = MATCH_DAY) -> Any:
    """Make the event of a date, Match Day unless another is named."""
    preview = await choose(priya, await opened(world, priya), "server:event_date", event_id)
    return await tap(priya, preview, "Make the event")


async def correct(world: World, event_id: str, when: str) -> None:
    await world.services.server_dates.correct(world.guild.id, event_id, Typed(when, "https://example.org/dates"), 1)
    await world.send_due()


def posts(world: World, method: str = "POST") -> int:
    return len([each for each in world.env.http_requests if each.method == method and "/scheduled-events" in each.path])


async def deeds(world: World) -> list[str]:
    return [each.what.value for each in (await world.services.servers.deeds(world.guild.id, 20))[0]]
