"""A small server on loopback; what stands before it towards the world brings the https."""

import asyncio
import hashlib
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.errors import StartError
from bot.web.events import MOST_BYTES, PATH, EventDesk

log = logging.getLogger(__name__)

SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
AT_ONCE = 8
"""How many feeds are written at once; who comes then waits, and the bot goes on answering its members."""
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
NOTHING_HERE = "There is nothing here.\n"
MALFORMED = "That is no request that can be read.\n"

ReadFeed = Callable[[str], Awaitable[bytes | None]]
IsWell = Callable[[], bool]


class _Requests(web.RequestHandler):
    """Answer what can't be read without repeating it, to the one who sent it or to the log: its path may be the secret of a feed."""

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """Return the answer to what went wrong."""
        if not isinstance(exc, HttpProcessingError):
            return super().handle_error(request, status, exc, message)
        log.debug("a request could not be read: %s", type(exc).__name__)
        answer = web.Response(status=status, text=MALFORMED, headers=HEADERS)
        answer.force_close()
        return answer


class _Server(web.Server):
    """Hand each connection to ``_Requests``, with no access log: the path of a feed is its secret."""

    def __call__(self) -> web.RequestHandler:
        """Return what serves one connection."""
        return _Requests(self, loop=asyncio.get_running_loop(), access_log=None)  # pyright: ignore[reportArgumentType] - None means none


class _Runner(web.AppRunner):
    """Run an application behind ``_Server``; aiohttp has no public place where a server is chosen."""

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return _Server(made.request_handler, request_factory=made.request_factory)


class WebServer:
    """Serve ``/calendar/<secret>.ics`` and ``/healthz``; take Discord's events."""

    def __init__(self, read_feed: ReadFeed, is_well: IsWell, events: EventDesk, host: str, port: int) -> None:
        self._read_feed = read_feed
        self._is_well = is_well
        self._events = events
        self._host, self._port = host, port
        self._room = asyncio.Semaphore(AT_ONCE)
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Begin to listen.

        Raises:
            StartError: The port is taken.
        """
        application = web.Application(client_max_size=MOST_BYTES)
        application.router.add_get("/calendar/{name}", self._calendar)
        application.router.add_get("/healthz", self._health)
        application.router.add_post(PATH, self._events.take)
        self._runner = _Runner(application)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self.stop()
            raise StartError(
                f"The calendar feeds can't be served on {self._host}:{self._port} ({error.strerror}).",
                "Another program may use the port: name a free one in MATCHDAY_WEB_PORT.",
            ) from error
        log.info("serving calendar feeds on port %d", self.port)

    @property
    def port(self) -> int:
        """Return the port that it listens on."""
        addresses: list[Any] = self._runner.addresses if self._runner else []
        return int(addresses[0][1]) if addresses else self._port

    async def stop(self) -> None:
        """Stop listening, and finish what is under way."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

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
