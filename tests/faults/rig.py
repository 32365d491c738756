"""One scenario's world: a sandbox, members with a reminder each, all due at one instant, and the bot's processes."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bot.domain.member import DirectMessages, Member
from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from bot.sandbox.bus import Happening
from bot.sandbox.server import SandboxServer
from bot.storage.database import Database
from bot.storage.encryption import Cipher, check_key
from bot.storage.identifiers import new_id
from bot.storage.members import MemberRepository
from bot.storage.migrate import upgrade
from bot.storage.reminders import ReminderRepository
from tests.faults.counting import MARK, OPEN, Row, rows_of
from tests.support.bot_process import BotProcess
from tests.support.sandbox import DESCRIPTION, Json, Sandbox

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DUE = NOON + timedelta(hours=1)
FORGOTTEN = timedelta(minutes=10)
"""Past Discord's memory of nonces."""
POLL_SECONDS = 0.1
KILLS = 50
OUTAGE_SECONDS = 40.0
SENDS = {"method": "POST", "path": "/channels/*/messages"}


class CannotBeDoneError(Exception):
    """Say why a fault can't be made on this machine."""


@dataclass(frozen=True, slots=True)
class Size:
    """Say how large a run is."""

    count: int
    """How many reminders for as many members."""
    seed: int = 7
    kills: int = KILLS
    outage_seconds: float = OUTAGE_SECONDS
    """How long Discord answers nothing but 500."""


class Rig:
    """Hold what a scenario works with."""

    def __init__(self, server: SandboxServer, sandbox: Sandbox, folder: Path, size: Size, random: Random) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.data = folder / "data"
        self.size = size
        self.random = random
        self.people: list[int] = []
        self.closed: set[int] = set()
        """Who takes no direct messages."""
        self.bots: list[BotProcess] = []
        self.taken = 0
        """How many reminders the sandbox has taken, whatever it answered."""
        self.problems: list[str] = []
        self.stack = ExitStack()
        """What is left when everything has ended."""
        self.seconds = 120.0 + size.count / 4
        """How long everything may take to be settled."""
        self._server = server
        self._waiting: list[tuple[int, Callable[[], None]]] = []
        server.world.bus.listen(self._happened)

    @property
    def database(self) -> Path:
        """The bot's database."""
        return self.data / "matchday.sqlite3"

    async def prepare(self, templates: Path) -> None:
        """Let members join who each agreed to direct messages and asked for one reminder."""
        await self.sandbox.move_to(NOON)
        self.people = await self.sandbox.add_people(self.size.count)
        channels = {person: self._server.world.dm_channel(person).id for person in self.people}
        template = templates / f"{self.size.count}"
        if not template.exists():
            await store_reminders(template, channels)
        self.data.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(template, self.data)

    async def bot(self, **settings: str) -> BotProcess:
        """Return one that is connected."""
        bot = self.new_bot(**settings)
        await bot.start()
        return bot

    def new_bot(self, **settings: str) -> BotProcess:
        """Return one that is not started."""
        bot = BotProcess(self.sandbox.url, self.data, **settings)
        self.bots.append(bot)
        return bot

    async def fall_due(self) -> None:
        """Move the clock to the instant at which everything is due."""
        await self.sandbox.move_to(DUE)

    async def faults(self, *rules: Json) -> None:
        """Misbehave, repeatably."""
        await self.sandbox.faults(*({"seed": self.random.randrange(2**31), **rule} for rule in rules))

    def require(self, condition: object, sentence: str) -> None:
        """Note a problem where the condition does not hold."""
        if not condition:
            self.problems.append(sentence)

    def when_taken(self, number: int, act: Callable[[], None]) -> None:
        """Call ``act`` in the moment in which that many reminders were taken, before the sandbox answers the last of them."""
        if self.taken >= number:
            act()
        else:
            self._waiting.append((number, act))

    async def until_taken(self, number: int) -> None:
        """Wait until the sandbox has taken so many reminders."""
        there = asyncio.Event()
        self.when_taken(number, there.set)
        try:
            async with asyncio.timeout(self.seconds):
                await there.wait()
        except TimeoutError:
            self.problems.append(f"only {self.taken} of {number} messages came within {self.seconds:.0f} s")

    async def until_settled(self) -> None:
        """Wait until every reminder fell due and no delivery is open."""
        try:
            async with asyncio.timeout(self.seconds):
                while not self.is_settled():  # noqa: ASYNC110 - it is another process that settles them
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError:
            self.problems.append(f"not settled within {self.seconds:.0f} s")

    def is_settled(self) -> bool:
        """Tell whether every reminder fell due and no delivery is open."""
        rows = self.rows()
        return len(rows) >= self.size.count and not any(row.state in OPEN for row in rows)

    def rows(self) -> list[Row]:
        """Return every delivery of a reminder, as the bot's database has it."""
        return rows_of(self.database)

    def is_locked(self) -> bool:
        """Tell whether somebody is writing to the database."""
        with closing(sqlite3.connect(self.database, timeout=0, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            connection.execute("ROLLBACK")
        return False

    def _happened(self, happening: Happening) -> None:
        if happening.name != "MESSAGE_CREATE" or not MARK.search(happening.data["content"]):
            return
        self.taken += 1
        reached = [act for number, act in self._waiting if number <= self.taken]
        self._waiting = [each for each in self._waiting if each[0] > self.taken]
        for act in reached:
            act()


@asynccontextmanager
async def open_rig(folder: Path, size: Size, name: str, *, checks: bool) -> AsyncIterator[Rig]:
    """Give a scenario a world of its own, and end every process in it afterwards."""
    description = DESCRIPTION if checks and DESCRIPTION.is_file() else None
    async with SandboxServer(description=description, checks=checks) as server, Sandbox(server.url) as sandbox:
        rig = Rig(server, sandbox, folder, size, Random(f"{size.seed} {name} {size.count}"))  # noqa: S311 - repeatable faults
        try:
            yield rig
        finally:
            for bot in rig.bots:
                await bot.kill()
            rig.stack.close()


def number_of(bot: BotProcess) -> int:
    """Return the number of a bot's process."""
    assert bot._process is not None, "it was not begun"
    return bot._process.pid


def signal_now(bot: BotProcess, number: int) -> None:
    """Send a signal at this instruction, waiting for nothing."""
    os.kill(number_of(bot), number)


async def store_reminders(folder: Path, channels: dict[int, int]) -> None:
    """Store one reminder for each member, as if each had agreed to direct messages and asked for it."""
    beside = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    url = f"sqlite+aiosqlite:///{beside / 'matchday.sqlite3'}"
    await upgrade(url)
    database = Database.open(url)
    cipher = Cipher.from_key_file(beside / "matchday.key", create=True)
    await check_key(database, cipher)
    members, reminders = MemberRepository(database, cipher), ReminderRepository(database, cipher)
    for person, channel in channels.items():
        consent = {"direct_messages": DirectMessages.ON, "consented_at": NOON, "consent_version": 1, "dm_channel_id": channel}
        await members.save(Member(person, NOON, "Africa/Cairo", **consent))
        text = f"for {person}"
        await reminders.add(Reminder(new_id(), person, ReminderKind.OWN, ReminderState.ACTIVE, DUE, NOON, text=text, zone="Africa/Cairo"))
    await database.close()
    beside.rename(folder)
