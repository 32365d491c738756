"""A question to advisors over real sockets: posted once through a fault, answered through a restart, relayed both ways, withdrawn."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.domain.servers import ServerSettings
from bot.sandbox import seed
from bot.storage.database import Database
from bot.storage.servers import ServerRepository
from tests.support.bot_process import BotProcess, running_bot
from tests.support.sandbox import Json, Person, Sandbox, text_of
from tests.support.waiting import wait_for

NOVEMBER = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
async def bot(sandbox: Sandbox, tmp_path: Path) -> Any:
    await sandbox.move_to(NOVEMBER)
    async with running_bot(sandbox.url, tmp_path / "data") as process:
        database = Database.open(f"sqlite+aiosqlite:///{tmp_path / 'data' / 'matchday.sqlite3'}")
        servers = ServerRepository(database)
        await servers.save(ServerSettings(seed.GUILD, advisor_channel_id=seed.ADVISORS, advisor_roles=frozenset({seed.ADVISOR})))
        await database.close()
        yield process


async def entries(helen: Person) -> list[Json]:
    """Return what stands in the advisors' channel for everybody who sees it."""
    return [each for each in await helen.messages("advisors") if each["author"].get("bot") and not each.get("flags", 0) & 64]


async def until(helen: Person, count: int, says: str = "") -> list[Json]:
    """Wait until so many entries stand there, the last of which says something."""

    async def there() -> bool:
        found = await entries(helen)
        return len(found) == count and (not found or says in text_of(found[-1]))

    await wait_for(there, 30)
    return await entries(helen)


async def test_a_question_goes_there_and_back_once(sandbox: Sandbox, bot: BotProcess) -> None:
    amira, helen = sandbox.person("amira"), sandbox.person("helen")
    form = await amira.command("ask new")
    shown = await amira.submit(form, {"Topic": ["visa"], "Your question": "Which office signs my waiver?", "Your name": "hidden"})
    assert "Which office signs my waiver?" in shown.text
    await sandbox.faults({"kind": "status", "status": 503, "when": "after", "times": 1, "method": "POST", "path": "/channels/*/messages"})
    sent = await amira.click(shown, "Send")
    assert "Sent to the advisors" in sent.text
    (entry,) = await until(helen, 1, "Which office signs my waiver?")
    assert "amira" not in text_of(entry).lower()

    await bot.stop()
    await bot.start()
    await amira.click(sent, "Allow direct messages")
    await helen.submit(await helen.click(entry, "Answer"), {"Your answer": "Ask the program first."})
    (entry,) = await until(helen, 1, "Answered by")
    (answer,) = [each for each in await amira.messages("dm") if "Ask the program first." in text_of(each)]
    await amira.submit(await amira.click(answer, "Reply"), {"Your message": "Thank you. And then?"})
    _, more = await until(helen, 2, "And then?")
    assert more["message_reference"]["message_id"] == entry["id"]

    await amira.click(sent, "Withdraw")
    (entry,) = await until(helen, 1, "Withdrawn")
    assert "waiver" not in text_of(entry)
    assert await sandbox.violations() == []
