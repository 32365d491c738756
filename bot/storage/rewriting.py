"""Every encrypted blob of every table: counted by the key that wrote it, and written anew with the first key while the bot works."""

import asyncio
import importlib
import pkgutil
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

import bot.storage
from bot.storage.database import Database
from bot.storage.encryption import Cipher, UnreadableError
from bot.storage.tables import metadata

READ_ROWS = 500
WRITE_ROWS = 50
"""How many rows are changed in one transaction: it holds the one lock of a SQLite file for some milliseconds."""


@dataclass(slots=True)
class Sweep:
    """Hold what was found of the blobs in one walk through all tables."""

    blobs: int = 0
    rewritten: dict[str, int] = field(default_factory=dict[str, int])
    """How many were of another key than the first one, by ``table.column``."""
    unreadable: dict[str, int] = field(default_factory=dict[str, int])
    """How many no key reads, by ``table.column``."""

    @property
    def old(self) -> int:
        """Return how many were of another key."""
        return sum(self.rewritten.values())

    @property
    def lost(self) -> int:
        """Return how many no key reads."""
        return sum(self.unreadable.values())


def encrypted_columns() -> list[sa.Column[Any]]:
    """Return every column that holds encrypted blobs, whichever module of tables it stands in; nothing else is binary."""
    for module in pkgutil.iter_modules(bot.storage.__path__):
        if module.name.endswith("tables"):
            importlib.import_module(f"bot.storage.{module.name}")
    return [column for table in metadata.sorted_tables for column in table.c if isinstance(column.type, sa.LargeBinary)]


async def count_by_key(database: Database, cipher: Cipher) -> Sweep:
    """Return what ``rewrite`` would do, and do nothing."""
    found = Sweep()
    for column in encrypted_columns():
        async for rows in _pages(database, column):
            _sort(rows, column, cipher, found)
    return found


async def rewrite(database: Database, cipher: Cipher) -> Sweep:
    """Write every blob of another key anew with the first one; return what was found.

    A blob is replaced only where it still is what was read: what the bot changes meanwhile stays as the bot left it, for the next walk.
    """
    found = Sweep()
    for column in encrypted_columns():
        async for rows in _pages(database, column):
            changes = _sort(rows, column, cipher, found)
            for first in range(0, len(changes), WRITE_ROWS):
                await _replace(database, column, changes[first : first + WRITE_ROWS])
    return found


async def _pages(database: Database, column: sa.Column[Any]) -> AsyncGenerator[list[sa.Row[Any]]]:
    """Yield the rows of a table that hold a blob, by primary key; a page is read and let go before it is worked on."""
    key = list(column.table.primary_key)
    last: tuple[Any, ...] | None = None
    while True:
        query = sa.select(*key, column).where(column.is_not(None)).order_by(*key).limit(READ_ROWS)
        if last is not None:
            query = query.where(sa.tuple_(*key) > sa.tuple_(*(sa.literal(value, each.type) for value, each in zip(last, key, strict=True))))
        async with database.read() as connection:
            rows = list((await connection.execute(query)).all())
        if rows:
            yield rows
        if len(rows) < READ_ROWS:
            return
        last = tuple(rows[-1])[: len(key)]


def _sort(rows: list[sa.Row[Any]], column: sa.Column[Any], cipher: Cipher, found: Sweep) -> list[dict[str, Any]]:
    """Count the rows by the key that wrote them; return what is to be written for those of another one."""
    name, changes = f"{column.table.name}.{column.name}", list[dict[str, Any]]()
    for row in rows:
        *key, blob = row
        found.blobs += 1
        try:
            new = cipher.rewritten(blob)
        except UnreadableError:
            found.unreadable[name] = found.unreadable.get(name, 0) + 1
            continue
        if new is not None:
            found.rewritten[name] = found.rewritten.get(name, 0) + 1
            changes.append({f"key_{number}": value for number, value in enumerate(key)} | {"old": blob, "new": new})
    return changes


async def _replace(database: Database, column: sa.Column[Any], changes: list[dict[str, Any]]) -> None:
    mine = [each == sa.bindparam(f"key_{number}") for number, each in enumerate(column.table.primary_key)]
    change = sa.update(column.table).where(*mine, column == sa.bindparam("old")).values({column: sa.bindparam("new")})
    began = time.monotonic()
    async with database.write() as connection:
        await connection.execute(change, changes)
    await asyncio.sleep(time.monotonic() - began)  # at least half of the time belongs to the bot's own writing
