"""Several processes over one PostgreSQL database and one Discord: each connects some of the shards, all send, and one may die."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.support.bot_process import BotProcess
from tests.support.sandbox import Json, Sandbox
from tests.support.waiting import wait_for

pytestmark = pytest.mark.postgres

LEASE = "3"
PATIENCE = 60.0


@asynccontextmanager
async def processes(sandbox: Sandbox, tmp_path: Path, url: str, *ranges: str, count: int = 2) -> AsyncIterator[list[BotProcess]]:
    """Start a process for each range of shards, all at once, each with a folder of its own; end them afterwards."""
    key = tmp_path / "matchday.key"
    if not key.exists():
        key.write_bytes(Fernet.generate_key() + b"\n")
    shared = {"database_url": url, "key_file": str(key), "shard_count": str(count), "partition_lease_seconds": LEASE}
    async with AsyncExitStack() as stack:
        bots = [BotProcess(sandbox.url, tmp_path / f"data-{number}", shards=each, **shared) for number, each in enumerate(ranges)]
        for bot in bots:
            stack.push_async_callback(bot.kill)
        await asyncio.gather(*(bot.start() for bot in bots))
        yield bots


async def guild_of_each(sandbox: Sandbox, count: int) -> dict[int, str]:
    """Return a channel of a server of each shard, made where there is none."""
    found: dict[int, str] = {}
    while len(found) < count:
        made: Json = await sandbox.add_guild("Circle")
        found.setdefault((int(made["id"]) >> 22) % count, made["channels"][0]["id"])
    return found


async def received(sandbox: Sandbox) -> Counter[str]:
    found = (re.search(r"Reminder: (\w[\w ]*)", message["content"]) for message in await sandbox.messages())
    return Counter(match[1].strip() for match in found if match)


async def come_once(sandbox: Sandbox, texts: set[str]) -> None:
    async def all_there() -> bool:
        return set(await received(sandbox)) >= texts

    await wait_for(all_there, PATIENCE)
    await sandbox.advance(timedelta(minutes=5))  # whatever would double comes now
    assert await received(sandbox) == Counter(texts)


async def test_members_of_every_shard_are_served_and_one_process_takes_over_from_another(
    sandbox: Sandbox, tmp_path: Path, postgres_url: str
) -> None:
    channels = await guild_of_each(sandbox, 2)
    people = {name: sandbox.person(name) for name in ("amira", "diego", "helen", "priya")}
    async with processes(sandbox, tmp_path, postgres_url, "0", "1") as (first, second):
        await sandbox.connected(2)
        for number, person in enumerate(people.values()):
            here, there = channels[number % 2], channels[1 - number % 2]
            await person.command("start", channel=here, zone="Africa/Cairo")
            await person.click(await person.command("remind settings", channel=there), "Allow direct messages")
            # What was changed in one process the other one knows at once: it would ask for her zone else.
            reply = await person.command("remind me", channel=there, when="in 2 hours", what=f"letter {person.name}")
            assert "letter" in reply.text, reply.text
        await sandbox.advance(timedelta(hours=2, seconds=1))
        await come_once(sandbox, {f"letter {name}" for name in people})
        assert "sending for 8 of the partitions" in first.log
        assert "sending for 8 of the partitions" in second.log

        for person in people.values():
            await person.command("remind me", channel=channels[1], when="in 2 hours", what=f"again {person.name}")
        await first.kill()
        await sandbox.advance(timedelta(hours=2, seconds=1))
        await come_once(sandbox, {f"{what} {name}" for name in people for what in ("letter", "again")})
        await second.until(lambda: "sending for 16 of the partitions" in second.log)

        await first.start()
        await first.until(lambda: first.log.count("sending for 8 of the partitions") > 1)
        assert "letter" not in (await people["amira"].command("remind list", channel=channels[0])).text
        assert await second.stop() == 0
        await first.until(lambda: "sending for 16 of the partitions" in first.log)
        assert await first.stop() == 0
