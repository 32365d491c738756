"""A person's live stream: what happens where she can see it."""

import asyncio
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.bodies import json_bytes
from bot.sandbox.bus import Happening
from bot.sandbox.people.common import route
from bot.sandbox.people.view import channel_json
from bot.sandbox.state import Json, User
from bot.sandbox.world import World

_NAMES = {
    "MESSAGE_CREATE": "message_create",
    "MESSAGE_UPDATE": "message_update",
    "MESSAGE_DELETE": "message_delete",
    "CHANNEL_CREATE": "channel_update",
    "CHANNEL_UPDATE": "channel_update",
    "CHANNEL_DELETE": "channel_delete",
    "GUILD_CREATE": "commands",
    "GUILD_ROLE_UPDATE": "commands",
    "GUILD_MEMBER_UPDATE": "commands",
    "GUILD_SCHEDULED_EVENT_CREATE": "commands",
    "GUILD_SCHEDULED_EVENT_UPDATE": "commands",
    "GUILD_SCHEDULED_EVENT_DELETE": "commands",
}
"""What the page is told under which name; `commands` makes it read its view again."""
_OWN = frozenset({"clock", "interaction", "modal", "commands", "dm_open", "typing"})
_MOST_WAITING = 10_000


def routes() -> list[web.RouteDef]:
    """Return the stream's route."""
    return [route("GET", "/stream", _stream)]


def shown(world: World, user: User, happening: Happening) -> Json | None:
    """Return what a person is told of a happening, or None."""
    name = happening.name if happening.name in _OWN else _NAMES.get(happening.name)
    if name is None or (happening.people is not None and user.id not in happening.people):
        return None
    if happening.people is None and happening.guild_id is not None:
        guild = world.guilds.get(happening.guild_id)
        if guild is None or user.id not in guild.members:
            return None
        data = happening.data
        key = data.get("channel_id") or (data.get("id") if name == "channel_update" else None)
        channel = world.channels.get(int(key)) if key else None
        if channel is not None and not world.can_view(user.id, channel):
            # A channel that was hidden from her leaves her list; anything else in it she is not told of.
            return {"t": "channel_delete", "d": {"id": str(channel.id)}} if name == "channel_update" else None
        if channel is not None and name == "channel_update":
            return {"t": name, "d": channel_json(world, user, channel)}
    return {"t": name, "d": {} if name == "commands" else happening.data}


async def _stream(request: web.Request, world: World, user: User) -> web.StreamResponse:
    socket = web.WebSocketResponse(heartbeat=30)
    await socket.prepare(request)
    waiting: asyncio.Queue[Json] = asyncio.Queue(_MOST_WAITING)

    def put(item: Json) -> None:
        if waiting.full():
            # A page that stopped reading must not hold the memory; it reads everything again when it reconnects.
            sender.cancel()
        else:
            waiting.put_nowait(item)

    def happened(happening: Happening) -> None:
        item = shown(world, user, happening)
        if item is not None:
            put(item)

    stop = world.bus.listen(happened)
    sender = asyncio.ensure_future(_send(socket, waiting))
    sender.add_done_callback(lambda _: request.transport.close() if request.transport else None)
    put({"t": "clock", "d": world.time.json()})
    try:
        async for message in socket:
            if message.type in (WSMsgType.ERROR, WSMsgType.CLOSE):
                break
    finally:
        stop()
        sender.cancel()
        await asyncio.gather(sender, return_exceptions=True)
    return socket


async def _send(socket: web.WebSocketResponse, waiting: "asyncio.Queue[dict[str, Any]]") -> None:
    while not socket.closed:
        await socket.send_str(json_bytes(await waiting.get()).decode())
