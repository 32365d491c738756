"""The page that says who may use what: up to date, and true of the bot itself."""

from typing import Any

import pytest

from bot.client import MatchdayClient
from bot.errors import UserFacingError
from cogs._ui import staff
from tests.cogs.conftest import World, text
from tests.cogs.test_nothing_shared import ARGUMENTS
from tests.permissions import GATES, PAGE, Role, permissions_of, table
from tests.support.filled_server import a_circle

REFUSALS = [
    "A mock match is begun, revealed and stopped by the moderators of this server",
    "Only managers of this server set it up.",
    *(each.what_happened for each in vars(staff).values() if isinstance(each, UserFacingError)),
]
IN_WORDS = {Role.MEMBER: "other"}
"""How the people of a circle are called, where that differs."""


async def test_the_page_is_up_to_date(world: World, simcord_bot: MatchdayClient) -> None:
    assert PAGE.read_text(encoding="utf-8") == table(permissions_of(simcord_bot)), "write it anew: python -m tests.permissions"


def test_every_question_about_a_role_is_known() -> None:
    asking = {each for name, each in vars(staff).items() if name.startswith("require_")}
    assert asking == set(GATES)


@pytest.mark.simcord(settle_timeout=60.0)
async def test_the_bot_lets_in_whom_the_page_lets_in_and_nobody_else(world: World, simcord_bot: MatchdayClient) -> None:
    circle = await a_circle(world, "north")  # where every command was given to everybody: what is refused, the bot itself refuses
    wrong = []
    for each in permissions_of(simcord_bot):
        if not each.name.startswith("/"):
            continue
        name = each.name.removeprefix("/")
        for role in Role:
            person: Any = getattr(circle, IN_WORDS.get(role, role.value))
            answer = await person.slash(circle.general, name, **ARGUMENTS.get(name, [{}])[0])
            said = "" if answer.modal is not None else text(answer)
            if any(refusal in said for refusal in REFUSALS) is (role in each.roles):
                wrong.append((each.name, role, said[:80]))
    assert wrong == []
