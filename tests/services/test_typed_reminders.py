"""What members type: once, again and again, so long before a date; and how a reminder of her own is changed."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.reminder import ReminderKind
from bot.services.reminders import Ahead
from bot.storage.date_moves import Move
from tests.services.conftest import Desk
from tests.services.test_reminders import refused
from tests.support.databases import AMIRA, DIEGO

RANK_LIST = "us-2027-rank-list-deadline"
AT = datetime(2027, 3, 4, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def zoned(desk: Desk) -> None:
    await desk.services.members.set_zone(AMIRA, "Africa/Cairo")


@pytest.mark.parametrize(
    ("when", "before"),
    [
        ("3 days before rank list deadline", timedelta(days=3)),
        ("10 days before the rank list deadline", timedelta(days=10)),
        ("2 hours before rank order list", timedelta(hours=2)),
    ],
)
async def test_a_time_before_a_date_follows_that_date(desk: Desk, when: str, before: timedelta) -> None:
    scheduled = await desk.services.reminders.remind_me(await desk.amira(), when, "certify it", 7)
    reminder = scheduled.reminder
    assert (reminder.kind, reminder.event_id, reminder.event_at) == (ReminderKind.SEASON_DATE, RANK_LIST, AT)
    assert (reminder.due_at, reminder.lead, reminder.text, reminder.guild_id) == (AT - before, before, "certify it", 7)
    again = await desk.services.reminders.remind_me(await desk.amira(), when, "certify it", 7)
    assert not again.is_new


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("3 days before the moon landing", "I can't read that date and time."),
        ("1 day before CaRMS first-iteration application deadline", "The time of CaRMS first-iteration application deadline is not known."),
        ("200 days before rank list deadline", "The time for that reminder (Rank order list deadline, 200 days before) has passed."),
    ],
)
async def test_a_date_that_can_not_be_followed_is_said(desk: Desk, when: str, said: str) -> None:
    assert (await refused(desk.services.reminders.remind_me(await desk.amira(), when, "x", None))).what_happened == said


async def test_what_comes_again_keeps_its_hour_through_a_clock_change(desk: Desk) -> None:
    await desk.services.members.set_zone(AMIRA, "America/New_York")
    desk.clock.move_to(datetime(2027, 3, 12, 12, tzinfo=UTC))
    scheduled = await desk.services.reminders.remind_me(await desk.amira(), "every day 9:00", "read", None)
    due = []
    for _ in range(3):
        (reminder,) = (await desk.services.reminders.page(AMIRA, 5, 0))[0]
        due.append(reminder.due_at)
        desk.clock.move_to(reminder.due_at)
        await desk.send_due()
    assert scheduled.reminder.due_at == due[0]
    assert due == [datetime(2027, 3, day, hour, tzinfo=UTC) for day, hour in ((12, 14), (13, 14), (14, 13))]


async def test_usual_times_are_set_together_and_those_that_passed_are_left_out(desk: Desk) -> None:
    await desk.services.members.prefer(AMIRA, leads=("1w", "1d"))
    desk.clock.move_to(AT - timedelta(days=3))
    (only,) = await desk.services.reminders.remind_as_usual(await desk.amira(), RANK_LIST, None)
    assert only.reminder.due_at == AT - timedelta(days=1)
    desk.clock.move_to(AT - timedelta(hours=1))
    error = await refused(desk.services.reminders.remind_as_usual(await desk.amira(), RANK_LIST, None))
    assert error.what_happened == "No time that you usually want is left before this date."


async def test_a_change_keeps_what_is_left_empty(desk: Desk) -> None:
    reminders = desk.services.reminders
    reminder = (await reminders.remind_me(await desk.amira(), "every Monday 8:00", "read", None)).reminder
    changed = await reminders.change(await desk.amira(), reminder.id, "", "read more")
    assert (changed.text, changed.rule, changed.due_at) == ("read more", reminder.rule, reminder.due_at)
    once = await reminders.change(await desk.amira(), reminder.id, "tomorrow 9:00", "read more")
    assert (once.rule, once.due_at) == ("", datetime(2026, 11, 23, 7, tzinfo=UTC))
    assert await reminders.hers(AMIRA, reminder.id) == once


@pytest.mark.parametrize(
    ("when", "what", "said"),
    [
        ("", "", "There is nothing to remind you of."),
        ("soon", "x", "I can't read that date and time."),
        ("", "x" * 1_001, "That text has 1,001 characters; a reminder holds 1,000."),
        ("3 days before rank list deadline", "x", "A reminder of your own can't be tied to a date afterwards."),
    ],
)
async def test_a_change_that_can_not_be_taken_changes_nothing(desk: Desk, when: str, what: str, said: str) -> None:
    reminder = (await desk.services.reminders.remind_me(await desk.amira(), "tomorrow 9:00", "a letter", None)).reminder
    work = desk.services.reminders.change(await desk.amira(), reminder.id, when, what)
    assert (await refused(work)).what_happened == said
    assert await desk.services.reminders.hers(AMIRA, reminder.id) == reminder


async def test_nobody_changes_anothers_or_what_follows_a_date(desk: Desk) -> None:
    reminder = (await desk.services.reminders.remind_me(await desk.amira(), "tomorrow 9:00", "a letter", None)).reminder
    diego = await desk.services.members.get(DIEGO)
    assert (await refused(desk.services.reminders.change(diego, reminder.id, "", "x"))).what_happened == "That reminder is not yours."
    date = (await desk.services.reminders.remind_before(AMIRA, RANK_LIST, "1w", None)).reminder
    error = await refused(desk.services.reminders.change(await desk.amira(), date.id, "", "x"))
    assert error.what_happened == "That reminder follows a date."


async def test_a_date_that_moved_takes_its_reminders_along_at_the_next_start(desk: Desk) -> None:
    reminder = (await desk.services.reminders.remind_before(AMIRA, RANK_LIST, "1w", None)).reminder
    assert await desk.services.date_moves.follow() == 0
    earlier = Move(RANK_LIST, AT + timedelta(days=2))  # as an earlier calendar had it
    await desk.services.date_moves._moves.move(earlier, AT, desk.clock.now())
    assert await desk.services.date_moves.follow() == 1
    assert (await desk.services.reminders.hers(AMIRA, reminder.id)).due_at == AT - timedelta(weeks=1)
    assert isinstance(desk.services.reminders.understand("1 day before rank list deadline", await desk.amira()), Ahead)
