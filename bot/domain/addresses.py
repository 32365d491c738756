"""Addresses of public pages as people type them."""

import re
from urllib.parse import urlsplit

MAX_ADDRESS = 200

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_HARMLESS = re.compile(r"[A-Za-z0-9._~:/?#@!$&'*+,;=%()-]+")
"""What an address may hold and still stand in a message: nothing that ends a link, formats, or looks like another letter."""


def public_address(text: str) -> str | None:
    """Return the https address of a public page, brackets in it quoted; None for anything else."""
    typed = text.strip()
    if len(typed) > MAX_ADDRESS or not _HARMLESS.fullmatch(typed):
        return None
    try:
        parts = urlsplit(typed)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    if parts.scheme.lower() != "https" or port is not None or "@" in parts.netloc or not _HOST.fullmatch(host):
        return None
    path = typed[typed.index("//") + 2 + len(parts.netloc) :].replace("(", "%28").replace(")", "%29").replace("*", "%2A")
    quoted = f"https://{host}{path}"
    return quoted if len(quoted) <= MAX_ADDRESS else None


def host_of(address: str) -> str:
    """Return the host of an address, as a link to it is called."""
    return (urlsplit(address).hostname or address).removeprefix("www.")
