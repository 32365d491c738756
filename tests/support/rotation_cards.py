"""Rotations, packets and drafts through their cards: forms filled by their labels, selects found by what they ask, files read."""

from typing import Any

import simcord

from bot.domain.letters import WriterCountry
from bot.domain.rotations import MAX_DETAIL, MAX_PLACE, MAX_SPECIALTY, MAX_WRITERS, Details, Rotation, RotationKind
from bot.services.rotations import Entry
from cogs._ui.cards import Card
from tests.cogs.conftest import World, components

OPEN = "Open one"
DATES = "2 Nov 2026 to 27 Nov 2026"
"""On 22 November 2026 its third week ends."""
ENTRY = Entry(RotationKind.ELECTIVE, "County Hospital", WriterCountry.UNITED_STATES, "IM", DATES)
LONGEST = Entry(RotationKind.SUB_INTERNSHIP, "*" * MAX_PLACE, WriterCountry.UNITED_KINGDOM, "_" * MAX_SPECIALTY, DATES)
"""Every sign is escaped, so it shows twice as long."""


def longest_name(number: int) -> str:
    return f"{number}" + "*" * 79


LONGEST_DETAILS = Details(tuple(longest_name(number) for number in range(MAX_WRITERS)), *("~" * MAX_DETAIL for _ in range(4)))


def select_for(message: Any, placeholder: str) -> dict[str, Any]:
    """Return the select that asks for something."""
    (found,) = [each for each in components(message) if each["type"] == 3 and each.get("placeholder") == placeholder]
    return found


async def choose(person: Any, message: Any, placeholder: str, *values: str) -> simcord.InteractionResult:
    """Let a person use the select that asks for something."""
    return await person.select(message, list(values), custom_id=select_for(message, placeholder)["custom_id"])


async def fill_form(person: Any, form: simcord.InteractionResult, **given: Any) -> simcord.InteractionResult:
    """Send a form; the names are the first words of its labels. What is not given stays as the form came."""
    assert form.modal is not None, "no form was opened"
    values: dict[str, Any] = {}
    for label in form.modal["components"]:
        component, name = label["component"], label["label"].split()[0].casefold()
        came = [option["value"] for option in component.get("options", []) if option.get("default")]
        value = given.pop(name, came if "options" in component else component.get("value", ""))
        if value:
            values[component["custom_id"]] = value
    assert not given, f"the form asks for no {sorted(given)}"
    return await person.submit_modal(form, values)


async def stored(world: World, entry: Entry = ENTRY, details: Details | None = None, member: Any = None) -> Rotation:
    """Store a rotation without the form."""
    whose = await world.services.members.get((member or world.amira).id)
    rotation = await world.services.rotations.add(whose, entry)
    return await world.services.rotations.describe(whose.id, rotation.id, details) if details else rotation


def messages_of(result: simcord.InteractionResult) -> list[Any]:
    """Return all that a reply consists of."""
    return [message for message in (result.response, *result.followups) if message is not None]


async def file_of(result: simcord.InteractionResult) -> tuple[str, str]:
    """Return name and text of a reply's only file."""
    (file,) = [attachment for message in messages_of(result) for attachment in message.attachments]
    return file.filename, (await file.read()).decode()


async def in_public(client: Any, world: World, view: Card) -> Any:
    """Post a card where everybody can press its buttons, as if a private one had been seen by another."""
    return await client.get_channel(world.general.id).send(view=view)


def said(result: simcord.InteractionResult) -> str:
    """Return all that a reply says."""
    return "\n".join(each["content"] for message in messages_of(result) for each in components(message) if each["type"] == 10)


async def rotations(world: World, who: Any = None) -> Any:
    """Open the list; return its message."""
    result = await (who or world.amira).slash(world.general, "letters rotations")
    assert result.ephemeral
    return result.response


async def opened(world: World) -> Any:
    """Open the first rotation of the list."""
    message = await rotations(world)
    await choose(world.amira, message, OPEN, select_for(message, OPEN)["options"][0]["value"])
    return message


async def hers(world: World) -> Rotation:
    """Return her only rotation."""
    (rotation,) = await world.services.rotations.rotations_of(world.amira.id)
    return rotation
