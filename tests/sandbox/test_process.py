"""The sandbox as a process of its own: its address, its refusals, and a burst (how fast it answers is measured by `make bench`)."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.sandbox.server import SandboxServer
from tests.support.sandbox import ROOT, Sandbox, sandbox_process


@asynccontextmanager
async def bare_process(sandbox: Sandbox) -> AsyncIterator[None]:
    """Run the bare bot as a process of its own until the end of the block."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.support.bare_bot", sandbox.url, cwd=ROOT)
    try:
        await sandbox.connected()
        yield
    finally:
        process.terminate()
        await process.wait()


async def test_a_burst_of_a_no_op_command_is_answered_and_measured() -> None:
    async with sandbox_process("--no-checks") as started, Sandbox(started.url) as sandbox, bare_process(sandbox):
        burst = await sandbox.burst("ping", channel="general", count=100)
        assert (burst["failed"], len(burst["latencies_ms"])) == (0, 100)


async def test_a_bot_survives_the_restart_of_its_sandbox_with_the_same_ids() -> None:
    async with sandbox_process() as first, Sandbox(first.url) as sandbox:
        before = (await sandbox.call("GET", "/people"), await sandbox.person("amira").open_dm())
        port = first.url.rsplit(":", 1)[1]
    async with sandbox_process("--port", port) as second, Sandbox(second.url) as sandbox:
        assert (await sandbox.call("GET", "/people"), await sandbox.person("amira").open_dm()) == before


async def test_it_ends_orderly() -> None:
    async with sandbox_process() as started, aiohttp.ClientSession() as session, session.get(f"{started.url}/clock/stream") as stream:
        await stream.content.readline()
        started.process.terminate()
        async with asyncio.timeout(5):
            assert await started.process.wait() == 0


async def _refused(*arguments: str, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name != "DISCORD_TOKEN"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox", *arguments, cwd=ROOT, env={**kept, **environment}, stderr=asyncio.subprocess.PIPE
    )
    _, said = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 2
    return said.decode()


async def test_it_listens_on_loopback_only() -> None:
    assert "loopback only" in await _refused("--host", "0.0.0.0")  # noqa: S104 - the point is that it refuses
    with pytest.raises(ValueError, match="loopback"):
        SandboxServer(host="192.0.2.1")


async def test_it_never_runs_beside_a_real_token() -> None:
    assert "DISCORD_TOKEN" in await _refused(DISCORD_TOKEN="x.y.z")


async def test_a_taken_port_and_a_missing_description_are_said(sandbox: Sandbox) -> None:
    assert "can't be used" in await _refused("--port", sandbox.url.rsplit(":", 1)[1])
    assert "no description" in await _refused("--description", "nowhere.json")


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
async def test_other_sites_are_kept_out(sandbox: Sandbox, headers: dict[str, str]) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{sandbox.url}/control/clock", json={"reset": True}, headers=headers) as answer,
    ):
        assert answer.status == 403


async def test_an_uploaded_page_does_not_run(sandbox: Sandbox) -> None:
    form = aiohttp.FormData()
    form.add_field("payload_json", '{"content":"x"}', content_type="application/json")
    form.add_field("files[0]", b"<script>1</script>", filename="a.html", content_type="text/html")
    channel = await sandbox.person("amira").channel_id("general")
    headers = {"Authorization": f"Bot {sandbox.token}"}
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{sandbox.url}/api/v10/channels/{channel}/messages", data=form, headers=headers) as answer:
            attachment = (await answer.json())["attachments"][0]
        async with session.get(attachment["url"]) as answer:
            assert await answer.read() == b"<script>1</script>"
            assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        async with session.get(attachment["url"] + "x") as answer:
            assert answer.status == 404


async def test_avatars_are_plain_pictures(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{sandbox.url}/cdn/embed/avatars/0.png") as answer:
        assert answer.content_type == "image/png"
        assert (await answer.read()).startswith(b"\x89PNG")


async def test_a_crowd_joins(sandbox: Sandbox) -> None:
    ids = await sandbox.add_people(3)
    assert len(set(ids)) == 3
    assert (await sandbox.person(str(ids[0])).view())["me"]["id"] == str(ids[0])
