"""Reminders: set once, cancelled by their owner, answered once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.reminder import ReminderState
from bot.errors import UserFacingError
from bot.services.answers import Press, Snooze
from bot.services.reminders import MAX_ACTIVE
from tests.services.conftest import Desk
from tests.support.databases import AMIRA, DIEGO

RANK_LIST = "us-2027-rank-list-deadline"
AT = datetime(2027, 3, 4, 2, tzinfo=UTC)


async def refused(work: Awaitable[object]) -> UserFacingError:
    with pytest.raises(UserFacingError) as caught:
        await work
    return caught.value


async def due_times(desk: Desk, member_id: int = AMIRA) -> list[datetime]:
    return [reminder.due_at for reminder in (await desk.services.reminders.page(member_id, 300, 0))[0]]


@pytest.mark.parametrize(
    ("lead", "due"),
    [
        ("1w", AT - timedelta(weeks=1)),
        ("3d", AT - timedelta(days=3)),
        ("1d", AT - timedelta(days=1)),
        ("3h", AT - timedelta(hours=3)),
        ("0", AT),
    ],
)
async def test_a_lead_gives_its_due_time(desk: Desk, lead: str, due: datetime) -> None:
    scheduled = await desk.services.reminders.remind_before(AMIRA, RANK_LIST, lead, 1)

    assert scheduled.is_new
    assert scheduled.reminder.due_at == due


async def test_set_from_two_places_it_follows_each_and_comes_once(desk: Desk) -> None:
    first = await desk.services.reminders.remind_before(AMIRA, RANK_LIST, "3d", 1)
    second = await desk.services.reminders.remind_before(AMIRA, RANK_LIST, "3d", None)

    assert [second.is_new, second.reminder.guild_id] == [True, None]
    assert not (await desk.services.reminders.remind_before(AMIRA, RANK_LIST, "3d", None)).is_new
    desk.clock.move_to(first.reminder.due_at)
    assert len(await desk.send_due()) == 1


async def test_set_at_the_same_moment_it_is_one(desk: Desk) -> None:
    both = await asyncio.gather(*(desk.services.reminders.remind_before(AMIRA, RANK_LIST, "3d", 1) for _ in range(5)))

    assert len({each.reminder.id for each in both}) == 1
    assert sum(each.is_new for each in both) == 1
    assert len(await due_times(desk)) == 1


async def test_set_again_after_each_cancelling_it_is_one(desk: Desk) -> None:
    for _ in range(3):
        scheduled = await desk.services.reminders.remind_before(AMIRA, RANK_LIST, "3d", 1)
        assert scheduled.is_new
        await desk.services.reminders.cancel(AMIRA, scheduled.reminder.id)
    await desk.services.reminders.remind_before(AMIRA, RANK_LIST, "3d", 1)
    again = await desk.services.reminders.remind_before(AMIRA, RANK_LIST, "3d", 1)

    assert not again.is_new
    assert len(await due_times(desk)) == 1


@pytest.mark.parametrize(
    ("event", "lead", "said"),
    [
        ("us-2027-nothing", "3d", "That date is not in the calendar any more."),
        (RANK_LIST, "2w", "That date is not in the calendar any more."),
        ("us-2027-eras-opens", "0", "The time for that reminder (ERAS opens, at the moment) has passed."),
        ("ca-2027-carms-first-deadline", "0", "The time of CaRMS first-iteration application deadline is not known."),
    ],
)
async def test_what_can_not_be_reminded_of_is_refused(desk: Desk, event: str, lead: str, said: str) -> None:
    error = await refused(desk.services.reminders.remind_before(AMIRA, event, lead, 1))

    assert error.what_happened == said
    assert error.what_to_do.endswith(".")
    assert await due_times(desk) == []


async def test_a_date_that_is_not_known_offers_no_lead(desk: Desk) -> None:
    unknown = desk.services.catalogue.event("ca-2027-carms-first-deadline")
    assert unknown is not None
    assert desk.services.reminders.leads(unknown) == ()
    assert "today" in (await refused(desk.services.reminders.remind_before(AMIRA, unknown.id, "0", 1))).what_to_do


@pytest.mark.parametrize(("length", "fits"), [(1, True), (1_000, True), (1_001, False), (5_000, False)])
async def test_the_length_of_a_text(desk: Desk, length: int, *, fits: bool) -> None:
    work = desk.services.reminders.remind_me(await desk.amira(), "tomorrow 9:00", "é" * length, None)
    if fits:
        assert len((await work).reminder.text) == length
    else:
        assert f"{length:,}" in (await refused(work)).what_happened


async def test_two_hundred_and_no_more_and_each_member_has_her_own(desk: Desk) -> None:
    member = await desk.amira()
    for _ in range(MAX_ACTIVE):
        await desk.services.reminders.remind_me(member, "tomorrow 9:00", "a letter", None)
    error = await refused(desk.services.reminders.remind_me(member, "tomorrow 9:00", "a letter", None))

    assert error.what_happened == "You have 200 reminders, the most I keep."
    await desk.services.reminders.remind_me(await desk.services.members.get(DIEGO), "tomorrow 9:00", "a letter", None)


async def test_another_members_reminder_is_neither_cancelled_nor_shown(desk: Desk) -> None:
    reminder = (await desk.services.reminders.remind_me(await desk.amira(), "tomorrow 9:00", "a secret", None)).reminder
    error = await refused(desk.services.reminders.cancel(DIEGO, reminder.id))

    assert error.what_happened == "That reminder is not yours."
    assert "secret" not in str(error)
    assert await due_times(desk) == [reminder.due_at]
    assert await due_times(desk, DIEGO) == []


@pytest.mark.parametrize("reminder_id", ["", "aaaaaaaaaaaaaaaa", "'; DROP TABLE reminder", "😀"])
async def test_a_reminder_that_is_not_there_is_said(desk: Desk, reminder_id: str) -> None:
    assert (await refused(desk.services.reminders.cancel(AMIRA, reminder_id))).what_happened == "That reminder is not there any more."


async def test_cancelled_twice_is_said_and_it_never_comes(desk: Desk) -> None:
    reminder = (await desk.services.reminders.remind_me(await desk.amira(), "in 5 minutes", "a letter", None)).reminder
    await desk.services.reminders.cancel(AMIRA, reminder.id)
    assert (await refused(desk.services.reminders.cancel(AMIRA, reminder.id))).what_happened == "That reminder is not there any more."
    desk.clock.advance(timedelta(hours=1))

    assert await desk.send_due() == []


PRESSES: list[Callable[[Desk, Press], Awaitable[object]]] = [
    lambda desk, press: desk.services.answers.done(press),
    lambda desk, press: desk.services.answers.snooze(press, Snooze.HOUR),
    lambda desk, press: desk.services.answers.snooze(press, Snooze.TOMORROW),
]


@pytest.mark.parametrize("press_button", PRESSES)
async def test_a_button_of_another_members_message_does_nothing(
    desk: Desk, press_button: Callable[[Desk, Press], Awaitable[object]]
) -> None:
    press = await desk.delivered("a secret")
    stranger = Press(DIEGO, press.delivery_id, press.message_id, press.channel_id)
    error = await refused(press_button(desk, stranger))

    assert error.what_happened == "That reminder is not yours."
    assert "secret" not in str(error)
    assert await due_times(desk, DIEGO) == []
    await desk.services.answers.done(press)


@pytest.mark.parametrize("press_button", PRESSES)
async def test_a_button_of_a_message_that_is_gone_is_said(desk: Desk, press_button: Callable[[Desk, Press], Awaitable[object]]) -> None:
    error = await refused(press_button(desk, Press(AMIRA, "aaaaaaaaaaaaaaaa", 1, 7)))

    assert error.what_happened == "That reminder is not there any more."


async def test_done_twice_changes_nothing(desk: Desk) -> None:
    press = await desk.delivered()
    await asyncio.gather(*(desk.services.answers.done(press) for _ in range(3)))
    await desk.services.answers.done(press)

    assert await due_times(desk) == []


@pytest.mark.parametrize("how", [Snooze.TEN_MINUTES, Snooze.HOUR, Snooze.TOMORROW])
async def test_snoozed_twice_at_once_it_comes_once(desk: Desk, how: Snooze) -> None:
    press = await desk.delivered()
    found = await asyncio.gather(*(desk.services.answers.snooze(press, how) for _ in range(4)))
    found.append(await desk.services.answers.snooze(press, how))

    assert len({reminder.id for reminder in found}) == 1
    assert await due_times(desk) == [found[0].due_at]
    desk.clock.move_to(found[0].due_at)
    (delivery,) = await desk.send_due()
    assert delivery.payload["text"] == "a letter"


async def test_one_answer_holds_against_another(desk: Desk) -> None:
    press = await desk.delivered()
    snoozed = await desk.services.answers.snooze(press, Snooze.HOUR)

    for work in (desk.services.answers.done(press), desk.services.answers.snooze(press, Snooze.TOMORROW)):
        assert (await refused(work)).what_happened == "You have already answered this reminder."
    assert await due_times(desk) == [snoozed.due_at]


async def test_after_done_it_is_not_snoozed(desk: Desk) -> None:
    press = await desk.delivered()
    await desk.services.answers.done(press)

    assert (await refused(desk.services.answers.snooze(press, Snooze.HOUR))).what_happened == "You have already answered this reminder."
    assert await due_times(desk) == []


async def test_a_snooze_that_was_cancelled_is_not_promised_again(desk: Desk) -> None:
    press = await desk.delivered()
    snoozed = await desk.services.answers.snooze(press, Snooze.HOUR)
    await desk.services.reminders.cancel(AMIRA, snoozed.id)

    assert (await refused(desk.services.answers.snooze(press, Snooze.HOUR))).what_happened == "You have already answered this reminder."


async def test_a_snoozed_reminder_can_be_snoozed_again_and_then_done(desk: Desk) -> None:
    press = await desk.delivered()
    for _ in range(2):
        reminder = await desk.services.answers.snooze(press, Snooze.HOUR)
        assert reminder.state is ReminderState.ACTIVE
        desk.clock.move_to(reminder.due_at)
        (delivery,) = await desk.send_due()
        press = Press(AMIRA, delivery.id, 1, 7)
    await desk.services.answers.done(press)

    assert await due_times(desk) == []


@pytest.mark.parametrize(
    ("zone", "now", "due"),
    [
        ("Africa/Cairo", datetime(2026, 11, 22, 12, tzinfo=UTC), datetime(2026, 11, 23, 7, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 3, 13, 20, tzinfo=UTC), datetime(2027, 3, 14, 13, tzinfo=UTC)),
        ("Pacific/Auckland", datetime(2026, 11, 22, 12, tzinfo=UTC), datetime(2026, 11, 23, 20, tzinfo=UTC)),
    ],
)
async def test_tomorrow_is_nine_on_her_clock(desk: Desk, zone: str, now: datetime, due: datetime) -> None:
    await desk.services.members.set_zone(AMIRA, zone)
    desk.clock.move_to(now - timedelta(minutes=5))
    press = await desk.delivered()

    assert (await desk.services.answers.snooze(press, Snooze.TOMORROW)).due_at == due
