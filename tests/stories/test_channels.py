"""What stands in a server's channels, over real sockets: a notice, sent once through faults, and a countdown through days and restarts."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.bot_process import BotProcess, running_bot
from tests.support.sandbox import Person, Reply, Sandbox, text_of
from tests.support.waiting import wait_for

EPHEMERAL = 64
NOVEMBER = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
async def bot(sandbox: Sandbox, tmp_path: Path) -> Any:
    await sandbox.move_to(NOVEMBER)
    async with running_bot(sandbox.url, tmp_path / "data") as process:
        yield process


async def posted(priya: Person, channel: str) -> list[dict[str, Any]]:
    """Return what everybody sees of the bot in a channel."""
    seen = await priya.messages(channel)
    return [message for message in seen if message["author"].get("bot") and not message.get("flags", 0) & EPHEMERAL]


async def patches(sandbox: Sandbox, message_id: str) -> list[dict[str, Any]]:
    return [each for each in await sandbox.record("PATCH") if each["path"].endswith(f"/messages/{message_id}")]


async def edited(sandbox: Sandbox, message_id: str, times: int) -> None:
    async def so_often() -> bool:
        return len(await patches(sandbox, message_id)) >= times

    await wait_for(so_often, 30)


async def preview(priya: Person, channel: str, text: str) -> Reply:
    form = await priya.command("broadcast new", channel="general")
    return await priya.submit(form, {"Channel": [channel], "Title": "Match Week", "Text": text})


async def test_a_countdown_is_renewed_once_a_day_through_a_restart(sandbox: Sandbox, bot: BotProcess) -> None:
    priya = sandbox.person("priya")
    reply = await priya.command("server countdown", channel="announcements")
    assert "stands" in reply.text
    (message,) = await posted(priya, "announcements")
    assert "Rank order list deadline" in text_of(message)

    for day in (1, 2):
        await sandbox.advance(timedelta(days=1))
        await edited(sandbox, message["id"], day)
    await bot.stop()
    await bot.start()
    await edited(sandbox, message["id"], 3)  # once at the start: dates may have changed with the new version
    await sandbox.advance(timedelta(days=1))
    await edited(sandbox, message["id"], 4)
    await sandbox.advance(timedelta(minutes=30))
    assert [each["id"] for each in await posted(priya, "announcements")] == [message["id"]]
    assert len(await patches(sandbox, message["id"])) == 4


async def test_a_notice_is_posted_once_though_discord_fails(sandbox: Sandbox, bot: BotProcess) -> None:
    priya = sandbox.person("priya")
    seen = await preview(priya, "announcements", "Status at 10:00 Eastern. @everyone")
    assert "Status at 10:00 Eastern" in seen.text
    await sandbox.faults({"kind": "status", "status": 503, "when": "after", "times": 1, "method": "POST", "path": "/channels/*/messages"})
    sent = await priya.click(seen, "Send")
    assert "stands in" in sent.text or "On its way" in sent.text

    async def there() -> bool:
        return len(await posted(priya, "announcements")) == 1

    await wait_for(there, 30)
    await sandbox.advance(timedelta(minutes=20))
    (message,) = await posted(priya, "announcements")
    assert message["mention_everyone"] is False
    assert "Only you" not in text_of(message)


async def test_a_member_is_not_shown_the_commands_of_staff(sandbox: Sandbox, bot: BotProcess) -> None:
    amira = sandbox.person("amira")
    with pytest.raises(AssertionError, match="cannot use"):
        await amira.command("broadcast new")


async def test_a_channel_that_disappears_is_told_to_the_staff_once(sandbox: Sandbox, bot: BotProcess) -> None:
    priya = sandbox.person("priya")
    form = await priya.click(await priya.command("server setup"), "Channels")
    await priya.submit(form, {"Notices": ["announcements"], "Celebration": ["match-week"], "Advisors": ["advisors"]})
    await sandbox.delete_channel(await priya.channel_id("announcements"))

    async def told() -> list[str]:
        return [text_of(message) or message["content"] for message in await posted(priya, "advisors")]

    async def once() -> bool:
        return len(await told()) == 1

    await wait_for(once, 30)
    assert "The channel under Notices is gone. Choose another one with /server setup." in (await told())[0]
    await bot.stop()
    everyone = (await priya.view())["guilds"][0]["id"]
    await sandbox.overwrite(await priya.channel_id("match-week"), everyone, deny=0x800)  # Send Messages, while nobody listens
    await bot.start()
    await sandbox.advance(timedelta(days=1))

    async def twice() -> bool:
        return len(await told()) == 2

    await wait_for(twice, 30)
    assert "set under Celebration" in (await told())[1]
    await sandbox.advance(timedelta(days=1))
    assert len(await told()) == 2
