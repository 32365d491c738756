"""A running bot that reports its failures, and one whose ports are asked by those who mean harm: it goes on, and gives nothing away."""

import asyncio
import gzip
import json
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.support.bot_process import running_bot
from tests.support.sandbox import Sandbox
from tests.support.waiting import wait_for
from tests.web.test_hostile_requests import read_to_end
from tests.web.test_listening import free_port

WORD = "plantedjasmine"


class Receiver:
    """Stand where a Sentry server would, and keep what comes."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.port = free_port()

    @property
    def dsn(self) -> str:
        return f"http://plantedkey@127.0.0.1:{self.port}/1"

    def events(self) -> list[dict[str, Any]]:
        """Return the event of each envelope: the line after its own head and that of the item."""
        return [json.loads(each.splitlines()[2]) for each in self.came]

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.came.append((gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode())
        return web.json_response({})


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver, application = Receiver(), web.Application()
    application.router.add_post("/api/1/envelope/", receiver.take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", receiver.port).start()
    try:
        yield receiver
    finally:
        await runner.cleanup()


async def test_a_failure_is_reported_to_a_server_without_a_word_of_hers(sandbox: Sandbox, tmp_path: Path) -> None:
    async with receiving() as receiver, running_bot(sandbox.url, tmp_path / "data", sentry_dsn=receiver.dsn) as bot:
        amira = sandbox.person("amira")
        await amira.command("start", zone="Africa/Cairo")
        assert receiver.came == []
        with sqlite3.connect(bot.data_dir / "matchday.sqlite3", timeout=20) as connection:
            connection.execute("ALTER TABLE reminder RENAME TO reminder_gone")
        failed = await amira.command("remind me", when="in 5 minutes", what=f"{WORD} failed")
        (code,) = re.findall(r"the code ([0-9A-F]{6})", failed.text)
        await wait_for(lambda: any(event.get("tags", {}).get("interaction") == code for event in receiver.events()), 20)
        assert await bot.stop() == 0
        told = "\n".join(receiver.came)
        assert "OperationalError" in told
        for planted in (WORD, "sandbox-token", str(tmp_path), *(bot.data_dir / "matchday.key").read_text("ascii").split()):
            assert planted not in told
        assert "plantedkey" not in bot.log


@pytest.mark.parametrize("which", ["feeds", "metrics"])
async def test_a_bot_whose_port_is_asked_without_end_answers_its_members(sandbox: Sandbox, tmp_path: Path, which: str) -> None:
    port = free_port()
    settings = {"public_url": "https://matchday.example.org", "web_port": str(port)} if which == "feeds" else {"metrics_port": str(port)}
    async with running_bot(sandbox.url, tmp_path / "data", **settings) as bot:
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(300)]
        for number, (_, writer) in enumerate(held):
            writer.write((b"GET /metrics HTTP/1.1\r\nX-Slow: ", f"GET /{WORD}\x01".encode(), b"\xff" * 60_000)[number % 3])
        reply = await sandbox.person("amira").command("countdown", event="rank list")
        assert "Rank order list" in reply.text
        answered = [await asyncio.wait_for(read_to_end(reader), 20) for number, (reader, _) in enumerate(held) if number >= 64]
        assert {answer.split(b"\r\n")[0] for answer in answered if answer} == {b"HTTP/1.1 503 Service Unavailable"}
        for _, writer in held:
            writer.close()
        assert await bot.stop() == 0
        assert WORD not in bot.log
        assert "Traceback" not in bot.log
