"""Practising over real sockets: a round through a restart, late, weak again after a day, a partner who is asked in a channel."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import seed
from tests.support.bot_process import BotProcess, running_bot
from tests.support.sandbox import Reply, Sandbox, components_of, text_of
from tests.support.waiting import wait_for

NOVEMBER = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
EPHEMERAL = 1 << 6


@pytest.fixture
async def bot(sandbox: Sandbox, tmp_path: Path) -> Any:
    await sandbox.move_to(NOVEMBER)
    async with running_bot(sandbox.url, tmp_path / "data") as process:
        yield process


def menu(reply: Reply, beginning: str) -> str:
    """Return the custom id of the select that begins so."""
    assert reply.message is not None
    return next(each["custom_id"] for each in components_of(reply.message) if str(each.get("custom_id", "")).startswith(beginning))


async def test_a_round_goes_on_after_a_restart_weak_ones_come_again_and_a_partner_is_asked(sandbox: Sandbox, bot: BotProcess) -> None:
    amira = sandbox.person("amira")
    home = await amira.command("interviews practice")
    setup = await amira.click(home, "Set up a round")
    setup = await amira.select(setup, "gaps", menu=menu(setup, "practice:of:"))
    question = await amira.click(setup, "Start")
    assert "Question 1 of 5 · Gaps and attempts" in question.text
    await sandbox.advance(timedelta(seconds=150))
    await bot.stop()
    await bot.start()
    answer = await amira.click(question, "Done")
    assert " over." in answer.text
    assert "What is being asked:" in answer.text
    answer = await amira.select(answer, "honest", menu=menu(answer, "practice:tick:"))
    answer = await amira.click(answer, "Weak")
    answer = await amira.submit(await amira.click(answer, "Add a note"), {"What to keep, or to do otherwise": "Say it first. @everyone"})
    assert "Say it first." in answer.text
    summary = await amira.click(answer, "End the round")
    assert "1 marked weak" in summary.text
    assert "Weak at present" in (await amira.click(summary, "History")).text
    await sandbox.advance(timedelta(days=1))
    again = await amira.click(await amira.command("interviews practice"), "Weak ones again")
    assert "**Due again:** 1 question" in again.text
    assert "One question · Gaps and attempts" in (await amira.click(again, "Start")).text
    await asks_a_partner(sandbox)
    assert await sandbox.violations() == []


async def asks_a_partner(sandbox: Sandbox) -> None:
    amira, diego = sandbox.person("amira"), sandbox.person("diego")
    partner = await amira.click(await amira.command("interviews practice"), "With a partner")
    form = await amira.click(partner, "Choose channel and partner")
    fields = {"Voice channel": [str(seed.PRACTICE_ROOM)], "Partner or advisor": [str(seed.DIEGO)], "Questions": ["behavioural"]}
    preview = await amira.submit(form, fields)
    assert "It mentions the person whom you picked, and nobody else." in preview.text
    before = len(await diego.messages("general"))
    await amira.click(preview, "Post it here")

    async def posted() -> Any:
        found = [each for each in await diego.messages("general") if not each.get("flags", 0) & EPHEMERAL]
        return found[-1] if len(found) > before else None

    post = await wait_for(posted)
    assert f"<@{seed.DIEGO}>, will you listen?" in text_of(post)
    assert [each["id"] for each in post["mentions"]] == [str(seed.DIEGO)]
    listening = await diego.click(post, "Questions and what to listen for")
    assert listening.text.count("**Listen for:**") == 4
    assert listening.message is not None
    assert listening.message["flags"] & EPHEMERAL
