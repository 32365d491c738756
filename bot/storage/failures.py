"""What a database's refusal means for whoever starts the bot; the driver's own words stay in the log."""

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
    (("not a database", "malformed"), "The database file is damaged or is not a database.", "Put a backup in its place."),
    (("locked",), "Another program keeps the database locked.", "Close it, then start again."),
)


def cannot_open(error: DBAPIError | OSError) -> StartError:
    """Return the sentence for a database that can't be opened or upgraded."""
    text = str(error.orig if isinstance(error, DBAPIError) else error).lower()
    for signs, what_happened, what_to_do in _SENTENCES:
        if any(sign in text for sign in signs):
            return StartError(what_happened, what_to_do)
    return StartError("The database can't be reached.", "Check MATCHDAY_DATABASE_URL, and that the database server runs.")
