"""The services over a real SQLite file, a clock that a test moves, and an Outbox that keeps what it is given."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from bot.catalogue.catalogue import Catalogue, load_catalogue
from bot.domain.delivery import Delivery
from bot.domain.member import Member
from bot.scheduling.outbox import Outcome, Refused, Sent
from bot.scheduling.pacing import Pacer
from bot.services.answers import Press
from bot.services.bundle import Services
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.encryption import Cipher
from bot.wiring import House, build
from tests.support.clocks import ManualClock
from tests.support.databases import AMIRA, DIEGO, sqlite_template, sqlite_url, worker

__all__ = ["sqlite_template", "sqlite_url", "worker"]
ZONE = "Africa/Cairo"


@dataclass
class KeptOutbox:
    """Take every delivery, or refuse each with a reason."""

    reason: str = ""
    taken: list[Delivery] = field(default_factory=list)

    async def send(self, delivery: Delivery, pacer: Pacer) -> Outcome:  # noqa: ARG002 - the protocol's
        self.taken.append(delivery)
        return Refused(self.reason) if self.reason else Sent(message_id=len(self.taken), channel_id=7)

    async def find_sent(self, delivery: Delivery, pacer: Pacer) -> Sent | None:  # noqa: ARG002 - the protocol's
        return None


@dataclass(frozen=True)
class Desk:
    """Hold the services and what is around them."""

    house: House
    clock: ManualClock
    outbox: KeptOutbox

    @property
    def services(self) -> Services:
        return self.house.services

    async def amira(self) -> Member:
        return await self.services.members.get(AMIRA)

    async def send_due(self) -> list[Delivery]:
        """Send all that is due now; return what was handed to the Outbox for it."""
        before = len(self.outbox.taken)
        await self.house.due_loop.tick()
        await self.house.due_loop.settle_all()
        return self.outbox.taken[before:]

    async def delivered(self, what: str = "a letter", member_id: int = AMIRA) -> Press:
        """Let a reminder of hers come; return the press of a button below it."""
        member = await self.services.members.get(member_id)
        await self.services.reminders.remind_me(member, "in 5 minutes", what, None)
        self.clock.move_to((await self.services.reminders.page(member_id, 1, 0))[0][0].due_at)
        (delivery,) = await self.send_due()
        return Press(member_id, delivery.id, message_id=1, channel_id=7)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest_asyncio.fixture
async def desk(sqlite_url: str, catalogue: Catalogue, tmp_path: Path) -> AsyncIterator[Desk]:
    database = Database.open(sqlite_url)
    cipher = Cipher.from_key_file(tmp_path / "key", create=True)
    settings = Settings(data_dir=tmp_path, sends_per_second=100_000, _env_file=None)
    clock, outbox = ManualClock(), KeptOutbox()
    house = build(settings, database, cipher, clock, catalogue)
    house.due_loop.attach(outbox)
    house.due_loop.partition.is_held = True
    for member_id in (AMIRA, DIEGO):
        await house.services.members.set_zone(member_id, ZONE)
    yield Desk(house, clock, outbox)
    await house.due_loop.stop()
    await database.close()
