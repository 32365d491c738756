"""What every verb shares: its exit codes, and how the settings are read."""

import argparse
from typing import TYPE_CHECKING, Protocol

from bot.errors import StartError

if TYPE_CHECKING:
    from bot.settings import Settings

EXIT_OK = 0
EXIT_PROBLEMS = 1
EXIT_CANNOT_START = 2


class Verbs(Protocol):
    """Take verbs; the standard library has no public name for what ``add_subparsers`` returns."""

    def add_parser(self, name: str, /, *, help: str) -> argparse.ArgumentParser:  # noqa: A002 - as argparse calls it
        """Add one, with the line that tells what it does."""
        ...


def at_least_one(text: str) -> int:
    """Read a number of one or more; raise ValueError otherwise."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def read_settings() -> "Settings":
    """Read the settings from the environment and ``.env``.

    Raises:
        StartError: One of them can't be used; it is named, its value is not.
    """
    from pydantic import ValidationError

    from bot.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "of the environment"
        name = name if name == "DISCORD_TOKEN" else f"MATCHDAY_{name}"
        raise StartError(f"The setting {name} can't be used: {first['msg']}.", "Correct it in the environment or in .env.") from error
