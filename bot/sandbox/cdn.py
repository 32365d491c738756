"""The CDN: uploaded files, and a plain picture wherever an avatar or an icon is asked for."""

import struct
import zlib

from aiohttp import web

from bot.sandbox.world import WORLD

_SIDE = 64


async def _attachment(request: web.Request) -> web.Response:
    key = (int(request.match_info["channel"]), int(request.match_info["attachment"]))
    stored = request.app[WORLD].files.get(key)
    if stored is None or stored.filename != request.match_info["filename"]:
        return web.Response(status=404, text="This content is no longer available.")
    return web.Response(
        body=stored.content,
        headers={
            "Content-Type": stored.content_type,
            # An uploaded HTML or SVG file must not run as part of the page.
            "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
            "X-Content-Type-Options": "nosniff",
        },
    )


async def _picture(request: web.Request) -> web.Response:
    return web.Response(body=plain_picture(request.path), content_type="image/png")


def plain_picture(name: str) -> bytes:
    """Return a PNG of one colour, the same for the same name."""
    shade = zlib.crc32(name.encode())
    colour = bytes(64 + (shade >> shift) % 128 for shift in (0, 8, 16))
    rows = (b"\0" + colour * _SIDE) * _SIDE

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def cdn_routes() -> list[web.RouteDef]:
    """Return the CDN's routes."""
    return [
        web.get(r"/cdn/attachments/{channel:\d+}/{attachment:\d+}/{filename}", _attachment),
        web.get("/cdn/{rest:.+}", _picture),
    ]
