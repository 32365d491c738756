"""The command line over databases of both kinds, in a folder of its own, and what is stored before and after."""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import cli
from bot.settings import Settings
from bot.wiring import House, open_house
from tests.support.databases import (
    AMIRA,
    DIEGO,
    database_url,
    postgres_server,
    postgres_template,
    postgres_url,
    run_apart,
    sqlite_template,
    sqlite_url,
    worker,
)

__all__ = ["database_url", "postgres_server", "postgres_template", "postgres_url", "sqlite_template", "sqlite_url", "worker"]


@dataclass(frozen=True, slots=True)
class Said:
    """Hold how a verb ended and what it said."""

    code: int
    out: str
    error: str


@dataclass(frozen=True)
class Installation:
    """Hold an installation: its settings in the environment, and the verbs that are called there."""

    settings: Settings
    backups: Path
    captured: pytest.CaptureFixture[str]

    def call(self, *arguments: str | Path) -> Said:
        """Call a verb as the command line does."""
        self.captured.readouterr()
        code = run_apart(_called([str(each) for each in arguments]))
        caught = self.captured.readouterr()
        return Said(code, caught.out, caught.err)

    def inside(self, work: object) -> object:
        """Do something with the house open, as the bot has it."""

        async def do() -> object:
            async with open_house(self.settings) as house:
                return await work(house)  # type: ignore[operator]

        return run_apart(do())

    def stored(self) -> set[int]:
        """Return which of the two members are stored."""

        async def look(house: House) -> set[int]:
            return {each for each in (AMIRA, DIEGO) if any((await house.services.mydata.summary(each)).values())}

        return self.inside(look)  # type: ignore[return-value]

    def erase(self, member_id: int) -> None:
        """Erase a member as she does herself."""

        async def do(house: House) -> None:
            await house.services.mydata.erase(member_id)

        self.inside(do)

    def meet(self, *members: int) -> None:
        """Store members."""

        async def do(house: House) -> None:
            for member_id in members:
                await house.services.members.set_zone(member_id, "Africa/Cairo")
                member = await house.services.members.get(member_id)
                await house.services.reminders.remind_me(member, "in 5 minutes", f"jasmine for {member_id}", None)

        self.inside(do)

    def back_up(self) -> Path:
        """Make a backup; return its file."""
        before = set(self.backups.iterdir()) if self.backups.exists() else set()
        said = self.call("backup")
        assert said.code == 0, said
        (made,) = set(self.backups.iterdir()) - before
        return made


async def _called(arguments: list[str]) -> int:
    # The verbs begin a loop of their own; so they run in a thread that has none.
    return await asyncio.to_thread(cli.main, arguments)


def install(url: str, folder: Path, patch: pytest.MonkeyPatch, captured: pytest.CaptureFixture[str]) -> Installation:
    """Set an installation up on an empty database, with two members."""
    for name in [*os.environ]:
        if name.startswith("MATCHDAY_") or name == "DISCORD_TOKEN":
            patch.delenv(name)
    patch.chdir(folder)
    patch.setenv("MATCHDAY_DATABASE_URL", url)
    patch.setenv("MATCHDAY_DATA_DIR", str(folder / "data"))
    patch.setenv("MATCHDAY_BACKUP_DIR", str(folder / "backups"))
    made = Installation(Settings(_env_file=None), folder / "backups", captured)  # type: ignore[call-arg]
    made.meet(AMIRA, DIEGO)
    return made


@pytest.fixture
def installed(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Installation:
    """Give an installation on each kind of database."""
    return install(database_url, tmp_path, monkeypatch, capsys)


@pytest.fixture
def on_file(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Installation:
    """Give an installation on a file: for what does not depend on the database."""
    return install(sqlite_url, tmp_path, monkeypatch, capsys)
