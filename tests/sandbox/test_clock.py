"""The sandbox's time: read, moved, followed, and what hangs on it."""

import json
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from tests.support.sandbox import Refused, Sandbox

MATCH_DAY = datetime(2027, 3, 19, 16, 0, tzinfo=UTC)


async def test_the_clock_moves_and_goes_on(sandbox: Sandbox) -> None:
    before = await sandbox.now()
    await sandbox.advance(timedelta(days=1))
    assert timedelta(days=1) <= await sandbox.now() - before < timedelta(days=1, minutes=1)
    await sandbox.move_to(MATCH_DAY)
    first, second = await sandbox.now(), await sandbox.now()
    assert MATCH_DAY <= first < second < MATCH_DAY + timedelta(minutes=1)
    await sandbox.reset_clock()
    assert (await sandbox.clock())["offset"] == 0


async def test_messages_follow_the_clock(sandbox: Sandbox) -> None:
    await sandbox.move_to(MATCH_DAY)
    await sandbox.person("amira").say("Today")
    said = (await sandbox.messages("amira"))[0]
    made = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(said["id"]) >> 22)
    assert abs(made - MATCH_DAY) < timedelta(minutes=1)
    assert abs(datetime.fromisoformat(said["created_at"]) - MATCH_DAY) < timedelta(minutes=1)


async def test_a_nonce_is_forgotten_after_five_minutes(sandbox: Sandbox) -> None:
    path = f"/channels/{await sandbox.person('amira').channel_id('general')}/messages"
    body = {"content": "x", "nonce": "n", "enforce_nonce": True}
    first = await sandbox.rest("POST", path, body)
    await sandbox.advance(timedelta(minutes=4))
    assert (await sandbox.rest("POST", path, body))["id"] == first["id"]
    await sandbox.advance(timedelta(minutes=2))
    assert (await sandbox.rest("POST", path, body))["id"] != first["id"]


async def test_the_stream_tells_now_and_each_change_but_not_the_next_due(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{sandbox.url}/clock/stream") as stream:

        async def told() -> dict[str, object]:
            line = await stream.content.readline()
            assert await stream.content.readline() == b"\n"
            return json.loads(line.removeprefix(b"data: "))

        assert stream.content_type == "text/event-stream"
        assert (await told())["offset"] == 0
        await sandbox.call("PUT", "/clock/next", {"at": MATCH_DAY.isoformat()})
        await sandbox.advance(timedelta(hours=1))
        change = await told()
        assert change["offset"] == 3600
        assert change["next_due"] == MATCH_DAY.isoformat()
        await sandbox.call("PUT", "/clock/next", {"at": None})
        assert (await sandbox.clock())["next_due"] is None


@pytest.mark.parametrize("asked", [{}, {"to": "tomorrow"}, {"to": "2027-03-19T16:00"}, {"advance": "far"}, {"advance": 1e18}, []])
async def test_what_cannot_be_done_is_said_and_moves_nothing(sandbox: Sandbox, asked: object) -> None:
    with pytest.raises(Refused) as refused:
        await sandbox.call("POST", "/control/clock", asked)
    assert refused.value.status == 400
    assert (await sandbox.clock())["offset"] == 0
