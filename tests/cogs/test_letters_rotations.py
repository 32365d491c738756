"""``/letters rotations``: the list, the form and what it refuses, how to ask for a place."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import simcord

from bot.domain.letters import LetterState
from bot.domain.rotations import MAX_ROTATIONS, Details, RotationKind
from cogs.letters._guidance import TOPICS_ASKED
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.reply_limits import assert_nobody_is_mentioned, assert_within_limits
from tests.support.rotation_cards import (
    ENTRY,
    LONGEST,
    LONGEST_DETAILS,
    OPEN,
    choose,
    fill_form,
    hers,
    messages_of,
    opened,
    rotations,
    said,
    select_for,
    stored,
)

TICK = "This week: tick what was true"
WAITING_LINE = 60
OSEI = Details(("Dr. Osei",), duties="6 patients a day")


async def send_new(world: World, **given: Any) -> simcord.InteractionResult:
    form = await world.amira.click(await rotations(world), label="Add a rotation")
    whole: dict[str, Any] = {
        "kind": ["elective"],
        "place": "County Hospital",
        "country": ["us"],
        "specialty": "IM",
        "first": "2-27 Nov 2026",
    }
    return await fill_form(world.amira, form, **(whole | given))


# --- the list


async def test_an_empty_list_says_what_it_is_for(world: World) -> None:
    message = await rotations(world)
    assert title(message) == "No rotations are noted"
    assert labels(message) == ["Add a rotation"]
    assert len(select_for(message, TOPICS_ASKED)["options"]) == 6


async def test_a_rotation_is_added_by_the_form(world: World) -> None:
    result = await send_new(world)
    assert "### County Hospital" in said(result)
    assert "Elective · Internal Medicine · United States" in said(result)
    assert "2 to 27 November 2026 (4 weeks)" in said(result)
    assert (await hers(world)).about.specialty == "internal-med"


async def test_the_list_says_where_it_is_time_to_ask(world: World) -> None:
    await stored(world)
    await stored(world, replace(ENTRY, place="Elm Clinic", dates="1 Feb 2027, 4 weeks"))
    shown = text(await rotations(world))
    assert "**Now is the time to ask for a letter:** County Hospital." in shown
    assert shown.index("Elm Clinic** · ahead") < shown.index("County Hospital** · weeks 3 to 4: now is the time to ask")


async def test_it_is_not_said_again_once_she_has_asked(world: World) -> None:
    rotation = await stored(world)
    letter = await world.services.letters.add(world.amira.id, "Dr. Osei", rotation_id=rotation.id)
    assert "Now is the time" in text(await rotations(world))
    await world.services.letters.move(world.amira.id, letter.id, LetterState.ASKED)
    assert "Now is the time" not in text(await rotations(world))


async def test_the_list_pages(world: World) -> None:
    for number in range(7):
        await stored(world, replace(ENTRY, place=f"Hospital {number}"))
    message = await rotations(world)
    assert len(select_for(message, OPEN)["options"]) == 6
    await world.amira.click(message, label="Earlier ones")
    assert len(select_for(message, OPEN)["options"]) == 1
    assert "Page 2 of 2." in text(message)
    await world.amira.click(message, label="Later ones")
    assert "Page 1 of 2." in text(message)


async def test_a_page_that_is_gone_shows_the_last_one(world: World) -> None:
    kept = [await stored(world, replace(ENTRY, place=f"Hospital {number}")) for number in range(13)]
    message = await rotations(world)
    await world.amira.click(message, label="Earlier ones")
    for rotation in kept[:8]:
        await world.services.rotations.delete(world.amira.id, rotation.id)
    await world.amira.click(message, label="Earlier ones")
    assert title(message) == "Your rotations (5)"


async def test_fifty_are_the_most_and_the_button_says_so(world: World) -> None:
    for _ in range(MAX_ROTATIONS):
        await stored(world)
    message = await rotations(world)
    (add,) = [each for each in components(message) if each.get("label") == "Add a rotation"]
    assert add["disabled"]
    assert "50 are the most I hold" in text(message)


async def test_the_longest_list_is_within_the_limits(world: World) -> None:
    for number in range(MAX_ROTATIONS):
        await stored(world, replace(LONGEST, place=f"{number:02}" + "*" * 78), LONGEST_DETAILS if number < 6 else None)
    message = await rotations(world)
    assert_within_limits(components(message))
    assert len(text(message)) + WAITING_LINE <= 4_000
    assert_nobody_is_mentioned(world.env.http_requests)


# --- the form, refused


@pytest.mark.parametrize(
    ("given", "heading"),
    [
        ({"first": "27 Nov 2026 to 2 Nov 2026"}, "The last day lies before the first."),
        ({"first": "soon"}, "I can't read those dates."),
        ({"first": "2 Nov 2026"}, "That is one date; a rotation has a first and a last day."),
        ({"place": "\u200b"}, "The rotation has no place."),
        ({"place": "Letter ID AB12CD34EF"}, "That looks like a Letter ID, and I never store one."),
    ],
)
async def test_what_is_refused_can_be_mended_without_typing_it_again(world: World, given: dict[str, Any], heading: str) -> None:
    refused = await send_new(world, **given)
    assert f"### {heading}" in said(refused)
    assert await world.services.rotations.rotations_of(world.amira.id) == ()

    form = await world.amira.click(messages_of(refused)[-1], label="Open the form again")
    mended = await fill_form(world.amira, form, place="Elm Clinic", first="2 Nov 2026, 4 weeks")
    assert "### Elm Clinic" in said(mended)
    assert (await hers(world)).about.kind is RotationKind.ELECTIVE


async def test_after_an_hour_the_form_comes_empty(world: World) -> None:
    refused = await send_new(world, first="soon")
    world.clock.advance(timedelta(hours=2))
    form = await world.amira.click(messages_of(refused)[-1], label="Open the form again")
    assert form.modal is not None
    assert not any(label["component"].get("value") for label in form.modal["components"])


async def test_a_form_for_one_that_was_deleted_meanwhile_says_so(world: World) -> None:
    rotation = await stored(world)
    form = await world.amira.click(await opened(world), label="Change")
    await world.services.rotations.delete(world.amira.id, rotation.id)
    result = await fill_form(world.amira, form)
    assert "### That rotation is not there any more." in said(result)


# --- asking for a place


@pytest.mark.parametrize("topic", ["hospital", "cost", "visa", "insurance", "paid", "sold"])
async def test_every_topic_stands_with_its_source(world: World, topic: str) -> None:
    result = await choose(world.amira, await rotations(world), TOPICS_ASKED, topic)
    assert result.ephemeral
    assert "Advice, but for what an owner states. Read in:" in said(result)
    assert "22 Nov 2026" in said(result)
    assert_within_limits(components(messages_of(result)[-1]))


async def test_from_asking_a_hospital_it_is_one_tap_to_the_mail(world: World) -> None:
    result = await choose(world.amira, await rotations(world), TOPICS_ASKED, "hospital")
    draft = await world.amira.click(messages_of(result)[-1], label="A draft of the mail")
    assert "### Asking a hospital for a place" in said(draft)
    assert "Dear [coordinator's or physician's name]," in said(draft)


async def test_the_cards_outlive_a_restart(world: World) -> None:
    await stored(world, details=OSEI)
    message = await opened(world)
    await world.restart()
    await choose(world.amira, message, TICK, "time")
    assert "- this week: 1 of 9" in text(message)
