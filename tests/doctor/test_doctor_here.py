"""What the doctor finds of place, key file and database: each fault is made, found, and said with what mends it."""

import os
import shutil
import socket
import sqlite3
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from bot.doctor import facts, place
from bot.doctor.examination import examine
from bot.doctor.facts import check_facts
from bot.doctor.finding import Finding, Level, is_well
from bot.doctor.key import check_key_file
from bot.doctor.place import check_place
from bot.doctor.running import check_bot
from bot.doctor.stored import check_file, check_form, check_sending, check_server, judge_clock
from bot.health import FILE, Gateway, Pulse, State, Verdict
from bot.scheduling.settling import GAVE_UP
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.encryption import Cipher, check_key
from bot.storage.key_file import new_key, replace_keys, retire
from bot.storage.tables import delivery
from bot.wiring import open_house
from tests.support.clocks import NOON
from tests.support.databases import AMIRA, Store, a_delivery, a_member
from tests.support.findings import of

WELL, WARNING, PROBLEM = Level.WELL, Level.WARNING, Level.PROBLEM


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    return Settings(data_dir=folder, sandbox_port=0, _env_file=None)  # whatever else listens here


def here(settings: Settings, bot: Gateway | None = None) -> list[Finding]:
    return list(check_place(settings, bot))


# --- the place


def test_a_good_place_is_well(settings: Settings) -> None:
    found = [each for each in here(settings) if each.check != "ports"]
    assert {each.level for each in found if each.check != "disk"} == {WELL}
    assert "discord.py 2" in of("programs", found)[1]


def test_a_folder_that_is_not_there_yet_is_no_problem(settings: Settings) -> None:
    settings.data_dir.rmdir()
    assert of("data folder", here(settings))[0] is WARNING
    assert not settings.data_dir.exists()


def test_a_file_in_its_place_is_a_problem(settings: Settings) -> None:
    settings.data_dir.rmdir()
    settings.data_dir.write_text("not a folder", encoding="utf-8")
    level, said = of("data folder", here(settings))
    assert (level, "can't be written" in said) == (PROBLEM, True)


def test_a_folder_that_others_may_look_into_is_told(settings: Settings) -> None:
    settings.data_dir.chmod(0o755)
    level, said = of("data folder", here(settings))
    assert (level, f"chmod 700 {settings.data_dir}" in said) == (WARNING, True)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give a folder away")
def test_a_folder_of_another_user_is_told(settings: Settings) -> None:
    os.chown(settings.data_dir, 65534, 65534)
    assert "belongs to another user (number 65534)" in of("data folder", here(settings))[1]


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.parametrize(("free", "level"), [(20 * 2**20, PROBLEM), (200 * 2**20, WARNING), (2**40, WELL)])
def test_a_disk_that_fills_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch, free: int, level: Level) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(2**41, 0, free))
    assert of("disk", here(settings))[0] is level


def test_missing_zones_and_programs_are_problems(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "ASKED_ZONES", ("Nowhere/Atlantis",))
    monkeypatch.setattr(place, "LIBRARIES", ("a-library-that-is-nowhere",))
    monkeypatch.setattr(place, "OLDEST_PYTHON", (3, 10))
    found = here(settings)
    assert of("time zones", found)[0] is PROBLEM
    assert "Not installed: a-library-that-is-nowhere." in of("programs", found)[1]
    monkeypatch.setattr(place, "OLDEST_PYTHON", (9, 0))
    assert of("programs", here(settings))[0] is PROBLEM


def test_a_port_is_free_or_the_bots_or_taken(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        served = settings.model_copy(update={"public_url": "https://example.org", "web_port": port, "sandbox_url": "http://127.0.0.1:9"})
        other.listen()
        level, said = of("ports", here(served))
        assert (level, "MATCHDAY_WEB_PORT" in said) == (PROBLEM, True)
        assert of("ports", here(served, Gateway.STARTING))[0] is WELL
    assert of("ports", here(served))[0] is WELL
    assert of("ports", here(served, Gateway.STARTING))[0] is WELL
    assert of("ports", here(served, Gateway.CONNECTED))[0] is WARNING


# --- the key file


def key_of(path: Path, canary: bytes | None = None, database: Path | None = None) -> tuple[Level, str]:
    return of("key file", check_key_file(path, database, canary))


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "matchday.key"
    Cipher.from_key_file(path, create=True)
    return path


def test_a_key_file_of_its_own_is_well(key_file: Path, tmp_path: Path) -> None:
    canary = Cipher.from_key_file(key_file).encrypt({"canary": "x"})
    assert key_of(key_file, canary, tmp_path / "data" / "matchday.sqlite3")[0] is WELL


def test_a_missing_key_file_is_a_problem_only_where_one_was_used(key_file: Path) -> None:
    canary = Cipher.from_key_file(key_file).encrypt({"canary": "x"})
    key_file.unlink()
    assert key_of(key_file)[0] is WARNING
    level, said = key_of(key_file, canary)
    assert (level, "Put the file back" in said) == (PROBLEM, True)


@pytest.mark.parametrize("content", [b"", b"half a key", b"\xff\xfe"])
def test_a_damaged_key_file_is_a_problem(key_file: Path, content: bytes) -> None:
    key_file.write_bytes(content)
    assert key_of(key_file)[0] is PROBLEM


def test_a_key_file_that_others_may_read_is_a_problem(key_file: Path) -> None:
    key_file.chmod(0o644)
    level, said = key_of(key_file)
    assert (level, f"chmod 600 {key_file}" in said) == (PROBLEM, True)


def test_a_key_file_beside_the_database_is_told(key_file: Path) -> None:
    level, said = key_of(key_file, None, key_file.parent / "matchday.sqlite3")
    assert (level, "MATCHDAY_KEY_FILE" in said) == (WARNING, True)


def test_another_databases_key_file_is_a_problem_and_a_retired_one_is_found(key_file: Path) -> None:
    old = new_key()
    canary = Cipher([old]).encrypt({"canary": "x"})
    level, said = key_of(key_file, canary)
    assert (level, "Put the key file that belongs" in said) == (PROBLEM, True)
    kept = retire(key_file, [old], date(2026, 11, 28))
    assert f"append the line of {kept}" in key_of(key_file, canary)[1]
    assert old not in key_of(key_file, canary)[1]


def test_a_rotation_that_was_begun_is_told(key_file: Path) -> None:
    replace_keys(key_file, [new_key(), new_key()])
    level, said = key_of(key_file)
    assert (level, "matchday keys rotate" in said) == (WARNING, True)


# --- the database


async def every(found: Any) -> list[Finding]:
    return [each async for each in found]


async def test_a_file_that_is_damaged_or_none_is_a_problem(settings: Settings) -> None:
    async with open_house(settings) as house:
        await house.services.members.set_zone(AMIRA, "Africa/Cairo")
    file = settings.data_dir / "matchday.sqlite3"
    assert of("database", await every(check_file(settings)))[0] is WELL
    raw = file.read_bytes()
    file.write_bytes(raw[:4096] + b"\xa5" * (len(raw) - 4096))
    level, said = of("database", await every(check_file(settings)))
    assert (level, "put the last backup in its place" in said) == (PROBLEM, True)
    file.write_bytes(b"this was a letter, not a database. " * 99)
    assert of("database", await every(check_file(settings)))[0] is PROBLEM
    assert file.read_bytes().startswith(b"this was a letter")
    assert not is_well(await examine(settings, online=False))


async def test_a_file_that_is_not_there_is_made_by_nobody(settings: Settings) -> None:
    assert of("database", await every(check_file(settings)))[0] is WARNING
    assert is_well(await examine(settings, online=False))
    assert list(settings.data_dir.iterdir()) == []


async def test_another_journal_is_told_and_left(settings: Settings) -> None:
    async with open_house(settings):
        pass
    with sqlite3.connect(settings.data_dir / "matchday.sqlite3") as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    found = await examine(settings, online=False)
    assert of("database", found)[0] is WARNING
    assert of("sending", found)[0] is WELL
    assert of("key file", found)[0] is WARNING  # beside the database, and its own
    with sqlite3.connect(settings.data_dir / "matchday.sqlite3") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()


async def form_of(store: Store) -> tuple[Level, str]:
    database = Database.look_into(store.url)
    try:
        return of("database", await every(check_form(database)))
    finally:
        await database.close()


@pytest.mark.parametrize(("version", "level"), [("0001", WARNING), ("9999", PROBLEM), ("later", PROBLEM)])
async def test_a_database_of_another_version_is_told(store: Store, version: str, level: Level) -> None:
    assert (await form_of(store))[0] is WELL
    async with store.database.write() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    assert (await form_of(store))[0] is level


async def test_a_database_without_tables_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite3").touch()
    database = Database.look_into(f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite3'}")
    assert of("database", await every(check_form(database)))[0] is WARNING


async def test_a_server_that_does_not_answer_is_told_without_its_password(settings: Settings) -> None:
    url = "postgresql+asyncpg://matchday:plantedpassword@127.0.0.1:9/matchday"
    found = await examine(settings.model_copy(update={"database_url": url}), online=False)
    level, said = of("database", found)
    assert (level, "can't be reached" in said) == (PROBLEM, True)
    assert "plantedpassword" not in str(found)


async def test_an_address_that_is_none_is_told_without_repeating_it(settings: Settings) -> None:
    found = await examine(settings.model_copy(update={"database_url": "mysql://plantedpassword"}), online=False)
    assert of("settings", found)[0] is PROBLEM
    assert "plantedpassword" not in str(found)


@pytest.mark.postgres
async def test_a_server_tells_its_version_and_its_clock_agrees(postgres_url: str) -> None:
    database = Database.look_into(postgres_url)
    found = await every(check_server(database))
    assert "PostgreSQL 1" in of("database", found)[1]
    assert of("clock", found)[0] is WELL
    await database.close()


@pytest.mark.parametrize(
    ("ahead", "level", "words"),
    [
        (0.4, WELL, "agrees"),
        (-4.9, WELL, "agrees"),
        (12, WARNING, "12 seconds behind"),
        (-12, WARNING, "12 seconds ahead"),
        (900, PROBLEM, "900"),
    ],
)
def test_clocks_that_differ_are_told(ahead: float, level: Level, words: str) -> None:
    found, said = of("clock", [judge_clock("Discord", ahead)])
    assert (found, words in said) == (level, True)


# --- what is to be sent


async def sending(store: Store, bot: Verdict | None = None) -> tuple[Level, str]:
    database = Database.look_into(store.url)
    try:
        return of("sending", await every(check_sending(database, NOON + timedelta(hours=1), bot)))
    finally:
        await database.close()


async def test_what_is_overdue_or_was_given_up_is_counted(store: Store) -> None:
    await check_key(store.database, store.cipher)
    await store.members.save(a_member())
    assert (await sending(store))[0] is WELL
    for number, member_id in enumerate((AMIRA, AMIRA, None, None)):
        await store.deliveries.add(a_delivery(str(number), member_id=member_id, guild_id=7))
    running = Verdict(True, "The bot is well.")
    level, said = await sending(store)
    assert (level, "4 messages are overdue, the oldest since 2026-11-" in said) == (WARNING, True)
    assert (await sending(store, running))[0] is PROBLEM
    async with store.database.write() as connection:
        await connection.execute(sa.update(delivery).values(state="parked", reason="No such channel."))
        await connection.execute(sa.update(delivery).where(delivery.c.source_id == "1").values(reason=GAVE_UP))
    level, said = await sending(store, running)
    assert level is WARNING
    for words in (
        "Nothing is overdue.",
        "2 messages to channels could not",
        "1 messages were given up",
        "2 messages wait in members' inboxes",
    ):
        assert words in said


# --- the bot, and the facts


def beat(folder: Path, gateway: Gateway, tick: float = 1.0) -> None:
    Pulse(folder / FILE, lambda: State(gateway, 900.0, tick)).beat()


async def bot_of(settings: Settings) -> tuple[Level, str]:
    return of("bot", await examine(settings, online=False))


async def test_how_the_bot_fares_is_told_by_its_heartbeat(settings: Settings) -> None:
    assert "matchday run" in (await bot_of(settings))[1]
    beat(settings.data_dir, Gateway.CONNECTED)
    assert (await bot_of(settings))[0] is WELL
    beat(settings.data_dir, Gateway.CONNECTED, tick=600.0)
    assert (await bot_of(settings))[0] is PROBLEM
    Pulse(settings.data_dir / FILE, lambda: State(Gateway.STARTING, 3.0, 3.0)).beat()
    assert (await bot_of(settings))[0] is WARNING
    beat(settings.data_dir, Gateway.AWAY)
    assert (await bot_of(settings))[0] is PROBLEM


def test_who_else_serves_is_named() -> None:
    away, here_too = "elsewhere:12:ab", f"{socket.gethostname()[:40]}:12:ab"
    silent = Verdict(False, "It does not run.")
    assert "one on elsewhere serves" in of("bot", check_bot(None, silent, [away]))[1]
    assert "from another data folder" in of("bot", check_bot(None, silent, [here_too]))[1]
    assert of("bot", check_bot(None, silent, []))[0] is WARNING


def test_old_facts_and_a_season_that_is_over_are_told() -> None:
    assert of("facts", check_facts(date(2026, 11, 23)))[0] is WELL
    level, said = of("facts", check_facts(date(2039, 7, 1)))
    assert (level, "is over" in said, "days ago" in said) == (WARNING, True, True)


def test_a_fault_of_the_facts_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    class Report(NamedTuple):
        ages: tuple[Any, ...]
        problems: tuple[str, ...]

    monkeypatch.setattr(facts, "check_data", lambda: Report((), ("seasons/2027.toml: a date is wrong",)))
    assert of("facts", check_facts(date(2026, 11, 23)))[0] is PROBLEM


async def test_a_check_that_fails_hides_nothing_and_shows_nothing_of_its_inside(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object, **_named: object) -> Any:
        raise ZeroDivisionError("plantedinside")

    monkeypatch.setattr("bot.doctor.examination.check_place", broken)
    found = await examine(settings, online=False)
    level, said = of("place", found)
    assert (level, "ZeroDivisionError" in said, "plantedinside" in said) == (PROBLEM, True, False)
    assert of("facts", found)


async def test_a_token_beside_a_sandbox_is_a_problem(settings: Settings) -> None:
    both = Settings(data_dir=settings.data_dir, token=Fernet.generate_key().decode(), sandbox_url="http://127.0.0.1:9", _env_file=None)
    assert of("settings", await examine(both, online=False))[0] is PROBLEM
