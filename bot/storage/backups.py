"""Backups: one file of one moment, made while the bot runs, encrypted as a whole, and verified by putting it back beside.

The key is made from the key file's: who restores needs that file anyway, and one secret less can be lost. So neither is of use without the
other, and they must not lie together.
"""

import re
import sqlite3
import tempfile
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError, InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import NullPool

from bot.errors import StartError, UserFacingError
from bot.storage.database import Database, make_engine, writing
from bot.storage.durable import create, publish, write_through
from bot.storage.encryption import Cipher
from bot.storage.erasure_log import Anchor
from bot.storage.failures import opening
from bot.storage.migrate import lay_out, newest_version, parse_url, version_of
from bot.storage.portable import About, count, read_rows, tables_of, write_rows
from bot.storage.sealed import DamagedError, NotOursError, SealedWriter, WrongKeyError, read_sealed
from bot.storage.tables import key_check

PURPOSE = "backup"
NO_DATABASE = StartError(
    "There is no database of Matchday yet.", "Start the bot once, or check MATCHDAY_DATA_DIR and MATCHDAY_DATABASE_URL."
)
TAKEN = StartError("There is a file of that name already.", "Name another one: a backup is never written over anything.")
NEWER = StartError(
    "It was written by a newer version of Matchday.", "Install that version or a newer one, then try again. Nothing was changed."
)


NAME = re.compile(r"matchday-\d{8}T\d{6}Z\.backup")
"""What a backup is called that was given no other name: by its names they are in the order in which they were made."""


def backups_in(folder: Path) -> set[Path]:
    """Return the backups of a folder that bear a name of ours; raises OSError."""
    return {path for path in folder.iterdir() if NAME.fullmatch(path.name) and path.is_file()}


def newest_backup(folder: Path) -> Path | None:
    """Return the newest backup of a folder that bears a name of ours; raises OSError."""
    return max(backups_in(folder), default=None)


class NotSoundError(UserFacingError):
    """Say that a database or a backup is not sound; the command line prints it and exits with 1."""


DAMAGED = NotSoundError(
    "The database is damaged.", "Keep the backups that you have, and put the newest one that is sound in its place. Nothing was changed."
)


@dataclass(frozen=True, slots=True)
class Made:
    """Hold a backup that was made and verified."""

    about: About
    path: Path
    size: int


class Backups:
    """Make and read backups of one database."""

    def __init__(self, url: str, cipher: Cipher, work: Path) -> None:
        self._url = parse_url(url)
        self._keys = cipher.derive(PURPOSE)
        self._cipher = cipher
        self._work = work
        """A folder that nobody else may read; as much room as two copies of the database is used there for a while."""

    async def look(self, erasures: Anchor | None) -> About:
        """Return what a backup would be of, checked, without writing one.

        Raises:
            StartError: There is no database, or the key file is another's.
            NotSoundError: The database is damaged.
        """
        async with self._moment(erasures) as (_, _, about):
            return about

    async def make(self, to: Path, erasures: Anchor | None) -> Made:
        """Write a backup under a name that is free, once it was put back beside and found to hold the same.

        Raises:
            StartError: As ``look``; or the file can't be written, or is there already.
            NotSoundError: The database is damaged, or what was written did not come back; nothing is kept of it then.
        """
        if to.exists():
            raise TAKEN
        beside = to.with_name(f".{to.name}.part")
        try:
            beside.unlink(missing_ok=True)
            with create(beside) as file:
                about = await self._write(file, erasures)
            await self.verify(beside)
            publish(beside, to)
        except FileExistsError:
            raise TAKEN from None
        except OSError as error:
            raise StartError(
                f"The backup {to} can't be written ({error.strerror}).", "Check the folder, its permissions and the room on its disk."
            ) from error
        finally:
            beside.unlink(missing_ok=True)
        return Made(about, to, to.stat().st_size)

    async def verify(self, path: Path) -> About:
        """Put a backup back into a database that is thrown away, and compare; return what it is of.

        Raises:
            StartError: It can't be opened, is no backup, is of a newer version, or was written with another key file.
            NotSoundError: It is damaged.
        """
        with tempfile.TemporaryDirectory(prefix="verify-", dir=self._work) as folder:
            engine = make_engine(sqlite_url(Path(folder) / "verify.sqlite3"), foreign_keys=False, poolclass=NullPool)
            try:
                with self.opened(path) as (about, lines):
                    await lay_out(engine, about.version)
                    with opening():
                        async with writing(engine) as connection:
                            await fill(connection, about, lines)
            finally:
                await engine.dispose()
        return about

    @contextmanager
    def opened(self, path: Path) -> Generator[tuple[About, Generator[dict[str, Any]]]]:
        """Open a backup: what it is of, and its lines; raises as ``verify``."""
        try:
            file = path.open("rb")
        except OSError as error:
            raise StartError(f"The backup {path} can't be read ({error.strerror}).", "Check its name and its permissions.") from error
        try:
            with file:
                lines = read_sealed(file, self._keys)
                about = About.from_line(next(lines))
                if about.version > newest_version():
                    raise NEWER
                yield about, lines
        except NotOursError:
            raise StartError(f"{path} is not a backup of Matchday.", "Name a file that matchday backup wrote.") from None
        except WrongKeyError:
            raise StartError(
                f"The backup {path} was written with another key file.",
                "If the keys were rotated since, append the line of the retired key file to the key file; else put the key file that "
                "belongs to the backup in its place. Without its key nobody can read it. Nothing was changed.",
            ) from None
        except (DamagedError, StopIteration):
            raise NotSoundError(
                f"The backup {path} is damaged: it is not as it was written.", "Take another one. Nothing was changed."
            ) from None

    # --- within

    async def _write(self, file: BinaryIO, erasures: Anchor | None) -> About:
        async with self._moment(erasures) as (connection, tables, about):
            out = SealedWriter(file, self._keys[0])
            await write_rows(connection, tables, about, out)
            out.close()
            write_through(file, b"")
        return about

    @asynccontextmanager
    async def _moment(self, erasures: Anchor | None) -> AsyncGenerator[tuple[AsyncConnection, Sequence[sa.Table], About]]:
        """Yield the database as it stands at one moment: its tables and what it is."""
        when = datetime.now(UTC)  # real time, before the moment itself: who is erased meanwhile is erased again after a restore
        with opening():
            async with self._snapshot() as connection:
                version = await version_of(connection)
                if version is None:
                    raise NO_DATABASE
                if version > newest_version():
                    raise NEWER
                tables = await tables_of(connection, await self._names(version))
                canary = await connection.scalar(sa.select(key_check.c.canary))
                if canary is not None and self._cipher.readable(canary) is None:
                    raise StartError(
                        "This database was written with another key file.",
                        "Put the key file that belongs to it in its place, then try again.",
                    )
                rows = await count(connection, tables)
                yield connection, tables, About(version, connection.dialect.name, when, rows, erasures)

    async def _names(self, version: str) -> list[str]:
        """Return the tables of a version: what else lies in the same database is another program's."""
        with tempfile.TemporaryDirectory(prefix="form-", dir=self._work) as folder:
            engine = make_engine(sqlite_url(Path(folder) / "form.sqlite3"), foreign_keys=False, poolclass=NullPool)
            try:
                await lay_out(engine, version)
                async with engine.connect() as connection:
                    return [table.name for table in await tables_of(connection)]
            finally:
                await engine.dispose()

    @asynccontextmanager
    async def _snapshot(self) -> AsyncGenerator[AsyncConnection]:
        """Yield a connection that sees one moment: of a file a copy, so that nobody who writes has to wait; of a server a transaction."""
        if self._url.get_backend_name() != "sqlite":
            database = Database(make_engine(self._url, poolclass=NullPool))
            try:
                async with database.snapshot() as connection:
                    await connection.execution_options(postgresql_readonly=True)
                    yield connection
            finally:
                await database.close()
            return
        with tempfile.TemporaryDirectory(prefix="copy-", dir=self._work) as folder:
            copy = Path(folder) / "copy.sqlite3"
            copy_file(file_of(self._url), copy)
            engine = make_engine(sqlite_url(copy), poolclass=NullPool)
            try:
                async with engine.connect() as connection:
                    yield connection
            finally:
                await engine.dispose()


async def fill(connection: AsyncConnection, about: About, lines: Generator[dict[str, Any]]) -> None:
    """Fill a laid out, empty database with a backup's rows; raise DamagedError where they are not all there, or don't belong together."""
    try:
        tables = await tables_of(connection, list(about.rows))
        await read_rows(connection, lines, tables, about.rows)
    except (IntegrityError, InvalidRequestError, LookupError, TypeError, ValueError):
        raise DamagedError from None
    if connection.dialect.name == "sqlite" and (await connection.exec_driver_sql("PRAGMA foreign_key_check")).fetchall():
        raise DamagedError


def sqlite_url(path: Path) -> URL:
    """Return the address of a SQLite file."""
    return URL.create("sqlite+aiosqlite", database=str(path))


def file_of(url: URL) -> Path:
    """Return the file of a SQLite database; raise StartError where it is none."""
    name = url.database or ""
    if name in ("", ":memory:") or name.startswith("file:"):
        raise StartError("The database is not a plain file.", "MATCHDAY_DATABASE_URL names one as sqlite+aiosqlite:///path.")
    return Path(name)


def copy_file(path: Path, copy: Path) -> None:
    """Copy a SQLite database as it stands at one moment, also while others write it, and check the copy.

    Raises:
        StartError: There is none.
        NotSoundError: It is damaged.
    """
    if not path.is_file():
        raise NO_DATABASE
    create(copy).close()  # before SQLite does, so that nobody else may read it
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
            sound = target.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            if not sound or target.execute("PRAGMA foreign_key_check").fetchall():
                raise DAMAGED
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error) or "malformed" in str(error):
            raise DAMAGED from error
        raise StartError(
            "The database can't be read.", "Check the permissions of its file and folder, and the room on the disk."
        ) from error
