"""``matchday run`` and ``matchday health``: the bot itself, and whether it is well."""

import argparse
import asyncio
import gc
import sys
from collections.abc import Generator
from contextlib import contextmanager

from bot.operations.verb import EXIT_OK, EXIT_PROBLEMS, Verbs, read_settings


def add(verbs: Verbs) -> None:
    """Add the verbs."""
    verbs.add_parser("run", help="start the bot; without DISCORD_TOKEN also the sandbox and its page").set_defaults(call=run)
    health = "tell whether the bot that runs on this data folder is well: connected, and looking at what is due; 0 if so, else 1"
    verbs.add_parser("health", help=health).set_defaults(call=tell_health)


def run(_given: argparse.Namespace) -> int:
    """Run the bot until it is told to stop."""
    with _loading():
        from bot import run as running
        from bot.observing.logs import form_for, set_up

    settings = read_settings()
    set_up(settings.log_level, form_for(settings.log_format))
    if settings.sentry_dsn is not None:
        from bot.observing.sentry import report_to

        report_to(settings.sentry_dsn.get_secret_value())
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


def tell_health(_given: argparse.Namespace) -> int:
    """Print whether the bot is well."""
    from bot.health import check, file_of

    settings = read_settings()
    verdict = check(settings.data_dir / file_of(settings.share))
    print(verdict.sentence, file=sys.stdout if verdict.is_well else sys.stderr)
    return EXIT_OK if verdict.is_well else EXIT_PROBLEMS
