"""Secrets and personal words, planted through real doors, are looked for in everything that the process writes, and in what others get."""

import asyncio
import io
import json
import logging
import re
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route
from pydantic import SecretStr

from bot.errors import StartError
from bot.observing.logs import CHATTY, JsonFormatter, TextFormatter, set_up
from bot.run import run_bot
from bot.sandbox.server import SandboxServer
from bot.settings import Settings
from tests.support.bare_bot import point_at
from tests.support.bot_process import BotProcess, running_bot
from tests.support.command_line import matchday
from tests.support.sandbox import Sandbox
from tests.support.waiting import wait_for

TOKEN = "MTAwplantedtoken.GplanT.dqvplantedplantedplanted"
PASSWORD = "plantedpassword"
WORD = "plantedjasmine"
"""Stands in everything that she writes."""


def secrets_of(bot: BotProcess) -> list[str]:
    """Return what must stand nowhere: her word, the key, and the name of every secret that the process holds."""
    return [WORD, *(bot.data_dir / "matchday.key").read_text("ascii").split(), "sandbox-token"]


def found_in(text: str, secrets: list[str]) -> list[str]:
    return [secret for secret in secrets if secret in text]


async def plant(sandbox: Sandbox) -> None:
    """Let Amira write her word into forms and options, by the doors that a person uses."""
    amira = sandbox.person("amira")
    await amira.command("start", zone="Africa/Cairo")
    await amira.click(await amira.command("remind settings"), "Allow direct messages")
    await amira.command("remind me", when="in 5 minutes", what=f"{WORD} letter")
    await amira.command("remind me", when="in 3 weeks", what=f"{WORD} later")
    await amira.command("remind me", when=f"on {WORD} day", what=f"{WORD} when")  # refused, with a sentence
    await amira.command("faq", question=f"{WORD} visa")
    await amira.command("programs add")
    await amira.command("countdown", event=f"{WORD} date")


def break_reminders(bot: BotProcess) -> None:
    """Take a table away from under the running bot: every statement on it fails from now on."""
    with sqlite3.connect(bot.data_dir / "matchday.sqlite3", timeout=20) as connection:
        connection.execute("ALTER TABLE reminder RENAME TO reminder_gone")


def lines_of(log: str) -> list[dict[str, str]]:
    """Return the log of JSON, line by line: a line that is none fails here."""
    return [json.loads(line) for line in log.splitlines()]


@pytest.mark.parametrize(("level", "form"), [("INFO", "text"), ("INFO", "json"), ("DEBUG", "text"), ("DEBUG", "json")])
async def test_no_secret_and_no_text_of_hers_stands_in_what_the_process_writes(
    sandbox: Sandbox, tmp_path: Path, level: str, form: str
) -> None:
    async with running_bot(sandbox.url, tmp_path / "data", log_level=level, log_format=form) as bot:
        await plant(sandbox)
        await sandbox.faults({"kind": "status", "status": 500, "times": 2, "method": "POST", "path": "/channels/*/messages"})
        await sandbox.advance(timedelta(minutes=6))
        amira, diego = sandbox.person("amira"), sandbox.person("diego")

        async def has_come() -> bool:
            return any(WORD in json.dumps(each) for each in await sandbox.messages())

        await wait_for(has_come, 30)  # so it went through every part, after refusals

        exported = await diego.command("mydata export")
        assert exported.message is not None
        assert found_in(json.dumps(exported.message), [WORD]) == []
        break_reminders(bot)
        failed = await amira.command("remind me", when="in 5 minutes", what=f"{WORD} failed")
        assert "Something went wrong on my side" in failed.text
        assert found_in(failed.text, secrets_of(bot)) == []
        assert await bot.stop() == 0
        assert "Traceback" in bot.log  # so that what is looked for below is looked for in a traceback too
        assert "failure " in bot.log
        assert found_in(bot.log, secrets_of(bot)) == []
        assert re.findall(r"(?<!\w)\d{17,20}(?!\w)", bot.log) == []  # and no id of a member, a server or a channel
        (code,) = re.findall(r"the code ([0-9A-F]{6})", failed.text)
        assert code in bot.log
        if form == "json":
            (line,) = [each for each in lines_of(bot.log) if each["message"].startswith("failure ")]
            assert (line["interaction"], line["message"]) == (code, f"failure {code} in remind me")
            assert line["error"].startswith("sqlalchemy.exc.")
            assert "no such table: reminder" in line["traceback"]  # what an operator needs, and of nobody


VERBS = (
    ("doctor",),
    ("doctor", "--json"),
    ("sync", "--dry-run"),
    ("sync", "--force"),
    ("keys", "status"),
    ("keys", "rotate", "--dry-run"),
    ("keys", "rotate", "--add-only"),
    ("keys", "rotate"),
    ("health",),
)


async def test_no_verb_of_the_command_line_repeats_a_secret_or_a_text_of_hers(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running_bot(sandbox.url, tmp_path / "data") as bot:
        await plant(sandbox)
        priya = sandbox.person("priya")
        await priya.command("server countdown")
        server = (await priya.view())["guilds"][0]["id"]
        to = tmp_path / "server.json"
        verbs = [*VERBS, ("export-server", server, "--to", str(to)), ("export-server", server, "--to", str(to)), ("export-server", "12345")]
        told, secrets = "", secrets_of(bot)
        for verb in verbs:
            said = await matchday(bot.environment, *verb)
            assert "Traceback" not in said.all, said
            told += said.all
        assert server in to.read_text("utf-8")
        told += to.read_text("utf-8")
        break_reminders(bot)
        for verb in (("keys", "status"), ("keys", "rotate"), ("export-server", server, "--to", str(tmp_path / "again.json")), ("doctor",)):
            said = await matchday(bot.environment | {"DISCORD_TOKEN": ""}, *verb)
            assert "Traceback" not in said.all, said
            told += said.all
        told += bot.log
    assert "texts were written anew" in told
    assert found_in(told, secrets + secrets_of(bot)) == []  # the keys before and after


@pytest.mark.parametrize("form", ["json", "text"])
async def test_the_token_stands_in_nothing_that_is_written_while_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Literal["json", "text"]
) -> None:
    written, formed = io.StringIO(), io.StringIO()
    handler, in_form = logging.StreamHandler(written), logging.StreamHandler(formed)
    in_form.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    for holder, name in ((Route, "BASE"), (DiscordWebSocket, "DEFAULT_GATEWAY"), (Asset, "BASE")):
        monkeypatch.setattr(holder, name, getattr(holder, name))
    before = {name: logging.getLogger(name).level for name in ("", *CHATTY)}
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)
    logging.getLogger().addHandler(in_form)
    for hook in ("excepthook", "unraisablehook"):
        monkeypatch.setattr(sys, hook, getattr(sys, hook))
    set_up("DEBUG", form)
    try:
        async with SandboxServer(token=TOKEN, checks=False) as server:
            point_at(server.url)
            stopping = asyncio.Event()
            settings = Settings(data_dir=tmp_path, _env_file=None)  # type: ignore[call-arg]
            running = asyncio.create_task(run_bot(settings, SecretStr(TOKEN), stopping))
            await wait_for(lambda: "connected as" in written.getvalue() or running.done(), 30)
            stopping.set()
            await running
            with pytest.raises(StartError) as refused:
                await run_bot(settings, SecretStr(f"{TOKEN}x"), asyncio.Event())
            logging.getLogger("bot").error("the start was refused", exc_info=refused.value)
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().removeHandler(in_form)
        for name, was in before.items():
            logging.getLogger(name).setLevel(was)
    assert "connected as" in written.getvalue()
    assert "Traceback" in formed.getvalue()
    assert found_in(written.getvalue() + formed.getvalue(), [TOKEN, *(tmp_path / "matchday.key").read_text("ascii").split()]) == []


async def test_a_database_that_is_not_there_is_told_without_its_password(sandbox: Sandbox, tmp_path: Path) -> None:
    address = f"postgresql+asyncpg://matchday:{PASSWORD}@127.0.0.1:9/matchday"
    bot = BotProcess(sandbox.url, tmp_path / "data", database_url=address, log_level="DEBUG")
    await bot.begin()
    assert await bot.ended() == 2
    assert "matchday can't start" in bot.log
    assert found_in(bot.log, [PASSWORD]) == []
    assert PASSWORD not in repr(Settings(database_url=address, _env_file=None))  # type: ignore[call-arg]
