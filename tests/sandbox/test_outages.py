"""Outages on demand: guilds that stay unavailable, and a sender that is gone before its answer."""

import asyncio
import json
from urllib.parse import urlsplit

import pytest

from tests.support.bare_bot import Bare, running
from tests.support.sandbox import Sandbox
from tests.support.waiting import wait_for


async def test_a_session_can_begin_without_its_guilds(pointed: Sandbox) -> None:
    async with running(Bare()) as bot:
        assert [guild.unavailable for guild in bot.guilds] == [False]
        await pointed.call("POST", "/control/gateway", {"action": "invalid", "resumable": False, "guild_data": False})
        await wait_for(lambda: bot.events.count("READY") == 2)
        assert [guild.unavailable for guild in bot.guilds] == [True]
        await pointed.gateway("invalid", resumable=False)
        await wait_for(lambda: [guild.unavailable for guild in bot.guilds] == [False])


@pytest.mark.parametrize(("cut", "kept"), [(0, 1), (5, 0)], ids=["whole", "cut short"])
async def test_what_a_sender_that_is_gone_has_sent_whole_is_taken(sandbox: Sandbox, cut: int, kept: int) -> None:
    path = "/channels/*/messages"
    await sandbox.faults({"kind": "latency", "seconds_each": 0.2, "path": path})
    channel_id = await sandbox.person("priya").channel_id("general")
    body = json.dumps({"content": "sent, then killed"})
    head = [
        f"POST /api/v10/channels/{channel_id}/messages HTTP/1.1", f"Host: {urlsplit(sandbox.url).netloc}",
        f"Authorization: Bot {sandbox.token}", "Content-Type: application/json", f"Content-Length: {len(body)}",
    ]  # fmt: skip
    _, writer = await asyncio.open_connection(urlsplit(sandbox.url).hostname, urlsplit(sandbox.url).port)
    writer.write("\r\n".join([*head, "", body[: len(body) - cut]]).encode())
    await writer.drain()
    await wait_for(lambda: _arrived(sandbox))
    writer.transport.abort()

    await wait_for(lambda: _answered(sandbox))
    assert len(await sandbox.messages()) == kept


async def _arrived(sandbox: Sandbox) -> bool:
    return len(await sandbox.record("POST", "/messages")) == 1


async def _answered(sandbox: Sandbox) -> bool:
    return (await sandbox.record("POST", "/messages"))[0]["status"] is not None
