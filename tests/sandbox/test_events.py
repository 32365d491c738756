"""Scheduled events of the sandbox: what Discord takes, who may, how they begin and end, and how the page shows them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.sandbox import permissions as perms
from bot.sandbox import seed
from bot.sandbox.permissions import Permission
from bot.sandbox.server import SandboxServer
from bot.sandbox.state import Channel, ChannelType
from tests.support.hands import Hands, open_hands
from tests.support.walking import Browser, Walk, browser, expect

__all__ = ["browser"]
EVENTS = f"/guilds/{seed.GUILD}/scheduled-events"
START = datetime(2027, 3, 19, 16, tzinfo=UTC)


@pytest.fixture
async def hands() -> AsyncIterator[Hands]:
    async with open_hands() as each:
        each.time.move_to(datetime(2027, 3, 1, tzinfo=UTC))
        yield each


def an_event(**changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "name": "Match Day",
        "description": "You learn where you matched.",
        "privacy_level": 2,
        "scheduled_start_time": START.isoformat(),
        "scheduled_end_time": (START + timedelta(hours=1)).isoformat(),
        "entity_type": 3,
        "channel_id": None,
        "entity_metadata": {"location": "https://www.nrmp.org"},
    } | changes
    return {key: value for key, value in given.items() if value != "left out"}


async def test_it_is_made_changed_listed_and_deleted_and_told(hands: Hands) -> None:
    status, made = await hands.rest("POST", EVENTS, an_event())
    assert (status, made["status"], made["creator_id"]) == (200, 1, str(hands.world.bot.id))
    path = f"{EVENTS}/{made['id']}"
    status, changed = await hands.rest("PATCH", path, {"name": "Match Day (expected)"})
    assert (status, changed["name"], changed["entity_metadata"]) == (200, "Match Day (expected)", {"location": "https://www.nrmp.org"})
    assert (await hands.rest("GET", EVENTS))[1] == [changed]
    assert (await hands.rest("GET", path))[1] == changed
    assert (await hands.rest("DELETE", path))[0] == 204
    assert (await hands.rest("DELETE", path))[1]["code"] == 10070
    assert (await hands.rest("GET", EVENTS))[1] == []
    for name in ("CREATE", "UPDATE", "DELETE"):
        assert len(hands.told(f"GUILD_SCHEDULED_EVENT_{name}")) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"name": "left out"},
        {"description": "x" * 1_001},
        {"privacy_level": 1},
        {"scheduled_start_time": "soon"},
        {"scheduled_start_time": "2027-02-01T00:00:00+00:00"},
        {"scheduled_start_time": "2037-02-01T00:00:00+00:00", "scheduled_end_time": "2037-02-01T01:00:00+00:00"},
        {"scheduled_end_time": None},
        {"scheduled_end_time": START.isoformat()},
        {"entity_metadata": {"location": ""}},
        {"entity_metadata": {"location": "x" * 101}},
        {"entity_metadata": "left out"},
        {"entity_type": 1},
    ],
)
async def test_what_discord_would_not_take_is_refused(hands: Hands, changes: dict[str, Any]) -> None:
    status, body = await hands.rest("POST", EVENTS, an_event(**changes))
    assert (status, body["code"]) == (400, 50035)
    assert (await hands.rest("GET", EVENTS))[1] == []


async def test_it_begins_and_ends_by_the_clock(hands: Hands) -> None:
    _, made = await hands.rest("POST", EVENTS, an_event())
    path = f"{EVENTS}/{made['id']}"
    hands.time.move_to(START + timedelta(minutes=5))
    assert (await hands.rest("GET", path))[1]["status"] == 2
    moved = {"scheduled_start_time": (START + timedelta(days=1)).isoformat()}
    assert (await hands.rest("PATCH", path, moved))[1]["code"] == 50035
    assert (await hands.rest("PATCH", path, {"status": 4}))[1]["code"] == 50035  # one that has begun is completed, not cancelled
    assert (await hands.rest("PATCH", path, {"description": "Now"}))[0] == 200
    hands.time.move_to(START + timedelta(hours=2))
    assert (await hands.rest("GET", EVENTS))[1] == []
    assert (await hands.rest("PATCH", path, {"description": "Late"}))[1]["code"] == 180000


async def test_a_cancelled_one_is_listed_no_more(hands: Hands) -> None:
    _, made = await hands.rest("POST", EVENTS, an_event())
    assert (await hands.rest("PATCH", f"{EVENTS}/{made['id']}", {"status": 4}))[1]["status"] == 4
    assert (await hands.rest("GET", EVENTS))[1] == []


async def test_permissions(hands: Hands) -> None:
    _, made = await hands.rest("POST", EVENTS, an_event())
    path = f"{EVENTS}/{made['id']}"
    hands.world.set_role_permissions(seed.BOT_ROLE, perms.TEXT)
    for method, where, body in (("POST", EVENTS, an_event()), ("PATCH", path, {"name": "x"}), ("DELETE", path, None)):
        assert (await hands.rest(method, where, body))[1]["code"] == 50013
    hands.world.set_role_permissions(seed.BOT_ROLE, perms.TEXT | int(Permission.CREATE_EVENTS))
    hands.world.guilds[seed.GUILD].events[int(made["id"])].creator_id = seed.PRIYA
    assert (await hands.rest("DELETE", path))[1]["code"] == 50013  # another's
    hands.world.set_role_permissions(seed.BOT_ROLE, perms.TEXT | int(Permission.MANAGE_EVENTS))
    assert (await hands.rest("DELETE", path))[0] == 204


async def test_a_guild_holds_a_hundred(hands: Hands) -> None:
    for _ in range(100):
        assert (await hands.rest("POST", EVENTS, an_event()))[0] == 200
    assert (await hands.rest("POST", EVENTS, an_event()))[1]["code"] == 30038


async def test_one_in_a_voice_channel_needs_the_channel(hands: Hands) -> None:
    guild = hands.world.guilds[seed.GUILD]
    hall = hands.world.add_channel(guild, Channel(seed.FIRST + 77, ChannelType.VOICE, "study-hall"))
    wanted = an_event(entity_type=2, channel_id=str(hall.id), entity_metadata=None)
    hands.world.set_overwrite(hall.id, seed.BOT_ROLE, "role", 0, int(Permission.CONNECT))
    assert (await hands.rest("POST", EVENTS, wanted))[1]["code"] == 50013
    hands.world.set_overwrite(hall.id, seed.BOT_ROLE, "role", int(Permission.CONNECT), 0)
    assert (await hands.rest("POST", EVENTS, wanted))[1]["channel_id"] == str(hall.id)
    assert (await hands.rest("POST", EVENTS, {**wanted, "channel_id": str(seed.GENERAL)}))[1]["code"] == 50024
    assert (await hands.rest("POST", EVENTS, {**wanted, "channel_id": "1"}))[1]["code"] == 10003


@pytest.mark.chromium
async def test_the_page_lists_what_is_coming(browser: Browser) -> None:
    async with SandboxServer(token="sandbox-token") as sandbox:
        walk = await Walk.start(browser, sandbox.url)
        events = walk.page.locator("#events")
        await expect(events).to_be_hidden()
        sandbox.time.move_to(datetime(2027, 3, 1, tzinfo=UTC))
        headers = {"Authorization": "Bot sandbox-token"}
        made = await walk.page.request.post(f"{sandbox.url}/api/v10{EVENTS}", data=an_event(name="<b>Match</b> Day"), headers=headers)
        assert made.ok
        await expect(events.locator("summary")).to_contain_text("<b>Match</b> Day")
        await events.locator("summary").click()
        await expect(events.locator(".event-text")).to_have_text("You learn where you matched.")
        sandbox.time.move_to(START + timedelta(days=1))
        await expect(events).to_be_hidden()
        assert walk.errors == []
