"""The log on stdout: a line of JSON for programs, of text for people; of either no word that a person wrote.

What this project logs are its own sentences, with ids, counts and codes put in. Of what libraries log only the words that stand in
their source are kept, and small numbers: what they put in can be a request, an object with its texts, or somebody's id. On DEBUG
discord.py writes down each request with its body, and aiosqlite each value: such libraries say only what is wrong, whatever the level.
"""

import json
import logging
import sys
import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal, cast

from bot.observing.interactions import current
from bot.observing.tracebacks import lines_of, summary

CHATTY = ("aiosqlite", "alembic", "apscheduler", "discord")
OURS = ("bot", "cogs", "migrations")
LEFT_OUT = "…"
SMALL = 10**9
"""Below this a number is a count or a code; the ids of Discord are larger."""

Form = Literal["json", "text"]

log = logging.getLogger("bot")


def is_ours(name: str) -> bool:
    """Tell whether a logger is of this project."""
    return name.partition(".")[0] in OURS


def form_for(wanted: Form | None) -> Form:
    """Return the form of the log: as it is wanted, else text for a terminal, where a person reads, and JSON for all else."""
    return wanted or ("text" if sys.stdout.isatty() else "json")


def set_up(level: str, form: Form) -> None:
    """Write a log of one level to stdout; what nobody catches stands in it too, instead of Python's own report of it."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    logging.basicConfig(level=level, handlers=[handler])
    logging.raiseExceptions = False  # otherwise a log that can't be written shows its arguments on stderr
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLogger().level))
    sys.excepthook = _uncaught
    sys.unraisablehook = lambda told: log.error("an exception that nobody could catch", exc_info=_info(told.exc_value))
    threading.excepthook = lambda told: log.error("an exception ended a thread", exc_info=_info(told.exc_value))


def message_of(record: logging.LogRecord) -> str:
    """Return what a record says, without what a library put in."""
    if is_ours(record.name):
        return record.getMessage()
    template = str(record.msg)
    if record.name == "asyncio":  # what follows is made of the objects that took part, an exception with its words among them
        template = template.partition("\n")[0]
    if not record.args:
        return template
    given = cast("tuple[object, ...] | dict[str, object]", record.args)
    try:
        return template % (
            {key: _harmless(each) for key, each in given.items()} if isinstance(given, dict) else tuple(map(_harmless, given))
        )
    except (TypeError, ValueError):  # a text stands where a number was expected
        return template


def error_of(record: logging.LogRecord) -> BaseException | None:
    """Return the exception of a record, or None."""
    return record.exc_info[1] if record.exc_info else None


class JsonFormatter(logging.Formatter):
    """Write a record as one line of JSON: time, level, logger, message, and where they are there interaction, error and traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told: dict[str, str] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
        }
        if handled := current():
            told["interaction"] = handled.id
        if error := error_of(record):
            told |= {"error": summary(error), "traceback": "\n".join(lines_of(error))}
        return json.dumps(told)


class TextFormatter(logging.Formatter):
    """Write a record as people read it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and the lines of a traceback below."""
        at = datetime.fromtimestamp(record.created).astimezone()
        mark = f"[{handled.id}] " if (handled := current()) else ""
        line = f"{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1000:03d} {record.levelname:<7} {record.name}  {mark}{message_of(record)}"
        error = error_of(record)
        return "\n".join([line, *lines_of(error)]) if error else line


def _harmless(given: object) -> object:
    if isinstance(given, int | float) and abs(given) < SMALL:
        return given
    return given.__qualname__ if isinstance(given, type) else LEFT_OUT


def _info(error: BaseException | None) -> tuple[type[BaseException], BaseException, TracebackType | None] | None:
    return (type(error), error, error.__traceback__) if error is not None else None


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.critical("the bot ended by an error", exc_info=(kind, error, trace))
