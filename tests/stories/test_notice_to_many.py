"""A notice by direct message to everybody who wants it, through what goes wrong: nobody twice, everybody accounted for."""

import logging
import os
import re
import time
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
from tests.support.sandbox import Json, Person, Reply, Sandbox, components_of
from tests.support.waiting import wait_for

NOON = datetime(2027, 3, 15, 13, 0, tzinfo=UTC)
log = logging.getLogger(__name__)

MANY = int(os.environ.get("MATCHDAY_TEST_READERS", "300"))
CLOSED, LEFT = MANY // 20, MANY // 50
DEADLINE = max(120.0, MANY / 8)
PAUSE = MANY / 10_000
"""To count many messages takes the sandbox a while, in which it answers nobody else."""
SLOW_SECONDS = 6
TWENTY_TIMES = str(45 * 20)
CHANNELS = ("announcements", "match-week", "bot-room")
SEND_MESSAGES = 0x800
SELECT = 3
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


async def send(priya: Person, title: str, readers: int, *channels: str, wait: bool = True) -> Reply:
    form = await priya.command("broadcast new")
    card = await priya.submit(form, {"Channel": channels or ["announcements"], "Title": title, "Text": "Open NRMP yourself."})
    card = await priya.click(card, f"Also by direct message ({readers:,})")
    return await priya.click(card, "Send", wait=wait)


async def opened(priya: Person) -> Reply:
    """Open the server's newest notice."""
    listed = await priya.command("broadcast status")
    assert listed.message is not None
    newest = next(each for each in components_of(listed.message) if each["type"] == SELECT)["options"][0]["value"]
    return await priya.select(listed, newest)


async def standing(priya: Person, title: str) -> dict[str, int]:
    """Return how often the notice stands in each of three channels."""
    seen = {channel: await priya.messages(channel) for channel in CHANNELS}
    return {channel: sum(is_notice(each, title) for each in messages) for channel, messages in seen.items()}


def is_notice(message: Json, title: str) -> bool:
    return title in message["content"] and bool(message["author"].get("bot"))


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

    return await wait_for(none_waits, DEADLINE, PAUSE)


def tell(through: str, counts: Counter[str], failed: int, began: float) -> None:
    """Log what was counted; shown with ``--log-cli-level=INFO``."""
    doubled = sum(number > 1 for number in counts.values())
    told = "through %s: of %d readers %d got it, %d of them twice, %d not; %d s"
    log.info(told, through, MANY, len(counts), doubled, failed, time.monotonic() - began)


async def some_arrived(sandbox: Sandbox, title: str, least: int) -> None:
    async def enough() -> bool:
        return len(await received(sandbox, title)) >= least

    await wait_for(enough, DEADLINE, PAUSE)


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
        began = time.monotonic()
        card = await send(priya, "Monday", MANY)
        await some_arrived(sandbox, "Monday", MANY // 3)
        await bot.kill()
        await bot.start()
        assert "Match" in (await sandbox.person("amira").command("countdown")).text  # meanwhile members are answered
        assert await settled(priya, card) == (MANY - CLOSED - LEFT, CLOSED + LEFT)
        counts = await received(sandbox, "Monday")
        tell("a kill", counts, CLOSED + LEFT, began)
        assert set(counts.values()) == {1}
        assert len(counts) == MANY - CLOSED - LEFT


async def test_a_notice_through_a_pause_a_restart_and_a_stop(sandbox: Sandbox, tmp_path: Path) -> None:
    priya, data = await prepared(sandbox, tmp_path)
    async with running_bot(sandbox.url, data, sends_per_second=str(MANY / SLOW_SECONDS * 2)) as bot:
        began = time.monotonic()
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
        tell("a pause, a restart, a stop", counts, failed, began)
        assert set(counts.values()) == {1}
        assert before < sent == len(counts) < MANY - CLOSED - LEFT
        assert sent + failed == MANY


async def test_a_notice_through_a_revoked_permission_a_restart_and_a_stop(sandbox: Sandbox, tmp_path: Path) -> None:
    priya, data = await prepared(sandbox, tmp_path)
    everyone = (await priya.view())["guilds"][0]["id"]
    match_week = await priya.channel_id("match-week")
    slow = {"kind": "latency", "seconds_each": 1.0, "method": "POST", "path": f"/channels/{match_week}/messages", "times": 1}
    async with running_bot(sandbox.url, data, sends_per_second=str(MANY / SLOW_SECONDS * 2)) as bot:
        began = time.monotonic()
        await sandbox.faults(slow)
        await send(priya, "Tuesday", MANY, *CHANNELS, wait=False)

        async def is_under_way() -> bool:
            return (await sandbox.fault_rules())[0]["hits"] == 1

        await wait_for(is_under_way, DEADLINE, PAUSE)
        await sandbox.overwrite(match_week, everyone, deny=SEND_MESSAGES)
        await some_arrived(sandbox, "Tuesday", 1)

        async def is_refused() -> Reply | None:
            shown = await opened(priya)
            return shown if f"<#{match_week}>: not sent. Discord refused it: this bot may not write in the channel." in shown.text else None

        await priya.click(await wait_for(is_refused, DEADLINE, PAUSE), "Pause")
        await bot.stop()
        await bot.start()
        before = len(await received(sandbox, "Tuesday"))
        assert await standing(priya, "Tuesday") == {"announcements": 1, "match-week": 0, "bot-room": 1}
        await sandbox.overwrite(match_week, everyone)
        card = await priya.click(await opened(priya), "Go on")
        card = await priya.click(card, "Try again")  # while the members' go on, who are not sent to anew
        assert "not sent. " not in card.text
        await some_arrived(sandbox, "Tuesday", before + 1)
        card = await priya.click(card, "Stop")
        sent, failed = await settled(priya, card)
        counts = await received(sandbox, "Tuesday")
        tell("a revoked permission, a restart, a stop", counts, failed, began)
        assert await standing(priya, "Tuesday") == dict.fromkeys(CHANNELS, 1)
        assert set(counts.values()) == {1}
        assert before < sent == len(counts) < MANY - CLOSED - LEFT
        assert sent + failed == MANY
