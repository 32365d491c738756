"""Practice through its cards: the first one, a round set up by taps, buttons pressed one after the other."""

from typing import Any

from bot.domain.practice import Round
from tests.cogs.conftest import World, _nested
from tests.support.rotation_cards import choose

OF, WHO, COUNT, TIME = "What it is of", "Whom you answer as", "How many questions", "Time for each"


async def practice(world: World, who: Any = None) -> Any:
    """Open the first card; return its message."""
    result = await (who or world.amira).slash(world.general, "interviews practice")
    assert result.ephemeral
    return result.response


async def begun(world: World, of: str = "gaps", count: str = "3", seconds: str = "120") -> Any:
    """Set a round up by taps and begin it; return its message."""
    message = await practice(world)
    await world.amira.click(message, label="Set up a round")
    await choose(world.amira, message, OF, of)
    await choose(world.amira, message, COUNT, count)
    await choose(world.amira, message, TIME, seconds)
    await world.amira.click(message, label="Start")
    return message


async def hers(world: World) -> Round:
    """Return her newest round."""
    return (await world.services.practice.rounds_of(world.amira.id))[0]


async def click(world: World, message: Any, *names: str) -> Any:
    """Press buttons one after the other; return the last result."""
    result = None
    for label in names:
        result = await world.amira.click(message, label=label)
    return result


def raw(view: Any) -> list[dict[str, Any]]:
    """Return every component of a card that was not sent, nested ones included."""
    return _nested(view.to_components())
