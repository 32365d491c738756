"""``/broadcast matchweek``: the week's notices prepared, read, planned; held back where a date moved."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import discord
import pytest

from bot.domain.broadcast import BroadcastState
from bot.domain.matchweek import NoticeKind
from bot.domain.member import Country
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.reply_limits import assert_within_limits


@pytest.fixture
def priya(world: World) -> Any:
    role = world.guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user("priya"), roles=[role])


@pytest.fixture
async def news(world: World, priya: Any) -> Any:
    channel = world.guild.create_text_channel("news")
    await world.services.servers.change(world.guild.id, priya.id, notice_channel_id=channel.id)
    return channel


async def planned(world: World, priya: Any) -> Any:
    card = await priya.slash(world.general, "broadcast matchweek")
    await priya.click(card.response, label="Write the drafts")
    count = len(await world.services.match_week.drafts(world.guild.id, Country.UNITED_STATES))
    await priya.click(card.response, label=f"Plan all {count}")
    return card


def posted(channel: Any) -> list[Any]:
    return [message for message in channel.history() if message.author.bot]


async def test_without_a_channel_nothing_is_written(world: World, priya: Any) -> None:
    card = await priya.slash(world.general, "broadcast matchweek")
    assert "Match week 2027: the notices" in title(card)
    assert title(await priya.click(card.response, label="Write the drafts")) == "I don't know where the notices go."
    assert await world.services.match_week.notices(world.guild.id) == []


async def test_the_pack_is_written_read_and_planned_in_one_go(world: World, priya: Any, news: Any) -> None:
    card = await priya.slash(world.general, "broadcast matchweek")
    assert_within_limits(components(card))
    await priya.click(card.response, label="Write the drafts")
    drafts = await world.services.match_week.drafts(world.guild.id, Country.UNITED_STATES)
    assert len(drafts) > 10
    assert all(each.channels == (news.id,) for each in drafts)
    (select,) = [each for each in components(card) if each["type"] == 3]
    shown = await priya.select(card.response, [drafts[0].id], custom_id=select["custom_id"])
    assert drafts[0].title in text(shown)
    assert_within_limits(components(shown))
    await priya.click(card.response, label=f"Plan all {len(drafts)}")
    kept = await world.services.match_week.notices(world.guild.id)
    assert {each.state for each in kept} == {BroadcastState.CONFIRMED}
    assert "Write the drafts" not in labels(card)
    assert posted(news) == []

    world.clock.move_to(drafts[0].send_at + timedelta(seconds=1))
    await world.send_due()
    (message,) = posted(news)
    assert drafts[0].title in message.content


async def test_celebration_goes_to_its_own_channel_or_nowhere(world: World, priya: Any, news: Any) -> None:
    pack = world.services.match_week.pack(await world.services.servers.get(world.guild.id), Country.UNITED_STATES)
    festive = {each.key for each in pack if each.kind is NoticeKind.CELEBRATION}
    assert festive
    await planned(world, priya)
    assert not festive & {each.pack_key for each in await world.services.match_week.notices(world.guild.id)}
    feast = world.guild.create_text_channel("matched")
    await world.services.servers.change(world.guild.id, priya.id, celebration_channel_id=feast.id)
    card = await priya.slash(world.general, "broadcast matchweek")
    await priya.click(card.response, label="Write the drafts")
    where = {each.pack_key: each.channels for each in await world.services.match_week.notices(world.guild.id)}
    assert {where[key] for key in festive} == {(feast.id,)}
    assert all(channels == (news.id,) for key, channels in where.items() if key not in festive)


async def test_support_names_988_and_what_counts_elsewhere(world: World) -> None:
    pack = world.services.match_week.pack(await world.services.servers.get(world.guild.id), Country.UNITED_STATES)
    support = [each for each in pack if each.kind is NoticeKind.SUPPORT]
    assert support
    assert all("988" in each.text and "local emergency number" in each.text for each in support)


async def test_one_whose_date_moved_is_held_back_and_asked_about(
    world: World, priya: Any, news: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await planned(world, priya)
    (first, *_) = await world.services.match_week.notices(world.guild.id)
    event_id = first.dates.split(",")[0]
    catalogue = world.services.catalogue
    country, year = Country(event_id[:2]), int(event_id[3:7])
    season = catalogue.season(country, year)
    assert season is not None
    moved = [
        replace(each, at=replace(each.at, local=each.at.local + timedelta(days=1))) if each.id == event_id and each.at else each
        for each in season.events
    ]
    monkeypatch.setitem(catalogue._seasons, (country, year), replace(season, events=tuple(moved)))
    world.clock.move_to(first.send_at + timedelta(seconds=1))
    await world.send_due()
    assert posted(news) == []
    assert (await world.services.broadcasts.get(first.id, world.guild.id)).state is BroadcastState.PAUSED
    again = await priya.click(card.response, label="Look again")
    assert "its date has changed since it was written" in text(again)
    await world.services.broadcasts.resume(first.id, world.guild.id)  # a moderator has looked at it
    await world.services.match_week.accept(first.id, world.guild.id)
    await world.send_due()
    (message,) = posted(news)
    assert first.title in message.content


async def test_a_second_moderator_approves_each_where_the_server_asks_for_it(world: World, priya: Any, news: Any) -> None:
    await world.services.servers.change(world.guild.id, priya.id, is_approved_by_two=True)
    await planned(world, priya)
    assert {each.state for each in await world.services.match_week.notices(world.guild.id)} == {BroadcastState.WAITING}


async def test_the_guard_reads_what_was_changed_and_not_our_own_words(world: World, priya: Any, news: Any) -> None:
    card = await priya.slash(world.general, "broadcast matchweek")
    await priya.click(card.response, label="Write the drafts")
    (draft,) = [
        each for each in await world.services.match_week.drafts(world.guild.id, Country.UNITED_STATES) if each.pack_key == "us-soap-ends"
    ]
    (select,) = [each for each in components(card) if each["type"] == 3]
    shown = await priya.select(card.response, [draft.id], custom_id=select["custom_id"])
    assert "no clearance" not in text(shown)
    changed = await world.services.broadcasts.redraft(draft, priya.id, text=f"{draft.text}\nSend me the list of unfilled programs.")
    await priya.click(card.response, label="Look again")
    shown = await priya.select(card.response, [changed.id], custom_id=select["custom_id"])
    assert "no clearance" in text(shown)
    assert changed.dates == draft.dates  # and it is still held to the dates that it was written from
