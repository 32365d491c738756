"""``matchday restore``: put a backup back, erase again who was erased since, and let the bot look before it sends anything twice."""

import argparse
import asyncio
import sys
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import StartError
from bot.operations.backing_up import told_rows
from bot.operations.verb import EXIT_OK, EXIT_PROBLEMS, Verbs, read_settings

if TYPE_CHECKING:
    from bot.services.erasing import Found
    from bot.settings import Settings
    from bot.storage.backups import Backups
    from bot.storage.encryption import Cipher
    from bot.storage.erasure_log import Entry
    from bot.storage.placing import Place
    from bot.storage.portable import About

LOST = "There is no erasure log {path}: who was erased since the backup was made is not known."
MEND = "Put the log back from where you keep it. With --without-erasure-log the backup is put back all the same; then whoever was erased\n\
since is stored again, and you have to erase them with matchday erase-user."


def add(verbs: Verbs) -> None:
    """Add the verb."""
    told = "put a backup back where no bot runs, and erase again who was erased since; 1 if it is damaged or the erasure log is lost"
    restore = verbs.add_parser("restore", help=told)
    restore.add_argument("file", type=Path, metavar="FILE", help="what matchday backup wrote")
    restore.add_argument("--replace", action="store_true", help="move the database that is there aside, which is else refused")
    restore.add_argument("--without-erasure-log", action="store_true", help="put it back though the erasure log is lost or damaged")
    restore.add_argument("--dry-run", action="store_true", help="put it back beside only, and say what would happen")
    restore.set_defaults(call=restore_backup)


def restore_backup(given: argparse.Namespace) -> int:
    """Put a backup back, or say what that would do."""
    from bot.data_folder import prepare_data_folder
    from bot.storage.backups import NotSoundError

    settings = read_settings()
    settings.refuse_two_worlds()
    prepare_data_folder(settings)
    try:
        return asyncio.run(_restore(settings, given))
    except NotSoundError as error:
        print(f"Nothing was put back. {error.what_happened}\n{error.what_to_do}", file=sys.stderr)
        return EXIT_PROBLEMS
    except KeyboardInterrupt:
        print("Stopped; nothing was put back.", file=sys.stderr)
        return EXIT_PROBLEMS


async def _restore(settings: "Settings", given: argparse.Namespace) -> int:
    from bot.storage.backups import Backups
    from bot.storage.encryption import Cipher
    from bot.storage.failures import opening
    from bot.storage.placing import FilePlace, place_of
    from bot.storage.work_folder import work_folder

    cipher = Cipher.from_key_file(settings.keys)
    with work_folder(settings.data_dir) as work, opening():
        backups, place = Backups(settings.database, cipher, work), place_of(settings.database)
        with backups.opened(given.file) as (about, _):
            pass
        is_taken = await _refuse_unfit(place, replaced=given.replace or given.dry_run)
        erased, faults = _erased_since(settings, cipher, about)
        for fault in faults:
            print(fault, file=sys.stderr)
        if faults and not given.without_erasure_log:
            print(f"Nothing was put back. {MEND}", file=sys.stderr)
            return EXIT_PROBLEMS
        # A rehearsal stays away from a server: it needs no right there, and leaves nothing.
        beside = FilePlace(work / "nowhere.sqlite3") if given.dry_run else place
        try:
            await _make(beside, backups, given.file)
            found = await _erase_again(settings, cipher, beside, erased, is_dry=given.dry_run)
            aside = None if given.dry_run else await place.put()
        finally:
            await beside.discard()
    _tell(about, found, aside, is_dry=given.dry_run, is_taken=is_taken)
    return EXIT_OK


async def _refuse_unfit(place: "Place", *, replaced: bool) -> bool:
    """Return whether there is a database; raise StartError where a bot serves it, or where it is not to be replaced."""
    from bot.scheduling.partition import is_dead, this_process

    sender = await place.sender()
    if sender is not None and not is_dead(sender, this_process()):
        raise StartError(
            "A bot serves this database.", "Stop it, then try again; after a crash wait until its lease has ended, half a minute at most."
        )
    await place.refuse_in_use()
    is_taken = await place.is_taken()
    if is_taken and not replaced:
        raise StartError(
            "There is a database already, and nothing is ever overwritten.",
            "Say --replace to move it aside first; it is kept until you delete it.",
        )
    return is_taken


def _erased_since(settings: "Settings", cipher: "Cipher", about: "About") -> "tuple[list[Entry], list[str]]":
    """Return what was erased after the backup, and why that may not be all of it."""
    from bot.storage.erasure_log import ErasureLog

    log = ErasureLog(settings.erasures, cipher)
    try:
        known = log.read()
    except OSError as error:
        return [], [f"The erasure log {log.path} can't be read ({error.strerror})."]
    if known is None:
        return [], [LOST.format(path=log.path)]
    return known.since(about.when, about.erasures), known.faults(about.when, about.erasures, datetime.now(UTC))


async def _make(place: "Place", backups: "Backups", path: Path) -> None:
    """Make the database beside, in this version's form, as one that was served by nobody."""
    from bot.storage.backups import fill
    from bot.storage.database import writing
    from bot.storage.leases import LeaseRepository
    from bot.storage.migrate import lay_out

    await place.begin()
    engine = place.engine(foreign_keys=False)
    try:
        with backups.opened(path) as (about, lines):
            await lay_out(engine, about.version)
            async with writing(engine) as connection:
                await fill(connection, about, lines)
        await lay_out(engine)
        async with writing(engine) as connection:
            await LeaseRepository.forget(connection)
    finally:
        await engine.dispose()


async def _erase_again(settings: "Settings", cipher: "Cipher", place: "Place", erased: "list[Entry]", *, is_dry: bool) -> "Found":
    """Erase who was erased since, before anybody can be served from it; only look, where it is a rehearsal."""
    from bot.catalogue.catalogue import load_catalogue
    from bot.storage.database import Database
    from bot.storage.encryption import check_key
    from bot.wiring import build, open_clock

    async with AsyncExitStack() as stack:
        clock, _ = await open_clock(settings, stack)
        database = Database(place.engine(foreign_keys=True))
        stack.push_async_callback(database.close)
        await check_key(database, cipher)
        erasing = build(settings.alone(), database, cipher, clock, load_catalogue()).erasing
        if is_dry:
            return await erasing.find(erased)
        erasing.log.prepare()
        return await erasing.again(erased)


def _tell(about: "About", found: "Found", aside: str | None, *, is_dry: bool, is_taken: bool) -> None:
    would = "Would put back" if is_dry else "Put back"
    print(f"{would} the backup of {about.when:%Y-%m-%d %H:%M:%S} UTC: version {about.version}, {told_rows(about.rows)}.")
    again = "Would erase" if is_dry else "Erased"
    print(f"{again} again, because they were erased since: members {len(found.members)}, servers {len(found.servers)}.")
    if is_dry:
        print("Would move the database that is there aside." if is_taken else "There is no database yet.")
        print("Nothing was changed.")
        return
    if aside is not None:
        print(f"The database that was there is now {aside}; delete it once you are sure: it holds members' data.")
    print("Start the bot. What was due since is looked for in its channel before it is sent.")
