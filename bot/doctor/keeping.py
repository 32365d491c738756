"""What is kept for the day on which something is lost: backups that are made, and the log of who was erased."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bot.doctor.finding import Finding, problem, warning, well
from bot.errors import StartError
from bot.settings import Settings
from bot.storage.backups import newest_backup
from bot.storage.encryption import Cipher
from bot.storage.erasure_log import ErasureLog

BACKUPS, ERASURES = "backups", "erasure log"
LATE = timedelta(days=2)
"""A nightly backup that is older has failed once at least."""


def check_backups(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Yield how old the newest backup is, where a folder is set for them; what is carried elsewhere by hand can't be seen."""
    folder = settings.backup_dir
    if folder is None:
        yield warning(
            BACKUPS, "No folder for backups is set.", "Set MATCHDAY_BACKUP_DIR and call matchday backup each night, if nothing else does."
        )
        return
    try:
        newest = newest_backup(folder)
        made = datetime.fromtimestamp(newest.stat().st_mtime, UTC) if newest is not None else None
    except OSError as error:
        yield problem(BACKUPS, f"The folder {folder} can't be read ({error.strerror}).", "Make it, or give the bot's user the right to it.")
        return
    if newest is None or made is None:
        yield warning(BACKUPS, f"There is no backup in {folder}.", "matchday backup makes one.")
    elif now - made > LATE:
        yield warning(
            BACKUPS, f"The newest backup is {(now - made).days} days old.", "See why the nightly one fails: matchday backup says it."
        )
    else:
        yield well(BACKUPS, f"The newest one is {newest.name}; whether it can be put back is shown by a drill.")


def check_erasures(settings: Settings) -> Iterator[Finding]:
    """Yield whether the erasure log can vouch for who was erased, as far as the key file reads it."""
    try:
        known = ErasureLog(settings.erasures, Cipher.from_key_file(settings.keys)).read()
    except StartError:  # the key file is looked at by a check of its own
        return
    except OSError as error:
        said = f"The erasure log {settings.erasures} can't be read ({error.strerror})."
        yield problem(ERASURES, said, "Give the bot's user the right to it: without it the bot does not start.")
        return
    if known is None:
        yield warning(
            ERASURES, f"There is no erasure log {settings.erasures} yet.", "The next start makes it; if there was one, put it back."
        )
        return
    for each in known.problems:
        yield problem(ERASURES, each, "Put back the newest copy that you have: a restore goes by it to erase again who was erased.")
    if known.unfinished():
        yield warning(ERASURES, "An erasure was interrupted and is not finished.", "The next start of the bot finishes it.")
    if not known.problems and not known.unfinished():
        yield well(ERASURES, f"{settings.erasures} is whole.")
