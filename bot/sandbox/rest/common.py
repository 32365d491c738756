"""What the route tables share: the prefix, the token, ids, bodies."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox import bodies
from bot.sandbox.errors import invalid, refusal, unauthorized
from bot.sandbox.messages import Upload
from bot.sandbox.state import Json, Raw, is_list, is_object
from bot.sandbox.world import WORLD, World

PREFIX = "/api/v10"
Handler = Callable[[web.Request, World], Awaitable[web.StreamResponse]]
reply = bodies.json_response


def nothing() -> web.Response:
    """Answer 204."""
    return web.Response(status=204)


def route(method: str, path: str, handler: Handler, *, needs_token: bool = True) -> web.RouteDef:
    """Return a route below the API's prefix that first checks the bot's token."""

    async def handle(request: web.Request) -> web.StreamResponse:
        world = request.app[WORLD]
        if needs_token and request.headers.get("Authorization") != f"Bot {world.token}":
            raise unauthorized()
        if not world.base_url:
            world.base_url = f"{request.scheme}://{request.host}"
        return await handler(request, world)

    return web.route(method, PREFIX + path, handle)


def number(request: web.Request, name: str) -> int:
    """Return an id from the path, or refuse it with 50035."""
    text = request.match_info[name]
    if not text.isdigit():
        raise invalid((name,), "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
    return int(text)


def own_application(request: web.Request, world: World) -> None:
    """Refuse another application's path with 20012's meaning, Missing Access."""
    if number(request, "application") != world.application_id:
        raise refusal(50001)


async def json_object(request: web.Request) -> Json:
    """Return a body that must be a JSON object."""
    body: Raw = (await bodies.body_of(request)).json
    if not is_object(body):
        raise refusal(50109)
    return body


async def json_list(request: web.Request) -> list[Any]:
    """Return a body that must be a JSON array."""
    body: Raw = (await bodies.body_of(request)).json
    if not is_list(body):
        raise refusal(50109)
    return body


async def json_and_files(request: web.Request) -> tuple[Json, list[Upload]]:
    """Return a body that may be multipart: its JSON object and its files."""
    body = await bodies.body_of(request)
    data: Raw = body.json if body.given else {}
    if not is_object(data):
        raise refusal(50109)
    if not body.files:
        return data, []
    files = [
        Upload(each.field.removeprefix("files[").removesuffix("]"), each.filename, _content_type(each), each.content)
        for each in body.files
    ]  # fmt: skip
    return data, files


def _content_type(upload: bodies.Upload) -> str:
    # discord.py sends no type with its files; Discord tells it by the name.
    if upload.content_type != "application/octet-stream":
        return upload.content_type
    import mimetypes

    return mimetypes.guess_type(upload.filename)[0] or upload.content_type
