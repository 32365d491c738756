"""The key file: there, closed to others, readable, the one of the database, and not beside what it protects."""

from collections.abc import Iterator
from pathlib import Path

from bot.doctor.finding import Finding, problem, warning, well
from bot.errors import StartError
from bot.storage.encryption import Cipher, UnreadableError
from bot.storage.key_file import complaints, read_keys, retired_files

KEY = "key file"


def check_key_file(path: Path, database_file: Path | None, canary: bytes | None) -> Iterator[Finding]:
    """Yield what is found of a key file, beside a database whose file and canary are given where there are such."""
    path = path.resolve()
    if not path.exists():
        if canary is None:
            yield warning(KEY, f"The key file {path} is not there yet.", "The first start makes it; or correct MATCHDAY_KEY_FILE.")
        else:
            said = f"The key file {path} is missing, and this database was written with one."
            yield problem(KEY, said, "Put the file back from where you keep it: what members wrote can't be read without it.")
        return
    try:
        keys = read_keys(path)
    except StartError as error:
        yield problem(KEY, error.what_happened, error.what_to_do)
        return
    found = [*_readers(path), *_rotation(keys), *_place(path, database_file), *_belonging(path, keys, canary)]
    yield from found or [well(KEY, f"{path} is there, closed to others, and the one of this database.")]


def _readers(path: Path) -> Iterator[Finding]:
    for each in complaints(path):
        yield problem(KEY, each.what, each.what_to_do)


def _rotation(keys: list[str]) -> Iterator[Finding]:
    if len(keys) > 1:
        yield warning(
            KEY, f"The key file holds {len(keys)} keys: a rotation was begun and not ended.", "matchday keys rotate goes on with it."
        )


def _place(path: Path, database_file: Path | None) -> Iterator[Finding]:
    if database_file is not None and database_file.resolve().parent in path.parents:
        said = "The key file lies in the database's folder: whoever gets a copy of that folder can read what members wrote."
        yield warning(KEY, said, "Leave it out of backups of the folder, or move it elsewhere and name the place in MATCHDAY_KEY_FILE.")


def _belonging(path: Path, keys: list[str], canary: bytes | None) -> Iterator[Finding]:
    if canary is None or _reads(keys, canary):
        return
    said = "The key file is not the one of this database: what members wrote can't be read."
    for retired in retired_files(path):
        try:
            is_it = _reads(read_keys(retired), canary)
        except StartError:
            continue
        if is_it:
            mend = f"The database is older than the last rotation: append the line of {retired} to {path}, start the bot, rotate again."
            yield problem(KEY, said, mend)
            return
    yield problem(KEY, said, f"Put the key file that belongs to this database at {path}.")


def _reads(keys: list[str], canary: bytes) -> bool:
    try:
        Cipher(keys).decrypt(canary)
    except UnreadableError:
        return False
    return True
