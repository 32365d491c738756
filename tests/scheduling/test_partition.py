"""The sending lease's holder: whose lease may be taken at once, and what an absent database means."""

import asyncio
import os
import socket
from typing import Any

import pytest

from bot.scheduling import partition as module
from bot.scheduling.partition import Partition, is_dead, this_process
from bot.storage.leases import LeaseRepository
from tests.support.databases import Store

HOST = socket.gethostname()[:40]
ME = f"{HOST}:{os.getpid()}:0a"
GONE = 2**22 + 1
"""Above the most that Linux numbers processes with."""


def test_every_start_has_a_name_of_its_own() -> None:
    assert this_process() != this_process()
    assert len(this_process()) <= 128


@pytest.mark.parametrize(
    ("owner", "dead"),
    [
        (ME, False),
        (f"{HOST}:{os.getpid()}:0b", True),  # an earlier life of a container's process 1
        (f"{HOST}:{os.getppid()}:0b", False),
        (f"{HOST}:{GONE}:0b", True),
        (f"{HOST}:{10**30}:0b", False),
        (f"another-host:{GONE}:0b", False),
        (f"another-host:{os.getpid()}:0b", False),
        (f"{HOST}:{GONE}", False),  # no form of ours
        (f"{HOST}:-1:0b", False),
        (f"{HOST}:0:0b", False),
        (f"{HOST}:²:0b", False),
        (f"{HOST}::", False),
        ("::", False),
        ("", False),
    ],
    ids=[str(number) for number in range(14)],  # process numbers differ from worker to worker
)
def test_only_a_process_of_this_host_that_is_gone_is_dead(owner: str, dead: bool) -> None:
    assert is_dead(owner, ME) is dead


def test_elsewhere_nobody_asks_about_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_arguments: Any) -> None:
        raise AssertionError("on Windows this ends the process")

    monkeypatch.setattr(module.os, "kill", never)
    monkeypatch.setattr(module.os, "name", "nt")
    assert not is_dead(f"{HOST}:{GONE}:0b", ME)


async def test_the_lease_of_an_earlier_life_is_taken_at_once(store: Store) -> None:
    assert await store.leases.acquire("all", f"{HOST}:{os.getpid()}:earlier", 3_600)
    partition = Partition(store.leases, this_process(), 0.3)
    async with asyncio.timeout(5):
        await partition.hold()
    assert partition.is_held
    await partition.release()
    assert await store.leases.holder("all") is None


class MoodyLeases(LeaseRepository):
    """Leases of a database that is away for a while."""

    failures = 0

    async def acquire(self, partition: str, owner: str, seconds: float) -> bool:
        if self.failures > 0:
            self.failures -= 1
            raise OSError("the server starts anew")
        return await super().acquire(partition, owner, seconds)


async def test_a_database_that_is_away_is_asked_again(sqlite_store: Store, caplog: pytest.LogCaptureFixture) -> None:
    leases = MoodyLeases(sqlite_store.database)
    leases.failures = 3
    partition = Partition(leases, "one", 0.06)
    async with asyncio.timeout(5):
        await partition.hold()
    assert partition.is_held
    assert "standing by" not in caplog.text
    assert caplog.text.count("could not be asked for") == 3
    leases.failures = 10**9  # and then for longer than the lease runs
    async with asyncio.timeout(5):
        await partition.lost.wait()
    assert not partition.is_held
