"""Run the bot: against Discord with a token, else against a sandbox that is started beside it."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

import aiohttp
import discord
import yarl
from pydantic import SecretStr

from bot.client import MatchdayClient
from bot.command_sync import FILE as COMMANDS_FILE
from bot.errors import StartError
from bot.health import TICK_SECONDS, Gateway, Pulse, State, beating, file_of
from bot.measuring import measured, tell_of_gateway
from bot.observing.logs import form_for
from bot.observing.observer import Observer
from bot.settings import Settings
from bot.wiring import House, open_house

log = logging.getLogger(__name__)

SANDBOX_TOKEN = "sandbox-token"  # noqa: S105 - opens nothing but the sandbox on loopback
READY = "sandbox ready "
SANDBOX_START_SECONDS = 20.0
EXIT_LEASE_LOST = 3
"""The exit code after which a supervisor starts the bot again."""


async def run(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM; raise StartError with a sentence for whatever stops the start."""
    settings.refuse_two_worlds()
    if settings.rest_proxy_url and settings.budget_url:
        log.info("MATCHDAY_REST_PROXY_URL is set: the proxy keeps the limit, and the budget of MATCHDAY_BUDGET_URL rests")
    stopping = asyncio.Event()
    with _signals(stopping):
        if settings.token is not None:
            await run_bot(settings, settings.token, stopping)
        elif settings.sandbox_url:
            point_at_sandbox(settings.sandbox_url)
            await run_bot(settings, SecretStr(SANDBOX_TOKEN), stopping)
        else:
            async with sandbox_process(settings.sandbox_port) as url:
                _welcome(settings, url)
                beside = settings.model_copy(update={"sandbox_url": url, "clock_url": f"{url}/clock"})
                point_at_sandbox(url)
                await run_bot(beside, SecretStr(SANDBOX_TOKEN), stopping)


async def run_bot(settings: Settings, token: SecretStr, stopping: asyncio.Event) -> None:
    """Open the house, wait for the sending lease, connect, and close in order once ``stopping`` is set."""
    if settings.rest_proxy_url:
        point_at_proxy(settings.rest_proxy_url)
    async with (
        open_house(settings) as house,
        beating(pulse := Pulse(settings.data_dir / file_of(settings.share), _standing(house))),
        measured(settings, house) as observer,
    ):
        holding = asyncio.create_task(house.due_loop.hold_partition(), name="hold-partition")
        try:
            await _first_of(holding, stopping)
            if not stopping.is_set():
                await holding
                client = _client(settings, house, observer)
                async with _serving(house), _web(settings, house, client.verify_key):
                    pulse.look = _standing(house, client)
                    await _connect(token, house, client, stopping)
        finally:
            holding.cancel()


def _welcome(settings: Settings, url: str) -> None:
    """Say where the sandbox's page is: to a person in words of their own, into a log of JSON as a line like the others."""
    if form_for(settings.log_format) == "json":
        log.info("Matchday runs in its sandbox. Open %s and type /start", url)
    else:
        print(f"\n  Matchday runs in its sandbox. Open {url} and type /start\n  Stop with Ctrl+C.\n", flush=True)  # noqa: T201


@asynccontextmanager
async def _serving(house: House) -> AsyncGenerator[None]:
    """Read what is held in memory, and do what is done once before this process serves."""
    # Only now: while this process stood by, the other one parked messages.
    services, several = house.services, house.several
    async with nullcontext() if several is None else several.listening():  # first: what changes from here on is heard
        async with nullcontext() if several is None else several.starting():
            await house.erasing.finish()
        await services.inbox.load()
        await services.server_dates.load()
        async with nullcontext() if several is None else several.starting():
            await services.date_moves.follow()
            await services.eligibility.recheck()
        yield


@asynccontextmanager
async def _web(settings: Settings, house: House, verify_key: Callable[[], str | None]) -> AsyncGenerator[None]:
    """Serve the calendar feeds, and take Discord's events, where a public address is configured, of several processes in the first."""
    if settings.public_url is None or (settings.share is not None and not settings.share.has_first):
        yield
        return
    from bot.web.events import EventDesk
    from bot.web.server import WebServer

    events = EventDesk(verify_key, house.services.retention.app_removed)
    server = WebServer(
        house.services.calendars.read_feed, lambda: house.due_loop.age() < TICK_SECONDS, events, settings.web_host, settings.web_port
    )
    await server.start()
    try:
        yield
    finally:
        await server.stop()


def _standing(house: House, client: MatchdayClient | None = None) -> Callable[[], State]:
    """Return what says how the bot stands, for its heartbeat."""
    began = time.monotonic()

    def look() -> State:
        if client is not None and client.connection_changed is not None:
            gateway, since = (Gateway.CONNECTED if client.is_connected else Gateway.AWAY), client.connection_changed
        else:
            gateway, since = (Gateway.STANDBY if house.due_loop.partition.stands_by else Gateway.STARTING), began
        return State(gateway, time.monotonic() - since, house.due_loop.age())

    return look


async def _connect(token: SecretStr, house: House, client: MatchdayClient, stopping: asyncio.Event) -> None:
    connection = asyncio.create_task(client.start(token.get_secret_value()), name="discord")
    lost = house.due_loop.partition.lost
    watching = asyncio.create_task(lost.wait(), name="watch-lease")
    await _first_of(connection, stopping, watching)
    watching.cancel()
    await client.close()
    try:
        await connection
    except discord.LoginFailure as error:
        raise StartError(
            "Discord refused the token.",
            "Copy it again from the Developer Portal (Bot, Reset Token) into DISCORD_TOKEN.",
        ) from error
    except (aiohttp.ClientConnectionError, discord.GatewayNotFound) as error:
        raise StartError("Discord could not be reached.", "Check the network, then start again.") from error
    except AttributeError as error:
        # Where the very first connection ends before it is made, discord.py asks it, not yet there, where to go on.
        if client.connection_changed is not None:
            raise
        if not stopping.is_set() and not lost.is_set():
            raise StartError("Discord ended the first connection before it was made.", "Start again; the log says more.") from error
    if lost.is_set():
        log.error("another process sends for this database now: this one ends with code %d; started again, it stands by", EXIT_LEASE_LOST)
        raise SystemExit(EXIT_LEASE_LOST)


def _client(settings: Settings, house: House, observer: Observer) -> MatchdayClient:
    shards, several = settings.shard_range, house.several
    tells_commands = settings.command_sync and (shards is None or shards.has_first)  # once, for they are the same everywhere
    sync_state = settings.data_dir / COMMANDS_FILE if tells_commands else None
    given: dict[str, Any] = {"sync_state": sync_state, "observer": observer}
    if shards is None:
        client = MatchdayClient(house.services, house.due_loop, **given)
    else:
        from bot.sharded_client import ShardedClient

        takes_turn = several.takes_turn if several is not None else None
        client = ShardedClient(house.services, house.due_loop, shards=shards, takes_turn=takes_turn, **given)
    if several is not None:
        several.on_new_day = lambda: client.dispatch("new_day")
    tell_of_gateway(observer, client)
    return client


async def _first_of(task: "asyncio.Task[None]", stopping: asyncio.Event, *others: "asyncio.Task[Any]") -> None:
    waiter = asyncio.create_task(stopping.wait())
    await asyncio.wait({task, waiter, *others}, return_when=asyncio.FIRST_COMPLETED)
    waiter.cancel()


def point_at_sandbox(url: str) -> None:
    """Turn discord.py, otherwise unmodified, to a sandbox on loopback."""
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    Route.BASE = f"{url}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url.replace("http", "ws", 1) + "/gateway")
    discord.Asset.BASE = f"{url}/cdn"  # pyright: ignore[reportAttributeAccessIssue] - annotated as the literal address of the real one


def point_at_proxy(url: str) -> None:
    """Send the requests of discord.py, otherwise unmodified, through a proxy that answers as Discord's REST API does; not the gateway."""
    from discord.http import Route

    Route.BASE = f"{url}/api/v10"


@asynccontextmanager
async def sandbox_process(port: int) -> AsyncGenerator[str]:
    """Start the sandbox as a process of its own; yield its address and stop it afterwards."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox", "--port", str(port), "--token", SANDBOX_TOKEN,
        stdout=asyncio.subprocess.PIPE, env={**os.environ},
        start_new_session=True,  # Ctrl+C is for the bot, which then stops the sandbox in order
    )  # fmt: skip
    try:
        yield await _address(process, port)
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


async def _address(process: asyncio.subprocess.Process, port: int) -> str:
    assert process.stdout is not None  # noqa: S101 - it was asked for above
    try:
        async with asyncio.timeout(SANDBOX_START_SECONDS):
            while line := (await process.stdout.readline()).decode():
                if line.startswith(READY):
                    return line.removeprefix(READY).strip()
    except TimeoutError:
        pass
    raise StartError(
        f"The sandbox did not start on port {port}.",
        "Another program may use the port: name a free one in MATCHDAY_SANDBOX_PORT.",
    )


@contextlib.contextmanager
def _signals(stopping: asyncio.Event) -> Generator[None]:
    loop = asyncio.get_running_loop()
    caught: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers on the loop
            loop.add_signal_handler(number, stopping.set)
            caught.append(number)
    try:
        yield
    finally:
        for number in caught:
            loop.remove_signal_handler(number)
