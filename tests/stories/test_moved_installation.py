"""A live installation moves from SQLite to PostgreSQL: the bot stops, moves, starts there, and what is due comes once."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.storage.test_moving import empty_postgres
from tests.stories.test_delivery import DUE, everyone_once, prepare
from tests.support.bot_process import BotProcess, running_bot
from tests.support.databases import postgres_server, worker
from tests.support.sandbox import Sandbox
from tests.test_cli import Ended, matchday

__all__ = ["empty_postgres", "postgres_server", "worker"]


async def migrate(folder: Path, source: Path, target: str, *more: str) -> Ended:
    return await matchday(folder, "migrate", "--from", f"sqlite+aiosqlite:///{source}", "--to", target, *more)


@pytest.mark.postgres
async def test_what_is_due_comes_once_after_the_move(sandbox: Sandbox, tmp_path: Path, empty_postgres: str) -> None:
    people, data = await prepare(sandbox, tmp_path, 30)
    source = data / "matchday.sqlite3"
    async with running_bot(sandbox.url, data) as bot:
        rehearsed = await migrate(tmp_path, source, empty_postgres, "--dry-run")
        assert (rehearsed.code, rehearsed.error) == (0, "")
        assert "A bot serves the first database now. Stop it before you move." in rehearsed.out
        refused = await migrate(tmp_path, source, empty_postgres)
        assert refused.code == 2
        assert "--from: A bot serves this database" in refused.error
        assert await bot.stop() == 0
    moved = await migrate(tmp_path, source, empty_postgres)
    assert (moved.code, moved.error) == (0, "")
    assert "30 rows  the same in both" in moved.out
    assert f"MATCHDAY_DATABASE_URL={empty_postgres}" in moved.out
    async with running_bot(sandbox.url, data, database_url=empty_postgres) as bot:
        assert "not the database that was served last" not in bot.log
        await sandbox.move_to(DUE)
        await everyone_once(sandbox, people)
        assert await bot.stop() == 0
    # And where somebody starts it on the first database all the same, nothing is sent twice: it does not start.
    again = BotProcess(sandbox.url, data)
    await again.begin()
    assert await again.ended() == 2
    assert "This database was moved to another one" in again.log
    await everyone_once(sandbox, people)


@pytest.mark.parametrize(
    "given", [["--from", "sqlite+aiosqlite:///x"], ["--to", "sqlite+aiosqlite:///x"], ["--dry-run"], ["--from", "", "--to", "sqlite:///x"]]
)
async def test_half_a_move_is_refused(tmp_path: Path, given: list[str]) -> None:
    ended = await matchday(tmp_path, "migrate", *given)
    assert ended.code == 2
    assert "both databases must be named" in ended.error
    assert list(tmp_path.iterdir()) == []


async def test_rows_that_differ_end_with_1(tmp_path: Path) -> None:
    for name in ("from", "to"):
        assert (await matchday(tmp_path, "migrate", MATCHDAY_DATA_DIR=str(tmp_path / name))).code == 0
    source, target = tmp_path / "from" / "matchday.sqlite3", tmp_path / "to" / "matchday.sqlite3"
    with closing(sqlite3.connect(source)) as connection, connection:
        connection.execute("INSERT INTO live_card (channel_id, guild_id, made_at) VALUES (1, 2, 3)")
    with closing(sqlite3.connect(target)) as connection, connection:
        connection.execute("CREATE TRIGGER t AFTER INSERT ON live_card BEGIN UPDATE live_card SET made_at = 4; END")
    ended = await migrate(tmp_path, source, f"sqlite+aiosqlite:///{target}")
    assert ended.code == 1
    assert "1 DIFFER in made_at" in ended.out
    assert "Everything was taken back" in ended.error
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("SELECT count(*) FROM live_card").fetchone() == (0,)
