"""Her way over the seasons: what was answered for an earlier Match does not say that it is done for this one."""

from dataclasses import replace

from bot.domain.eligibility.answers import Answers, Eras, Nrmp, Step
from bot.domain.journey import Origin, State
from tests.services.conftest import Desk
from tests.support.databases import AMIRA

EARLIER = Answers(2026, eras=Eras.APPLIED, nrmp=Nrmp.REGISTERED, step1=Step.PASSED_1)


async def test_what_was_answered_for_an_earlier_match_is_open_again(desk: Desk) -> None:
    await desk.services.members.set_target_year(AMIRA, 2027)
    await desk.services.eligibility.save(AMIRA, EARLIER)
    board = await desk.services.journey.board(await desk.services.members.get(AMIRA), None)
    assert board.derived["step1"].state is State.DONE
    assert {"application", "nrmp"}.isdisjoint(board.derived)
    await desk.services.eligibility.save(AMIRA, replace(EARLIER, match_year=2027))
    board = await desk.services.journey.board(await desk.services.members.get(AMIRA), None)
    assert board.derived["nrmp"].state is State.DONE
    assert board.derived["nrmp"].origin is Origin.ANSWERS
