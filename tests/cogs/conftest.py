"""The bot on simcord: the real client, tree, cogs, services and database; Discord is simcord's model, time stands where a test puts it.

The due loop does not run by itself here, because simcord waits until every task of the bot has settled: ``World.send_due`` does its
work once.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import simcord

from bot.catalogue.catalogue import Catalogue, load_catalogue
from bot.client import MatchdayClient
from bot.services.bundle import Services
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.encryption import Cipher, check_key
from bot.storage.migrate import upgrade
from bot.wiring import House, build
from tests.support.clocks import ManualClock

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLOSED_DMS = {"status": 403, "code": 50007, "message": "Cannot send messages to this user"}


@dataclass(frozen=True, slots=True)
class World:
    """Hold a server with two members and the bot in it."""

    env: simcord.Env
    house: House
    clock: ManualClock
    guild: Any
    general: Any
    amira: Any
    diego: Any
    sync_state: Path

    @property
    def services(self) -> Services:
        return self.house.services

    def refuse_messages(self, member: Any, times: int | None = 1) -> None:
        """Let Discord refuse direct messages to a member so many times, or always."""
        self.env.inject_error("POST", f"/channels/{self.dm_of(member).id}/messages", times=times, **CLOSED_DMS)

    def dm_of(self, member: Any) -> Any:
        """Return the conversation of a member with the bot."""
        return member.user.dm_channel

    def received(self, member: Any) -> list[str]:
        """Return what the bot wrote to a member, oldest first."""
        return [message.content for message in self.dm_of(member).history() if message.author.bot]

    async def restart(self) -> None:
        """Put a new client in the place of the old one; storage stays."""
        await self.env.restart_bot(MatchdayClient(self.house.services, self.house.due_loop, sync_state=self.sync_state))

    async def send_due(self) -> None:
        """Send all that is due now, as the due loop does."""
        loop = self.house.due_loop
        loop.partition.is_held = True
        try:
            await loop.tick()
            await loop.settle_all()
        finally:
            loop.partition.is_held = False
            loop._pacer._next_at = 0.0  # it was read from the real clock here, and what is clicked next runs on simcord's, which stands


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest_asyncio.fixture
async def house(tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    settings = Settings(data_dir=tmp_path, sends_per_second=100_000, database_url=f"sqlite+aiosqlite:///{tmp_path / 'matchday.sqlite3'}")
    await upgrade(settings.database)
    database = Database.open(settings.database)
    cipher = Cipher.from_key_file(settings.keys, create=True)
    await check_key(database, cipher)
    house = build(settings, database, cipher, ManualClock(NOW), catalogue)
    monkeypatch.setattr(house.due_loop, "start", _left_out)
    # Simcord does not let a timer run while a task waits for what it brings: a mark is written at once, without waiting for neighbours.
    monkeypatch.setattr("bot.scheduling.marks.MOST", 1)
    yield house
    await house.due_loop.stop()
    await database.close()


@pytest.fixture
def simcord_bot(house: House, tmp_path: Path) -> MatchdayClient:
    return MatchdayClient(house.services, house.due_loop, sync_state=tmp_path / "commands")


@pytest_asyncio.fixture
async def world(simcord_env: simcord.Env, house: House, tmp_path: Path) -> World:
    await simcord_env.advance_time(1)  # its loop begins at 0 and stands: a second's room, so that the pacer never has to wait
    guild = simcord_env.create_guild("Residency Circle")
    general = guild.create_text_channel("general")
    amira = guild.add_member(simcord_env.create_user("amira"))
    diego = guild.add_member(simcord_env.create_user("diego"))
    clock = house.services.clock
    assert isinstance(clock, ManualClock)
    return World(simcord_env, house, clock, guild, general, amira, diego, tmp_path / "commands")


async def _left_out() -> None:
    """Stand in for the start of the due loop."""


def components(message: Any) -> list[dict[str, Any]]:
    """Return every component of a message or a result, nested ones included."""
    found = message.response if isinstance(message, simcord.InteractionResult) else message
    assert found is not None, "the bot did not answer"
    return _nested([each if isinstance(each, dict) else each.to_dict() for each in found.components])


def _nested(raw: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [inner for each in raw for inner in (each, *_nested(each.get("components", [])))]


def text(message: Any) -> str:
    """Return everything that can be read in a card, labels left out."""
    return "\n".join(each["content"] for each in components(message) if each["type"] == 10)


def title(message: Any) -> str:
    """Return the title of a card."""
    return text(message).splitlines()[0].removeprefix("### ")


def labels(message: Any) -> list[str]:
    """Return the labels of a card's buttons, in order."""
    return [each["label"] for each in components(message) if each["type"] == 2]


def options(message: Any) -> list[dict[str, Any]]:
    """Return the options of a card's only select."""
    (select,) = [each for each in components(message) if each["type"] == 3]
    return select["options"]
