"""A notice by direct message to everybody who wants it, through what goes wrong: nobody twice, everybody accounted for."""

import os
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.member import DirectMessages, Member
from bot.domain.preferences import Preferences
from bot.storage.broadcasts import BroadcastRepository
from bot.storage.database import Database
from bot.storage.encryption import Cipher, check_key
from bot.storage.members import MemberRepository
from bot.storage.migrate import upgrade
from tests.support.bot_process import running_bot
from tests.support.sandbox import Person, Reply, Sandbox
from tests.support.waiting import wait_for

NOON = datetime(2027, 3, 15, 13, 0, tzinfo=UTC)
MANY = int(os.environ.get("MATCHDAY_TEST_READERS", "300"))
CLOSED, LEFT = MANY // 20, MANY // 50
DEADLINE = 120.0
SLOW_SECONDS = 6
TWENTY_TIMES = str(45 * 20)
NUMBERS = re.compile(r"([\d,]+) sent, ([\d,]+) waiting, ([\d,]+) not delivered")


async def store_readers(data: Path, people: list[int], guild_id: int) -> None:
    """Store members who agreed to messages and want the notices of a server."""
    data.mkdir()
    url = f"sqlite+aiosqlite:///{data / 'matchday.sqlite3'}"
    await upgrade(url)
    database = Database.open(url)
    cipher = Cipher.from_key_file(data / "matchday.key", create=True)
    await check_key(database, cipher)
    members, broadcasts = MemberRepository(database, cipher), BroadcastRepository(database, cipher)
    wants_all = Preferences(unwanted=frozenset())
    agreed = {"direct_messages": DirectMessages.ON, "consented_at": NOON, "consent_version": 1, "preferences": wants_all}
    for person in people:
        await members.save(Member(person, NOON, **agreed))
        await broadcasts.wish(person, guild_id, NOON)
    await database.close()


async def received(sandbox: Sandbox, title: str) -> Counter[str]:
    """Return how often the notice came to each conversation; in channels it does not count."""
    public = {channel["id"] for channel in (await sandbox.person("priya").view())["guilds"][0]["channels"]}
    return Counter(each["channel_id"] for each in await sandbox.messages() if title in each["content"] and each["channel_id"] not in public)


async def send(priya: Person, title: str, readers: int) -> Reply:
    form = await priya.command("broadcast new")
    card = await priya.submit(form, {"Channel": ["announcements"], "Title": title, "Text": "Open NRMP yourself."})
    card = await priya.click(card, f"Also by direct message ({readers:,})")
    return await priya.click(card, "Send")


async def numbers(priya: Person, card: Reply) -> tuple[int, int, int]:
    found = NUMBERS.search((await priya.click(card, "Look again")).text)
    assert found is not None
    sent, waiting, failed = (int(number.replace(",", "")) for number in found.groups())
    return sent, waiting, failed


async def settled(priya: Person, card: Reply) -> tuple[int, int]:
    """Wait until nothing waits; return how many were sent, and how many not delivered."""

    async def none_waits() -> tuple[int, int] | None:
        sent, waiting, failed = await numbers(priya, card)
        return (sent, failed) if not waiting and sent + failed else None

    return await wait_for(none_waits, DEADLINE)


async def some_arrived(sandbox: Sandbox, title: str, least: int) -> None:
    async def enough() -> bool:
        return len(await received(sandbox, title)) >= least

    await wait_for(enough, DEADLINE)


async def prepared(sandbox: Sandbox, tmp_path: Path) -> tuple[Person, Path]:
    """Return a moderator, and the data of a server whose members want its notices: some have closed their messages, some have left."""
    await sandbox.move_to(NOON)
    await sandbox.check_bodies(on=False)
    people = await sandbox.add_people(MANY)
    priya = sandbox.person("priya")
    await store_readers(tmp_path / "data", people, int((await priya.view())["guilds"][0]["id"]))
    for person in people[:CLOSED]:
        await sandbox.change_person(person, dms_open=False)
    for person in people[-LEFT:]:
        await sandbox.change_person(person, in_guild=False)
    return priya, tmp_path / "data"


async def test_a_notice_through_a_kill(sandbox: Sandbox, tmp_path: Path) -> None:
    priya, data = await prepared(sandbox, tmp_path)
    async with running_bot(sandbox.url, data, sends_per_second=TWENTY_TIMES) as bot:
        card = await send(priya, "Monday", MANY)
        await some_arrived(sandbox, "Monday", MANY // 3)
        await bot.kill()
        await bot.start()
        assert "Match" in (await sandbox.person("amira").command("countdown")).text  # meanwhile members are answered
        assert await settled(priya, card) == (MANY - CLOSED - LEFT, CLOSED + LEFT)
        assert set((await received(sandbox, "Monday")).values()) == {1}


async def test_a_notice_through_a_pause_a_restart_and_a_stop(sandbox: Sandbox, tmp_path: Path) -> None:
    priya, data = await prepared(sandbox, tmp_path)
    async with running_bot(sandbox.url, data, sends_per_second=str(MANY / SLOW_SECONDS * 2)) as bot:
        card = await send(priya, "Friday", MANY)
        await some_arrived(sandbox, "Friday", 1)
        card = await priya.click(card, "Pause")
        await bot.stop()  # what was under way arrives
        await bot.start()
        before = len(await received(sandbox, "Friday"))
        await sandbox.advance(timedelta(minutes=5))
        assert (await numbers(priya, card))[0] == before == len(await received(sandbox, "Friday"))
        card = await priya.click(await priya.click(card, "Look again"), "Go on")
        await some_arrived(sandbox, "Friday", before + 1)
        card = await priya.click(card, "Stop")
        sent, failed = await settled(priya, card)
        counts = await received(sandbox, "Friday")
        assert set(counts.values()) == {1}
        assert before < sent == len(counts) < MANY - CLOSED - LEFT
        assert sent + failed == MANY
