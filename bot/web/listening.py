"""How the bot listens: on a port of loopback, to whatever comes; behind it stand the feeds and the metrics.

A connection is for one request, lasts some seconds and no longer, and there are so many at once and no more: whoever sends a header byte
by byte, never reads, or opens thousands, is let go, and the files and the memory that the bot needs are not used up.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.errors import StartError

log = logging.getLogger(__name__)

HEADERS: Final = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
NOTHING_HERE = "There is nothing here.\n"
ONLY_READ = "This can only be read.\n"
MALFORMED = "That is no request that can be read.\n"
REFUSED = "That is not answered.\n"
TOO_MANY = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 22\r\n\r\nToo many ask at once.\n"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Limits:
    """Say what one who asks may use."""

    connections: int = 64
    """How many there may be at once; one more is told so and let go."""
    seconds: float = 30.0
    """How long a connection may last, whatever it does."""
    line_bytes: int = 4_096
    field_bytes: int = 4_096
    fields: int = 64
    body_bytes: int = 1_024
    """How large a body may be; most of what is asked for takes none."""


class _Requests(web.RequestHandler):
    """Serve one connection within the limits.

    What can't be read is repeated neither to the one who sent it nor to the log: its path may be the secret of a feed.
    """

    def __init__(self, server: "_Server", limits: Limits) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            access_log=None,  # pyright: ignore[reportArgumentType] - None means none
            max_line_size=limits.line_bytes,
            max_field_size=limits.field_bytes,
            max_headers=limits.fields,
            lingering_time=1.0,
        )
        self._server, self._limits = server, limits
        self._ending: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, or say that there are too many."""
        if self._server.open >= self._limits.connections:
            cast("asyncio.Transport", transport).write(TOO_MANY)
            transport.close()
            return
        self._server.open += 1
        end = cast("asyncio.Transport", transport).abort
        self._ending = asyncio.get_running_loop().call_later(self._limits.seconds, end)
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Let go of it."""
        if self._ending is None:  # it was never taken
            return
        self._ending.cancel()
        self._server.open -= 1
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, where the connection was taken."""
        if self._ending is not None:
            super().data_received(data)

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

    def __init__(self, made: web.Server, limits: Limits) -> None:
        super().__init__(made.request_handler, request_factory=made.request_factory)
        self._limits = limits
        self.open = 0
        """How many connections there are now."""

    def __call__(self) -> web.RequestHandler:
        """Return what serves one connection."""
        return _Requests(self, self._limits)


class _Runner(web.AppRunner):
    """Run an application behind ``_Server``; aiohttp has no public place where a server is chosen."""

    def __init__(self, application: web.Application, limits: Limits) -> None:
        super().__init__(application)
        self._limits = limits

    async def _make_server(self) -> web.Server:
        return _Server(await super()._make_server(), self._limits)


class Listener:
    """Answer GET and HEAD on some paths, POST on those of ``taken``; ``what`` and ``setting`` stand in the words for a port in use."""

    def __init__(
        self,
        routes: Mapping[str, Handler],
        host: str,
        port: int,
        *,
        what: str,
        setting: str,
        limits: Limits | None = None,
        taken: Mapping[str, Handler] | None = None,
    ) -> None:
        self._routes, self._taken = routes, taken or {}
        self._host, self._port = host, port
        self._what, self._setting = what, setting
        self._limits = limits or Limits()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Begin to listen.

        Raises:
            StartError: The port is taken, or the address is none of this machine.
        """
        application = web.Application(client_max_size=self._limits.body_bytes, middlewares=[_in_few_words])
        for path, handler in self._routes.items():
            application.router.add_get(path, handler)
        for path, handler in self._taken.items():
            application.router.add_post(path, handler)
        self._runner = _Runner(application, self._limits)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self.stop()
            raise StartError(
                f"The {self._what} can't be served on {self._host}:{self._port} ({error.strerror}).",
                f"Another program may use the port: name a free one in {self._setting}.",
            ) from error
        log.info("serving %s on port %d", self._what, self.port)

    @property
    def port(self) -> int:
        """Return the port that it listens on."""
        addresses: list[Any] = self._runner.addresses if self._runner else []
        return int(addresses[0][1]) if addresses else self._port

    @property
    def open(self) -> int:
        """Return how many connections there are now."""
        server = self._runner.server if self._runner else None
        return server.open if isinstance(server, _Server) else 0

    async def stop(self) -> None:
        """Stop listening, and finish what is under way."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None


@web.middleware
async def _in_few_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what the router refuses in words of our own, and let every connection end with its answer."""
    try:
        answer = await handler(request)
    except web.HTTPException as refused:
        words = {404: NOTHING_HERE, 405: ONLY_READ}.get(refused.status, REFUSED)
        answer = web.Response(status=refused.status, text=words, headers=HEADERS)
    answer.force_close()
    return answer
