"""The command line: reads the settings, calls, prints; no logic."""

import argparse
import asyncio
import logging
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.errors import StartError

if TYPE_CHECKING:
    from bot.settings import Settings

EXIT_OK = 0
EXIT_PROBLEMS = 1
EXIT_CANNOT_START = 2
CHATTY = ("aiosqlite", "alembic", "apscheduler", "discord")
"""On DEBUG discord.py writes down each request with its body, in which members' own words stand, and aiosqlite each value."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code: 0 well, 1 problems found, 2 can't start."""
    parser = argparse.ArgumentParser(prog="matchday", description="A Discord bot for international medical graduates.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="command")
    verbs.add_parser("run", help="start the bot; without DISCORD_TOKEN also the sandbox and its page").set_defaults(call=_run)
    verbs.add_parser("migrate", help="bring the database to this version's form").set_defaults(call=_migrate)
    health = "tell whether the bot that runs on this data folder is well: connected, and looking at what is due; 0 if so, else 1"
    verbs.add_parser("health", help=health).set_defaults(call=_health)
    data = verbs.add_parser("data", help="the curated facts").add_subparsers(dest="noun", required=True, metavar="check")
    data.add_parser("check", help="check the facts' structure and report their age").set_defaults(call=_data_check)
    chosen = parser.parse_args(arguments)
    try:
        return chosen.call()
    except StartError as error:
        print(f"matchday can't start. {error.what_happened}\n{error.what_to_do}", file=sys.stderr)  # noqa: T201
        return EXIT_CANNOT_START
    except KeyboardInterrupt:
        return EXIT_OK


def _run() -> int:
    from bot.run import run
    from bot.settings import Settings

    settings = _settings(Settings)
    set_up_logging(settings.log_level)
    asyncio.run(run(settings))
    return EXIT_OK


def set_up_logging(level: str) -> None:
    """Write a log of one level; libraries that write down what they send or store say only what is wrong, whatever the level."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)-7s %(name)s  %(message)s")
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLogger().level))


def _migrate() -> int:
    from bot.settings import Settings
    from bot.storage.migrate import upgrade
    from bot.wiring import prepare_data_folder

    settings = _settings(Settings)
    prepare_data_folder(settings)
    asyncio.run(upgrade(settings.database))
    print(f"The database is up to date: {settings.database.partition('://')[0]}.")  # noqa: T201
    return EXIT_OK


def _health() -> int:
    from bot.health import FILE, check
    from bot.settings import Settings

    verdict = check(_settings(Settings).data_dir / FILE)
    print(verdict.sentence, file=sys.stdout if verdict.is_well else sys.stderr)
    return EXIT_OK if verdict.is_well else EXIT_PROBLEMS


def _data_check() -> int:
    from bot.catalogue.check import check_data

    report = check_data()
    today = datetime.now(UTC).date()
    for age in report.ages:
        print(f"{age.what}: {age.facts} facts as of {age.as_of}, {age.days(today)} days ago")  # noqa: T201
    for problem in report.problems:
        print(f"problem: {problem}", file=sys.stderr)  # noqa: T201
    print(f"{sum(age.facts for age in report.ages)} facts, {len(report.problems)} problems")  # noqa: T201
    return EXIT_PROBLEMS if report.problems else EXIT_OK


def _settings(kind: "type[Settings]") -> "Settings":
    from pydantic import ValidationError

    try:
        return kind()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "of the environment"
        name = name if name == "DISCORD_TOKEN" else f"MATCHDAY_{name}"
        raise StartError(f"The setting {name} can't be used: {first['msg']}.", "Correct it in the environment or in .env.") from error


if __name__ == "__main__":
    sys.exit(main())
