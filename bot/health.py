"""Whether the running bot is well: it writes a small file again and again, and ``matchday health`` judges what stands there.

All times here are real ones, whatever the injected clock says: a sandbox that moves its clock has no bearing on whether a process hangs.
"""

import asyncio
import contextlib
import json
import logging
import os
import socket
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from bot.domain.shards import Shards

log = logging.getLogger(__name__)

FILE = "heartbeat.json"
BEAT_SECONDS = 2.0
STALE_SECONDS = 45.0
"""So long without a beat: the process hangs, was killed, or its disk is full."""
TICK_SECONDS = 60.0
"""The due loop looks every 15 seconds; one that has not looked for this long is not well."""
AWAY_SECONDS = 120.0
"""Discord closes connections in the ordinary course of things, and the library comes back by itself within seconds."""


def file_of(share: Shards | None) -> str:
    """Return the name of the file that a process writes: where several serve one database, each range of shards has its own."""
    return FILE if share is None else f"heartbeat-{share.name}.json"


class Gateway(StrEnum):
    """Say how the bot stands with Discord's gateway."""

    STARTING = "starting"
    STANDBY = "standby"
    """Another process sends for this database; this one waits."""
    CONNECTED = "connected"
    AWAY = "away"
    """It was connected and is not now."""


@dataclass(frozen=True, slots=True)
class State:
    """Hold how the bot stands at one moment; the lengths in real seconds."""

    gateway: Gateway
    gateway_seconds: float
    """For how long it has stood so."""
    tick_seconds: float
    """How long ago the due loop last looked at what is due, to the end and without an error."""


@dataclass(frozen=True, slots=True)
class Beat:
    """Hold what was written, when on both clocks of the machine, and by which process."""

    process: str
    state: State
    monotonic: float
    wall: float

    def age(self, monotonic: float, wall: float) -> float | None:
        """Return how many seconds ago it was written; None where the machine was started since.

        The clock that only runs forward begins anew with the machine, and the other one can be set: the longer of both is true.
        """
        if monotonic < self.monotonic:
            return None
        return max(monotonic - self.monotonic, wall - self.wall)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Hold whether the bot is well, and a sentence that says why."""

    is_well: bool
    sentence: str


def judge(beat: Beat | None, monotonic: float, wall: float) -> Verdict:
    """Return whether a bot that wrote this last is well now."""
    age = beat.age(monotonic, wall) if beat is not None else None
    if beat is None or age is None:
        return Verdict(False, "The bot is not running on this data folder, or has not got far enough in its start.")
    state = beat.state
    if age > STALE_SECONDS:
        return Verdict(False, f"The bot last showed itself {_long(age)} ago: it hangs, was killed, or can't write its data folder.")
    if state.gateway is Gateway.STANDBY:
        return Verdict(True, "The bot stands by: another process sends for this database.")
    if state.gateway is Gateway.STARTING:
        return Verdict(False, f"The bot has been starting for {_long(state.gateway_seconds + age)} and is not connected to Discord yet.")
    tick = state.tick_seconds + age
    if tick > TICK_SECONDS:
        return Verdict(False, f"The bot last looked at what is due {_long(tick)} ago: nothing is sent. Its log says why.")
    since = _long(state.gateway_seconds + age)
    if state.gateway is Gateway.AWAY:
        return Verdict(state.gateway_seconds + age <= AWAY_SECONDS, f"The bot has been without its connection to Discord for {since}.")
    return Verdict(True, f"The bot is well: connected to Discord for {since}, looked at what is due {_long(tick)} ago.")


def check(path: Path) -> Verdict:
    """Return whether the bot that writes this file is well now."""
    return judge(read(path), time.monotonic(), time.time())


def read(path: Path) -> Beat | None:
    """Return the last beat; None where there is none, or none that can be read."""
    try:
        held = json.loads(path.read_text("utf-8"))
        told = held["state"]
        state = State(Gateway(told["gateway"]), float(told["gateway_seconds"]), float(told["tick_seconds"]))
        return Beat(str(held["process"]), state, float(held["monotonic"]), float(held["wall"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


class Pulse:
    """Write beats to a file, and take it away at the end."""

    def __init__(self, path: Path, look: Callable[[], State]) -> None:
        self.look = look
        self._path = path
        self._process = f"{socket.gethostname()}:{os.getpid()}"
        self._has_failed = False

    async def run(self) -> None:
        """Write until cancelled; a disk that is full is said once, and the file that ages then tells the rest."""
        while True:
            try:
                await asyncio.to_thread(self.beat)
            except OSError as error:
                if not self._has_failed:
                    log.warning("the heartbeat can't be written: %s", error.strerror)
                self._has_failed = True
            else:
                self._has_failed = False
            await asyncio.sleep(BEAT_SECONDS)

    def beat(self) -> None:
        """Write how the bot stands now, whole or not at all; one that stands by leaves the file to the one that works here.

        Raises:
            OSError: It can't be written.
        """
        state, monotonic, wall = self.look(), time.monotonic(), time.time()
        if state.gateway is Gateway.STANDBY and self._another_lives(monotonic, wall):
            return
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        beside.write_text(json.dumps(asdict(Beat(self._process, state, monotonic, wall))) + "\n", "utf-8")
        beside.replace(self._path)

    def end(self) -> None:
        """Take the file away where it is this process's: what ended in order is not running, and nobody need wait to learn it."""
        beat = read(self._path)
        if beat is not None and beat.process == self._process:
            with contextlib.suppress(OSError):
                self._path.unlink()

    def _another_lives(self, monotonic: float, wall: float) -> bool:
        beat = read(self._path)
        age = beat.age(monotonic, wall) if beat is not None and beat.process != self._process else None
        return age is not None and age <= STALE_SECONDS


@asynccontextmanager
async def beating(pulse: Pulse) -> AsyncGenerator[None]:
    """Keep a pulse going; take its file away at the end."""
    task = asyncio.create_task(pulse.run(), name="heartbeat")
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        pulse.end()


def _long(seconds: float) -> str:
    whole = max(0, round(seconds))
    if whole < 120:
        return f"{whole} s"
    if whole < 7200:
        return f"{whole // 60} min"
    return f"{whole // 3600} h"
