"""Messages: reading, sending, editing, deleting, publishing."""

from bisect import bisect_left, bisect_right

from aiohttp import web

from bot.sandbox import messages, render
from bot.sandbox.errors import invalid, refusal
from bot.sandbox.permissions import Permission
from bot.sandbox.rest.channels import seen_channel
from bot.sandbox.rest.common import json_and_files, nothing, number, reply, route
from bot.sandbox.state import CROSSPOSTED, Channel, ChannelType, Message
from bot.sandbox.world import World

_PATH = "/channels/{channel}/messages"
_ONE = _PATH + "/{message}"


def routes() -> list[web.RouteDef]:
    """Return the routes of messages."""
    return [
        route("GET", _PATH, _list),
        route("POST", _PATH, _send),
        route("GET", _ONE, _get),
        route("PATCH", _ONE, _edit),
        route("DELETE", _ONE, _delete),
        route("POST", _ONE + "/crosspost", _crosspost),
    ]


def page(world: World, channel: Channel, query: dict[str, str], viewer: int) -> list[Message]:
    """Return the messages that a viewer sees, newest first, by `limit` and one of `before`, `after`, `around`."""
    limit = min(max(int(query.get("limit") or 50), 1), 100)
    ids = channel.message_ids
    found: list[Message] = []
    if "around" in query:
        middle = bisect_left(ids, int(query["around"]))
        low = max(0, middle - limit // 2)
        wanted = list(reversed(ids[low : low + limit]))
    elif "after" in query:
        wanted = ids[bisect_right(ids, int(query["after"])) :]
    else:
        wanted = list(reversed(ids[: bisect_left(ids, int(query["before"]))] if "before" in query else ids))
    for message_id in wanted:
        message = world.messages[message_id]
        if message.visible_to in (None, viewer):
            found.append(message)
            if len(found) == limit:
                break
    return sorted(found, key=lambda each: each.id, reverse=True)


def visible_message(request: web.Request, world: World) -> tuple[Channel, Message]:
    """Return the path's message as the bot sees it outside interactions: without ephemeral ones."""
    channel = seen_channel(request, world)
    message = world.message(channel.id, number(request, "message"))
    if message.visible_to is not None:
        raise refusal(10008)
    return channel, message


async def _list(request: web.Request, world: World) -> web.Response:
    channel = seen_channel(request, world)
    query = dict(request.query)
    limit = query.get("limit", "50")
    if not limit.isdigit() or not 1 <= int(limit) <= 100:
        raise invalid(("limit",), "NUMBER_TYPE_RANGE", "int value should be between 1 and 100.")
    for key in ("before", "after", "around"):
        if key in query and not query[key].isdigit():
            raise invalid((key,), "NUMBER_TYPE_COERCE", f'Value "{query[key]}" is not snowflake.')
    if not world.permissions(channel, world.bot.id) & Permission.READ_MESSAGE_HISTORY:
        return reply([])
    return reply([render.message(world, each) for each in page(world, channel, query, world.bot.id)])


async def _send(request: web.Request, world: World) -> web.Response:
    channel = world.channel(number(request, "channel"))
    body, uploads = await json_and_files(request)
    messages.check_may_send(world, channel, body, uploads)
    nonce = body.get("nonce")
    if nonce is not None and body.get("enforce_nonce"):
        first = world.nonces.recall(world.bot.id, nonce, world.now())
        if first is not None:
            return reply(render.message(world, first))
    message = messages.draft(world, channel, body, uploads)
    if nonce is not None:
        world.nonces.keep(message, world.now())
    world.add_message(message)
    return reply(render.message(world, message))


async def _get(request: web.Request, world: World) -> web.Response:
    channel, message = visible_message(request, world)
    if not world.permissions(channel, world.bot.id) & Permission.READ_MESSAGE_HISTORY:
        raise refusal(50013)
    return reply(render.message(world, message))


async def _edit(request: web.Request, world: World) -> web.Response:
    _, message = visible_message(request, world)
    if message.author_id != world.bot.id:
        raise refusal(50005)
    body, uploads = await json_and_files(request)
    messages.edit(world, message, body, uploads)
    return reply(render.message(world, message))


async def _delete(request: web.Request, world: World) -> web.Response:
    channel, message = visible_message(request, world)
    if message.author_id != world.bot.id:
        if channel.type == ChannelType.DM:
            raise refusal(50024)
        if not world.permissions(channel, world.bot.id) & Permission.MANAGE_MESSAGES:
            raise refusal(50013)
    world.delete_message(message.id)
    return nothing()


async def _crosspost(request: web.Request, world: World) -> web.Response:
    channel, message = visible_message(request, world)
    if channel.type != ChannelType.ANNOUNCEMENT:
        raise refusal(50024)
    needed = Permission.SEND_MESSAGES if message.author_id == world.bot.id else Permission.MANAGE_MESSAGES
    if not world.permissions(channel, world.bot.id) & needed:
        raise refusal(50013)
    if message.flags & CROSSPOSTED:
        raise refusal(40033)
    message.flags |= CROSSPOSTED
    world.update_message(message)
    return reply(render.message(world, message))
