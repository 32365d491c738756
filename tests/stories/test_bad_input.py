"""What may be wrong when the bot starts: each ends in one clear sentence and exit code 2, and nothing is lost."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.server import SandboxServer
from bot.settings import Settings
from bot.wiring import open_house
from tests.support.bot_process import BotProcess
from tests.support.sandbox import Sandbox

CANNOT_START = 2
WRITTEN = "ask Dr. Osei for the letter"
MEMBER = 1100000000000001000


async def refusal(url: str, data_dir: Path, logs: Path, **environment: str) -> str:
    """Start a bot that can't start; return what it printed, which is a sentence and no traceback."""
    bot = BotProcess(url, logs / "log")  # beside the data folder, which may lie on a full disk
    bot.environment.update({"MATCHDAY_DATA_DIR": str(data_dir), **environment})
    try:
        await bot.begin()
        code = await bot.ended()
    finally:
        await bot.kill()
    assert code == CANNOT_START, bot.log
    assert "Traceback" not in bot.log
    assert "matchday can't start. " in bot.log
    return bot.log


@pytest.fixture
async def filled(tmp_path: Path) -> Path:
    """Return a data folder in which a member has a reminder."""
    folder = tmp_path / "data"
    async with open_house(Settings(data_dir=folder, _env_file=None)) as house:
        member = await house.services.members.set_zone(MEMBER, "Africa/Cairo")
        await house.services.reminders.remind_me(member, "in 3 weeks", WRITTEN, None)
    return folder


async def what_is_kept(folder: Path) -> list[str]:
    async with open_house(Settings(data_dir=folder, _env_file=None)) as house:
        return [reminder.text for reminder in (await house.services.reminders.page(MEMBER, 10, 0))[0]]


async def test_a_wrong_token_is_refused_in_words(tmp_path: Path) -> None:
    async with SandboxServer(token="another-token") as server:
        log = await refusal(server.url, tmp_path / "data", tmp_path)

    assert "Discord refused the token." in log
    assert "DISCORD_TOKEN" in log
    assert "another-token" not in log


async def test_a_token_and_a_sandbox_together_are_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    log = await refusal(sandbox.url, tmp_path / "data", tmp_path, DISCORD_TOKEN="a-secret-token")

    assert "A Discord token and a sandbox are both set." in log
    assert "a-secret-token" not in log
    assert await sandbox.record() == []
    assert not (tmp_path / "data").exists()


async def test_a_data_folder_that_can_not_be_written(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    log = await refusal(sandbox.url, tmp_path / "file" / "data", tmp_path)

    assert f"The data folder {tmp_path / 'file' / 'data'} can't be written (Not a directory)." in log
    assert "MATCHDAY_DATA_DIR" in log


async def test_a_database_of_a_newer_version_is_left_alone(sandbox: Sandbox, filled: Path) -> None:
    path = filled / "matchday.sqlite3"
    with sqlite3.connect(path) as connection:
        (before,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        connection.execute("UPDATE alembic_version SET version_num = '9999_later'")
    log = await refusal(sandbox.url, filled, filled.parent)

    assert "The database was written by a newer version of Matchday." in log
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (before,))
    assert await what_is_kept(filled) == [WRITTEN]


async def test_a_lost_key_file_is_asked_for_and_not_replaced(sandbox: Sandbox, filled: Path) -> None:
    key = filled / "matchday.key"
    elsewhere = filled.parent / "matchday.key"
    key.rename(elsewhere)
    log = await refusal(sandbox.url, filled, filled.parent)

    assert f"The key file {key} is missing." in log
    assert not key.exists()
    elsewhere.rename(key)
    assert await what_is_kept(filled) == [WRITTEN]


async def test_another_key_file_is_told_and_nothing_changes(sandbox: Sandbox, filled: Path, tmp_path: Path) -> None:
    async with open_house(Settings(data_dir=tmp_path / "other", _env_file=None)):
        pass
    own = (filled / "matchday.key").read_bytes()
    shutil.copyfile(tmp_path / "other" / "matchday.key", filled / "matchday.key")
    log = await refusal(sandbox.url, filled, filled.parent)

    assert "This database was written with another key file" in log
    (filled / "matchday.key").write_bytes(own)
    assert await what_is_kept(filled) == [WRITTEN]


@pytest.mark.parametrize("content", [b"", b"not a key\n", b"\xff\xfe\x00"])
async def test_a_damaged_key_file_is_told(sandbox: Sandbox, filled: Path, content: bytes) -> None:
    own = (filled / "matchday.key").read_bytes()
    (filled / "matchday.key").write_bytes(content)
    log = await refusal(sandbox.url, filled, filled.parent)

    assert f"The key file {filled / 'matchday.key'} " in log
    assert (filled / "matchday.key").read_bytes() == content
    (filled / "matchday.key").write_bytes(own)
    assert await what_is_kept(filled) == [WRITTEN]


async def test_a_file_that_is_no_database_is_told(sandbox: Sandbox, filled: Path) -> None:
    (filled / "matchday.sqlite3").write_bytes(b"something else" * 1_000)

    assert "The database file is damaged or is not a database." in await refusal(sandbox.url, filled, filled.parent)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a disk of its own of 1 MB; skip where none can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.name != "posix" or mount is None or umount is None:
        pytest.skip("no disk can be mounted here")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run([umount, "--lazy", folder], check=True)


async def test_a_full_disk_is_told_and_what_is_stored_stays(sandbox: Sandbox, small_disk: Path, filled: Path) -> None:
    data = small_disk / "data"
    shutil.copytree(filled, data)
    with (small_disk / "ballast").open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(b"x" * 4_096)
        except OSError:
            pass
    log = await refusal(sandbox.url, data, filled.parent)

    assert "full" in log or "No space left on device" in log
    (small_disk / "ballast").unlink()
    assert await what_is_kept(data) == [WRITTEN]
