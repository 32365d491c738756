"""Scheduled events over real sockets: each made once through faults and a kill, gone when deleted by hand, named where not allowed."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import permissions as perms
from bot.sandbox import seed
from tests.support.bot_process import BotProcess, running_bot
from tests.support.sandbox import Person, Reply, Sandbox
from tests.support.waiting import wait_for

NOVEMBER = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
EVENTS = "/guilds/*/scheduled-events"
FAULTS: dict[str, dict[str, Any]] = {
    "match-status": {"kind": "status", "status": 500, "when": "before"},
    "rank-list-deadline": {"kind": "status", "status": 500, "when": "after"},
    "soap-opens": {"kind": "status", "status": 503, "when": "after"},
    "soap-round-1": {"kind": "reset", "when": "before"},
    "soap-round-2": {"kind": "reset", "when": "after"},
}
"""What befalls the making of each date's event."""


@pytest.fixture
async def bot(sandbox: Sandbox, tmp_path: Path) -> Any:
    await sandbox.move_to(NOVEMBER)
    async with running_bot(sandbox.url, tmp_path / "data") as process:
        yield process


async def events(sandbox: Sandbox) -> list[dict[str, Any]]:
    return await sandbox.call("GET", "/control/events")


async def preview(priya: Person, key: str) -> Reply:
    card = await priya.command("server events")
    return await priya.select(card, f"us-2027-{key}", menu="server:event_date:")


async def standing(sandbox: Sandbox, number: int) -> None:
    async def so_many() -> bool:
        return len(await events(sandbox)) >= number

    await wait_for(so_many, 30)


async def settled(priya: Person, number: int) -> Reply:
    """Wait until so many events are known to stand; return the card that says so."""
    cards: list[Reply] = []

    async def so_many() -> bool:
        cards.append(await priya.command("server events"))
        return cards[-1].text.count("Stands [in Discord]") >= number

    await wait_for(so_many, 60)
    return cards[-1]


async def test_each_is_made_once_whatever_befalls_it(sandbox: Sandbox, bot: BotProcess) -> None:
    priya = sandbox.person("priya")
    for key, fault in FAULTS.items():
        seen = await preview(priya, key)
        await sandbox.faults({**fault, "times": 1, "method": "POST", "path": EVENTS})
        await priya.click(seen, "Make the event")
        await standing(sandbox, list(FAULTS).index(key) + 1)
        await sandbox.no_faults()
    await settled(priya, len(FAULTS))

    # Killed while Discord takes it: the next process finds what it does not know of, and makes no second one.
    seen = await preview(priya, "match-day")
    await sandbox.faults({"kind": "latency", "seconds_each": 1.5, "times": 1, "method": "POST", "path": EVENTS})
    await priya.click(seen, "Make the event", wait=False)
    before = len(await sandbox.record("POST", "/scheduled-events"))

    async def under_way() -> bool:
        return len(await sandbox.record("POST", "/scheduled-events")) > before or len(await events(sandbox)) > len(FAULTS)

    await wait_for(under_way, 20)
    await bot.kill()
    await standing(sandbox, len(FAULTS) + 1)
    await sandbox.no_faults()
    await bot.start()
    await settled(priya, len(FAULTS) + 1)
    assert set(Counter(each["name"] for each in await events(sandbox)).values()) == {1}

    # A day later nothing has changed; one that was deleted by hand is said and stays away.
    gone = next(each for each in await events(sandbox) if each["name"].startswith("Match Day"))
    await sandbox.call("DELETE", f"/control/events/{gone['id']}")
    await sandbox.advance(timedelta(days=1))

    async def said() -> bool:
        return "Somebody deleted the scheduled event Match Day" in (await priya.command("server check")).text

    await wait_for(said, 30)
    assert len(await events(sandbox)) == len(FAULTS)

    seen = await preview(priya, "ranking-opens")
    await sandbox.call("PATCH", f"/control/roles/{seed.BOT_ROLE}", {"permissions": str(perms.TEXT)})
    assert "allow Create Events" in (await priya.command("server events")).text
    assert "I may not make scheduled events in this server." in (await priya.click(seen, "Make the event")).text
    assert len(await events(sandbox)) == len(FAULTS)
