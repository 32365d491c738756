"""The folder where the database and the key file lie."""

import os

from bot.errors import StartError
from bot.settings import Settings


def prepare_data_folder(settings: Settings) -> None:
    """Make the data folder; raise StartError where it can't be written."""
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = folder / f".writable-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink(missing_ok=True)  # in containers that share a folder every process is number 1
    except OSError as error:
        raise StartError(
            f"The data folder {folder} can't be written ({error.strerror}).",
            "Give the bot's user write permission there, or name another folder in MATCHDAY_DATA_DIR.",
        ) from error
