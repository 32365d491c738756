"""Hundreds of reminders due at one instant, counted from the sandbox's own record: none lost, none doubled."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.member import DirectMessages, Member
from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from bot.storage.database import Database
from bot.storage.encryption import Cipher, check_key
from bot.storage.identifiers import new_id
from bot.storage.members import MemberRepository
from bot.storage.migrate import upgrade
from bot.storage.reminders import ReminderRepository
from tests.support.bot_process import BotProcess, running_bot
from tests.support.sandbox import Person, Sandbox
from tests.support.waiting import wait_for

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DUE = NOON + timedelta(hours=1)
MANY = 250
"""As many as fit here; `tests/faults` counts 500 and 2,000."""
DEADLINE = 90.0


async def store_reminders(data: Path, people: list[int]) -> None:
    """Store one reminder for each, all due at one instant, as if each had asked for it."""
    data.mkdir()
    url = f"sqlite+aiosqlite:///{data / 'matchday.sqlite3'}"
    await upgrade(url)
    database = Database.open(url)
    cipher = Cipher.from_key_file(data / "matchday.key", create=True)
    await check_key(database, cipher)
    members, reminders = MemberRepository(database, cipher), ReminderRepository(database, cipher)
    for person in people:
        member = Member(person, NOON, "Africa/Cairo", direct_messages=DirectMessages.ON, consented_at=NOON, consent_version=1)
        await members.save(member)
        await reminders.add(
            Reminder(new_id(), person, ReminderKind.OWN, ReminderState.ACTIVE, DUE, NOON, text=f"for {person}", zone="Africa/Cairo")
        )
    await database.close()


async def prepare(sandbox: Sandbox, tmp_path: Path, count: int = MANY) -> tuple[list[int], Path]:
    await sandbox.move_to(NOON)
    await sandbox.check_bodies(on=False)  # so many bodies alike; the path's own tests check one
    people = await sandbox.add_people(count)
    data = tmp_path / "data"
    await store_reminders(data, people)
    return people, data


async def received(sandbox: Sandbox) -> Counter[int]:
    found = (re.search(r"Reminder: for (\d+)", message["content"]) for message in await sandbox.messages())
    return Counter(int(match[1]) for match in found if match)


async def everyone_once(sandbox: Sandbox, people: list[int]) -> None:
    async def all_there() -> bool:
        return set(await received(sandbox)) >= set(people)

    await wait_for(all_there, DEADLINE)
    # One more beat of the clock: whatever would double comes now.
    await sandbox.advance(timedelta(minutes=5))
    counts = await received(sandbox)
    assert set(counts) == set(people)
    assert {person: count for person, count in counts.items() if count != 1} == {}


async def test_no_fault(sandbox: Sandbox, tmp_path: Path) -> None:
    people, data = await prepare(sandbox, tmp_path)
    async with running_bot(sandbox.url, data) as bot:
        await sandbox.move_to(DUE)
        await everyone_once(sandbox, people)
        assert await bot.stop() == 0


@pytest.mark.parametrize("when", ["before", "after"])
async def test_server_errors_on_a_fifth_of_the_sends(sandbox: Sandbox, tmp_path: Path, when: str) -> None:
    people, data = await prepare(sandbox, tmp_path)
    fault = {"kind": "status", "status": 503, "when": when, "share": 0.2, "method": "POST", "path": "/channels/*/messages", "seed": 7}
    async with running_bot(sandbox.url, data, sends_in_flight="60"):
        await sandbox.faults(fault)
        await sandbox.move_to(DUE)
        await everyone_once(sandbox, people)


@pytest.mark.parametrize("pause", [timedelta(0), timedelta(minutes=10)], ids=["at once", "after the nonces are forgotten"])
async def test_a_kill_in_the_middle(sandbox: Sandbox, tmp_path: Path, pause: timedelta) -> None:
    people, data = await prepare(sandbox, tmp_path)
    async with running_bot(sandbox.url, data) as bot:
        await sandbox.move_to(DUE)

        async def some_sent() -> bool:
            return len(await received(sandbox)) >= MANY * 2 // 5

        await wait_for(some_sent, DEADLINE)
        await bot.kill()
        assert len(await received(sandbox)) < MANY
        await sandbox.advance(pause)
        await bot.start()
        await everyone_once(sandbox, people)


async def leave_a_message_in_the_inbox(person: Person, sandbox: Sandbox) -> None:
    await person.command("start", zone="Africa/Cairo")
    await person.command("remind me", when="in 2 minutes", what="ask for a letter")
    await sandbox.advance(timedelta(minutes=3))
    await wait_for(lambda: told_of_the_inbox(person))


async def told_of_the_inbox(person: Person) -> bool:
    return "Messages wait for you" in (await person.command("calendar show")).text


async def test_a_second_process_stands_by_and_takes_over(sandbox: Sandbox, tmp_path: Path) -> None:
    people, data = await prepare(sandbox, tmp_path, 40)
    async with running_bot(sandbox.url, data) as first:
        second = BotProcess(sandbox.url, data)
        try:
            await second.begin()
            await second.until(lambda: "standing by" in second.log)
            assert len([each for each in await sandbox.sessions() if each["connected"]]) == 1
            await leave_a_message_in_the_inbox(sandbox.person("amira"), sandbox)
            await first.stop()
            await second.until(lambda: "connected as" in second.log)
            assert await told_of_the_inbox(sandbox.person("amira"))
            await sandbox.move_to(DUE)
            await everyone_once(sandbox, people)
        finally:
            await second.kill()
