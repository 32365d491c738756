"""``/countdown``: the next dates, one in full, and reminders ahead of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import simcord

from bot.domain.member import Country
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.reply_limits import assert_within_limits

RANK_LIST = "us-2027-rank-list-deadline"
UNKNOWN = "ca-2027-carms-first-deadline"


def leads(message: Any) -> dict[str, str]:
    """Return the leads that a card offers, with when each would come."""
    selects = [each for each in components(message) if each["type"] == 3 and each["custom_id"].startswith("countdown:remind")]
    return {option["value"]: option["description"] for select in selects for option in select["options"]}


async def open_event(world: World, event: str = "rank list") -> simcord.InteractionResult:
    return await world.amira.slash(world.general, "countdown", event=event)


async def test_the_season_that_contains_today_is_shown_and_why(world: World) -> None:
    result = await world.amira.slash(world.general, "countdown")

    assert title(result) == "The 2027 Match: what comes next"
    assert "The 2027 Match is the season that contains today" in text(result)
    assert "Choose your time zone with /start" in text(result)
    assert result.ephemeral
    assert_within_limits(components(result))


async def test_her_target_year_is_shown_instead(world: World) -> None:
    await world.services.members.set_target_year(world.amira.id, 2028)
    result = await world.amira.slash(world.general, "countdown")

    assert title(result) == "The 2028 Match: what comes next"
    assert "contains today" not in text(result)


async def test_every_date_has_days_left_two_clocks_certainty_and_source(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    shown = text(await world.amira.slash(world.general, "countdown"))
    blocks = [block for block in shown.split("**")[1:] if " days" in block or "EST" in block or "EDT" in block]

    assert len(blocks) == 5
    for block in blocks:
        assert " days" in block
        assert "EST" in block or "EDT" in block
        assert "your clock: " in block
        assert "announced" in block
        assert "http" in block
    assert "Wed 3 Mar 2027, 21:00 EST\nyour clock: Thu 4 Mar 2027, 04:00 EET" in shown


async def test_one_clock_is_enough_where_both_agree(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "America/Toronto")

    assert "your clock" not in text(await world.amira.slash(world.general, "countdown"))


async def test_a_clock_change_in_between_is_said_and_only_then(world: World) -> None:
    assert "Clocks in New York go forward 1 h on 14 March" in text(await open_event(world, "match day"))
    assert "Clocks in" not in text(await open_event(world, "rank list"))
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    assert "Clocks in Cairo go forward 1 h on 30 April" in text(await open_event(world, "us-2027-residency-starts"))


async def test_unknown_deadlines_of_her_countries_are_named_without_a_countdown(world: World) -> None:
    await world.services.members.set_countries(world.amira.id, frozenset(Country))
    shown = text(await world.amira.slash(world.general, "countdown"))

    assert "**CaRMS first-iteration application deadline** · not known; check carms.ca today" in shown


async def test_a_date_that_is_not_known_offers_no_countdown_and_no_reminder(world: World) -> None:
    result = await open_event(world, UNKNOWN)

    assert "Not known; check carms.ca today." in text(result)
    assert "## " not in text(result).removeprefix("### ")
    assert "in the last days of November" in text(result)
    assert leads(result) == {}
    assert labels(result) == []
    assert "<t:" not in text(result)


async def test_a_day_without_an_hour_shows_none(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "America/Bogota")
    shown = text(await open_event(world, "us-2027-residency-starts"))

    assert "Thu 1 Jul 2027" in shown
    assert "00:00" not in shown
    assert "<t:" not in shown


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("rol", "Rank order list deadline"),
        ("rank list", "Rank order list deadline"),
        ("RANK  LIST", "Rank order list deadline"),
        ("match day", "Match Day"),
        ("matchday", "Match Day"),
        ("soap", "SOAP: list of unfilled programs, applications open"),
        (RANK_LIST, "Rank order list deadline"),
        (f"  {RANK_LIST} ", "Rank order list deadline"),
        ("us-2026-match-day", "Match Day"),
    ],
)
async def test_a_date_can_be_typed_loosely(world: World, typed: str, name: str) -> None:
    assert title(await open_event(world, typed)).startswith(f"{name} (")


@pytest.mark.parametrize("typed", ["zzqqxx", "😀", "\u200b", "قائمة", "@everyone", "'; DROP TABLE", "%s{0}"])
async def test_an_unknown_date_is_a_sentence(world: World, typed: str) -> None:
    result = await open_event(world, typed)

    assert title(result) == "I know no date of that name."
    assert "/calendar show" in text(result)


async def test_suggestions_name_the_day(world: World) -> None:
    choices = await world.amira.autocomplete(world.general, "countdown", "event", "rol")

    assert choices[0] == {"name": "Rank order list deadline · Wed 3 Mar 2027", "value": RANK_LIST}
    assert len(await world.amira.autocomplete(world.general, "countdown", "event", "")) <= 25


async def test_a_date_is_opened_from_the_list(world: World) -> None:
    shown = (await world.amira.slash(world.general, "countdown")).response
    result = await world.amira.select(shown, [RANK_LIST])

    assert title(result) == "Rank order list deadline (2027 Match)"
    assert result.ephemeral


async def test_leads_say_when_on_her_clock(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "Asia/Kolkata")

    assert leads(await open_event(world)) == {
        "1w": "Thu 25 Feb 2027, 07:30 IST",
        "3d": "Mon 1 Mar 2027, 07:30 IST",
        "1d": "Wed 3 Mar 2027, 07:30 IST",
        "3h": "Thu 4 Mar 2027, 04:30 IST",
        "0": "Thu 4 Mar 2027, 07:30 IST",
    }


@pytest.mark.parametrize(
    ("before", "offered"),
    [
        (timedelta(days=7), ["3d", "1d", "3h", "0"]),
        (timedelta(days=2), ["1d", "3h", "0"]),
        (timedelta(hours=3, seconds=1), ["3h", "0"]),
        (timedelta(minutes=1), ["0"]),
        (timedelta(0), []),
    ],
)
async def test_leads_that_have_passed_are_not_offered(world: World, before: timedelta, offered: list[str]) -> None:
    world.clock.move_to(datetime(2027, 3, 4, 2, tzinfo=UTC) - before)

    assert list(leads(await open_event(world, RANK_LIST))) == offered


async def test_a_lead_that_passed_while_the_card_stood_is_refused(world: World) -> None:
    card = (await open_event(world)).response
    world.clock.move_to(datetime(2027, 3, 2, 12, tzinfo=UTC))
    result = await world.amira.select(card, ["3d"])

    assert title(result) == "The time for that reminder (Rank order list deadline, 3 days before) has passed."
    assert "Choose a later one" in text(result)


async def test_what_lasts_is_now_until_it_ends(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    world.clock.move_to(datetime(2027, 3, 15, 14, 30, tzinfo=UTC))
    during = text(await open_event(world, "us-2027-soap-opens"))
    world.clock.advance(timedelta(hours=1))

    assert "## Now" in during
    assert "It lasts until Mon 15 Mar 2027, 11:00 EDT; your clock: Mon 15 Mar 2027, 17:00 EET." in during
    assert "## Passed" in text(await open_event(world, "us-2027-soap-opens"))


async def test_setting_a_reminder_twice_changes_nothing(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    card = (await open_event(world)).response
    first = await world.amira.select(card, ["3d"])
    second = await world.amira.select(card, ["3d"])

    assert title(first) == "Reminder set"
    assert "Mon 1 Mar 2027, 04:00 EET" in text(first)
    assert title(second) == "That reminder is set already"
    assert (await world.services.reminders.page(world.amira.id, 10, 0))[1] == 1


async def test_in_direct_messages_it_is_a_second_one_of_which_one_message_comes(world: World) -> None:
    await world.amira.select((await open_event(world)).response, ["3d"])
    card = (await world.amira.user.slash("countdown", event="rank list")).response
    result = await world.amira.user.select(card, ["3d"])
    again = await world.amira.user.select(card, ["3d"])

    assert (title(result), title(again)) == ("Reminder set", "That reminder is set already")
    shown = text(await world.amira.slash(world.general, "remind list"))
    assert "Set outside any server, and follows the date there; while the dates are the same, one message comes" in shown


async def test_set_cancelled_and_set_again_is_one_reminder(world: World) -> None:
    card = (await open_event(world)).response
    for _ in range(2):
        shown = (await world.amira.select(card, ["1d"])).response
        await world.amira.click(shown, label="Cancel it")
        assert title(shown) == "Cancelled"
    await world.amira.select(card, ["1d"])
    await world.amira.select(card, ["1d"])

    assert (await world.services.reminders.page(world.amira.id, 10, 0))[1] == 1


async def test_share_here_shows_the_fact_and_nothing_of_hers(world: World) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    card = (await open_event(world)).response
    result = await world.amira.click(card, label="Share here")

    assert not result.ephemeral
    (seen,) = world.general.history(viewer=world.diego)
    assert title(seen) == "Rank order list deadline (2027 Match)"
    assert "your clock" not in text(seen)
    assert "EET" not in text(seen)
    assert labels(seen) == []
    assert leads(seen) == {}


@pytest.mark.parametrize("code", [50013, 50001])
async def test_where_it_may_not_write_sharing_is_refused_in_words(world: World, code: int) -> None:
    card = (await open_event(world)).response
    world.env.inject_error("POST", "/interactions/*/callback", status=403, code=code, message="Missing Permissions")
    result = await world.amira.click(card, label="Share here")

    assert title(result) == "I am not allowed to do that here."
    assert result.ephemeral
    assert world.general.history(viewer=world.diego) == []


async def test_after_the_season_it_says_that_all_has_passed(world: World) -> None:
    await world.services.members.set_target_year(world.amira.id, 2027)
    world.clock.move_to(datetime(2027, 8, 1, tzinfo=UTC))

    assert "Every date of this season that I hold has passed." in text(await world.amira.slash(world.general, "countdown"))
