"""``matchday backup``: one encrypted, verified file of the database, made while the bot runs."""

import argparse
import asyncio
import sys
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import StartError
from bot.operations.verb import EXIT_OK, EXIT_PROBLEMS, Verbs, at_least_one, read_settings

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.storage.erasure_log import Anchor, ErasureLog


def add(verbs: Verbs) -> None:
    """Add the verb."""
    told = "write one encrypted file of the database, while the bot runs too, and verify it by putting it back beside; 1 if that fails"
    backup = verbs.add_parser("backup", help=told)
    backup.add_argument("--to", type=Path, metavar="FILE", help="the file to write; by default a new one in MATCHDAY_BACKUP_DIR")
    backup.add_argument("--keep", type=at_least_one, metavar="N", help="afterwards delete all but the newest N of MATCHDAY_BACKUP_DIR")
    backup.add_argument("--dry-run", action="store_true", help="check the database and say what would be written and deleted")
    backup.set_defaults(call=back_up)


def back_up(given: argparse.Namespace) -> int:
    """Make a backup, or say what it would be."""
    from bot.data_folder import prepare_data_folder
    from bot.storage.backups import NotSoundError

    settings = read_settings()
    to = _place(settings, given.to, given.keep)
    prepare_data_folder(settings)
    try:
        return asyncio.run(_back_up(settings, to, given.keep, is_dry=given.dry_run))
    except NotSoundError as error:
        print(f"No backup was made. {error.what_happened}\n{error.what_to_do}", file=sys.stderr)
        return EXIT_PROBLEMS
    except KeyboardInterrupt:
        print("Stopped; no backup was made.", file=sys.stderr)
        return EXIT_PROBLEMS


async def _back_up(settings: "Settings", to: Path, keep: int | None, *, is_dry: bool) -> int:
    from bot.storage.backups import Backups
    from bot.storage.encryption import Cipher
    from bot.storage.erasure_log import ErasureLog
    from bot.storage.work_folder import work_folder

    cipher = Cipher.from_key_file(settings.keys)
    anchor = _anchor(ErasureLog(settings.erasures, cipher))
    with work_folder(settings.data_dir) as work:
        backups = Backups(settings.database, cipher, work)
        if is_dry:
            about = await backups.look(anchor)
            print(f"Would write {to}: version {about.version}, {told_rows(about.rows)}. Nothing was written.")
            for each in _old(to, keep, among=[to]):
                print(f"Would delete {each}.")
            return EXIT_OK
        for left in to.parent.glob(".matchday-*.backup.part"):  # of a process that was killed; no other one works now
            left.unlink()
        made = await backups.make(to, anchor)
    print(f"Wrote and verified {made.path}: version {made.about.version}, {told_rows(made.about.rows)}, {made.size:,} bytes.")
    for each in _old(to, keep):
        each.unlink()
        print(f"Deleted {each}.")
    return EXIT_OK


def told_rows(rows: Mapping[str, int]) -> str:
    """Return how many rows there are, in words."""
    return f"{sum(rows.values()):,} rows in {len(rows)} tables"


def _place(settings: "Settings", to: Path | None, keep: int | None) -> Path:
    if to is None:
        if settings.backup_dir is None:
            raise StartError("It is not said where the backup goes.", "Say --to FILE, or set MATCHDAY_BACKUP_DIR; apart from the key file.")
        to = settings.backup_dir / f"matchday-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.backup"
    elif keep is not None:
        raise StartError("--keep and --to don't go together.", "Set MATCHDAY_BACKUP_DIR, and leave --to out.")
    beside = settings.keys.resolve().parent
    if beside in to.resolve().parents:
        raise StartError(
            f"The backup would lie with the key file, in {beside}: who finds one would have both.",
            "Name a folder outside of it, or move the key file and name its place in MATCHDAY_KEY_FILE.",
        )
    if to.exists():
        raise StartError(f"There is a file {to} already.", "Name another one: a backup is never written over anything.")
    if settings.backup_dir is not None and to.parent == settings.backup_dir:
        _make(settings.backup_dir)
    if not to.parent.is_dir():
        raise StartError(f"There is no folder {to.parent}.", "Make it, or name another one.")
    return to


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(f"The folder {folder} can't be made ({error.strerror}).", "Make it, or name another one.") from error


def _anchor(log: "ErasureLog") -> "Anchor | None":
    """Return how the erasure log stands; a backup without one is better than none, so what is wrong with it is said only."""
    try:
        known = log.read()
    except OSError as error:
        print(f"The erasure log {log.path} can't be read ({error.strerror}); the backup is made all the same.", file=sys.stderr)
        return None
    for problem in known.problems if known is not None else ():
        print(f"{problem} The backup is made all the same.", file=sys.stderr)
    return known.anchor if known is not None and known.anchor.log_id else None


def _old(to: Path, keep: int | None, among: Collection[Path] = ()) -> list[Path]:
    """Return the backups of the folder that are beyond the newest so many; only what bears a name of ours."""
    if keep is None:
        return []
    from bot.storage.backups import backups_in

    return sorted(backups_in(to.parent) | set(among))[:-keep]
