"""Channels, and the sign that the bot is typing."""

from aiohttp import web

from bot.sandbox import render
from bot.sandbox.errors import refusal
from bot.sandbox.permissions import Permission
from bot.sandbox.rest.common import nothing, number, reply, route
from bot.sandbox.state import Channel
from bot.sandbox.world import World


def routes() -> list[web.RouteDef]:
    """Return the routes of channels."""
    return [
        route("GET", "/channels/{channel}", _get),
        route("DELETE", "/channels/{channel}", _delete),
        route("POST", "/channels/{channel}/typing", _typing),
    ]


def seen_channel(request: web.Request, world: World) -> Channel:
    """Return the path's channel if the bot sees it; refuse with 10003 or 50001."""
    channel = world.channel(number(request, "channel"))
    if not world.can_view(world.bot.id, channel):
        raise refusal(50001)
    return channel


async def _get(request: web.Request, world: World) -> web.Response:
    return reply(render.channel(world, seen_channel(request, world)))


async def _delete(request: web.Request, world: World) -> web.Response:
    channel = seen_channel(request, world)
    if channel.guild_id is not None and not world.permissions(channel, world.bot.id) & Permission.MANAGE_CHANNELS:
        raise refusal(50013)
    data = render.channel(world, channel)
    world.delete_channel(channel.id)
    return reply(data)


async def _typing(request: web.Request, world: World) -> web.Response:
    channel = seen_channel(request, world)
    if not world.permissions(channel, world.bot.id) & Permission.SEND_MESSAGES:
        raise refusal(50013)
    people = frozenset({channel.recipient_id}) if channel.recipient_id is not None else None
    data = {"channel_id": str(channel.id), "user_id": str(world.bot.id)}
    world.tell("typing", data, guild_id=channel.guild_id, people=people, to_bot=False)
    return nothing()
