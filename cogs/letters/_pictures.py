"""The picture of the letters; matplotlib is loaded when the first one is drawn, beside the event loop."""

from collections.abc import Sequence
from datetime import date

from bot.domain.letters import Letter
from bot.pictures.drawing import Picture
from bot.services.bundle import Services
from bot.services.letter_plans import Board
from cogs._ui.cards import shortened

NAME_LENGTH = 36


async def draw_ladder(services: Services, board: Board, letters: Sequence[Letter]) -> Picture | None:
    """Draw how far letters have come; None where there is none."""
    if not letters:
        return None
    from bot.pictures import LadderRow, draw, letter_ladder

    plans = services.letters.plans
    today = plans.today(board.member)
    rows = tuple(
        LadderRow(shortened(letter.writer, NAME_LENGTH), letter.state, is_late=_is_late(letter, plans.target_of(letter, board), today))
        for letter in letters
    )
    return await draw(letter_ladder, rows, board.target.day, today)


def _is_late(letter: Letter, target: date | None, today: date) -> bool:
    return target is not None and target < today and not letter.is_in and not letter.is_declined
