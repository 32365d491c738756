"""The calendar feeds, on loopback; what stands before them towards the world brings the https."""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiohttp import web

from bot.web.events import MOST_BYTES, PATH, EventDesk
from bot.web.listening import HEADERS, NOTHING_HERE, Limits, Listener

SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
AT_ONCE = 8
"""How many feeds are written at once; who comes then waits, and the bot goes on answering its members."""

ReadFeed = Callable[[str], Awaitable[bytes | None]]
IsWell = Callable[[], bool]


class WebServer:
    """Serve ``/calendar/<secret>.ics`` and ``/healthz``; take Discord's events."""

    def __init__(self, read_feed: ReadFeed, is_well: IsWell, events: EventDesk, host: str, port: int, limits: Limits | None = None) -> None:
        self._read_feed = read_feed
        self._is_well = is_well
        self._room = asyncio.Semaphore(AT_ONCE)
        read, taken = {"/calendar/{name}": self._calendar, "/healthz": self._health}, {PATH: events.take}
        limits = replace(limits or Limits(), body_bytes=MOST_BYTES)
        listener = Listener(read, host, port, what="calendar feeds", setting="MATCHDAY_WEB_PORT", limits=limits, taken=taken)
        self.start, self.stop, self.listener = listener.start, listener.stop, listener

    @property
    def port(self) -> int:
        """Return the port that it listens on."""
        return self.listener.port

    async def _calendar(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        secret = name.removesuffix(".ics")
        # What can't be a secret is not looked up; what can is, by its hash, whether it opens a feed or not.
        if name == secret or not SECRET.fullmatch(secret):
            return _nothing()
        async with self._room:
            body = await self._read_feed(secret)
        if body is None:
            return _nothing()
        tag = hashlib.sha256(body).hexdigest()[:32]
        headers = {**HEADERS, "ETag": f'"{tag}"', "Cache-Control": "private, max-age=3600"}
        known = request.if_none_match
        if known and any(each.value == tag for each in known):
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, headers=headers, content_type="text/calendar", charset="utf-8")

    async def _health(self, _request: web.Request) -> web.Response:
        well = self._is_well()
        return web.json_response({"status": "ok" if well else "failing"}, status=200 if well else 503, headers=HEADERS)


def _nothing() -> web.Response:
    return web.Response(status=404, text=NOTHING_HERE, headers=HEADERS)
