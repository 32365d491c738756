"""What a member answers to a message: put off to a time that she types, and what each Stop button stops."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.delivery import Delivery, DeliveryKind, member_recipient
from bot.domain.member import DirectMessages
from bot.domain.preferences import MessageKind
from bot.domain.reminder import ReminderState
from bot.services.answers import Press, Snooze, Stopped, Stops, stops
from tests.services.conftest import Desk
from tests.services.test_reminders import refused
from tests.support.databases import AMIRA, DIEGO


def message(kind: DeliveryKind, **payload: str) -> Delivery:
    return Delivery(kind, member_recipient(AMIRA), "test", "1", 0, datetime(2026, 11, 22, 12, tzinfo=UTC), payload=payload)


@pytest.mark.parametrize(
    ("delivery", "stopped"),
    [
        (message(DeliveryKind.GREETING), Stopped(Stops.EVERYTHING)),
        (message(DeliveryKind.OWN), Stopped(Stops.EVERYTHING)),
        (message(DeliveryKind.OWN, rule="FREQ=DAILY"), Stopped(Stops.SERIES)),
        (message(DeliveryKind.SEASON_DATE), Stopped(Stops.KIND, MessageKind.SEASON_DATES)),
        (message(DeliveryKind.DATE_MOVED), Stopped(Stops.KIND, MessageKind.SEASON_DATES)),
        (message(DeliveryKind.LETTER), Stopped(Stops.KIND, MessageKind.LETTERS)),
        (message(DeliveryKind.RULE_CHANGE), Stopped(Stops.KIND, MessageKind.RULES)),
        (message(DeliveryKind.NOTICE), Stopped(Stops.KIND, MessageKind.SERVER_NOTICES)),
    ],
    ids=lambda each: str(getattr(each, "kind", "")),
)
def test_each_message_says_what_its_button_stops(delivery: Delivery, stopped: Stopped) -> None:
    assert stops(delivery) == stopped


async def test_a_chosen_time_is_read_on_her_clock(desk: Desk) -> None:
    await desk.services.members.set_zone(AMIRA, "Africa/Cairo")
    press = await desk.delivered()
    snoozed = await desk.services.answers.snooze(press, Snooze.CHOSEN, "tomorrow 18:00")
    assert snoozed.due_at == datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert snoozed.text == "a letter"
    assert not snoozed.rule


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("", "No date and time was given."),
        ("soon", "I can't read that date and time."),
        ("yesterday", "That time has passed."),
        ("04/05", "That can mean more than one time."),
        ("every Monday 8:00", "That comes again and again; here it comes once."),
        ("3 days before rank list deadline", "A time is needed here, not a date of the calendar."),
    ],
)
async def test_a_time_that_can_not_be_taken_leaves_the_message_as_it_is(desk: Desk, when: str, said: str) -> None:
    await desk.services.members.set_zone(AMIRA, "Africa/Cairo")
    press = await desk.delivered()
    assert (await refused(desk.services.answers.snooze(press, Snooze.CHOSEN, when))).what_happened == said
    await desk.services.answers.snooze(press, Snooze.HOUR)  # it can still be put off


async def test_stopping_a_series_ends_it_and_nothing_else(desk: Desk) -> None:
    await desk.services.members.set_zone(AMIRA, "Africa/Cairo")
    member = await desk.amira()
    scheduled = await desk.services.reminders.remind_me(member, "every day 15:00", "read", None)
    other = await desk.services.reminders.remind_me(member, "tomorrow 9:00", "a letter", None)
    desk.clock.move_to(scheduled.reminder.due_at)
    (delivery,) = await desk.send_due()
    await desk.services.answers.stop(Press(AMIRA, delivery.id, 1, 7))
    found, total = await desk.services.reminders.page(AMIRA, 5, 0)
    assert ([each.id for each in found], total) == ([other.reminder.id], 1)


async def test_stopping_a_kind_switches_it_off_and_the_settings_on_again(desk: Desk) -> None:
    scheduled = await desk.services.reminders.remind_before(AMIRA, "us-2027-rank-list-deadline", "1w", None)
    desk.clock.move_to(scheduled.reminder.due_at)
    (delivery,) = await desk.send_due()
    assert await desk.services.answers.stop(Press(AMIRA, delivery.id, 1, 7)) == Stopped(Stops.KIND, MessageKind.SEASON_DATES)
    assert not (await desk.amira()).preferences.wants(DeliveryKind.SEASON_DATE)
    await desk.services.members.set_wanted(AMIRA, MessageKind.SEASON_DATES, wanted=True)
    assert (await desk.amira()).preferences.wants(DeliveryKind.SEASON_DATE)


async def test_stopping_everything_takes_the_consent_back(desk: Desk) -> None:
    await desk.services.members.set_zone(AMIRA, "Africa/Cairo")
    await desk.services.members.agree_to_messages(AMIRA)
    press = await desk.delivered()
    assert (await desk.services.answers.stop(press)).what is Stops.EVERYTHING
    assert (await desk.amira()).direct_messages is DirectMessages.OFF


async def test_anothers_button_stops_nothing(desk: Desk) -> None:
    press = await desk.delivered()
    stranger = Press(DIEGO, press.delivery_id, 1, 7)
    assert (await refused(desk.services.answers.stop(stranger))).what_happened == "That reminder is not yours."


async def test_after_erasing_it_stores_nothing_anew(desk: Desk) -> None:
    press = await desk.delivered()
    await desk.services.mydata.erase(AMIRA)
    assert (await desk.services.answers.stop(press)).what is Stops.EVERYTHING
    assert not any((await desk.services.mydata.summary(AMIRA)).values())


async def test_a_series_put_off_goes_on_by_itself(desk: Desk) -> None:
    await desk.services.members.set_zone(AMIRA, "Africa/Cairo")
    scheduled = await desk.services.reminders.remind_me(await desk.amira(), "every day 15:00", "read", None)
    desk.clock.move_to(scheduled.reminder.due_at)
    (delivery,) = await desk.send_due()
    await desk.services.answers.snooze(Press(AMIRA, delivery.id, 1, 7), Snooze.TEN_MINUTES)
    found, _ = await desk.services.reminders.page(AMIRA, 5, 0)
    assert [each.due_at - scheduled.reminder.due_at for each in found] == [timedelta(minutes=10), timedelta(days=1)]
    assert all(each.state is ReminderState.ACTIVE for each in found)
