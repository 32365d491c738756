"""``/server calendar``: a date confirmed or corrected for one server, who sees it, who follows it, and who may do it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
import simcord

from bot.client import MatchdayClient
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.reply_limits import assert_nobody_is_mentioned, assert_within_limits

RANK_LIST, MATCH_DAY = "us-2027-rank-list-deadline", "us-2027-match-day"
PAGE = "https://www.nrmp.org/calendar"
LATER, EARLIER = "March 5 2027 9:00 PM ET", "2027-03-01 21:00"
BY_SERVER = "onfirmed by this server on 22 Nov 2026"
SHOWN_LATER = "Fri 5 Mar 2027, 21:00 EST"
SEASONS = "he season holds Wed 3 Mar 2027, 21:00 EST, estimated by a rule, not announced"


@pytest.fixture
def priya(world: World) -> Any:
    role = world.guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user("priya"), roles=[role])


@dataclass(frozen=True)
class Elsewhere:
    """Hold amira as she is in another server, and a channel there."""

    amira: Any
    channel: Any

    async def slash(self, command: str, **options: Any) -> Any:
        return await self.amira.slash(self.channel, command, **options)


@pytest.fixture
def elsewhere(world: World) -> Elsewhere:
    guild = world.env.create_guild("Other Circle")
    return Elsewhere(guild.add_member(world.amira.user), guild.create_text_channel("general"))


def assert_no_mentions(world: World) -> None:
    """Check every message; a form is none."""
    assert_nobody_is_mentioned(
        [each for each in world.env.http_requests if not (isinstance(each.json, dict) and each.json.get("type") == 9)]
    )


async def open_date(world: World, priya: Any, event: str = RANK_LIST) -> simcord.InteractionResult:
    return await priya.slash(world.general, "server calendar", event=event)


def filled(form: simcord.InteractionResult, **typed: str) -> dict[str, str]:
    assert form.modal is not None
    named = {label["label"]: label["component"]["custom_id"] for label in form.modal["components"]}
    given = {"Date": typed.get("when"), "Where you read it": typed.get("address")}
    return {named[label]: value for label, value in given.items() if label in named and value is not None}


def prefilled(form: simcord.InteractionResult) -> dict[str, str]:
    assert form.modal is not None
    return {label["label"]: label["component"].get("value", "") for label in form.modal["components"]}


async def correct(world: World, priya: Any, when: str = LATER, event: str = RANK_LIST, address: str = PAGE) -> Any:
    """Fill the form; return the card, as it is after."""
    card = (await open_date(world, priya, event)).response
    form = await priya.click(card, label="Correct")
    await priya.submit_modal(form, filled(form, when=when, address=address))
    return card


async def agree(world: World, *members: Any) -> None:
    for member in members:
        await world.services.members.agree_to_messages(member.id)


async def test_a_manager_sees_what_the_season_and_the_server_hold(world: World, priya: Any) -> None:
    result = await open_date(world, priya)
    assert result.ephemeral
    assert title(result) == "Rank order list deadline (2027 Match)"
    assert "**The season holds:** Wed 3 Mar 2027, 21:00 EST" in text(result)
    assert "**This server:** nothing is confirmed; it follows the season." in text(result)
    assert labels(result) == ["Confirm as it is", "Correct"]
    assert_within_limits(components(result))


async def test_what_is_not_announced_is_suggested(world: World, priya: Any) -> None:
    choices = await priya.autocomplete(world.general, "server calendar", "event", "")
    assert 1 <= len(choices) <= 25
    (found, *_) = await priya.autocomplete(world.general, "server calendar", "event", "rank list")
    assert found["value"] == RANK_LIST


async def test_a_date_confirmed_as_it_is_is_shown_so_in_this_server_alone(world: World, priya: Any, elsewhere: Elsewhere) -> None:
    card = (await open_date(world, priya)).response
    form = await priya.click(card, label="Confirm as it is")
    assert prefilled(form)["Where you read it"].startswith("https://www.nrmp.org")
    await priya.submit_modal(form, filled(form, address=PAGE))
    assert "Confirmed for this server." in text(card)
    assert "**Wed 3 Mar 2027, 21:00 EST**, confirmed by its managers on 22 Nov 2026." in text(card)
    assert labels(card) == ["Confirm as it is", "Correct", "Take it back"]
    assert_within_limits(components(card))

    for command, options in (("countdown", {}), ("countdown", {"event": RANK_LIST}), ("calendar show", {})):
        shown = text(await world.amira.slash(world.general, command, **options))
        assert BY_SERVER in shown
        assert f"[nrmp.org](<{PAGE}>)" in shown
        assert BY_SERVER not in text(await elsewhere.slash(command, **options))
        assert BY_SERVER not in text(await world.amira.user.slash(command, **options))


async def test_a_corrected_date_stands_on_every_card_of_this_server_and_no_other(world: World, priya: Any, elsewhere: Elsewhere) -> None:
    board = world.guild.create_text_channel("countdown")
    await priya.slash(world.general, "server countdown", channel=board)
    card = await correct(world, priya)
    assert "Corrected for this server." in text(card)
    assert f"**{SHOWN_LATER}**, confirmed by its managers on 22 Nov 2026.\nSource: <{PAGE}>" in text(card)

    for options in ({}, {"event": "rank list"}):
        shown = text(await world.amira.slash(world.general, "countdown", **options))
        assert SHOWN_LATER in shown
        assert BY_SERVER in shown
        assert SEASONS in shown
        assert PAGE in shown
        for there in (await elsewhere.slash("countdown", **options), await world.amira.user.slash("countdown", **options)):
            assert SHOWN_LATER not in text(there)
            assert "Wed 3 Mar 2027, 21:00 EST" in text(there)
    stamp = f"<t:{int(datetime(2027, 3, 6, 2, tzinfo=UTC).timestamp())}:f>"
    shown = text(await world.amira.slash(world.general, "calendar show"))
    assert f"{stamp}  **Rank order list deadline** · confirmed by this server on 22 Nov 2026" in shown
    assert PAGE in shown
    assert stamp not in text(await elsewhere.slash("calendar show"))

    assert_no_mentions(world)
    world.clock.advance(timedelta(seconds=1))
    await world.send_due()
    (live,) = [message for message in board.history() if message.author.bot]
    assert BY_SERVER in text(live)
    assert stamp.replace(":f>", ":F>") in text(live)


async def test_shared_in_the_channel_it_says_whose_word_it_is(world: World, priya: Any) -> None:
    await correct(world, priya)
    card = (await world.amira.slash(world.general, "countdown", event="rank list")).response
    shared = await world.amira.click(card, label="Share here")
    assert BY_SERVER in text(shared)
    assert SHOWN_LATER in text(shared)


async def test_her_reminder_moves_earlier_and_she_is_told_who_says_so(world: World, priya: Any) -> None:
    await agree(world, world.amira, world.diego)
    await world.services.reminders.remind_before(world.amira.id, RANK_LIST, "1w", world.guild.id)
    await world.services.reminders.remind_before(world.diego.id, RANK_LIST, "1w", None)
    await correct(world, priya, EARLIER)
    await world.send_due()
    told = world.received(world.amira)[-1]
    assert told.startswith(
        "Rank order list deadline (2027 Match) moved. It was Wed 3 Mar 2027, 21:00 EST; it is Mon 1 Mar 2027, 21:00 EST."
    )
    assert "The moderators of Residency Circle corrected this date for their server." in told
    assert "What you set elsewhere stays as it is." in told
    assert f"Confirmed by Residency Circle on 22 Nov 2026; source: <{PAGE}>. T{SEASONS}." in told
    assert len(world.received(world.diego)) == 1  # the greeting

    world.clock.move_to(datetime(2027, 2, 23, 2, tzinfo=UTC))
    await world.send_due()
    content = world.received(world.amira)[-1]
    assert content.startswith("Rank order list deadline (2027 Match) is in 1 week: Mon 1 Mar 2027, 21:00 EST.")
    assert "Confirmed by Residency Circle on 22 Nov 2026" in content
    assert len(world.received(world.diego)) == 1


async def test_moved_later_the_earlier_reminder_still_comes_and_says_so(world: World, priya: Any) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    await agree(world, world.amira)
    await world.services.reminders.remind_before(world.amira.id, RANK_LIST, "1w", world.guild.id)
    await correct(world, priya, LATER)
    await world.send_due()
    assert "Those ahead of the earlier date still come, and say so." in world.received(world.amira)[-1]

    world.clock.move_to(datetime(2027, 2, 25, 2, tzinfo=UTC))
    await world.send_due()
    content = world.received(world.amira)[-1]
    assert content.startswith(
        "Rank order list deadline (2027 Match) is in 1 week by the date that the season held: Wed 3 Mar 2027, 21:00 EST; "
        "your clock: Thu 4 Mar 2027, 04:00 EET.\n"
        f"The moderators of Residency Circle now hold a later date: {SHOWN_LATER}; your clock: Sat 6 Mar 2027, 04:00 EET. "
        "You are reminded ahead of that one too. Until its owner announces the date, the earlier one is the safe one."
    )
    assert f"source: <{PAGE}>" in content
    world.clock.move_to(datetime(2027, 2, 27, 2, tzinfo=UTC))
    await world.send_due()
    assert world.received(world.amira)[-1].startswith(f"Rank order list deadline (2027 Match) is in 1 week: {SHOWN_LATER}")


async def test_the_earlier_reminder_waits_in_the_inbox_and_says_the_same(world: World, priya: Any) -> None:
    await world.services.reminders.remind_before(world.amira.id, RANK_LIST, "1w", world.guild.id)
    await correct(world, priya, LATER)
    world.clock.move_to(datetime(2027, 2, 25, 2, tzinfo=UTC))
    await world.send_due()
    result = await world.amira.user.slash("remind inbox")
    assert "The moderators of Residency Circle now hold a later date" in text(result)
    assert "The moderators of Residency Circle corrected this date for their server." in text(result)
    assert_within_limits(components(result))


async def test_taken_back_cards_and_reminders_follow_the_season_again(world: World, priya: Any) -> None:
    await agree(world, world.amira)
    await world.services.reminders.remind_before(world.amira.id, RANK_LIST, "1w", world.guild.id)
    card = await correct(world, priya, EARLIER)
    await world.send_due()
    world.clock.advance(timedelta(minutes=5))
    await priya.click(card, label="Take it back")
    assert "Taken back: this server follows the season." in text(card)
    assert labels(card) == ["Confirm as it is", "Correct"]
    await world.send_due()
    told = world.received(world.amira)[-1]
    assert "It was Mon 1 Mar 2027, 21:00 EST; it is Wed 3 Mar 2027, 21:00 EST." in told
    assert "The moderators of Residency Circle follow the season's date again." in told
    assert "onfirmed by" not in text(await world.amira.slash(world.general, "countdown", event="rank list"))


async def test_a_member_of_two_servers_that_differ_sees_both_in_her_list(world: World, priya: Any, elsewhere: Elsewhere) -> None:
    await world.services.reminders.remind_before(world.amira.id, RANK_LIST, "1w", world.guild.id)
    await correct(world, priya, LATER)
    card = (await elsewhere.slash("countdown", event="rank list")).response
    assert title(await elsewhere.amira.select(card, ["1w"], custom_id=f"countdown:remind:{RANK_LIST}")) == "Reminder set"
    for result in (await elsewhere.slash("remind list"), await world.amira.user.slash("remind list")):
        shown = text(result)
        assert title(result) == "Your reminders (3)"
        assert f"Set in Residency Circle, which holds {SHOWN_LATER}; t{SEASONS}" in shown
        assert "It stays ahead of the season's date: Residency Circle holds a later one" in shown
        assert "1 week before by the season's date" in shown
        assert "Other Circle" not in shown
        assert_within_limits(components(result))


async def test_what_is_announced_has_no_button_and_is_refused_also_from_an_old_card(world: World, priya: Any) -> None:
    from cogs.server._calendar import CorrectDate

    world.clock.move_to(datetime(2024, 2, 1, tzinfo=UTC))
    result = await open_date(world, priya, "us-2024-match-day")
    assert labels(result) == ["Confirm as it is"]
    assert "It is announced, so it can be confirmed, not moved. Its owner's page: [" in text(result)

    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.ActionRow(CorrectDate("us-2024-match-day", label="Correct")))
    old = await world.env.bot.get_channel(world.general.id).send(view=view)
    refused = await priya.click(old, label="Correct")
    assert title(refused) == "Match Day is announced, so a server can't move it."
    assert "https://" in text(refused)


@pytest.mark.parametrize(
    ("when", "address", "said"),
    [
        ("soon", PAGE, "I can't read that date and time."),
        ("2026-03-05 21:00", PAGE, "That time has passed."),
        ("5 March 2028 21:00", PAGE, "5 March 2028 can't belong to the season of the 2027 Match."),
        (LATER, "http://nrmp.org", "That is no address that I can show."),
        (LATER, "https://nrmp.org/>) @everyone [x](", "That is no address that I can show."),
        ("@everyone <@123456789012345678> \u202e](", PAGE, "I can't read that date and time."),
    ],
)
async def test_what_is_refused_can_be_sent_again_without_typing_it_again(
    world: World, priya: Any, when: str, address: str, said: str
) -> None:
    card = await correct(world, priya, when, address=address)
    assert title(card) == said
    assert "@everyone" not in text(card)
    assert labels(card) == ["Open the form again"]
    assert world.services.server_dates.confirmed(world.guild.id, RANK_LIST) is None

    again = await priya.click(card, label="Open the form again")
    assert prefilled(again) == {"Date": when, "Where you read it": address}
    await priya.submit_modal(again, filled(again, when=LATER, address=PAGE))
    assert SHOWN_LATER in text(card)
    assert_no_mentions(world)


async def test_a_member_is_refused_at_every_step(world: World, priya: Any, simcord_bot: MatchdayClient) -> None:
    command = next(each for each in await simcord_bot.tree.fetch_commands() if each.name == "server")
    world.guild.set_command_permissions(command, {world.amira: True})  # Discord shows it to her; the bot still asks
    assert title(await world.amira.slash(world.general, "server calendar", event=RANK_LIST)) == "Only managers of this server set it up."

    role = world.guild.create_role("For an hour", permissions=discord.Permissions(manage_guild=True))
    helper = world.guild.add_member(world.env.create_user("tomas"), roles=[role])
    taken = world.env.bot.get_guild(world.guild.id).get_role(role.id)
    card = await correct(world, helper)
    form = await helper.click(card, label="Correct")
    await taken.edit(permissions=discord.Permissions.none())
    refused = await helper.submit_modal(form, filled(form, when=EARLIER, address=PAGE))
    assert title(refused) == "Only managers of this server set it up."
    for label in ("Confirm as it is", "Correct", "Take it back"):
        assert title(await helper.click(card, label=label)) == "Only managers of this server set it up."
    date = world.services.server_dates.confirmed(world.guild.id, RANK_LIST)
    assert date is not None
    assert date.at.local.day == 5


async def test_the_name_of_a_server_is_harmless_in_what_is_sent(world: World, priya: Any) -> None:
    await agree(world, world.amira)
    await world.services.reminders.remind_before(world.amira.id, RANK_LIST, "1w", world.guild.id)
    world.env.bot.get_guild(world.guild.id).name = "**free** @everyone [x](https://evil.example) <@1>" + "W" * 51
    await correct(world, priya, EARLIER)
    await world.send_due()
    told = world.received(world.amira)[-1]
    assert "corrected this date" in told
    assert "@everyone" not in told
    assert "](" not in told
    assert "**free**" not in told


async def test_cards_stay_within_the_limits_where_every_date_is_corrected(world: World, priya: Any) -> None:
    from bot.services.server_dates import Typed

    await world.services.members.set_zone(world.amira.id, "Asia/Kathmandu")
    longest = "https://www.nrmp.org/" + "x" * 179
    for event in world.services.season.ahead(await world.services.members.get(world.amira.id)).dated:
        assert event.at is not None
        when = f"{event.at.local + timedelta(days=1):%Y-%m-%d} 21:59"
        await world.services.server_dates.correct(world.guild.id, event.id, Typed(when, longest), priya.id)
    for command, options in (("countdown", {}), ("countdown", {"event": "rank list"}), ("calendar show", {})):
        result = await world.amira.slash(world.general, command, **options)
        assert BY_SERVER in text(result)
        assert_within_limits(components(result))
    board = world.guild.create_text_channel("countdown")
    await priya.slash(world.general, "server countdown", channel=board)
    (live,) = [message for message in board.history() if message.author.bot]
    assert_within_limits(components(live))
    for lead in ("1w", "3d", "1d", "3h"):
        await world.services.reminders.remind_before(world.amira.id, RANK_LIST, lead, world.guild.id)
        await world.services.reminders.remind_before(world.amira.id, MATCH_DAY, lead, world.guild.id)
    assert_within_limits(components(await world.amira.slash(world.general, "remind list")))


async def test_the_audit_says_who_held_which_date_to_be_when(world: World, priya: Any) -> None:
    card = await correct(world, priya)
    world.clock.advance(timedelta(minutes=1))
    form = await priya.click(card, label="Confirm as it is")
    await priya.submit_modal(form, filled(form, address=PAGE))
    world.clock.advance(timedelta(minutes=1))
    await priya.click(card, label="Take it back")
    deeds = [line for line in text(await priya.slash(world.general, "server audit")).splitlines() if line.startswith("- ")]
    assert ["taken back" in deeds[0], "date confirmed" in deeds[1], "date corrected" in deeds[2]] == [True] * 3
    assert SHOWN_LATER in deeds[2]
    assert PAGE in deeds[2]


async def test_what_stands_here_is_exported_and_erased_with_the_one_who_confirmed_it(world: World, priya: Any) -> None:
    await correct(world, priya)
    assert PAGE.encode() in await world.services.mydata.export(priya.id)
    await world.services.mydata.erase(priya.id)
    assert SHOWN_LATER in text(await world.amira.slash(world.general, "countdown"))
    assert "priya" not in text(await world.amira.slash(world.general, "countdown", event="rank list"))


async def test_reminders_of_one_date_from_two_servers_say_where_they_were_set(world: World, elsewhere: Elsewhere) -> None:
    for guild in (world.guild, elsewhere.channel.guild):
        await world.services.reminders.remind_before(world.amira.id, RANK_LIST, "1w", guild.id)
    shown = text(await world.amira.user.slash("remind list"))
    assert "Set in Residency Circle, and follows the date there; while the dates are the same, one message comes" in shown
    assert "Set in Other Circle" in shown
