"""The command line as a process: what it answers, and what it says where it can't start."""

import asyncio
import gc
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web

from bot import cli
from bot.operations import running
from bot.operations.verb import EXIT_CANNOT_START, EXIT_OK
from bot.sandbox.gateway import _Talk
from bot.sandbox.server import SandboxServer
from tests.support.sandbox import Sandbox

ROOT = Path(__file__).parents[1]
LONGEST_SECONDS = 40.0


@dataclass(frozen=True, slots=True)
class Ended:
    """Hold how a process ended and what it said."""

    code: int | None
    out: str
    error: str


@asynccontextmanager
async def begun(folder: Path, *arguments: str, **variables: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start it in a folder without a .env; whatever happens, it is gone afterwards."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MATCHDAY_") and name != "DISCORD_TOKEN"}
    given = {"PYTHONPATH": str(ROOT), "MATCHDAY_DATA_DIR": str(folder / "data"), **variables}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", *arguments,
        cwd=folder, env={**kept, **given}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def rest_of(process: asyncio.subprocess.Process) -> Ended:
    out, error = await asyncio.wait_for(process.communicate(), LONGEST_SECONDS)
    return Ended(process.returncode, out.decode(), error.decode())


async def matchday(folder: Path, *arguments: str, **variables: str) -> Ended:
    """Run it to its end."""
    async with begun(folder, *arguments, **variables) as process:
        return await rest_of(process)


def refused(ended: Ended, *sentences: str) -> None:
    """Check that it ended with 2 and sentences, and nothing that only a programmer can read."""
    assert ended.code == EXIT_CANNOT_START, ended
    assert "matchday can't start. " in ended.error
    assert "Traceback" not in ended.out + ended.error
    for sentence in sentences:
        assert sentence in ended.error


@pytest.fixture
def taken_port() -> Iterator[int]:
    """Give a port that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def closed_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        return other.getsockname()[1]


# --- what does not start the bot


@pytest.mark.parametrize("arguments", [[], ["fly"], ["data"], ["data", "burn"]])
def test_an_unknown_command_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    assert "usage: matchday" in capsys.readouterr().err


def test_help_names_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert all(verb in told for verb in ("run", "doctor", "sync", "migrate", "health", "data", "keys", "export-server"))


def test_data_check_tells_the_age_and_finds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["data", "check"]) == EXIT_OK
    told = capsys.readouterr().out
    assert "seasons/2027.toml" in told
    assert "as of 2026-11-22" in told
    assert " 0 problems" in told


async def test_migrate_makes_the_database_and_can_be_repeated(tmp_path: Path) -> None:
    for _ in range(2):
        ended = await matchday(tmp_path, "migrate")
        assert (ended.code, ended.out) == (0, "The database is up to date: sqlite+aiosqlite.\n"), ended
    assert (tmp_path / "data/matchday.sqlite3").exists()


# --- what can't start says so


async def test_a_token_beside_a_sandbox(tmp_path: Path) -> None:
    ended = await matchday(tmp_path, "run", DISCORD_TOKEN="very.secret", MATCHDAY_SANDBOX_URL="http://127.0.0.1:1")
    refused(ended, "A Discord token and a sandbox are both set.")
    assert "very.secret" not in ended.out + ended.error
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MATCHDAY_SANDBOX_PORT", "the usual"),
        ("MATCHDAY_SENDS_PER_SECOND", "0"),
        ("MATCHDAY_LOG_LEVEL", "LOUD"),
        ("MATCHDAY_METRICS_PORT", "x"),
    ],
)
async def test_a_setting_that_makes_no_sense(tmp_path: Path, name: str, value: str) -> None:
    refused(await matchday(tmp_path, "run", **{name: value}), f"The setting {name} can't be used")


async def test_an_address_for_reports_that_is_none_is_not_repeated(tmp_path: Path) -> None:
    ended = await matchday(tmp_path, "run", MATCHDAY_SENTRY_DSN="plantedkey")
    refused(ended, "MATCHDAY_SENTRY_DSN is no address of a Sentry project.")
    assert "plantedkey" not in ended.out + ended.error


async def test_a_port_of_the_metrics_in_use(tmp_path: Path, taken_port: int) -> None:
    ended = await matchday(tmp_path, "run", MATCHDAY_SANDBOX_URL="http://127.0.0.1:1", MATCHDAY_METRICS_PORT=str(taken_port))
    refused(ended, f"The metrics can't be served on 127.0.0.1:{taken_port}", "MATCHDAY_METRICS_PORT")


@pytest.mark.parametrize("verb", ["run", "migrate"])
async def test_a_data_folder_that_cannot_be_written(tmp_path: Path, verb: str) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")  # holds for root too, whom no permission stops
    folder = tmp_path / "file" / "data"
    ended = await matchday(tmp_path, verb, MATCHDAY_DATA_DIR=str(folder), MATCHDAY_SANDBOX_URL="http://127.0.0.1:1")
    refused(ended, f"The data folder {folder} can't be written", "MATCHDAY_DATA_DIR")


async def test_a_sandbox_whose_clock_does_not_answer(tmp_path: Path, closed_port: int) -> None:
    url = f"http://127.0.0.1:{closed_port}"
    ended = await matchday(tmp_path, "run", MATCHDAY_SANDBOX_URL=url, MATCHDAY_CLOCK_URL=f"{url}/clock")
    refused(ended, f"The sandbox's clock at {url}/clock does not answer.", "Start the sandbox first")


async def test_a_discord_that_does_not_answer(tmp_path: Path, closed_port: int) -> None:
    ended = await matchday(tmp_path, "run", MATCHDAY_SANDBOX_URL=f"http://127.0.0.1:{closed_port}")
    refused(ended, "Discord could not be reached.", "Check the network")


async def test_a_wrong_token(tmp_path: Path) -> None:
    async with SandboxServer(token="another") as server:
        ended = await matchday(tmp_path, "run", MATCHDAY_SANDBOX_URL=server.url)
    refused(ended, "Discord refused the token.", "DISCORD_TOKEN")


async def test_a_port_in_use(tmp_path: Path, taken_port: int) -> None:
    ended = await matchday(tmp_path, "run", MATCHDAY_SANDBOX_PORT=str(taken_port))
    refused(ended, f"The sandbox did not start on port {taken_port}.", "MATCHDAY_SANDBOX_PORT")


async def test_a_database_of_a_newer_version(tmp_path: Path) -> None:
    assert (await matchday(tmp_path, "migrate")).code == 0
    with sqlite3.connect(tmp_path / "data/matchday.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'v9999'")
    connection.close()
    for verb in ("run", "migrate"):
        ended = await matchday(tmp_path, verb, MATCHDAY_SANDBOX_URL="http://127.0.0.1:1")
        refused(ended, "The database was written by a newer version of Matchday.", "Nothing was changed.")


async def run_until_connected(folder: Path, server: SandboxServer, number: signal.Signals = signal.SIGTERM) -> Ended:
    """Run it against a sandbox, and end it by a signal once it is connected."""
    async with begun(folder, "run", MATCHDAY_SANDBOX_URL=server.url) as process, Sandbox(server.url) as sandbox:
        await sandbox.connected()
        process.send_signal(number)
        return await rest_of(process)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_ends_in_order(tmp_path: Path, number: signal.Signals) -> None:
    async with SandboxServer() as server:
        ended = await run_until_connected(tmp_path, server, number)
    assert ended.code == 0, ended
    assert "Traceback" not in ended.out + ended.error


async def test_it_ends_in_order_while_it_first_connects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library, ended before Discord said a word, looks for a connection that it does not have yet."""
    opened = asyncio.Event()

    async def silent(_talk: object, socket: web.WebSocketResponse) -> None:
        opened.set()
        await socket.receive()

    monkeypatch.setattr(_Talk, "run", silent)
    async with SandboxServer() as server, begun(tmp_path, "run", MATCHDAY_SANDBOX_URL=server.url) as process:
        await asyncio.wait_for(opened.wait(), LONGEST_SECONDS)
        process.send_signal(signal.SIGTERM)
        ended = await rest_of(process)
    assert ended.code == 0, ended
    assert "Traceback" not in ended.out + ended.error


async def test_a_discord_that_hangs_up_before_it_said_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(_talk: object, socket: web.WebSocketResponse) -> None:
        await socket.close(code=1001)

    monkeypatch.setattr(_Talk, "run", gone)
    async with SandboxServer() as server:
        refused(await matchday(tmp_path, "run", MATCHDAY_SANDBOX_URL=server.url), "Discord ended the first connection")


async def test_a_lost_key_file(tmp_path: Path) -> None:
    async with SandboxServer() as server:
        assert (await run_until_connected(tmp_path, server)).code == 0
        key = tmp_path / "data/matchday.key"
        kept = key.read_bytes()
        key.unlink()
        refused(await matchday(tmp_path, "run", MATCHDAY_SANDBOX_URL=server.url), f"The key file {key} is missing.")
        assert not key.exists(), "a new key would hide that the old one is lost"
        key.write_bytes(kept)
        assert (await run_until_connected(tmp_path, server)).code == 0


async def printed_port(process: asyncio.subprocess.Process) -> int:
    """Wait for the one address that a start without a token prints."""
    assert process.stdout is not None
    line = ""
    async with asyncio.timeout(LONGEST_SECONDS):
        while "http://127.0.0.1:" not in line:
            line = (await process.stdout.readline()).decode()
            assert line, "it ended without an address"
    assert "/start" in line
    return int(line.partition("http://127.0.0.1:")[2].split()[0])


@pytest.mark.parametrize("at_once", [False, True], ids=["when it is connected", "while it starts"])
async def test_without_a_token_the_sandbox_starts_and_ends_with_the_bot(tmp_path: Path, at_once: bool) -> None:
    async with begun(tmp_path, "run", MATCHDAY_SANDBOX_PORT="0") as process:
        port = await printed_port(process)
        if not at_once:
            async with Sandbox(f"http://127.0.0.1:{port}") as sandbox:
                await sandbox.connected()
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), LONGEST_SECONDS)
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0, "the sandbox outlived the bot"
        assert process.returncode == 0


def test_the_collector_rests_only_while_the_bot_is_loaded() -> None:
    """Off for good it would let every circle of objects stay until the memory is full."""
    try:
        with pytest.raises(ImportError), running._loading():
            assert not gc.isenabled()
            raise ImportError
        assert gc.isenabled()
    finally:
        gc.unfreeze()
