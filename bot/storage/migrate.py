"""Bring a database to this version's form, at start, on a connection of its own."""

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import NullPool

from bot.errors import StartError
from bot.storage.database import BUSY_SECONDS, make_engine, writing
from bot.storage.failures import opening

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

ADVISORY_LOCK = 0x4D617463
"""The same number in every process, so that two that start together migrate one after the other."""
TRY_SECONDS = 0.1
MOVED = "moved"
"""The version of a database whose rows were moved to another one: no bot may serve it any more, nor one of an older version."""
DRIVERS = ("sqlite+aiosqlite", "postgresql+asyncpg")


async def upgrade(url: str) -> None:
    """Upgrade to the newest version; raise StartError where the database is newer than this program or can't be written."""
    # Rebuilding a table drops the old one, which would cascade: so no foreign keys on this connection, and a check before the commit.
    engine = make_engine(parse_url(url), foreign_keys=False, poolclass=NullPool)
    try:
        with opening():
            await _upgrade_when_free(engine)
    except StartError:
        await asyncio.sleep(TRY_SECONDS)  # the driver's thread still says goodbye to this loop, and complains where it is gone
        raise
    finally:
        await engine.dispose()


async def lay_out(engine: AsyncEngine, version: str = "head") -> None:
    """Make the tables of a version in an empty database, or bring one from there to the newest; the engine is without foreign keys."""
    async with writing(engine) as connection:
        await connection.run_sync(_run_versions, version)


async def version_of(connection: AsyncConnection) -> str | None:
    """Return the version of a database; None where it holds nothing of this program, and of a newer one its own word for it."""
    return next(iter(await connection.run_sync(versions_found)), None)


async def _upgrade_when_free(engine: AsyncEngine) -> None:
    # Turning a new file to WAL answers "locked" at once, whatever the busy timeout, while another process does the same.
    last_try = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            async with writing(engine) as connection:
                await connection.run_sync(upgrade_within)
        except OperationalError as error:
            if "locked" not in str(error.orig) or time.monotonic() > last_try:
                raise
            await asyncio.sleep(TRY_SECONDS)
        else:
            return


def parse_url(url: str) -> sa.URL:
    """Return the address; raise StartError where it is of a kind that is not served."""
    try:
        parsed = sa.make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.drivername not in DRIVERS:
        raise StartError(
            "The database's address can't be used.", "MATCHDAY_DATABASE_URL begins with " + " or ".join(f"{d}://" for d in DRIVERS) + "."
        )
    return parsed


def newest_version(folder: Path | None = None) -> str:
    """Return the version that this program writes, by the names of the version files (``v0001_first.py``)."""
    versions = folder or _folder() / "versions"
    return max(path.name[1:5] for path in versions.glob("v[0-9][0-9][0-9][0-9]_*.py"))


def upgrade_within(connection: sa.Connection) -> None:
    """Upgrade inside a transaction that is open already, on a connection that does not watch over foreign keys."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK)))
    if versions_found(connection) == [MOVED]:
        raise StartError(
            "This database was moved to another one; a bot that served both would send everything twice.",
            "Set MATCHDAY_DATABASE_URL to the other one. The way back is in docs/scaling.md.",
        )
    # Alembic is loaded only where there is something to do: it costs a tenth of a second and ten megabytes.
    if versions_found(connection) != [newest_version()]:
        _run_versions(connection)
    # A database that is up to date is written to all the same: one that may only be read is told at start, not by the first member.
    connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")


def _run_versions(connection: sa.Connection, version: str = "head") -> None:
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = _config()
    script = ScriptDirectory.from_config(config)
    _refuse_newer(connection, script)

    def steps(revision: Any, _context: Any) -> Any:  # noqa: ANN401 - alembic's own shapes
        return script._upgrade_revs(version, revision)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - as alembic's command does

    with EnvironmentContext(config, script, fn=steps) as environment:
        # One transaction around all: a version that fails leaves the database as it was.
        environment.configure(connection=connection, transactional_ddl=True, transaction_per_migration=False)
        environment.run_migrations()
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
        raise StartError("The upgrade would leave rows without what they belong to.", "Nothing was changed. Report this, please.")


def versions_found(connection: sa.Connection) -> list[str]:
    """Return which version the database has; none where it has no tables."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return []
    return list(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all())


def _refuse_newer(connection: sa.Connection, script: "ScriptDirectory") -> None:
    known = {revision.revision for revision in script.walk_revisions()}
    if any(version not in known for version in versions_found(connection)):
        raise StartError(
            "The database was written by a newer version of Matchday.",
            "Install that version or a newer one, or put a backup from before the upgrade in its place. Nothing was changed.",
        )


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_folder()).replace("%", "%%"))
    return config


def _folder() -> Path:
    import migrations

    return Path(next(iter(migrations.__path__)))
