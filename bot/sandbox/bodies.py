"""JSON and multipart in, JSON out, exactly as Discord writes it."""

import json
from dataclasses import dataclass, field
from typing import Any, cast

from aiohttp import BodyPartReader, web

from bot.sandbox.errors import DiscordError, refusal

MOST_BYTES = 25 * 1024 * 1024
"""Discord refuses larger requests."""


@dataclass(frozen=True, slots=True)
class Upload:
    """Hold one uploaded file."""

    field: str
    """The part's name, ``files[0]``."""
    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """Hold a request's body: the JSON (``payload_json`` of a multipart) and the files."""

    json: Any = None
    files: list[Upload] = field(default_factory=list[Upload])
    given: bool = False
    """Whether any JSON came at all."""


BODY = web.RequestKey("body", Body)
_NOTHING = Body()
_write = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


async def body_of(request: web.Request) -> Body:
    """Read a request's body once; raise 50109 for JSON that isn't and 40005 for more than 25 MiB."""
    if BODY in request:
        return request[BODY]
    try:
        body = await _read(request)
    except web.HTTPRequestEntityTooLarge as error:
        raise refusal(40005) from error
    request[BODY] = body
    return body


async def object_of(request: web.Request) -> dict[str, Any]:
    """Read a body that must be a JSON object; raise 400 for anything else."""
    given: Any = (await body_of(request)).json
    if not isinstance(given, dict):
        raise DiscordError(400, 0, "A JSON object is expected.")
    return cast("dict[str, Any]", given)


async def _read(request: web.Request) -> Body:
    if not request.can_read_body:
        return _NOTHING
    if request.content_type == "multipart/form-data":
        return await _read_multipart(request)
    text = await request.read()
    return Body(_parsed(text), given=True) if text else _NOTHING


async def _read_multipart(request: web.Request) -> Body:
    payload: Any = None
    given = False
    files: list[Upload] = []
    size = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise refusal(50109)
        content = bytes(await part.read())
        size += len(content)
        if size > MOST_BYTES:
            raise refusal(40005)
        if part.name == "payload_json":
            payload, given = _parsed(content), True
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            files.append(Upload(part.name or "", part.filename or "file", kind, content))
    return Body(payload, files, given)


def _parsed(text: bytes) -> Any:  # noqa: ANN401 - JSON is anything
    try:
        return json.loads(text)
    except ValueError as error:
        raise refusal(50109) from error


def json_bytes(data: object) -> bytes:
    """Write JSON without spaces."""
    return _write(data).encode()


def json_response(data: object, status: int = 200) -> web.Response:
    """Answer with JSON whose content type carries no charset: discord.py reads anything else as text."""
    return web.Response(body=json_bytes(data), status=status, content_type="application/json")
