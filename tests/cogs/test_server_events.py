"""``/server events``: made of a date or of a manager's words, kept in step, taken down; each once, and never behind anybody's back."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import discord
import pytest
import sqlalchemy as sa

from bot.client import MatchdayClient
from bot.domain.calendar import SeasonEvent
from bot.domain.facts import Certainty
from bot.domain.server_events import EventState, carries
from bot.errors import UserFacingError
from bot.storage.server_event_tables import server_event
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.event_cards import MATCH_DAY, choose, correct, deeds, in_discord, kept, made, opened, posts, tap
from tests.support.reply_limits import assert_within_limits

NOT_THERE = {"status": 404, "code": 10070, "message": "Unknown Guild Scheduled Event"}
MISSING = {"status": 403, "code": 50013, "message": "Missing Permissions"}
RANK_LIST = "us-2027-rank-list-deadline"


@pytest.fixture
def priya(world: World) -> Any:
    role = world.guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user("priya"), roles=[role])


async def test_match_day_is_seen_before_it_is_made(world: World, priya: Any) -> None:
    first = await opened(world, priya)
    assert title(first) == "Scheduled events of this server"
    preview = await tap(priya, first, "Match Day")
    assert "**Match Day, 2027 Match (estimated)**\nFri 19 Mar 2027, 12:00 EDT" in text(preview)
    assert "Estimated by a rule, not announced. Source:" in text(preview)
    assert in_discord(world) == []
    assert_within_limits(components(preview))

    result = await tap(priya, preview, "Make the event")
    assert title(result) == "The event stands"
    (event,) = in_discord(world)
    assert (event.name, event.entity_type) == ("Match Day, 2027 Match (estimated)", 3)
    assert datetime.fromisoformat(event.scheduled_start_time) == datetime.fromisoformat("2027-03-19T12:00:00-04:00")
    assert datetime.fromisoformat(event.scheduled_end_time) == datetime.fromisoformat("2027-03-19T13:00:00-04:00")
    assert len(event.description) <= 1_000
    (row,) = await kept(world)
    assert carries(event.description, row.id)
    assert (row.state, row.discord_id) == (EventState.STANDING, event.id)
    assert await deeds(world) == ["event_made"]
    assert "Match Day" not in labels(await opened(world, priya))


async def test_every_date_that_lies_ahead_is_offered_match_day_first(world: World, priya: Any) -> None:
    first = await opened(world, priya)
    (menu,) = [each for each in components(first) if each["type"] == 3]
    values = [each["value"] for each in menu["options"]]
    assert values[0] == MATCH_DAY
    assert {RANK_LIST, "us-2027-match-status", "us-2027-soap-opens"} <= set(values)
    assert "us-2027-eras-opens" not in values  # it has passed
    world.clock.move_to(datetime.fromisoformat("2027-03-19T12:30:00-04:00"))
    (menu,) = [each for each in components(await opened(world, priya)) if each["type"] == 3]
    assert MATCH_DAY not in [each["value"] for each in menu["options"]]
    assert title(await choose(priya, first, "server:event_date", MATCH_DAY)) == "That date has passed, or is not known."


async def test_it_is_taken_down_after_one_question(world: World, priya: Any) -> None:
    card = await made(world, priya)
    asked = await tap(priya, card, "Take it down")
    assert in_discord(world)
    world.clock.advance(timedelta(minutes=1))
    left = await tap(priya, asked, "Take it down")
    assert "**Taken down:** Match Day, 2027 Match (estimated)." in text(left)
    assert (in_discord(world), await kept(world)) == ([], [])
    assert await deeds(world) == ["event_taken_down", "event_made"]


async def test_a_date_that_moves_takes_its_event_along(world: World, priya: Any) -> None:
    await made(world, priya, RANK_LIST)
    (before,) = in_discord(world)
    await correct(world, RANK_LIST, "March 10 2027 9:00 PM ET")
    (after,) = in_discord(world)
    assert (after.id, after.name) == (before.id, "Rank order list deadline, 2027 Match (confirmed by this server)")
    assert datetime.fromisoformat(after.scheduled_start_time) == datetime.fromisoformat("2027-03-10T21:00:00-05:00")
    assert "The season holds Wed 3 Mar 2027, 21:00 EST. Estimated by a rule, not announced." in after.description
    assert "https://example.org/dates" in after.description

    await world.services.server_dates.take_back(world.guild.id, RANK_LIST)
    await world.send_due()
    (back,) = in_discord(world)
    assert back.name == "Rank order list deadline, 2027 Match (estimated)"
    assert (posts(world), posts(world, "PATCH")) == (1, 2)


def with_season(monkeypatch: pytest.MonkeyPatch, world: World, event_id: str, **changes: Any) -> None:
    """Let a new version of the calendar hold a date otherwise."""
    before = world.services.catalogue.event

    def event(wanted: str) -> SeasonEvent | None:
        found = before(wanted)
        if found is None or wanted != event_id:
            return found
        certainty = changes.get("certainty", found.citation.certainty)
        return replace(found, at=changes.get("at", found.at), citation=replace(found.citation, certainty=certainty))

    monkeypatch.setattr(type(world.services.catalogue), "event", lambda _self, wanted: event(wanted))


async def test_a_new_calendar_is_followed_after_a_restart(world: World, priya: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    await made(world, priya)
    with_season(monkeypatch, world, MATCH_DAY, certainty=Certainty.ANNOUNCED)
    await world.restart()
    await world.send_due()
    assert [each.name for each in in_discord(world)] == ["Match Day, 2027 Match"]
    await world.restart()
    await world.send_due()
    assert (posts(world), posts(world, "PATCH")) == (1, 1)


async def test_a_date_that_is_withdrawn_is_taken_down_and_comes_back(world: World, priya: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    await made(world, priya)
    with monkeypatch.context() as withdrawn:
        with_season(withdrawn, world, MATCH_DAY, at=None, certainty=Certainty.UNKNOWN)
        await world.services.server_events.resume()
        await world.send_due()
        assert in_discord(world) == []
        assert "Its date is not known any more" in text(await opened(world, priya))
    await world.services.server_events.resume()
    await world.send_due()
    assert [each.name for each in in_discord(world)] == ["Match Day, 2027 Match (estimated)"]


async def test_one_deleted_by_hand_is_not_made_again_by_itself(world: World, priya: Any) -> None:
    await made(world, priya)
    world.env.backend.delete_scheduled_event(world.guild.id, in_discord(world)[0].id)
    await correct(world, RANK_LIST, "March 10 2027 9:00 PM ET")
    world.clock.advance(timedelta(days=1))
    await world.send_due()
    await world.restart()
    await world.send_due()
    assert in_discord(world) == []
    assert [each.state for each in await kept(world)] == [EventState.GONE]
    assert "Somebody deleted the scheduled event Match Day" in text(await priya.slash(world.general, "server check"))


async def test_one_deleted_by_hand_is_said_and_made_again_when_wanted(world: World, priya: Any) -> None:
    await made(world, priya)
    world.env.backend.delete_scheduled_event(world.guild.id, in_discord(world)[0].id)
    shown = await opened(world, priya)
    assert "Somebody deleted it in Discord. It is not made again unless you say so." in text(shown)
    again = await choose(priya, shown, "server:event_see", (await kept(world))[0].id)
    assert title(await tap(priya, again, "Make it again")) == "The event stands"
    assert len(in_discord(world)) == 1


async def test_one_deleted_by_hand_is_seen_when_its_date_moves(world: World, priya: Any) -> None:
    await made(world, priya, RANK_LIST)
    world.env.backend.delete_scheduled_event(world.guild.id, in_discord(world)[0].id)
    await correct(world, RANK_LIST, "March 10 2027 9:00 PM ET")
    assert ([each.state for each in await kept(world)], in_discord(world)) == ([EventState.GONE], [])
    shown = await choose(priya, await opened(world, priya), "server:event_see", (await kept(world))[0].id)
    await tap(priya, shown, "Forget it")
    assert await kept(world) == []


async def test_an_event_that_is_over_is_forgotten_and_nothing_happens(world: World, priya: Any) -> None:
    await made(world, priya, RANK_LIST)
    world.clock.move_to(datetime.fromisoformat("2027-03-04T05:00:00+00:00"))
    world.env.backend.edit_scheduled_event(world.guild.id, in_discord(world)[0].id, {"status": 3})
    before = posts(world, "PATCH")
    await world.send_due()
    await world.send_due()
    assert (await kept(world), posts(world, "PATCH"), posts(world, "DELETE")) == ([], before, 0)


async def test_a_missing_permission_is_named_and_tried_again(world: World, priya: Any) -> None:
    preview = await tap(priya, await opened(world, priya), "Match Day")
    world.env.inject_error("POST", f"/guilds/{world.guild.id}/scheduled-events", times=1, **MISSING)
    refused = await tap(priya, preview, "Make the event")
    assert "Allow Create Events (Server Settings, Roles, Matchday)" in text(refused)
    assert in_discord(world) == []
    assert "Allow Create Events" in text(await opened(world, priya))
    assert title(await tap(priya, refused, "Try again")) == "The event stands"
    assert len(in_discord(world)) == 1


async def test_without_the_permission_nothing_is_tried(world: World, priya: Any) -> None:
    preview = await tap(priya, await opened(world, priya), "Match Day")
    may_not = discord.Permissions(send_messages=True, view_channel=True, read_message_history=True)
    bot_role = next(each for each in world.env.backend.get_guild(world.guild.id).roles.values() if each.name == "TestBot")
    world.env.backend.edit_role(world.guild.id, bot_role.id, {"permissions": may_not.value})
    await world.env.settle()
    assert title(await tap(priya, preview, "Make the event")) == "I may not make scheduled events in this server."
    assert "allow Create Events" in text(await opened(world, priya))
    assert (await kept(world), posts(world)) == ([], 0)


async def test_one_that_cannot_be_taken_down_yet_is_tried_again(world: World, priya: Any) -> None:
    card = await made(world, priya)
    world.env.inject_error("DELETE", f"/guilds/{world.guild.id}/scheduled-events/*", times=1, **MISSING)
    left = await tap(priya, await tap(priya, card, "Take it down"), "Take it down")
    assert "It is being taken down. Discord refused it: a permission is missing." in text(left)
    assert labels(left) == ["Try again", "Back"]
    done = await tap(priya, left, "Try again")
    assert "**Taken down:** Match Day" in text(done)
    assert (in_discord(world), await kept(world)) == ([], [])


async def test_one_that_an_attempt_made_late_is_deleted_and_nobody_elses_is(world: World, priya: Any) -> None:
    await made(world, priya)
    (event,) = in_discord(world)
    for creator in (event.creator_id, priya.id):  # a copy of the mark in a person's event proves nothing
        world.env.backend.create_scheduled_event(
            world.guild.id,
            name="The same",
            entity_type=3,
            scheduled_start_time=event.scheduled_start_time,
            creator_id=creator,
            description=event.description,
        )
    world.clock.advance(timedelta(days=1))
    await world.send_due()
    await world.send_due()
    assert [(each.name, each.creator_id) for each in in_discord(world)] == [(event.name, event.creator_id), ("The same", priya.id)]


async def test_one_whose_outcome_was_not_known_is_found_again(world: World, priya: Any) -> None:
    await made(world, priya)
    (row,) = await kept(world)
    before = row.discord_id
    async with world.house.database.write() as connection:  # as after a crash between Discord's answer and our note
        values = {"state": "planned", "discord_id": None, "shown": None, "shown_from": None}
        await connection.execute(sa.update(server_event).values(values))
    await world.services.server_events.resume()
    await world.send_due()
    assert [each.id for each in in_discord(world)] == [before]
    assert (await kept(world))[0].discord_id == before


async def test_made_twice_it_stands_once(world: World, priya: Any) -> None:
    first = await opened(world, priya)
    preview = await tap(priya, first, "Match Day")
    await tap(priya, preview, "Make the event")
    with pytest.raises(UserFacingError, match="has an event of that date already"):
        await world.services.server_events.make(world.guild.id, MATCH_DAY, 2)
    assert len(in_discord(world)) == 1


async def test_only_managers_reach_it(world: World, priya: Any, simcord_bot: MatchdayClient) -> None:
    refusal = "Only managers of this server set it up."
    command = next(each for each in await simcord_bot.tree.fetch_commands() if each.name == "server")
    world.guild.set_command_permissions(command, {world.amira: True})  # Discord shows it to her; the bot still asks
    assert title(await world.amira.slash(world.general, "server events")) == refusal

    role = world.guild.create_role("For an hour", permissions=discord.Permissions(manage_guild=True))
    helper = world.guild.add_member(world.env.create_user("tomas"), roles=[role])
    card = await opened(world, helper)
    preview = await tap(helper, await opened(world, helper), "Match Day")
    stands = await made(world, helper, RANK_LIST)
    await world.env.bot.get_guild(world.guild.id).get_role(role.id).edit(permissions=discord.Permissions.none())
    for message, label in ((card, "Match Day"), (card, "An event of our own"), (card, "Look again"), (preview, "Make the event")):
        assert title(await helper.click(message, label=label)) == refusal
    assert title(await helper.click(stands, label="Take it down")) == refusal
    assert [each.event_id for each in await kept(world)] == [RANK_LIST]


async def test_another_servers_event_is_out_of_reach(world: World, priya: Any) -> None:
    await made(world, priya)
    (row,) = await kept(world)
    with pytest.raises(UserFacingError, match="not kept any more"):
        await world.services.server_events.take_down(row.id, world.guild.id + 1)
    assert len(in_discord(world)) == 1
