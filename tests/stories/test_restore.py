"""A backup taken while the bot runs, put back after it has sent: nothing comes twice, nothing is missing, who was erased stays erased."""

import asyncio
import sys
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from bot.storage.database import Database
from bot.storage.encryption import Cipher, check_key
from bot.storage.identifiers import new_id
from bot.storage.members import MemberRepository
from bot.storage.migrate import upgrade
from bot.storage.reminders import ReminderRepository
from tests.stories.test_delivery import DUE, NOON, everyone_once, received
from tests.support.bot_process import ROOT, BotProcess, running_bot
from tests.support.databases import a_member
from tests.support.sandbox import Sandbox

MANY = 40
LATER = DUE + timedelta(hours=2)


async def matchday(bot: BotProcess, *arguments: str | Path) -> tuple[int | None, str]:
    """Call a verb in the bot's environment, as a process of its own; return how it ended and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", *map(str, arguments),
        cwd=ROOT, env=bot.environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, said.decode()


async def store(data: Path, due: dict[int, datetime]) -> None:
    """Store a reminder for each, as if each had asked for it."""
    data.mkdir()
    url = f"sqlite+aiosqlite:///{data / 'matchday.sqlite3'}"
    await upgrade(url)
    database, cipher = Database.open(url), Cipher.from_key_file(data / "matchday.key", create=True)
    await check_key(database, cipher)
    for person, at in due.items():
        await MemberRepository(database, cipher).save(a_member(person))
        reminder = Reminder(new_id(), person, ReminderKind.OWN, ReminderState.ACTIVE, at, NOON, text=f"for {person}", zone="Africa/Cairo")
        await ReminderRepository(database, cipher).add(reminder)
    await database.close()


async def test_a_restored_bot_sends_nothing_twice_and_all_that_is_left(sandbox: Sandbox, tmp_path: Path) -> None:
    await sandbox.move_to(NOON)
    await sandbox.check_bodies(on=False)
    people = await sandbox.add_people(MANY)
    now, later, gone = people[: MANY // 2], people[MANY // 2 : -1], people[-1]
    data, backup = tmp_path / "data", tmp_path / "kept.backup"
    await store(data, {person: DUE if person in now else LATER for person in people})
    async with running_bot(sandbox.url, data) as bot:
        code, said = await matchday(bot, "backup", "--to", backup)
        assert (code, "Wrote and verified" in said) == (0, True), said
        await sandbox.move_to(DUE)
        await everyone_once(sandbox, now)
        person = sandbox.person(str(gone))
        await person.click(await person.command("mydata erase"), "Erase everything")

        code, said = await matchday(bot, "restore", backup, "--replace")
        assert (code, "A bot serves this database" in said) == (2, True), said
        assert await bot.stop() == 0
        code, said = await matchday(bot, "restore", backup, "--replace")
        assert (code, "because they were erased since: members 1" in said) == (0, True), said

        await sandbox.advance(timedelta(minutes=10))  # Discord has forgotten the nonces: only the channel can tell
        await bot.start()
        assert "this is not the database that was served last" in bot.log
        await everyone_once(sandbox, now)
        await sandbox.move_to(LATER)
        await everyone_once(sandbox, [*now, *later])
        assert gone not in await received(sandbox)
        assert await bot.stop() == 0


async def test_a_running_bot_erases_and_forgets_a_member_when_it_is_asked_beside(sandbox: Sandbox, tmp_path: Path) -> None:
    await sandbox.move_to(NOON)
    data = tmp_path / "data"
    async with running_bot(sandbox.url, data) as bot:
        member_id, other_id = await sandbox.add_people(2)
        amira, diego = sandbox.person(str(member_id)), sandbox.person(str(other_id))
        for person in (amira, diego):
            await person.command("start", zone="Africa/Cairo")
            await person.command("remind me", when="in 1 hour", what="for nobody else")
        code, said = await matchday(bot, "erase-user", str(member_id))
        assert (code, "reminders 1" in said, "Erased." in said) == (0, True, True), said
        assert "Africa/Cairo" not in (await amira.command("mydata show")).text  # nor in what the process remembers
        assert "Nothing is stored" in (await amira.command("mydata show")).text
        assert "Nothing is stored" not in (await diego.command("mydata show")).text
        code, said = await matchday(bot, "erase-user", str(member_id))
        assert (code, "Nothing is stored of this member" in said) == (0, True), said
        assert await bot.stop() == 0
    database = Database.open(f"sqlite+aiosqlite:///{data / 'matchday.sqlite3'}")
    async with database.read() as connection:
        kinds = (await connection.exec_driver_sql("SELECT DISTINCT kind FROM delivery WHERE kind = 'erasure'")).fetchall()
    await database.close()
    assert kinds == []
