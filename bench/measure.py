"""Commands, idle: ours and the bare client in turn, so that what the machine does besides meets both alike."""

import asyncio
import json
import sqlite3
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.databases import Kind, database_in
from bench.numbers import Point
from bench.rig import Burst, Client, Sandbox, sandbox
from bench.sizes import Sizes

CONCURRENCY = 8
PEOPLE = 40
REMINDERS = 20
"""How many reminders the one who lists hers has."""
COMMITS = 60
SAMPLE_SECONDS = 0.25
OURS, BARE = "ours", "bare"
COMMANDS: dict[str, dict[str, str]] = {
    "countdown": {},
    "remind list": {},
    "remind me": {"when": "in 3 weeks", "what": "ask Dr. Osei for the letter"},
}
WRITE = "remind me"
TYPED = {"event": "mat"}
"""What is typed into the option of ``/countdown``."""
TYPING, TOGETHER = "typing", "together"

Say = Callable[[str], None]
Bursts = dict[tuple[str, str], Burst]
"""By client and what it was asked."""


@dataclass(slots=True)
class Found:
    """Hold what one run found; times in milliseconds, memory in MiB, each by client."""

    first_start: dict[str, float] = field(default_factory=dict[str, float])
    start: dict[str, float] = field(default_factory=dict[str, float])
    memory: dict[str, float | None] = field(default_factory=dict[str, "float | None"])
    held: dict[str, list[Point]] = field(default_factory=dict[str, list[Point]])
    """Memory over time: seconds since the last start, MiB."""
    idle: Bursts = field(default_factory=dict[tuple[str, str], Burst])
    loaded: Bursts = field(default_factory=dict[tuple[str, str], Burst])
    """The same while messages go out."""
    commits: Burst = field(default_factory=Burst)
    """Of one row on this disk."""


async def measure(folder: Path, kind: Kind, sizes: Sizes, say: Say) -> Found:
    """Measure everything in an empty folder."""
    found = Found()
    async with AsyncExitStack() as stack:
        beside = {name: await stack.enter_async_context(sandbox()) for name in (OURS, BARE)}
        replies = folder / "replies.json"
        people = await beside[OURS].add_people(PEOPLE)
        bare = Client(beside[BARE], ["bench.bare", beside[BARE].url, str(replies)], folder)
        stack.push_async_callback(bare.stop)
        async with database_in(kind, folder / "warm") as url:
            await _warm_up(_ours(beside[OURS], folder, "warm", url), bare, people, replies, say)
        url = await stack.enter_async_context(database_in(kind, folder / "data"))
        clients = {OURS: _ours(beside[OURS], folder, "data", url), BARE: bare}
        stack.push_async_callback(clients[OURS].stop)
        say("starting for the first time")
        found.first_start = {OURS: await clients[OURS].start(), BARE: await bare.start("--sync")}
        await _settle_in(beside[OURS], people)
        await _starts(clients, sizes, found, say)
        async with _watched(clients, found):
            await _memory(clients, sizes, found, say)
            for number in range(sizes.rounds):
                say(f"round {number + 1} of {sizes.rounds}")
                for name, each in beside.items():
                    await _round(name, each, people if name == OURS else None, sizes, found)
                found.commits.add(commits(folder / "data"))
    return found


def _ours(beside: Sandbox, folder: Path, data: str, url: str) -> Client:
    settings = {"MATCHDAY_DATA_DIR": str(folder / data), "MATCHDAY_DATABASE_URL": url, "MATCHDAY_LOG_LEVEL": "WARNING"}
    return Client(beside, ["bot.cli", "run"], folder, MATCHDAY_SANDBOX_URL=beside.url, **settings)


async def _warm_up(ours: Client, bare: Client, people: list[str], replies: Path, say: Say) -> None:
    """Start both once, so that every module is compiled, and let the bare client learn our replies."""
    say("warming up")
    await ours.start()
    await _settle_in(ours.sandbox, people)
    await learn(ours.sandbox, replies)
    await ours.stop()
    await bare.start("--sync")
    await bare.stop()


async def learn(ours: Sandbox, replies: Path) -> None:
    """Write down what ours answers, for the bare client to answer the same."""
    learned = {command: await ours.components(command, options) for command, options in COMMANDS.items()}
    replies.write_text(json.dumps(learned), encoding="utf-8")


async def _settle_in(ours: Sandbox, people: list[str]) -> None:
    """Give people their zones, and one of them reminders."""
    everyone = ["amira", *people]
    await ours.burst("start", len(everyone), users=everyone, options={"zone": "Africa/Cairo"})
    await ours.burst(WRITE, REMINDERS, options=COMMANDS[WRITE])


async def _starts(clients: dict[str, Client], sizes: Sizes, found: Found, say: Say) -> None:
    times: dict[str, list[float]] = {name: [] for name in clients}
    for number in range(sizes.starts):
        say(f"start {number + 1} of {sizes.starts}")
        for name, client in clients.items():
            await client.stop()
            times[name].append(await client.start())
    found.start = {name: statistics.median(each) for name, each in times.items()}


@asynccontextmanager
async def _watched(clients: dict[str, Client], found: Found) -> AsyncIterator[None]:
    """Note the memory of both until the end of the block."""
    began = time.monotonic()
    found.held = {name: [] for name in clients}

    async def watch() -> None:
        while True:
            for name, client in clients.items():
                held = client.resident_mebibytes()
                if held is not None:
                    found.held[name].append((time.monotonic() - began, held))
            await asyncio.sleep(SAMPLE_SECONDS)

    task = asyncio.create_task(watch(), name="watch-memory")
    try:
        yield
    finally:
        task.cancel()


async def _memory(clients: dict[str, Client], sizes: Sizes, found: Found, say: Say) -> None:
    say(f"idle for {sizes.idle_seconds:g} s")
    await asyncio.sleep(sizes.idle_seconds)
    found.memory = {name: client.resident_mebibytes() for name, client in clients.items()}


async def _round(name: str, beside: Sandbox, people: list[str] | None, sizes: Sizes, found: Found) -> None:
    await ask(name, beside, people, sizes.count, found.idle)
    if name == BARE:
        _add(found.idle, (name, "ping"), await beside.burst("ping", sizes.count))


async def ask(name: str, beside: Sandbox, people: list[str] | None, count: int, into: Bursts) -> None:
    """Ask for every command, one answer after the other; then into an option; then several at once."""
    for command, options in COMMANDS.items():
        # 40 people may keep 200 reminders each.
        number, users = (count // 2, people) if command == WRITE else (count, None)
        _add(into, (name, command), await beside.burst(command, number, users=users, options=options))
    _add(into, (name, TYPING), await beside.burst("countdown", count, options=TYPED, focused="event"))
    _add(into, (name, TOGETHER), await beside.burst("countdown", count, concurrency=CONCURRENCY))


def _add(into: Bursts, key: tuple[str, str], found: Burst) -> None:
    into.setdefault(key, Burst()).add(found)


def commits(folder: Path) -> Burst:
    """Return how long this disk takes to make one small row durable, with SQLite as the bot sets it."""
    found = Burst()
    connection = sqlite3.connect(folder / "commits.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS row (text TEXT)")
    for _ in range(COMMITS):
        started = time.perf_counter()
        connection.execute("INSERT INTO row VALUES ('a reminder of about the usual length, as a member writes it')")
        found.milliseconds.append((time.perf_counter() - started) * 1000)
    found.seconds = sum(found.milliseconds) / 1000
    connection.close()
    return found
