"""Keys rotate on both databases: all is written anew, nothing that is changed meanwhile is lost, and it goes on after an interruption."""

import asyncio
import os
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from bot.domain.ids import derived_id
from bot.errors import StartError
from bot.services import key_rotation
from bot.services.key_rotation import KeyRotation
from bot.storage import encryption
from bot.storage.encryption import Cipher, UnreadableError, check_key
from bot.storage.key_file import alone, complaints, fingerprint, new_key, read_keys, replace_keys, retired_files
from bot.storage.rewriting import _replace, count_by_key, encrypted_columns, rewrite
from bot.storage.tables import member, reminder
from tests.storage.test_privacy import a_row, fill
from tests.support.databases import AMIRA, DIEGO, Store, a_member, a_reminder, open_store

TODAY = date(2026, 11, 28)


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "matchday.key"
    Cipher.from_key_file(path, create=True)
    return path


@pytest.fixture
async def filled(store: Store, key_file: Path) -> Store:
    """Give a store whose cipher follows the key file, with a row in every table that holds a blob."""
    opened = open_store(store.url, Cipher.from_key_file(key_file))
    await check_key(opened.database, opened.cipher)
    await fill(opened, AMIRA, "jasmine")
    async with opened.database.write() as connection:
        for table in {column.table for column in encrypted_columns()}:
            if await connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0:
                row = a_row(table, AMIRA, opened.cipher.encrypt({"text": "jasmine"}))
                await connection.execute(sa.insert(table).values(row))
    yield opened
    await opened.database.close()


def rotation_of(store: Store, path: Path, settle: float = 0.0) -> KeyRotation:
    return KeyRotation(store.database, path, lambda _said: None, settle)


async def blobs_of(store: Store) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    async with store.database.read() as connection:
        for column in encrypted_columns():
            rows = (await connection.execute(sa.select(column).where(column.is_not(None)))).scalars().all()
            found[f"{column.table.name}.{column.name}"] = [bytes(each) for each in rows]
    return found


async def test_every_binary_column_of_the_database_is_among_the_encrypted_ones(store: Store) -> None:
    def look(connection: sa.Connection) -> set[str]:
        inspected = sa.inspect(connection)
        return {
            f"{table}.{column['name']}"
            for table in inspected.get_table_names()
            for column in inspected.get_columns(table)
            if isinstance(column["type"], sa.LargeBinary)
        }

    async with store.database.read() as connection:
        there = await connection.run_sync(look)
    assert there == {f"{column.table.name}.{column.name}" for column in encrypted_columns()}
    assert "key_check.canary" in there
    assert "delivery.payload" in there


async def test_afterwards_the_new_key_alone_reads_everything(filled: Store, key_file: Path) -> None:
    (old,) = read_keys(key_file)
    before = await filled.privacy.export(AMIRA)
    count = sum(map(len, (await blobs_of(filled)).values()))
    rotated = await rotation_of(filled, key_file).rotate(TODAY)
    (new,) = read_keys(key_file)
    assert (rotated.new, rotated.is_complete, rotated.rewritten, rotated.unreadable) == (fingerprint(new), True, count, {})
    alone_now = Cipher([new])
    for name, blobs in (await blobs_of(filled)).items():
        assert blobs, name
        for blob in blobs:
            alone_now.decrypt(blob)
    assert await filled.privacy.export(AMIRA) == before
    assert rotated.retired == key_file.with_name("matchday.key.retired-2026-11-28")
    assert read_keys(rotated.retired) == [old]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (key_file, rotated.retired)} == {0o600}
    assert sorted(path.name for path in key_file.parent.iterdir()) == ["matchday.key", "matchday.key.retired-2026-11-28"]
    await check_key(filled.database, Cipher.from_key_file(key_file))


async def test_a_second_rotation_keeps_both_retired_keys(filled: Store, key_file: Path) -> None:
    used = read_keys(key_file)
    for _ in range(2):
        rotated = await rotation_of(filled, key_file).rotate(TODAY)
        used += read_keys(key_file)
    assert rotated.retired is not None
    assert read_keys(rotated.retired) == used[:2]
    assert len(set(used)) == 3


async def test_what_is_written_meanwhile_is_kept_and_readable(filled: Store, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encryption, "LOOK_SECONDS", 0.05)
    bot = open_store(filled.url, Cipher.from_key_file(key_file))
    ended = asyncio.Event()

    async def work() -> int:
        """Write and read as a bot that knows nothing of the rotation."""
        number = 0
        while not ended.is_set():
            number += 1
            await bot.members.save(a_member(DIEGO, zone=f"Zone/{number}"))
            await bot.reminders.add(a_reminder(DIEGO, text=f"number {number}"))
            assert (await bot.members.get(DIEGO)).zone == f"Zone/{number}"
            await asyncio.sleep(0)
        return number

    working = asyncio.create_task(work())
    rotated = await rotation_of(filled, key_file, settle=0.3).rotate(TODAY)
    ended.set()
    written = await working
    assert rotated.is_complete
    new = open_store(filled.url, Cipher(read_keys(key_file)))
    assert (await new.members.get(DIEGO)).zone == f"Zone/{written}"
    texts = [each["text"] for each in (await new.privacy.export(DIEGO))["reminders"]]
    assert sorted(texts) == sorted(f"number {number}" for number in range(1, written + 1))
    assert written > 3
    await bot.database.close()
    await new.database.close()


async def test_a_row_that_the_bot_changed_after_it_was_read_stays_as_the_bot_left_it(filled: Store) -> None:
    query = sa.select(member.c.blob).where(member.c.id == AMIRA)
    async with filled.database.read() as connection:
        stale = await connection.scalar(query)
    await filled.members.save(a_member(AMIRA, zone="Zone/changed"))
    blob = filled.cipher.encrypt({"zone": "Zone/stale"})
    await _replace(filled.database, member.c.blob, [{"key_0": AMIRA, "old": stale, "new": blob}])
    assert (await filled.members.get(AMIRA)).zone == "Zone/changed"


async def test_more_rows_than_one_page_are_all_written_anew(store: Store) -> None:
    old, new = new_key(), new_key()
    blob = Cipher([old]).encrypt({"text": "x"})
    await store.members.save(a_member())
    await store.reminders.add(a_reminder())
    async with store.database.write() as connection:
        row = dict((await connection.execute(sa.select(reminder))).mappings().one()) | {"blob": blob}
        await connection.execute(sa.delete(reminder))
        await connection.execute(sa.insert(reminder), [row | {"id": derived_id(number)} for number in range(1203)])
    both = Cipher([new, old])
    assert (await count_by_key(store.database, both)).rewritten["reminder.blob"] == 1203
    assert (await rewrite(store.database, both)).rewritten["reminder.blob"] == 1203
    found = await count_by_key(store.database, Cipher([new]))
    assert found.unreadable == {"member.blob": 1}  # which the store's own key wrote


STEPS = [
    (name, call, after) for name, calls in (("replace_keys", 3), ("rewrite", 3), ("retire", 1)) for call in range(calls) for after in (0, 1)
]


@pytest.mark.parametrize(("name", "call", "after"), STEPS)
async def test_it_goes_on_after_it_was_ended_at_any_step(
    filled: Store, key_file: Path, monkeypatch: pytest.MonkeyPatch, name: str, call: int, after: int
) -> None:
    first, calls = read_keys(key_file), 0
    before = await filled.privacy.export(AMIRA)
    real: Callable[..., Any] = getattr(key_rotation, name)

    def ended(*given: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls - 1 != call:
            return real(*given)
        if after and name != "rewrite":
            real(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(key_rotation, name, ended)
    with pytest.raises(KeyboardInterrupt):
        await rotation_of(filled, key_file).rotate(TODAY)
    monkeypatch.undo()
    assert await filled.privacy.export(AMIRA) == before  # the bot that runs on
    started_now = open_store(filled.url, Cipher.from_key_file(key_file))
    await check_key(started_now.database, started_now.cipher)
    assert await started_now.privacy.export(AMIRA) == before
    rotated = await rotation_of(filled, key_file).rotate(TODAY)
    assert rotated.is_complete
    (new,) = read_keys(key_file)
    assert [key for path in retired_files(key_file) for key in read_keys(path)] == first  # one new key, whatever happened in between
    assert new not in first
    assert (await count_by_key(filled.database, Cipher([new]))).lost == 0
    await started_now.database.close()


async def test_keys_that_were_put_there_by_hand_are_gone_on_with(filled: Store, key_file: Path) -> None:
    old, new = read_keys(key_file)[0], new_key()
    replace_keys(key_file, [new, old])
    rotated = await rotation_of(filled, key_file).rotate(TODAY)
    assert (rotated.is_complete, read_keys(key_file)) == (True, [new])


async def test_added_only_the_old_key_goes_on_encrypting(filled: Store, key_file: Path) -> None:
    (old,) = read_keys(key_file)
    rotation = rotation_of(filled, key_file)
    added = await rotation.add()
    assert await rotation.add() == added
    assert [fingerprint(key) for key in read_keys(key_file)] == [fingerprint(old), added]
    standing = rotation.standing()
    assert (standing.new, standing.is_first) == (added, False)
    assert (await rotation.rotate(TODAY)).new == added


async def test_while_something_writes_with_the_old_key_it_stays_in_the_file(
    filled: Store, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stubborn = open_store(filled.url, Cipher(read_keys(key_file)))  # it does not follow the file
    real = key_rotation.rewrite

    async def between(*given: Any) -> Any:
        await stubborn.members.save(a_member(DIEGO))
        return await real(*given)

    monkeypatch.setattr(key_rotation, "rewrite", between)
    rotated = await rotation_of(filled, key_file).rotate(TODAY)
    assert not rotated.is_complete
    assert len(read_keys(key_file)) == 2
    assert retired_files(key_file) == []
    monkeypatch.undo()
    assert (await rotation_of(filled, key_file).rotate(TODAY)).is_complete
    await stubborn.database.close()


async def test_what_no_key_reads_is_left_and_counted(filled: Store, key_file: Path) -> None:
    async with filled.database.write() as connection:
        await connection.execute(sa.update(reminder).values(blob=b"damaged"))
    rotated = await rotation_of(filled, key_file).rotate(TODAY)
    assert (rotated.is_complete, rotated.unreadable) == (True, {"reminder.blob": 2})
    assert set((await blobs_of(filled))["reminder.blob"]) == {b"damaged"}


async def test_a_text_of_a_retired_key_is_still_found_and_mended(filled: Store, key_file: Path) -> None:
    frozen = Cipher(read_keys(key_file))
    await rotation_of(filled, key_file).rotate(TODAY)
    async with filled.database.write() as connection:
        await connection.execute(sa.update(member).values(blob=frozen.encrypt({"zone": "Zone/frozen"})))
    assert (await rotation_of(filled, key_file).look()).rewritten == {"member.blob": 1}
    await rotation_of(filled, key_file).rotate(TODAY)
    assert Cipher(read_keys(key_file)).decrypt((await blobs_of(filled))["member.blob"][0]) == {"zone": "Zone/frozen"}


async def test_another_databases_key_file_is_refused_and_nothing_changes(filled: Store, key_file: Path) -> None:
    other = new_key()
    replace_keys(key_file, [other])
    blobs = await blobs_of(filled)
    with pytest.raises(StartError, match="another key file"):
        await rotation_of(filled, key_file).rotate(TODAY)
    assert read_keys(key_file) == [other]
    assert await blobs_of(filled) == blobs
    assert [path.name for path in key_file.parent.iterdir()] == ["matchday.key"]


async def test_two_rotations_at_once_are_one(filled: Store, key_file: Path) -> None:
    with alone(key_file), pytest.raises(StartError, match="Another process"):
        await rotation_of(filled, key_file).rotate(TODAY)
    assert (await rotation_of(filled, key_file).rotate(TODAY)).is_complete


async def test_a_bot_on_another_host_is_named_where_hosts_do_not_share_the_file(filled: Store, key_file: Path) -> None:
    await filled.leases.release("all", "one")
    await filled.leases.set_token("no lease")
    assert await rotation_of(filled, key_file).others() == []
    await filled.leases.acquire("all", "elsewhere:12:ab", 60)
    shared = filled.url.startswith("sqlite")
    assert await rotation_of(filled, key_file).others() == ([] if shared else ["elsewhere"])


# --- the file, and who follows it


def test_who_reads_looks_at_the_file_when_a_blob_is_not_readable(key_file: Path) -> None:
    bot, new = Cipher.from_key_file(key_file), new_key()
    blob = Cipher([new]).encrypt({"text": "x"})
    with pytest.raises(UnreadableError):
        bot.decrypt(blob)
    replace_keys(key_file, [*read_keys(key_file), new])
    assert bot.decrypt(blob) == {"text": "x"}


def test_who_writes_looks_at_the_file_before_and_reads_what_the_key_wrote_that_went(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encryption, "LOOK_SECONDS", 0.0)
    bot, new = Cipher.from_key_file(key_file), new_key()
    early = bot.encrypt({"text": "early"})
    replace_keys(key_file, [new])
    assert Cipher([new]).decrypt(bot.encrypt({"text": "late"})) == {"text": "late"}
    assert bot.decrypt(early) == {"text": "early"}


@pytest.mark.parametrize("content", [None, b"", b"half a key", b"\xff"])
def test_a_file_that_is_damaged_while_the_bot_runs_changes_nothing(
    key_file: Path, content: bytes | None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(encryption, "LOOK_SECONDS", 0.0)
    bot, (key,) = Cipher.from_key_file(key_file), read_keys(key_file)
    key_file.unlink()
    if content is not None:
        key_file.write_bytes(content)
    for _ in range(3):
        assert Cipher([key]).decrypt(bot.encrypt({"text": "x"})) == {"text": "x"}
    assert len(caplog.records) == (content is not None)  # said once
    assert key not in caplog.text


def test_a_file_behind_a_link_is_replaced_itself(key_file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.key"
    link.symlink_to(key_file)
    replace_keys(link, [new_key()])
    assert link.is_symlink()
    assert read_keys(link) == read_keys(key_file)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give a file away")
def test_written_by_root_it_still_belongs_to_the_bots_user(key_file: Path) -> None:
    os.chown(key_file, 65534, 65534)
    key_file.chmod(0o640)
    replace_keys(key_file, [new_key()])
    status = key_file.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (65534, 65534, 0o640)


def test_a_key_file_that_others_may_read_is_complained_of(key_file: Path) -> None:
    assert complaints(key_file) == []
    key_file.chmod(0o644)
    (complaint,) = complaints(key_file)
    assert "read or changed by others (mode 644)" in complaint.what
    assert complaint.what_to_do == f"chmod 600 {key_file}"


def test_a_name_of_a_key_tells_nothing_of_it() -> None:
    key = Fernet.generate_key().decode()
    assert len(fingerprint(key)) == 8
    assert fingerprint(key) not in key


def test_what_a_crash_left_beside_the_key_file_goes_with_the_next_change(tmp_path: Path) -> None:
    path = tmp_path / "matchday.key"
    path.write_text(new_key() + "\n", "ascii")
    left = tmp_path / "matchday.key.0806b729.new"
    left.write_text("half a ke", "ascii")
    replace_keys(path, [new_key()])
    assert list(tmp_path.iterdir()) == [path]
