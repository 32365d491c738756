"""The bot as a process of its own, against a sandbox: started, stopped, killed, started again on the same data."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.waiting import wait_for

ROOT = Path(__file__).parents[2]
START_SECONDS = 30.0


class BotProcess:
    """Run ``matchday run`` beside a sandbox."""

    def __init__(self, sandbox_url: str, data_dir: Path, **settings: str) -> None:
        self.data_dir = data_dir
        self._log_path = data_dir.parent / f"{data_dir.name}-{id(self)}.log"
        ours = {name: value for name, value in os.environ.items() if not name.startswith("MATCHDAY_") and name != "DISCORD_TOKEN"}
        self.environment = {
            **ours,
            "MATCHDAY_SANDBOX_URL": sandbox_url,
            "MATCHDAY_CLOCK_URL": f"{sandbox_url}/clock",
            "MATCHDAY_DATA_DIR": str(data_dir),
            "MATCHDAY_SENDS_PER_SECOND": "400",
            "MATCHDAY_OPENINGS_A_MINUTE": "100000",
            **{f"MATCHDAY_{name.upper()}": value for name, value in settings.items()},
        }
        self._process: asyncio.subprocess.Process | None = None

    async def begin(self) -> None:
        """Start the process; do not wait for anything."""
        with self._log_path.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot.cli", "run", cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    async def start(self) -> None:
        """Start the process and wait until it is connected."""
        told = self.log.count("connected as")
        await self.begin()
        await self.until(lambda: self.log.count("connected as") > told)

    async def until(self, predicate: "object") -> None:
        """Wait for something to become true; fail with the log where the process ended first."""

        def there() -> bool:
            assert self._process is not None
            done = bool(predicate())  # type: ignore[operator]
            assert done or self._process.returncode is None, f"the bot ended with {self._process.returncode}:\n{self.log}"
            return done

        await wait_for(there, START_SECONDS)

    async def stop(self) -> int:
        """End it in order."""
        return await self._end(signal.SIGTERM)

    async def ended(self) -> int:
        """Wait until it ends by itself; return its exit code."""
        assert self._process is not None, "it was not begun"
        return await asyncio.wait_for(self._process.wait(), START_SECONDS)

    async def kill(self) -> None:
        """End it at once, as ``kill -9`` does."""
        await self._end(signal.SIGKILL)

    async def _end(self, number: signal.Signals) -> int:
        if self._process is None or self._process.returncode is not None:
            return 0
        self._process.send_signal(number)
        return await asyncio.wait_for(self._process.wait(), 20)

    @property
    def log(self) -> str:
        """Everything it printed, over all its lives."""
        return self._log_path.read_text(encoding="utf-8") if self._log_path.exists() else ""


@asynccontextmanager
async def running_bot(sandbox_url: str, data_dir: Path, **settings: str) -> AsyncIterator[BotProcess]:
    """Start a bot and wait until it is connected; end it afterwards."""
    bot = BotProcess(sandbox_url, data_dir, **settings)
    try:
        await bot.start()
        yield bot
    finally:
        await bot.kill()
