"""What a person sees: the people, her servers, channels, commands and messages."""

from aiohttp import web

from bot.sandbox import render
from bot.sandbox.invocation import usable
from bot.sandbox.people.common import channel_of, reply, route
from bot.sandbox.permissions import Permission
from bot.sandbox.rest.events import open_events
from bot.sandbox.rest.messages import page
from bot.sandbox.state import Channel, ChannelType, Guild, Json, ScheduledEvent, User
from bot.sandbox.world import WORLD, World


def routes() -> list[web.RouteDef]:
    """Return the routes that only read."""
    return [
        web.get("/people", _people),
        route("GET", "/view", _view),
        route("GET", "/channels/{channel}/messages", _messages),
    ]


def person_json(user: User) -> Json:
    """Return a person as the page lists her."""
    return {
        "id": str(user.id), "username": user.username, "display_name": user.display_name,
        "avatar_url": f"/cdn/avatars/{user.id}/avatar.svg", "kind": user.kind, "zone": user.zone, "locale": user.locale,
        "dms_open": user.dms_open,
    }  # fmt: skip


def channel_json(world: World, user: User, channel: Channel) -> Json:
    """Return a channel as a person sees it, with whether she may write in it."""
    held = world.permissions(channel, user.id)
    return {**render.channel_for_person(world, channel), "can_send": bool(held & Permission.SEND_MESSAGES)}


async def _people(request: web.Request) -> web.Response:
    return reply([person_json(user) for user in request.app[WORLD].users.values() if user.kind])


async def _view(_: web.Request, world: World, user: User) -> web.Response:
    guilds = [each for each in world.guilds.values() if user.id in each.members]
    own_dm = world.dm_channel(user.id)
    dms = [own_dm] if own_dm.shown or own_dm.message_ids else []
    return reply({
        "me": person_json(user),
        "guilds": [_guild(world, user, each) for each in guilds],
        "dms": [channel_json(world, user, each) for each in dms],
        "commands": _commands(world, user, guilds, own_dm),
        "now": render.moment(world.now()),
        "app": {"id": str(world.application_id), "name": world.bot.display_name},
    })  # fmt: skip


def _commands(world: World, user: User, guilds: list[Guild], own_dm: Channel) -> list[Json]:
    """Return the commands that she may use, with `contexts` narrowed to where she may."""
    places = [world.channels[each] for guild in guilds for each in guild.channel_ids]
    found: list[Json] = []
    for command in world.commands.values():
        in_guild = any(usable(world, user, command, each) for each in places if world.can_view(user.id, each))
        in_dm = usable(world, user, command, own_dm)
        if in_guild or in_dm:
            found.append({**command.data, "contexts": [0] * in_guild + [1] * in_dm})
    return found


def _guild(world: World, user: User, guild: Guild) -> Json:
    channels = [world.channels[each] for each in guild.channel_ids]
    known = [each for each in guild.members.values() if world.users[each.user_id].kind or each.user_id == world.bot.id]
    return {
        "id": str(guild.id),
        "name": guild.name,
        "channels": [channel_json(world, user, each) for each in channels if world.can_view(user.id, each)],
        "roles": [render.role(each) for each in guild.roles.values()],
        "members": [render.member(world, each) for each in known],
        "events": [render.scheduled_event(world, each) for each in open_events(world, guild) if _may_see(world, user, each)],
        "permissions": str(world.base_permissions(guild, user.id)),
    }


def _may_see(world: World, user: User, event: ScheduledEvent) -> bool:
    channel = world.channels.get(event.channel_id) if event.channel_id is not None else None
    return event.channel_id is None or (channel is not None and world.can_view(user.id, channel))


async def _messages(request: web.Request, world: World, user: User) -> web.Response:
    channel = channel_of(world, user, request.match_info["channel"])
    query = {key: value for key, value in request.query.items() if key in ("limit", "before") and value.isdigit()}
    found = page(world, channel, query, user.id)
    data = [render.message(world, each) for each in reversed(found)]
    if channel.type != ChannelType.DM:
        for each in data:
            each["guild_id"] = str(channel.guild_id)
    return reply(data)
