"""Databases of both kinds, a clock that stands, a Discord that remembers."""

import pytest

from bot.scheduling import marks
from tests.scheduling.outboxes import FakeDiscord
from tests.support.budgets import budget_url, redis_server, redis_url
from tests.support.clocks import ManualClock
from tests.support.databases import (
    bare_url,
    database_url,
    postgres_server,
    postgres_template,
    postgres_url,
    sqlite_store,
    sqlite_template,
    sqlite_url,
    store,
    worker,
)

__all__ = [
    "bare_url",
    "budget_url",
    "database_url",
    "postgres_server",
    "postgres_template",
    "postgres_url",
    "redis_server",
    "redis_url",
    "sqlite_store",
    "sqlite_template",
    "sqlite_url",
    "store",
    "worker",
]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def discord(clock: ManualClock) -> FakeDiscord:
    return FakeDiscord(clock)


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write each mark at once, and retry without the jitter's wait."""
    monkeypatch.setattr(marks, "LONGEST_SECONDS", 0.0)
    monkeypatch.setattr(marks, "RETRY_SECONDS", 0.0)
