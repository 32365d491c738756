"""Starting on what may lie there: damaged files, lost keys, full disks. Each is a sentence, and nothing is lost."""

import asyncio
import logging
import sqlite3
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from cryptography.fernet import Fernet
from sqlalchemy.exc import OperationalError

from bot.errors import StartError
from bot.settings import Settings
from bot.storage.encryption import Cipher, UnreadableError, check_key
from bot.storage.failures import cannot_open
from bot.storage.migrate import upgrade
from bot.wiring import open_house
from tests.support.databases import AMIRA, Store, a_member, a_reminder, on_server, open_store


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", _env_file=None)


@pytest_asyncio.fixture
async def filled(settings: Settings) -> AsyncIterator[Settings]:
    """Give a house in which a member and a reminder are stored."""
    async with open_house(settings) as house:
        await house.services.members.set_zone(AMIRA, "Africa/Cairo")
    yield settings


def database_file(settings: Settings) -> Path:
    return settings.data_dir / "matchday.sqlite3"


async def start(settings: Settings) -> str | None:
    """Start and return the member's zone."""
    async with open_house(settings) as house:
        return (await house.services.members.get(AMIRA)).zone


async def refused(settings: Settings) -> str:
    with pytest.raises(StartError) as caught:
        await start(settings)
    assert caught.value.what_happened.endswith(".")
    assert caught.value.what_to_do.endswith(".")
    return caught.value.what_happened


async def test_what_is_stored_is_there_at_the_next_start(filled: Settings) -> None:
    assert await start(filled) == "Africa/Cairo"
    assert stat.S_IMODE(filled.keys.stat().st_mode) == 0o600


async def test_a_lost_key_file_is_not_replaced(filled: Settings) -> None:
    key = filled.keys.read_bytes()
    filled.keys.unlink()
    assert "is missing" in await refused(filled)
    assert not filled.keys.exists()
    filled.keys.write_bytes(key)
    assert await start(filled) == "Africa/Cairo"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (Fernet.generate_key(), "another key file"),
        (b"", "does not hold a key"),
        (b"half a key", "does not hold a key"),
        (b"\xff\xfe", "not a text file"),
    ],
    ids=["another", "empty", "cut", "binary"],
)
async def test_another_or_damaged_key_file_is_refused(filled: Settings, content: bytes, sentence: str) -> None:
    key = filled.keys.read_bytes()
    filled.keys.write_bytes(content)
    assert sentence in await refused(filled)
    filled.keys.write_bytes(key)
    assert await start(filled) == "Africa/Cairo"


async def test_keys_rotate(filled: Settings) -> None:
    filled.keys.write_bytes(Fernet.generate_key() + b"\n" + filled.keys.read_bytes())
    assert await start(filled) == "Africa/Cairo"


def test_the_first_key_encrypts_and_every_key_reads() -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    blob = Cipher([new, old]).encrypt({"text": "\ud83d lone surrogate \u202e"})
    assert Cipher([new]).decrypt(blob) == {"text": "\ud83d lone surrogate \u202e"}
    with pytest.raises(UnreadableError):
        Cipher([old]).decrypt(blob)
    assert Cipher([old]).readable(blob) is None


async def test_a_file_that_is_no_database_is_refused_and_kept(settings: Settings) -> None:
    settings.data_dir.mkdir()
    database_file(settings).write_bytes(b"this was a letter, not a database. " * 99)
    assert "damaged" in await refused(settings)
    assert database_file(settings).read_bytes().startswith(b"this was a letter")


async def test_a_damaged_database_is_refused(filled: Settings) -> None:
    with sqlite3.connect(database_file(filled)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    raw = database_file(filled).read_bytes()
    database_file(filled).write_bytes(raw[:4096] + b"\xa5" * (len(raw) - 4096))
    assert "damaged" in await refused(filled)


async def test_a_database_of_a_newer_version_is_refused(filled: Settings) -> None:
    with sqlite3.connect(database_file(filled)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'later'")
    connection.close()
    assert "newer version" in await refused(filled)


async def test_a_file_that_may_only_be_read_is_refused(filled: Settings) -> None:
    read_only = filled.model_copy(update={"database_url": f"sqlite+aiosqlite:///file:{database_file(filled)}?mode=ro&uri=true"})
    assert "can't be written" in await refused(read_only)


async def test_a_folder_in_the_place_of_the_file_is_refused(settings: Settings) -> None:
    database_file(settings).mkdir(parents=True)
    assert "can't be written" in await refused(settings)


@pytest.mark.postgres
async def test_a_database_that_is_not_there_is_refused(postgres_server: None, settings: Settings) -> None:
    assert "can't be reached" in await refused(settings.model_copy(update={"database_url": on_server("matchday_no_such_database")}))
    nobody = "postgresql+asyncpg://postgres@127.0.0.1:9/postgres"
    assert "can't be reached" in await refused(settings.model_copy(update={"database_url": nobody}))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [("database is locked", "keeps the database locked"), ("database or disk is full", "disk is full"), ("boom", "can't be reached")],
)
def test_the_drivers_words_become_a_sentence(words: str, sentence: str) -> None:
    error = cannot_open(OperationalError("SELECT 1", {}, sqlite3.OperationalError(words)))
    assert sentence in error.what_happened
    assert words not in str(error)


async def test_a_full_disk_loses_nothing_and_passes(sqlite_store: Store, caplog: pytest.LogCaptureFixture) -> None:
    await sqlite_store.members.save(a_member())
    engine = sqlite_store.database.engine
    async with engine.connect() as connection:
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
    await engine.dispose()
    full = open_store(sqlite_store.url, sqlite_store.cipher)
    async with full.database.engine.connect() as connection:  # the pool hands this one connection out again
        await connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(OperationalError, match="full"):
        for _ in range(200):
            await full.reminders.add(a_reminder(text="x" * 900))
    stored = await full.reminders.count_active(AMIRA)
    assert stored < 200
    await full.database.close()
    assert await sqlite_store.reminders.count_active(AMIRA) == stored
    assert await sqlite_store.reminders.add(a_reminder(text="x" * 900))
    assert [record for record in caplog.records if record.levelno > logging.WARNING] == []


async def test_two_first_starts_agree_on_one_key(tmp_path: Path, sqlite_store: Store) -> None:
    path = tmp_path / "keys" / "matchday.key"
    ciphers = await asyncio.gather(*(asyncio.to_thread(Cipher.from_key_file, path, create=True) for _ in range(4)))
    for cipher in ciphers:
        await check_key(sqlite_store.database, cipher)
    with pytest.raises(StartError, match="another key file"):
        await check_key(sqlite_store.database, Cipher([Fernet.generate_key().decode()]))
    await upgrade(sqlite_store.url)
