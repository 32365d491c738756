"""Cards of ``/specialty`` in tests: which select is which, and what was asked to be drawn."""

import base64
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.domain.specialties import Specialty
from bot.pictures.drawing import Picture
from cogs.specialty._words import Audience
from tests.cogs.conftest import World, components

DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
WHO, OPEN, SORT, WITH, TOPIC = "specialty:who", "specialty:open", "specialty:sort", "specialty:with", "specialty:topic"
COMPARE_WHO = "specialty:compare_who"
STATE = "specialty:state"


@dataclass
class Drawn:
    """Hold what was asked to be drawn."""

    outcomes: list[Specialty] = field(default_factory=list)
    comparisons: list[list[Specialty]] = field(default_factory=list)
    others: list[list[Any]] = field(default_factory=list)


def draw_dots(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """Draw a dot for every picture: what is in them is another test's matter."""
    asked = Drawn()

    def drawing(kept: list[Any]) -> Any:
        async def draw(what: Any) -> Picture:
            kept.append(what if isinstance(what, Specialty) else list(what))
            return Picture("figures.png", DOT, "A dot.")

        return draw

    monkeypatch.setattr("cogs.specialty._pictures.draw_outcomes", drawing(asked.outcomes))
    monkeypatch.setattr("cogs.specialty._pictures.draw_comparison", drawing(asked.comparisons))
    monkeypatch.setattr("cogs.specialty._pictures.draw_match_rates", drawing(asked.others))
    monkeypatch.setattr("cogs.specialty._pictures.draw_rank_list_lengths", drawing(asked.others))
    return asked


def select(message: Any, prefix: str) -> dict[str, Any]:
    """Return the select whose custom id begins so."""
    (found,) = [each for each in components(message) if each["type"] == 3 and each["custom_id"].startswith(f"{prefix}:")]
    return found


def values(message: Any, prefix: str) -> list[str]:
    """Return the values of its options."""
    return [option["value"] for option in select(message, prefix)["options"]]


async def choose(world: World, message: Any, prefix: str, *chosen: str) -> Any:
    """Choose in it."""
    return await world.amira.select(message, list(chosen), custom_id=select(message, prefix)["custom_id"])


async def shown(world: World, name: str, audience: Audience | None = None) -> Any:
    """Return the card of a specialty, with her group chosen."""
    card = (await world.amira.slash(world.general, "specialty show", name=name)).response
    if audience is not None:
        await choose(world, card, WHO, audience)
    return card
