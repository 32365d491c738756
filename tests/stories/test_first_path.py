"""The path of a member, whole: set up by taps, a date, a reminder, the message, its buttons, a restart."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.bot_process import BotProcess, running_bot
from tests.support.sandbox import Person, Reply, Sandbox, text_of
from tests.support.waiting import wait_for

NOVEMBER = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
async def bot(sandbox: Sandbox, tmp_path: Path) -> Any:
    await sandbox.move_to(NOVEMBER)
    async with running_bot(sandbox.url, tmp_path / "data") as process:
        yield process


async def set_up(person: Person, zone: str = "Africa/Cairo") -> None:
    await person.command("start", zone=zone)
    settings = await person.command("remind settings")
    await person.click(settings, "Allow direct messages")
    await wait_for(person.messages)


async def last_message(person: Person, count: int) -> dict[str, Any]:
    async def there() -> dict[str, Any] | None:
        found = await person.messages()
        return found[-1] if len(found) >= count else None

    return await wait_for(there, 20)


async def settled(person: Person, message_id: str, text: str) -> None:
    async def there() -> bool:
        return any(each["id"] == message_id and text in text_of(each) for each in await person.messages())

    await wait_for(there)


async def test_nothing_is_sent_before_she_agrees_and_the_first_message_proves_itself(sandbox: Sandbox, bot: BotProcess) -> None:
    amira = sandbox.person("amira")
    await amira.command("start", zone="Africa/Cairo")
    await amira.command("remind me", when="in 2 minutes", what="ask for a letter")
    assert await amira.messages() == []
    await sandbox.advance(timedelta(minutes=3))
    waiting = await wait_for(lambda: inbox_with(amira, "ask for a letter"))
    assert "Direct messages were off" in waiting.text
    assert await amira.messages() == []

    await amira.click(await amira.command("remind settings"), "Allow direct messages")
    first = await last_message(amira, 1)
    assert "Direct messages work" in first["content"]


async def inbox_with(person: Person, text: str) -> Reply | None:
    reply = await person.command("remind inbox")
    return reply if text in reply.text else None


async def test_closed_messages_are_told_at_once(sandbox: Sandbox, bot: BotProcess) -> None:
    amira = sandbox.person("amira")
    await amira.close_dms()
    told = await amira.click(await amira.command("remind settings"), "Allow direct messages")
    assert "closed" in told.text
    assert "Privacy Settings" in told.text
    await amira.open_dms()
    again = await amira.click(told, "Try again")
    assert "are on" in again.text
    assert len(await amira.messages()) == 1


async def test_a_reminder_of_a_date_arrives_once_with_its_sentence(sandbox: Sandbox, bot: BotProcess) -> None:
    amira = sandbox.person("amira")
    await set_up(amira)
    date = await amira.command("countdown", event="rank list")
    assert "3 Mar 2027, 21:00 EST" in date.text
    assert "Thu 4 Mar 2027, 04:00 EET" in date.text
    assert "Estimated by a rule" in date.text
    assert "Clocks in New York" not in date.text  # the deadline lies before the change of 14 March
    confirmed = await amira.select(date, "3d", menu="countdown:remind:us-2027-rank-list-deadline")
    assert "Mon 1 Mar 2027, 04:00 EET" in confirmed.text
    again = await amira.select(date, "3d", menu="countdown:remind:us-2027-rank-list-deadline")
    assert "set already" in again.text

    await sandbox.move_to(datetime(2027, 3, 1, 2, 0, 1, tzinfo=UTC))
    message = await last_message(amira, 2)
    assert message["content"].startswith("Rank order list deadline (2027 Match) is in 3 days")
    await sandbox.advance(timedelta(hours=1))
    await amira.command("remind list")
    assert len(await amira.messages()) == 2


async def test_done_and_snooze_work_after_a_restart(sandbox: Sandbox, bot: BotProcess) -> None:
    amira = sandbox.person("amira")
    await set_up(amira)
    await amira.command("remind me", when="in 10 minutes", what="call **Dr. Osei** @everyone")
    await sandbox.advance(timedelta(minutes=11))
    message = await last_message(amira, 2)
    await bot.stop()
    await bot.start()

    await amira.click(message, "1 hour")
    await settled(amira, message["id"], "Comes again")
    await sandbox.advance(timedelta(hours=1, minutes=1))
    second = await last_message(amira, 3)
    assert "Dr. Osei" in second["content"]
    assert second["mention_everyone"] is False
    await amira.click(second, "Done")
    await settled(amira, second["id"], "Done.")
    await sandbox.advance(timedelta(days=2))
    assert "No reminders" in (await amira.command("remind list")).text
    assert len(await amira.messages()) == 3


async def test_what_fell_due_while_the_bot_was_down_comes_late_and_says_so(sandbox: Sandbox, bot: BotProcess) -> None:
    amira = sandbox.person("amira")
    await set_up(amira)
    await amira.command("remind me", when="tomorrow 9:00", what="upload the transcript")
    await bot.stop()
    await sandbox.advance(timedelta(days=1))
    await bot.start()
    message = await last_message(amira, 2)
    assert "upload the transcript" in message["content"]
    assert "late" in message["content"]


async def test_cancelled_and_erased_reminders_never_come(sandbox: Sandbox, bot: BotProcess) -> None:
    amira, diego = sandbox.person("amira"), sandbox.person("diego")
    await set_up(amira)
    await set_up(diego, "America/Bogota")
    set_one = await amira.command("remind me", when="in 1 hour", what="first")
    await amira.click(set_one, "Cancel it")
    await diego.command("remind me", when="in 1 hour", what="second")
    await diego.click(await diego.command("mydata erase"), "Erase everything")
    await sandbox.advance(timedelta(hours=2))
    await amira.command("remind list")
    assert len(await amira.messages()) == 1
    assert len(await diego.messages()) == 1
