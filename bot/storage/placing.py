"""Where a restored database comes to stand: made beside the old one, and put in its place all at once; the old one is moved aside."""

import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import NullPool

from bot.errors import StartError
from bot.storage.backups import file_of, sqlite_url
from bot.storage.database import PROGRAM, make_engine, writing
from bot.storage.durable import create, publish, sync_folder
from bot.storage.leases import DOUBT, SERVED, LeaseRepository
from bot.storage.migrate import parse_url
from bot.storage.portable import VERSION_TABLE
from bot.storage.tables import metadata

MICROSECONDS = 1_000_000
SQLITE = b"SQLite format 3\x00"
BESIDE = ("-wal", "-shm", "-journal")
IN_USE = StartError("Another program has the database open.", "Stop every bot that uses it, one that stands by too, then try again.")
NO_SCHEMA = StartError(
    "The user of the database may not make a schema there, in which the backup is put back before it takes the place of what is there.",
    "Let its owner say GRANT CREATE ON DATABASE, or name the owner in MATCHDAY_DATABASE_URL for this once.",
)


class Place(Protocol):
    """Where a restored database is made, and where it comes to stand."""

    async def sender(self) -> str | None:
        """Return who holds the sending lease of the database that is there, or None."""
        ...

    async def refuse_in_use(self) -> None:
        """Raise StartError where another program has the database open."""
        ...

    async def is_taken(self) -> bool:
        """Tell whether there is a database already."""
        ...

    async def begin(self) -> None:
        """Make room for the new one, beside."""
        ...

    def engine(self, *, foreign_keys: bool) -> AsyncEngine:
        """Return an engine for the new one."""
        ...

    async def put(self) -> str | None:
        """Put the new one in its place; return where the old one is now, None where there was none."""
        ...

    async def discard(self) -> None:
        """Remove what was made beside and not put in its place."""
        ...


def place_of(url: str) -> Place:
    """Return the place that a database's address names."""
    parsed = parse_url(url)
    return FilePlace(file_of(parsed)) if parsed.get_backend_name() == "sqlite" else SchemaPlace(parsed)


class FilePlace:
    """A SQLite file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._new = path.with_name(f".{path.name}.restoring")  # on the same disk, so that it can change its name

    async def sender(self) -> str | None:
        """Return who holds the sending lease; None too where the file can't be read as a database."""
        if not self._is_sqlite():
            return None
        query = "SELECT owner FROM lease WHERE partition NOT IN (?, ?) AND until > ?"
        try:
            with closing(self._connect()) as connection:
                row = connection.execute(query, (SERVED, DOUBT, int(time.time() * MICROSECONDS))).fetchone()
        except sqlite3.DatabaseError:
            return None
        return str(row[0]) if row else None

    async def refuse_in_use(self) -> None:
        """Raise StartError where another program has the file open: it would go on writing into the old one."""
        self._as_one_file(then="WAL")

    async def is_taken(self) -> bool:
        """Tell whether there is a file."""
        return self.path.exists()

    async def begin(self) -> None:
        """Make the file, which nobody else may read, in the place of what a process that was killed left there."""
        await self.discard()
        create(self._new).close()

    def engine(self, *, foreign_keys: bool) -> AsyncEngine:
        """Return an engine for the new file."""
        return make_engine(sqlite_url(self._new), foreign_keys=foreign_keys, poolclass=NullPool)

    async def put(self) -> str | None:
        """Put the new file in its place, in one step; the old one bears another name then."""
        with closing(sqlite3.connect(self._new)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
        _give_to_owner_of(self.path.parent, self._new)
        _sync(self._new)
        if not await self.is_taken():
            publish(self._new, self.path)
            return None
        self._as_one_file()
        aside = self.path.with_name(f"{self.path.name}.before-{_stamp()}")
        for ending in BESIDE:  # there are some only where the old file can't be opened any more
            left = self.path.with_name(self.path.name + ending)
            if left.exists():
                left.rename(aside.with_name(aside.name + ending))
        try:
            os.link(self.path, aside)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            self.path.rename(aside)
        self._new.replace(self.path)  # at each moment there is one of the two
        sync_folder(self.path.parent)
        return str(aside)

    async def discard(self) -> None:
        """Remove the new file."""
        for ending in ("", *BESIDE):
            self._new.with_name(self._new.name + ending).unlink(missing_ok=True)

    def _as_one_file(self, then: str | None = None) -> None:
        """Bring all of it into one file, which succeeds only where nobody else has it open."""
        if not self._is_sqlite():
            return
        try:
            with closing(self._connect()) as connection:
                connection.execute("PRAGMA journal_mode=DELETE").fetchall()
                if then is not None:
                    connection.execute(f"PRAGMA journal_mode={then}").fetchall()
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                raise IN_USE from None
            # It is damaged, or no database: a backup is wanted all the more, and the old file is kept as it is.

    def _is_sqlite(self) -> bool:
        """Tell whether it can be opened at all: of a file that is none SQLite would remove the log beside it."""
        try:
            with self.path.open("rb") as file:
                return file.read(len(SQLITE)) == SQLITE
        except FileNotFoundError:
            return False

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=rw", uri=True, timeout=0, isolation_level=None)


class SchemaPlace:
    """A PostgreSQL database: the new tables are made in a schema of their own, then change places with the old ones."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._new = f"matchday_restore_{_stamp()}"
        self._aside = f"matchday_before_{_stamp()}"

    async def sender(self) -> str | None:
        """Return who holds the sending lease."""
        engine = make_engine(self._url, poolclass=NullPool)
        try:
            async with engine.connect() as connection:
                if "lease" not in await _names(connection, None):
                    return None
                return next(iter(await LeaseRepository.senders(connection)), None)
        finally:
            await engine.dispose()

    async def refuse_in_use(self) -> None:
        """Raise StartError where another process of this program is connected."""
        query = sa.text(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = :name AND pid <> pg_backend_pid()"
        )
        engine = make_engine(self._url, poolclass=NullPool)
        try:
            async with engine.connect() as connection:
                if await connection.scalar(query, {"name": PROGRAM}):
                    raise IN_USE
        finally:
            await engine.dispose()

    async def is_taken(self) -> bool:
        """Tell whether there is any table of ours."""
        engine = make_engine(self._url, poolclass=NullPool)
        try:
            async with engine.connect() as connection:
                return bool(_ours(await _names(connection, None)))
        finally:
            await engine.dispose()

    async def begin(self) -> None:
        """Make the schema; raise StartError where that is not allowed."""
        try:
            await self._tell(f"CREATE SCHEMA {self._new}")
        except ProgrammingError as error:
            if "permission denied" in str(error.orig):
                raise NO_SCHEMA from None
            raise

    def engine(self, *, foreign_keys: bool) -> AsyncEngine:  # noqa: ARG002 - a server always holds to them
        """Return an engine for the new schema."""
        return make_engine(self._url, server_settings={"search_path": self._new}, poolclass=NullPool)

    async def put(self) -> str | None:
        """Let old and new tables change places, in one transaction."""
        engine = make_engine(self._url, poolclass=NullPool)
        try:
            async with writing(engine) as connection:
                here = await connection.scalar(sa.select(sa.func.quote_ident(sa.func.current_schema())))
                old, new = _ours(await _names(connection, None)), await _names(connection, self._new)
                if old:
                    await connection.execute(sa.text(f"CREATE SCHEMA {self._aside}"))
                for name in old:
                    await connection.execute(sa.text(f'ALTER TABLE {here}."{name}" SET SCHEMA {self._aside}'))
                for name in new:
                    await connection.execute(sa.text(f'ALTER TABLE {self._new}."{name}" SET SCHEMA {here}'))
                await connection.execute(sa.text(f"DROP SCHEMA {self._new}"))
        finally:
            await engine.dispose()
        return f"the schema {self._aside}" if old else None

    async def discard(self) -> None:
        """Remove the schema that this run made."""
        await self._tell(f"DROP SCHEMA IF EXISTS {self._new} CASCADE")

    async def _tell(self, statement: str) -> None:
        engine = make_engine(self._url, poolclass=NullPool)
        try:
            async with writing(engine) as connection:
                await connection.execute(sa.text(statement))
        finally:
            await engine.dispose()


async def _names(connection: AsyncConnection, schema: str | None) -> list[str]:
    return await connection.run_sync(lambda inside: sa.inspect(inside).get_table_names(schema))


def _ours(names: Sequence[str]) -> list[str]:
    return sorted({VERSION_TABLE, *metadata.tables} & set(names))


def _stamp() -> str:
    return f"{datetime.now(UTC):%Y%m%dt%H%M%S%f}"


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _give_to_owner_of(folder: Path, path: Path) -> None:
    """Let the bot's user have it where another one, who may, puts a backup back."""
    if os.name == "posix" and os.geteuid() == 0:
        owner = folder.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
