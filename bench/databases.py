"""Databases to measure on: a SQLite file on this disk, or a database of its own on a PostgreSQL server."""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import asyncpg
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database

Kind = Literal["SQLite", "PostgreSQL"]
SQLITE, POSTGRES = "SQLite", "PostgreSQL"
SERVER = os.environ.get("MATCHDAY_TEST_POSTGRES", "postgresql+asyncpg://postgres@127.0.0.1:5432/postgres")
ANSWER_SECONDS = 5


async def why_not(kind: Kind) -> str:
    """Return why this kind can't be measured here, or nothing."""
    if kind == SQLITE:
        return ""
    try:
        await _tell_server("SELECT 1")
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        return f"no PostgreSQL answers at MATCHDAY_TEST_POSTGRES ({type(error).__name__})"
    return ""


@asynccontextmanager
async def database_in(kind: Kind, folder: Path) -> AsyncIterator[str]:
    """Give the address of an empty database: a file in the folder, which is made, or one that the server forgets afterwards."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if kind == SQLITE:
        yield f"sqlite+aiosqlite:///{folder / 'matchday.sqlite3'}"
        return
    name = f"matchday_bench_{secrets.token_hex(6)}"
    await _tell_server(f"CREATE DATABASE {name}")
    try:
        yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    finally:
        await _tell_server(f"DROP DATABASE {name} WITH (FORCE)")


async def _tell_server(statement: str) -> None:
    address = make_url(SERVER).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(address, timeout=ANSWER_SECONDS)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


class AllAtOnce(Database):
    """Write everything inside one transaction: what is prepared need not be made durable row by row."""

    def __init__(self, database: Database, connection: AsyncConnection) -> None:
        super().__init__(database.engine)
        self._connection = connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Give the one connection."""
        yield self._connection


@asynccontextmanager
async def all_at_once(database: Database) -> AsyncIterator[Database]:
    """Give a database whose writes are one transaction, committed at the end."""
    async with database.write() as connection:
        yield AllAtOnce(database, connection)
