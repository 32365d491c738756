"""Practising: a round at a time, each change once, nothing of another, what comes again."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.eligibility.answers import Answers, UsStatus
from bot.domain.interview_texts import ApplicantKind
from bot.domain.member import Country
from bot.domain.practice import AGAIN, MAX_NOTE, MAX_ROUNDS, MIXED, Mark, Round
from bot.errors import UserFacingError
from bot.services.practice import PracticeService
from tests.services.conftest import Desk
from tests.support.databases import AMIRA, DIEGO

US = ApplicantKind.US_IMG
NEW = 700


@pytest.fixture
def practice(desk: Desk) -> PracticeService:
    return desk.services.practice


async def begin(practice: PracticeService, of: str = MIXED, count: int = 3, seconds: int = 120) -> Round:
    return (await practice.start(AMIRA, of, US, count, seconds)).round_


async def answer(practice: PracticeService, round_: Round, mark: Mark | None) -> Round:
    """Answer the question at which a round stands, mark it, and move on."""
    at = round_.position
    await practice.done(AMIRA, round_.id, at)
    if mark:
        await practice.mark(AMIRA, round_.id, at, mark)
    return await practice.move_on(AMIRA, round_.id, at)


async def test_one_who_is_not_stored_yet_can_practise(practice: PracticeService) -> None:
    started = await practice.start(NEW, MIXED, US, 3, 60)
    assert started.is_new
    assert await practice.under_way(NEW) == started.round_


async def test_a_second_start_gives_the_round_that_goes_on(practice: PracticeService) -> None:
    first = await begin(practice)
    second = await practice.start(AMIRA, "gaps", US, 5, 60)
    assert (second.is_new, second.round_) == (False, first)
    three = await asyncio.gather(*(practice.start(DIEGO, MIXED, US, 3, 60) for _ in range(3)))
    assert len({each.round_.id for each in three}) == 1
    assert sum(each.is_new for each in three) == 1


async def test_a_group_that_is_not_held_has_nothing_to_ask(practice: PracticeService) -> None:
    with pytest.raises(UserFacingError, match="nothing to ask"):
        await practice.start(AMIRA, "astrology", US, 3, 60)
    with pytest.raises(UserFacingError, match="does not stand"):
        await practice.start_one(AMIRA, "no-such", US, 60)


async def test_more_than_there_are_gives_all_there_are(practice: PracticeService) -> None:
    assert len((await begin(practice, "visa", 12)).items) == len(practice.texts.asked_of(US, "visa")) < 12


async def test_pressing_twice_changes_things_once(practice: PracticeService, desk: Desk) -> None:
    round_ = await begin(practice)
    first = await practice.done(AMIRA, round_.id, 0)
    desk.clock.advance(timedelta(minutes=5))
    assert await practice.done(AMIRA, round_.id, 0) == first
    moved = await practice.move_on(AMIRA, round_.id, 0)
    assert await practice.move_on(AMIRA, round_.id, 0) == moved
    assert moved.position == 1
    both = await asyncio.gather(practice.move_on(AMIRA, round_.id, 1), practice.move_on(AMIRA, round_.id, 1))
    assert {each.position for each in both} == {2}


async def test_an_answer_is_looked_at_only_once_it_was_given(practice: PracticeService) -> None:
    round_ = await begin(practice)
    for position in (0, 1, 7, -1):
        with pytest.raises(UserFacingError, match="not answered"):
            await practice.mark(AMIRA, round_.id, position, Mark.WEAK)


async def test_ticks_marks_and_notes_are_kept_and_can_be_changed_after_the_end(practice: PracticeService) -> None:
    round_ = await begin(practice, count=1)
    await practice.done(AMIRA, round_.id, 0)
    await practice.tick(AMIRA, round_.id, 0, frozenset({"example", "no-such"}))
    await practice.end(AMIRA, round_.id)
    await practice.mark(AMIRA, round_.id, 0, Mark.WELL)
    await practice.note(AMIRA, round_.id, 0, "  shorter  ")
    item = (await practice.get(AMIRA, round_.id)).item
    assert (item.ticked, item.mark, item.note) == (frozenset({"example"}), Mark.WELL, "shorter")
    with pytest.raises(UserFacingError, match="too long"):
        await practice.note(AMIRA, round_.id, 0, "x" * (MAX_NOTE + 1))
    assert (await practice.note(AMIRA, round_.id, 0, " ")).item.note == ""


async def test_changes_at_once_lose_nothing(practice: PracticeService) -> None:
    round_ = await begin(practice, count=1)
    await practice.done(AMIRA, round_.id, 0)
    await asyncio.gather(
        practice.tick(AMIRA, round_.id, 0, frozenset({"honest"})),
        practice.mark(AMIRA, round_.id, 0, Mark.WEAK),
        practice.note(AMIRA, round_.id, 0, "slower"),
    )
    item = (await practice.get(AMIRA, round_.id)).item
    assert (item.ticked, item.mark, item.note) == (frozenset({"honest"}), Mark.WEAK, "slower")


async def test_another_finds_nothing(practice: PracticeService) -> None:
    round_ = await begin(practice)
    for press in (practice.done, practice.move_on):
        with pytest.raises(UserFacingError, match="not there"):
            await press(DIEGO, round_.id, 0)
    for press in (practice.end, practice.get):
        with pytest.raises(UserFacingError, match="not there"):
            await press(DIEGO, round_.id)
    await practice.remove(DIEGO, round_.id)
    assert await practice.under_way(AMIRA) == round_
    assert await practice.standings(DIEGO) == {}


async def test_weak_ones_come_again_after_a_day_and_first(practice: PracticeService, desk: Desk) -> None:
    round_ = await begin(practice)
    marks = dict(zip((item.question_id for item in round_.items), (Mark.WELL, Mark.WEAK, Mark.MIDDLING), strict=True))
    for mark in marks.values():
        round_ = await answer(practice, round_, mark)
    assert not round_.is_under_way
    with pytest.raises(UserFacingError, match="nothing to ask"):
        await begin(practice, AGAIN)
    desk.clock.advance(timedelta(days=1))
    assert [marks[each.question_id] for each in await practice.due(AMIRA)] == [Mark.WEAK]
    desk.clock.advance(timedelta(days=7))
    assert [marks[each.question_id] for each in await practice.due(AMIRA)] == [Mark.WEAK, Mark.MIDDLING, Mark.WELL]
    again = await begin(practice, AGAIN, count=2)
    assert [marks[item.question_id] for item in again.items] == [Mark.WEAK, Mark.MIDDLING]


async def test_removing_and_erasing_leave_nothing(practice: PracticeService, desk: Desk) -> None:
    round_ = await begin(practice)
    await practice.remove(AMIRA, round_.id)
    await practice.remove(AMIRA, round_.id)
    assert await practice.rounds_of(AMIRA) == ()
    await begin(practice)
    await desk.services.mydata.erase(AMIRA)
    assert await practice.rounds_of(AMIRA) == ()


async def test_the_most_is_told(practice: PracticeService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.domain.practice.MAX_ROUNDS", 1)
    await practice.end(AMIRA, (await begin(practice)).id)
    with pytest.raises(UserFacingError, match=str(MAX_ROUNDS)):
        await begin(practice)


async def test_whom_she_answers_as_is_read_from_what_she_saved(practice: PracticeService, desk: Desk) -> None:
    assert (await practice.known_kind(AMIRA)).why == ""
    await desk.services.members.set_countries(AMIRA, frozenset((Country.CANADA,)))
    assert (await practice.known_kind(AMIRA)).kind is ApplicantKind.CANADIAN
    await desk.services.eligibility.save(AMIRA, Answers(2027, us_status=UsStatus.CITIZEN))
    assert (await practice.known_kind(AMIRA)).kind is US
