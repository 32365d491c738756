"""Move an installation from one database to another: every row of every table, in one transaction of the target, read back and compared."""

import pkgutil
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from itertools import zip_longest
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import NullPool

import bot.storage
from bot.errors import StartError
from bot.storage.database import Database, is_sqlite, make_engine, writing
from bot.storage.failures import opening
from bot.storage.leases import LeaseRepository
from bot.storage.migrate import MOVED, newest_version, parse_url, upgrade_within, versions_found
from bot.storage.tables import lease, metadata

AT_ONCE = 1_000
"""Rows in hand: few enough for any memory, many enough that the way to the server does not count."""
NO_ROWS: list[Any] = []


@dataclass(frozen=True, slots=True)
class TableMoved:
    """Hold what became of one table."""

    name: str
    rows: int
    differ: int = 0
    columns: frozenset[str] = frozenset()
    """In which columns; all of them where a row is missing on one side."""


@dataclass(slots=True)
class Move:
    """Hold what became of all tables."""

    tables: list[TableMoved] = field(default_factory=list[TableMoved])
    is_served: bool = False
    """Whether a bot serves the source: told by a rehearsal, which does not mind."""
    seconds: float = 0.0

    @property
    def is_well(self) -> bool:
        """Tell whether both sides hold the same."""
        return not any(table.differ for table in self.tables)


async def move(source_url: str, target_url: str, *, is_rehearsal: bool, say: Callable[[TableMoved], None]) -> Move:
    """Copy every row and compare it; commit where all are the same and it is no rehearsal, else leave the target as it was.

    ``say`` is told of each table once it is compared.

    Raises:
        StartError: One of the two can't be read or written, or is not what it must be; nothing was changed.
    """
    from_, to = parse_url(source_url), parse_url(target_url)
    _refuse_the_same(from_, to)
    _load_tables()
    began, done = time.monotonic(), Move()
    source = make_engine(from_, foreign_keys=False, poolclass=NullPool)
    target = make_engine(to, foreign_keys=False, poolclass=NullPool)
    try:
        async with _source(source, done, is_rehearsal=is_rehearsal) as reading:
            async with _target(target) as writing_to:
                for table in metadata.sorted_tables:
                    await _copy(table, reading, writing_to)
                    done.tables.append(await _compare(table, reading, writing_to))
                    say(done.tables[-1])
                await _set_sequences(writing_to)
                await _check_references(writing_to)
                if is_rehearsal or not done.is_well:
                    await writing_to.rollback()
            if done.is_well and not is_rehearsal:
                await _retire(reading)  # only now: were this lost, both would be whole, and the second one not empty
    finally:
        await source.dispose()
        await target.dispose()
    done.seconds = time.monotonic() - began
    return done


def shown(url: str) -> str:
    """Return an address without its password."""
    return sa.make_url(url).render_as_string(hide_password=True)


def _load_tables() -> None:
    """Load every module that holds tables, so that ``metadata`` is whole whatever else was loaded."""
    for module in pkgutil.iter_modules(bot.storage.__path__):
        if module.name.endswith("_tables"):
            import_module(f"bot.storage.{module.name}")


def _refuse_the_same(source: sa.URL, target: sa.URL) -> None:
    """Raise StartError where both are one database. One that is named otherwise twice is not empty, and refused for that."""
    if source.get_backend_name() == target.get_backend_name() == "sqlite":
        is_same = Path(source.database or "").resolve() == Path(target.database or "").resolve()
    else:
        places = [(each.drivername, each.host, each.port or 5432, each.database, dict(each.query)) for each in (source, target)]
        is_same = places[0] == places[1]
    if is_same:
        raise StartError("--from and --to are the same database.", "Name the database to move from, and an empty one to move to.")


@contextmanager
def _named(side: str) -> Generator[None]:
    """Let an error say which of the two databases it is about."""
    try:
        with opening():
            yield
    except StartError as error:
        raise StartError(
            f"{side}: {error.what_happened}", error.what_to_do.replace("MATCHDAY_DATABASE_URL", f"the address after {side}")
        ) from error


@asynccontextmanager
async def _source(engine: AsyncEngine, done: Move, *, is_rehearsal: bool) -> AsyncGenerator[AsyncConnection]:
    """Yield a connection that reads one moment; except in a rehearsal no bot can begin to serve it meanwhile."""
    path = Path(engine.url.database or "")
    if is_sqlite(engine) and not path.is_file():
        raise StartError(f"--from: there is no database file {path}.", "Name the file as sqlite+aiosqlite:////the/whole/path.sqlite3.")
    async with AsyncExitStack() as stack:
        with _named("--from"):
            async with Database(engine).read() as looking:
                await _refuse_other_version(looking)
            holding = writing(engine) if is_sqlite(engine) and not is_rehearsal else Database(engine).snapshot()
            reading = await stack.enter_async_context(holding)
            if not is_rehearsal:
                await _lock_leases(reading)  # before anything is read: from there on what is seen is of one moment
            done.is_served = bool(await LeaseRepository.senders(reading))
            if done.is_served and not is_rehearsal:
                raise StartError(
                    "A bot serves this database. What it writes while the rows are copied would be lost.",
                    "Stop the bot, then move. If it was killed, its lease ends within 30 seconds. A rehearsal (--dry-run) needs no stop.",
                )
        yield reading


async def _lock_leases(connection: AsyncConnection) -> None:
    """Let no bot take the lease that it must have before it does anything; on SQLite a writing transaction holds the one lock there is."""
    if not is_sqlite(connection):
        await connection.execute(sa.text(f"LOCK TABLE {lease.name} IN EXCLUSIVE MODE"))


async def _retire(connection: AsyncConnection) -> None:
    """Let no bot serve the source any more: it would send again what the target's bot sends, and Discord forgets nonces after minutes."""
    await connection.execute(sa.text("UPDATE alembic_version SET version_num = :moved"), {"moved": MOVED})
    await connection.commit()


async def _refuse_other_version(connection: AsyncConnection) -> None:
    found, newest = await connection.run_sync(versions_found), newest_version()
    if not found:
        raise StartError("It is no database of Matchday: it has no version.", "Check the address.")
    if found == [MOVED]:
        raise StartError("This database was moved already.", "Name the one that it was moved to.")
    if found != [newest]:
        raise StartError(
            f"The database has version {found[0]}; this program moves version {newest}.",
            "Run matchday migrate on it first, with this version of Matchday and the bot stopped; or install the version that it is of.",
        )


@asynccontextmanager
async def _target(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """Yield a connection in the one transaction: tables made, none of them filled, and no bot can begin to serve it meanwhile."""
    async with AsyncExitStack() as stack:
        with _named("--to"):
            connection = await stack.enter_async_context(writing(engine))
            await connection.run_sync(upgrade_within)
            await _lock_leases(connection)
            await _refuse_filled(connection)
        yield connection


async def _refuse_filled(connection: AsyncConnection) -> None:
    for table in metadata.sorted_tables:
        if await connection.scalar(sa.select(sa.literal(1)).select_from(table).limit(1)) is not None:
            raise StartError(
                f"The database is not empty: its table {table.name} has rows. Nothing was changed.",
                "Make an empty one and name that. A bot that was started on this one has written to it.",
            )


async def _copy(table: sa.Table, reading: AsyncConnection, target: AsyncConnection) -> None:
    async with reading.stream(sa.select(table)) as rows:
        async for some in rows.mappings().partitions(AT_ONCE):
            try:
                await target.execute(sa.insert(table), [dict(row) for row in some])
            except DBAPIError as error:
                # SQLite keeps a text that is too long for its column, and a number that is too large; the driver's words would repeat it.
                raise StartError(
                    f"--to: the database does not take a row of the table {table.name} ({type(error.orig).__name__}). Nothing was changed.",
                    "Report this, please; the log of the database server says which rule it breaks.",
                ) from None


async def _compare(table: sa.Table, reading: AsyncConnection, target: AsyncConnection) -> TableMoved:
    """Read every row from both sides in one order, and compare them value by value."""
    rows, differ, columns = 0, 0, set[str]()
    theirs = _ordered(table, target)
    async for some in _ordered(table, reading):
        rows += len(some)
        for one, other in zip_longest(some, await anext(theirs, NO_ROWS)):
            unequal = _unequal(table, one, other)
            differ, columns = differ + bool(unequal), columns | unequal
    async for more in theirs:  # rows that the source does not have
        differ, columns = differ + len(more), columns | set(table.c.keys())
    return TableMoved(table.name, rows, differ, frozenset(columns))


def _unequal(table: sa.Table, one: Any, other: Any) -> set[str]:  # noqa: ANN401 - rows of any table
    """Return the names of the columns that are not the same; all of them where a row is missing."""
    if one is None or other is None:
        return set(table.c.keys())
    return {name for name, mine, yours in zip(table.c.keys(), one, other, strict=True) if mine != yours or type(mine) is not type(yours)}


async def _ordered(table: sa.Table, connection: AsyncConnection) -> AsyncIterator[list[Any]]:
    """Give the rows by key, some at a time; texts by their bytes, as SQLite orders them, whatever the server's language."""
    by_bytes = not is_sqlite(connection)
    keys = [sa.collate(key, "C") if by_bytes and isinstance(key.type, sa.String) else key for key in table.primary_key]
    async with connection.stream(sa.select(table).order_by(*keys)) as rows:
        async for some in rows.partitions(AT_ONCE):
            yield [tuple(row) for row in some]


async def _set_sequences(connection: AsyncConnection) -> None:
    """Let what PostgreSQL counts by itself go on after the highest number that was copied. No key of today is counted so."""
    if is_sqlite(connection):
        return
    for table in metadata.sorted_tables:
        for key in table.primary_key:
            name = await connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, key.name)))
            highest = await connection.scalar(sa.select(sa.func.max(key))) if name else None
            if highest is not None:
                await connection.execute(sa.select(sa.func.setval(sa.cast(name, sa.Text).cast(REGCLASS), highest)))


async def _check_references(connection: AsyncConnection) -> None:
    """Check on SQLite that each row has what it belongs to, which PostgreSQL did with every row."""
    if is_sqlite(connection) and (await connection.exec_driver_sql("PRAGMA foreign_key_check")).fetchall():
        raise StartError("--from: it holds rows without what they belong to.", "Nothing was changed. Report this, please.")
