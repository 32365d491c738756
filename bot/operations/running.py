"""``matchday run`` and ``matchday health``: the bot itself, and whether it is well."""

import argparse
import asyncio
import gc
import logging
import sys
from collections.abc import Generator
from contextlib import contextmanager

from bot.operations.verb import EXIT_OK, EXIT_PROBLEMS, Verbs, read_settings

CHATTY = ("aiosqlite", "alembic", "apscheduler", "discord")
"""On DEBUG discord.py writes down each request with its body, in which members' own words stand, and aiosqlite each value."""


def add(verbs: Verbs) -> None:
    """Add the verbs."""
    verbs.add_parser("run", help="start the bot; without DISCORD_TOKEN also the sandbox and its page").set_defaults(call=run)
    health = "tell whether the bot that runs on this data folder is well: connected, and looking at what is due; 0 if so, else 1"
    verbs.add_parser("health", help=health).set_defaults(call=tell_health)


def run(_given: argparse.Namespace) -> int:
    """Run the bot until it is told to stop."""
    with _loading():
        from bot import run as running

    settings = read_settings()
    set_up_logging(settings.log_level)
    asyncio.run(running.run(settings))
    return EXIT_OK


@contextmanager
def _loading() -> Generator[None]:
    """Load what stays for good: a collector that walks it again and again would take a sixth of the start, and find nothing."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def set_up_logging(level: str) -> None:
    """Write a log of one level; libraries that write down what they send or store say only what is wrong, whatever the level."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)-7s %(name)s  %(message)s")
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLogger().level))


def tell_health(_given: argparse.Namespace) -> int:
    """Print whether the bot is well."""
    from bot.health import FILE, check

    verdict = check(read_settings().data_dir / FILE)
    print(verdict.sentence, file=sys.stdout if verdict.is_well else sys.stderr)
    return EXIT_OK if verdict.is_well else EXIT_PROBLEMS
