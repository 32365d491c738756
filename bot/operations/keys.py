"""``matchday keys``: a new key of the personal texts in the place of the old one, while the bot runs."""

import argparse
import asyncio
import sys
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import StartError
from bot.operations.verb import EXIT_OK, EXIT_PROBLEMS, Verbs, read_settings

if TYPE_CHECKING:
    from bot.services.key_rotation import KeyRotation, Rotated, Standing
    from bot.settings import Settings
    from bot.storage.rewriting import Sweep


def add(verbs: Verbs) -> None:
    """Add the verb."""
    nouns = verbs.add_parser("keys", help="the keys of the personal texts: how they stand, and a new one in the place of an old one")
    nouns = nouns.add_subparsers(dest="noun", required=True, metavar="status|rotate")
    nouns.add_parser("status", help="say which keys there are and what each wrote; changes nothing").set_defaults(call=status)
    help_of_rotate = "put a new key in the place of the old one, while the bot runs; called again after an interruption, it goes on"
    rotating = nouns.add_parser("rotate", help=help_of_rotate)
    rotating.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")
    rotating.add_argument(
        "--add-only", action="store_true", help="add the new key for reading and stop, so that it can be copied to other hosts"
    )
    rotating.add_argument(
        "--copied", action="store_true", help="go on although bots run on other hosts: their key files have the new key too"
    )
    rotating.set_defaults(call=rotate)


def status(_given: argparse.Namespace) -> int:
    """Print how the keys stand."""
    return asyncio.run(_status(read_settings(), is_to_rotate=False))


def rotate(given: argparse.Namespace) -> int:
    """Rotate the keys, or print what would be done."""
    settings = read_settings()
    if given.dry_run:
        return asyncio.run(_status(settings, is_to_rotate=True))
    return asyncio.run(_rotate(settings, add_only=given.add_only, copied=given.copied))


async def _status(settings: "Settings", *, is_to_rotate: bool) -> int:
    from bot.operations.opened import stored
    from bot.services.key_rotation import KeyRotation
    from bot.storage.key_file import complaints

    async with stored(settings) as database:
        rotation = KeyRotation(database, settings.keys, print)
        standing, found = rotation.standing(), await rotation.look()
        _print_standing(standing, found)
        if is_to_rotate:
            _print_plan(standing, found)
    wrong = complaints(settings.keys)
    for each in wrong:
        print(f"{each.what}\n  {each.what_to_do}", file=sys.stderr)
    return EXIT_PROBLEMS if wrong or found.unreadable else EXIT_OK


def _print_standing(standing: "Standing", found: "Sweep") -> None:
    print(f"Keys in the key file: {len(standing.keys)}; {standing.keys[0]} encrypts.")
    if standing.new is not None:
        print(f"A rotation to the key {standing.new} is under way: matchday keys rotate goes on with it.")
    elif len(standing.keys) > 1:
        print("More than one key: matchday keys rotate writes everything anew with the first and takes the others away.")
    for path in standing.retired:
        print(f"Retired keys, which older backups need: {path}")
    print(f"{found.blobs} encrypted texts, {found.old} of them of another key than the first, {found.lost} that no key reads.")
    _print_unreadable(found.unreadable)


def _print_plan(standing: "Standing", found: "Sweep") -> None:
    is_new = standing.new is None and len(standing.keys) == 1
    print("Nothing was changed. A rotation would:")
    if is_new:
        print("  add a new key to the key file, for reading; a bot that runs sees it by itself;")
    if not standing.is_first:
        print("  let the new key encrypt;")
    print(f"  write {found.blobs - found.lost if is_new else found.old} texts anew with it, in short transactions;")
    print("  check that it reads everything alone, then move the old key into a file of its own, which older backups need.")


async def _rotate(settings: "Settings", *, add_only: bool, copied: bool) -> int:
    from bot.operations.opened import stored
    from bot.services.key_rotation import KeyRotation

    async with stored(settings) as database:
        _refuse_while_an_erasure_is_open(settings)
        rotation = KeyRotation(database, settings.keys, partial(print, flush=True))
        if add_only or (not copied and await rotation.others()):
            return await _add(settings, rotation, asked=add_only)
        rotated = await rotation.rotate(datetime.now(UTC).date())
    return _print_end(rotated, settings)


def _refuse_while_an_erasure_is_open(settings: "Settings") -> None:
    """Raise StartError where somebody is half-erased: by the code of a retired key she could not be found any more, to finish it."""
    from bot.storage.encryption import Cipher
    from bot.storage.erasure_log import ErasureLog

    known = ErasureLog(settings.erasures, Cipher.from_key_file(settings.keys)).read()
    if known is not None and known.unfinished():
        raise StartError(
            "An erasure was interrupted and is not finished.", "Start the bot, which finishes it first; then rotate the keys while it runs."
        )


async def _add(settings: "Settings", rotation: "KeyRotation", *, asked: bool) -> int:
    new, others = await rotation.add(), await rotation.others()
    if others:
        print(f"Bots serve this database from other hosts, too: {', '.join(others)}.", file=sys.stderr)
    print(f"Every bot of this database has to read the key {new} before it encrypts: copy {settings.keys} to the other hosts.")
    print("Then go on: matchday keys rotate --copied; at its end copy the file once more.")
    return EXIT_OK if asked else EXIT_PROBLEMS


def _print_end(rotated: "Rotated", settings: "Settings") -> int:
    _print_unreadable(rotated.unreadable)
    if not rotated.is_complete:
        print("Something goes on writing with the old key, so it stays in the key file. Nothing is lost.", file=sys.stderr)
        print(f"  See that each bot of this database reads {settings.keys}, or restart it; then run this again.", file=sys.stderr)
        return EXIT_PROBLEMS
    readable = rotated.blobs - sum(rotated.unreadable.values())
    print(f"The key {rotated.new} alone reads {readable} texts; {rotated.rewritten} were written anew.")
    if rotated.retired is not None:
        print(f"The old key lies in {rotated.retired}. Backups made before need it: keep it as long as you keep them, then delete it.")
    print("Back up the key file anew, apart from the database.")
    return EXIT_PROBLEMS if rotated.unreadable else EXIT_OK


def _print_unreadable(unreadable: dict[str, int]) -> None:
    for name, count in sorted(unreadable.items()):
        print(f"{count} of {name} can't be read with any key, and were left as they are.", file=sys.stderr)
