"""Rank lists through their cards: programs kept for a member, selects used by their placeholder."""

from typing import Any

from bot.domain.programs import ProgramStage, Track
from tests.cogs.conftest import World, components
from tests.support.program_cards import bare


async def keep(world: World, *names: str, who: Any = None, **changes: Any) -> list[str]:
    """Keep programs of a member, interviewed where nothing else is said; return their ids."""
    member_id = (who or world.amira).id
    await world.services.members.remember(member_id)
    given = {"stage": ProgramStage.INTERVIEWED, "track": Track.CATEGORICAL} | changes
    ids = ["".join(each for each in name.lower() if each.isalnum()).ljust(16, "0")[:16] for name in names]
    for name, program_id in zip(names, ids, strict=True):
        assert await world.services.rank_lists._programs.add(bare(program_id, member_id, name=name, **given), most=1000)
    return ids


def select_of(card: Any, placeholder: str) -> dict[str, Any]:
    """Return the select of a card by what it says while nothing is chosen."""
    (found,) = [each for each in components(card) if each["type"] == 3 and each.get("placeholder") == placeholder]
    return found


async def choose(world: World, card: Any, placeholder: str, *values: str, who: Any = None) -> None:
    """Choose values in a select."""
    await (who or world.amira).select(card, list(values), custom_id=select_of(card, placeholder)["custom_id"])


async def press(world: World, card: Any, *labels: str) -> None:
    """Press buttons of a card, one after the other."""
    for label in labels:
        await world.amira.click(card, label=label)
