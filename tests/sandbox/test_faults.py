"""Faults on demand, as a discord.py client and a plain HTTP client meet them."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest

from bot.sandbox.server import SandboxServer
from tests.support.bare_bot import Bare, running
from tests.support.sandbox import Refused, Sandbox

SEND = "/channels/*/messages"


@pytest.fixture
async def bot(pointed: Sandbox) -> AsyncIterator[Bare]:
    async with running(Bare()) as client:
        yield client


async def _send(sandbox: Sandbox, content: str = "x", channel: str = "general", **more: object) -> tuple[int, dict[str, Any], Any]:
    """Send a message as the bot; return status, body and headers."""
    channel_id = await sandbox.person("priya").channel_id(channel)
    headers = {"Authorization": f"Bot {sandbox.token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{sandbox.url}/api/v10/channels/{channel_id}/messages", json={"content": content, **more}, headers=headers) as answer,
    ):
        return answer.status, await answer.json(), answer.headers


async def test_a_status_before_takes_nothing_and_after_takes_it(sandbox: Sandbox) -> None:
    await sandbox.faults({"kind": "status", "status": 503, "when": "before", "method": "POST", "path": SEND, "times": 1})
    assert (await _send(sandbox, "before"))[0] == 503
    assert await sandbox.messages() == []
    await sandbox.faults({"kind": "status", "status": 502, "when": "after", "path": SEND, "times": 1})
    assert (await _send(sandbox, "after"))[0] == 502
    assert [each["content"] for each in await sandbox.messages()] == ["after"]
    assert (await _send(sandbox, "fine"))[0] == 200
    assert [each["fault"] for each in await sandbox.record("POST", "/messages")] == ["status before", "status after", None]
    assert [each["hits"] for each in await sandbox.fault_rules()] == [1, 1]


@pytest.mark.parametrize(("when", "kept"), [("before", 0), ("after", 1)])
async def test_a_reset(sandbox: Sandbox, when: str, kept: int) -> None:
    await sandbox.faults({"kind": "reset", "when": when, "path": SEND, "times": 1})
    with pytest.raises(aiohttp.ClientOSError) as cut:
        await _send(sandbox)
    assert isinstance(cut.value, ConnectionResetError) or cut.value.errno == 104
    assert len(await sandbox.messages()) == kept


async def test_the_same_nonce_after_a_reset_makes_no_second_message(sandbox: Sandbox) -> None:
    await sandbox.faults({"kind": "reset", "when": "after", "path": SEND, "times": 1})
    with pytest.raises(aiohttp.ClientError):
        await _send(sandbox, nonce="same", enforce_nonce=True)
    status, body, _ = await _send(sandbox, nonce="same", enforce_nonce=True)
    assert status == 200
    assert [each["id"] for each in await sandbox.messages()] == [body["id"]]


async def test_a_share_is_repeatable(sandbox: Sandbox) -> None:
    answers: list[list[int]] = []
    for _ in range(2):
        await sandbox.no_faults()
        await sandbox.faults({"kind": "status", "status": 503, "share": 0.2, "path": SEND, "seed": 7})
        answers.append([(await _send(sandbox))[0] for _ in range(40)])
    assert answers[0] == answers[1]
    assert 2 <= answers[0].count(503) <= 15


async def test_latency(sandbox: Sandbox) -> None:
    await sandbox.faults({"kind": "latency", "seconds_each": 0.2, "method": "POST"})
    started = time.monotonic()
    await _send(sandbox)
    assert time.monotonic() - started >= 0.2


@pytest.mark.parametrize(
    ("scope", "told", "is_global"), [("global", "global", True), ("route", "user", False), ("shared", "shared", False)]
)
async def test_rate_limits_look_like_discords(sandbox: Sandbox, scope: str, told: str, is_global: bool) -> None:
    await sandbox.faults({"kind": "rate_limit", "scope": scope, "per_second": 0.2})
    assert (await _send(sandbox))[0] == 200
    status, body, headers = await _send(sandbox)
    assert status == 429
    assert body["global"] is is_global
    assert 0 < body["retry_after"] <= 5
    assert headers["Content-Type"] == "application/json"
    assert headers["Via"]
    assert headers["X-RateLimit-Scope"] == told
    assert int(headers["Retry-After"]) >= body["retry_after"]
    assert ("X-RateLimit-Global" in headers) is is_global
    assert ("X-RateLimit-Bucket" in headers) is not is_global


async def test_a_route_limit_is_told_ahead_and_counts_by_channel(sandbox: Sandbox) -> None:
    await sandbox.faults({"kind": "rate_limit", "scope": "route", "per_second": 2, "path": SEND})
    first, second = await _send(sandbox), await _send(sandbox, channel="match-week")
    assert [each[2]["X-RateLimit-Remaining"] for each in (first, second)] == ["1", "1"]
    assert first[2]["X-RateLimit-Bucket"] != second[2]["X-RateLimit-Bucket"]


async def test_discord_py_waits_out_every_limit(sandbox: Sandbox, bot: Bare) -> None:
    channel = discord.utils.get(bot.guilds[0].text_channels, name="general")
    assert channel is not None
    for scope in ("route", "shared", "global"):
        await sandbox.no_faults()
        await sandbox.faults({"kind": "rate_limit", "scope": scope, "per_second": 4})
        await asyncio.gather(*(channel.send(f"{scope} {number}") for number in range(6)))
    assert len(await sandbox.messages()) == 18


async def test_interaction_callbacks_are_outside_the_global_limit(sandbox: Sandbox, bot: Bare) -> None:
    await sandbox.faults({"kind": "rate_limit", "scope": "global", "per_second": 0.1})
    burst = await sandbox.burst("ping", channel="general", count=20, concurrency=4)
    assert (burst["failed"], len(burst["latencies_ms"])) == (0, 20)


async def test_discord_py_retries_a_passing_500(sandbox: Sandbox, bot: Bare) -> None:
    await sandbox.faults({"kind": "status", "status": 500, "path": SEND, "times": 1})
    await bot.guilds[0].text_channels[0].send("again")
    assert [each["content"] for each in await sandbox.messages()] == ["again"]


async def test_a_deleted_channel_and_a_lost_permission(sandbox: Sandbox, bot: Bare) -> None:
    guild = bot.guilds[0]
    channels = {each.name: each for each in guild.text_channels}
    await sandbox.overwrite(channels["general"].id, guild.id, deny=discord.Permissions(send_messages=True).value)
    await sandbox.overwrite(channels["general"].id, bot.application_id or 0, "member", deny=discord.Permissions(send_messages=True).value)
    with pytest.raises(discord.Forbidden) as refused:
        await channels["general"].send("x")
    assert refused.value.code == 50013
    await sandbox.overwrite(channels["general"].id, bot.application_id or 0, "member", deny=discord.Permissions(view_channel=True).value)
    with pytest.raises(discord.Forbidden) as refused:
        await channels["general"].send("x")
    assert refused.value.code == 50001
    await sandbox.delete_channel(channels["match-week"].id)
    with pytest.raises(discord.NotFound) as gone:
        await channels["match-week"].send("x")
    assert gone.value.code == 10003


@pytest.mark.parametrize("rule", [{}, {"kind": "flood"}, {"kind": "status", "colour": 1}, {"kind": "latency", "seconds_each": "long"}])
async def test_a_rule_that_cannot_be_read_is_refused(sandbox: Sandbox, rule: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        await sandbox.faults(rule)
    assert refused.value.status == 400


@pytest.mark.violations
@pytest.mark.description
async def test_a_body_against_the_description_is_refused_and_noted(sandbox: Sandbox, sandbox_server: SandboxServer) -> None:
    with pytest.raises(Refused) as refused:
        await sandbox.rest("POST", f"/channels/{await sandbox.person('amira').channel_id('general')}/messages", {"content": 5})
    assert refused.value.body["code"] == 50035
    with pytest.raises(Refused):
        await sandbox.rest("GET", "/oracles")
    found = await sandbox.violations()
    assert [each["kind"] for each in found] == ["body", "body"]
    assert "content" in found[0]["message"]
    await sandbox.forget_violations()
    await sandbox.check_bodies(on=False)
    with pytest.raises(Refused):
        await sandbox.rest("GET", "/oracles")
    assert [each["kind"] for each in await sandbox.violations()] == ["route"]


@pytest.mark.violations
async def test_a_limit_that_the_description_does_not_state_is_noted(sandbox: Sandbox) -> None:
    embeds = [{"description": "x" * 4000}, {"description": "y" * 2001}]
    status, body, _ = await _send(sandbox, embeds=embeds)
    assert (status, body["code"]) == (400, 50035)
    assert [each["kind"] for each in await sandbox.violations()] == ["limit"]
