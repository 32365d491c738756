"""What the people's routes share."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from aiohttp import web

from bot.sandbox import bodies, render
from bot.sandbox.errors import DiscordError, PersonRefused
from bot.sandbox.state import Channel, Interaction, Json, User, is_object
from bot.sandbox.world import WORLD, World

WAIT_SECONDS = 15.0
reply = bodies.json_response
Handler = Callable[[web.Request, World, User], Awaitable[web.StreamResponse]]


def route(method: str, path: str, handler: Handler) -> web.RouteDef:
    """Return a route below /people/{user}; what is refused is answered with a sentence."""

    async def handle(request: web.Request) -> web.StreamResponse:
        world = request.app[WORLD]
        if not world.base_url:
            world.base_url = f"{request.scheme}://{request.host}"
        try:
            return await handler(request, world, _person(request, world))
        except DiscordError as refused:
            return reply(refused.body(), refused.status)

    return web.route(method, "/people/{user}" + path, handle)


def _person(request: web.Request, world: World) -> User:
    user = world.person(request.match_info["user"])
    if user is None or user.bot:
        raise PersonRefused("There is no such person.", 404)
    return user


async def body_of(request: web.Request) -> Json:
    """Return the body, which must be a JSON object."""
    try:
        body: Any = json.loads(await request.read() or b"{}")
    except ValueError:
        raise PersonRefused("The body is not valid JSON.") from None
    if not is_object(body):
        raise PersonRefused("The body must be a JSON object.")
    return body


def channel_of(world: World, user: User, text: object) -> Channel:
    """Return a channel that the person sees, by its id."""
    channel = world.channels.get(int(str(text))) if str(text).isdigit() else None
    if channel is None or not world.can_view(user.id, channel):
        raise PersonRefused("You do not see such a channel.", 404)
    return channel


async def outcome(world: World, interaction: Interaction, *, wait: bool) -> web.Response:
    """Answer with an interaction's state, where wanted once there is something to see."""
    if wait:
        with suppress(TimeoutError):  # the state says what it waits for
            await asyncio.wait_for(interaction.settled.wait(), WAIT_SECONDS)
    message = world.messages.get(interaction.last_message_id or 0)
    return reply({
        "interaction_id": str(interaction.id),
        "state": interaction.state,
        "message": render.message(world, message) if message is not None else None,
        "modal": interaction.modal,
    })  # fmt: skip
