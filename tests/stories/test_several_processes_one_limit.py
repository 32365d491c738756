"""Several processes with one token: together below Discord's limit by a shared budget, or behind one proxy; counted by the sandbox."""

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox.server import SandboxServer
from tests.stories.test_delivery import DUE, NOON, everyone_once, prepare, received, store_reminders
from tests.support.bot_process import BotProcess, running_bot
from tests.support.budgets import budget_url, most_within, redis_server, redis_url
from tests.support.databases import postgres_server, postgres_template, postgres_url, worker
from tests.support.rest_proxy import rest_proxy
from tests.support.sandbox import Sandbox
from tests.support.waiting import wait_for

__all__ = ["budget_url", "postgres_server", "postgres_template", "postgres_url", "redis_server", "redis_url", "worker"]

EACH = 45
LIMIT = 50


async def divide(sandbox: Sandbox, tmp_path: Path, parts: int) -> tuple[list[int], list[Path]]:
    """Give each of several installations its own members, all with a reminder due at one instant."""
    await sandbox.move_to(NOON)
    await sandbox.check_bodies(on=False)
    people = await sandbox.add_people(EACH * parts)
    folders = [tmp_path / f"data-{number}" for number in range(parts)]
    for number, folder in enumerate(folders):
        await store_reminders(folder, people[number::parts])
    return people, folders


async def most_in_a_second(sandbox: Sandbox) -> int:
    sends = [each for each in await sandbox.record("POST") if each["path"].endswith(("/messages", "/@me/channels"))]
    assert [each for each in sends if each["status"] == 429] == []
    return most_within([datetime.fromisoformat(each["at"]).timestamp() for each in sends])


async def send_all(sandbox: Sandbox, people: list[int], folders: Iterable[Path], **settings: str) -> list[BotProcess]:
    async with AsyncExitStack() as stack:
        bots = [
            await stack.enter_async_context(running_bot(sandbox.url, folder, sends_per_second="45", sends_in_flight="16", **settings))
            for folder in folders
        ]
        await sandbox.move_to(DUE)
        await everyone_once(sandbox, people)
    return bots


async def test_two_processes_keep_one_limit(sandbox: Sandbox, tmp_path: Path, budget_url: str) -> None:
    people, folders = await divide(sandbox, tmp_path, 2)
    await send_all(sandbox, people, folders, budget_url=budget_url)
    assert await most_in_a_second(sandbox) <= LIMIT


async def test_without_the_budget_the_same_two_exceed_it(sandbox: Sandbox, tmp_path: Path) -> None:
    people, folders = await divide(sandbox, tmp_path, 2)
    await send_all(sandbox, people, folders)
    assert await most_in_a_second(sandbox) > LIMIT


async def test_an_address_that_can_not_be_used_stops_the_start(sandbox_server: SandboxServer, tmp_path: Path) -> None:
    bot = BotProcess(sandbox_server.url, tmp_path / "data", budget_url="memcached://127.0.0.1")
    await bot.begin()
    assert await bot.ended() == 2
    assert "shared budget can't be used" in bot.log
    assert "Traceback" not in bot.log


async def test_behind_a_proxy_the_proxy_keeps_the_limit(sandbox: Sandbox, tmp_path: Path) -> None:
    """The budget that is set too rests; each request of REST takes the way, the gateway does not."""
    people, data = await prepare(sandbox, tmp_path, 20)
    async with rest_proxy(sandbox.url) as proxy:
        async with running_bot(sandbox.url, data, rest_proxy_url=proxy.url, budget_url="redis://127.0.0.1:1/0") as bot:
            assert "budget of MATCHDAY_BUDGET_URL rests" in bot.log
            await sandbox.move_to(DUE)
            await everyone_once(sandbox, people)
            assert (await sandbox.person("amira").command("countdown")).text
            assert "can't be reached" not in bot.log
        assert {path.split("/")[1:3] == ["api", "v10"] for path in proxy.paths} == {True}
        seen = [each for each in await sandbox.record() if each["method"] != "GATEWAY"]
        assert len(seen) == len(proxy.paths)


@pytest.mark.parametrize("fault", ["timeouts", "aborts", "refusals"])
async def test_what_the_proxy_answers_by_itself_loses_nothing_and_doubles_nothing(sandbox: Sandbox, tmp_path: Path, fault: str) -> None:
    people, data = await prepare(sandbox, tmp_path, 12)
    async with rest_proxy(sandbox.url) as proxy, running_bot(sandbox.url, data, rest_proxy_url=proxy.url):
        setattr(proxy, fault, 5)
        await sandbox.move_to(DUE)
        await wait_for(lambda: getattr(proxy, fault) == 0, 30)
        await asyncio.wait_for(keep_moving(sandbox, people), 60)
        await everyone_once(sandbox, people)


async def keep_moving(sandbox: Sandbox, people: list[int]) -> None:
    """Let product time go on until the later attempts are due too."""
    while not set(await received(sandbox)) >= set(people):
        await sandbox.advance(timedelta(seconds=30))
        await asyncio.sleep(0.2)
