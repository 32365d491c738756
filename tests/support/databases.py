"""Databases for tests: each test its own, on SQLite and on PostgreSQL, copied from one that was migrated once per worker."""

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from cryptography.fernet import Fernet
from sqlalchemy.engine import make_url

from bot.domain.delivery import Delivery, DeliveryKind, Priority, member_recipient
from bot.domain.member import Country, DirectMessages, Member
from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from bot.storage.database import Database
from bot.storage.deliveries import DeliveryRepository
from bot.storage.encryption import Cipher
from bot.storage.identifiers import new_id
from bot.storage.leases import LeaseRepository
from bot.storage.members import MemberRepository
from bot.storage.migrate import upgrade
from bot.storage.privacy import PrivacyRepository
from bot.storage.reminders import ReminderRepository
from tests.support.clocks import NOON

SERVER = os.environ.get("MATCHDAY_TEST_POSTGRES", "postgresql+asyncpg://postgres@127.0.0.1:5432/postgres")
ANSWER_SECONDS = 5.0
AMIRA, DIEGO = 1100000000000001000, 1100000000000002000


def run_apart(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine to its end on a loop of its own, whatever loop this thread has."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def on_server(name: str) -> str:
    """Return the address of a database of the test server."""
    return make_url(SERVER).set(database=name).render_as_string(hide_password=False)


async def _tell_server(*statements: str) -> None:
    address = make_url(SERVER).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(address, timeout=ANSWER_SECONDS)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def fresh_name(worker: str) -> str:
    return f"matchday_test_{worker}_{secrets.token_hex(6)}"


@pytest.fixture(scope="session")
def worker() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "alone")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "matchday.sqlite3"
    run_apart(upgrade(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_server() -> None:
    """Skip where no PostgreSQL answers; fail in CI."""
    try:
        run_apart(_tell_server("SELECT 1"))
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        reason = f"no PostgreSQL answers at MATCHDAY_TEST_POSTGRES: {type(error).__name__}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: None, worker: str) -> Iterator[str]:
    name = fresh_name(worker)
    run_apart(_tell_server(f"CREATE DATABASE {name}"))
    run_apart(upgrade(on_server(name)))
    yield name
    run_apart(_tell_server(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "matchday.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_template: str, worker: str) -> Iterator[str]:
    name = fresh_name(worker)
    run_apart(_tell_server(f"CREATE DATABASE {name} TEMPLATE {postgres_template}"))
    yield on_server(name)
    run_apart(_tell_server(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the address of a migrated, empty database: the test runs once on each kind."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path, worker: str) -> Iterator[str]:
    """Return the address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'bare.sqlite3'}"
        return
    request.getfixturevalue("postgres_server")
    name = fresh_name(worker)
    run_apart(_tell_server(f"CREATE DATABASE {name}"))
    yield on_server(name)
    run_apart(_tell_server(f"DROP DATABASE {name} WITH (FORCE)"))


@dataclass(frozen=True, slots=True)
class Store:
    """Hold an open database and its repositories."""

    url: str
    database: Database
    cipher: Cipher
    members: MemberRepository
    reminders: ReminderRepository
    deliveries: DeliveryRepository
    leases: LeaseRepository
    privacy: PrivacyRepository


def open_store(url: str, cipher: Cipher | None = None) -> Store:
    database = Database.open(url)
    cipher = cipher or Cipher([Fernet.generate_key().decode()])
    return Store(
        url,
        database,
        cipher,
        MemberRepository(database, cipher),
        ReminderRepository(database, cipher),
        DeliveryRepository(database, cipher),
        LeaseRepository(database),
        PrivacyRepository(database, cipher),
    )


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    opened = open_store(database_url)
    yield opened
    await opened.database.close()


@pytest_asyncio.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[Store]:
    opened = open_store(sqlite_url)
    yield opened
    await opened.database.close()


def a_member(member_id: int = AMIRA, **changes: Any) -> Member:
    settings: dict[str, Any] = {
        "zone": "Africa/Cairo",
        "countries": frozenset({Country.UNITED_STATES}),
        "target_year": 2027,
        "direct_messages": DirectMessages.ON,
        "consented_at": NOON,
        "consent_version": 1,
    }
    return Member(member_id, NOON, **(settings | changes))


def a_reminder(member_id: int = AMIRA, due: datetime = NOON, **changes: Any) -> Reminder:
    what: dict[str, Any] = {"text": "ask Dr. Osei", "wall_time": "2026-11-22T14:00:00", "zone": "Africa/Cairo"}
    return Reminder(new_id(), member_id, ReminderKind.OWN, ReminderState.ACTIVE, due, NOON, **(what | changes))


def a_date_reminder(member_id: int = AMIRA, due: datetime = NOON, lead: timedelta = timedelta(days=7)) -> Reminder:
    kind, state = ReminderKind.SEASON_DATE, ReminderState.ACTIVE
    return Reminder(new_id(), member_id, kind, state, due, NOON, event_id="us-2027-match-day", lead=lead)


def a_delivery(source_id: str = "1", due: datetime = NOON, *, member_id: int | None = AMIRA, **changes: Any) -> Delivery:
    recipient = "channel:5" if member_id is None else member_recipient(member_id)
    values: dict[str, Any] = {"payload": {"text": f"for {source_id}"}, "priority": Priority.NORMAL}
    return Delivery(DeliveryKind.OWN, recipient, "test", source_id, 0, due, **(values | changes))
