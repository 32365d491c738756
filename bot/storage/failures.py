"""What a database's refusal means for whoever starts the bot; the driver's own words stay in the log."""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from bot.errors import StartError

_SENTENCES = (
    (
        ("readonly", "unable to open", "permission denied"),
        "The database file can't be written.",
        "Give the bot's user write permission to it and to its folder.",
    ),
    (
        ("disk is full", "no space left", "database or disk is full"),
        "The disk is full.",
        "Free some space where the database lies; nothing that was stored is lost.",
    ),
    (  # what SQLite says where a full disk has no room for its shared memory
        ("disk i/o error",),
        "The disk of the database can't be written; it may be full.",
        "Free some space where the database lies; nothing that was stored is lost.",
    ),
    (("not a database", "malformed"), "The database file is damaged or is not a database.", "Put a backup in its place."),
    (("locked",), "Another program keeps the database locked.", "Close it, then start again."),
)


@contextmanager
def opening() -> Generator[None]:
    """Turn whatever the database answers while it is opened into a StartError; its own words are the error's cause."""
    try:
        yield
    except (DBAPIError, OSError) as error:
        raise cannot_open(error) from error
    except Exception as error:
        # SQLAlchemy hands on what asyncpg says while it connects (no such database, wrong password) without a class of its own.
        if type(error).__module__.partition(".")[0] != "asyncpg":
            raise
        raise cannot_open(error) from error


def cannot_open(error: Exception) -> StartError:
    """Return the sentence for a database that can't be opened or upgraded."""
    text = str(error.orig if isinstance(error, DBAPIError) else error).lower()
    for signs, what_happened, what_to_do in _SENTENCES:
        if any(sign in text for sign in signs):
            return StartError(what_happened, what_to_do)
    return StartError("The database can't be reached.", "Check MATCHDAY_DATABASE_URL, and that the database server runs.")
