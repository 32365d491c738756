"""Several processes over one PostgreSQL database and one Discord: each connects some of the shards, all send, and one may die."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.domain.member import DirectMessages, Member
from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from bot.storage.database import Database
from bot.storage.encryption import Cipher, check_key
from bot.storage.identifiers import new_id
from bot.storage.members import MemberRepository
from bot.storage.reminders import ReminderRepository
from tests.stories.test_heartbeat import health
from tests.support.bot_process import BotProcess
from tests.support.sandbox import Json, Sandbox
from tests.support.waiting import wait_for

pytestmark = pytest.mark.postgres

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MANY = 200
LEASE = "3"
PATIENCE = 60.0


def key_of(tmp_path: Path) -> Path:
    """Return the key file that all processes have."""
    key = tmp_path / "matchday.key"
    if not key.exists():
        key.write_bytes(Fernet.generate_key() + b"\n")
    return key


def a_process(sandbox: Sandbox, tmp_path: Path, url: str, name: str, **settings: str) -> BotProcess:
    """Return a process with a folder of its own."""
    return BotProcess(
        sandbox.url, tmp_path / name, database_url=url, key_file=str(key_of(tmp_path)), partition_lease_seconds=LEASE, **settings
    )


@asynccontextmanager
async def processes(sandbox: Sandbox, tmp_path: Path, url: str, *ranges: str, count: int = 2) -> AsyncIterator[list[BotProcess]]:
    """Start a process for each range of shards, all at once; end them afterwards."""
    async with AsyncExitStack() as stack:
        bots = [
            a_process(sandbox, tmp_path, url, f"data-{number}", shards=each, shard_count=str(count)) for number, each in enumerate(ranges)
        ]
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
    channels = await guild_of_each(sandbox, 4)
    people = {name: sandbox.person(name) for name in ("amira", "diego", "helen", "priya")}
    async with processes(sandbox, tmp_path, postgres_url, "0-1", "2-3", count=4) as (first, second):
        await sandbox.connected(4)
        for number, person in enumerate(people.values()):
            here, there = channels[number], channels[3 - number]
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
            await person.command("remind me", channel=channels[3], when="in 2 hours", what=f"again {person.name}")
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


async def store_reminders(tmp_path: Path, url: str, people: list[int], due: datetime) -> None:
    """Store one reminder for each, all due at one instant, as if each had asked for it."""
    database = Database.open(url)
    cipher = Cipher.from_key_file(key_of(tmp_path))
    await check_key(database, cipher)
    members, reminders = MemberRepository(database, cipher), ReminderRepository(database, cipher)
    for person in people:
        await members.save(Member(person, NOON, "Africa/Cairo", direct_messages=DirectMessages.ON, consented_at=NOON, consent_version=1))
        what = f"for {person}"
        await reminders.add(Reminder(new_id(), person, ReminderKind.OWN, ReminderState.ACTIVE, due, NOON, text=what, zone="Africa/Cairo"))
    await database.close()


async def test_hundreds_due_at_once_come_once_each_also_where_one_process_is_killed_meanwhile(
    sandbox: Sandbox, tmp_path: Path, postgres_url: str
) -> None:
    await sandbox.move_to(NOON)
    await sandbox.check_bodies(on=False)  # so many bodies alike; the path's own tests check one
    people, due = await sandbox.add_people(MANY), NOON + timedelta(hours=1)
    await store_reminders(tmp_path, postgres_url, people, due)
    async with processes(sandbox, tmp_path, postgres_url, "0", "1") as (first, second):
        for bot in (first, second):
            await bot.until(lambda bot=bot: "sending for 8 of the partitions" in bot.log)
        await sandbox.move_to(due)

        async def some_sent() -> bool:
            return len(await received(sandbox)) >= MANY // 4

        await wait_for(some_sent, PATIENCE)
        await first.kill()
        assert len(await received(sandbox)) < MANY
        await come_once(sandbox, {f"for {person}" for person in people})
        assert await second.stop() == 0


async def test_the_same_shards_twice_stand_by_and_take_over(sandbox: Sandbox, tmp_path: Path, postgres_url: str) -> None:
    channels = await guild_of_each(sandbox, 2)
    async with processes(sandbox, tmp_path, postgres_url, "0", "1") as (first, second):
        third = a_process(sandbox, tmp_path, postgres_url, "data-third", shards="1", shard_count="2")
        try:
            await third.begin()
            await third.until(lambda: "standing by" in third.log)
            assert len([each for each in await sandbox.sessions() if each["connected"]]) == 2
            assert (tmp_path / "data-0" / "heartbeat-0-0.json").exists()

            async def is_well() -> bool:
                return "is well" in (await health(second, tmp_path))[1]

            await wait_for(is_well, PATIENCE, pause=0.2)

            async def stands_by() -> bool:
                return "stands by" in (await health(third, tmp_path))[1]

            await wait_for(stands_by, PATIENCE, pause=0.2)
            await second.kill()
            await third.until(lambda: "connected as" in third.log)
            reply = await sandbox.person("amira").command("start", channel=channels[1], zone="Africa/Cairo")
            assert "Cairo" in reply.text
            assert (await sandbox.person("amira").command("calendar show", channel="dm")).text
            assert ["told Discord" in bot.log for bot in (first, second, third)] == [True, False, False]
        finally:
            await third.kill()


async def refused(bot: BotProcess) -> str:
    """Start a process that must not start; return what it says."""
    await bot.begin()
    assert await bot.ended() == 2, bot.log
    return bot.log


async def test_what_does_not_fit_is_refused_with_what_to_do(sandbox: Sandbox, tmp_path: Path, postgres_url: str) -> None:
    a_file = BotProcess(sandbox.url, tmp_path / "file", shards="0", shard_count="2")
    assert "Set MATCHDAY_DATABASE_URL to PostgreSQL" in await refused(a_file)
    assert not (tmp_path / "file" / "matchday.sqlite3").exists()
    outside = a_process(sandbox, tmp_path, postgres_url, "outside", shards="0-2", shard_count="2")
    assert "of 2 shards the last one is number 1" in await refused(outside)
    async with processes(sandbox, tmp_path, postgres_url, "0") as (bot,):
        other = a_process(sandbox, tmp_path, postgres_url, "other", shards="1", shard_count="3")
        assert "counts 2 shards; MATCHDAY_SHARD_COUNT says 3" in await refused(other)
        alone = a_process(sandbox, tmp_path, postgres_url, "alone")
        assert "Other processes serve this database" in await refused(alone)
        assert await bot.stop() == 0
        await other.start()  # now that the old ones have ended
        await other.kill()


async def test_one_process_connects_every_shard_on_a_file(sandbox: Sandbox, tmp_path: Path) -> None:
    channels = await guild_of_each(sandbox, 2)
    bot = BotProcess(sandbox.url, tmp_path / "data", shard_count="2")
    try:
        await bot.start()
        await sandbox.connected(2)
        for channel in (*channels.values(), "dm"):
            assert (await sandbox.person("amira").command("calendar show", channel=channel)).text
        assert (tmp_path / "data" / "heartbeat.json").exists()
        assert await bot.stop() == 0
    finally:
        await bot.kill()
