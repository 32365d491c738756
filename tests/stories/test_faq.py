"""A question of Match week, over real sockets: typed, turned over, shared, read by another one, and after a restart."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.bot_process import BotProcess, running_bot
from tests.support.sandbox import Sandbox
from tests.support.waiting import wait_for

EPHEMERAL = 1 << 6


@pytest.fixture
async def bot(sandbox: Sandbox, tmp_path: Path) -> Any:
    await sandbox.move_to(datetime(2027, 3, 15, 13, 0, tzinfo=UTC))
    async with running_bot(sandbox.url, tmp_path / "data") as process:
        yield process


async def test_an_answer_is_found_turned_shared_and_read_by_another(sandbox: Sandbox, bot: BotProcess) -> None:
    amira, diego = sandbox.person("amira"), sandbox.person("diego")
    choices = await amira.autocomplete("faq", "question", question="soap offe")
    assert "soap-offers" in [choice["value"] for choice in choices]

    card = await amira.command("faq", question="didnt match what do i do")
    assert "I did not match. What do I do on Monday?" in card.text
    assert "SOAP: programs may review, 2027 Match" in card.text
    turned = await amira.click(card, "Who may take part in SOAP?")
    assert "can begin on July 1" in turned.text

    before = len(await diego.messages("general"))
    await amira.click(turned, "Share here")

    async def posted() -> Any:
        found = await diego.messages("general")
        return found[-1] if len(found) > before else None

    shared = await wait_for(posted)
    await bot.stop()
    await bot.start()
    read = await diego.click(shared, "May I contact programs during SOAP?")
    assert "Not before the program contacts you." in read.text
    assert read.message is not None
    assert read.message["flags"] & EPHEMERAL


async def test_in_direct_messages_and_where_nothing_fits(sandbox: Sandbox, bot: BotProcess) -> None:
    amira = sandbox.person("amira")
    await amira.open_dm()
    assert "Who may take part in SOAP?" in (await amira.command("faq", channel="dm", question="soap eligibility")).text
    nothing = await amira.command("faq", channel="dm", question="weather in chicago")
    assert "None of my answers fits" in nothing.text
    topics = await amira.select(nothing, "match_week", menu="faq:topics:")
    assert "How do SOAP offers work?" in topics.text
