"""``/remind``: reminders of her own, the list, the settings and the inbox."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import simcord

from bot.domain.member import DirectMessages
from bot.services.reminders import MAX_ACTIVE
from tests.cogs.conftest import World, components, labels, options, text, title
from tests.support.reply_limits import assert_nobody_is_mentioned, assert_within_limits

ZONE = "Africa/Cairo"
HOSTILE = "@everyone <@123456789012345678> **bold** [free](https://evil.example) # big\n-# small `code` ||hidden||"


@pytest.fixture(autouse=True)
async def zoned(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, ZONE)


async def remind(world: World, when: str = "tomorrow 9:00", what: str = "ask Dr. Osei") -> simcord.InteractionResult:
    return await world.amira.slash(world.general, "remind me", when=when, what=what)


async def fill(world: World, count: int, what: str = "ask Dr. Osei") -> None:
    member = await world.services.members.get(world.amira.id)
    for number in range(count):
        when = f"{datetime(2027, 1, 1, tzinfo=UTC) + timedelta(hours=number):%Y-%m-%d %H:%M}"
        await world.services.reminders.remind_me(member, when, what.format(number=number), None)


async def total(world: World) -> int:
    return (await world.services.reminders.page(world.amira.id, 1, 0))[1]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("tomorrow 9:00", "Mon 23 Nov 2026, 09:00 EET"),
        ("in 3 weeks", "Sun 13 Dec 2026, 14:00 EET"),
        ("Jan 5 21:00 ET", "Wed 6 Jan 2027, 04:00 EET"),
        ("2027-07-01 08:00", "Thu 1 Jul 2027, 08:00 EEST"),
    ],
)
async def test_a_reminder_is_set_and_said_on_her_clock(world: World, typed: str, said: str) -> None:
    result = await remind(world, typed)
    choices = await world.amira.autocomplete(world.general, "remind me", "when", typed)

    assert title(result) == "Reminder set"
    assert said in text(result)
    assert [choice["name"] for choice in choices] == [said]
    assert result.ephemeral
    assert await total(world) == 1


async def test_what_was_suggested_is_what_is_set(world: World) -> None:
    (choice,) = await world.amira.autocomplete(world.general, "remind me", "when", "5 Jan 2027 9pm ET")
    result = await remind(world, choice["value"])

    assert choice["name"] in text(result)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("next Friday", "You named no hour, so I took 09:00."),
        ("2027-04-30 00:30", "The clocks jump over the time that you typed"),
        ("2027-10-28 23:30", "so that time comes twice; this is the first one"),
    ],
)
async def test_how_a_time_was_read_is_said(world: World, typed: str, said: str) -> None:
    assert said in text(await remind(world, typed))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("yesterday", "That time has passed."),
        ("2020-01-01 09:00", "That time has passed."),
        ("in 80 years", "That is more than three years ahead."),
        ("in 99999999999999 weeks", "I can't read that date and time."),
        ("31 June", "The calendar has no such date or time."),
        ("2027-02-29 09:00", "The calendar has no such date or time."),
        ("sometime soon", "I can't read that date and time."),
        ("😀", "I can't read that date and time."),
        ("غدا", "I can't read that date and time."),
        ("@everyone", "I can't read that date and time."),
        ("x" * 5_000, "That is too long for a date and time."),
        ("\u200b", "I can't read that date and time."),
        (" ", "No date and time was given."),
        ("04/05 9:00", "That can mean more than one time."),
    ],
)
async def test_a_time_that_can_not_be_taken_is_a_sentence_with_what_to_do(world: World, typed: str, said: str) -> None:
    result = await remind(world, typed)
    body = text(result).partition("\n")[2]

    assert title(result) == said
    assert body.endswith(".")
    assert await total(world) == 0
    assert_within_limits(components(result))
    choices = await world.amira.autocomplete(world.general, "remind me", "when", typed)
    assert 1 <= len(choices) <= 25
    assert all(1 <= len(choice["name"]) <= 100 and 1 <= len(choice["value"]) <= 100 for choice in choices)


async def test_an_ambiguous_date_offers_both_readings_ready_to_send(world: World) -> None:
    result = await remind(world, "04/05 9:00")
    assert "Monday 5 April 2027, 09:00 or Tuesday 4 May 2027, 09:00" in text(result)
    assert "Send it again as 2027-04-05 09:00 or 2027-05-04 09:00." in text(result)

    assert title(await remind(world, "2027-05-04 09:00")) == "Reminder set"
    choices = await world.amira.autocomplete(world.general, "remind me", "when", "04/05 9:00")
    assert [choice["name"] for choice in choices] == ["Mon 5 Apr 2027, 09:00 EET", "Tue 4 May 2027, 09:00 EEST"]


async def test_an_ambiguous_hour_names_both_hours(world: World) -> None:
    world.clock.move_to(datetime(2026, 11, 22, 0, tzinfo=UTC))

    assert "05:00 or Sunday 22 November 2026, 17:00" in text(await remind(world, "today at 5"))


@pytest.mark.parametrize("what", ["   ", "\u200b\u200d\ufeff", "\u3164", "\u2800\n\t"])
async def test_a_text_that_shows_nothing_is_refused(world: World, what: str) -> None:
    assert title(await remind(world, what=what)) == "There is nothing to remind you of."
    assert await total(world) == 0


async def test_the_length_of_a_text_is_taken_to_its_limit_and_no_further(world: World) -> None:
    assert title(await remind(world, what="a" * 1_000)) == "Reminder set"
    assert title(await remind(world, what="a" * 1_001)) == "That text has 1,001 characters; a reminder holds 1,000."
    assert title(await remind(world, what="a" * 5_000)) == "That text has 5,000 characters; a reminder holds 1,000."
    assert await total(world) == 1


@pytest.mark.parametrize("what", ["😀" * 300, "السلام عليكم", "a\u200bb", "\u202eevil", HOSTILE, "*" * 1_000, "]( [x](y)" * 100])
async def test_any_text_is_set_and_listed_within_the_limits(world: World, what: str) -> None:
    assert_within_limits(components(await remind(world, what=what)))
    shown = await world.amira.slash(world.general, "remind list")

    assert_within_limits(components(shown))
    assert title(shown) == "Your reminders (1)"


async def test_nothing_in_her_text_is_formatted_links_or_pings(world: World) -> None:
    for card in (await remind(world, what=HOSTILE), await world.amira.slash(world.general, "remind list")):
        assert "@everyone" not in text(card)
        assert "<@123456789012345678>" not in text(card)
        assert "](" not in text(card)
        assert "**bold**" not in text(card)
    assert "\\" not in options(await world.amira.slash(world.general, "remind list"))[0]["label"]
    assert_nobody_is_mentioned(world.env.http_requests)


async def test_without_a_zone_she_is_sent_to_start(world: World) -> None:
    result = await world.diego.slash(world.general, "remind me", when="tomorrow 9:00", what="a letter")
    choices = await world.diego.autocomplete(world.general, "remind me", "when", "tomorrow")

    assert title(result) == "I don't know your time zone yet."
    assert choices[0]["name"] == "Choose your time zone with /start first"
    assert not any((await world.services.mydata.summary(world.diego.id)).values())


async def test_two_hundred_are_kept_and_no_more(world: World) -> None:
    await fill(world, MAX_ACTIVE, "*" * 1_000)
    result = await remind(world)

    assert title(result) == "You have 200 reminders, the most I keep."
    card = (await world.amira.slash(world.general, "remind list")).response
    assert title(card) == "Your reminders (200)"
    assert_within_limits(components(card))
    event = (await world.amira.slash(world.general, "countdown", event="rank list")).response
    assert title(await world.amira.select(event, ["1w"])) == "You have 200 reminders, the most I keep."
    await cancel_first(world, card)
    assert title(await remind(world)) == "Reminder set"


async def cancel_first(world: World, card: Any) -> None:
    """Open the first reminder of a list, and cancel it there."""
    await world.amira.select(card, [options(card)[0]["value"]])
    await world.amira.click(card, label="Cancel it")


async def test_what_is_set_already_is_said_even_when_no_more_fit(world: World) -> None:
    event = (await world.amira.slash(world.general, "countdown", event="rank list")).response
    await world.amira.select(event, ["1w"])
    await fill(world, MAX_ACTIVE - 1)

    assert title(await world.amira.select(event, ["1w"])) == "That reminder is set already"


async def test_the_list_pages_and_cancels_on_every_page(world: World) -> None:
    await fill(world, 20, "number {number}")
    card = (await world.amira.slash(world.general, "remind list")).response
    seen = []
    for page in range(3):
        seen += [option["label"] for option in options(card)]
        assert f"Page {page + 1} of 3." in text(card)
        if page < 2:
            await world.amira.click(card, label="Later")
    assert seen == [f"number {number}" for number in range(20)]

    for _ in range(4):
        await cancel_first(world, card)

    assert title(card) == "Your reminders (16)"
    assert "Page 2 of 2." in text(card)
    assert options(card)[0]["label"] == "number 8"


async def test_the_last_one_cancelled_leaves_an_empty_list(world: World) -> None:
    await remind(world)
    card = (await world.amira.slash(world.general, "remind list")).response
    await cancel_first(world, card)

    assert title(card) == "No reminders are set"


async def test_cancelling_twice_from_two_cards_is_said_kindly(world: World) -> None:
    await remind(world)
    first = (await world.amira.slash(world.general, "remind list")).response
    second = (await world.amira.slash(world.general, "remind list")).response
    value = options(first)[0]["value"]
    await world.amira.select(second, [value])
    await cancel_first(world, first)
    result = await world.amira.click(second, label="Cancel it")

    assert title(result) == "That reminder is not there any more."


async def test_a_double_click_on_cancel_is_said_kindly(world: World) -> None:
    card = (await remind(world)).response
    await world.services.reminders.cancel(world.amira.id, (await world.services.reminders.page(world.amira.id, 1, 0))[0][0].id)
    result = await world.amira.click(card, label="Cancel it")

    assert title(result) == "That reminder is not there any more."


async def test_a_reminder_that_came_meanwhile_is_not_cancelled(world: World) -> None:
    card = (await remind(world, "in 5 minutes")).response
    world.clock.advance(timedelta(minutes=6))
    await world.send_due()
    result = await world.amira.click(card, label="Cancel it")

    assert title(result) == "That reminder is not there any more."


async def test_settings_switch_messages_on_and_off(world: World) -> None:
    card = (await world.amira.slash(world.general, "remind settings")).response
    assert "**Direct messages:** off; reminders wait in /remind inbox." in text(card)
    assert "Africa/Cairo; it is Sun 22 Nov 2026, 14:00 EET" in text(card)
    result = await world.amira.click(card, label="Allow direct messages")
    assert "Direct messages are on" in text(result)
    assert len(world.received(world.amira)) == 1

    again = (await world.amira.slash(world.general, "remind settings")).response
    assert labels(again) == [
        "Pause all",
        "Stop everything",
        "Quiet hours",
        "Nudges on",
        "Change time zone",
        "Notices of this server by direct message",
    ]
    await world.amira.click(again, label="Stop everything")

    assert "off; reminders wait" in text(again)
    assert (await world.services.members.get(world.amira.id)).direct_messages is DirectMessages.OFF


async def test_the_inbox_shows_each_message_whole_and_says_why_it_is_there(world: World) -> None:
    texts = ["a" * 999 + "z", "b" * 999 + "z", "c" * 999 + "z", "d" * 999 + "z"]
    for each in texts:
        await remind(world, "in 5 minutes", each)
    world.clock.advance(timedelta(minutes=6))
    await world.send_due()
    told = await world.amira.slash(world.general, "remind list")
    assert "Messages wait for you in /remind inbox." in text(told)

    card = (await world.amira.slash(world.general, "remind inbox")).response
    shown = text(card)
    assert_within_limits(components(card))
    assert "Direct messages were off when it was due." in shown
    await world.amira.click(card, label="Older")
    assert_within_limits(components(card))
    shown += text(card)

    assert all(each in shown for each in texts)
    assert "Messages wait" not in text(await world.amira.slash(world.general, "remind list"))


async def test_the_longest_inbox_stays_within_the_limits(world: World) -> None:
    for _ in range(3):
        await remind(world, "in 5 minutes", "*" * 1_000)
    world.clock.advance(timedelta(minutes=6))
    await world.send_due()

    assert_within_limits(components(await world.amira.slash(world.general, "remind inbox")))


async def test_an_empty_inbox_says_so(world: World) -> None:
    assert title(await world.amira.slash(world.general, "remind inbox")) == "Your inbox is empty"


async def test_nobody_sees_the_reminders_of_another(world: World) -> None:
    await remind(world, what="a secret")

    assert world.general.history(viewer=world.diego) == []
    assert "a secret" not in text(await world.diego.slash(world.general, "remind list"))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("every Monday 8:00", "every Monday at 08:00; first Mon 23 Nov 2026, 08:00 EET"),
        ("every Monday 21:00 ET", "every Monday at 21:00; first Tue 24 Nov 2026, 04:00 EET"),
        ("3 days before rank list deadline", "3 days before Rank order list deadline: Mon 1 Mar 2027, 04:00 EET"),
    ],
)
async def test_what_is_picked_while_typing_is_what_is_set(world: World, typed: str, shown: str) -> None:
    (choice,) = await world.amira.autocomplete(world.general, "remind me", "when", typed)
    assert choice["name"] == shown
    result = await remind(world, choice["value"])
    assert title(result) == "Reminder set"
    assert shown.rpartition("first ")[2].rpartition(": ")[2] in text(result)
    (reminder,) = (await world.services.reminders.page(world.amira.id, 5, 0))[0]
    assert reminder.recurrence is None or reminder.recurrence.words() == shown.partition(";")[0]


async def test_of_two_series_that_it_may_mean_each_can_be_picked(world: World) -> None:
    choices = await world.amira.autocomplete(world.general, "remind me", "when", "every second Monday 8:00")
    assert len(choices) == 2
    for choice in choices:
        assert title(await remind(world, choice["value"])) == "Reminder set"
    said = text(await world.amira.slash(world.general, "remind me", when="every second Monday 8:00", what="x"))
    assert said.startswith("### That can mean more than one time.")
