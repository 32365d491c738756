"""What a server's managers switch off: its commands and its buttons say so there, kindly; elsewhere nothing changes."""

from typing import Any

import pytest

from bot.client import MatchdayClient
from bot.domain.servers import ON_AT_FIRST, Feature
from cogs._ui.features import WORDS
from tests.cogs.conftest import World, components, labels, text, title
from tests.cogs.test_broadcast import announcements, draft
from tests.support.question_cards import a_desk, ask, entries, moderators, preview, said
from tests.support.reply_limits import assert_within_limits

__all__ = ["announcements"]
MANAGER = 1100000000000009000


@pytest.fixture
def priya(world: World) -> Any:
    return moderators(world)


async def off(world: World, feature: Feature, guild: Any = None) -> None:
    await world.services.servers.switch((guild or world.guild).id, MANAGER, feature, is_on=False)


def off_here(feature: Feature) -> str:
    return f"This server has switched this off: {WORDS[feature].name}."


async def opened(world: World, priya: Any) -> Any:
    setup = await priya.slash(world.general, "server setup")
    await priya.click(setup.response, label="Features")
    return setup.response


async def test_a_manager_switches_each_by_taps_and_it_is_recorded(world: World, priya: Any) -> None:
    shown = await opened(world, priya)
    assert_within_limits(components(shown))
    assert [label.rpartition(" ")[2] for label in labels(shown)[:-1]] == ["off", "off", "off", "on"]
    for feature in Feature:
        assert WORDS[feature].does in text(shown)
        (label,) = [each for each in labels(shown) if each.startswith(WORDS[feature].name)]
        await priya.click(shown, label=label)
    assert (await world.services.servers.get(world.guild.id)).features == {Feature.INTERVIEW_BOARD}
    await priya.click(shown, label="Back to the setup")
    assert "**Members may use:** The board of interview invitations; off: Questions to advisors, Share here" in text(shown)
    audit = text(await priya.slash(world.general, "server audit"))
    assert audit.count("**feature off**") == 3
    assert "**feature on** (feature: interviews)" in audit


async def test_a_second_press_of_an_old_card_changes_and_records_nothing(world: World, priya: Any) -> None:
    first, second = await opened(world, priya), await opened(world, priya)
    for each in (first, second):
        await priya.click(each, label="Share here: switch off")
    assert Feature.SHARING not in (await world.services.servers.get(world.guild.id)).features
    assert (await world.services.servers.deeds(world.guild.id, 9))[1] == 1


async def test_a_moderator_does_not_switch(world: World, simcord_bot: MatchdayClient, priya: Any) -> None:
    desk = await a_desk(world)
    group = next(each for each in await simcord_bot.tree.fetch_commands() if each.name == "server")
    world.guild.set_command_permissions(group, {desk.moderator: True})
    assert title(await desk.moderator.slash(world.general, "server setup")) == "Only managers of this server set it up."


async def test_switched_off_there_is_no_question_here_and_one_elsewhere(world: World) -> None:
    await a_desk(world)
    other = world.env.create_guild("Elsewhere")
    lounge, there = other.create_text_channel("lounge"), other.add_member(world.amira.user)
    desk = await a_desk(world, other, "noor")
    await off(world, Feature.QUESTIONS)
    refused = await world.amira.slash(world.general, "ask new")
    assert title(refused) == off_here(Feature.QUESTIONS)
    assert "/faq" in text(refused)
    await ask(world, there, lounge)
    assert len(entries(desk)) == 1


async def test_a_question_under_way_goes_on_and_a_draft_is_kept(world: World) -> None:
    desk = await a_desk(world)
    await ask(world)
    shown = await preview(world)
    await off(world, Feature.QUESTIONS)
    assert "takes no questions to advisors now" in said(await world.amira.click(shown.response, label="Send"))
    assert await world.services.questions.draft_of(world.amira.id, world.guild.id) is not None
    assert (await desk.advisor.click(entries(desk)[0], label="Answer")).modal is not None
    mine = await world.amira.slash(world.general, "ask mine")
    (select,) = [each for each in components(mine) if each["type"] == 3]
    assert "Withdraw" in labels(await world.amira.select(mine.response, [select["options"][0]["value"]]))


async def test_the_start_here_message_says_it_too(world: World, priya: Any) -> None:
    setup = await priya.slash(world.general, "server setup")
    await priya.click(setup.response, label="Post Start here")
    await off(world, Feature.QUESTIONS)
    (message,) = [each for each in world.general.history() if each.author.bot]
    assert title(await world.amira.click(message, label="Ask an advisor")) == off_here(Feature.QUESTIONS)


SHARED = [
    ("faq", {"question": "visa"}),
    ("countdown", {"event": "us-2027-match-day"}),
    ("eligibility explain", {"rule": "us-verified"}),
    ("specialty show", {"name": "internal medicine"}),
    ("specialty figures", {"topic": "rates"}),
]


@pytest.mark.parametrize(("command", "options"), SHARED)
async def test_nothing_is_posted_for_everybody_where_sharing_is_off(world: World, command: str, options: dict[str, str]) -> None:
    card = await world.amira.slash(world.general, command, **options)
    await off(world, Feature.SHARING)
    refused = await world.amira.click(card.response, label="Share here")
    assert off_here(Feature.SHARING) in said(refused)
    assert [each for each in world.general.history() if each.author.bot and not each.flags.ephemeral] == []


async def test_a_direct_message_is_not_touched(world: World) -> None:
    await off(world, Feature.SHARING)
    await off(world, Feature.QUESTIONS)
    card = await world.amira.user.slash("countdown", event="us-2027-match-day")
    assert off_here(Feature.SHARING) not in said(await world.amira.user.click(card.response, label="Share here"))
    assert "asked nothing" in said(await world.amira.user.slash("ask mine"))


async def test_a_member_can_not_want_notices_that_are_not_sent(world: World) -> None:
    settings = await world.amira.slash(world.general, "remind settings")
    await off(world, Feature.NOTICES_TO_MEMBERS)
    refused = await world.amira.click(settings.response, label="Notices of this server by direct message")
    assert title(refused) == off_here(Feature.NOTICES_TO_MEMBERS)
    again = await world.amira.slash(world.general, "remind settings")
    assert "in its channels only; it sends no others" in text(again)
    assert [label for label in labels(again) if "Notices" in label] == []


async def test_one_who_wants_them_already_can_still_take_that_back(world: World) -> None:
    before = await world.amira.slash(world.general, "remind settings")
    await world.amira.click(before.response, label="Notices of this server by direct message")
    await off(world, Feature.NOTICES_TO_MEMBERS)
    settings = await world.amira.slash(world.general, "remind settings")
    await world.amira.click(settings.response, label="Notices of this server off")
    assert not await world.services.broadcasts.wants(world.amira.id, world.guild.id)


async def test_moderators_send_no_notice_by_direct_message(world: World, priya: Any, announcements: Any) -> None:
    shown = await draft(world, priya, announcements)
    await priya.click(shown.response, label="Also by direct message (0)")
    await off(world, Feature.NOTICES_TO_MEMBERS)
    assert "switched notices by direct message off" in said(await priya.click(shown.response, label="Send"))
    await priya.click(shown.response, label="Not by direct message")
    assert off_here(Feature.NOTICES_TO_MEMBERS) in said(await priya.click(shown.response, label="Also by direct message (0)"))
    await priya.click(shown.response, label="Send")
    assert len([each for each in announcements.history() if each.author.bot]) == 1


async def test_a_planned_notice_is_addressed_to_nobody_once_that_is_off(world: World, priya: Any, announcements: Any) -> None:
    settings = await world.amira.slash(world.general, "remind settings")
    await world.amira.click(settings.response, label="Allow direct messages")
    await world.amira.click(settings.response, label="Notices of this server by direct message")
    shown = await draft(world, priya, announcements)
    await priya.click(shown.response, label="Also by direct message (1)")
    await priya.click(shown.response, label="Send")
    await off(world, Feature.NOTICES_TO_MEMBERS)
    for _ in range(2):
        await world.send_due()
    assert len(world.received(world.amira)) == 1


async def test_what_nobody_switched_is_on_but_the_board(world: World) -> None:
    assert (await world.services.servers.get(world.guild.id)).features == ON_AT_FIRST == set(Feature) - {Feature.INTERVIEW_BOARD}
