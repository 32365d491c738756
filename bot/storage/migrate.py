"""Bring a database to this version's form, at start, on a connection of its own."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from bot.errors import StartError
from bot.storage.database import make_engine, writing
from bot.storage.failures import cannot_open

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

ADVISORY_LOCK = 0x4D617463
"""The same number in every process, so that two that start together migrate one after the other."""
DRIVERS = ("sqlite+aiosqlite", "postgresql+asyncpg")


async def upgrade(url: str) -> None:
    """Upgrade to the newest version; raise StartError where the database is newer than this program or can't be written."""
    # Rebuilding a table drops the old one, which would cascade: so no foreign keys on this connection, and a check before the commit.
    engine = make_engine(parse_url(url), foreign_keys=False, poolclass=NullPool)
    try:
        async with writing(engine) as connection:
            await connection.run_sync(_upgrade)
    except (DBAPIError, OSError) as error:
        raise cannot_open(error) from error
    finally:
        await engine.dispose()


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


def _upgrade(connection: sa.Connection) -> None:
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = _config()
    script = ScriptDirectory.from_config(config)
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK)))
    _refuse_newer(connection, script)

    def steps(revision: Any, _context: Any) -> Any:  # noqa: ANN401 - alembic's own shapes
        return script._upgrade_revs("head", revision)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - as alembic's command does

    with EnvironmentContext(config, script, fn=steps) as environment:
        # One transaction around all: a version that fails leaves the database as it was.
        environment.configure(connection=connection, transactional_ddl=True, transaction_per_migration=False)
        environment.run_migrations()
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
        raise StartError("The upgrade would leave rows without what they belong to.", "Nothing was changed. Report this, please.")


def _refuse_newer(connection: sa.Connection, script: "ScriptDirectory") -> None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return
    known = {revision.revision for revision in script.walk_revisions()}
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    if any(version not in known for version in found):
        raise StartError(
            "The database was written by a newer version of Matchday.",
            "Install that version or a newer one, or put a backup from before the upgrade in its place. Nothing was changed.",
        )


def _config() -> "Config":
    from alembic.config import Config

    import migrations

    config = Config()
    config.set_main_option("script_location", str(Path(next(iter(migrations.__path__)))).replace("%", "%%"))
    return config
