"""What is pushed to a member, and its buttons."""

from datetime import UTC, datetime, timedelta

import discord
import pytest

from bot.domain.reminder import Reminder
from tests.cogs.conftest import World, text, title
from tests.support.reply_limits import assert_nobody_is_mentioned

ZONE = "Africa/Cairo"


@pytest.fixture(autouse=True)
async def agreed(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, ZONE)
    await world.services.members.agree_to_messages(world.amira.id)


async def delivered(world: World, what: str = "ask Dr. Osei", late: timedelta = timedelta(0)) -> discord.Message:
    """Let a reminder come; return its message."""
    member = await world.services.members.get(world.amira.id)
    await world.services.reminders.remind_me(member, "in 5 minutes", what, None)
    world.clock.advance(timedelta(minutes=5) + late)
    await world.send_due()
    return world.dm_of(world.amira).history()[-1]


def buttons(message: discord.Message) -> list[str]:
    return [child.label for row in message.components for child in row.children]


async def active(world: World) -> list[Reminder]:
    return (await world.services.reminders.page(world.amira.id, 10, 0))[0]


async def test_its_sentence_is_plain_content_with_its_buttons(world: World) -> None:
    message = await delivered(world)

    assert message.content == "Reminder: ask Dr. Osei"
    assert buttons(message) == ["Done", "10 min", "1 hour", "Tomorrow", "Choose a time", "Stop all messages"]


async def test_done_closes_it(world: World) -> None:
    message = await delivered(world)
    await world.amira.user.click(message, label="Done")
    closed = world.dm_of(world.amira).history()[-1]

    assert closed.content == "Reminder: ask Dr. Osei\n-# Done."
    assert buttons(closed) == []


@pytest.mark.parametrize(
    ("label", "due"),
    [
        ("10 min", datetime(2026, 11, 22, 12, 15, tzinfo=UTC)),
        ("1 hour", datetime(2026, 11, 22, 13, 5, tzinfo=UTC)),
        ("Tomorrow", datetime(2026, 11, 23, 7, 0, tzinfo=UTC)),
    ],
)
async def test_snoozed_it_comes_again_and_can_be_done_then(world: World, label: str, due: datetime) -> None:
    message = await delivered(world)
    await world.amira.user.click(message, label=label)
    (again,) = await active(world)
    assert again.due_at == due
    assert "Comes again" in world.dm_of(world.amira).history()[-1].content

    world.clock.move_to(due)
    await world.send_due()
    second = world.dm_of(world.amira).history()[-1]
    assert second.content == "Reminder: ask Dr. Osei"
    await world.amira.user.click(second, label="Done")

    assert world.dm_of(world.amira).history()[-1].content.endswith("Done.")
    assert await active(world) == []


async def test_the_buttons_work_after_a_restart(world: World) -> None:
    message = await delivered(world)
    await world.restart()
    await world.amira.user.click(message, label="Done")

    assert world.dm_of(world.amira).history()[-1].content.endswith("Done.")


async def test_a_button_pressed_after_erasing_is_said_kindly(world: World) -> None:
    message = await delivered(world)
    await world.services.mydata.erase(world.amira.id)
    result = await world.amira.user.click(message, label="1 hour")

    assert title(result) == "That reminder is not there any more."
    assert not any((await world.services.mydata.summary(world.amira.id)).values())


async def test_late_says_late(world: World) -> None:
    message = await delivered(world, late=timedelta(days=1, hours=2))

    assert "This comes 1 d 2 h late: it was due <t:" in message.content


@pytest.mark.parametrize(
    "what",
    [
        "@everyone @here <@123456789012345678> <@&123456789012345678>",
        "[free](https://evil.example) **b** __u__ ~~s~~ ||h|| `c`",
        "# big\n## bigger\n> quote\n- list\n-# small",
        "```\nblock\n```",
        "\u202eevil \u200b السلام عليكم 😀",
        "*" * 1_000,
        "😀" * 1_000,
        "](" * 500,
    ],
)
async def test_her_text_is_harmless_and_fits(world: World, what: str) -> None:
    message = await delivered(world, what, late=timedelta(hours=1))

    assert len(message.content) <= 2_000
    assert "@everyone" not in message.content
    assert "<@123" not in message.content
    assert "<@&123" not in message.content
    assert "](" not in message.content
    assert "**b**" not in message.content
    assert not any(line.startswith(("# ", "## ", "> ", "- ")) for line in message.content.splitlines())
    assert "late: it was due" in message.content
    assert_nobody_is_mentioned(world.env.http_requests)


async def test_the_longest_message_still_says_that_it_is_done(world: World) -> None:
    message = await delivered(world, "*" * 1_000)
    await world.amira.user.click(message, label="Done")
    closed = world.dm_of(world.amira).history()[-1]

    assert len(closed.content) <= 2_000
    assert closed.content.endswith("\n-# Done.")


async def test_a_date_is_told_with_two_clocks_its_meaning_and_how_sure_it_is(world: World) -> None:
    await world.services.reminders.remind_before(world.amira.id, "us-2027-rank-list-deadline", "3d", None)
    world.clock.move_to(datetime(2027, 3, 1, 2, tzinfo=UTC))
    await world.send_due()
    content = world.received(world.amira)[-1]

    assert content.startswith(
        "Rank order list deadline (2027 Match) is in 3 days: Wed 3 Mar 2027, 21:00 EST; your clock: Thu 4 Mar 2027, 04:00 EET."
    )
    assert "certify your rank order list" in content
    assert "This date is estimated, not announced." in content
    assert "nrmp.org" in content


async def test_a_date_that_passed_meanwhile_says_so(world: World) -> None:
    await world.services.reminders.remind_before(world.amira.id, "us-2027-rank-list-deadline", "3d", None)
    world.clock.move_to(datetime(2027, 3, 4, 3, tzinfo=UTC))
    await world.send_due()

    assert "has passed: it was Wed 3 Mar 2027, 21:00 EST" in world.received(world.amira)[-1]


async def test_stop_in_the_first_message_takes_the_consent_back(world: World) -> None:
    (greeting,) = world.dm_of(world.amira).history()
    await world.amira.user.click(greeting, label="Stop all messages")
    await delivered(world)

    (only,) = world.received(world.amira)
    assert "-# Stopped: no more direct messages. Reminders that you set wait in /remind inbox" in only
    assert "ask Dr. Osei" in text(await world.amira.slash(world.general, "remind inbox"))
