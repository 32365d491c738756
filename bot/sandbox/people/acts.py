"""What a person does: commands, autocomplete, components, modals, messages, her privacy switch."""

import asyncio
from typing import Any

from aiohttp import web

from bot.sandbox import interactions, invocation, messages, render
from bot.sandbox.errors import PersonRefused
from bot.sandbox.people.common import body_of, channel_of, outcome, reply, route
from bot.sandbox.people.fields import component_data, modal_data
from bot.sandbox.people.view import channel_json
from bot.sandbox.permissions import Permission
from bot.sandbox.state import ChannelType, InteractionType, Message, Raw, User, is_object
from bot.sandbox.world import World


def routes() -> list[web.RouteDef]:
    """Return the routes that act."""
    return [
        route("POST", "/dm", _dm),
        route("POST", "/dms", _dms),
        route("POST", "/command", _command),
        route("POST", "/menu", _menu),
        route("POST", "/autocomplete", _autocomplete),
        route("POST", "/component", _component),
        route("POST", "/modal", _modal),
        route("POST", "/message", _message),
    ]


async def _dm(_: web.Request, world: World, user: User) -> web.Response:
    channel = world.dm_channel(user.id)
    if not channel.shown:
        channel.shown = True
        world.tell("dm_open", {"channel": channel_json(world, user, channel)}, people=frozenset({user.id}), to_bot=False)
    return reply({"channel_id": str(channel.id)})


async def _dms(request: web.Request, world: World, user: User) -> web.Response:
    is_open = (await body_of(request)).get("open")
    if not isinstance(is_open, bool):
        raise PersonRefused("“open” must be true or false.")
    world.set_dms_open(user.id, is_open)
    return reply({"open": is_open})


def _options(body: dict[str, Any]) -> dict[str, Any]:
    options: Raw = body.get("options") or {}
    if not is_object(options):
        raise PersonRefused("“options” must be an object of names and values.")
    return options


async def _command(request: web.Request, world: World, user: User) -> web.Response:
    body = await body_of(request)
    channel = channel_of(world, user, body.get("channel_id"))
    interaction = interactions.run(world, user.id, channel.id, str(body.get("command") or ""), _options(body))
    return await outcome(world, interaction, wait=bool(body.get("wait")))


async def _menu(request: web.Request, world: World, user: User) -> web.Response:
    body = await body_of(request)
    channel = channel_of(world, user, body.get("channel_id"))
    kind = 2 if body.get("user_id") else 3
    target = str(body.get("user_id") or body.get("message_id") or "")
    name = str(body.get("command") or "")
    command, data = invocation.menu_data(world, user, channel, name, kind, target)
    interaction = interactions.dispatch(world, InteractionType.COMMAND, user, channel, command.name, data)
    return await outcome(world, interaction, wait=bool(body.get("wait")))


async def _autocomplete(request: web.Request, world: World, user: User) -> web.Response:
    body = await body_of(request)
    channel = channel_of(world, user, body.get("channel_id"))
    name, focused = str(body.get("command") or ""), str(body.get("focused") or "")
    interaction = interactions.complete(world, user.id, channel.id, name, _options(body), focused)
    await asyncio.wait_for(interaction.settled.wait(), interactions.ANSWER_SECONDS + 1)
    return reply({"choices": interaction.choices or [], "failed": interaction.state == "failed"})


async def _component(request: web.Request, world: World, user: User) -> web.Response:
    body = await body_of(request)
    channel = channel_of(world, user, body.get("channel_id"))
    message_id = str(body.get("message_id"))
    message = world.messages.get(int(message_id)) if message_id.isdigit() else None
    if message is None or message.channel_id != channel.id or not world.sees(user.id, message):
        raise PersonRefused("That message is no longer there.", 404)
    data = component_data(world, channel, message, str(body.get("custom_id") or ""), body.get("values"))
    interaction = interactions.dispatch(world, InteractionType.COMPONENT, user, channel, data["custom_id"], data, source=message)
    return await outcome(world, interaction, wait=bool(body.get("wait")))


async def _modal(request: web.Request, world: World, user: User) -> web.Response:
    body = await body_of(request)
    opened = str(body.get("interaction_id"))
    trigger = world.interactions.get(int(opened)) if opened.isdigit() else None
    if trigger is None or trigger.user_id != user.id or trigger.modal is None:
        raise PersonRefused("That form is not open.", 404)
    channel = channel_of(world, user, trigger.channel_id)
    fields: Raw = body.get("fields") or {}
    if not is_object(fields):
        raise PersonRefused("“fields” must be an object of custom ids and values.")
    data = modal_data(world, channel, trigger.modal, fields)
    source = world.messages.get(trigger.source_id or 0)
    interaction = interactions.dispatch(
        world, InteractionType.MODAL, user, channel, trigger.modal["custom_id"], data, source=source, trigger=trigger
    )
    return await outcome(world, interaction, wait=bool(body.get("wait")))


async def _message(request: web.Request, world: World, user: User) -> web.Response:
    body = await body_of(request)
    channel = channel_of(world, user, body.get("channel_id"))
    content = str(body.get("content") or "").strip()
    if not world.permissions(channel, user.id) & Permission.SEND_MESSAGES:
        raise PersonRefused("You cannot write in this channel.", 403)
    if not content:
        raise PersonRefused("An empty message cannot be sent.")
    if len(content) > 2000:
        raise PersonRefused(f"A message has at most 2000 characters; this has {len(content)}.")
    message = Message(world.snowflakes.new(), channel.id, user.id, world.now(), content)
    if channel.type == ChannelType.DM:
        channel.shown = True
    messages.mention(world, message, channel, None)
    world.add_message(message)
    return reply(render.message(world, message))
