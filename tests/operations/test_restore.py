"""``matchday backup`` and ``restore`` as they are called, over both databases: what comes back, who does not, and what is refused."""

import asyncio
import fcntl
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from sqlalchemy.engine import make_url

from bot.storage.database import Database, make_engine, writing
from bot.storage.encryption import Cipher
from bot.storage.leases import LeaseRepository
from bot.storage.migrate import lay_out, newest_version
from bot.wiring import House
from tests.operations.conftest import Installation, install
from tests.support.databases import AMIRA, DIEGO, run_apart

ROOT = Path(__file__).parents[2]
BOTH = {AMIRA, DIEGO}


def aside(installed: Installation) -> list[str]:
    """Return what was moved aside."""
    url = make_url(installed.settings.database)
    if url.get_backend_name() == "sqlite":
        return sorted(path.name for path in Path(url.database or "").parent.iterdir() if ".before-" in path.name)

    async def schemas() -> list[str]:
        database = Database.open(installed.settings.database)
        async with database.read() as connection:
            names = await connection.run_sync(lambda inside: sa.inspect(inside).get_schema_names())
        await database.close()
        return sorted(name for name in names if name.startswith("matchday"))

    return run_apart(schemas())


def test_what_was_stored_comes_back_and_the_old_database_is_kept(installed: Installation) -> None:
    backup = installed.back_up()
    installed.meet(AMIRA + 1)
    said = installed.call("restore", backup, "--replace")
    assert said.code == 0, said
    assert "Put back the backup of" in said.out
    (kept,) = aside(installed)
    assert kept in said.out
    assert installed.stored() == BOTH

    async def reminders(house: House) -> list[str]:
        return [each.text for each in (await house.services.reminders.page(AMIRA, 9, 0))[0]]

    assert installed.inside(reminders) == [f"jasmine for {AMIRA}"]
    assert str(AMIRA) not in said.out + said.error
    assert list((installed.settings.data_dir / "backup-work").iterdir()) == [installed.settings.data_dir / "backup-work" / "lock"]


def test_into_nothing_it_needs_no_permission(installed: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also from the other engine: a backup is of rows."""
    backup = installed.back_up()
    monkeypatch.setenv("MATCHDAY_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'another.sqlite3'}")
    said = installed.call("restore", backup)
    assert said.code == 0, said
    assert (tmp_path / "another.sqlite3").stat().st_mode & 0o777 == 0o600
    moved = Installation(type(installed.settings)(_env_file=None), installed.backups, installed.captured)  # type: ignore[call-arg]
    assert moved.stored() == BOTH


def test_a_database_that_is_there_is_never_replaced_silently(installed: Installation) -> None:
    backup = installed.back_up()
    installed.erase(DIEGO)
    said = installed.call("restore", backup)
    assert said.code == 2
    assert "nothing is ever overwritten" in said.error
    assert "--replace" in said.error
    assert (installed.stored(), aside(installed)) == ({AMIRA}, [])


def test_who_was_erased_since_stays_erased_and_who_came_back_before_stays(installed: Installation) -> None:
    installed.erase(DIEGO)
    installed.meet(DIEGO)
    backup = installed.back_up()
    installed.erase(AMIRA)
    assert installed.stored() == {DIEGO}
    said = installed.call("restore", backup, "--replace")
    assert said.code == 0, said
    assert "because they were erased since: members 1" in said.out
    assert installed.stored() == {DIEGO}


def test_one_erased_again_may_come_back(installed: Installation) -> None:
    first = installed.back_up()
    installed.erase(AMIRA)
    assert installed.call("restore", first, "--replace").code == 0
    installed.meet(AMIRA)
    second = installed.backups / "second.backup"
    assert installed.call("backup", "--to", second).code == 0
    said = installed.call("restore", second, "--replace")
    assert (said.code, "because they were erased since: members 0" in said.out) == (0, True)
    assert installed.stored() == BOTH
    assert len(aside(installed)) == 2


def test_a_dry_run_says_all_and_changes_nothing(installed: Installation) -> None:
    backup = installed.back_up()
    installed.erase(AMIRA)
    log = installed.settings.erasures.read_bytes()
    said = installed.call("restore", backup, "--dry-run")
    assert said.code == 0, said
    assert "Would erase again, because they were erased since: members 1" in said.out
    assert "Nothing was changed" in said.out
    assert (installed.stored(), aside(installed)) == ({DIEGO}, [])
    assert installed.settings.erasures.read_bytes() == log


@pytest.mark.parametrize("what", ["lost", "damaged", "another"])
def test_a_lost_or_damaged_erasure_log_is_said_and_wants_a_word(on_file: Installation, what: str) -> None:
    backup = on_file.back_up()
    on_file.erase(AMIRA)
    path = on_file.settings.erasures
    if what == "damaged":
        path.write_bytes(path.read_bytes().replace(b'"step"', b'"stop"'))
    else:
        path.unlink()
    if what == "another":
        on_file.stored()  # a start makes a new one
    said = on_file.call("restore", backup, "--replace")
    assert said.code == 1
    assert {"lost": "There is no erasure log", "damaged": "are damaged", "another": "another one"}[what] in said.error
    assert "--without-erasure-log" in said.error
    assert (on_file.stored(), aside(on_file)) == ({DIEGO}, [])
    if what == "lost":
        path.unlink(missing_ok=True)
    assert on_file.call("restore", backup, "--replace", "--without-erasure-log").code == 0
    assert on_file.stored() == BOTH


def test_a_database_that_a_bot_serves_is_refused(installed: Installation) -> None:
    backup = installed.back_up()

    async def serve(house: House) -> object:
        assert await LeaseRepository(house.database).acquire("all", "elsewhere:1:abc", 60)
        return await asyncio.to_thread(installed.call, "restore", backup, "--replace")

    said = installed.inside(serve)
    assert said.code == 2  # type: ignore[attr-defined]
    assert "A bot serves this database" in said.error  # type: ignore[attr-defined]
    assert aside(installed) == []


def test_a_database_that_another_bot_only_stands_by_for_is_refused(installed: Installation) -> None:
    backup = installed.back_up()

    async def stand_by(house: House) -> object:
        await house.services.mydata.summary(AMIRA)
        return await asyncio.to_thread(installed.call, "restore", backup, "--replace")

    said = installed.inside(stand_by)
    assert said.code == 2  # type: ignore[attr-defined]
    assert "has the database open" in said.error  # type: ignore[attr-defined]
    assert aside(installed) == []


@pytest.mark.parametrize(
    ("change", "code", "sentence"),
    [
        (lambda raw: raw[:-1], 1, "is damaged"),
        (lambda raw: raw[: len(raw) // 2], 1, "is damaged"),
        (lambda raw: raw[:-40] + bytes([raw[-40] ^ 1]) + raw[-39:], 1, "is damaged"),
        (lambda raw: raw[:20], 1, "is damaged"),
        (lambda _raw: b"", 2, "not a backup of Matchday"),
        (lambda _raw: b"SQLite format 3\x00" * 99, 2, "not a backup of Matchday"),
    ],
    ids=["cut", "half", "a bit", "its head", "empty", "another file"],
)
def test_a_file_that_is_no_sound_backup_is_refused(on_file: Installation, change: object, code: int, sentence: str) -> None:
    backup = on_file.back_up()
    backup.write_bytes(change(backup.read_bytes()))  # type: ignore[operator]
    said = on_file.call("restore", backup, "--replace")
    assert (said.code, sentence in said.error, "Traceback" in said.error) == (code, True, False), said
    assert (on_file.stored(), aside(on_file)) == (BOTH, [])


@pytest.mark.parametrize("name", ["no-such.backup", "."])
def test_a_file_that_is_not_there_is_refused(on_file: Installation, name: str) -> None:
    said = on_file.call("restore", name, "--replace")
    assert said.code == 2
    assert "can't be read" in said.error


def test_the_wrong_key_file_and_none_are_refused(on_file: Installation) -> None:
    backup = on_file.back_up()
    key = on_file.settings.keys.read_bytes()
    on_file.settings.keys.write_bytes(Fernet.generate_key())
    said = on_file.call("restore", backup, "--replace")
    assert (said.code, "another key file" in said.error) == (2, True)
    on_file.settings.keys.unlink()
    said = on_file.call("restore", backup, "--replace")
    assert (said.code, "is missing" in said.error) == (2, True)
    assert not on_file.settings.keys.exists()
    on_file.settings.keys.write_bytes(key)
    assert on_file.call("restore", backup, "--replace").code == 0


def test_a_file_that_is_no_database_any_more_is_moved_aside_as_it_is(on_file: Installation) -> None:
    url = make_url(on_file.settings.database)
    backup, path = on_file.back_up(), Path(url.database or "")
    path.write_bytes(b"a disk that failed" * 999)
    path.with_name(path.name + "-wal").write_bytes(b"half a log")
    said = on_file.call("restore", backup, "--replace")
    assert said.code == 0, said
    names = aside(on_file)
    assert len(names) == 2
    assert path.with_name(names[0]).read_bytes() == b"a disk that failed" * 999
    assert on_file.stored() == BOTH


def test_two_at_once_are_refused(on_file: Installation) -> None:
    backup = on_file.back_up()
    with (on_file.settings.data_dir / "backup-work" / "lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for arguments in (("restore", backup, "--replace"), ("backup",)):
            said = on_file.call(*arguments)
            assert (said.code, "under way" in said.error) == (2, True)
    assert list(on_file.backups.iterdir()) == [backup]


def test_what_was_left_by_a_process_that_was_killed_is_removed(on_file: Installation) -> None:
    on_file.back_up()
    left = on_file.settings.data_dir / "backup-work" / "copy-abc"
    left.mkdir()
    (left / "copy.sqlite3").write_bytes(b"in clear")
    part = on_file.backups / ".matchday-20260101T000000Z.backup.part"
    part.write_bytes(b"half")
    assert on_file.call("backup", "--to", on_file.backups / "another.backup").code == 0
    assert not left.exists()
    assert not part.exists()


def test_a_wal_of_the_old_file_never_meets_the_new_one(on_file: Installation) -> None:
    url = make_url(on_file.settings.database)
    backup, path = on_file.back_up(), Path(url.database or "")
    pid = os.fork()
    if pid == 0:  # a process that is killed leaves its log beside the file
        connection = sqlite3.connect(path)
        connection.execute("DELETE FROM reminder")
        connection.commit()
        os._exit(0)
    os.waitpid(pid, 0)
    assert path.with_name(path.name + "-wal").exists()
    assert on_file.call("restore", backup, "--replace").code == 0
    assert not path.with_name(path.name + "-wal").exists()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM reminder").fetchone() == (2,)
    connection.close()
    (old,) = aside(on_file)
    with sqlite3.connect(path.with_name(old)) as connection:
        assert connection.execute("SELECT count(*) FROM reminder").fetchone() == (0,)  # what the log held is not lost either
    connection.close()


@pytest.mark.parametrize("version", ["0001", "0010", "0017"])
def test_one_of_an_older_version_is_brought_to_this_form(
    on_file: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    """Taken before the upgrade by the newer program, and put back after it."""
    older = tmp_path / "older.sqlite3"
    url = f"sqlite+aiosqlite:///{older}"

    async def lay(at: str) -> None:
        engine = make_engine(make_url(url), foreign_keys=False)
        await lay_out(engine, at)
        blob = Cipher.from_key_file(on_file.settings.keys).encrypt({})
        async with writing(engine) as connection:
            await connection.exec_driver_sql(
                "INSERT INTO member (id, created_at, direct_messages, blob) VALUES (?, 5, 'off', ?)", (AMIRA, blob)
            )
        await engine.dispose()

    run_apart(lay(version))
    monkeypatch.setenv("MATCHDAY_DATABASE_URL", url)
    said = on_file.call("backup")
    assert (said.code, f"version {version}" in said.out) == (0, True), said
    (backup,) = on_file.backups.iterdir()
    said = on_file.call("restore", backup, "--replace")
    assert said.code == 0, said
    moved = Installation(type(on_file.settings)(_env_file=None), on_file.backups, on_file.captured)  # type: ignore[call-arg]
    with sqlite3.connect(older) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (newest_version(),)
    connection.close()
    assert moved.stored() == {AMIRA}


def test_the_drill_of_the_document_works_as_it_stands(on_file: Installation, tmp_path: Path) -> None:
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8").partition("## Drill of a restore")[2]
    (block,) = re.findall(r"```sh\n(.*?)```", text.partition("\n## ")[0], re.DOTALL)
    backup = on_file.back_up()
    at_home, shim = tmp_path / "home", tmp_path / "bin" / "matchday"
    at_home.mkdir()
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m bot.cli "$@"\n')
    shim.chmod(0o755)
    shutil.copy(on_file.settings.keys, at_home / "matchday.key")
    shutil.copy(on_file.settings.erasures, at_home / "erasures.log")
    shutil.copy(backup, at_home / "matchday-20261122T030000Z.backup")
    path = f"{shim.parent}:{os.environ['PATH']}"
    ended = subprocess.run(
        ["/bin/sh", "-euc", block], cwd=at_home, env={"PATH": path}, capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 0, ended
    assert "Put back the backup" in ended.stdout
    assert "Stored of this member: settings 1, reminders 1." in ended.stdout
    assert not (at_home / "drill").exists()


@pytest.mark.postgres
def test_without_the_right_to_make_a_schema_it_says_what_is_needed(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    there = install(postgres_url, tmp_path, monkeypatch, capsys)
    backup, name = there.back_up(), make_url(postgres_url).database

    async def tell(*statements: str) -> None:
        engine = make_engine(make_url(postgres_url))
        async with writing(engine) as connection:
            for statement in statements:
                await connection.exec_driver_sql(statement)
        await engine.dispose()

    role = f"{name}_guest"
    run_apart(tell(f"CREATE ROLE {role} LOGIN", f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}"))
    try:
        monkeypatch.setenv("MATCHDAY_DATABASE_URL", make_url(postgres_url).set(username=role).render_as_string(hide_password=False))
        assert there.call("restore", backup, "--replace", "--dry-run").code == 0
        said = there.call("restore", backup, "--replace")
        assert (said.code, "GRANT CREATE ON DATABASE" in said.error) == (2, True), said
    finally:
        run_apart(tell(f"DROP OWNED BY {role}", f"DROP ROLE {role}"))
