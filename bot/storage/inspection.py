"""What can be told of a database without changing it."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa

from bot.domain.delivery import SUPERSEDED, DeliveryState
from bot.storage import migrate
from bot.storage.database import LOOK_SECONDS, Database, is_sqlite, real_now
from bot.storage.leases import LeaseRepository
from bot.storage.tables import delivery, key_check


def missing_file(url: sa.URL) -> Path | None:
    """Return the file of a SQLite database that is not there; None for one that is there, and for a server's."""
    path = file_of(url)
    return None if path is None or path.exists() else path


def file_of(url: sa.URL) -> Path | None:
    """Return the file of a SQLite database; None for a server's."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        return None
    return Path(url.database)


@dataclass(frozen=True, slots=True)
class FileLook:
    """Hold how a SQLite file stands."""

    journal: str
    damage: str | None
    """The first thing that is wrong inside it, in SQLite's words, which name pages and indexes and no value; None where nothing is."""


def look_at_file(path: Path) -> FileLook:
    """Return how a SQLite file stands; it is read whole, and left as it is."""
    try:
        connection = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True, timeout=LOOK_SECONDS)
        try:
            journal = str(connection.execute("PRAGMA journal_mode").fetchone()[0])
            found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        return FileLook("", str(error))
    return FileLook(journal, None if found == "ok" else found.splitlines()[0])


async def version_of(database: Database) -> str | None:
    """Return the version of the database's form, or None where it has none."""
    async with database.read() as connection:
        return await migrate.version_of(connection)


@dataclass(frozen=True, slots=True)
class ServerLook:
    """Hold a database server's version, its major number, and how many seconds its clock is ahead of this host's."""

    version: str
    major: int
    ahead_seconds: float


async def look_at_server(database: Database) -> ServerLook | None:
    """Return how a PostgreSQL server stands; None for a SQLite file."""
    async with database.read() as connection:
        if is_sqlite(connection):
            return None
        version = str(await connection.scalar(sa.text("SHOW server_version"))).partition(" ")[0]
        before = datetime.now(UTC)
        there = await real_now(connection)
        between = before + (datetime.now(UTC) - before) / 2
    return ServerLook(version, int(version.partition(".")[0]), (there - between).total_seconds())


async def canary_of(database: Database) -> bytes | None:
    """Return what tells whether a key file belongs to this database; None where no key was used yet."""
    async with database.read() as connection:
        return await connection.scalar(sa.select(key_check.c.canary))


async def holders_of_leases(database: Database) -> list[str]:
    """Return the processes that hold a sending lease now."""
    async with database.read() as connection:
        return await LeaseRepository.senders(connection)


@dataclass(frozen=True, slots=True)
class DeliveryLook:
    """Hold how many deliveries stand how."""

    overdue: int
    oldest_due: datetime | None
    """When the oldest of those was due."""
    waiting: int
    """How many members' messages wait in inboxes, because they could not be sent."""
    stopped: int
    """How many messages to channels could not be sent."""
    gave_up: int
    """How many of both were tried again and again, in vain."""


async def look_at_deliveries(database: Database, now: datetime, patience: timedelta, gave_up: str) -> DeliveryLook:
    """Return how the deliveries stand; overdue is what could have gone out longer ago than ``patience``, by product time."""
    late = sa.and_(delivery.c.state.in_(["pending", "claimed"]), delivery.c.not_before < now - patience)
    parked = sa.and_(delivery.c.state == DeliveryState.PARKED.value, delivery.c.reason != SUPERSEDED)
    counted = (
        late,
        sa.and_(parked, delivery.c.member_id.is_not(None), delivery.c.seen_at.is_(None)),
        sa.and_(parked, delivery.c.member_id.is_(None)),
        sa.and_(parked, delivery.c.reason == gave_up),
    )
    async with database.read() as connection:
        oldest = await connection.scalar(sa.select(sa.func.min(delivery.c.due_at)).where(late))
        overdue, waiting, stopped, tired = [
            (await connection.execute(sa.select(sa.func.count()).select_from(delivery).where(which))).scalar_one() for which in counted
        ]
    return DeliveryLook(overdue, oldest, waiting, stopped, tired)
