"""What is watched while the day passes: memory, every interaction, the load of the machine."""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bench.numbers import Point, Timeline
from bench.rig import Client, Sandbox
from bench.soak.plan import Json

SAMPLE_SECONDS = 0.5
ASK_EVERY = 4
"""Samples of memory between two questions for the interactions."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One interaction."""

    at: float
    """Real seconds from the start."""
    name: str
    kind: int
    milliseconds: float | None
    """None where nothing came within 3 seconds."""


@dataclass(slots=True)
class Seen:
    """Hold what the day showed; real seconds from its start."""

    timeline: Timeline = field(default_factory=Timeline)
    memory: list[Point] = field(default_factory=list[Point])
    """Seconds, MiB."""
    asked: list[Asked] = field(default_factory=list[Asked])
    phases: list[tuple[str, float, float]] = field(default_factory=list[tuple[str, float, float]])
    """Name, beginning, end."""
    faults: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])
    loads: list[float] = field(default_factory=list[float])
    """How many processes wanted to run on the machine, averaged over a minute, at each phase's end."""
    processor_seconds: float = 0.0
    totals: dict[str, int] = field(default_factory=dict[str, int])
    arrived: dict[tuple[int, str], list[float]] = field(default_factory=dict[tuple[int, str], list[float]])
    """When what was expected came, by channel and mark."""
    early: int = 0
    unsettled: dict[str, int] = field(default_factory=dict[str, int])
    """Deliveries by state, once all was over."""
    parked_of: set[int] = field(default_factory=set[int])
    lines: list[str] = field(default_factory=list[str])
    """What the bot logged."""
    exit_code: int | None = None
    seconds: float = 0.0


class Watch:
    """Watch one bot."""

    def __init__(self, beside: Sandbox, client: Client, seen: Seen) -> None:
        self._sandbox = beside
        self._client = client
        self._seen = seen
        self._began = time.monotonic()
        self._last = "0"

    def now(self) -> float:
        """Return the real seconds since the start."""
        return time.monotonic() - self._began

    async def move_to(self, moment: datetime) -> None:
        """Set the clock, and note when."""
        await self._sandbox.call("POST", "/control/clock", {"to": moment.isoformat()})
        self._seen.timeline.move(self.now(), moment)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Sample until the end of the block, and ask for the last interactions there."""
        began = self._client.processor_seconds()
        task = asyncio.create_task(self._sample(), name="watch")
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            self._seen.processor_seconds = self._client.processor_seconds() - began
            await self._ask()

    async def skip(self) -> None:
        """Leave out the interactions so far: they were there to see that the bot has started."""
        told = await self._sandbox.call("GET", "/control/interactions")
        self._last = told[-1]["id"] if told else self._last

    def remember(self) -> None:
        """Note the memory and the machine's load now."""
        held = self._client.resident_mebibytes()
        if held is not None:
            self._seen.memory.append((self.now(), held))
        self._seen.loads.append(os.getloadavg()[0])

    async def _sample(self) -> None:
        number = 0
        while True:
            held = self._client.resident_mebibytes()
            if held is not None:
                self._seen.memory.append((self.now(), held))
            if number % ASK_EVERY == 0:
                await self._ask()
            number += 1
            await asyncio.sleep(SAMPLE_SECONDS)

    async def _ask(self) -> None:
        told: list[Json] = await self._sandbox.call("GET", f"/control/interactions?since={self._last}")
        for each in told:
            at = self._seen.timeline.real_at(datetime.fromisoformat(each["at"]))
            self._seen.asked.append(Asked(at, each["name"], each["type"], each["ms"]))
        if told:
            self._last = told[-1]["id"]


def lines_of(log: Path) -> list[str]:
    """Return what a bot logged."""
    return log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
