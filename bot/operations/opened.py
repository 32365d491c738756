"""What verbs share that work on what is stored: the database as it is, opened beside a bot that may run."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.errors import StartError

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.storage.database import Database


@asynccontextmanager
async def stored(settings: "Settings") -> AsyncGenerator["Database"]:
    """Open the database that the settings name, which has to be there and of this version; nothing is made and nothing upgraded.

    Raises:
        StartError: It is not there, can't be opened, or is of another version.
    """
    from bot.storage.database import Database
    from bot.storage.failures import opening
    from bot.storage.inspection import missing_file, version_of
    from bot.storage.migrate import newest_version, parse_url

    if (path := missing_file(parse_url(settings.database))) is not None:
        raise StartError(
            f"There is no database at {path}.", "Check MATCHDAY_DATA_DIR and MATCHDAY_DATABASE_URL: this works on what is stored."
        )
    database = Database.open(settings.database)
    try:
        with opening():
            version = await version_of(database)
            if version != newest_version():
                raise StartError(
                    f"The database is of version {version or 'none'}, this program of {newest_version()}.",
                    "Use the program that serves it, or bring it to this version's form: matchday migrate.",
                )
            yield database
    finally:
        await database.close()
