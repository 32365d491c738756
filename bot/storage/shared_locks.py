"""Locks that hold over every process on a PostgreSQL database: what is read, changed and written whole stays whole."""

import asyncio
import logging
from typing import Self

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import make_engine

log = logging.getLogger(__name__)

LONGEST_SECONDS = 120
"""A process that stands still while it holds one loses it then, unless the lock was made for longer work."""


class SharedLocks:
    """Hand out locks, each held on a connection of its own, apart from those that the work inside needs."""

    def __init__(self, url: str) -> None:
        self._engine = make_engine(make_url(url), pool_size=2, max_overflow=14, pool_pre_ping=True)

    def named(self, name: str, longest: int = LONGEST_SECONDS) -> "SharedLock":
        """Return the lock of a name, for work that takes so many seconds at most."""
        return SharedLock(self, name, longest)

    async def take(self, name: str, longest: int) -> AsyncConnection:
        """Wait for a lock; return the connection that holds it until it is closed."""
        connection = await self._engine.connect()
        try:
            await connection.execute(text(f"SET LOCAL idle_in_transaction_session_timeout = {longest * 1_000:d}"))
            await connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})
        except BaseException:
            await connection.close()
            raise
        return connection

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


class SharedLock:
    """Be held by one task of one process at a time."""

    def __init__(self, locks: SharedLocks, name: str, longest: int) -> None:
        self._longest = longest
        self._locks = locks
        self._name = name
        self._here = asyncio.Lock()
        self._held: AsyncConnection | None = None

    async def __aenter__(self) -> Self:
        await self._here.acquire()  # in this process first: what waits here waits without a connection
        try:
            self._held = await self._locks.take(self._name, self._longest)
        except BaseException:
            self._here.release()
            raise
        return self

    async def __aexit__(self, *_error: object) -> None:
        held, self._held = self._held, None
        try:
            if held is not None:
                await held.close()
        except Exception:  # the connection broke, and the lock went with it
            log.exception("the lock %s was lost before it was given back", self._name)
        finally:
            self._here.release()
