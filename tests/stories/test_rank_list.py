"""A rank list over real sockets: made, ordered, checked, certified, handed over and walked through, by taps and through a restart."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.domain.programs import ProgramStage, Track
from bot.sandbox import seed
from bot.storage.database import Database
from bot.storage.encryption import Cipher
from bot.storage.programs import ProgramRepository
from tests.support.bot_process import BotProcess, running_bot
from tests.support.program_cards import bare
from tests.support.sandbox import Sandbox

FEBRUARY = datetime(2027, 2, 10, 12, 0, tzinfo=UTC)
OAK, ELM, ASH = (name * 4 for name in ("oak2", "elm2", "ash2"))


@pytest.fixture
async def bot(sandbox: Sandbox, tmp_path: Path) -> Any:
    await sandbox.move_to(FEBRUARY)
    async with running_bot(sandbox.url, tmp_path / "data") as process:
        yield process


async def keep_programs(bot: BotProcess) -> None:
    """Keep three programs of hers, as if she had noted them."""
    database = Database.open(f"sqlite+aiosqlite:///{bot.data_dir / 'matchday.sqlite3'}")
    programs = ProgramRepository(database, Cipher.from_key_file(bot.data_dir / "matchday.key"))
    for program_id, name, stage in (
        (OAK, "Oak Hospital", ProgramStage.INTERVIEWED),
        (ELM, "Elm *Clinic*", ProgramStage.INTERVIEWED),
        (ASH, "=ASH(1)", ProgramStage.APPLIED),
    ):
        assert await programs.add(bare(program_id, seed.AMIRA, name=name, stage=stage, track=Track.CATEGORICAL), most=9)
    await database.close()


async def test_a_list_is_made_checked_and_walked_through_by_taps(sandbox: Sandbox, bot: BotProcess) -> None:
    amira = sandbox.person("amira")
    await amira.command("start", zone="Africa/Cairo")
    await keep_programs(bot)
    added = await amira.select(await amira.click(await amira.command("ranklist board"), "Add programs"), ELM, OAK, ASH)
    moved = await amira.click(await amira.select(added, OAK), "To the top")
    assert "No. 1 of 3: Oak Hospital" in moved.text
    board = await amira.click(moved, "Back to the list")

    await bot.stop()
    await bot.start()
    assert "rank-list-2027.csv" in (await amira.click(board, "As CSV")).text
    check = await amira.click(board, "Check")
    assert "Thu 4 Mar 2027, 04:00 EET" in check.text
    assert "Not noted as interviewed:\n=ASH(1)." in check.text
    certified = await amira.click(await amira.click(check, "Certified"), "I certified it today")
    assert "certified in R3 since 10 Feb 2027" in certified.text

    walk = await amira.click(await amira.command("ranklist explain"), "Walk through my list")
    assert "are made up" in walk.text
    lines = await amira.click(walk, "Later")
    assert "**You** propose to Oak Hospital (your no. 1)." in lines.text
    assert "a better one in 0" in (await amira.click(lines, "Safe choice first")).text
    example = await amira.select(await amira.command("ranklist explain"), "video")
    assert "Mercy (2 places): Darrius, Joseph" in example.text
    assert await sandbox.violations() == []
