"""What happens to the bot's own process: killed at any instruction, replaced, frozen."""

import asyncio
import signal
from functools import partial

from tests.faults.rig import FORGOTTEN, SENDS, Rig, signal_now
from tests.faults.scenario import scenario
from tests.support.bot_process import BotProcess

SHORT_LEASE = "3"
IN_FLIGHT = 8
"""How many requests are under way at once at most, by default."""
LEASE_LOST = 3
"""The exit code of a process that found another in its place."""


async def killed(rig: Rig, *, latency: float, forgotten: bool) -> None:
    """Kill the process at random points, again and again, and start it again on what it left."""
    await rig.faults({**SENDS, "kind": "latency", "seconds_each": latency})
    points = sorted(rig.random.choices(range(rig.size.count), k=rig.size.kills))
    bot = await rig.bot()
    await rig.fall_due()
    for point in points:
        await _kill_at(rig, bot, point)
        if forgotten:
            await rig.sandbox.advance(FORGOTTEN)
        else:
            await asyncio.sleep(1)
        await bot.begin()


async def _kill_at(rig: Rig, bot: BotProcess, point: int) -> None:
    if rig.taken > point:  # the last life overshot: this one is killed while it starts, or soon after
        await asyncio.sleep(rig.random.uniform(0.3, 2.5))
    elif rig.random.random() < 0.5:  # between the message and its answer
        rig.when_taken(point, partial(signal_now, bot, signal.SIGKILL))
        await rig.until_taken(point)
    else:
        await rig.until_taken(point)
        await asyncio.sleep(rig.random.uniform(0, 0.05))
    await bot.kill()


scenario("killed")(partial(killed, latency=0.0, forgotten=False))
scenario("killed-forgotten")(partial(killed, latency=0.0, forgotten=True))
scenario("killed-slow", quick=False)(partial(killed, latency=0.1, forgotten=False))
scenario("killed-slow-forgotten")(partial(killed, latency=0.1, forgotten=True))


async def _two(rig: Rig) -> tuple[BotProcess, BotProcess]:
    """Return one process that sends and one that stands by."""
    first = await rig.bot(partition_lease_seconds=SHORT_LEASE)
    second = rig.new_bot(partition_lease_seconds=SHORT_LEASE)
    await second.begin()
    await second.until(lambda: "standing by" in second.log)
    return first, second


async def taken_over(rig: Rig, *, number: int) -> None:
    """End the first process in the middle of the sending; the one that stands by goes on."""
    first, second = await _two(rig)
    rig.when_taken(rig.size.count // 2, partial(signal_now, first, number))
    await rig.fall_due()
    await second.until(lambda: "connected as" in second.log)
    rig.require("taking over" in second.log, "the second process did not say that it takes over")
    code = await first.ended()
    rig.require(code in (0, -signal.SIGKILL), f"the first process ended with {code}")
    rig.bots.remove(first)


scenario("taken-over", quick=False)(partial(taken_over, number=signal.SIGTERM))
scenario("taken-over-killed")(partial(taken_over, number=signal.SIGKILL))


@scenario("frozen")
async def frozen(rig: Rig) -> None:
    """Freeze the first process in the middle, as a paused machine does; let it go on when the second one has sent everything.

    Nonces are remembered here, and what it still sends is counted. A request that was half written when its process froze is written
    to its end when it thaws, and only the nonce tells it from a new one: past Discord's memory nobody could promise that none of these
    few comes twice.
    """
    first, second = await _two(rig)
    rig.when_taken(rig.size.count // 2, partial(signal_now, first, signal.SIGSTOP))
    await rig.fall_due()
    await rig.until_taken(rig.size.count // 2)
    while rig.is_locked():  # frozen inside a transaction it would keep every other process out: that is no take-over
        signal_now(first, signal.SIGCONT)
        await asyncio.sleep(0.005)
        signal_now(first, signal.SIGSTOP)
    await second.until(lambda: "connected as" in second.log)
    await rig.until_settled()
    before = await rig.sandbox.record("POST", "/messages")
    signal_now(first, signal.SIGCONT)
    code = await first.ended()
    after = await rig.sandbox.record("POST", "/messages", since=before[-1]["n"])
    rig.require(len(after) <= IN_FLIGHT, f"the process that was frozen still sent {len(after)} times")
    rig.require(code == LEASE_LOST, f"the process that was frozen ended with {code}")
    rig.bots.remove(first)
