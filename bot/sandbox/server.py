"""The sandbox put together: one port for REST, gateway, CDN, page, people and control."""

import asyncio
import contextlib
import ipaddress
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox.bodies import MOST_BYTES, Body, body_of, json_response
from bot.sandbox.bus import Bus
from bot.sandbox.cdn import cdn_routes
from bot.sandbox.clock import SandboxTime
from bot.sandbox.clock_routes import clock_routes
from bot.sandbox.control import control_routes
from bot.sandbox.description import CHECKS, Checks
from bot.sandbox.errors import DiscordError
from bot.sandbox.faults import FAULTS, Faults, Plan, strike
from bot.sandbox.gateway import GATEWAY, gateway_routes, make_gateway
from bot.sandbox.people import people_routes
from bot.sandbox.record import RECORD, Entry, Record
from bot.sandbox.rest import rest_routes
from bot.sandbox.seed import seed
from bot.sandbox.session_starts import SessionStarts
from bot.sandbox.world import WORLD, World

API = "/api/v10"
_PAGE = Path(__file__).parent / "page"
_SHUTDOWN_SECONDS = 0.5
_log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def _surface(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Tell Discord's API from the rest, and turn refusals into JSON."""
    if request.path.startswith(API):
        return await _api(request, handler)
    if not _from_here(request):
        return json_response({"message": "The sandbox answers this machine only.", "code": 0}, 403)
    try:
        return await handler(request)
    except DiscordError as error:
        return json_response(error.body(), error.status)
    except (KeyError, ValueError, TypeError) as error:
        if not request.path.startswith("/control/"):
            raise
        return json_response({"message": f"The request can't be read: {error!r}.", "code": 0}, 400)


def _from_here(request: web.Request) -> bool:
    """Refuse another site's page, and a name that only points at this machine (DNS rebinding)."""
    host = urlsplit(f"//{request.host}").hostname or ""
    origin = request.headers.get("Origin")
    return is_loopback(host) and (origin is None or urlsplit(origin).netloc == request.host)


def is_loopback(host: str) -> bool:
    """Say whether a host name or address is this machine's loopback."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _api(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Record the request, let faults strike it, check its body and answer."""
    app, method, path = request.app, request.method, request.path[len(API) :]
    started = time.perf_counter()
    entry = app[RECORD].add(app[WORLD].now(), method, path, dict(request.query) if request.query_string else None)
    plan = app[FAULTS].plan(method, path)
    if plan is None:
        response = await _answer(request, handler, entry, path)
    else:
        response = await _faulty(request, handler, entry, path, plan)
    app[RECORD].ended(entry, response.status, (time.perf_counter() - started) * 1000)
    return response


async def _faulty(request: web.Request, handler: Handler, entry: Entry, path: str, plan: Plan) -> web.StreamResponse:
    entry.fault = plan.name
    if plan.delay:
        await _taken_in(request)
        await asyncio.sleep(plan.delay)
    if plan.refused is not None:
        return plan.refused
    if plan.early is not None:
        return await strike(plan.early, request)
    response = await _answer(request, handler, entry, path)
    response.headers.update(plan.headers)
    return response if plan.late is None else await strike(plan.late, request)


async def _taken_in(request: web.Request) -> None:
    """Read the body before a delay: what has arrived is carried out, even where whoever sent it is gone by then."""
    with contextlib.suppress(DiscordError, ConnectionError):  # whatever is wrong with it is told when it is answered
        await body_of(request)


async def _answer(request: web.Request, handler: Handler, entry: Entry, path: str) -> web.StreamResponse:
    record = request.app[RECORD]
    try:
        body = await body_of(request)
        entry.note(body)
        refused = _checked(request.app, entry, path, body)
        return refused or await handler(request)
    except DiscordError as error:
        if error.code == 50035:
            record.violated("limit", entry.method, path, str(error.errors or error.message), entry.body)
        return json_response(error.body(), error.status)
    except ConnectionError:  # whoever sent it was gone before it was whole
        return web.Response(status=499)
    except web.HTTPNotFound:
        record.violated("route", entry.method, path, "The sandbox has no such route.", entry.body)
        return json_response({"message": "404: Not Found", "code": 0}, 404)
    except web.HTTPMethodNotAllowed:
        record.violated("route", entry.method, path, "The sandbox has no such method here.", entry.body)
        return json_response({"message": "405: Method Not Allowed", "code": 0}, 405)
    except Exception as error:  # noqa: BLE001 - the sandbox's own fault is told like Discord's and fails the test that met it
        _log.exception("The sandbox failed over %s %s", entry.method, path)
        record.violated("crash", entry.method, path, repr(error), entry.body)
        return json_response({"message": "500: Internal Server Error", "code": 0}, 500)


def _checked(app: web.Application, entry: Entry, path: str, body: Body) -> web.Response | None:
    """Refuse what Discord's description doesn't allow; None where there is nothing to say."""
    checks = app[CHECKS]
    if not checks.on or checks.description is None:
        return None
    problems = checks.description.problems(entry.method, path, body.json, given=body.given)
    if not problems:
        return None
    for problem in problems:
        app[RECORD].violated("body", entry.method, path, problem, body.json)
    errors = {"_errors": [{"code": "DESCRIPTION", "message": each} for each in problems]}
    return json_response(DiscordError(400, 50035, "Invalid Form Body", errors).body(), 400)


def build_app(world: World, checks: Checks, privileged: int = 0, starts: SessionStarts | None = None) -> web.Application:
    """Assemble the application around a world."""
    app = web.Application(middlewares=[_surface], client_max_size=MOST_BYTES)
    app[WORLD], app[RECORD], app[FAULTS], app[CHECKS] = world, Record(), Faults(), checks
    gateway = make_gateway(app, privileged, starts)
    for routes in (gateway_routes(), rest_routes(), people_routes(), clock_routes(), control_routes(), cdn_routes()):
        app.add_routes(routes)
    app.add_routes([web.get("/", _page), web.get(r"/{name:[\w-]+\.\w+}", _page)])
    world.time.on_change(lambda: world.tell("clock", world.time.json(), to_bot=False))

    async def close_gateway(_: web.Application) -> None:
        gateway.close()

    app.on_shutdown.append(close_gateway)
    return app


async def _page(request: web.Request) -> web.FileResponse:
    path = _PAGE / request.match_info.get("name", "index.html")
    if path.suffix == ".py" or not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"})


class SandboxServer:
    """Run a sandbox: ``async with SandboxServer() as server`` gives ``server.url`` and ``server.world``."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        token: str = "sandbox-token",  # noqa: S107 - it opens nothing but this sandbox
        description: Path | None = None,
        checks: bool = True,
        privileged: int = 0,
        starts: SessionStarts | None = None,
    ) -> None:
        if not is_loopback(host):
            raise ValueError(f"The sandbox listens on loopback only, and {host} is not loopback.")
        self.time = SandboxTime()
        self.world = World(self.time, Bus(), token)
        seed(self.world)
        self.app = build_app(self.world, Checks(description, on=checks), privileged, starts)
        self.url = ""
        self._host = host
        self._port = port
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.world.token

    async def start(self) -> None:
        """Begin to listen."""
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        port = self._runner.addresses[0][1]
        authority = f"[{self._host}]:{port}" if ":" in self._host else f"{self._host}:{port}"
        self.url = self.world.base_url = f"http://{authority}"
        self.app[GATEWAY].url = f"ws://{authority}/gateway"

    async def stop(self) -> None:
        """Stop listening and drop every connection."""
        await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.stop()
