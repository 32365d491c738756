"""Encryption at rest: personal text is one blob per row; the key file lies outside database and backup."""

import base64
import contextlib
import hmac
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import select

from bot.errors import StartError
from bot.storage.database import Database, insert
from bot.storage.durable import create, publish, write_through
from bot.storage.tables import key_check

_CANARY = {"canary": "matchday"}


class UnreadableError(Exception):
    """Say that a blob was not written with any key of the key file."""


class Cipher:
    """Encrypt and decrypt the blobs; the first key encrypts, all decrypt, so that keys can rotate."""

    def __init__(self, keys: list[str], path: Path | None = None) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._keys = tuple(keys)
        self.path = path

    @classmethod
    def from_key_file(cls, path: Path, create: bool = False) -> Self:
        """Read the key file (one key per line, the first encrypts); with ``create``, make it where there is none.

        Raises:
            StartError: The file is missing and not to be made, can't be read or written, or holds no key.
        """
        try:
            if create and not path.exists():
                _make_key_file(path)
            keys = path.read_text("ascii").split()
        except FileNotFoundError:
            raise StartError(
                f"The key file {path} is missing.",
                "Put the file back from where you keep it: what members wrote can't be read without it.",
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not a text file"
            raise StartError(
                f"The key file {path} can't be used: {reason}.", "Mend the file or its permissions, then start again."
            ) from error
        try:
            return cls(keys, path)
        except ValueError:
            raise StartError(
                f"The key file {path} does not hold a key in every line.",
                "Put the file back from where you keep it: what members wrote can't be read without it.",
            ) from None

    def derive(self, purpose: str) -> tuple[bytes, ...]:
        """Return a key of 32 bytes for another purpose from each key of the file, the one to write with first.

        HMAC of a random key is a function that nobody can tell from a random one (RFC 5869 takes it for the same): a derived key tells
        nothing of the file's, and nothing of one for another purpose.
        """
        return tuple(hmac.digest(base64.urlsafe_b64decode(key), f"matchday {purpose}".encode(), "sha256") for key in self._keys)

    def encrypt(self, content: Mapping[str, Any]) -> bytes:
        """Return a JSON object as an encrypted blob."""
        return self._fernet.encrypt(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))

    def decrypt(self, blob: bytes) -> dict[str, Any]:
        """Return the JSON object of a blob.

        Raises:
            UnreadableError: No key of the file wrote it.
        """
        try:
            return json.loads(self._fernet.decrypt(bytes(blob)).decode("utf-8", "surrogatepass"))
        except InvalidToken:
            raise UnreadableError from None

    def readable(self, blob: bytes) -> dict[str, Any] | None:
        """Return the JSON object of a blob, or None where it can't be read: one damaged row must not hold up the others."""
        try:
            return self.decrypt(blob)
        except (UnreadableError, ValueError):
            return None


def _make_key_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and linked into place: a crash leaves either no key file or a whole one, and two first starts agree on one key.
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        with create(beside) as file:
            write_through(file, Fernet.generate_key() + b"\n")
        with contextlib.suppress(FileExistsError):
            publish(beside, path)
    finally:
        beside.unlink(missing_ok=True)


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
