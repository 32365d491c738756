"""New ids for rows that nothing else determines."""

import secrets

from bot.domain.ids import ID_BYTES, encode_id


def new_id() -> str:
    """Return 80 random bits as 16 base32 characters; never used again, unlike a row number."""
    return encode_id(secrets.token_bytes(ID_BYTES))
