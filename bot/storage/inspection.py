"""What can be told of a database without changing it."""

from pathlib import Path

import sqlalchemy as sa

from bot.storage.database import Database


def missing_file(url: sa.URL) -> Path | None:
    """Return the file of a SQLite database that is not there; None for one that is there, and for a server's."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        return None
    path = Path(url.database)
    return None if path.exists() else path


async def version_of(database: Database) -> str | None:
    """Return the version of the database's form, or None where it has none."""
    async with database.read() as connection:
        if not await connection.run_sync(lambda plain: sa.inspect(plain).has_table("alembic_version")):
            return None
        return await connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
