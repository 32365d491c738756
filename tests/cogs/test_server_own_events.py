"""Events of the server's own: read back, made, changed, taken down; what can't be read is kept, and hostile words stay words."""

from datetime import timedelta
from typing import Any

import discord
import pytest

from tests.cogs.conftest import World, components, labels, text, title
from tests.support.event_cards import choose, deeds, in_discord, kept, opened, tap
from tests.support.reply_limits import assert_within_limits


@pytest.fixture
def priya(world: World) -> Any:
    role = world.guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user("priya"), roles=[role])


HOSTILE = "@everyone **free** [x](https://evil.example) <@1>\x07"


def given(**changes: str) -> dict[str, str]:
    words = {"Title": "Mock interviews", "When it begins": "January 10 2027 7 PM", "How long it lasts": "90 min"}
    return words | {"Place": "Zoom", "Description": "Bring your CV."} | changes


async def written(priya: Any, message: Any, label: str, **changes: str) -> Any:
    """Fill in the form that a button opens; return the card that reads it back."""
    form = await priya.click(message, label=label)
    assert form.modal is not None
    named = {each["label"]: each["component"]["custom_id"] for each in form.modal["components"]}
    words = given(**changes)
    return (await priya.submit_modal(form, {named[key]: value for key, value in words.items()})).response


async def test_an_event_of_their_own_is_read_back_made_changed_and_taken_down(world: World, priya: Any) -> None:
    draft = await written(priya, await opened(world, priya), "An event of our own")
    assert "**Mock interviews**\nSun 10 Jan 2027, 19:00 EST" in text(draft)
    assert '"January 10 2027 7 PM" was read on the clock of America/New_York.' in text(draft)
    assert in_discord(world) == []
    stands = await tap(priya, draft, "Make the event")
    (event,) = in_discord(world)
    assert (event.name, event.entity_metadata) == ("Mock interviews", {"location": "Zoom"})
    assert event.scheduled_end_time == "2027-01-11T01:30:00+00:00"
    assert event.description.startswith("Bring your CV.\n\nKept in step by Matchday")

    world.clock.advance(timedelta(minutes=1))
    changed = await written(priya, stands, "Change", **{"When it begins": "2027-01-11 18:00", "Title": "Mock interviews, again"})
    assert [each.name for each in in_discord(world)] == ["Mock interviews"]
    await tap(priya, changed, "Keep the change")
    (after,) = in_discord(world)
    assert (after.id, after.name, after.scheduled_start_time) == (event.id, "Mock interviews, again", "2027-01-11T23:00:00+00:00")

    world.clock.advance(timedelta(minutes=1))
    listed = await choose(priya, await opened(world, priya), "server:event_see", (await kept(world))[0].id)
    await tap(priya, await tap(priya, listed, "Take it down"), "Take it down")
    assert (in_discord(world), await kept(world)) == ([], [])
    assert await deeds(world) == ["event_taken_down", "event_changed", "event_made"]


@pytest.mark.parametrize(
    ("field", "typed", "refusal"),
    [
        ("When it begins", "some day", "I can't read that date and time."),
        ("When it begins", "January 10 2020 7 PM", "pass"),
        ("When it begins", "January 10 2027", "A day and an hour are needed for an event."),
        ("When it begins", "04/05/2027 7 PM", "That time can mean more than one thing."),
        ("How long it lasts", "for ever", "I can't read how long it lasts."),
        ("How long it lasts", "9 days", "I can't read how long it lasts."),
        ("Title", "\x07 \u200b", "An event needs a title."),
    ],
)
async def test_what_cannot_be_read_is_said_and_kept(world: World, priya: Any, field: str, typed: str, refusal: str) -> None:
    draft = await written(priya, await opened(world, priya), "An event of our own", **{field: typed})
    assert refusal.lower() in title(draft).lower()
    assert labels(draft) == ["Change", "Discard"]
    form = await priya.click(draft, label="Change")
    values = {each["label"]: each["component"].get("value", "") for each in form.modal["components"]}
    assert {key: value for key, value in values.items() if key != field} == {key: value for key, value in given().items() if key != field}
    mended = await written(priya, draft, "Change")
    assert title(mended) == "How it will look"
    assert in_discord(world) == []


async def test_hostile_words_stay_words(world: World, priya: Any) -> None:
    draft = await written(priya, await opened(world, priya), "An event of our own", Title=HOSTILE, Place=HOSTILE, Description=HOSTILE * 5)
    assert "@everyone" not in text(draft)
    assert "](" not in text(draft)
    assert_within_limits(components(draft))
    result = await tap(priya, draft, "Make the event")
    assert "@everyone" not in text(result)
    (event,) = in_discord(world)
    assert "\x07" not in event.name + event.description
    assert "@everyone" not in text(await opened(world, priya))


async def test_a_draft_is_discarded_and_gone_after_a_day(world: World, priya: Any) -> None:
    draft = await written(priya, await opened(world, priya), "An event of our own")
    assert title(await tap(priya, draft, "Discard")) == "Discarded"
    draft = await written(priya, await opened(world, priya), "An event of our own")
    world.clock.advance(timedelta(days=1, minutes=1))
    refused = await priya.click(draft, label="Make the event")
    assert title(refused.followups[0]) == "That event is not kept any more."
    assert in_discord(world) == []


async def test_it_can_take_place_in_a_voice_channel(world: World, priya: Any) -> None:
    hall = world.guild.create_voice_channel("Study hall")
    draft = await written(priya, await opened(world, priya), "An event of our own")
    form = await priya.click(draft, label="Voice channel")
    (custom_id,) = [each["component"]["custom_id"] for each in form.modal["components"]]
    draft = (await priya.submit_modal(form, {custom_id: [hall]})).response
    assert f"Place: <#{hall.id}>" in text(draft)
    await tap(priya, draft, "Make the event")
    (event,) = in_discord(world)
    assert (event.entity_type, event.channel_id, event.entity_metadata) == (2, hall.id, None)
