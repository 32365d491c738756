"""Running one scenario: prepare, misbehave, wait until all is settled, then count."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from tests.faults.counting import Found, count
from tests.faults.rig import FORGOTTEN, CannotBeDoneError, Rig, Size, open_rig

Act = Callable[[Rig], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """Hold one scenario; ``act`` starts the bot, lets everything fall due and does the harm."""

    name: str
    act: Act
    quick: bool
    """Whether it runs with the other tests."""
    checks: bool
    """Whether bodies are checked against Discord's description; it takes longer than the sending."""


SCENARIOS: dict[str, Scenario] = {}


def scenario(name: str, *, quick: bool = True, checks: bool = False) -> Callable[[Act], Act]:
    """Enter a function under a name."""

    def entered(act: Act) -> Act:
        SCENARIOS[name] = Scenario(name, act, quick, checks)
        return act

    return entered


async def run(chosen: Scenario, size: Size, folder: Path, templates: Path) -> Found:
    """Run one scenario in an empty folder and count what came of it."""
    found = Found(chosen.name, size.count)
    started = time.monotonic()
    async with open_rig(folder, size, chosen.name, checks=chosen.checks) as rig:
        await rig.prepare(templates)
        try:
            await chosen.act(rig)
        except CannotBeDoneError as reason:
            found.skipped = str(reason)
            return found
        await rig.until_settled()
        found.seconds = time.monotonic() - started
        await _let_doubles_come(rig)
        await _stop(rig)
        await _count(rig, found)
    return found


async def _let_doubles_come(rig: Rig) -> None:
    """Behave, let ten minutes pass, and ask the bot for an answer: whatever would still be sent has its chance."""
    await rig.sandbox.no_faults()
    await rig.sandbox.connected()
    await rig.sandbox.advance(FORGOTTEN)
    for person in sorted(rig.closed)[:1] or rig.people[:1]:
        inbox = (await rig.sandbox.person(str(person)).command("remind inbox")).text
        rig.require((f"for {person}" in inbox) is (person in rig.closed), f"the inbox of {person} says: {inbox}")


async def _stop(rig: Rig) -> None:
    for bot in rig.bots:
        code = await bot.stop()
        rig.require(code == 0, f"the bot ended with {code}")


async def _count(rig: Rig, found: Found) -> None:
    count(found, rig.people, rig.closed, await rig.sandbox.messages(), rig.rows())
    found.refusals = sum(entry["status"] == 429 for entry in await rig.sandbox.record())
    rig.require(found.refusals == 0, f"Discord answered 429 {found.refusals} times")
    rig.require(found.parked == len(rig.closed), f"{found.parked} are parked, and {len(rig.closed)} should be")
    violations = await rig.sandbox.violations()
    rig.require(not violations, f"Discord's limits were broken {len(violations)} times: {violations[:1]}")
    found.problems += rig.problems
