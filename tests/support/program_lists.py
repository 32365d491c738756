"""``/programs`` through its cards: programs put there without the form, the list opened, one program opened."""

from typing import Any

import simcord

from bot.domain.programs import Program
from bot.services.programs import ProgramService
from tests.cogs.conftest import World, components
from tests.support.program_cards import a_program
from tests.support.reply_limits import assert_within_limits
from tests.support.rotation_cards import choose, fill_form

OPEN, ORDER, STAGE, PART = "Open a program", "Order", "Stage", "Fill in a part"
WAITING_LINE = 60


def programs_of(world: World) -> ProgramService:
    return world.services.programs


async def put(world: World, *programs: Program) -> None:
    """Store programs of amira without the form."""
    await world.services.members.set_target_year(world.amira.id, 2027)
    for each in programs:
        assert await programs_of(world)._programs.add(each, most=2_000)


def hers(world: World, program_id: str = "p" * 16, **changes: Any) -> Program:
    return a_program(program_id, world.amira.id, **changes)


async def listed(world: World, who: Any = None, **options: Any) -> Any:
    """Open the list; return its message."""
    result = await (who or world.amira).slash(world.general, "programs list", **options)
    assert result.ephemeral
    assert_within_limits(components(result))
    return result.response


async def opened(world: World, program_id: str = "p" * 16) -> Any:
    message = await listed(world)
    await choose(world.amira, message, OPEN, program_id)
    return message


async def only(world: World) -> Program:
    (program,) = await programs_of(world).of(world.amira.id, 2027)
    return program


async def add(world: World, **given: Any) -> simcord.InteractionResult:
    form = await world.amira.slash(world.general, "programs add")
    return await fill_form(world.amira, form, **({"program": "Elm Clinic"} | given))
