"""Registration of commands, global and of one guild."""

from collections import Counter
from typing import Any

from aiohttp import web

from bot.sandbox.errors import refusal
from bot.sandbox.limits_commands import CHAT, check_command, check_commands, check_counts
from bot.sandbox.rest.common import json_list, json_object, nothing, number, own_application, reply, route
from bot.sandbox.state import Command, Json
from bot.sandbox.world import World

_GLOBAL = "/applications/{application}/commands"
_GUILD = "/applications/{application}/guilds/{guild}/commands"


def routes() -> list[web.RouteDef]:
    """Return the routes of commands."""
    return [
        route("GET", _GUILD + "/permissions", _all_permissions),
        route("GET", _GUILD + "/{command}/permissions", _permissions),
        *(
            route(method, path, handler)
            for base in (_GLOBAL, _GUILD)
            for method, path, handler in (
                ("GET", base, _list),
                ("PUT", base, _replace),
                ("POST", base, _add),
                ("GET", base + "/{command}", _get),
                ("PATCH", base + "/{command}", _change),
                ("DELETE", base + "/{command}", _delete),
            )
        ),
    ]


def _scope(request: web.Request, world: World) -> int | None:
    own_application(request, world)
    if "guild" not in request.match_info:
        return None
    guild_id = number(request, "guild")
    if guild_id not in world.bot_guild_ids():
        raise refusal(50001)
    return guild_id


def _in_scope(world: World, guild_id: int | None) -> list[Command]:
    return [each for each in world.commands.values() if each.guild_id == guild_id]


def _command(request: web.Request, world: World) -> Command:
    guild_id = _scope(request, world)
    command = world.commands.get(number(request, "command"))
    if command is None or command.guild_id != guild_id:
        raise refusal(10063)
    return command


def _complete(world: World, body: Json, guild_id: int | None, command_id: int) -> Json:
    """Return the command as Discord stores it: defaults filled in, a new version."""
    permissions = body.get("default_member_permissions")
    contexts: Any = body.get("contexts")
    if contexts is None and body.get("dm_permission") is False:
        contexts = [0]
    data: Json = {
        "id": str(command_id),
        "application_id": str(world.application_id),
        "version": str(world.snowflakes.new()),
        "type": body.get("type") or CHAT,
        "name": body["name"],
        "name_localizations": body.get("name_localizations"),
        "description": body.get("description") or "",
        "description_localizations": body.get("description_localizations"),
        "default_member_permissions": None if permissions is None else str(permissions),
        "dm_permission": contexts is None or 1 in contexts,
        "contexts": contexts,
        "integration_types": body.get("integration_types") or [0],
        "nsfw": bool(body.get("nsfw")),
    }
    if guild_id is not None:
        data["guild_id"] = str(guild_id)
        del data["contexts"], data["dm_permission"]
    if body.get("options"):
        data["options"] = body["options"]
    return data


def _store(world: World, body: Json, guild_id: int | None, existing: Command | None) -> Command:
    command_id = existing.id if existing else world.snowflakes.new()
    data = _complete(world, body, guild_id, command_id)
    if existing is not None and {**existing.data, "version": data["version"]} == data:
        return existing
    command = Command(command_id, data["name"], data["type"], guild_id, data)
    world.commands[command_id] = command
    return command


def _told(world: World) -> None:
    world.tell("commands", {}, to_bot=False)


async def _list(request: web.Request, world: World) -> web.Response:
    return reply([each.data for each in _in_scope(world, _scope(request, world))])


async def _replace(request: web.Request, world: World) -> web.Response:
    guild_id = _scope(request, world)
    bodies = await json_list(request)
    check_commands(bodies)
    existing = {(each.type, each.name): each for each in _in_scope(world, guild_id)}
    kept = [_store(world, body, guild_id, existing.get((body.get("type") or CHAT, body["name"]))) for body in bodies]
    ids = {each.id for each in kept}
    for command in existing.values():
        if command.id not in ids:
            del world.commands[command.id]
    _told(world)
    return reply([each.data for each in kept])


async def _add(request: web.Request, world: World) -> web.Response:
    guild_id = _scope(request, world)
    body = await json_object(request)
    check_command(body)
    kind = body.get("type") or CHAT
    there = _in_scope(world, guild_id)
    same = next((each for each in there if each.type == kind and each.name == body["name"]), None)
    if same is None:
        check_counts(Counter([*(each.type for each in there), kind]))
    command = _store(world, body, guild_id, same)
    _told(world)
    return reply(command.data, 200 if same else 201)


async def _get(request: web.Request, world: World) -> web.Response:
    return reply(_command(request, world).data)


async def _change(request: web.Request, world: World) -> web.Response:
    command = _command(request, world)
    body = {**command.data, **await json_object(request), "type": command.type}
    check_command(body)
    changed = _store(world, body, command.guild_id, command)
    _told(world)
    return reply(changed.data)


async def _delete(request: web.Request, world: World) -> web.Response:
    del world.commands[_command(request, world).id]
    _told(world)
    return nothing()


async def _all_permissions(request: web.Request, world: World) -> web.Response:
    _scope(request, world)
    return reply([])


async def _permissions(request: web.Request, world: World) -> web.Response:
    _scope(request, world)
    # Nobody has set any in this sandbox, which Discord answers with this code.
    raise refusal(10066)
