"""Many interactions at once, made inside the server, and how long the bot took over each."""

import asyncio
import gc
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.sandbox import interactions
from bot.sandbox.errors import DiscordError
from bot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Burst:
    """Hold what to run: one command, by one person or by several in turn."""

    users: list[int]
    channel_id: int | None
    """None is each person's direct messages."""
    command: str
    options: dict[str, Any]
    count: int
    concurrency: int
    focused: str | None = None
    """The option that is being typed into: then choices are asked for, and the command is not run."""


async def run_burst(world: World, burst: Burst) -> dict[str, Any]:
    """Run it; return ``{"latencies_ms", "failed", "seconds"}``.

    A latency runs from the dispatch of INTERACTION_CREATE to the arrival of the callback.
    """
    latencies: list[float] = []
    failed = 0
    numbers = iter(range(burst.count))

    async def worker() -> None:
        nonlocal failed
        for number in numbers:
            user_id = burst.users[number % len(burst.users)]
            channel_id = burst.channel_id or world.dm_channel(user_id).id
            if burst.focused is None:
                interaction = interactions.run(world, user_id, channel_id, burst.command, burst.options)
            else:
                interaction = interactions.complete(world, user_id, channel_id, burst.command, burst.options, burst.focused)
            if await interaction.acknowledged and interaction.acknowledged_at is not None:
                latencies.append((interaction.acknowledged_at - interaction.started) * 1000)
            else:
                failed += 1

    with _uncollected():
        started = time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(burst.concurrency)))
        seconds = time.perf_counter() - started
    return {"latencies_ms": latencies, "failed": failed, "seconds": seconds}


@contextmanager
def _uncollected() -> Generator[None]:
    """Hold the garbage collector: its full pass over the kept record takes 100 ms, which would be put down to the bot."""
    was_on = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def burst_of(world: World, given: dict[str, Any]) -> Burst:
    """Read a burst from JSON: ``user`` or ``users`` by name or id, ``channel_id`` (null for direct messages), ``command`` and numbers.

    With ``focused`` it is typing into that option.
    """
    users: list[int] = []
    for name in given.get("users") or [given.get("user")]:
        person = world.person(str(name))
        if person is None:
            raise DiscordError(404, 0, f"There is nobody called {name} here.")
        users.append(person.id)
    channel = given.get("channel_id")
    return Burst(
        users=users,
        channel_id=None if channel is None else int(channel),
        command=str(given.get("command", "")),
        options=dict(given.get("options") or {}),
        count=int(given.get("count", 1)),
        concurrency=max(1, int(given.get("concurrency", 1))),
        focused=given.get("focused"),
    )
