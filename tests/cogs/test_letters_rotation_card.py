"""One rotation of ``/letters rotations``: when to ask, the week ticked, the summary, a letter planned, deleted; and what goes wrong."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.client import MatchdayClient
from bot.domain.letters import Setting
from bot.domain.rotations import Details
from cogs.letters._rotation_views import draw_rotation
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.reply_limits import assert_nobody_is_mentioned, assert_within_limits
from tests.support.rotation_cards import (
    ENTRY,
    LONGEST,
    LONGEST_DETAILS,
    OPEN,
    choose,
    file_of,
    fill_form,
    hers,
    in_public,
    longest_name,
    messages_of,
    opened,
    rotations,
    said,
    select_for,
    stored,
)

TICK, PLAN = "This week: tick what was true", "Plan a letter from …"
BUTTONS = ("Writers and summary", "Summary as a file", "Words to ask", "Remind me when to ask", "Change", "Delete")
WAITING_LINE = 60
OSEI = Details(("Dr. Osei",), duties="6 patients a day")


async def test_a_change_begins_with_what_is_stored(world: World) -> None:
    await stored(world, details=OSEI)
    form = await world.amira.click(await opened(world), label="Change")
    result = await fill_form(world.amira, form, place="Elm Clinic")
    assert "### Elm Clinic" in said(result)
    rotation = await hers(world)
    assert (rotation.about, rotation.details) == (replace(rotation.about, place="Elm Clinic"), OSEI)
    assert (rotation.starts_on.day, rotation.ends_on.day) == (2, 27)


async def test_writers_and_details_are_filled_in_and_shown(world: World) -> None:
    await stored(world)
    message = await opened(world)
    assert "nobody named yet" in text(message)
    form = await world.amira.click(message, label="Writers and summary")
    result = await fill_form(world.amira, form, who="Dr. Osei\nDr. Lindqvist", what="6 patients a day\nrounds", feedback="shorter")
    assert "**Who could write:** Dr. Osei, Dr. Lindqvist" in said(result)
    assert "**What you did:** 6 patients a day / rounds" in said(result)
    assert (await hers(world)).details.writers == ("Dr. Osei", "Dr. Lindqvist")


async def test_too_many_names_are_refused_and_kept_for_another_try(world: World) -> None:
    await stored(world)
    form = await world.amira.click(await opened(world), label="Writers and summary")
    names = "\n".join(f"Dr. {number}" for number in range(6))
    refused = await fill_form(world.amira, form, who=names, cases="a talk")
    assert "### 5 names are kept of one rotation; these are 6." in said(refused)
    again = await world.amira.click(messages_of(refused)[-1], label="Open the form again")
    await fill_form(world.amira, again, who="Dr. 1")
    assert (await hers(world)).details == Details(("Dr. 1",), cases="a talk")


async def test_the_week_is_ticked_and_the_weeks_before_are_shown(world: World) -> None:
    await stored(world)
    message = await opened(world)
    await choose(world.amira, message, TICK, "time", "team", "feedback")
    assert "- this week: 3 of 9" in text(message)
    assert {option["value"] for option in select_for(message, TICK)["options"] if option.get("default")} == {"time", "team", "feedback"}

    world.clock.move_to(datetime(2026, 11, 23, 12, tzinfo=UTC))
    message = await opened(world)
    await choose(world.amira, message, TICK, "time")
    assert "- this week: 1 of 9\n- week of 16 Nov: 3 of 9" in text(message)
    await choose(world.amira, message, TICK)
    assert "- this week: 0 of 9\n- week of 16 Nov: 3 of 9" in text(message)


async def test_a_card_of_last_week_does_not_tick_this_one(world: World) -> None:
    await stored(world)
    message = await opened(world)
    world.clock.move_to(datetime(2026, 11, 23, 12, tzinfo=UTC))
    result = await choose(world.amira, message, TICK, "time")
    assert "### That week is over." in said(result)
    assert (await hers(world)).checks == {}


async def test_a_rotation_that_is_over_shows_its_weeks_and_no_select(world: World) -> None:
    await stored(world)
    await choose(world.amira, await opened(world), TICK, "time")
    world.clock.move_to(datetime(2027, 2, 1, 12, tzinfo=UTC))
    message = await opened(world)
    assert "- week of 16 Nov: 1 of 9" in text(message)
    assert TICK not in [each.get("placeholder") for each in components(message)]
    assert "It is over." in text(message)


@pytest.mark.parametrize(
    ("dates", "note", "offers_reminder"),
    [
        ("2 Nov 2026, 4 weeks", "**Week 3: now is the time to ask for a letter**", False),
        ("16 Nov 2026, 4 weeks", "Week 1: too early to ask. Ask how you are doing; ask for a letter from Mon 30 Nov 2026.", True),
        ("4 Jan 2027, 4 weeks", "It has not begun.", True),
        ("5 Oct 2026, 8 weeks", "**Week 7: if you have not asked yet, ask now.**", False),
        ("13 Nov 2026, 10 days", "**Its last days: now is the time to ask for a letter**", False),
        ("19 Oct 2026, 4 weeks", "**It is just over: if you have not asked yet, ask this week**", False),
        ("3 Aug 2026, 4 weeks", "It is over.", False),
    ],
)
async def test_the_card_says_whether_to_ask(world: World, dates: str, note: str, offers_reminder: bool) -> None:
    await stored(world, replace(ENTRY, dates=dates))
    message = await opened(world)
    assert note in text(message)
    assert ("Remind me when to ask" in labels(message)) is offers_reminder


async def test_she_can_be_reminded_when_to_ask(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    await world.services.members.agree_to_messages(world.amira.id)
    await stored(world, replace(ENTRY, dates="16 Nov 2026, 4 weeks"), OSEI)
    message = await opened(world)
    result = await world.amira.click(message, label="Remind me when to ask")
    assert "### Reminder set" in said(result)
    again = await world.amira.click(message, label="Remind me when to ask")
    assert "### That reminder is set already" in said(again)

    world.clock.move_to(datetime(2026, 11, 30, 7, tzinfo=UTC))
    await world.send_due()
    assert "Letters: County Hospital, 16 November to 13 December 2026: now is the time to ask" in world.received(world.amira)[-1]


async def test_a_letter_is_planned_once_with_what_is_known(world: World) -> None:
    rotation = await stored(world, details=OSEI)
    message = await opened(world)
    result = await choose(world.amira, message, PLAN, "Dr. Osei")
    assert "### Planned" in said(result)
    (letter,) = await world.services.letters.letters_of(world.amira.id)
    assert (letter.writer, letter.rotation_id, letter.setting, letter.weeks) == ("Dr. Osei", rotation.id, Setting.HANDS_ON, 4)

    again = await choose(world.amira, message, PLAN, "Dr. Osei")
    assert "stands on your board already" in said(again)
    assert len(await world.services.letters.letters_of(world.amira.id)) == 1


async def test_from_a_planned_letter_words_and_packet_are_one_tap_away(world: World) -> None:
    await stored(world, details=OSEI)
    planned = messages_of(await choose(world.amira, await opened(world), PLAN, "Dr. Osei"))[-1]
    words = await world.amira.click(planned, label="Words to ask")
    assert "Dr. Osei, do you have a minute?" in said(words)
    assert "### Packet for Dr. Osei" in said(await world.amira.click(planned, label="What to give"))


@pytest.mark.parametrize(
    ("dates", "details", "heading", "part"),
    [
        ("2 Nov 2026, 4 weeks", OSEI, "Asking in person", "Dr. Osei, do you have a minute?"),
        ("3 Aug 2026, 4 weeks", OSEI, "Asking by mail", "Dear Dr. Osei,"),
        ("3 Aug 2026, 4 weeks", None, "Asking by mail", "Dear [writer's name],"),
    ],
)
async def test_words_to_ask_fit_where_the_rotation_is(world: World, dates: str, details: Details | None, heading: str, part: str) -> None:
    await stored(world, replace(ENTRY, dates=dates), details)
    words = await world.amira.click(await opened(world), label="Words to ask")
    assert f"### {heading}" in said(words)
    assert part in said(words)
    assert "my elective in Internal Medicine" in said(words)


async def test_a_name_that_is_gone_is_not_planned(world: World) -> None:
    rotation = await stored(world, details=OSEI)
    message = await opened(world)
    await world.services.rotations.describe(world.amira.id, rotation.id, Details(("Dr. Lindqvist",)))
    result = await choose(world.amira, message, PLAN, "Dr. Osei")
    assert "### That name does not stand in this rotation any more." in said(result)
    assert await world.services.letters.letters_of(world.amira.id) == ()


async def test_the_summary_comes_as_a_file(world: World) -> None:
    await stored(world, details=OSEI)
    result = await world.amira.click(await opened(world), label="Summary as a file")
    assert result.ephemeral
    name, written = await file_of(result)
    assert name == "rotation-summary.txt"
    assert "For:         Dr. Osei" in written
    assert "- 6 patients a day" in written
    assert "[your specialty], 2027 Match" in written
    assert "Letter by:   [your date]" in written  # her target has passed
    assert "[your name]" in written


async def test_deleting_asks_first_and_keep_keeps(world: World) -> None:
    await stored(world)
    message = await opened(world)
    await world.amira.click(message, label="Delete")
    assert title(message) == "Delete this rotation?"
    await world.amira.click(message, label="Keep")
    assert title(message) == "County Hospital"
    await world.amira.click(message, label="Delete")
    await world.amira.click(message, label="Delete")
    assert title(message) == "Deleted"
    assert await world.services.rotations.rotations_of(world.amira.id) == ()
    await world.amira.click(message, label="All rotations")
    assert title(message) == "No rotations are noted"


async def test_every_button_of_a_deleted_one_says_so(world: World) -> None:
    rotation = await stored(world, replace(ENTRY, dates="16 Nov 2026, 4 weeks"), OSEI)
    message, listed = await opened(world), await rotations(world)
    await world.services.rotations.delete(world.amira.id, rotation.id)
    answers = [await choose(world.amira, listed, OPEN, rotation.id), await choose(world.amira, message, TICK, "time")]
    answers.append(await choose(world.amira, message, PLAN, "Dr. Osei"))
    answers += [await world.amira.click(message, label=name) for name in BUTTONS]
    assert [said(answer).splitlines()[0] for answer in answers] == ["### That rotation is not there any more."] * 9


async def test_another_person_can_do_nothing_with_it(world: World, simcord_bot: MatchdayClient) -> None:
    rotation = await stored(world, replace(ENTRY, dates="16 Nov 2026, 4 weeks"), OSEI)
    message = await in_public(simcord_bot, world, await draw_rotation(world.services, world.amira.id, rotation.id))
    answers = [await choose(world.diego, message, TICK, "time"), await choose(world.diego, message, PLAN, "Dr. Osei")]
    answers += [await world.diego.click(message, label=name) for name in BUTTONS]
    assert [said(answer).splitlines()[0] for answer in answers] == ["### That rotation is not yours."] * 8
    assert all(answer.ephemeral for answer in answers)
    assert await hers(world) == rotation
    assert await world.services.letters.letters_of(world.diego.id) == ()


async def test_one_that_can_not_be_read_can_only_be_deleted(world: World) -> None:
    import sqlalchemy as sa

    from bot.storage.tables import rotation as table

    rotation = await stored(world, details=OSEI)
    message = await opened(world)
    async with world.house.database.write() as connection:
        await connection.execute(sa.update(table).values(blob=b"damaged"))
    result = await choose(world.amira, message, TICK, "time")
    assert "can't be read any more" in said(result)
    listed = await rotations(world)
    assert "2 to 27 November 2026" in text(listed)
    await choose(world.amira, listed, OPEN, rotation.id)
    assert labels(listed) == ["Delete", "All rotations"]
    await world.amira.click(listed, label="Delete")
    await world.amira.click(listed, label="Delete")
    assert title(listed) == "Deleted"


async def test_the_longest_rotation_is_within_the_limits(world: World) -> None:
    await stored(world, LONGEST, LONGEST_DETAILS)
    message = await opened(world)
    await choose(world.amira, message, TICK, *(option["value"] for option in select_for(message, TICK)["options"]))
    assert_within_limits(components(message))
    assert len(text(message)) + WAITING_LINE <= 4_000
    assert [option["value"] for option in select_for(message, PLAN)["options"]] == [longest_name(number) for number in range(5)]
    for name in ("Change", "Writers and summary"):
        form = await world.amira.click(message, label=name)
        assert form.modal is not None
        assert len(form.modal["components"]) == 5
    await choose(world.amira, message, PLAN, longest_name(4))
    await world.amira.click(message, label="Delete")
    assert_within_limits(components(message))


async def test_what_she_typed_formats_and_mentions_nothing(world: World) -> None:
    await stored(
        world, replace(ENTRY, place="**@everyone** [x](https://e.vil)"), Details((f"<@{world.diego.id}>",), duties="# big\n> quote")
    )
    shown = text(await opened(world))
    assert "\\*\\*" in shown
    assert "@everyone" not in shown
    assert "](https" not in shown.split("Advice")[0]
    assert f"<@{world.diego.id}>" not in shown
    assert_nobody_is_mentioned(world.env.http_requests)
