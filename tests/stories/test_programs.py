"""Programs over real sockets: a server's list published and copied from, a file with rows to mend, a form, taken back."""

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.bot_process import BotProcess, running_bot
from tests.support.sandbox import Json, Reply, Sandbox, components_of

NOVEMBER = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
async def bot(sandbox: Sandbox, tmp_path: Path) -> Any:
    await sandbox.move_to(NOVEMBER)
    async with running_bot(sandbox.url, tmp_path / "data") as process:
        yield process


def a_file(content: str) -> Json:
    return {"filename": "programs.csv", "content_base64": base64.b64encode(content.encode()).decode(), "content_type": "text/csv"}


async def test_a_list_is_copied_from_a_file_comes_in_and_a_program_is_filled_in(sandbox: Sandbox, bot: BotProcess) -> None:
    amira, priya = sandbox.person("amira"), sandbox.person("priya")
    published = await priya.command("server programs", file=a_file("program,specialty,state\nElm Clinic,IM,NY\nOak,FM,ON\n"))
    assert "This server lists 2 programs" in published.text
    shown = await amira.command("programs list")
    listed = await amira.click(shown, "This server's list (2)")
    await amira.click(listed, "Copy all 2 of this page")

    imported = await amira.command("programs import", file=a_file("program;visa\nAsh;J-1\nBeech;H-2B\n"))
    assert "1 added, 0 updated" in imported.text
    assert "Row 3" in imported.text
    mine = await amira.command("programs list", sort="visa")
    assert "Your programs" in mine.text
    card = await amira.select(mine, option_of(mine, "Ash"), menu=menu_of(mine, "Open a program"))
    form = await amira.select(card, "visa", menu=menu_of(card, "Fill in a part"))
    await amira.submit(form, {"Visas that it takes": ["j1", "h1b"], "Open house": "5 Dec 2026", "Where you read it": "FREIDA"})
    card = await amira.select(card, "applied", menu=menu_of(card, "Stage"))
    assert "**Applied** since" in card.text
    assert "J-1, H-1B (FREIDA, 24 Nov 2026)" in card.text
    gone = await amira.click(card, "Remove")
    assert "**Removed:** Ash" in gone.text
    assert "**Taken back.**" in (await amira.click(gone, "Undo")).text
    assert await sandbox.violations() == []


def menu_of(reply: Reply, placeholder: str) -> str:
    """Return the custom id of the select that asks for something."""
    assert reply.message is not None
    return next(each["custom_id"] for each in components_of(reply.message) if each.get("placeholder") == placeholder)


def option_of(reply: Reply, name: str) -> str:
    """Return the value of the option that names a program."""
    assert reply.message is not None
    options = [option for each in components_of(reply.message) for option in each.get("options", [])]
    return next(option["value"] for option in options if option["label"].endswith(f". {name}"))
