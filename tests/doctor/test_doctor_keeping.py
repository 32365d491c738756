"""What the doctor finds of backups and of the erasure log."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.doctor.finding import Finding, Level
from bot.doctor.keeping import check_backups, check_erasures
from bot.settings import Settings
from bot.storage.encryption import Cipher
from bot.storage.erasure_log import Erased, ErasureLog
from tests.support.databases import AMIRA
from tests.support.findings import of

WELL, WARNING, PROBLEM = Level.WELL, Level.WARNING, Level.PROBLEM


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    return Settings(data_dir=folder, _env_file=None)


def kept(settings: Settings) -> list[Finding]:
    return [*check_backups(settings, datetime.now(UTC)), *check_erasures(settings)]


def test_that_no_backup_is_made_is_told(settings: Settings, tmp_path: Path) -> None:
    assert of("backups", kept(settings))[0] is WARNING
    folder = tmp_path / "backups"
    settings = settings.model_copy(update={"backup_dir": folder})
    assert of("backups", kept(settings))[0] is PROBLEM
    folder.mkdir()
    (folder / "holiday.jpg").touch()
    assert "There is no backup" in of("backups", kept(settings))[1]
    newest = folder / "matchday-20261122T030000Z.backup"
    newest.touch()
    assert of("backups", kept(settings))[0] is WELL
    os.utime(newest, (0, 0))
    level, said = of("backups", kept(settings))
    assert (level, "days old" in said) == (WARNING, True)


async def test_an_erasure_log_that_is_damaged_or_open_is_told(settings: Settings) -> None:
    cipher = Cipher.from_key_file(settings.keys, create=True)
    assert of("erasure log", kept(settings))[0] is WARNING
    log = ErasureLog(settings.erasures, cipher)
    begun = await log.begin(Erased.MEMBER, AMIRA)
    assert "interrupted" in of("erasure log", kept(settings))[1]
    await log.end(begun)
    assert of("erasure log", kept(settings))[0] is WELL
    settings.erasures.write_bytes(settings.erasures.read_bytes().replace(b"begun", b"began"))
    assert of("erasure log", kept(settings))[0] is PROBLEM
    settings.erasures.unlink()
    settings.erasures.mkdir()
    assert of("erasure log", kept(settings))[0] is PROBLEM
