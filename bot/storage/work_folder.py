"""A folder for copies of the database while one is made or put back: of one process at a time, and empty before and after."""

import contextlib
import shutil
from collections.abc import Generator
from pathlib import Path

from bot.errors import StartError


@contextlib.contextmanager
def work_folder(data: Path) -> Generator[Path]:
    """Yield an empty folder in the data folder that nobody else may read; what a process that was killed left there is removed.

    Raises:
        StartError: Another process works there, or it can't be written.
    """
    folder = data / "backup-work"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        lock = (folder / "lock").open("ab")
    except OSError as error:
        raise StartError(f"The folder {folder} can't be written ({error.strerror}).", "Run this as the user that runs the bot.") from error
    with lock:
        with contextlib.suppress(ImportError):  # elsewhere there are no such locks
            import fcntl

            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise StartError("Another backup or restore is under way.", "Wait until it has ended, then try again.") from None
        _empty(folder)
        try:
            yield folder
        finally:
            _empty(folder)


def _empty(folder: Path) -> None:
    for each in folder.iterdir():
        if each.is_dir():
            shutil.rmtree(each, ignore_errors=True)
        elif each.name != "lock":
            each.unlink(missing_ok=True)
