"""The key file: one key per line, the first encrypts, all read; changed as a whole or not at all, and kept from others."""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cryptography.fernet import Fernet

from bot.errors import StartError
from bot.storage.durable import create, publish, sync_folder, write_through

RETIRED = ".retired-"
KEPT_WHERE = "Put the file back from where you keep it: what members wrote can't be read without it."


def read_keys(path: Path) -> list[str]:
    """Return the keys of a file, the one that encrypts first.

    Raises:
        StartError: The file is missing, can't be read, or does not hold a key in every line.
    """
    try:
        keys = path.read_text("ascii").split()
    except FileNotFoundError:
        raise StartError(f"The key file {path} is missing.", KEPT_WHERE) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not a text file"
        raise StartError(f"The key file {path} can't be used: {reason}.", "Mend the file or its permissions, then start again.") from error
    if not keys or not all(_is_key(key) for key in keys):
        raise StartError(f"The key file {path} does not hold a key in every line.", KEPT_WHERE)
    return keys


def make_key_file(path: Path) -> None:
    """Make a key file where there is none: a crash leaves either none or a whole one, and two that start at once agree on one key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = _written_beside(path, [new_key()])
    try:
        with contextlib.suppress(FileExistsError):
            publish(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def replace_keys(path: Path, keys: Sequence[str]) -> None:
    """Write a key file anew, in the place of the old one and with its owner: a crash leaves the old one or the new one, whole.

    Raises:
        StartError: It can't be replaced; nothing changed.
    """
    path = path.resolve()  # behind a link it is the file that is replaced, not the link
    _refuse_other_owner(path)
    beside: Path | None = None
    try:
        for left in path.parent.glob(f"{path.name}.{'[0-9a-f]' * 8}.new"):  # a crash came before it took its place; it holds keys
            left.unlink(missing_ok=True)
        beside = _written_beside(path, keys)
        beside.replace(path)
    except OSError as error:
        raise StartError(
            f"The key file {path} can't be replaced: {error.strerror}.",
            "Run this as the user who owns it, in a folder that may be written; in a container mount the folder, not the file alone.",
        ) from error
    finally:
        if beside is not None:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
    sync_folder(path.parent)


def retire(path: Path, keys: Sequence[str], today: date) -> Path:
    """Keep keys that are used no longer in a file of their own beside the key file, with those of the same day; return where."""
    kept = path.with_name(f"{path.name}{RETIRED}{today.isoformat()}")
    there = read_keys(kept) if kept.exists() else []
    replace_keys(kept, [*there, *(key for key in keys if key not in there)])
    return kept


def retired_files(path: Path) -> list[Path]:
    """Return the files of retired keys that lie beside a key file, the oldest first."""
    return sorted(path.parent.glob(f"{path.name}{RETIRED}*"))


def new_key() -> str:
    """Return a new key."""
    return Fernet.generate_key().decode("ascii")


def fingerprint(key: str) -> str:
    """Return what a key is called in words and notes: it tells keys apart, and nothing of a key follows from it."""
    return hashlib.sha256(f"matchday key {key}".encode("ascii")).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Complaint:
    """Hold what is wrong with who may read a file, and what to do."""

    what: str
    what_to_do: str


def complaints(path: Path) -> list[Complaint]:
    """Return what is wrong with the owner and the permissions of a key file; the file has to be there."""
    if os.name != "posix":  # permissions are otherwise kept there
        return []
    found, status = list[Complaint](), path.stat()
    if status.st_mode & 0o077:
        said = f"The key file {path} can be read or changed by others (mode {status.st_mode & 0o777:03o})."
        found.append(Complaint(said, f"chmod 600 {path}"))
    if status.st_uid not in (os.geteuid(), _owner_of(path.parent)):
        said = f"The key file {path} belongs to another user (number {status.st_uid}) than its folder."
        found.append(Complaint(said, f"Give it to the bot's user: chown it to number {_owner_of(path.parent)}."))
    return found


@contextmanager
def alone(path: Path) -> Generator[None]:
    """Let one process at a time change a key file; what ends or is killed lets go by itself.

    Raises:
        StartError: Another one is at it.
    """
    try:
        import fcntl
    except ImportError:  # other systems have no such lock
        yield
        return
    folder = os.open(path.resolve().parent, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StartError("Another process changes this key file.", "Wait until it has ended, then run this again.") from None
        yield
    finally:
        os.close(folder)


def _is_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def _owner_of(path: Path) -> int:
    return path.stat().st_uid


def _written_beside(path: Path, keys: Sequence[str]) -> Path:
    """Write keys into a new file beside another, with the owner of that one; return it."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        with create(beside) as file:
            write_through(file, "".join(f"{key}\n" for key in keys).encode("ascii"))
        _make_alike(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _refuse_other_owner(path: Path) -> None:
    # A new file would be this user's: the bot, which is another one, could not read its own key any more.
    if os.name == "posix" and path.exists() and os.geteuid() not in (0, _owner_of(path)):
        said = f"The key file {path} belongs to another user (number {_owner_of(path)})."
        raise StartError(said, "Run this as that user, or as root. Nothing was changed.")


def _make_alike(new: Path, old: Path) -> None:
    """Give a new file owner and mode of the one whose place it takes, or the owner of its folder: who could read it still can."""
    if os.name != "posix":
        return
    status = (old if old.exists() else old.parent).stat()
    if os.geteuid() == 0:
        os.chown(new, status.st_uid, status.st_gid)
    if old.exists():
        new.chmod(status.st_mode & 0o640)
