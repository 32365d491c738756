"""The clock over HTTP: read, followed as a stream, moved, and told when the bot is next due."""

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.sandbox.bodies import json_response, object_of
from bot.sandbox.clock import SandboxTime
from bot.sandbox.errors import DiscordError
from bot.sandbox.world import WORLD

KEEPALIVE_SECONDS = 15.0


async def _read(request: web.Request) -> web.Response:
    return json_response(request.app[WORLD].time.json())


async def _stream(request: web.Request) -> web.StreamResponse:
    time = request.app[WORLD].time
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    changed = asyncio.Event()
    stop = time.on_change(changed.set)
    try:
        while True:
            changed.clear()
            await response.write(f"data: {json.dumps(time.json())}\n\n".encode())
            while not await _within(changed, KEEPALIVE_SECONDS):
                await response.write(b": still here\n\n")
    except ConnectionError:
        return response
    finally:
        stop()


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True


async def _set_next(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    at = (await object_of(request)).get("at")
    due = None if at is None else moment_of(at)
    if due != world.time.next_due:
        world.time.next_due = due
        # Not told on the clock's own stream: the bot listens there and would answer with its next due again.
        world.tell("clock", world.time.json(), to_bot=False)
    return web.Response(status=204)


async def _move(request: web.Request) -> web.Response:
    time, given = request.app[WORLD].time, await object_of(request)
    try:
        _moved(time, given)
    except (OverflowError, TypeError, ValueError) as error:
        raise DiscordError(400, 0, "The clock can't go there.") from error
    return json_response(time.json())


def _moved(time: SandboxTime, given: dict[str, Any]) -> None:
    if given.get("reset"):
        time.reset()
    elif "advance" in given:
        time.advance(timedelta(seconds=float(given["advance"])))
    elif "to" in given:
        time.move_to(moment_of(given["to"]))
    else:
        raise DiscordError(400, 0, 'Say {"advance": seconds}, {"to": instant} or {"reset": true}.')


def moment_of(text: object) -> datetime:
    """Read an ISO 8601 instant that carries an offset; raise 400 for anything else."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise DiscordError(400, 0, f"{text} is not an ISO 8601 instant.") from error
    if moment.tzinfo is None:
        raise DiscordError(400, 0, f"{text} needs an offset, such as Z.")
    return moment


def clock_routes() -> list[web.RouteDef]:
    """Return the clock's routes."""
    return [
        web.get("/clock", _read),
        web.get("/clock/stream", _stream),
        web.put("/clock/next", _set_next),
        web.post("/control/clock", _move),
    ]
