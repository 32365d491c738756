"""How long the bot took: over a burst of typing into an option, and over every interaction there was."""

import asyncio

from tests.sandbox.test_process import bare_process
from tests.support.sandbox import Sandbox, sandbox_process
from tests.support.waiting import wait_for


async def test_typing_into_an_option_is_measured_like_a_command() -> None:
    async with sandbox_process("--no-checks") as started, Sandbox(started.url) as sandbox, bare_process(sandbox):
        burst = await sandbox.burst("book find", channel="general", count=5, options={"title": "gr"}, focused="title")
        assert (burst["failed"], len(burst["latencies_ms"])) == (0, 5)
        told = await sandbox.call("GET", "/control/interactions")
        assert [(each["type"], each["name"], each["callback"]) for each in told] == [(4, "book find", 8)] * 5


async def test_every_interaction_is_told_once_it_ended_and_from_where_one_asks() -> None:
    async with sandbox_process("--no-checks") as started, Sandbox(started.url) as sandbox, bare_process(sandbox):
        await sandbox.burst("ping", channel="general", count=3)
        first = await sandbox.call("GET", "/control/interactions")
        assert [each["name"] for each in first] == ["ping"] * 3
        assert all(0 < each["ms"] < 3_000 for each in first)
        await sandbox.faults({"kind": "latency", "seconds_each": 0.5, "path": "/interactions/*/*/callback"})
        asking = asyncio.ensure_future(sandbox.burst("ping", channel="general", count=1))

        async def is_on_its_way() -> bool:
            return len(await sandbox.record(path="/callback")) == 4

        await wait_for(is_on_its_way)
        last = first[-1]["id"]
        assert await sandbox.call("GET", "/control/interactions", since=last) == []
        await asking
        (slow,) = await sandbox.call("GET", "/control/interactions", since=last)
        assert slow["ms"] >= 500


async def test_what_was_answered_is_counted_after_the_record_is_forgotten() -> None:
    async with sandbox_process("--no-checks") as started, Sandbox(started.url) as sandbox, bare_process(sandbox):
        await sandbox.burst("ping", channel="general", count=3)
        await sandbox.faults({"kind": "status", "status": 503, "path": "/interactions/*/*/callback", "times": 1})
        before = await sandbox.call("GET", "/control/totals")
        await sandbox.burst("ping", channel="general", count=1)
        await sandbox.forget_record()
        totals = await sandbox.call("GET", "/control/totals")
        assert totals["op2"] == 1
        assert (totals["503"], totals["fault: status before"]) == (1, 1)
        assert totals["200"] - before["200"] == 1
