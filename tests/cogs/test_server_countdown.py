"""``/server countdown``: a card that stands in a channel, renewed once a day, and the status line."""

from datetime import datetime, timedelta
from typing import Any

import discord
import pytest

from bot.client import MatchdayClient
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


async def test_it_can_begin_again_after_it_was_stopped(world: World, priya: Any, board: Any) -> None:
    await begin(world, priya, board)
    await priya.slash(world.general, "server countdown", channel=board, stop=True)
    world.clock.advance(timedelta(minutes=1))
    await begin(world, priya, board)
    assert len(posted(board)) == 1


async def test_twice_in_one_channel_is_said(world: World, priya: Any, board: Any) -> None:
    await begin(world, priya, board)
    assert title(await begin(world, priya, board)) == "That channel has a countdown already."
    assert len(posted(board)) == 1


async def test_a_closed_channel_is_said_before(world: World, priya: Any) -> None:
    closed = world.guild.create_text_channel("closed", overwrites={world.guild.me: discord.PermissionOverwrite(send_messages=False)})
    result = await begin(world, priya, closed)
    assert title(result) == "I can't write in that channel."
    assert await world.services.live_cards.message_of(closed.id) is None


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
