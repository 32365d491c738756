"""``/server countdown``: a card that stands in a channel, renewed once a day, and the status line."""

from datetime import datetime, timedelta
from typing import Any

import discord
import pytest

from bot.client import MatchdayClient
from bot.domain.delivery import Delivery, DeliveryKind
from bot.scheduling.outbox import Unwanted
from cogs._ui.posts import POSTS
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.reply_limits import assert_within_limits


@pytest.fixture
def priya(world: World) -> Any:
    role = world.guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user("priya"), roles=[role])


@pytest.fixture
def board(world: World) -> Any:
    return world.guild.create_text_channel("countdown")


def posted(channel: Any) -> list[Any]:
    return [message for message in channel.history() if message.author.bot]


def edits(world: World, channel: Any) -> int:
    return len([each for each in world.env.http_requests if each.method == "PATCH" and f"/channels/{channel.id}/messages/" in each.path])


async def begin(world: World, priya: Any, board: Any) -> Any:
    return await priya.slash(world.general, "server countdown", channel=board)


async def test_a_countdown_is_posted_and_everybody_can_open_her_own_dates(world: World, priya: Any, board: Any) -> None:
    result = await begin(world, priya, board)
    assert title(result) == "The countdown stands"
    (message,) = posted(board)
    assert title(message) == "The 2027 Match: what comes next"
    assert "Rank order list deadline" in text(message)
    assert labels(message) == ["My dates and reminders"]
    assert_within_limits(components(message))
    assert not any(each["type"] == 3 for each in components(message))

    mine = await world.amira.click(message, label="My dates and reminders")
    assert mine.ephemeral


async def test_it_is_renewed_once_a_day_in_place(world: World, priya: Any, board: Any) -> None:
    await begin(world, priya, board)
    (message,) = posted(board)
    await world.send_due()
    assert edits(world, board) == 0
    for day in (1, 2, 3):
        world.clock.advance(timedelta(days=1))
        await world.send_due()
        await world.send_due()
        assert edits(world, board) == day
    assert [each.id for each in posted(board)] == [message.id]


async def test_it_is_renewed_when_a_date_has_passed(world: World, priya: Any, board: Any) -> None:
    await begin(world, priya, board)
    world.clock.move_to(datetime.fromisoformat("2027-03-03T23:00:00+00:00"))
    await world.send_due()
    assert "Rank order list deadline" in text(posted(board)[0])
    world.clock.move_to(datetime.fromisoformat("2027-03-04T02:01:00+00:00"))  # a minute after the deadline, hours before midnight
    await world.send_due()
    assert "Rank order list deadline" not in text(posted(board)[0])


async def test_after_days_off_it_is_renewed_once(world: World, priya: Any, board: Any) -> None:
    await begin(world, priya, board)
    world.clock.advance(timedelta(days=9))
    await world.send_due()
    await world.send_due()
    assert edits(world, board) == 1


async def test_a_restart_keeps_one_chain(world: World, priya: Any, board: Any) -> None:
    await begin(world, priya, board)
    await world.restart()
    await world.restart()
    await world.send_due()
    renewed = edits(world, board)
    world.clock.advance(timedelta(days=1))
    await world.send_due()
    await world.send_due()
    assert edits(world, board) == renewed + 1
    assert len(posted(board)) == 1


async def test_a_deleted_message_is_posted_anew(world: World, priya: Any, board: Any) -> None:
    await begin(world, priya, board)
    world.env.inject_error(
        "PATCH", f"/channels/{board.id}/messages/{posted(board)[0].id}", times=1, status=404, code=10008, message="Unknown Message"
    )
    world.clock.advance(timedelta(days=1))
    await world.send_due()
    assert len(posted(board)) == 2
    newest = posted(board)[-1].id
    world.clock.advance(timedelta(days=1))
    await world.send_due()
    assert len(posted(board)) == 2
    assert any(each.path.endswith(f"/messages/{newest}") for each in world.env.http_requests if each.method == "PATCH")


async def test_a_message_that_was_deleted_while_the_bot_was_down_is_posted_anew_once(world: World, priya: Any, board: Any) -> None:
    await begin(world, priya, board)
    old = posted(board)[0].id
    world.env.inject_error("PATCH", f"/channels/{board.id}/messages/{old}", times=None, status=404, code=10008, message="Unknown Message")
    world.clock.advance(timedelta(days=1))  # past midnight, so that a renewal is overdue when the bot comes back
    await world.restart()
    await world.send_due()
    await world.send_due()
    assert len([each for each in posted(board) if each.id != old]) == 1


@pytest.mark.parametrize("code", [50001, 50013])
async def test_a_permission_that_comes_back_goes_on_with_it(world: World, priya: Any, board: Any, code: int) -> None:
    await begin(world, priya, board)
    (message,) = posted(board)
    refusal = {"status": 403, "code": code, "message": "Missing"}
    world.env.inject_error("PATCH", f"/channels/{board.id}/messages/{message.id}", times=1, **refusal)
    for _ in range(3):
        world.clock.advance(timedelta(days=1))
        await world.send_due()
    assert edits(world, board) == 3  # the one that was refused, and one on each day since
    assert [each.id for each in posted(board)] == [message.id]


async def test_the_check_names_a_channel_whose_permission_was_lost(world: World, priya: Any) -> None:
    closed = world.guild.create_text_channel("closed", overwrites={world.guild.me: discord.PermissionOverwrite(send_messages=False)})
    assert title(await priya.slash(world.general, "server check")) == "All is well"
    from bot.storage.live_cards import LiveCard, LiveCardRepository

    await LiveCardRepository(world.house.database).add(LiveCard(closed.id, world.guild.id, world.clock.now()))
    result = await priya.slash(world.general, "server check")
    assert title(result) == "Something needs mending"
    assert f"I can't renew the countdown in <#{closed.id}>" in text(result)
    assert_within_limits(components(result))


async def test_a_channel_that_is_gone_is_not_tried_again(world: World, priya: Any, board: Any) -> None:
    await begin(world, priya, board)
    gone = {"status": 404, "code": 10003, "message": "Unknown Channel"}
    world.env.inject_error("PATCH", f"/channels/{board.id}/messages/{posted(board)[0].id}", times=None, **gone)
    for _ in range(3):
        world.clock.advance(timedelta(days=1))
        await world.send_due()
    assert edits(world, board) == 1
    assert await world.services.live_cards.message_of(board.id) is None


async def test_stopping_deletes_its_message_and_ends_the_chain(world: World, priya: Any, board: Any) -> None:
    await begin(world, priya, board)
    result = await priya.slash(world.general, "server countdown", channel=board, stop=True)
    assert title(result) == "The countdown is stopped"
    assert posted(board) == []
    world.clock.advance(timedelta(days=2))
    await world.send_due()
    assert posted(board) == []
    again = await priya.slash(world.general, "server countdown", channel=board, stop=True)
    assert title(again) == "That channel has no countdown."


@pytest.mark.parametrize("between", [timedelta(milliseconds=1), timedelta(minutes=1)])
async def test_it_can_begin_again_after_it_was_stopped(world: World, priya: Any, board: Any, between: timedelta) -> None:
    await begin(world, priya, board)
    first = posted(board)[0].id
    await priya.slash(world.general, "server countdown", channel=board, stop=True)
    world.clock.advance(between)
    assert title(await begin(world, priya, board)) == "The countdown stands"
    (message,) = posted(board)
    assert message.id != first
    for day in (1, 2, 3, 4):
        world.clock.advance(timedelta(days=1))
        await world.send_due()
        assert edits(world, board) == day
    assert [each.id for each in posted(board)] == [message.id]


async def claimed_renewal(world: World) -> Delivery:
    """Let a day pass, and claim the renewal as a process does that is about to send it."""
    world.clock.advance(timedelta(days=1))
    loop = world.house.due_loop
    waiting = await loop._deliveries.claim_due(world.clock.now(), 50, loop.settings.owner, 60)
    (renewal,) = [each for each in waiting if each.kind is DeliveryKind.LIVE_CARD]
    return renewal


@pytest.mark.parametrize("begins_anew", [False, True])
async def test_a_renewal_that_was_claimed_does_not_bring_a_stopped_one_back(
    world: World, simcord_bot: MatchdayClient, priya: Any, board: Any, begins_anew: bool
) -> None:
    await begin(world, priya, board)
    renewal = await claimed_renewal(world)
    await priya.slash(world.general, "server countdown", channel=board, stop=True)
    if begins_anew:
        await begin(world, priya, board)
    before = [each.id for each in posted(board)]
    assert isinstance(await POSTS[DeliveryKind.LIVE_CARD](simcord_bot, renewal), Unwanted)
    assert [each.id for each in posted(board)] == before
    assert len(before) == begins_anew


async def test_stopped_while_its_message_is_looked_for_it_is_not_posted_anew(
    world: World, simcord_bot: MatchdayClient, priya: Any, board: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begin(world, priya, board)
    renewal = await claimed_renewal(world)
    cards, known = world.services.live_cards, await world.services.live_cards.message_of(board.id)

    async def stopped_meanwhile(channel_id: int) -> int | None:
        await priya.slash(world.general, "server countdown", channel=board, stop=True)
        return known

    monkeypatch.setattr(cards, "message_of", stopped_meanwhile)
    world.env.inject_error("PATCH", f"/channels/{board.id}/messages/{known}", times=1, status=404, code=10008, message="Unknown Message")
    assert isinstance(await POSTS[DeliveryKind.LIVE_CARD](simcord_bot, renewal), Unwanted)
    assert posted(board) == []


async def test_twice_in_one_channel_is_said(world: World, priya: Any, board: Any) -> None:
    await begin(world, priya, board)
    assert title(await begin(world, priya, board)) == "That channel has a countdown already."
    assert len(posted(board)) == 1


@pytest.mark.parametrize("lost", ["view_channel", "send_messages", "read_message_history"])
async def test_a_closed_channel_is_said_before(world: World, priya: Any, lost: str) -> None:
    closed = world.guild.create_text_channel("closed", overwrites={world.guild.me: discord.PermissionOverwrite(**{lost: False})})
    result = await begin(world, priya, closed)
    assert title(result) == "I can't write in that channel."
    assert "View Channel, Send Messages and Read Message History" in text(result)
    assert posted(closed) == []
    assert await world.services.live_cards.message_of(closed.id) is None


async def test_nudges_need_to_be_read_back_too(world: World, priya: Any) -> None:
    closed = world.guild.create_text_channel("closed", overwrites={world.guild.me: discord.PermissionOverwrite(read_message_history=False)})
    setup = await priya.slash(world.general, "server setup")
    form = await priya.click(setup.response, label="Channels")
    fields = {each["label"]: each["component"]["custom_id"] for each in form.modal["components"]}
    result = await priya.submit_modal(form, {fields["Nudges"]: [closed]})
    assert title(result) == "I can't write in that channel."
    assert (await world.services.servers.get(world.guild.id)).nudge_channel_id is None


async def test_what_discord_refuses_leaves_nothing_behind(world: World, priya: Any, board: Any) -> None:
    refusal = {"status": 403, "code": 50013, "message": "Missing Permissions"}
    world.env.inject_error("POST", f"/channels/{board.id}/messages", times=1, **refusal)
    assert title(await begin(world, priya, board)) == "The countdown could not be posted"
    world.clock.advance(timedelta(minutes=1))
    assert title(await begin(world, priya, board)) == "The countdown stands"


async def test_members_are_refused(world: World, simcord_bot: MatchdayClient, board: Any) -> None:
    command = next(each for each in await simcord_bot.tree.fetch_commands() if each.name == "server")
    world.guild.set_command_permissions(command, {world.amira: True})
    result = await world.amira.slash(world.general, "server countdown", channel=board)
    assert title(result) == "Only managers of this server set it up."
    assert posted(board) == []


async def test_another_servers_channel_can_not_be_stopped(world: World, priya: Any, board: Any) -> None:
    await begin(world, priya, board)
    from bot.errors import UserFacingError

    with pytest.raises(UserFacingError, match="no countdown"):
        await world.services.live_cards.stop(1, board.id)


@pytest.mark.parametrize(
    ("now", "line"),
    [
        ("2026-11-24T12:00:00+00:00", "115 days to Match Day"),
        ("2027-03-18T12:00:00+00:00", "1 day to Match Day"),
        ("2027-03-19T03:59:00+00:00", "1 day to Match Day"),  # still Thursday in New York
        ("2027-03-19T12:00:00+00:00", "Match Day is today"),
        ("2027-03-19T23:00:00+00:00", "Match Day is today"),
        ("2027-03-20T12:00:00+00:00", "Dates of the residency Match"),
    ],
)
async def test_the_status_line_counts_the_days(world: World, now: str, line: str) -> None:
    from cogs.server._live import status_text

    world.clock.move_to(datetime.fromisoformat(now))
    assert status_text(world.services) == line


async def test_the_status_line_is_renewed_by_a_due_row_each_day(world: World, simcord_bot: MatchdayClient) -> None:
    seen: list[Any] = []

    async def kept(**given: Any) -> None:
        seen.append(given["activity"].name)

    simcord_bot.change_presence = kept  # type: ignore[method-assign]
    await world.services.live_cards.resume()
    for _ in range(3):
        world.clock.advance(timedelta(days=1))
        await world.send_due()
    assert seen == ["116 days to Match Day", "115 days to Match Day", "114 days to Match Day"]
