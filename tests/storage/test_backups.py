"""Backups over both databases: of one moment, beside who writes, encrypted, put back and compared; what is damaged is never kept."""

import asyncio
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from sqlalchemy.engine import make_url
from test_privacy import fill  # every table, kept complete there

from bot.errors import StartError
from bot.storage import backups as module
from bot.storage.backups import Backups, NotSoundError
from bot.storage.durable import publish
from bot.storage.encryption import Cipher, check_key
from bot.storage.erasure_log import Anchor
from bot.storage.migrate import newest_version
from bot.storage.portable import Fingerprint
from bot.storage.sealed import SealedWriter, read_sealed
from bot.storage.tables import metadata
from tests.support.databases import AMIRA, DIEGO, Store, a_member, a_reminder, open_store

ANCHOR = Anchor("f00d", 3)


@pytest.fixture
def to(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "matchday.backup"


@pytest.fixture
def work(tmp_path: Path, to: Path) -> Path:
    to.parent.mkdir()
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def backups_of(store: Store, work: Path) -> Backups:
    return Backups(store.url, store.cipher, work)


def lines_of(store: Store, path: Path) -> list[dict[str, object]]:
    with path.open("rb") as file:
        return list(read_sealed(file, store.cipher.derive(module.PURPOSE)))


def sealed_anew(store: Store, path: Path, lines: list[dict[str, object]]) -> Path:
    """Write what only the program itself could write: with the right key, but other lines."""
    with path.open("wb") as file:
        out = SealedWriter(file, store.cipher.derive(module.PURPOSE)[0])
        for line in lines:
            out.write(line)
        out.close()
    return path


async def test_every_table_is_in_it_and_it_is_verified(store: Store, work: Path, to: Path) -> None:
    await check_key(store.database, store.cipher)
    await fill(store, AMIRA, "jasmine")
    await fill(store, DIEGO, "tamarind")
    made = await backups_of(store, work).make(to, ANCHOR)
    assert made.about.version == newest_version()
    assert made.about.engine == make_url(store.url).get_backend_name()
    assert set(made.about.rows) == set(metadata.tables)
    assert {name for name, rows in made.about.rows.items() if not rows} <= {"published_event", "server_removal", "hidden_program"} | {
        name
        for name in metadata.tables
        if name in ("live_card", "server", "server_role", "server_feature", "broadcast_channel", "program_list")
    }
    assert await backups_of(store, work).verify(to) == made.about
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert [each.name for each in to.parent.iterdir()] == [to.name]
    assert list(work.iterdir()) == []


async def test_nothing_can_be_read_in_it_without_the_key_file(store: Store, work: Path, to: Path) -> None:
    await fill(store, AMIRA, "jasmine")
    await backups_of(store, work).make(to, ANCHOR)
    content = to.read_bytes()
    for word in (b"jasmine", str(AMIRA).encode(), AMIRA.to_bytes(8, "big"), b"member", b"reminder", b"SQLite"):
        assert word not in content
    other = Backups(store.url, Cipher([Fernet.generate_key().decode()]), work)
    with pytest.raises(StartError, match="another key file"):
        await other.verify(to)


async def test_a_key_that_was_rotated_still_reads_it(store: Store, work: Path, to: Path) -> None:
    first, second = (Fernet.generate_key().decode() for _ in range(2))
    await Backups(store.url, Cipher([first]), work).make(to, None)
    about = await Backups(store.url, Cipher([second, first]), work).verify(to)
    assert about.erasures is None


async def test_it_is_of_one_moment_while_others_write(store: Store, work: Path, to: Path) -> None:
    """Two rows of two tables are stored together, again and again: neither may be in it without the other."""
    await store.members.save(a_member())
    await store.reminders.add(a_reminder())
    tables = [metadata.tables["member"], metadata.tables["reminder"]]
    async with store.database.read() as connection:
        rows = [dict((await connection.execute(sa.select(table))).mappings().one()) for table in tables]
    begun, stop = threading.Event(), threading.Event()

    async def write() -> int:
        number, beside = 0, open_store(store.url, store.cipher)
        while not stop.is_set():
            number += 1
            async with beside.database.write() as connection:
                await connection.execute(sa.insert(tables[0]).values(rows[0] | {"id": AMIRA + number}))
                await connection.execute(sa.insert(tables[1]).values(rows[1] | {"id": f"{number:016}", "member_id": AMIRA + number}))
            begun.set()
        await beside.database.close()
        return number

    writing = asyncio.create_task(asyncio.to_thread(asyncio.run, write()))
    await asyncio.to_thread(begun.wait, 20)
    try:
        made = await backups_of(store, work).make(to, None)
    finally:
        stop.set()
    assert await writing > made.about.rows["member"]
    assert made.about.rows["member"] == made.about.rows["reminder"] > 1


async def test_it_is_never_written_over_a_file(store: Store, work: Path, to: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    to.write_bytes(b"a letter")
    with pytest.raises(StartError, match="of that name already"):
        await backups_of(store, work).make(to, None)
    to.unlink()

    def just_now(beside: Path, path: Path) -> None:
        path.write_bytes(b"a letter")
        publish(beside, path)

    monkeypatch.setattr(module, "publish", just_now)  # another program writes it while the backup is made
    with pytest.raises(StartError, match="of that name already"):
        await backups_of(store, work).make(to, None)
    assert to.read_bytes() == b"a letter"
    assert [each.name for each in to.parent.iterdir()] == [to.name]


async def test_one_that_does_not_come_back_is_not_kept_and_others_are(
    store: Store, work: Path, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = to.with_name("earlier.backup")
    await store.members.save(a_member())
    await backups_of(store, work).make(earlier, None)
    before = earlier.read_bytes()
    monkeypatch.setattr(SealedWriter, "close", lambda _writer: None)  # the last piece never reaches the disk
    with pytest.raises(NotSoundError, match="damaged"):
        await backups_of(store, work).make(to, None)
    assert [each.name for each in to.parent.iterdir()] == [earlier.name]
    assert earlier.read_bytes() == before
    assert list(work.iterdir()) == []


@pytest.mark.parametrize("which", ["a row is missing", "a row is changed", "a row is twice", "no end", "an unknown table"])
async def test_other_rows_than_were_written_are_found(store: Store, work: Path, to: Path, which: str) -> None:
    await store.members.save(a_member())
    await store.members.save(a_member(DIEGO))
    await backups_of(store, work).make(to, None)
    lines = lines_of(store, to)
    (at, *_) = [number for number, line in enumerate(lines) if "row" in line]
    changed: dict[str, list[dict[str, object]]] = {
        "a row is missing": [*lines[:at], *lines[at + 1 :]],
        "a row is changed": [*lines[:at], {"row": [AMIRA + 1, *lines[at]["row"][1:]]}, *lines[at + 1 :]],  # type: ignore[index]
        "a row is twice": [*lines[:at], lines[at], *lines[at:]],
        "no end": lines[:-1],
        "an unknown table": [lines[0] | {"rows": {"no_such_table": 1}}, *lines[1:]],
    }
    with pytest.raises(NotSoundError, match="damaged"):
        await backups_of(store, work).verify(sealed_anew(store, to, changed[which]))


async def test_one_of_a_newer_version_is_refused(store: Store, work: Path, to: Path) -> None:
    await backups_of(store, work).make(to, None)
    lines = lines_of(store, to)
    sealed_anew(store, to, [lines[0] | {"version": "9999"}, *lines[1:]])
    with pytest.raises(StartError, match="newer version"):
        await backups_of(store, work).verify(to)


async def test_a_database_of_a_newer_version_is_refused(store: Store, work: Path, to: Path) -> None:
    async with store.database.write() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StartError, match="newer version"):
        await backups_of(store, work).make(to, None)


async def test_another_key_file_than_the_databases_is_refused(store: Store, work: Path, to: Path) -> None:
    await check_key(store.database, store.cipher)
    other = Backups(store.url, Cipher([Fernet.generate_key().decode()]), work)
    with pytest.raises(StartError, match="another key file"):
        await other.make(to, None)
    assert list(to.parent.iterdir()) == []


async def test_without_a_database_there_is_nothing_to_do(bare_url: str, store: Store, work: Path, to: Path) -> None:
    with pytest.raises(StartError, match="no database"):
        await Backups(bare_url, store.cipher, work).make(to, None)
    if "sqlite" in bare_url:
        assert not Path(make_url(bare_url).database or "").exists()


async def test_a_damaged_database_is_found_and_nothing_is_written(sqlite_store: Store, work: Path, to: Path) -> None:
    for number in range(300):
        await sqlite_store.members.save(a_member(AMIRA + number))
    await sqlite_store.database.checkpoint()
    await sqlite_store.database.close()
    path = Path(make_url(sqlite_store.url).database or "")
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2] + b"\xa5" * (len(raw) - len(raw) // 2))
    with pytest.raises(NotSoundError, match="database is damaged"):
        await backups_of(sqlite_store, work).make(to, None)
    assert list(to.parent.iterdir()) == []


async def test_rows_without_what_they_belong_to_are_found(sqlite_store: Store, work: Path, to: Path) -> None:
    await sqlite_store.members.save(a_member())
    await sqlite_store.reminders.add(a_reminder())
    with sqlite3.connect(make_url(sqlite_store.url).database or "") as connection:
        connection.execute("DELETE FROM member")
    connection.close()
    with pytest.raises(NotSoundError, match="database is damaged"):
        await backups_of(sqlite_store, work).make(to, None)


async def test_a_dry_run_looks_and_writes_nothing(store: Store, work: Path, to: Path) -> None:
    await store.members.save(a_member())
    about = await backups_of(store, work).look(ANCHOR)
    assert (about.rows["member"], about.erasures) == (1, ANCHOR)
    assert list(to.parent.iterdir()) == list(work.iterdir()) == []


def test_a_fingerprint_is_of_the_rows_and_not_of_their_order() -> None:
    rows = [[1, "a", None], [2, "b", True]]
    one, other, third = Fingerprint(), Fingerprint(), Fingerprint()
    for row in rows:
        one.add(row)
    for row in reversed(rows):
        other.add(row)
    third.add(rows[0])
    third.add(rows[0])
    assert str(one) == str(other) != str(third)
