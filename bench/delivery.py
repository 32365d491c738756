"""The due loop measured: beside a bare loop of sends, at its pace, with many stored reminders; and how soon what is urgent comes."""

import asyncio
import shutil
import sqlite3
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord

from bench.rig import Client, Sandbox, sandbox
from bot.catalogue.catalogue import load_catalogue
from bot.domain.delivery import Delivery
from bot.domain.member import DirectMessages, Member
from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from bot.run import SANDBOX_TOKEN, point_at_sandbox
from bot.scheduling.outbox import Outcome, Refused, Sent
from bot.scheduling.pacing import Pacer
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.delivery_rows import fall
from bot.storage.encryption import Cipher, check_key
from bot.storage.identifiers import new_id
from bot.storage.members import MemberRepository
from bot.storage.migrate import upgrade
from bot.storage.reminders import ReminderRepository
from bot.wiring import build
from cogs._ui.pushed import pushed_view
from tests.support.clocks import ManualClock

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DUE = NOON + timedelta(hours=1)
BURST = 500
PACED = 300
BEHIND = 10_000
PACE = "45"
"""Messages a second: the default."""
STORED = (1_000, 100_000, 1_000_000)
IN_FLIGHT = 16
TICKS = 30
WAIT_SECONDS = 600.0
Say = Callable[[str], None]


@dataclass(slots=True)
class Delivered:
    """Hold what was found; rates in messages a second, times in milliseconds unless they say otherwise."""

    raised: float = 0.0
    bare: float = 0.0
    paced: float = 0.0
    limited: int = 0
    """Answers of 429 in the paced run."""
    ticks: dict[int, float] = field(default_factory=dict[int, float])
    starts: dict[int, float] = field(default_factory=dict[int, float])
    memory: dict[int, float | None] = field(default_factory=dict[int, "float | None"])
    urgent_seconds: float = 0.0


async def measure_delivery(folder: Path, say: Say) -> Delivered:
    """Measure everything in an empty folder."""
    found = Delivered()
    say(f"{BURST} due at once, the rate raised")
    found.raised, _ = await _sent(folder / "raised", BURST, "100000")
    found.bare = await _bare(folder / "bare")
    say(f"{PACED} due at once, at the pace that is the default")
    found.paced, found.limited = await _sent(folder / "paced", PACED, PACE)
    say(f"one urgent reminder behind {BEHIND:,} others")
    found.urgent_seconds = await _urgent(folder / "urgent")
    for count in STORED:
        say(f"{count:,} stored reminders")
        data = folder / f"stored-{count}"
        await _store(data, [])
        _fill(data, count)
        found.ticks[count] = await _tick(data)
        found.starts[count], found.memory[count] = await _start(data)
        shutil.rmtree(data)
    return found


async def _store(data: Path, people: list[int]) -> None:
    """Make a database in which everybody has one reminder, due at one instant."""
    data.mkdir(parents=True)
    url = f"sqlite+aiosqlite:///{data / 'matchday.sqlite3'}"
    await upgrade(url)
    database = Database.open(url)
    cipher = Cipher.from_key_file(data / "matchday.key", create=True)
    await check_key(database, cipher)
    members, reminders = MemberRepository(database, cipher), ReminderRepository(database, cipher)
    for person in people:
        await members.save(Member(person, NOON, "Africa/Cairo", direct_messages=DirectMessages.ON, consented_at=NOON, consent_version=1))
        await reminders.add(_reminder(person))
    await database.close()


def _reminder(person: int) -> Reminder:
    return Reminder(new_id(), person, ReminderKind.OWN, ReminderState.ACTIVE, DUE, NOON, text=f"for {person}", zone="Africa/Cairo")


async def _prepare(beside: Sandbox, data: Path, count: int) -> list[int]:
    """Give so many people a reminder each, and a conversation that is open already."""
    await beside.call("POST", "/control/clock", {"to": NOON.isoformat()})
    people = [int(each) for each in await beside.add_people(count)]
    await _store(data, people)
    channels = {person: int((await beside.call("POST", f"/people/{person}/dm"))["channel_id"]) for person in people}
    with closing(sqlite3.connect(data / "matchday.sqlite3")) as connection, connection:
        connection.executemany(
            "UPDATE member SET dm_channel_id = ? WHERE id = ?", [(channel, person) for person, channel in channels.items()]
        )
    return people


async def _sent(folder: Path, count: int, rate: str) -> tuple[float, int]:
    """Return how many messages a second went out, and how many answers were 429."""
    async with sandbox() as beside:
        await _prepare(beside, folder / "data", count)
        client = _client(beside, folder, rate)
        await client.start()
        if rate == PACE:
            await beside.call("POST", "/control/faults", {"rules": [{"kind": "rate_limit", "scope": "global", "per_second": 50}]})
        await beside.call("POST", "/control/clock", {"to": DUE.isoformat()})
        rate_found = await _rate(beside, count)
        record = await beside.call("GET", "/control/record")
        await client.stop()
    return rate_found, sum(entry.get("status") == 429 for entry in record)


def _client(beside: Sandbox, folder: Path, rate: str) -> Client:
    variables = {"MATCHDAY_DATA_DIR": str(folder / "data"), "MATCHDAY_LOG_LEVEL": "WARNING", "MATCHDAY_CLOCK_URL": f"{beside.url}/clock"}
    pace = {"MATCHDAY_SENDS_PER_SECOND": rate, "MATCHDAY_SENDS_IN_FLIGHT": str(IN_FLIGHT)}
    return Client(beside, ["bot.cli", "run"], folder, MATCHDAY_SANDBOX_URL=beside.url, **variables, **pace)


async def _rate(beside: Sandbox, count: int) -> float:
    """Return the messages a second between the first one and the last."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        times = await _arrivals(beside, "Reminder: for ")
        if len(times) >= count:
            return (count - 1) / (times[-1] - times[0]).total_seconds()
        await asyncio.sleep(0.25)
    raise TimeoutError("the reminders did not arrive")


async def _arrivals(beside: Sandbox, begins: str) -> list[datetime]:
    messages = await beside.call("GET", "/control/messages?author=bot")
    return sorted(datetime.fromisoformat(each["created_at"]) for each in messages if each["content"].startswith(begins))


async def _bare(folder: Path) -> float:
    """Return how many messages a second a bare loop of sends reaches: the same text and buttons, as many under way at once."""
    async with sandbox() as beside:
        people = await _prepare(beside, folder / "data", BURST)
        point_at_sandbox(beside.url)
        async with discord.Client(intents=discord.Intents.none(), max_ratelimit_timeout=30.0) as client:
            await client.login(SANDBOX_TOKEN)
            channels = [await client.create_dm(discord.Object(person)) for person in people]
            room = asyncio.Semaphore(IN_FLIGHT)

            async def send(person: int, channel: discord.DMChannel) -> None:
                delivery = fall(_reminder(person), DUE).deliveries[0]
                async with room:
                    await channel.send(f"Reminder: for {person}", view=pushed_view(delivery), nonce=delivery.id, suppress_embeds=True)

            await asyncio.gather(*(send(person, channel) for person, channel in zip(people, channels, strict=True)))
        return await _rate(beside, BURST)


async def _urgent(folder: Path) -> float:
    """Return how many seconds after it is due an urgent reminder arrives while many others go out."""
    async with sandbox() as beside:
        (person,) = await _prepare(beside, folder / "data", 1)
        _queue(folder / "data", person, BEHIND)
        client = _client(beside, folder, PACE)
        await client.start()
        await beside.call("POST", "/control/clock", {"to": (DUE - timedelta(seconds=5)).isoformat()})
        deadline = time.monotonic() + WAIT_SECONDS
        while not (times := await _arrivals(beside, "Rank order list deadline")):
            if time.monotonic() > deadline:
                raise TimeoutError("the urgent reminder did not arrive")
            await asyncio.sleep(0.1)
        await client.stop()
        return (times[0] - DUE).total_seconds()


def _queue(data: Path, person: int, count: int) -> None:
    """Let many messages be due already, and one reminder of a deadline be due a little later."""
    with closing(sqlite3.connect(data / "matchday.sqlite3")) as connection, connection:
        (blob,) = connection.execute("SELECT blob FROM reminder").fetchone()
        at, deadline = _micro(NOON), _micro(DUE)
        connection.execute("DELETE FROM reminder")
        rows = [(f"queued{number:010d}", person, at, at, blob) for number in range(count)]
        connection.executemany(
            "INSERT INTO reminder (id, member_id, kind, state, due_at, created_at, lead_seconds, occurrence, blob) "
            "VALUES (?, ?, 'own', 'active', ?, ?, 0, 0, ?)",
            rows,
        )
        connection.execute(
            "INSERT INTO reminder (id, member_id, kind, state, due_at, created_at, event_id, lead_seconds, occurrence, blob) "
            "VALUES ('urgent0000000000', ?, 'season_date', 'active', ?, ?, 'us-2027-rank-list-deadline', 0, 0, ?)",
            (person, deadline, at, blob),
        )


def _micro(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)


def _fill(data: Path, count: int) -> None:
    """Store so many reminders that lie ahead, half of them of dates; their texts are one blob, for writing them is not what is measured."""
    cipher = Cipher.from_key_file(data / "matchday.key")
    blob = cipher.encrypt({"text": "ask Dr. Osei for the letter", "wall_time": "2027-01-05T09:00:00", "zone": "Africa/Cairo"})
    member = cipher.encrypt({"zone": "Africa/Cairo", "countries": ["us"], "preferences": {}})
    at = datetime(2027, 3, 4, 2, tzinfo=UTC)
    with closing(sqlite3.connect(data / "matchday.sqlite3")) as connection, connection:
        connection.executemany(
            "INSERT INTO member (id, created_at, direct_messages, blob) VALUES (?, ?, 'off', ?)",
            ((number, _micro(NOON), member) for number in range(1, count // 10 + 1)),
        )
        connection.executemany(
            "INSERT INTO reminder (id, member_id, kind, state, due_at, created_at, event_id, event_at, lead_seconds, occurrence, blob) "
            "VALUES (?, ?, ?, 'active', ?, ?, ?, ?, ?, 0, ?)",
            (_row(number, count, at, blob) for number in range(count)),
        )


def _row(number: int, count: int, at: datetime, blob: bytes) -> tuple[object, ...]:
    member, lead = number % (count // 10) + 1, timedelta(days=7)
    key = f"s{number:015d}"
    if number % 2:
        return key, member, "own", _micro(at) + number, _micro(NOON), None, None, 0, blob
    return key, member, "season_date", _micro(at - lead), _micro(NOON), "us-2027-rank-list-deadline", _micro(at), 604_800, blob


async def _tick(data: Path) -> float:
    """Return the milliseconds (median) of one tick with nothing due."""
    database = Database.open(f"sqlite+aiosqlite:///{data / 'matchday.sqlite3'}")
    house = build(Settings(data_dir=data), database, Cipher.from_key_file(data / "matchday.key"), ManualClock(NOON), load_catalogue())
    house.due_loop.attach(_Nobody())
    house.due_loop.partition.is_held = True
    times: list[float] = []
    for _ in range(TICKS):
        began = time.perf_counter()
        await house.due_loop.tick()
        times.append((time.perf_counter() - began) * 1_000)
    await database.close()
    return statistics.median(times)


class _Nobody:
    """Send nothing: nothing is due."""

    async def send(self, delivery: Delivery, pacer: Pacer) -> Outcome:  # noqa: ARG002 - the protocol's
        return Refused("nothing is due")

    async def find_sent(self, delivery: Delivery, pacer: Pacer) -> Sent | None:  # noqa: ARG002 - the protocol's
        return None


async def _start(data: Path) -> tuple[float, float | None]:
    """Return how many milliseconds a start takes, and the MiB held after some seconds of idling."""
    async with sandbox() as beside:
        folder = data.parent / f"run-{data.name}"
        folder.mkdir()
        shutil.move(data, folder / "data")
        client = _client(beside, folder, PACE)
        await beside.call("POST", "/control/clock", {"to": NOON.isoformat()})
        await client.start()
        await client.stop()
        took = await client.start()
        await asyncio.sleep(3)
        held = client.resident_mebibytes()
        await client.stop()
        shutil.move(folder / "data", data)
    return took, held


def delivery_table(found: Delivered) -> str:
    """Return what was found as Markdown, each beside its aim."""
    first, *more = STORED
    bare = f"{found.bare:,.0f} a second (a bare loop of sends)"
    rows = [
        f"| {BURST} due at once, the rate raised | {found.raised:,.0f} a second | {bare} | {found.raised / found.bare:.0%} | ≥ 60 % |",
        f"| {PACED} due at once, paced | {found.paced:.1f} a second | {found.limited} answers of 429 | | 45, and 0 |",
        f"| an urgent reminder while {BEHIND:,} others go out | {found.urgent_seconds:.1f} s late | | | < 2 s |",
    ]
    for what, each, unit in (("one tick", found.ticks, "ms"), ("start", found.starts, "ms"), ("memory", found.memory, "MiB")):
        base = each[first] or 0
        for count in more:
            value = each[count] or 0
            compared = f"{value - base:+.0f} MiB" if unit == "MiB" else f"{value / base:.2f} times" if base else ""
            aim = "+10 MiB" if unit == "MiB" else "1.2 times" if what == "one tick" else ""
            rows.append(
                f"| {what}, {count:,} stored reminders | {value:,.1f} {unit} | {base:,.1f} {unit} ({first:,}) | {compared} | {aim} |"
            )
    return "\n".join(["| | Matchday | beside it | ratio | aim |", "|---|---|---|---|---|", *rows])
