"""Keys rotate under a running bot: it reads and writes all the while, and nothing of it is lost."""

import asyncio
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken

from bot.storage.key_file import read_keys, retired_files
from tests.support.bot_process import running_bot
from tests.support.command_line import LONGEST_SECONDS, ROOT, matchday
from tests.support.sandbox import Sandbox, text_of
from tests.support.waiting import wait_for


def texts_of_other_keys(database: Path, key: str) -> int:
    """Return how many stored texts a key alone does not read."""
    with sqlite3.connect(database, timeout=20) as connection:
        blobs = [
            row[0]
            for row in connection.execute(
                "SELECT blob FROM reminder UNION ALL SELECT blob FROM member UNION ALL SELECT payload FROM delivery"
            )
        ]
    connection.close()
    assert len(blobs) > 5
    return sum(not _reads(key, blob) for blob in blobs)


def _reads(key: str, blob: bytes) -> bool:
    try:
        Fernet(key).decrypt(blob)
    except InvalidToken:
        return False
    return True


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_keys_rotate_while_the_bot_answers_stores_and_sends(
    sandbox: Sandbox, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    database = {} if kind == "sqlite" else {"database_url": str(request.getfixturevalue("postgres_url"))}
    async with running_bot(sandbox.url, tmp_path / "data", **database) as bot:
        key_file, amira = bot.data_dir / "matchday.key", sandbox.person("amira")
        (old,) = read_keys(key_file)
        await amira.command("start", zone="Africa/Cairo")
        await amira.click(await amira.command("remind settings"), "Allow direct messages")
        await amira.command("remind me", when="in 2 hours", what="the early one")
        looked = await matchday(bot.environment, "keys", "rotate", "--dry-run")
        assert (looked.code, read_keys(key_file)) == (0, [old])
        assert "Nothing was changed." in looked.out

        rotating = asyncio.create_task(matchday(bot.environment, "keys", "rotate"))
        number = 0
        while not rotating.done():
            number += 1
            reply = await amira.command("remind me", when="in 3 weeks", what=f"meanwhile {number}") if number <= 20 else None
            assert reply is None or f"meanwhile {number}" in reply.text
            assert "the early one" in (await amira.command("remind list")).text
        rotated = await rotating
        assert rotated.code == 0, rotated
        (new,) = read_keys(key_file)
        assert new != old
        assert [read_keys(path) for path in retired_files(key_file)] == [[old]]

        await amira.command("remind me", when="in 1 hour", what="the late one")
        await sandbox.advance(timedelta(hours=2, minutes=5))

        async def both_came() -> bool:
            told = "\n".join([text_of(each) for each in await sandbox.messages()])
            return "the early one" in told and "the late one" in told

        await wait_for(both_came, 30)
        if kind == "sqlite":
            assert texts_of_other_keys(bot.data_dir / "matchday.sqlite3", new) == 0
        assert await bot.stop() == 0
        assert [key for key in (old, new) if key in bot.log + rotated.all + looked.all] == []
        await bot.start()  # on the new key alone
        assert "meanwhile 1" in (await amira.command("remind list")).text
        status = await matchday(bot.environment, "keys", "status")
        assert (status.code, "0 of them of another key than the first, 0 that no key reads" in status.out) == (0, True), status


async def killed_after(environment: dict[str, str], words: str) -> None:
    """Begin a rotation, and kill it as ``kill -9`` does once it has said some words."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "keys", "rotate", cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(LONGEST_SECONDS):
        while words not in said:
            line = (await process.stdout.readline()).decode()
            assert line, said
            said += line
    process.kill()
    await process.wait()


async def test_killed_at_each_step_it_goes_on_and_the_bot_never_notices(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running_bot(sandbox.url, tmp_path / "data") as bot:
        key_file, amira = bot.data_dir / "matchday.key", sandbox.person("amira")
        used = read_keys(key_file)
        await amira.command("start", zone="Africa/Cairo")
        for number, words in enumerate(("for reading", "encrypts now", "written anew")):
            await amira.command("remind me", when="in 3 weeks", what=f"before {number}")
            await killed_after(bot.environment, words)
            assert f"before {number}" in (await amira.command("remind list")).text
        rotated = await matchday(bot.environment, "keys", "rotate")
        assert (rotated.code, "going on with it" in rotated.out) == (0, True), rotated
        assert [read_keys(path) for path in retired_files(key_file)] == [used]
        listed = (await amira.command("remind list")).text
        assert all(f"before {number}" in listed for number in range(3))
        assert texts_of_other_keys(bot.data_dir / "matchday.sqlite3", *read_keys(key_file)) == 0
        assert sorted(path.name for path in bot.data_dir.glob("matchday.key*")) == ["matchday.key", retired_files(key_file)[0].name]
        assert "Traceback" not in bot.log


async def test_without_a_database_or_with_a_wrong_key_it_says_so_and_changes_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running_bot(sandbox.url, tmp_path / "data") as bot:
        assert await bot.stop() == 0
    elsewhere = bot.environment | {"MATCHDAY_DATA_DIR": str(tmp_path / "nowhere")}
    for verb in (("keys", "status"), ("keys", "rotate"), ("keys", "rotate", "--dry-run"), ("export-server", "7")):
        said = await matchday(elsewhere, *verb)
        assert (said.code, "There is no database at" in said.error) == (2, True), said
    assert not (tmp_path / "nowhere").exists()
    wrong = Fernet.generate_key()
    (bot.data_dir / "matchday.key").write_bytes(wrong)
    said = await matchday(bot.environment, "keys", "rotate")
    assert (said.code, "another key file" in said.error) == (2, True), said
    assert (bot.data_dir / "matchday.key").read_bytes() == wrong


async def test_added_only_it_stops_for_the_copies(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running_bot(sandbox.url, tmp_path / "data") as bot:
        (old,) = read_keys(bot.data_dir / "matchday.key")
        said = await matchday(bot.environment, "keys", "rotate", "--add-only")
        assert (said.code, "matchday keys rotate --copied" in said.out) == (0, True), said
        assert read_keys(bot.data_dir / "matchday.key")[0] == old
        status = await matchday(bot.environment, "keys", "status")
        assert "is under way" in status.out
