"""``matchday health`` beside a bot that runs, breaks off, freezes and ends: two processes and a sandbox."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from bot.health import FILE, STALE_SECONDS
from tests.support.bot_process import BotProcess
from tests.support.sandbox import Sandbox
from tests.support.waiting import wait_for


async def health(bot: BotProcess, folder: Path) -> tuple[int | None, str]:
    """Ask as a container's health check does; return the exit code and the sentence."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "health",
        cwd=folder, env={**bot.environment, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    told, _ = await process.communicate()
    return process.returncode, told.decode()


def aged(path: Path, seconds: float) -> None:
    """Make what stands in the file so many seconds older, as if it had not been written since."""
    held = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**held, "monotonic": held["monotonic"] - seconds, "wall": held["wall"] - seconds}), "utf-8")


def connected_at(path: Path) -> float | None:
    """Return when the connection that runs was made, as the file tells it; None where none does."""
    held = json.loads(path.read_text("utf-8"))
    return held["monotonic"] - held["state"]["gateway_seconds"] if held["state"]["gateway"] == "connected" else None


async def test_health_follows_a_running_bot(tmp_path: Path, sandbox: Sandbox) -> None:
    bot = BotProcess(sandbox.url, tmp_path / "data")
    code, told = await health(bot, tmp_path)
    assert (code, "is not running" in told) == (1, True), told
    await bot.start()
    try:

        async def is_well() -> bool:
            return (await health(bot, tmp_path))[0] == 0

        await wait_for(is_well, 20, pause=0.2)
        assert "The bot is well: connected to Discord" in (await health(bot, tmp_path))[1]

        before = connected_at(tmp_path / "data" / FILE)
        await sandbox.gateway("drop")
        await wait_for(lambda: (connected_at(tmp_path / "data" / FILE) or 0.0) > (before or 0.0) + 0.01, 20)

        assert bot._process is not None
        frozen = bot._process.pid
        os.kill(frozen, signal.SIGSTOP)
        aged(tmp_path / "data" / FILE, STALE_SECONDS)
        code, told = await health(bot, tmp_path)
        os.kill(frozen, signal.SIGCONT)
        assert (code, "last showed itself" in told) == (1, True), told
        await wait_for(is_well, 20, pause=0.2)
    finally:
        assert await bot.stop() == 0
    code, told = await health(bot, tmp_path)
    assert (code, "is not running" in told) == (1, True), told


async def test_a_second_process_stands_by_and_is_well(tmp_path: Path, sandbox: Sandbox) -> None:
    """Each has a folder of its own, as in two containers, and one database."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'shared.sqlite3'}"
    key = str(tmp_path / "shared.key")
    first = BotProcess(sandbox.url, tmp_path / "first", database_url=url, key_file=key)
    second = BotProcess(sandbox.url, tmp_path / "second", database_url=url, key_file=key)
    await first.start()
    try:
        await second.begin()

        async def stands_by() -> bool:
            return "stands by" in (await health(second, tmp_path))[1]

        await wait_for(stands_by, 20, pause=0.2)
        assert (await health(second, tmp_path))[0] == 0
    finally:
        await second.stop()
        await first.stop()
