"""The due loop measured: beside a bare loop of sends, at its pace, under load, and how soon what is urgent comes."""

import asyncio
import contextlib
import json
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import discord

from bench.databases import Kind, database_in
from bench.measure import BARE, OURS, PEOPLE, Bursts, Say, ask, learn
from bench.rig import Client, Sandbox, sandbox
from bench.sizes import Sizes
from bench.stored import DUE, NOON, URGENT, Looks, a_reminder, claims, fill, queue, store, tick
from bot.run import SANDBOX_TOKEN, point_at_sandbox
from bot.storage.delivery_rows import fall
from cogs._ui.pushed import pushed_view

PACE = "45"
"""Messages a second: the default."""
RAISED = "100000"
IN_FLIGHT = 16
WAIT_SECONDS = 600.0


@dataclass(slots=True)
class Delivered:
    """Hold what was found; rates in messages a second, arrivals in seconds after the first."""

    raised: list[float] = field(default_factory=list[float])
    bare: list[float] = field(default_factory=list[float])
    paced: list[float] = field(default_factory=list[float])
    limited: int = 0
    """Answers of 429 in the paced run."""
    urgent_seconds: float = 0.0
    looks: Looks = field(default_factory=Looks)


def rate(arrivals: list[float]) -> float:
    """Return the messages a second between the first one and the last; 0 where there are not two."""
    return (len(arrivals) - 1) / arrivals[-1] if len(arrivals) > 1 and arrivals[-1] else 0.0


async def measure_delivery(folder: Path, kind: Kind, sizes: Sizes, say: Say) -> Delivered:
    """Measure everything in an empty folder."""
    found = Delivered()
    say(f"{sizes.burst} due at once, the rate raised")
    found.raised, _ = await _sent(folder / "raised", kind, sizes.burst, RAISED)
    found.bare = await _bare(sizes.burst)
    say(f"{sizes.paced} due at once, at the pace that is the default")
    found.paced, found.limited = await _sent(folder / "paced", kind, sizes.paced, PACE)
    say(f"one urgent reminder behind {sizes.behind:,} others")
    found.urgent_seconds = await _urgent(folder / "urgent", kind, sizes.behind)
    await _looks(folder, kind, sizes, found.looks, say)
    return found


async def _looks(folder: Path, kind: Kind, sizes: Sizes, looks: Looks, say: Say) -> None:
    for count in sizes.stored:
        say(f"{count:,} stored reminders")
        data = folder / f"stored-{count}"
        async with database_in(kind, data) as url:
            await store(url, data, {})
            await fill(url, data, count)
            looks.ticks[count] = await tick(url, data, sizes.ticks)
            looks.starts[count], looks.memory[count] = await _start(data, url)
        shutil.rmtree(data)
    data = folder / "claims"
    async with database_in(kind, data) as url:
        await store(url, data, {1: 2})
        await queue(url, data, 1, sizes.behind)
        looks.fall, looks.claim = await claims(url, data)


@contextlib.asynccontextmanager
async def prepared(folder: Path, kind: Kind, count: int, **settings: str) -> AsyncIterator[tuple[Sandbox, Client, list[int]]]:
    """Give a sandbox, a client of ours that is not started, and people with a reminder each and a conversation that is open already."""
    async with sandbox() as beside, database_in(kind, folder / "data") as url:
        await beside.call("POST", "/control/clock", {"to": NOON.isoformat()})
        people = [int(each) for each in await beside.add_people(count)]
        await store(url, folder / "data", await conversations(beside, people))
        client = _client(beside, folder, folder / "data", url, **settings)
        try:
            yield beside, client, people
        finally:
            await client.stop()


async def conversations(beside: Sandbox, people: list[int]) -> dict[int, int]:
    """Open everybody's direct messages; return the channels."""
    return {person: int((await beside.call("POST", f"/people/{person}/dm"))["channel_id"]) for person in people}


def _client(beside: Sandbox, folder: Path, data: Path, url: str, rate: str = PACE) -> Client:
    variables = {
        "MATCHDAY_DATA_DIR": str(data),
        "MATCHDAY_DATABASE_URL": url,
        "MATCHDAY_LOG_LEVEL": "WARNING",
        "MATCHDAY_CLOCK_URL": f"{beside.url}/clock",
        "MATCHDAY_SENDS_PER_SECOND": rate,
        "MATCHDAY_SENDS_IN_FLIGHT": str(IN_FLIGHT),
    }
    return Client(beside, ["bot.cli", "run"], folder, MATCHDAY_SANDBOX_URL=beside.url, **variables)


async def _sent(folder: Path, kind: Kind, count: int, pace: str) -> tuple[list[float], int]:
    """Return when the messages came, and how many answers were 429."""
    async with prepared(folder, kind, count, rate=pace) as (beside, client, _):
        await client.start()
        if pace == PACE:
            await beside.call("POST", "/control/faults", {"rules": [{"kind": "rate_limit", "scope": "global", "per_second": 50}]})
        await beside.call("POST", "/control/clock", {"to": DUE.isoformat()})
        found = await arrived(beside, count)
        totals = await beside.call("GET", "/control/totals")
    return found, totals.get("429", 0)


async def arrived(beside: Sandbox, count: int, begins: str = "Reminder: for ") -> list[float]:
    """Wait until so many messages are there; return when each came, in seconds after the first."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        times = await moments(beside, begins)
        if len(times) >= count:
            return [(each - times[0]).total_seconds() for each in times]
        await asyncio.sleep(0.25)
    raise TimeoutError("the messages did not arrive")


async def moments(beside: Sandbox, begins: str) -> list[datetime]:
    """Return when the messages of the bot that begin so came, in order."""
    messages = await beside.call("GET", "/control/messages?author=bot")
    return sorted(datetime.fromisoformat(each["created_at"]) for each in messages if each["content"].startswith(begins))


async def _bare(count: int) -> list[float]:
    """Return when the messages of a bare loop of sends came: the same text and buttons, as many under way at once."""
    async with sandbox() as beside:
        people = [int(each) for each in await beside.add_people(count)]
        channels = await conversations(beside, people)
        point_at_sandbox(beside.url)
        async with discord.Client(intents=discord.Intents.none(), max_ratelimit_timeout=30.0) as client:
            await client.login(SANDBOX_TOKEN)
            room = asyncio.Semaphore(IN_FLIGHT)

            async def send(person: int, channel: discord.DMChannel) -> None:
                delivery = fall(a_reminder(person), DUE).deliveries[0]
                async with room:
                    await channel.send(f"Reminder: for {person}", view=pushed_view(delivery), nonce=delivery.id, suppress_embeds=True)

            open_ = [await client.create_dm(discord.Object(person)) for person in channels]
            await asyncio.gather(*(send(person, channel) for person, channel in zip(channels, open_, strict=True)))
        return await arrived(beside, count)


async def _urgent(folder: Path, kind: Kind, behind: int) -> float:
    """Return how many seconds after it is due an urgent reminder arrives while many others go out."""
    async with sandbox() as beside, database_in(kind, folder / "data") as url:
        await beside.call("POST", "/control/clock", {"to": NOON.isoformat()})
        people = [int(each) for each in await beside.add_people(1)]
        await store(url, folder / "data", await conversations(beside, people))
        await queue(url, folder / "data", people[0], behind)
        client = _client(beside, folder, folder / "data", url)
        try:
            await client.start()
            await beside.call("POST", "/control/clock", {"to": (DUE - timedelta(seconds=5)).isoformat()})
            deadline = time.monotonic() + WAIT_SECONDS
            while not (times := await moments(beside, URGENT)):
                if time.monotonic() > deadline:
                    raise TimeoutError("the urgent reminder did not arrive")
                await asyncio.sleep(0.1)
        finally:
            await client.stop()
        return (times[0] - DUE).total_seconds()


async def _start(data: Path, url: str) -> tuple[float, float | None]:
    """Return how many milliseconds a start takes, and the MiB held after some seconds of idling."""
    async with sandbox() as beside:
        folder = data.parent / f"run-{data.name}"
        folder.mkdir()
        client = _client(beside, folder, data, url)
        await beside.call("POST", "/control/clock", {"to": NOON.isoformat()})
        await client.start()
        await client.stop()
        took = await client.start()
        await asyncio.sleep(3)
        held = client.resident_mebibytes()
        await client.stop()
    return took, held


async def measure_loaded(folder: Path, kind: Kind, sizes: Sizes, loaded: Bursts, say: Say) -> None:
    """Measure commands while messages go out at the pace that is the default; the bare client sends as many itself."""
    say("commands while messages go out")
    sending = int(float(PACE) * sizes.loaded_seconds)
    replies, channels = folder / "replies.json", folder / "channels.json"
    async with prepared(folder / "ours", kind, sending) as (beside, client, people):
        await client.start()
        asking = [str(each) for each in people[:PEOPLE]]
        everyone = ["amira", *asking]
        await beside.burst("start", len(everyone), users=everyone, options={"zone": "Africa/Cairo"})
        await learn(beside, replies)
        await beside.call("POST", "/control/clock", {"to": DUE.isoformat()})
        await arrived(beside, 1)
        await ask(OURS, beside, asking, _loaded_count(sizes), loaded)
    async with sandbox() as beside:
        people = [int(each) for each in await beside.add_people(sending)]
        channels.write_text(json.dumps(list((await conversations(beside, people)).values())), encoding="utf-8")
        client = Client(beside, ["bench.bare", beside.url, str(replies), "--send", str(channels)], folder)
        try:
            await client.start("--sync")
            await beside.burst("send", 1)
            await arrived(beside, 1)
            await ask(BARE, beside, None, _loaded_count(sizes), loaded)
        finally:
            await client.stop()


def _loaded_count(sizes: Sizes) -> int:
    """Return how many of each command are asked for: so many that they end before the sending does."""
    return int(sizes.loaded_seconds * 15)
