"""Files that must be on the disk before anything else happens."""

import os
from pathlib import Path
from typing import BinaryIO


def write_through(file: BinaryIO, content: bytes) -> None:
    """Write, and return once it is on the disk."""
    file.write(content)
    file.flush()
    os.fsync(file.fileno())


def create(path: Path) -> BinaryIO:
    """Open a new file that nobody else may read; raises FileExistsError where there is one."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def publish(beside: Path, path: Path) -> None:
    """Give a whole file its name, all at once; raises FileExistsError where that is taken, and then both stay."""
    try:
        os.link(beside, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if path.exists():
            raise FileExistsError(path) from None
        beside.replace(path)
    else:
        beside.unlink()
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Return once the names in a folder are on the disk."""
    if os.name != "posix":  # other systems can't open a folder
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
