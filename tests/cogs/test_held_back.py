"""A notice whose date moved: it waits, also by direct message alone, and the staff are told once; the pack of one country stays its own."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import discord
import pytest

from bot.domain.broadcast import Broadcast, BroadcastState
from bot.domain.delivery import DeliveryState
from bot.domain.member import Country
from bot.domain.preferences import MessageKind
from bot.services.written_notices import Written
from tests.cogs.conftest import World, labels, text, title

REFUSAL = {"status": 403, "code": 50013, "message": "Missing Permissions"}
HELD = "was held back: a date that it was written from has changed since."


@pytest.fixture
def priya(world: World) -> Any:
    role = world.guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user("priya"), roles=[role])


@pytest.fixture
async def news(world: World, priya: Any) -> Any:
    channel = world.guild.create_text_channel("news")
    await world.services.servers.change(world.guild.id, priya.id, notice_channel_id=channel.id)
    return channel


def posted(channel: Any) -> list[str]:
    return [message.content for message in channel.history() if message.author.bot]


async def planned(world: World, priya: Any, *channels: Any, is_to_members: bool = False) -> Broadcast:
    """Plan the first notice of the pack, for some channels, or for the members alone."""
    settings = await world.services.servers.get(world.guild.id)
    draft = next(each for each in world.services.match_week.pack(settings, Country.UNITED_STATES) if each.can_be_scheduled)
    where = tuple(each.id for each in channels)
    written = Written(draft.title, draft.text, where, draft.at, is_to_members, pack_key=draft.key, dates=draft.fingerprint)
    kept = await world.services.broadcasts.draft(world.guild.id, priya.id, written)
    await world.services.broadcasts.confirm(kept.id, world.guild.id)
    return kept


def move(world: World, monkeypatch: pytest.MonkeyPatch, broadcast: Broadcast) -> None:
    """Let the season hold a day later what a notice was written from."""
    event_id = broadcast.dates.split(",")[0]
    country, year = Country(event_id[:2]), int(event_id[3:7])
    season = world.services.catalogue.season(country, year)
    assert season is not None
    later = [
        replace(each, at=replace(each.at, local=each.at.local + timedelta(days=1))) if each.id == event_id and each.at else each
        for each in season.events
    ]
    monkeypatch.setitem(world.services.catalogue._seasons, (country, year), replace(season, events=tuple(later)))


async def falls_due(world: World, broadcast: Broadcast) -> None:
    assert broadcast.send_at is not None
    world.clock.move_to(broadcast.send_at + timedelta(seconds=1))
    for _ in range(3):
        await world.send_due()


async def agree(world: World, member: Any) -> None:
    settings = await member.slash(world.general, "remind settings")
    await member.click(settings.response, label="Allow direct messages")


async def preview(world: World, priya: Any, *channels: Any) -> Any:
    """Fill the form of a notice in; return the message to be sent."""
    form = await priya.slash(world.general, "broadcast new")
    fields = {each["label"]: each["component"]["custom_id"] for each in form.modal["components"]}
    answers = {"Channel": list(channels), "Title": "Match Week", "Text": "It begins on Monday."}
    return (await priya.submit_modal(form, {fields[name]: value for name, value in answers.items()})).response


async def state_of(world: World, broadcast: Broadcast) -> BroadcastState:
    return (await world.services.broadcasts.get(broadcast.id, world.guild.id)).state


async def test_the_advisors_channel_is_told_once_of_a_notice_to_two_channels(
    world: World, priya: Any, news: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = world.guild.create_text_channel("staff")
    await world.services.servers.change(world.guild.id, priya.id, advisor_channel_id=staff.id)
    await agree(world, priya)
    broadcast = await planned(world, priya, news, world.general)
    move(world, monkeypatch, broadcast)
    await falls_due(world, broadcast)

    (told,) = posted(staff)
    assert broadcast.title in told
    assert HELD in told
    assert "/broadcast status" in told
    assert posted(news) == posted(world.general) == []
    assert await state_of(world, broadcast) is BroadcastState.PAUSED
    world.clock.advance(timedelta(minutes=5))
    await world.send_due()
    assert len(posted(staff)) == 1
    assert not [each for each in world.received(priya) if HELD in each]


@pytest.mark.parametrize("agreed", [True, False])
async def test_without_such_a_channel_who_wrote_it_is_told_if_she_takes_messages(
    world: World, priya: Any, news: Any, monkeypatch: pytest.MonkeyPatch, agreed: bool
) -> None:
    if agreed:
        await agree(world, priya)
    broadcast = await planned(world, priya, news)
    move(world, monkeypatch, broadcast)
    await falls_due(world, broadcast)

    told = [each for each in world.received(priya) if HELD in each]
    assert len(told) == agreed
    assert all("since you wrote it in Residency Circle" in each for each in told)
    assert posted(news) == []
    assert title(await priya.slash(world.general, "remind inbox")) == "Your inbox is empty"


async def test_who_can_not_be_reached_finds_it_in_her_inbox(world: World, priya: Any, news: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    await agree(world, priya)
    broadcast = await planned(world, priya, news)
    move(world, monkeypatch, broadcast)
    world.refuse_messages(priya, times=None)
    await falls_due(world, broadcast)
    assert HELD in text(await priya.slash(world.general, "remind inbox"))


async def test_who_left_the_server_is_not_told(world: World, priya: Any, news: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    await agree(world, priya)
    broadcast = await planned(world, priya, news)
    move(world, monkeypatch, broadcast)
    world.env.inject_error(
        "GET", f"/guilds/{world.guild.id}/members/{priya.id}", times=None, status=404, code=10007, message="Unknown Member"
    )
    await falls_due(world, broadcast)
    assert not [each for each in world.received(priya) if HELD in each]


async def test_one_to_members_alone_is_held_back_and_goes_on_once_looked_at(
    world: World, priya: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await agree(world, priya)
    await agree(world, world.amira)
    await world.services.members.set_wanted(world.amira.id, MessageKind.SERVER_NOTICES, wanted=True)
    await world.services.broadcasts.want(world.amira.id, world.guild.id, wanted=True)
    broadcast = await planned(world, priya, is_to_members=True)
    move(world, monkeypatch, broadcast)
    await falls_due(world, broadcast)
    assert not [each for each in world.received(world.amira) if broadcast.title in each]
    assert await state_of(world, broadcast) is BroadcastState.PAUSED
    assert len([each for each in world.received(priya) if HELD in each]) == 1

    listed = await priya.slash(world.general, "broadcast status")
    await priya.select(listed.response, [broadcast.id])
    assert title(listed) == "Paused"
    await priya.click(listed.response, label="Go on")
    for _ in range(3):
        await world.send_due()
    assert len([each for each in world.received(world.amira) if broadcast.title in each]) == 1


async def test_what_was_refused_first_and_sent_then_is_no_failure_in_the_receipt(world: World, priya: Any) -> None:
    world.env.inject_error("POST", f"/channels/{world.general.id}/messages", times=1, **REFUSAL)
    draft = await preview(world, priya, world.general)
    refused = await priya.click(draft, label="Send")
    assert title(refused) == "Not sent"
    assert "not sent. Discord refused it: this bot may not write in the channel." in text(refused)
    again = await priya.click(draft, label="Try again")
    assert title(again) == "Sent"
    assert "refused" not in text(again)
    assert "Mend that" not in text(again)
    assert "Try again" not in labels(again)
    assert len(posted(world.general)) == 1
    (kept,) = await world.services.broadcasts.newest(world.guild.id)
    progress = await world.services.broadcasts.progress(kept.id, world.guild.id)
    assert (progress.number(DeliveryState.SENT), progress.number(DeliveryState.PARKED)) == (1, 1)


async def test_every_button_of_a_notice_under_way_finds_its_place(world: World, priya: Any) -> None:
    """One channel sent, one refused, members waiting: six things can be done, and a row holds five."""
    other = world.guild.create_text_channel("other")
    world.env.inject_error("POST", f"/channels/{other.id}/messages", times=1, **REFUSAL)
    await world.services.members.set_wanted(world.amira.id, MessageKind.SERVER_NOTICES, wanted=True)
    await world.services.broadcasts.want(world.amira.id, world.guild.id, wanted=True)
    draft = await preview(world, priya, world.general, other)
    await priya.click(draft, label="Also by direct message (1)")
    receipt = await priya.click(draft, label="Send")
    assert title(receipt) == "On its way"  # also before the members are counted
    assert "not under way yet; who wants it then gets it" in text(receipt)
    assert labels(receipt) == ["Try again", "Pause", "Stop", "Correct", "Recall", "Look again"]
    await world.send_due()  # addresses the members; what goes to them is sent in the next round
    card = await priya.click(draft, label="Look again")
    assert labels(card) == ["Try again", "Pause", "Stop", "Correct", "Recall", "Look again"]


async def test_plan_all_counts_and_plans_the_country_that_is_shown(world: World, priya: Any, news: Any) -> None:
    settings = await world.services.servers.get(world.guild.id)
    await world.services.match_week.prepare(world.guild.id, priya.id, settings, Country.UNITED_STATES)
    key = next(iter(world.services.catalogue.match_week.of(Country.CANADA))).key  # none of its dates is known yet: by hand
    written = Written("CaRMS", "Results", (news.id,), world.clock.now() + timedelta(days=9), pack_key=key)
    await world.services.broadcasts.draft(world.guild.id, priya.id, written)
    drafts = {country: await world.services.match_week.drafts(world.guild.id, country) for country in Country}
    assert len(drafts[Country.CANADA]) == 1
    assert len(drafts[Country.UNITED_STATES]) > 10
    card = await priya.slash(world.general, "broadcast matchweek")
    await priya.click(card.response, label="Canada")
    await priya.click(card.response, label=f"Plan all {len(drafts[Country.CANADA])}")
    kept = {each.id: each.state for each in await world.services.match_week.notices(world.guild.id)}
    assert {kept[each.id] for each in drafts[Country.CANADA]} == {BroadcastState.CONFIRMED}
    assert {kept[each.id] for each in drafts[Country.UNITED_STATES]} == {BroadcastState.DRAFT}
    await priya.click(card.response, label="United States")
    assert f"Plan all {len(drafts[Country.UNITED_STATES])}" in labels(card)
