"""Hands for the tests of slots: an advisor who offers one, a member who books it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import simcord

from bot.domain.slots import Slot, SlotDraft, SlotKind
from bot.services.bundle import Services
from bot.services.slot_offers import Read
from tests.cogs.conftest import World, components
from tests.support.question_cards import MANAGER, fields, say

WHEN, MINUTES, PLACES, SERIES, PLACE = "When the first one begins", "Minutes", "Places", "How many", "Where to meet"
TYPED = "1 December 2026 18:00"
BEGINS = datetime(2026, 12, 1, 23, tzinfo=UTC)
"""What that is on the server's clock, which is New York's."""
HOUR = timedelta(hours=1)


async def use_advisor(world: World, who: Any, channel: Any = None, guild: Any = None) -> simcord.InteractionResult:
    """Use ``/advisor slots`` as somebody whom Discord shows it to."""
    command = next(each for each in await world.env.bot.tree.fetch_commands() if each.name == "advisor")
    (guild or world.guild).set_command_permissions(command, {who: True})
    return await who.slash(channel or world.general, "advisor slots")


def menu(card: Any, placeholder: str) -> dict[str, Any]:
    """Return the select of a card whose placeholder begins so."""
    (found,) = [each for each in components(card) if each["type"] == 3 and each["placeholder"].startswith(placeholder)]
    return found


async def choose(who: Any, card: Any, placeholder: str, number: int = 0) -> simcord.InteractionResult:
    """Choose the option of that number in a select."""
    found = menu(card, placeholder)
    return await who.select(card.response, [found["options"][number]["value"]], custom_id=found["custom_id"])


async def form(world: World, who: Any, channel: Any = None, guild: Any = None, kind: int = 0) -> simcord.InteractionResult:
    """Open the form of an offer."""
    return await choose(who, await use_advisor(world, who, channel, guild), "Offer slots", kind)


async def fill(who: Any, opened: Any, **changes: Any) -> simcord.InteractionResult:
    """Fill the form of an offer in; what is not changed stands as in the tests' usual offer."""
    named = fields(opened)
    values = {WHEN: TYPED, MINUTES: "30", PLACES: "2", SERIES: ["row-1"], PLACE: ""} | {
        key.replace("_", " "): value for key, value in changes.items()
    }
    return await who.submit_modal(opened, {named[label]: value for label, value in values.items()})


async def offer(world: World, who: Any, channel: Any = None, guild: Any = None, **changes: Any) -> simcord.InteractionResult:
    """Offer slots through the form; return what was said."""
    shown = await fill(who, await form(world, who, channel, guild), **changes)
    return await who.click(shown.response, label="Offer it" if changes.get(SERIES, ["row-1"]) == ["row-1"] else "Offer them")


async def offered(services: Services, advisor_id: int, guild_id: int, **changes: Any) -> list[Slot]:
    """Offer slots without Discord."""
    values = {"kind": SlotKind.OFFICE_HOURS, "when": TYPED, "minutes": "30", "places": "2", "series": "row-1", "place": ""} | changes
    draft = SlotDraft("", guild_id, advisor_id, services.clock.now(), **values)
    reading = await services.slot_offers.read(draft)
    assert isinstance(reading, Read), reading
    return await services.slot_offers.offer(reading.draft.id, advisor_id, guild_id)


async def opened(world: World, who: Any, channel: Any = None, number: int = 0) -> simcord.InteractionResult:
    """Open a slot of the server's list."""
    return await choose(who, await who.slash(channel or world.general, "ask slots"), "Open one", number)


async def book(world: World, who: Any, channel: Any = None, number: int = 0) -> simcord.InteractionResult:
    """Book a place in a slot of the server's list; return what was said."""
    return await who.click((await opened(world, who, channel, number)).response, label="Book a place")


async def set_clock(world: World, zone: str = "America/New_York", guild: Any = None) -> None:
    """Set the clock of a server."""
    await world.services.servers.change((guild or world.guild).id, MANAGER, zone=zone)


async def own(world: World, who: Any, number: int = 0) -> simcord.InteractionResult:
    """Open one of an advisor's own slots."""
    return await choose(who, await use_advisor(world, who), "Open one", number)


async def move(world: World, who: Any, when: str, number: int = 0) -> simcord.InteractionResult:
    """Ask to move one of an advisor's own slots; return how the time was read."""
    return await say(who, await who.click((await own(world, who, number)).response, label="Move"), when)
