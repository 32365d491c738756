"""Encryption at rest: personal text is one blob per row; the key file lies outside database and backup."""

import base64
import hmac
import json
import logging
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import select

from bot.errors import StartError
from bot.storage.database import Database, insert
from bot.storage.key_file import fingerprint, make_key_file, read_keys
from bot.storage.tables import key_check

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""How long a key file that was changed may go unseen by whoever encrypts."""
_CANARY = {"canary": "matchday"}


class UnreadableError(Exception):
    """Say that a blob was not written with any key of the key file."""


class Cipher:
    """Encrypt and decrypt the blobs; the first key encrypts, all decrypt, so that keys can rotate.

    One that was made from a key file follows it: it looks whether the file was changed before it encrypts, once a second at most, and when
    a blob is not readable. So keys rotate while the bot runs.
    """

    def __init__(self, keys: Sequence[str], path: Path | None = None) -> None:
        self._keys = tuple(keys)
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._looked_at, self._seen = time.monotonic(), _signature(path)
        self._complained_of: tuple[int, int, int] | None = None
        self.path = path

    @classmethod
    def from_key_file(cls, path: Path, create: bool = False) -> Self:
        """Read the key file (one key per line, the first encrypts); with ``create``, make it where there is none.

        Raises:
            StartError: The file is missing and not to be made, can't be read or written, or holds no key.
        """
        try:
            if create and not path.exists():
                make_key_file(path)
        except OSError as error:
            raise StartError(
                f"The key file {path} can't be used: {error.strerror}.", "Mend the file or its permissions, then start again."
            ) from error
        seen = _signature(path)  # before it is read: what is changed meanwhile is seen at the next look
        cipher = cls(read_keys(path), path)
        cipher._seen = seen
        return cipher

    def derive(self, purpose: str) -> tuple[bytes, ...]:
        """Return a key of 32 bytes for another purpose from each key of the file, the one to write with first.

        HMAC of a random key is a function that nobody can tell from a random one (RFC 5869 takes it for the same): a derived key tells
        nothing of the file's, and nothing of one for another purpose.
        """
        self._look_at_times()
        return tuple(hmac.digest(base64.urlsafe_b64decode(key), f"matchday {purpose}".encode(), "sha256") for key in self._keys)

    def encrypt(self, content: Mapping[str, Any]) -> bytes:
        """Return a JSON object as an encrypted blob."""
        self._look_at_times()
        return self._fernet.encrypt(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))

    def decrypt(self, blob: bytes) -> dict[str, Any]:
        """Return the JSON object of a blob.

        Raises:
            UnreadableError: No key of the file wrote it.
        """
        return json.loads(self._opened(bytes(blob)).decode("utf-8", "surrogatepass"))

    def rewritten(self, blob: bytes) -> bytes | None:
        """Return a blob encrypted anew with the first key, or None where that key wrote it.

        Raises:
            UnreadableError: None of the keys wrote it.
        """
        if self._is_of_first_key(blob):
            return None
        return self._fernet.encrypt(self._opened(bytes(blob)))

    def _is_of_first_key(self, blob: bytes) -> bool:
        """Tell whether the key that encrypts wrote a blob."""
        try:
            Fernet(self._keys[0]).decrypt(bytes(blob))
        except InvalidToken:
            return False
        return True

    def _opened(self, blob: bytes) -> bytes:
        try:
            return self._fernet.decrypt(blob)
        except InvalidToken:
            pass
        if self._follow_file():
            try:
                return self._fernet.decrypt(blob)
            except InvalidToken:
                pass
        raise UnreadableError from None

    def _look_at_times(self) -> None:
        if time.monotonic() - self._looked_at >= LOOK_SECONDS:
            self._follow_file()

    def _follow_file(self) -> bool:
        """Read the key file anew where it was changed; tell whether other keys are used now.

        What can't be used leaves all as it was. A key that has gone from the file still reads here: what was under way when it went stays
        readable.
        """
        self._looked_at = time.monotonic()
        seen = _signature(self.path)
        if self.path is None or seen is None or seen == self._seen:
            return False
        try:
            keys = read_keys(self.path)
        except StartError as error:  # asked again at the next look: permissions can be mended without the file being changed
            if seen != self._complained_of:
                log.warning("%s The keys that were read before are used.", error.what_happened)
            self._complained_of = seen
            return False
        self._seen = seen
        changed = tuple(keys) != self._keys[: len(keys)]
        if changed:
            self._keys = (*keys, *(key for key in self._keys if key not in keys))
            self._fernet = MultiFernet([Fernet(key) for key in self._keys])
            log.info("the key file was changed: the key %s encrypts now", fingerprint(keys[0]))
        return changed

    def readable(self, blob: bytes) -> dict[str, Any] | None:
        """Return the JSON object of a blob, or None where it can't be read: one damaged row must not hold up the others."""
        try:
            return self.decrypt(blob)
        except (UnreadableError, ValueError):
            return None


def _signature(path: Path | None) -> tuple[int, int, int] | None:
    """Return what differs once a file was changed, or None where it is not there."""
    try:
        status = path.stat() if path is not None else None
    except OSError:
        return None
    return None if status is None else (status.st_ino, status.st_mtime_ns, status.st_size)


async def holds_canary(database: Database) -> bool:
    """Tell whether a key was ever used with this database: then a missing key file must not be replaced by a new one."""
    async with database.read() as connection:
        return await connection.scalar(select(key_check.c.id)) is not None


async def check_key(database: Database, cipher: Cipher) -> None:
    """Check that the key file is the one this database was written with; a new database remembers it.

    Raises:
        StartError: It is another one.
    """
    async with database.read() as connection:
        canary = await connection.scalar(select(key_check.c.canary))
    if canary is None:
        async with database.write() as connection:
            row = insert(connection, key_check).values(id=1, canary=cipher.encrypt(_CANARY))
            await connection.execute(row.on_conflict_do_nothing())
            canary = await connection.scalar(select(key_check.c.canary))
    try:
        cipher.decrypt(canary or b"")
    except UnreadableError:
        place = cipher.path or "the place named in the settings"
        raise StartError(
            "This database was written with another key file, so what members wrote can't be read. Nothing was changed.",
            f"Put the key file that belongs to this database at {place}, then start again.",
        ) from None
