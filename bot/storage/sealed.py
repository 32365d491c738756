"""A file that is encrypted as a whole, in pieces, so that it need not fit into memory: AES-256-GCM after the STREAM construction.

``magic | id of the key (8) | salt (16) | piece | piece | …``: each piece is 64 KiB of compressed text with 16 bytes that prove it. A nonce
is its number and whether it is the last (Hoang, Reyhanitabar, Rogaway, Vizár, 2015), the key is made from the key file's and the salt, and
what stands before the pieces is proved with each of them: a file that was cut, reordered, put together from two or changed by a bit is not
read.
"""

import hmac
import json
import secrets
import zlib
from collections.abc import Generator, Mapping, Sequence
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"matchday backup 1\n"
PIECE = 64 * 1024
TAG = 16
KEY_ID, SALT = 8, 16
LONGEST_LINE = 64 * 1024 * 1024
"""Longer than any row: one that is longer is no row of ours."""


class NotOursError(Exception):
    """Say that a file does not begin as a backup of this form."""


class WrongKeyError(Exception):
    """Say that a file was written with none of the keys given."""


class DamagedError(Exception):
    """Say that a file is not what was written: cut, changed or put together anew."""


class SealedWriter:
    """Write lines of JSON into a sealed file."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        salt = secrets.token_bytes(SALT)
        self._head = MAGIC + _key_id(key) + salt
        self._cipher = AESGCM(_file_key(key, salt))
        self._file = file
        self._squeeze = zlib.compressobj(6)
        self._waiting = bytearray()
        self._number = 0
        file.write(self._head)

    def write(self, line: Mapping[str, object]) -> None:
        """Write one value as one line."""
        text = json.dumps(line, ensure_ascii=True, separators=(",", ":")).encode("ascii")
        self._take(self._squeeze.compress(text + b"\n"))

    def close(self) -> None:
        """Write what is left as the last piece; without it the file can't be read."""
        self._take(self._squeeze.flush())
        self._seal(bytes(self._waiting), is_last=True)

    def _take(self, some: bytes) -> None:
        self._waiting += some
        while len(self._waiting) > PIECE:  # never all of it: the last piece must be known as that
            self._seal(bytes(self._waiting[:PIECE]), is_last=False)
            del self._waiting[:PIECE]

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, is_last=is_last), piece, self._head))
        self._number += 1


def read_sealed(file: BinaryIO, keys: Sequence[bytes]) -> Generator[dict[str, Any]]:
    """Yield the values of a sealed file, line by line.

    Raises:
        NotOursError: It is no such file.
        WrongKeyError: None of the keys wrote it.
        DamagedError: It is not as it was written; what was yielded before is, but the rest is not known.
    """
    pending = bytearray()
    for some in _unsqueezed(file, keys):
        pending += some
        *lines, rest = pending.split(b"\n")
        pending = bytearray(rest)
        if len(pending) > LONGEST_LINE:
            raise DamagedError
        for line in lines:
            yield _value(line)
    if pending:
        raise DamagedError


def _unsqueezed(file: BinaryIO, keys: Sequence[bytes]) -> Generator[bytes]:
    expand = zlib.decompressobj()
    for piece in _pieces(file, keys):
        while piece:
            try:
                some = expand.decompress(piece, PIECE * 4)  # at most so much at once, however well it was squeezed
            except zlib.error:
                raise DamagedError from None
            yield some
            piece = expand.unconsumed_tail  # noqa: PLW2901 - what of it is still to be taken
    yield expand.flush()
    if not expand.eof or expand.unused_data:
        raise DamagedError


def _pieces(file: BinaryIO, keys: Sequence[bytes]) -> Generator[bytes]:
    head = file.read(len(MAGIC) + KEY_ID + SALT)
    if not head.startswith(MAGIC):
        raise NotOursError
    if len(head) < len(MAGIC) + KEY_ID + SALT:
        raise DamagedError
    key_id, salt = head[len(MAGIC) : -SALT], head[-SALT:]
    key = next((each for each in keys if hmac.compare_digest(_key_id(each), key_id)), None)
    if key is None:
        raise WrongKeyError
    cipher, number = AESGCM(_file_key(key, salt)), 0
    piece = file.read(PIECE + TAG)
    while True:
        try:
            after = file.read(PIECE + TAG)
            opened = cipher.decrypt(_nonce(number, is_last=not after), piece, head)
        except (InvalidTag, ValueError, OSError):  # the disk itself may not give it back
            raise DamagedError from None
        yield opened
        if not after:
            return
        piece, number = after, number + 1


def _value(line: bytes | bytearray) -> dict[str, Any]:
    try:
        return json.loads(line)
    except ValueError:
        raise DamagedError from None


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if is_last else b"\x00")


def _key_id(key: bytes) -> bytes:
    return hmac.digest(key, b"id", "sha256")[:KEY_ID]


def _file_key(key: bytes, salt: bytes) -> bytes:
    return hmac.digest(key, b"file" + salt, "sha256")
