"""One process and four that share the shards of one bot, over one PostgreSQL database, beside the bare client."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.databases import POSTGRES, database_in, why_not
from bench.delivery import PACE, arrived, conversations, rate
from bench.measure import CONCURRENCY, Say, learn
from bench.rig import Burst, Client, Sandbox, sandbox
from bench.sizes import Sizes
from bench.stored import DUE, NOON, store
from bot.settings import Settings

SHARDS = 8
RANGES = {1: ("0-7",), 4: ("0-1", "2-3", "4-5", "6-7")}
"""Which shards each process holds, by the number of processes."""
SERVERS = 16
PEOPLE_EACH = 5


@dataclass(slots=True)
class Processes:
    """Hold what so many processes reached together; none is the bare client."""

    number: int
    together: Burst = field(default_factory=Burst)
    """``/countdown`` in many servers at once."""
    sent: float = 0.0
    """Reminders a second at the default pace, where Discord allows 50 requests a second to all of them; several share one budget."""
    memory: float = 0.0
    """MiB of all processes."""
    limited: int = 0
    """Answers of 429 while they sent."""


def not_known() -> str:
    """Return why several processes can't be measured with this version, or nothing."""
    missing = [name for name in ("shard_count", "shards") if name not in Settings.model_fields]
    return f"this version does not know {' and '.join(f'MATCHDAY_{name.upper()}' for name in missing)}" if missing else ""


async def measure_processes(folder: Path, sizes: Sizes, say: Say) -> tuple[dict[int, Processes], str]:
    """Return what one process, four, and the bare client (0) reach, or why that is not measured."""
    reason = not_known() or await why_not(POSTGRES)
    if reason:
        say(f"several processes: not measured: {reason}")
        return {}, reason
    found: dict[int, Processes] = {}
    for number in RANGES:
        say(f"{number} process(es) for {SHARDS} shards")
        found[number] = await _measured(folder / f"processes-{number}", number, sizes)
    found[0] = await _bare(folder / f"processes-{min(RANGES)}" / "replies.json", sizes)
    return found, ""


async def _measured(folder: Path, number: int, sizes: Sizes) -> Processes:
    found = Processes(number)
    async with AsyncExitStack() as stack:
        beside = await stack.enter_async_context(sandbox())
        await beside.call("POST", "/control/clock", {"to": NOON.isoformat()})
        channels, people = await _servers(beside, sizes)
        first = folder / "data-0"
        url = await stack.enter_async_context(database_in(POSTGRES, first))
        await store(url, first, await conversations(beside, people))
        clients = [_client(beside, folder, index, url, RANGES[number]) for index in range(number)]
        for index, client in enumerate(clients):
            (folder / f"data-{index}").mkdir(exist_ok=True, mode=0o700)
            stack.push_async_callback(client.stop)
            await client.begin()
        await _all_connected(beside)
        await learn(beside, folder / "replies.json")
        found.together = await _everywhere(beside, channels, sizes)
        found.memory = sum(client.resident_mebibytes() or 0.0 for client in clients)
        limit = {"kind": "rate_limit", "scope": "global", "per_second": 50}
        await beside.call("POST", "/control/faults", {"rules": [limit]})
        await beside.call("POST", "/control/clock", {"to": DUE.isoformat()})
        found.sent = rate(await arrived(beside, len(people)))
        found.limited = (await beside.call("GET", "/control/totals")).get("429", 0)
    return found


async def _bare(replies: Path, sizes: Sizes) -> Processes:
    """Return what the bare client reaches in one process, and without shards."""
    found = Processes(0)
    async with sandbox() as beside:
        channels, _ = await _servers(beside, sizes)
        client = Client(beside, ["bench.bare", beside.url, str(replies)], replies.parent)
        try:
            await client.start("--sync")
            found.together = await _everywhere(beside, channels, sizes)
            found.memory = client.resident_mebibytes() or 0.0
        finally:
            await client.stop()
    return found


async def _servers(beside: Sandbox, sizes: Sizes) -> tuple[list[str], list[int]]:
    """Make the servers; return a channel of each, and everybody."""
    servers = [await beside.call("POST", "/control/guilds", {"name": f"Circle {each}"}) for each in range(SERVERS)]
    people: list[int] = []
    for server in servers:
        body = {"guild_id": server["id"], "count": max(PEOPLE_EACH, sizes.paced // SERVERS)}
        people += [int(each) for each in (await beside.call("POST", "/control/people", body))["ids"]]
    return [server["channels"][0]["id"] for server in servers], people


async def _everywhere(beside: Sandbox, channels: list[str], sizes: Sizes) -> Burst:
    """Ask in every server at once, a few times to warm up, then as often as is measured."""
    await asyncio.gather(*(_asked(beside, channel, 5) for channel in channels))
    bursts = await asyncio.gather(*(_asked(beside, channel, sizes.count // 2) for channel in channels))
    found = Burst()
    for each in bursts:
        found.add(each)
    found.seconds = max(each.seconds for each in bursts)
    return found


async def _asked(beside: Sandbox, channel: str, count: int) -> Burst:
    return await beside.burst("countdown", count, concurrency=max(1, CONCURRENCY // 4), channel=channel)


def _client(beside: Sandbox, folder: Path, index: int, url: str, ranges: tuple[str, ...]) -> Client:
    settings = {
        "MATCHDAY_DATA_DIR": str(folder / f"data-{index}"),
        "MATCHDAY_KEY_FILE": str(folder / "data-0" / "matchday.key"),
        "MATCHDAY_DATABASE_URL": url,
        "MATCHDAY_LOG_LEVEL": "WARNING",
        "MATCHDAY_CLOCK_URL": f"{beside.url}/clock",
        "MATCHDAY_SENDS_PER_SECOND": PACE,
        "MATCHDAY_SHARD_COUNT": str(SHARDS),
        "MATCHDAY_SHARDS": ranges[index],
    }
    if len(ranges) > 1:
        settings |= {"MATCHDAY_BUDGET_URL": url, "MATCHDAY_BUDGET_PROCESSES": str(len(ranges))}
    return Client(beside, ["bot.cli", "run"], folder, MATCHDAY_SANDBOX_URL=beside.url, **settings)


async def _all_connected(beside: Sandbox) -> None:
    async with asyncio.timeout(120):
        while sum(each["connected"] for each in await beside.call("GET", "/control/gateway")) < SHARDS:  # noqa: ASYNC110 - other processes
            await asyncio.sleep(0.1)
