"""A small proxy in front of the sandbox's REST API, as nirn-proxy stands in front of Discord's: hands on what comes, and may misbehave."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

HOP = {"host", "connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding", "upgrade"}


class RestProxy:
    """Hand requests on; keep their paths, and answer some of them itself where it is told to."""

    def __init__(self, url: str) -> None:
        self._to = url
        self.url = ""
        self.paths: list[str] = []
        self.hosts: set[str] = set()
        self.timeouts = 0
        """How many of the next messages are handed on and then answered 408, as nirn-proxy does where Discord was slow."""
        self.aborts = 0
        """The same, but not handed on."""
        self.refusals = 0
        """How many of the next messages are answered 429 by itself and not handed on: without a Via header."""

    async def serve(self, request: web.Request) -> web.Response:
        self.paths.append(request.path)
        self.hosts.add(request.host)
        is_message = request.method == "POST" and request.path.endswith("/messages")
        if is_message and self.refusals:
            self.refusals -= 1
            headers = {"generated-by-proxy": "true", "retry-after": "1", "x-ratelimit-reset-after": "1"}
            return web.json_response(
                {"global": False, "message": "You are being rate limited.", "retry_after": 1}, status=429, headers=headers
            )
        if is_message and self.aborts:
            self.aborts -= 1
            return web.Response(status=408)
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP}
        async with (
            aiohttp.ClientSession(auto_decompress=True) as session,
            session.request(request.method, self._to + request.raw_path, headers=headers, data=await request.read()) as answer,
        ):
            body = await answer.read()
            back = {name: value for name, value in answer.headers.items() if name.lower() not in HOP}
        if is_message and self.timeouts:
            self.timeouts -= 1
            return web.Response(status=408)
        return web.Response(status=answer.status, headers=back, body=body)


@asynccontextmanager
async def rest_proxy(url: str) -> AsyncIterator[RestProxy]:
    """Run a proxy in front of what answers at ``url``."""
    proxy = RestProxy(url)
    app = web.Application(client_max_size=30 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", proxy.serve)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    proxy.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield proxy
    finally:
        await runner.cleanup()
