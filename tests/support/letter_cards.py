"""Letters through their cards: added by the form, found again, and what the selects and forms offer."""

from typing import Any

import simcord

from bot.domain.letters import Letter
from tests.cogs.conftest import World, components


def selects(message: Any) -> list[dict[str, Any]]:
    """Return every select of a card."""
    return [each for each in components(message) if each["type"] == 3]


def filled(form: simcord.InteractionResult) -> dict[str, Any]:
    """Return what a form is filled with when it opens, by label: text, or the values chosen."""
    assert form.modal is not None
    values: dict[str, Any] = {}
    for label in form.modal["components"]:
        component = label["component"]
        chosen = [option["value"] for option in component.get("options", []) if option.get("default")]
        values[label["label"]] = chosen if "options" in component else component.get("value", "")
    return values


async def add_letter(
    world: World,
    card: Any,
    *,
    who: Any = None,
    writer: str = "Dr. Osei",
    role: str = "",
    specialty: str = "",
    country: str = "",
    service: str = "eras",
) -> simcord.InteractionResult:
    """Add a letter through the form, from a board; return the answer."""
    person = who or world.amira
    form = await person.click(card, label="Add a letter")
    assert form.modal is not None
    fields = {label["label"]: label["component"]["custom_id"] for label in form.modal["components"]}
    given = {
        fields["The writer"]: writer,
        fields["What they are to you"]: [role] if role else [],
        fields["Their specialty"]: specialty,
        fields["Where you worked together"]: [country] if country else [],
        fields["Through which service"]: [service],
    }
    return await person.submit_modal(form, {key: value for key, value in given.items() if value})


async def the_letter(world: World, member: Any = None) -> Letter:
    """Return the newest letter of the season that a member is in."""
    return (await world.services.letters.letters_of((member or world.amira).id))[-1]
