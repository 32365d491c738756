"""Interaction callbacks and what follows through an interaction's token; no bot token is needed."""

from aiohttp import web

from bot.sandbox import interactions, render
from bot.sandbox.rest.common import json_and_files, nothing, number, reply, route
from bot.sandbox.state import Interaction, Message
from bot.sandbox.world import World

_WEBHOOK = "/webhooks/{application}/{token}"
_MESSAGE = _WEBHOOK + "/messages/{message}"


def routes() -> list[web.RouteDef]:
    """Return the routes of interaction responses."""
    return [
        route("POST", "/interactions/{interaction}/{token}/callback", _callback, needs_token=False),
        route("POST", _WEBHOOK, _follow_up, needs_token=False),
        route("GET", _MESSAGE, _get, needs_token=False),
        route("PATCH", _MESSAGE, _edit, needs_token=False),
        route("DELETE", _MESSAGE, _delete, needs_token=False),
    ]


async def _callback(request: web.Request, world: World) -> web.Response:
    body, uploads = await json_and_files(request)
    told = interactions.answer(world, number(request, "interaction"), request.match_info["token"], body, uploads)
    if request.query.get("with_response", "").lower() in ("1", "true"):
        return reply(told)
    return nothing()


def _interaction(request: web.Request, world: World) -> Interaction:
    return interactions.by_token(world, number(request, "application"), request.match_info["token"])


def _message(request: web.Request, world: World, interaction: Interaction) -> Message:
    if request.match_info["message"] == "@original":
        return interactions.original(world, interaction)
    return interactions.owned(world, interaction, number(request, "message"))


async def _follow_up(request: web.Request, world: World) -> web.Response:
    interaction = _interaction(request, world)
    body, uploads = await json_and_files(request)
    return reply(render.message(world, interactions.follow_up(world, interaction, body, uploads)))


async def _get(request: web.Request, world: World) -> web.Response:
    return reply(render.message(world, _message(request, world, _interaction(request, world))))


async def _edit(request: web.Request, world: World) -> web.Response:
    interaction = _interaction(request, world)
    message = _message(request, world, interaction)
    body, uploads = await json_and_files(request)
    interactions.edit(world, interaction, message, body, uploads)
    return reply(render.message(world, message))


async def _delete(request: web.Request, world: World) -> web.Response:
    interaction = _interaction(request, world)
    interactions.delete(world, interaction, _message(request, world, interaction))
    return nothing()
