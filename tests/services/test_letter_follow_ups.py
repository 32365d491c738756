"""Follow-ups as a service: reminders at 09:00 on her clock, which move and go with their steps, and are never set for a past day."""

from collections.abc import Awaitable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.delivery import DeliveryKind
from bot.domain.letters import FollowUpKind, FollowUpState, Letter, LetterState
from bot.domain.reminder import ReminderKind
from bot.errors import UserFacingError
from bot.services.letter_follow_ups import LetterFollowUps
from tests.services.conftest import Desk
from tests.support.databases import AMIRA

SIX, TWO, ONE, THANKS = FollowUpKind
TARGET = date(2027, 3, 1)
DAYS = [date(2027, 1, 18), date(2027, 2, 15), date(2027, 2, 22)]


async def refused(work: Awaitable[object]) -> UserFacingError:
    with pytest.raises(UserFacingError) as caught:
        await work
    return caught.value


async def agreed(desk: Desk, **details: Any) -> Letter:
    letter = await desk.services.letters.add(AMIRA, "Dr. Osei", specialty="IM", **details)
    await desk.services.letters.set_target(AMIRA, TARGET)
    return await desk.services.letters.move(AMIRA, letter.id, LetterState.AGREED)


def follow_ups(desk: Desk) -> LetterFollowUps:
    return desk.services.letters.follow_ups


async def steps(desk: Desk, letter: Letter) -> dict[FollowUpKind, tuple[date, FollowUpState, bool]]:
    board = await desk.services.letters.board(AMIRA)
    letter = await desk.services.letters.get(AMIRA, letter.id)
    found = await follow_ups(desk).timelines(board.member, [letter], lambda each: desk.services.letters.plans.target_of(each, board))
    return {
        step.follow_up.kind: (step.follow_up.due_on, step.follow_up.state, step.follow_up.reminder_id is not None)
        for step in found[letter.id]
    }


async def due(desk: Desk) -> list[datetime]:
    return [reminder.due_at for reminder in (await desk.services.reminders.page(AMIRA, 200, 0))[0]]


def at_nine(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 7, tzinfo=UTC)  # 09:00 in Cairo in winter


async def remind_all(desk: Desk, letter: Letter, target: date | None = TARGET) -> None:
    await follow_ups(desk).remind_all(await desk.amira(), letter, target, None)


async def test_reminders_are_at_nine_on_her_clock_and_set_once(desk: Desk) -> None:
    letter = await agreed(desk)
    for _ in range(2):
        await remind_all(desk, letter)
    assert await due(desk) == [at_nine(day) for day in DAYS]
    (first, *_), _ = await desk.services.reminders.page(AMIRA, 1, 0)
    assert first.kind is ReminderKind.LETTER
    assert first.text.startswith("Your letter from Dr. Osei (Internal Medicine): A first courteous follow-up is due")
    assert "Mon 1 Mar 2027" in first.text


async def test_a_reminder_comes_as_a_letter_message(desk: Desk) -> None:
    await remind_all(desk, await agreed(desk))
    desk.clock.move_to(at_nine(DAYS[0]))
    (delivery,) = await desk.send_due()
    assert delivery.kind is DeliveryKind.LETTER


async def test_a_day_that_has_passed_is_never_scheduled(desk: Desk) -> None:
    letter = await agreed(desk)
    desk.clock.move_to(at_nine(DAYS[1]))  # exactly nine o'clock on the day of the second step
    error = await refused(follow_ups(desk).remind(await desk.amira(), letter, TARGET, TWO, None))
    assert error.what_happened == "That day has passed, so nothing is scheduled for it."
    await remind_all(desk, letter)
    assert await due(desk) == [at_nine(DAYS[2])]
    desk.clock.move_to(datetime(2027, 3, 5, tzinfo=UTC))
    assert (await refused(remind_all(desk, letter))).what_happened == "No step of this letter lies ahead."


async def test_within_its_window_the_first_step_is_brought_to_mind_at_its_end(desk: Desk) -> None:
    letter = await agreed(desk)
    desk.clock.move_to(at_nine(DAYS[0]) + timedelta(days=3))
    scheduled = await follow_ups(desk).remind(await desk.amira(), letter, TARGET, SIX, None)
    assert scheduled.reminder.due_at == at_nine(date(2027, 2, 1))


async def test_without_a_zone_she_is_sent_to_start(desk: Desk) -> None:
    letter = await desk.services.letters.add(77, "Dr. Osei", target_on=TARGET)
    letter = await desk.services.letters.move(77, letter.id, LetterState.AGREED)
    member = await desk.services.members.get(77)
    for work in (
        follow_ups(desk).remind(member, letter, TARGET, TWO, None),
        follow_ups(desk).remind_all(member, letter, TARGET, None),
    ):
        assert (await refused(work)).what_happened == "I don't know your time zone yet."


@pytest.mark.parametrize("state", [FollowUpState.DONE, FollowUpState.SKIPPED])
async def test_what_is_settled_is_not_brought_to_mind(desk: Desk, state: FollowUpState) -> None:
    letter = await agreed(desk)
    await remind_all(desk, letter)
    step = await follow_ups(desk).settle(await desk.amira(), letter, TARGET, TWO, state)
    assert (step.follow_up.state, step.follow_up.reminder_id) == (state, None)
    assert await due(desk) == [at_nine(DAYS[0]), at_nine(DAYS[2])]
    again = await follow_ups(desk).settle(await desk.amira(), letter, TARGET, TWO, FollowUpState.PLANNED)
    assert again.follow_up.state is FollowUpState.PLANNED
    await follow_ups(desk).remind(await desk.amira(), letter, TARGET, TWO, None)
    assert await due(desk) == [at_nine(day) for day in DAYS]


async def test_a_reminder_moves_with_its_step(desk: Desk) -> None:
    letter = await agreed(desk)
    await remind_all(desk, letter)
    step = await follow_ups(desk).move(await desk.amira(), letter, TARGET, TWO, date(2027, 2, 10))
    assert step.is_moved
    assert await due(desk) == [at_nine(DAYS[0]), at_nine(date(2027, 2, 10)), at_nine(DAYS[2])]


async def test_moved_to_today_after_nine_the_reminder_goes(desk: Desk) -> None:
    letter = await agreed(desk)
    await follow_ups(desk).remind(await desk.amira(), letter, TARGET, TWO, None)
    step = await follow_ups(desk).move(await desk.amira(), letter, TARGET, TWO, date(2026, 11, 22))
    assert step.follow_up.reminder_id is None
    assert await due(desk) == []


async def test_steps_are_not_moved_into_the_past_or_out_of_sight(desk: Desk) -> None:
    letter = await agreed(desk)
    amira = await desk.amira()
    move = follow_ups(desk).move
    assert (await refused(move(amira, letter, TARGET, TWO, date(2026, 11, 21)))).what_happened == "Sat 21 Nov 2026 has passed."
    assert (await refused(move(amira, letter, TARGET, TWO, date(2036, 1, 1)))).what_happened == "That is more than three years ahead."
    await follow_ups(desk).settle(amira, letter, TARGET, TWO, FollowUpState.DONE)
    assert (await refused(move(amira, letter, TARGET, TWO, date(2027, 1, 1)))).what_happened == "That step is settled already."


async def test_when_the_target_moves_steps_and_reminders_move(desk: Desk) -> None:
    letter = await agreed(desk)
    await remind_all(desk, letter)
    await follow_ups(desk).move(await desk.amira(), letter, TARGET, ONE, date(2027, 2, 20))
    await desk.services.letters.set_target(AMIRA, date(2027, 3, 8))
    assert await due(desk) == [at_nine(date(2027, 1, 25)), at_nine(date(2027, 2, 20)), at_nine(date(2027, 2, 22))]
    assert (await steps(desk, letter))[TWO] == (date(2027, 2, 22), FollowUpState.PLANNED, True)


async def test_when_the_target_comes_so_near_that_a_step_has_passed_its_reminder_goes(desk: Desk) -> None:
    letter = await agreed(desk)
    await remind_all(desk, letter)
    await desk.services.letters.set_target(AMIRA, date(2026, 12, 6))
    assert await due(desk) == [at_nine(date(2026, 11, 29))]


async def test_a_target_of_its_own_moves_that_letter_alone(desk: Desk) -> None:
    letter, other = await agreed(desk), await agreed(desk)
    for each in (letter, other):
        await follow_ups(desk).remind(await desk.amira(), each, TARGET, TWO, None)
    await desk.services.letters.change(AMIRA, letter.id, target_on=date(2027, 3, 15))
    assert await due(desk) == [at_nine(DAYS[1]), at_nine(date(2027, 3, 1))]


async def test_the_next_season_takes_reminders_along(desk: Desk) -> None:
    letter = await agreed(desk)
    await remind_all(desk, letter)
    await desk.services.letters.go_to_season(AMIRA, 2028)
    days = [date(2027, 7, 30), date(2027, 8, 27), date(2027, 9, 3)]
    assert await due(desk) == [at_nine(day) - timedelta(hours=1) for day in days]  # summer time in Cairo


async def test_once_it_is_uploaded_asking_ends_and_thanks_begin(desk: Desk) -> None:
    letter = await agreed(desk)
    await remind_all(desk, letter)
    letter = await desk.services.letters.move(AMIRA, letter.id, LetterState.UPLOADED)
    assert await due(desk) == []
    assert await steps(desk, letter) == {THANKS: (date(2026, 11, 23), FollowUpState.PLANNED, False)}
    await remind_all(desk, letter)
    assert await due(desk) == [at_nine(date(2026, 11, 23))]
    await desk.services.letters.undo(AMIRA, letter.id)
    assert await due(desk) == [at_nine(day) for day in DAYS]
    assert {kind: day for kind, (day, *_) in (await steps(desk, letter)).items()} == dict(zip((SIX, TWO, ONE), DAYS, strict=True))


@pytest.mark.parametrize("verb", ["decline", "delete"])
async def test_with_the_letter_its_reminders_go(desk: Desk, verb: str) -> None:
    letter = await agreed(desk)
    await remind_all(desk, letter)
    if verb == "delete":
        await desk.services.letters.delete(AMIRA, letter.id)
    else:
        await desk.services.letters.move(AMIRA, letter.id, LetterState.DECLINED)
    assert await due(desk) == []


async def test_a_new_name_stands_in_the_reminders(desk: Desk) -> None:
    letter = await agreed(desk)
    await remind_all(desk, letter)
    await desk.services.letters.change(AMIRA, letter.id, writer="Dr. Abara")
    found = (await desk.services.reminders.page(AMIRA, 200, 0))[0]
    assert [each.due_at for each in found] == [at_nine(day) for day in DAYS]
    assert all("Dr. Abara" in each.text for each in found)


async def test_one_that_she_cancelled_in_the_list_is_off_and_can_be_switched_on_again(desk: Desk) -> None:
    letter = await agreed(desk)
    await remind_all(desk, letter)
    (first, *_), _ = await desk.services.reminders.page(AMIRA, 1, 0)
    await desk.services.reminders.cancel(AMIRA, first.id)
    assert (await steps(desk, letter))[SIX][2] is False
    await follow_ups(desk).remind(await desk.amira(), letter, TARGET, SIX, None)
    assert await due(desk) == [at_nine(day) for day in DAYS]


async def test_a_reminder_is_switched_off_and_the_step_stays(desk: Desk) -> None:
    letter = await agreed(desk)
    await remind_all(desk, letter)
    await follow_ups(desk).silence(await desk.amira(), letter, TARGET, SIX)
    await follow_ups(desk).silence(await desk.amira(), letter, TARGET, SIX)
    assert await due(desk) == [at_nine(DAYS[1]), at_nine(DAYS[2])]
    assert (await steps(desk, letter))[SIX] == (DAYS[0], FollowUpState.PLANNED, False)


async def test_a_step_that_the_letter_does_not_have_is_said(desk: Desk) -> None:
    letter = await agreed(desk)
    error = await refused(follow_ups(desk).settle(await desk.amira(), letter, TARGET, THANKS, FollowUpState.DONE))
    assert error.what_happened == "That step is not there any more."


async def test_a_moved_target_keeps_the_server_and_brings_nothing_back(desk: Desk) -> None:
    letter = await agreed(desk)
    await follow_ups(desk).remind_all(await desk.amira(), letter, TARGET, 55)
    first, *_ = (await desk.services.reminders.page(AMIRA, 9, 0))[0]
    await desk.services.reminders.cancel(AMIRA, first.id)
    await desk.services.letters.set_target(AMIRA, TARGET + timedelta(days=7))
    found, total = await desk.services.reminders.page(AMIRA, 9, 0)
    assert total == 2  # the one that she cancelled stays cancelled
    assert {reminder.guild_id for reminder in found} == {55}


@pytest.mark.parametrize("state", [LetterState.UPLOADED, LetterState.DECLINED])
async def test_undo_brings_back_days_and_reminders(desk: Desk, state: LetterState) -> None:
    letter = await agreed(desk)
    await remind_all(desk, letter)
    amira = await desk.amira()
    await follow_ups(desk).move(amira, letter, TARGET, TWO, date(2027, 2, 10))
    await follow_ups(desk).silence(amira, letter, TARGET, ONE)
    before, times = await steps(desk, letter), await due(desk)
    await desk.services.letters.move(AMIRA, letter.id, state)
    assert await due(desk) == []
    await desk.services.letters.undo(AMIRA, letter.id)
    assert await steps(desk, letter) == before
    assert await due(desk) == times == [at_nine(DAYS[0]), at_nine(date(2027, 2, 10))]


async def test_undo_brings_back_no_reminder_that_she_cancelled_or_whose_time_has_passed(desk: Desk) -> None:
    letter = await agreed(desk)
    await remind_all(desk, letter)
    cancelled = (await desk.services.reminders.page(AMIRA, 9, 0))[0][1]
    await desk.services.reminders.cancel(AMIRA, cancelled.id)
    await desk.services.letters.move(AMIRA, letter.id, LetterState.UPLOADED)
    desk.clock.move_to(at_nine(date(2027, 2, 20)))
    await desk.services.letters.undo(AMIRA, letter.id)
    assert await due(desk) == [at_nine(DAYS[2])]


async def test_thanks_of_an_upload_that_was_taken_back_do_not_stand_for_a_later_one(desk: Desk) -> None:
    letter = await agreed(desk)
    letter = await desk.services.letters.move(AMIRA, letter.id, LetterState.UPLOADED)
    await remind_all(desk, letter)
    await desk.services.letters.undo(AMIRA, letter.id)
    desk.clock.advance(timedelta(days=9))
    await desk.services.letters.move(AMIRA, letter.id, LetterState.UPLOADED)
    assert (await steps(desk, letter))[THANKS] == (desk.clock.now().date() + timedelta(days=1), FollowUpState.PLANNED, False)


async def test_a_target_that_moves_meanwhile_moves_what_rests(desk: Desk) -> None:
    letter = await agreed(desk)
    await remind_all(desk, letter)
    await desk.services.letters.move(AMIRA, letter.id, LetterState.DECLINED)
    await desk.services.letters.set_target(AMIRA, TARGET + timedelta(weeks=1))
    await desk.services.letters.undo(AMIRA, letter.id)
    assert await due(desk) == [at_nine(day + timedelta(weeks=1)) for day in DAYS]


async def test_today_is_offered_only_before_nine_on_her_clock(desk: Desk) -> None:
    letter, amira = await agreed(desk), await desk.amira()
    for at, can in ((at_nine(DAYS[1]) - timedelta(minutes=1), True), (at_nine(DAYS[1]), False)):
        desk.clock.move_to(at)
        step = await follow_ups(desk).step(amira, letter, TARGET, TWO)
        assert follow_ups(desk).can_remind(amira, step) is can


async def test_reminders_move_to_nine_on_a_new_clock(desk: Desk) -> None:
    letter = await agreed(desk)
    await remind_all(desk, letter)
    await desk.services.reminders.remind_me(await desk.amira(), "2027-02-01 09:00", "not a letter", None)
    own = (await desk.services.reminders.page(AMIRA, 9, 0))[0][1]
    await desk.services.members.set_zone(AMIRA, "Asia/Karachi")
    assert [each for each in await due(desk) if each != own.due_at] == [at_nine(day) - timedelta(hours=3) for day in DAYS]
    assert own.due_at in await due(desk)
    await desk.services.members.set_zone(AMIRA, "Africa/Cairo")
    assert [each for each in await due(desk) if each != own.due_at] == [at_nine(day) for day in DAYS]
