"""Databases that hold much, and what a look at them takes."""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from bench.databases import all_at_once
from bot.catalogue.catalogue import load_catalogue
from bot.domain.delivery import Delivery
from bot.domain.member import DirectMessages, Member
from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from bot.scheduling.outbox import Outcome, Refused, Sent
from bot.scheduling.pacing import Pacer
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.deliveries import DeliveryRepository
from bot.storage.encryption import Cipher, check_key
from bot.storage.identifiers import new_id
from bot.storage.members import MemberRepository
from bot.storage.migrate import upgrade
from bot.storage.reminders import ReminderRepository
from bot.storage.tables import member as members
from bot.storage.tables import reminder as reminders
from bot.wiring import build
from tests.support.clocks import ManualClock

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DUE = NOON + timedelta(hours=1)
URGENT = "Rank order list deadline"
EVENT = "us-2027-rank-list-deadline"
CLAIMED = 450
"""Ten seconds of work at the pace that is the default: what one claim takes."""
FALLEN = 100
AT_ONCE = 10_000


@dataclass(slots=True)
class Looks:
    """Hold what looks at much take, in milliseconds, by how many reminders are stored or due."""

    ticks: dict[int, float] = field(default_factory=dict[int, float])
    starts: dict[int, float] = field(default_factory=dict[int, float])
    memory: dict[int, float | None] = field(default_factory=dict[int, "float | None"])
    fall: float = 0.0
    """For a hundred to fall due, of many."""
    claim: float = 0.0
    """To claim as many as a claim takes, of many."""


def cipher_of(data: Path) -> Cipher:
    """Return the cipher of a data folder; its key is made where there is none."""
    return Cipher.from_key_file(data / "matchday.key", create=True)


def a_reminder(person: int) -> Reminder:
    """Return a member's own reminder, due at the one instant."""
    return Reminder(new_id(), person, ReminderKind.OWN, ReminderState.ACTIVE, DUE, NOON, text=f"for {person}", zone="Africa/Cairo")


async def store(url: str, data: Path, channels: dict[int, int]) -> None:
    """Make a database in which everybody of ``channels`` (conversations by member) has one reminder, due at one instant."""
    await upgrade(url)
    database = Database.open(url)
    cipher = cipher_of(data)
    await check_key(database, cipher)
    async with all_at_once(database) as together:
        people, asked = MemberRepository(together, cipher), ReminderRepository(together, cipher)
        for person, channel in channels.items():
            agreed = {"direct_messages": DirectMessages.ON, "consented_at": NOON, "consent_version": 1, "dm_channel_id": channel}
            await people.save(Member(person, NOON, "Africa/Cairo", **agreed))
            await asked.add(a_reminder(person))
    await database.close()


async def queue(url: str, data: Path, person: int, count: int) -> None:
    """Let many more messages be due already, and one reminder of a deadline be due a little later."""
    blob = cipher_of(data).encrypt({"text": f"for {person}", "wall_time": "", "zone": "Africa/Cairo"})
    own = {"member_id": person, "kind": "own", "state": "active", "created_at": NOON, "lead_seconds": 0, "occurrence": 0, "blob": blob}
    date = own | {"kind": "season_date", "due_at": DUE, "event_id": EVENT}
    database = Database.open(url)
    async with database.write() as connection:
        rows = [own | {"id": f"queued{number:010d}", "due_at": NOON} for number in range(count)]
        await connection.execute(insert(reminders), rows)
        await connection.execute(insert(reminders), [date | {"id": "urgent0000000000"}])
    await database.close()


async def fill(url: str, data: Path, count: int) -> None:
    """Store so many reminders that lie ahead, half of them of dates; their texts are one blob, for writing them is not what is measured."""
    cipher = cipher_of(data)
    blob = cipher.encrypt({"text": "ask Dr. Osei for the letter", "wall_time": "2027-01-05T09:00:00", "zone": "Africa/Cairo"})
    member = cipher.encrypt({"zone": "Africa/Cairo", "countries": ["us"], "preferences": {}})
    people = ({"id": number, "created_at": NOON, "direct_messages": "off", "blob": member} for number in range(1, count // 10 + 1))
    database = Database.open(url)
    async with database.write() as connection:
        for part in _parts(people):
            await connection.execute(insert(members), part)
        for part in _parts(_row(number, count, blob) for number in range(count)):
            await connection.execute(insert(reminders), part)
    await database.close()


def _parts(rows: Iterator[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    part: list[dict[str, object]] = []
    for row in rows:
        part.append(row)
        if len(part) == AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _row(number: int, count: int, blob: bytes) -> dict[str, object]:
    at, lead = datetime(2027, 3, 4, 2, tzinfo=UTC), timedelta(days=7)
    row: dict[str, object] = {
        "id": f"s{number:015d}", "member_id": number % (count // 10) + 1, "kind": "own", "state": "active", "created_at": NOON,
        "due_at": at + timedelta(microseconds=number), "event_id": None, "event_at": None, "lead_seconds": 0, "occurrence": 0, "blob": blob,
    }  # fmt: skip
    if number % 2:
        return row
    return row | {"kind": "season_date", "due_at": at - lead, "event_id": EVENT, "event_at": at, "lead_seconds": 604_800}


async def tick(url: str, data: Path, times: int) -> float:
    """Return the milliseconds (median) of one tick with nothing due."""
    database = Database.open(url)
    house = build(Settings(data_dir=data, database_url=url, _env_file=None), database, cipher_of(data), ManualClock(NOON), load_catalogue())
    house.due_loop.attach(_Nobody())
    house.due_loop.partition.is_held = True
    took: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        await house.due_loop.tick()
        took.append((time.perf_counter() - began) * 1_000)
    await database.close()
    return statistics.median(took)


async def claims(url: str, data: Path) -> tuple[float, float]:
    """Return the milliseconds for a hundred to fall due, and (median) for one claim, of as many as wait."""
    database = Database.open(url)
    deliveries, took, fell = DeliveryRepository(database, cipher_of(data)), list[float](), list[float]()
    number = FALLEN
    while number == FALLEN:
        began = time.perf_counter()
        number = await deliveries.fall_due(NOON, FALLEN)
        fell.append((time.perf_counter() - began) * 1_000)
    for _ in range(5):
        began = time.perf_counter()
        if not await deliveries.claim_due(NOON, CLAIMED, "bench", 120.0):
            break
        took.append((time.perf_counter() - began) * 1_000)
    await database.close()
    return statistics.median(fell), statistics.median(took)


class _Nobody:
    """Send nothing: nothing is due."""

    async def send(self, delivery: Delivery, pacer: Pacer) -> Outcome:  # noqa: ARG002 - the protocol's
        return Refused("nothing is due")

    async def find_sent(self, delivery: Delivery, pacer: Pacer) -> Sent | None:  # noqa: ARG002 - the protocol's
        return None
