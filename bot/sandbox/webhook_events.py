"""Discord's webhook events: what it tells an app over HTTP, signed with the application's key.

Source: https://docs.discord.com/developers/events/webhook-events
"""

import json
import time
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.sandbox import render
from bot.sandbox.state import User
from bot.sandbox.world import World

_KEY = Ed25519PrivateKey.from_private_bytes(b"the sandbox signs with this key.")
VERIFY_KEY = _KEY.public_key().public_bytes_raw().hex()


def deauthorized(world: World, user: User) -> dict[str, Any]:
    """Return the event that a person took the app off her account."""
    at = world.now().replace(tzinfo=None).isoformat()  # without a zone, as in Discord's own example
    event = {"type": "APPLICATION_DEAUTHORIZED", "timestamp": at, "data": {"user": render.user(user)}}
    return {"version": 1, "application_id": str(world.application_id), "type": 1, "event": event}


async def send_event(url: str, event: dict[str, Any]) -> int:
    """Post an event to an address, signed; return the status of the answer."""
    body, timestamp = json.dumps(event).encode(), str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "X-Signature-Timestamp": timestamp,
        "X-Signature-Ed25519": _KEY.sign(timestamp.encode() + body).hex(),
    }
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        return answer.status
