"""``matchday migrate``: bring the database to this version's form, or move everything to another database."""

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING

from bot.errors import StartError
from bot.operations.verb import EXIT_OK, EXIT_PROBLEMS, Verbs, read_settings

if TYPE_CHECKING:
    from bot.storage.moving import Move, TableMoved


def add(verbs: Verbs) -> None:
    """Add the verb."""
    verb = verbs.add_parser("migrate", help="bring the database to this version's form, or move everything to another one (--from, --to)")
    verb.add_argument("--from", dest="source", metavar="ADDRESS", help="the database to move from; the bot must be stopped")
    verb.add_argument("--to", dest="target", metavar="ADDRESS", help="an empty database to move to")
    verb.add_argument("--dry-run", dest="is_rehearsal", action="store_true", help="copy and compare, then take it back; the bot may run")
    verb.set_defaults(call=migrate)


def migrate(given: argparse.Namespace) -> int:
    """Bring the database to this version's form, or move."""
    if given.source or given.target or given.is_rehearsal:
        return _move(given)
    from bot.data_folder import prepare_data_folder
    from bot.storage.migrate import upgrade

    settings = read_settings()
    prepare_data_folder(settings)
    asyncio.run(upgrade(settings.database))
    print(f"The database is up to date: {settings.database.partition('://')[0]}.")
    return EXIT_OK


def _move(given: argparse.Namespace) -> int:
    if not (given.source and given.target):
        raise StartError(
            "To move an installation both databases must be named.",
            "Give the one to move from after --from and an empty one after --to; without both, migrate brings the database up to date.",
        )
    from bot.storage.moving import move

    done = asyncio.run(move(given.source, given.target, is_rehearsal=given.is_rehearsal, say=_say))
    return _conclude(done, given.target, is_rehearsal=given.is_rehearsal)


def _say(table: "TableMoved") -> None:
    verdict = f"{table.differ:,} DIFFER in {', '.join(sorted(table.columns))}" if table.differ else "the same in both"
    print(f"{table.name:<20}{table.rows:>12,} rows  {verdict}", flush=True)


def _conclude(done: "Move", target: str, *, is_rehearsal: bool) -> int:
    rows = sum(table.rows for table in done.tables)
    if not done.is_well:
        print("The two do not hold the same. Everything was taken back; the first database was not touched.", file=sys.stderr)
        return EXIT_PROBLEMS
    print(f"{len(done.tables)} tables, {rows:,} rows, each read back from both and compared: the same. {done.seconds:.1f} s.")
    if is_rehearsal:
        print("It was a rehearsal: all of it was taken back.")
        if done.is_served:
            print("A bot serves the first database now. Stop it before you move.")
        return EXIT_OK
    from bot.storage.moving import shown

    print("Now set this in .env, with the password, and start the bot; leave the data folder and the key file as they are:")
    print(f"  MATCHDAY_DATABASE_URL={shown(target)}")
    print("No bot starts on the first database any more. Keep it until you trust the new one, then delete it: members' data is in it.")
    return EXIT_OK
