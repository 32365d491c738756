"""One run: ours and the bare client in turn, so that what the machine does besides meets both alike."""

import asyncio
import json
import shutil
import sqlite3
import statistics
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.rig import Burst, Client, Sandbox, sandbox

STARTS = 3
IDLE_SECONDS = 10.0
ROUNDS = 5
COUNT = 300
CONCURRENCY = 8
PEOPLE = 40
REMINDERS = 20
"""How many reminders the one who lists hers has."""
COMMITS = 300
OURS, BARE = "ours", "bare"
COMMANDS: dict[str, dict[str, str]] = {
    "countdown": {},
    "remind list": {},
    "remind me": {"when": "in 3 weeks", "what": "ask Dr. Osei for the letter"},
}
WRITE = "remind me"

Say = Callable[[str], None]


@dataclass(slots=True)
class Found:
    """Hold what one run found; times in milliseconds, memory in MiB, each by client."""

    first_start: dict[str, float] = field(default_factory=dict[str, float])
    start: dict[str, float] = field(default_factory=dict[str, float])
    memory: dict[str, float | None] = field(default_factory=dict[str, "float | None"])
    alone: dict[tuple[str, str], Burst] = field(default_factory=dict[tuple[str, str], Burst])
    """One command after the other, by client and command."""
    together: dict[str, Burst] = field(default_factory=dict[str, Burst])
    """``/countdown``, several at once."""
    commits: Burst = field(default_factory=Burst)


async def measure(folder: Path, say: Say) -> Found:
    """Measure everything in an empty folder."""
    found = Found()
    async with AsyncExitStack() as stack:
        beside = {name: await stack.enter_async_context(sandbox()) for name in (OURS, BARE)}
        replies = folder / "replies.json"
        data = {"MATCHDAY_DATA_DIR": str(folder / "data"), "MATCHDAY_LOG_LEVEL": "WARNING"}
        clients = {
            OURS: Client(beside[OURS], ["bot.cli", "run"], folder, MATCHDAY_SANDBOX_URL=beside[OURS].url, **data),
            BARE: Client(beside[BARE], ["bench.bare", beside[BARE].url, str(replies)], folder),
        }
        for client in clients.values():
            stack.push_async_callback(client.stop)
        people = await beside[OURS].add_people(PEOPLE)
        await _warm_up(clients, people, replies, say)
        shutil.rmtree(folder / "data")
        say("starting for the first time")
        found.first_start = {OURS: await clients[OURS].start(), BARE: await clients[BARE].start("--sync")}
        await _settle_in(beside[OURS], people)
        await _starts(clients, found, say)
        await _memory(clients, found, say)
        for number in range(ROUNDS):
            say(f"round {number + 1} of {ROUNDS}")
            for name, each in beside.items():
                await _round(name, each, people if name == OURS else None, found)
            found.commits.add(commits(folder / "data"))
    return found


async def _warm_up(clients: dict[str, Client], people: list[str], replies: Path, say: Say) -> None:
    """Start both once, so that every module is compiled, and let the bare client learn our replies."""
    say("warming up")
    await clients[OURS].start()
    ours = clients[OURS].sandbox
    await _settle_in(ours, people)
    learned = {command: await ours.components(command, options) for command, options in COMMANDS.items()}
    replies.write_text(json.dumps(learned), encoding="utf-8")
    await clients[BARE].start("--sync")
    for client in clients.values():
        await client.stop()


async def _settle_in(ours: Sandbox, people: list[str]) -> None:
    """Give people their zones, and one of them reminders."""
    everyone = ["amira", *people]
    await ours.burst("start", len(everyone), users=everyone, options={"zone": "Africa/Cairo"})
    await ours.burst(WRITE, REMINDERS, options=COMMANDS[WRITE])


async def _starts(clients: dict[str, Client], found: Found, say: Say) -> None:
    times: dict[str, list[float]] = {name: [] for name in clients}
    for number in range(STARTS):
        say(f"start {number + 1} of {STARTS}")
        for name, client in clients.items():
            await client.stop()
            times[name].append(await client.start())
    found.start = {name: statistics.median(each) for name, each in times.items()}


async def _memory(clients: dict[str, Client], found: Found, say: Say) -> None:
    say(f"idle for {IDLE_SECONDS:g} s")
    await asyncio.sleep(IDLE_SECONDS)
    found.memory = {name: client.resident_mebibytes() for name, client in clients.items()}


async def _round(name: str, beside: Sandbox, people: list[str] | None, found: Found) -> None:
    for command, options in COMMANDS.items():
        users = people if command == WRITE else None
        found.alone.setdefault((name, command), Burst()).add(await beside.burst(command, _count(command), users=users, options=options))
    if name == BARE:
        found.alone.setdefault((name, "ping"), Burst()).add(await beside.burst("ping", COUNT))
    found.together.setdefault(name, Burst()).add(await beside.burst("countdown", COUNT, concurrency=CONCURRENCY))


def _count(command: str) -> int:
    return COUNT if command != WRITE else COUNT // 2  # 40 people may keep 200 reminders each


def commits(folder: Path) -> Burst:
    """Return how long this disk takes to make one small row durable, with SQLite as the bot sets it."""
    found = Burst()
    connection = sqlite3.connect(folder / "commits.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS row (text TEXT)")
    for _ in range(COMMITS // ROUNDS):
        started = time.perf_counter()
        connection.execute("INSERT INTO row VALUES ('a reminder of about the usual length, as a member writes it')")
        found.milliseconds.append((time.perf_counter() - started) * 1000)
    found.seconds = sum(found.milliseconds) / 1000
    connection.close()
    return found
