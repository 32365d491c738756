"""Events that Discord sends by HTTP (its webhook events): signed by Discord, and of them only that someone took the app off her account.

Source: https://docs.discord.com/developers/events/webhook-events
"""

import json
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, cast

from aiohttp import web

log = logging.getLogger(__name__)

PATH = "/discord/events"
DEAUTHORIZED = "APPLICATION_DEAUTHORIZED"
PING, EVENT = 0, 1
MOST_BYTES = 16_384
"""How large an event may be: one holds a user and little more."""

HearRemoved = Callable[[int, datetime], Awaitable[None]]
VerifyKey = Callable[[], str | None]


class EventDesk:
    """Take events: who does not sign as Discord does is refused, what is of no interest is acknowledged."""

    def __init__(self, verify_key: VerifyKey, hear_removed: HearRemoved) -> None:
        """Take what returns the application's public key (hexadecimal; None before the bot is connected), and who is told."""
        self._verify_key = verify_key
        self._hear_removed = hear_removed

    async def take(self, request: web.Request) -> web.Response:
        """Answer one event: 204 once it was acted on, 401 without a signature, 400 if it can't be read, 503 before the key is known.

        What is not answered by 204 Discord sends again for ten minutes.
        """
        key = self._verify_key()
        if key is None:
            return web.Response(status=503)
        body = await request.read()
        if not is_signed(body, request.headers.get("X-Signature-Timestamp", ""), request.headers.get("X-Signature-Ed25519", ""), key):
            return web.Response(status=401)
        try:
            removed = removal_in(json.loads(body))
        except (ValueError, TypeError, KeyError) as error:
            log.warning("an event that Discord signed could not be read: %s", type(error).__name__)
            return web.Response(status=400)
        if removed is not None:
            await self._hear_removed(*removed)
        return web.Response(status=204)


def is_signed(body: bytes, timestamp: str, signature: str, key: str) -> bool:
    """Tell whether Discord signed this; ``key`` and ``signature`` are hexadecimal."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), timestamp.encode() + body)
    except (InvalidSignature, ValueError):
        return False
    return True


def removal_in(payload: Any) -> tuple[int, datetime] | None:  # noqa: ANN401 - JSON
    """Return who took the app off her account, and when (aware); None for a ping and for every other event.

    Raises:
        ValueError, TypeError, KeyError: It is not of the form that Discord describes.
    """
    if payload["type"] == PING:
        return None
    event = payload["event"]
    if payload["type"] != EVENT or event["type"] != DEAUTHORIZED:
        return None
    at = datetime.fromisoformat(cast("str", event["timestamp"]))
    # Discord's own example bears no zone; all its other times are in UTC.
    return int(event["data"]["user"]["id"]), at if at.tzinfo is not None else at.replace(tzinfo=UTC)
