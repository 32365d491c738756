"""What Discord and the network do: errors, resets, limits, slowness, closed messages, a gateway that ends, a late start."""

import asyncio
from datetime import timedelta
from functools import partial

from tests.faults.rig import DUE, SENDS, Rig
from tests.faults.scenario import scenario
from tests.support.sandbox import Json

PACED = "45"
LATE = timedelta(minutes=2)
SLOW_SECONDS = 2
"""How long the sending takes where the clock is moved in the middle of it."""
A_FIFTH, A_TENTH = 0.2, 0.1


@scenario("no-fault", checks=True)
async def no_fault(rig: Rig) -> None:
    """Send, at the pace that is the default."""
    await rig.bot(sends_per_second=PACED)
    await rig.fall_due()


async def faulty(rig: Rig, rule: Json) -> None:
    """Strike a share of the sends."""
    await rig.bot()
    await rig.faults({**SENDS, **rule})
    await rig.fall_due()
    await rig.until_settled()
    rules = await rig.sandbox.fault_rules()
    rig.require(all(each["hits"] for each in rules), f"a fault never struck: {rules}")


for _status in (500, 503):
    for _when in ("before", "after"):
        # discord.py tries 500 again by itself and raises 503 at once; before and after the message was taken.
        _rule: Json = {"kind": "status", "status": _status, "when": _when, "share": A_FIFTH}
        scenario(f"{_status}-{_when}", quick=_status == 503)(partial(faulty, rule=_rule))
for _when in ("before", "after"):
    scenario(f"reset-{_when}")(partial(faulty, rule={"kind": "reset", "when": _when, "share": A_TENTH}))


@scenario("nothing-but-500s")
async def nothing_but_errors(rig: Rig) -> None:
    """Answer every send with 500 for a while."""
    await rig.bot()
    await rig.faults({**SENDS, "kind": "status", "status": 500, "seconds": rig.size.outage_seconds})
    await rig.fall_due()


@scenario("global-limit")
async def global_limit(rig: Rig) -> None:
    """Allow 50 requests a second, everything counted, to a bot that keeps its default pace."""
    await rig.sandbox.faults({"kind": "rate_limit", "scope": "global", "per_second": 50})
    await rig.bot(sends_per_second=PACED)
    await rig.fall_due()
    await rig.until_settled()


@scenario("latency")
async def latency(rig: Rig) -> None:
    """Take 100 ms over every request."""
    await rig.bot(sends_per_second=PACED)
    await rig.faults({"kind": "latency", "seconds_each": 0.1})
    await rig.fall_due()


@scenario("late-start")
async def late_start(rig: Rig) -> None:
    """Start two minutes after everything was due: it comes, and says how late it is."""
    await rig.sandbox.move_to(DUE + LATE)
    await rig.bot()
    await rig.until_settled()
    silent = [each["id"] for each in await rig.sandbox.messages() if "min late" not in each["content"]]
    rig.require(not silent, f"{len(silent)} messages do not say that they are late")


@scenario("closed-dms")
async def closed_messages(rig: Rig) -> None:
    """Let a tenth of the members take no direct messages: theirs wait in the inbox."""
    rig.closed = set(rig.random.sample(rig.people, max(1, rig.size.count // 10)))
    for person in rig.closed:
        await rig.sandbox.change_person(person, dms_open=False)
    await rig.bot()
    await rig.fall_due()


async def gateway_ends(rig: Rig, action: Json) -> None:
    """End the gateway's connection when everything is due."""
    await rig.bot()
    met = await rig.sandbox.call("POST", "/control/gateway", action)
    rig.require(met == {"connections": 1}, f"the gateway's connection was not there: {met}")
    await rig.fall_due()


scenario("gateway-dropped")(partial(gateway_ends, action={"action": "drop"}))
scenario("gateway-resumed", quick=False)(partial(gateway_ends, action={"action": "reconnect"}))
scenario("session-refused")(partial(gateway_ends, action={"action": "invalid", "resumable": False, "guild_data": False}))


@scenario("clock-moved")
async def clock_moved(rig: Rig) -> None:
    """Set the clock back and forward across the due instant, while some outcomes are unknown and others wait for their turn."""
    await rig.bot(sends_per_second=str(rig.size.count / SLOW_SECONDS))
    await rig.faults({**SENDS, "kind": "reset", "when": "after", "share": 0.5})
    await rig.fall_due()
    moves = ((timedelta(minutes=-30), timedelta(minutes=1)), (timedelta(minutes=10),), (timedelta(hours=-1), timedelta(hours=2)))
    for number, offsets in enumerate(moves, 1):
        await rig.until_taken(rig.size.count * number // 4)
        for offset in offsets:
            await rig.sandbox.move_to(DUE + offset)
            await asyncio.sleep(0.3)
