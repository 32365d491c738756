"""``matchday migrate``: bring the database to this version's form."""

import argparse
import asyncio

from bot.operations.verb import EXIT_OK, Verbs, read_settings


def add(verbs: Verbs) -> None:
    """Add the verb."""
    verbs.add_parser("migrate", help="bring the database to this version's form").set_defaults(call=migrate)


def migrate(_given: argparse.Namespace) -> int:
    """Bring the database to this version's form."""
    from bot.data_folder import prepare_data_folder
    from bot.storage.migrate import upgrade

    settings = read_settings()
    prepare_data_folder(settings)
    asyncio.run(upgrade(settings.database))
    print(f"The database is up to date: {settings.database.partition('://')[0]}.")
    return EXIT_OK
