"""The database: SQLite by default, PostgreSQL by changing one setting; the differences sit here, each in one named place."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from sqlalchemy import Select, Table, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, PoolProxiedConnection, QueuePool

from bot.storage.types import from_microseconds

log = logging.getLogger(__name__)

BUSY_SECONDS = 10.0
LOOK_SECONDS = 5.0
_BEGIN = "matchday_begin"
IS_SHARED = "matchday_is_shared"
"""The execution option that tells connections of a database that several processes serve."""
PROGRAM = "matchday"
"""What a connection to a server calls itself."""


def is_sqlite(connection: AsyncConnection | AsyncEngine) -> bool:
    """Tell whether this is SQLite."""
    return connection.dialect.name == "sqlite"


def insert(connection: AsyncConnection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """Return an INSERT of the connection's dialect: both know ON CONFLICT, and spell it alike."""
    return sqlite.insert(table) if is_sqlite(connection) else postgresql.insert(table)


def locked(connection: AsyncConnection, query: Select[Any], *, skip: bool = False) -> Select[Any]:
    """Return the query with its rows locked until commit; on SQLite a writing transaction already holds the one lock there is."""
    return query if is_sqlite(connection) else query.with_for_update(skip_locked=skip)


async def one_at_a_time(connection: AsyncConnection, purpose: int) -> None:
    """Let writing transactions of one purpose follow each other; on SQLite a writing transaction already holds the one lock there is."""
    if not is_sqlite(connection):
        await connection.execute(text("SELECT pg_advisory_xact_lock(:purpose)"), {"purpose": purpose})


async def real_now(connection: AsyncConnection) -> datetime:
    """Return real time as every process on this database sees it: the server's clock, or the host's for a file."""
    if is_sqlite(connection):
        return datetime.fromtimestamp(time.time(), UTC)
    value = await connection.scalar(text("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"))
    return from_microseconds(int(value or 0))


async def stored_bytes(connection: AsyncConnection) -> int:
    """Return how large the database is: the pages of the file without the log beside it, or what the server keeps."""
    if is_sqlite(connection):
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
        return int(pages) * int((await connection.exec_driver_sql("PRAGMA page_size")).scalar_one())
    return int(await connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)


def make_engine(url: URL, *, foreign_keys: bool = True, **options: Any) -> AsyncEngine:  # noqa: ANN401 - SQLAlchemy's own options
    """Return an engine whose SQLite connections are durable, and whose writing transactions begin IMMEDIATE."""
    if url.get_backend_name() == "postgresql":  # so that whoever puts a backup back sees that a bot is connected
        named = {"server_settings": {"application_name": PROGRAM} | options.pop("server_settings", {})}
        options["connect_args"] = options.get("connect_args", {}) | named
    # An error of the database is logged with its traceback: without this it would repeat what was to be stored.
    engine = create_async_engine(url, hide_parameters=True, **options)
    if is_sqlite(engine):
        _prepare_sqlite(engine, foreign_keys=foreign_keys)
    return engine


def _prepare_sqlite(engine: AsyncEngine, *, foreign_keys: bool) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _entry: ConnectionPoolEntry) -> None:  # noqa: ANN401 - the driver's connection
        # The driver must not begin transactions by itself: its BEGIN is deferred, and a read that turns into a write then fails at once.
        connection.isolation_level = None
        try:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
            cursor.close()
        except BaseException:
            connection.close()  # nobody else will, and its thread would keep the process alive
            raise

    dialect, undo = engine.sync_engine.dialect, engine.sync_engine.dialect.do_rollback

    def rollback(dbapi_connection: PoolProxiedConnection) -> None:
        # SQLAlchemy ends every use of a connection with one; after a read there is nothing to undo, and it costs a trip to the thread.
        if getattr(dbapi_connection.driver_connection, "in_transaction", True):
            undo(dbapi_connection)

    dialect.do_rollback = rollback

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Connection) -> None:
        # One statement that reads is a transaction of its own: a BEGIN around it would cost as much again.
        statement = connection.get_execution_options().get(_BEGIN)
        if statement is not None:
            connection.exec_driver_sql(statement)


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """Yield a connection inside a writing transaction; commit at the end, roll back on an error."""
    async with engine.connect() as connection:
        await connection.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        async with connection.begin():
            yield connection


class Database:
    """Hold the engine; hand out connections for reading and for writing."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        # SQLite has one writer: waiting for it here is fair and costs nothing, waiting inside SQLite polls.
        self._writer: AbstractAsyncContextManager[object] = asyncio.Lock() if is_sqlite(engine) else nullcontext()

    @classmethod
    def open(cls, url: str, *, is_shared: bool = False) -> Self:
        """Return the database at ``sqlite+aiosqlite:///path`` or ``postgresql+asyncpg://…``; it connects when first used.

        ``is_shared`` tells that other processes serve it too, so that each change is made known to them.
        """
        parsed = make_url(url)
        options: dict[str, Any] = {"execution_options": {IS_SHARED: True}} if is_shared else {}
        return cls(make_engine(parsed, pool_size=4, max_overflow=4, pool_pre_ping=parsed.get_backend_name() != "sqlite", **options))

    @property
    def connections_in_use(self) -> int:
        """Return how many connections are in use at this moment."""
        pool = self.engine.pool
        return pool.checkedout() if isinstance(pool, QueuePool) else 0

    @classmethod
    def look_into(cls, url: str) -> Self:
        """Return the database for reading alone: a SQLite file stays as it is, whatever its journal, and no silent server is waited for."""
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database and not parsed.database.startswith("file:"):
            parsed = parsed.set(database=f"file:{quote(str(Path(parsed.database).resolve()))}", query={"mode": "ro", "uri": "true"})
        return cls(create_async_engine(parsed, hide_parameters=True, poolclass=NullPool, connect_args={"timeout": LOOK_SECONDS}))

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()

    async def checkpoint(self) -> None:
        """Bring what the log beside a SQLite file holds into the file itself, also while another process has it open."""
        if not is_sqlite(self.engine):
            return
        try:
            async with self.engine.connect() as connection:
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        except Exception:  # a full disk or a lock: the log beside the file holds the rest, and the next start reads it
            log.exception("the log of the database could not be brought into its file")

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncConnection]:
        """Yield a connection for reading; each statement sees what is committed then."""
        async with self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[AsyncConnection]:
        """Yield a connection for reading; everything read inside is of one moment."""
        async with self.engine.connect() as connection:
            if is_sqlite(connection):
                await connection.execution_options(**{_BEGIN: "BEGIN"})
            else:
                await connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncConnection]:
        """Yield a connection inside a writing transaction, which commits at exit and rolls back on an error."""
        async with self._writer, writing(self.engine) as connection:
            yield connection
