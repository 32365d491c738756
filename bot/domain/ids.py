"""Ids that may travel in custom ids and nonces: 80 bits in base32, 16 characters."""

import base64
import hashlib

ID_BYTES = 10
ID_LENGTH = 16


def encode_id(raw: bytes) -> str:
    """Return 10 bytes as 16 lower-case base32 characters."""
    if len(raw) != ID_BYTES:
        msg = f"an id holds {ID_BYTES} bytes, not {len(raw)}"
        raise ValueError(msg)
    return base64.b32encode(raw).decode("ascii").lower()


def derived_id(*parts: str | int) -> str:
    """Return the id that these parts always give, so that a row made again finds what the first one sent.

    Parts are kept apart by their lengths: ("ab", "c") and ("a", "bc") differ.
    """
    digest = hashlib.sha256()
    for part in parts:
        text = str(part).encode()
        digest.update(f"{len(text)}:".encode() + text)
    return encode_id(digest.digest()[:ID_BYTES])
