"""Marks in groups: the disk's commit paid once for many, and none forgotten."""

import asyncio
import time
from collections.abc import Sequence

import pytest

from bot.domain.delivery import DeliveryState
from bot.scheduling import marks as module
from bot.scheduling.marks import LONGEST_SECONDS, MOST, MarkBuffer
from bot.storage.deliveries import DeliveryRepository
from bot.storage.delivery_rows import Mark
from tests.support.databases import Store


class CountingRepository(DeliveryRepository):
    """Note the groups; fail as often as told first."""

    def __init__(self, store: Store, failures: int = 0) -> None:
        super().__init__(store.database, store.cipher)
        self.groups: list[int] = []
        self.failures = failures

    async def mark(self, owner: str, marks: Sequence[Mark]) -> set[str]:  # noqa: ARG002 - the repository's signature
        if self.failures:
            self.failures -= 1
            raise OSError("database is locked")
        self.groups.append(len(marks))
        return {mark.id for mark in marks if not mark.id.startswith("lost")}


def mark(name: str) -> Mark:
    return Mark(name, DeliveryState.PARKED, "closed")


async def test_many_are_written_in_groups_of_fifty_at_most(sqlite_store: Store) -> None:
    repository = CountingRepository(sqlite_store)
    buffer = MarkBuffer(repository, "one")
    assert all(await asyncio.gather(*(buffer.add(mark(str(number))) for number in range(MOST * 4 + 20))))
    assert repository.groups == [MOST] * 4 + [20]


async def test_one_alone_is_written_within_a_tenth_of_a_second(sqlite_store: Store) -> None:
    buffer = MarkBuffer(CountingRepository(sqlite_store), "one")
    before = time.perf_counter()
    assert await buffer.add(mark("a"))
    assert time.perf_counter() - before < LONGEST_SECONDS + 0.1


async def test_what_is_no_longer_held_is_told(sqlite_store: Store) -> None:
    buffer = MarkBuffer(CountingRepository(sqlite_store), "one")
    assert await asyncio.gather(buffer.add(mark("a")), buffer.add(mark("lost"))) == [True, False]


async def test_a_locked_database_is_asked_again_and_nothing_is_lost(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
    repository = CountingRepository(sqlite_store, failures=3)
    buffer = MarkBuffer(repository, "one")
    added = [asyncio.create_task(buffer.add(mark(str(number)))) for number in range(3)]
    await asyncio.sleep(0)
    await buffer.flush()
    assert await asyncio.gather(*added) == [True] * 3
    assert repository.groups == [3]
    assert caplog.text.count("could not be marked") == 3
