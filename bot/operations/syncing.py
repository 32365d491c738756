"""``matchday sync``: tell Discord about the commands without running the bot."""

import argparse
import asyncio
from typing import TYPE_CHECKING

from bot.operations.verb import EXIT_OK, Verbs, read_settings

if TYPE_CHECKING:
    from bot.command_sync import Differences
    from bot.settings import Settings


def add(verbs: Verbs) -> None:
    """Add the verb."""
    about = "tell Discord about commands that were added, changed or removed, without running the bot"
    syncing = verbs.add_parser("sync", help=about)
    syncing.add_argument("--dry-run", action="store_true", help="compare only, and tell Discord nothing")
    syncing.add_argument("--force", action="store_true", help="tell Discord also where nothing differs")
    syncing.set_defaults(call=sync)


def sync(given: argparse.Namespace) -> int:
    """Print how the commands differ from those that Discord knows, and tell it."""
    return asyncio.run(_sync(read_settings(), is_dry=given.dry_run, is_forced=given.force))


async def _sync(settings: "Settings", *, is_dry: bool, is_forced: bool) -> int:
    from bot.command_client import logged_in
    from bot.command_sync import FILE
    from bot.data_folder import prepare_data_folder

    async with logged_in(settings) as client:
        found = await client.differences()
        print(f"Application {client.application_id}, {len(client.commands_here())} commands here.")
        _print_differences(found)
        if is_dry:
            print("Discord was told nothing.")
        elif found or is_forced:
            prepare_data_folder(settings)
            print(f"Discord was told about {await client.tell(settings.data_dir / FILE)} commands.")
        else:
            prepare_data_folder(settings)
            client.note(settings.data_dir / FILE)
            print("Discord knows them as they are; it was told nothing.")
    return EXIT_OK


def _print_differences(found: "Differences") -> None:
    for what, names in (("added", found.added), ("changed", found.changed), ("removed", found.removed)):
        for name in names:
            print(f"  {what:8}{name}")
