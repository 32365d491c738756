"""A disk that fills up and has room again: a small one of its own where one can be mounted, else a limit on the process's files."""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.rig import CannotBeDoneError

MEGABYTES = 64


class SmallDisk:
    """Fill a disk of its own with ballast: writing fails with ENOSPC, as on a full disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Leave no room at all."""
        with self._ballast.open("wb", buffering=0) as ballast:
            for size in (1 << 20, 1 << 12):
                try:
                    while ballast.write(b"x" * size):
                        pass
                except OSError:
                    continue

    def empty(self) -> None:
        """Give room again."""
        self._ballast.unlink(missing_ok=True)


class FileLimit:
    """Let every write of a process to a file fail with EFBIG."""

    def __init__(self, folder: Path, process: Callable[[], int]) -> None:
        self.folder = folder
        self._process = process

    def fill(self) -> None:
        """Let no file grow, nor be written at all."""
        _, most = resource.prlimit(self._process(), resource.RLIMIT_FSIZE)
        resource.prlimit(self._process(), resource.RLIMIT_FSIZE, (0, most))

    def empty(self) -> None:
        """Let files be written again."""
        _, most = resource.prlimit(self._process(), resource.RLIMIT_FSIZE)
        resource.prlimit(self._process(), resource.RLIMIT_FSIZE, (most, most))


@contextmanager
def disk_at(folder: Path, process: Callable[[], int]) -> Iterator[SmallDisk | FileLimit]:
    """Give a folder on a disk that can be filled; raise CannotBeDoneError where none can be had."""
    folder.mkdir(parents=True)
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.name == "posix" and mount and umount and _mounted(mount, folder):
        try:
            yield SmallDisk(folder)
        finally:
            subprocess.run([umount, "--lazy", folder], check=True)
    elif sys.platform == "linux":
        yield FileLimit(folder, process)
    else:
        raise CannotBeDoneError("no small disk can be mounted, and no limit set on another process")


def _mounted(mount: str, folder: Path) -> bool:
    options = ["-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs"]
    return subprocess.run([mount, *options, folder], capture_output=True, check=False).returncode == 0
