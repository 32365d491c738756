"""The day itself: the real bot beside the real sandbox, the clock moved, people asking, faults coming and going."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from bench.databases import Kind, database_in
from bench.rig import Client, Sandbox, sandbox
from bench.soak.people import People, store, when
from bench.soak.plan import (
    AN_HOUR,
    BEFORE,
    DEADLINE_EVENT,
    FIRST_WAVE,
    MATCH_EVENT,
    MORNING,
    SECOND_WAVE,
    Expected,
    Fault,
    Phase,
    Size,
    phases,
    steps,
)
from bench.soak.traffic import Traffic
from bench.soak.watch import Seen, Watch, lines_of
from bot.storage.database import Database
from bot.storage.tables import delivery

OPEN = ("pending", "claimed")
SETTLE_SECONDS = 60.0
ALL_ONCE = 3
"""How often every act is done before anything is measured."""
Say = Callable[[str], None]


class Day:
    """Play one day."""

    def __init__(self, folder: Path, kind: Kind, size: Size, say: Say) -> None:
        self.size = size
        self.seen = Seen()
        self.expected: list[Expected] = []
        self.people = People()
        self._folder = folder
        self._kind: Kind = kind
        self._say = say
        self._own = list(self._instants())
        """When own reminders are due, phase by phase, in order."""

    async def play(self) -> None:
        """Prepare, play every phase, and look at what came of it."""
        data = self._folder / "data"
        async with AsyncExitStack() as stack:
            url = await stack.enter_async_context(database_in(self._kind, data))
            beside = await stack.enter_async_context(sandbox())
            await beside.call("POST", "/control/clock", {"to": (MORNING - AN_HOUR).isoformat()})
            self._say(f"{self.size.members:,} members and {self.size.servers} servers join")
            await self.people.join(beside, self.size)
            self.expected = await store(url, data, self.people, self.size, [due for _, due in self._own])
            self._say(f"{len(self.expected):,} messages are to come")
            log = self._folder / "bot.log"
            settings = {
                "MATCHDAY_SANDBOX_URL": beside.url,
                "MATCHDAY_CLOCK_URL": f"{beside.url}/clock",
                "MATCHDAY_DATA_DIR": str(data),
                "MATCHDAY_DATABASE_URL": url,
                "MATCHDAY_LOG_LEVEL": "WARNING",
            }
            client = Client(beside, ["bot.cli", "run"], self._folder, **settings)
            client.log = log
            stack.push_async_callback(client.stop)
            await client.start()
            await self._through(beside, client)
            self.seen.exit_code = await client.stop()
            self.seen.lines = lines_of(log)
            await self._look(beside, url)

    async def _through(self, beside: Sandbox, client: Client) -> None:
        watch, traffic = Watch(beside, client, self.seen), Traffic(beside, self.people)
        await watch.move_to(MORNING)
        await watch.skip()
        async with watch.watching():
            watch.remember()
            for phase in phases(self.size):
                self._say(phase.name)
                began = watch.now()
                await asyncio.gather(
                    traffic.run(phase.rate, phase.mix, phase.seconds),
                    self._turn(watch, phase, traffic),
                    self._misbehave(beside, watch, phase),
                )
                await beside.call("DELETE", "/control/faults")
                self.seen.phases.append((phase.name, began, watch.now()))
                watch.remember()
            await traffic.settle()
            await self._settled(beside)
            self.seen.seconds = watch.now()
        for sentence in sorted(set(traffic.refused)):
            self._say(f"  {traffic.refused.count(sentence)} times: {sentence}")

    # --- the clock

    def _instants(self) -> Iterator[tuple[str, datetime]]:
        for phase in phases(self.size):
            for _, due in self._steps(phase):
                yield phase.name, due

    def _steps(self, phase: Phase) -> list[tuple[float, datetime]]:
        """Return when the clock leaps in a phase; the waves come by themselves, and the clock runs as it does while they go out."""
        deadline, noon = when(DEADLINE_EVENT), when(MATCH_EVENT)
        middle = MORNING + (deadline - AN_HOUR - MORNING) / 2
        stretches = {
            "morning": (MORNING, middle),
            "day": (middle, deadline - AN_HOUR - timedelta(minutes=5)),
            "evening": (noon + timedelta(minutes=30), noon + timedelta(hours=10)),
        }
        stretch = stretches.get(phase.name)
        return list(steps(*stretch, phase.seconds)) if stretch else []

    async def _turn(self, watch: Watch, phase: Phase, traffic: Traffic) -> None:
        began = time.monotonic()
        for at, due in self._steps(phase):
            await asyncio.sleep(max(0.0, began + at - time.monotonic()))
            async with traffic.held():
                await watch.move_to(due)
        if phase.name == FIRST_WAVE:
            async with traffic.held():
                await watch.move_to(when(DEADLINE_EVENT) - AN_HOUR - BEFORE)
            await asyncio.sleep(BEFORE.total_seconds())
            await traffic.burst("ranklist board", int(phase.rate * 2))
        elif phase.name == SECOND_WAVE:
            async with traffic.held():
                await watch.move_to(when(MATCH_EVENT) - BEFORE)
            await asyncio.sleep(BEFORE.total_seconds())
            await traffic.burst("matchweek now", int(phase.rate * 3))

    # --- faults

    async def _misbehave(self, beside: Sandbox, watch: Watch, phase: Phase) -> None:
        began = time.monotonic()
        for fault in phase.faults:
            await asyncio.sleep(max(0.0, began + fault.at * phase.seconds - time.monotonic()))
            self.seen.faults.append((fault.name, watch.now()))
            await _commit(beside, fault)

    # --- the end

    async def _settled(self, beside: Sandbox) -> None:
        """Wait until as many messages came as are to come, for a while."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < deadline:
            await self._arrivals(beside)
            if sum(map(len, self.seen.arrived.values())) >= len(self.expected) - len(self.people.closed) * 2:
                return
            await asyncio.sleep(2.0)

    async def _arrivals(self, beside: Sandbox) -> None:
        marks: dict[int, list[str]] = {}
        for each in self.expected:
            marks.setdefault(each.channel_id, []).append(each.mark)
        found: dict[tuple[int, str], list[float]] = {}
        for message in await beside.call("GET", "/control/messages?author=bot"):
            channel = int(message["channel_id"])
            for mark in marks.get(channel, ()):
                if mark in message["content"]:
                    at = self.seen.timeline.real_at(datetime.fromisoformat(message["created_at"]))
                    found.setdefault((channel, mark), []).append(at)
        self.seen.arrived = found

    async def _look(self, beside: Sandbox, url: str) -> None:
        await self._arrivals(beside)
        self.seen.totals = await beside.call("GET", "/control/totals")
        database = Database.open(url)
        async with database.read() as connection:
            ours = delivery.c.source.in_(("reminder", "broadcast"))
            states = sa.select(delivery.c.state, sa.func.count()).where(ours).group_by(delivery.c.state)
            self.seen.unsettled = {state: number for state, number in (await connection.execute(states)).all() if state in OPEN}
            parked = sa.select(delivery.c.member_id).where(delivery.c.state == "parked", delivery.c.source == "reminder")
            self.seen.parked_of = set((await connection.execute(parked)).scalars())
        await database.close()


async def _commit(beside: Sandbox, fault: Fault) -> None:
    if fault.rules:
        await beside.call("POST", "/control/faults", {"rules": list(fault.rules)})
    if fault.gateway:
        await beside.call("POST", "/control/gateway", {"action": fault.gateway})
