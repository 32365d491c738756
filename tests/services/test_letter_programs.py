"""Programs of letters where a decline is taken back, and in the next season."""

from collections.abc import Awaitable

import pytest

from bot.domain.letters import Letter, LetterState
from tests.services.conftest import Desk
from tests.services.test_letter_service import ERAS, add, programs, refused
from tests.support.databases import AMIRA


@pytest.mark.parametrize("way", ["undo", "move"])
async def test_a_declined_letter_does_not_come_back_as_a_fifth(desk: Desk, way: str) -> None:
    letters = [await add(desk, f"Dr. {number}", LetterState.UPLOADED) for number in range(5)]
    for letter in letters[:4]:
        await desk.services.letters.programs.add(AMIRA, letter.id, ERAS, "Mercy IM")
    await desk.services.letters.move(AMIRA, letters[0].id, LetterState.DECLINED)
    await desk.services.letters.programs.add(AMIRA, letters[4].id, ERAS, "Mercy IM")

    def back() -> Awaitable[Letter]:
        both = desk.services.letters
        return both.undo(AMIRA, letters[0].id) if way == "undo" else both.move(AMIRA, letters[0].id, LetterState.ASKED)

    error = await refused(back())
    assert error.what_happened == "4 letters stand for this program already: Mercy IM."
    assert (await desk.services.letters.get(AMIRA, letters[0].id)).is_declined
    (program,) = await desk.services.letters.programs.of(letters[4])
    await desk.services.letters.programs.remove(AMIRA, letters[4].id, [program.id])
    assert not (await back()).is_declined


async def test_what_was_assigned_is_to_be_assigned_again_in_the_next_season(desk: Desk) -> None:
    letter = await add(desk, "Dr. Osei", LetterState.REQUEST_SENT)
    await desk.services.letters.programs.add(AMIRA, letter.id, ERAS, "Mercy\nZion")
    ids = [each.id for each in await desk.services.letters.programs.of(letter)]
    await desk.services.letters.programs.mark(AMIRA, letter.id, ids[:1], is_assigned=True)
    await desk.services.letters.go_to_season(AMIRA, 2028)
    assert await programs(desk, letter) == [("Mercy", False), ("Zion", False)]
    assert (await desk.services.letters.programs.counts(AMIRA))[letter.id] == (0, 2)
