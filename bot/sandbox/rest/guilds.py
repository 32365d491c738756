"""Guilds, their channels, roles and members."""

from aiohttp import web

from bot.sandbox import render
from bot.sandbox.errors import refusal
from bot.sandbox.permissions import Permission
from bot.sandbox.rest.common import nothing, number, reply, route
from bot.sandbox.state import Guild, Member
from bot.sandbox.world import World

_GUILD = "/guilds/{guild}"
_MEMBER = _GUILD + "/members/{user}"


def routes() -> list[web.RouteDef]:
    """Return the routes of guilds."""
    return [
        route("GET", _GUILD, _get),
        route("GET", _GUILD + "/channels", _channels),
        route("GET", _GUILD + "/roles", _roles),
        route("GET", _GUILD + "/members", _members),
        route("GET", _MEMBER, _member),
        route("PUT", _MEMBER + "/roles/{role}", _add_role),
        route("DELETE", _MEMBER + "/roles/{role}", _remove_role),
    ]


def path_guild(request: web.Request, world: World) -> Guild:
    """Return the path's guild or refuse with 10004."""
    return world.guild(number(request, "guild"))


def _path_member(request: web.Request, world: World) -> tuple[Guild, Member]:
    guild = path_guild(request, world)
    user_id = number(request, "user")
    if user_id not in world.users:
        raise refusal(10013)
    member = guild.members.get(user_id)
    if member is None:
        raise refusal(10007)
    return guild, member


async def _get(request: web.Request, world: World) -> web.Response:
    return reply(render.guild(path_guild(request, world)))


async def _channels(request: web.Request, world: World) -> web.Response:
    guild = path_guild(request, world)
    return reply([render.channel(world, world.channels[each]) for each in guild.channel_ids])


async def _roles(request: web.Request, world: World) -> web.Response:
    return reply([render.role(each) for each in path_guild(request, world).roles.values()])


async def _members(request: web.Request, world: World) -> web.Response:
    guild = path_guild(request, world)
    limit = min(max(int(request.query.get("limit") or 1), 1), 1000)
    after = int(request.query.get("after") or 0)
    ids = sorted(each for each in guild.members if each > after)[:limit]
    return reply([render.member(world, guild.members[each]) for each in ids])


async def _member(request: web.Request, world: World) -> web.Response:
    _, member = _path_member(request, world)
    return reply(render.member(world, member))


def _changeable_role(request: web.Request, world: World, guild: Guild) -> int:
    role = guild.roles.get(number(request, "role"))
    if role is None:
        raise refusal(10011)
    own = guild.members[world.bot.id].roles
    highest = max((guild.roles[each].position for each in own if each in guild.roles), default=0)
    may = world.base_permissions(guild, world.bot.id) & Permission.MANAGE_ROLES
    if not may or role.managed or role.id == guild.id or role.position >= highest:
        raise refusal(50013)
    return role.id


async def _add_role(request: web.Request, world: World) -> web.Response:
    guild, member = _path_member(request, world)
    role_id = _changeable_role(request, world, guild)
    world.set_member_roles(guild.id, member.user_id, [*member.roles, role_id])
    return nothing()


async def _remove_role(request: web.Request, world: World) -> web.Response:
    guild, member = _path_member(request, world)
    role_id = _changeable_role(request, world, guild)
    world.set_member_roles(guild.id, member.user_id, [each for each in member.roles if each != role_id])
    return nothing()
