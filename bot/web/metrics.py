"""The metrics for Prometheus, on loopback and a port of their own: they are for those who run the bot, the feeds for the world."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.web.listening import HEADERS, Limits, Listener

Scrape = Callable[[], Awaitable[tuple[str, bytes]]]
"""Return the content type and the page."""


class MetricsServer:
    """Serve ``/metrics``."""

    def __init__(self, scrape: Scrape, host: str, port: int, limits: Limits | None = None) -> None:
        self._scrape = scrape
        routes = {"/metrics": self._metrics}
        listener = Listener(routes, host, port, what="metrics", setting="MATCHDAY_METRICS_PORT", limits=limits)
        self.start, self.stop, self.listener = listener.start, listener.stop, listener

    @property
    def port(self) -> int:
        """Return the port that it listens on."""
        return self.listener.port

    async def _metrics(self, _request: web.Request) -> web.Response:
        content_type, page = await self._scrape()
        return web.Response(body=page, headers={**HEADERS, "Cache-Control": "no-store", "Content-Type": content_type})
