"""The processes that are measured: a sandbox, and one client of it."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import aiohttp

from bench.numbers import percentile

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60.0
STOP_SECONDS = 15.0
POLL_SECONDS = 0.005


@dataclass(slots=True)
class Burst:
    """Hold how long the answers to one command took."""

    milliseconds: list[float] = field(default_factory=list[float])
    failed: int = 0
    seconds: float = 0.0

    def add(self, other: Self) -> None:
        """Take the answers of another round in."""
        self.milliseconds += other.milliseconds
        self.failed += other.failed
        self.seconds += other.seconds

    def percentile(self, percent: float) -> float:
        """Return the time, in milliseconds, that so many of a hundred answers kept to."""
        return percentile(self.milliseconds, percent)

    def per_second(self) -> float:
        """Return how many commands were answered in a second."""
        return len(self.milliseconds) / self.seconds


class Sandbox:
    """Ask a sandbox over its people and control API."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self._session = session
        self.channel = ""

    async def call(self, method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401 - JSON
        """Return the JSON of an answer; raise ClientResponseError with the sandbox's sentence for a refusal."""
        async with self._session.request(method, self.url + path, json=body) as answer:
            if answer.status >= 400:
                raise aiohttp.ClientResponseError(answer.request_info, (), status=answer.status, message=await answer.text())
            return await answer.json(content_type=None) if answer.status != 204 else None

    async def connected(self) -> None:
        """Wait until a client is connected."""
        deadline = time.monotonic() + START_SECONDS
        while not any(each["connected"] for each in await self.call("GET", "/control/gateway")):
            if time.monotonic() > deadline:
                raise TimeoutError("the client did not connect")
            await asyncio.sleep(POLL_SECONDS)

    async def burst(
        self,
        command: str,
        count: int,
        *,
        concurrency: int = 1,
        users: list[str] | None = None,
        options: dict[str, str] | None = None,
        focused: str | None = None,
        channel: str | None = None,
    ) -> Burst:
        """Run a command so many times in #general or another channel, by some people in turn; with ``focused`` type into that option."""
        body = {
            "users": users or ["amira"], "channel_id": channel or self.channel, "command": command, "options": options or {},
            "count": count, "concurrency": concurrency, "focused": focused,
        }  # fmt: skip
        answer = await self.call("POST", "/control/burst", body)
        return Burst(answer["latencies_ms"], answer["failed"], answer["seconds"])

    async def components(self, command: str, options: dict[str, str] | None = None) -> list[dict[str, Any]]:
        """Run a command once and return the components that the client sent, as it sent them."""
        await self.call("DELETE", "/control/record")
        await self.burst(command, 1, options=options)
        entries = await self.call("GET", "/control/record")
        bodies = [entry["body"] for entry in entries if entry["path"].endswith("/callback")]
        return bodies[-1]["data"]["components"]

    async def add_people(self, count: int) -> list[str]:
        """Add members to the server; return their ids."""
        return (await self.call("POST", "/control/people", {"count": count}))["ids"]


@asynccontextmanager
async def sandbox() -> AsyncIterator[Sandbox]:
    """Run a sandbox that checks no bodies: a check of one card takes longer than the whole command."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox", "--no-checks", "--no-full-collection",
        cwd=ROOT, env=environment(), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), START_SECONDS)).decode().strip()
        timeout = aiohttp.ClientTimeout(total=300)
        async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as session:
            found = Sandbox(line.rpartition(" ")[2], session)
            guild = (await found.call("GET", "/people/amira/view"))["guilds"][0]
            found.channel = next(channel["id"] for channel in guild["channels"] if channel["name"] == "general")
            yield found
    finally:
        await _end(process)


class Client:
    """Be one client process: ours or the bare one."""

    def __init__(self, beside: Sandbox, arguments: list[str], folder: Path, **variables: str) -> None:
        self.sandbox = beside
        self.log: Path | None = None
        """Where what it prints is kept; nowhere by default."""
        self._arguments = arguments
        self._folder = folder
        self._variables = variables
        self._process: asyncio.subprocess.Process | None = None

    async def begin(self, *more: str) -> None:
        """Start it; wait for nothing."""
        with (self.log or Path(os.devnull)).open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", *self._arguments, *more,
                cwd=self._folder,  # where no .env lies
                env=environment(PYTHONPYCACHEPREFIX=str(self._folder / "compiled"), **self._variables),
                stdout=output,
                stderr=output,
            )  # fmt: skip

    async def start(self, *more: str) -> float:
        """Start it and return how many milliseconds passed until its first answer."""
        started = time.perf_counter()
        await self.begin(*more)
        assert self._process is not None
        connecting = asyncio.ensure_future(self.sandbox.connected())
        ending = asyncio.ensure_future(self._process.wait())
        await asyncio.wait({connecting, ending}, return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        if not connecting.done():
            connecting.cancel()
            raise RuntimeError(f"{self._arguments[0]} ended with {self._process.returncode} before it was connected")
        await connecting
        while (await self.sandbox.burst("countdown", 1)).failed:
            pass
        return (time.perf_counter() - started) * 1000

    async def stop(self) -> int | None:
        """End it in order; return with which code it ended, None where it never began."""
        if self._process is None:
            return None
        await _end(self._process)
        return self._process.returncode

    def processor_seconds(self) -> float:
        """Return how long a processor has worked for it; 0 where the system does not say."""
        status = Path(f"/proc/{self._process.pid}/stat") if self._process else None
        if status is None or not status.exists():
            return 0.0
        fields = status.read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mebibytes(self) -> float | None:
        """Return the memory it holds, or None where the system does not say."""
        status = Path(f"/proc/{self._process.pid}/status") if self._process else None
        if status is None or not status.exists():
            return None
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024


def environment(**variables: str) -> dict[str, str]:
    """Return this process's environment without what would change the measurement."""
    ours = ("DISCORD_TOKEN", "MATCHDAY_", "PYTHON")  # PYTHONDONTWRITEBYTECODE alone doubles the time of a start
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONPATH": str(ROOT), **variables}


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
