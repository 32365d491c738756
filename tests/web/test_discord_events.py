"""Discord's events over HTTP: signed ones are acted on, everything else is refused and changes nothing."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.web.events import MOST_BYTES, PATH, EventDesk
from bot.web.server import WebServer

DISCORD, STRANGER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
AT = "2026-11-22T12:00:00.064834"
PING: dict[str, Any] = {"version": 1, "application_id": "1", "type": 0}


def an_event(kind: str = "APPLICATION_DEAUTHORIZED", at: object = AT, user: object = "815") -> dict[str, Any]:
    data = {"user": {"id": user, "username": "amira"}}
    return {"version": 1, "application_id": "1", "type": 1, "event": {"type": kind, "timestamp": at, "data": data}}


class Desk:
    """A server that takes events, and what was heard of them."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, datetime]] = []
        self.key: str | None = DISCORD.public_key().public_bytes_raw().hex()
        self.server = WebServer(self.read, lambda: True, EventDesk(lambda: self.key, self.hear), "127.0.0.1", 0)

    async def read(self, secret: str) -> bytes | None:
        raise AssertionError(secret)

    async def hear(self, member_id: int, at: datetime) -> None:
        self.heard.append((member_id, at))

    async def post(self, body: bytes, by: Ed25519PrivateKey | None = DISCORD, **changed: str) -> int:
        """Post a body signed by someone, with some headers changed; return the status."""
        headers = {"X-Signature-Timestamp": "1795348800"}
        if by is not None:
            headers["X-Signature-Ed25519"] = by.sign(b"1795348800" + body).hex()
        names = {"at": "X-Signature-Timestamp", "signature": "X-Signature-Ed25519"}
        headers |= {names[name]: value for name, value in changed.items()}
        url = f"http://127.0.0.1:{self.server.port}{PATH}"
        async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
            return answer.status

    async def tell(self, payload: object, by: Ed25519PrivateKey | None = DISCORD, **changed: str) -> int:
        return await self.post(json.dumps(payload).encode(), by, **changed)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    await desk.server.start()
    yield desk
    await desk.server.stop()


@pytest.mark.parametrize("at", [AT, f"{AT}Z", f"{AT}+00:00", "2026-11-22T14:00:00.064834+02:00"])
async def test_who_took_the_app_off_is_heard_of_with_the_instant_that_discord_says(desk: Desk, at: str) -> None:
    assert await desk.tell(an_event(at=at)) == 204
    assert desk.heard == [(815, datetime(2026, 11, 22, 12, 0, 0, 64834, tzinfo=UTC))]


@pytest.mark.parametrize(
    "payload", [PING, an_event("APPLICATION_AUTHORIZED"), an_event("SOMETHING_NEW"), {**PING, "type": 7, "event": {"type": "X"}}]
)
async def test_a_ping_and_every_other_event_is_acknowledged_and_nothing_follows(desk: Desk, payload: dict[str, Any]) -> None:
    assert await desk.tell(payload) == 204
    assert desk.heard == []


@pytest.mark.parametrize(
    ("by", "changed"),
    [
        (None, {}),
        (STRANGER, {}),
        (DISCORD, {"at": "1795348801"}),
        (DISCORD, {"at": ""}),
        (DISCORD, {"signature": ""}),
        (DISCORD, {"signature": "00" * 64}),
        (DISCORD, {"signature": "no hexadecimal number"}),
        (DISCORD, {"signature": "ab" * 1_000}),
    ],
)
async def test_what_discord_did_not_sign_is_refused(desk: Desk, by: Ed25519PrivateKey | None, changed: dict[str, str]) -> None:
    assert await desk.tell(an_event(), by, **changed) == 401
    assert desk.heard == []


async def test_a_body_changed_on_its_way_is_refused(desk: Desk) -> None:
    body = json.dumps(an_event()).encode()
    signature = DISCORD.sign(b"1795348800" + body).hex()
    assert await desk.post(body.replace(b"815", b"816"), None, signature=signature) == 401
    assert desk.heard == []


@pytest.mark.parametrize(
    "payload",
    [
        None,
        [],
        "text",
        {},
        {"type": 1},
        {"type": 1, "event": None},
        an_event(at="yesterday"),
        an_event(at=None),
        an_event(user="amira"),
        an_event(user=None),
    ],
)
async def test_what_is_signed_and_can_not_be_read_changes_nothing(desk: Desk, payload: object) -> None:
    assert await desk.tell(payload) == 400
    assert desk.heard == []


async def test_what_is_too_large_or_no_json_changes_nothing(desk: Desk) -> None:
    assert await desk.post(b" " * (MOST_BYTES + 1)) == 413
    assert await desk.post(b"{") == 400
    assert await desk.post(b"") == 400
    assert desk.heard == []


async def test_before_the_bot_is_connected_discord_is_asked_to_come_again(desk: Desk) -> None:
    desk.key = None
    assert await desk.tell(an_event()) == 503
    desk.key = "no hexadecimal number"
    assert await desk.tell(an_event()) == 401
    assert desk.heard == []


async def test_looking_at_the_address_is_no_event(desk: Desk) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{desk.server.port}{PATH}") as answer:
        assert answer.status == 405
