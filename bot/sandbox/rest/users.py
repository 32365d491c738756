"""Users and the application."""

from typing import Any

from aiohttp import web

from bot.sandbox import render
from bot.sandbox.errors import refusal
from bot.sandbox.rest.common import json_object, number, reply, route
from bot.sandbox.state import Json
from bot.sandbox.webhook_events import VERIFY_KEY
from bot.sandbox.world import World


def routes() -> list[web.RouteDef]:
    """Return the routes of users and the application."""
    return [
        route("GET", "/users/@me", _me),
        route("GET", "/users/@me/guilds", _my_guilds),
        route("POST", "/users/@me/channels", _open_dm),
        route("GET", "/users/{user}", _user),
        route("GET", "/oauth2/applications/@me", _application),
        route("GET", "/applications/@me", _application),
    ]


async def _me(_: web.Request, world: World) -> web.Response:
    return reply(world.bot_user_json())


async def _my_guilds(request: web.Request, world: World) -> web.Response:
    limit = int(request.query.get("limit") or 200)
    after = int(request.query.get("after") or 0)
    found: list[Json] = []
    for guild_id in sorted(each for each in world.bot_guild_ids() if each > after)[:limit]:
        guild = world.guilds[guild_id]
        permissions = str(world.base_permissions(guild, world.bot.id))
        found.append({
            "id": str(guild.id), "name": guild.name, "icon": None, "banner": None, "owner": guild.owner_id == world.bot.id,
            "permissions": permissions, "features": ["COMMUNITY", "NEWS"],
        })  # fmt: skip
    return reply(found)


async def _open_dm(request: web.Request, world: World) -> web.Response:
    recipient: Any = (await json_object(request)).get("recipient_id")
    user = world.users.get(int(recipient)) if str(recipient).isdigit() else None
    if user is None or user.bot:
        raise refusal(50033)
    return reply(render.channel(world, world.dm_channel(user.id)))


async def _user(request: web.Request, world: World) -> web.Response:
    user = world.users.get(number(request, "user"))
    if user is None:
        raise refusal(10013)
    return reply(render.user(user))


async def _application(_: web.Request, world: World) -> web.Response:
    owner = next((user for user in world.users.values() if user.kind == "moderator"), world.bot)
    return reply({
        "id": str(world.application_id), "name": world.bot.display_name, "icon": None, "description": "", "summary": "",
        "type": None, "bot": render.user(world.bot), "bot_public": True, "bot_require_code_grant": False, "hook": True,
        "verify_key": VERIFY_KEY, "flags": 0, "owner": render.user(owner), "team": None, "rpc_origins": [], "redirect_uris": [],
        "interactions_endpoint_url": None, "role_connections_verification_url": None, "tags": [],
        "approximate_guild_count": len(world.bot_guild_ids()), "approximate_user_install_count": 0,
        "integration_types_config": {"0": {}, "1": {}},
    })  # fmt: skip
