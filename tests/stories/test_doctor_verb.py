"""``matchday doctor`` on an installation from its first minute on: what it says, as what it ends, and that it changes nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.health import FILE, check
from tests.support.bot_process import BotProcess, running_bot
from tests.support.command_line import matchday
from tests.support.sandbox import Sandbox
from tests.support.waiting import wait_for


def levels(out: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in json.loads(out)["findings"]:
        found.setdefault(each["check"], set()).add(each["level"])
        assert each["mend"] or each["level"] == "well"
    return found


async def test_an_installation_that_was_never_started(sandbox: Sandbox, tmp_path: Path) -> None:
    bot = BotProcess(sandbox.url, tmp_path / "data")
    said = await matchday(bot.environment, "doctor")
    assert (said.code, said.error) == (0, "")
    for words in ("warning  data folder: ", "warning  bot: No bot runs", "warning  commands: ", "well     Discord: ", "0 problems, "):
        assert words in said.out
    assert not bot.data_dir.exists()


async def test_an_installation_whose_bot_runs(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running_bot(sandbox.url, tmp_path / "data") as bot:
        await wait_for(lambda: check(bot.data_dir / FILE).is_well)
        said = await matchday(bot.environment, "doctor", "--json")
        assert (said.code, said.error) == (0, "")
        found = levels(said.out)
        for name in ("bot", "database", "sending", "Discord", "application", "commands", "token", "settings"):
            assert found[name] == {"well"}, said.out
        assert found["key file"] == {"warning"}  # it lies beside the database
        quiet = await matchday(bot.environment, "doctor", "--offline", "--json")
        assert {"commands", "application"} & levels(quiet.out).keys() == set()
        assert await bot.stop() == 0


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("SANDBOX_PORT", "the usual", "MATCHDAY_SANDBOX_PORT can't be used"),
        ("DATABASE_URL", "mysql://plantedpassword@x/y", "can't be used"),
    ],
)
async def test_settings_that_cant_be_used(sandbox: Sandbox, tmp_path: Path, setting: str, value: str, words: str) -> None:
    bot = BotProcess(sandbox.url, tmp_path / "data", **{setting: value})
    said = await matchday(bot.environment, "doctor")
    assert (said.code, words in said.out, "Traceback" in said.all, "plantedpassword" in said.all) == (1, True, False, False)


async def test_a_lost_key_and_a_refused_token_are_both_found(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running_bot(sandbox.url, tmp_path / "data") as bot:
        assert await bot.stop() == 0
    (bot.data_dir / "matchday.key").unlink()
    environment: dict[str, Any] = {
        name: value for name, value in bot.environment.items() if name not in ("MATCHDAY_SANDBOX_URL", "MATCHDAY_CLOCK_URL")
    }
    said = await matchday(environment | {"DISCORD_TOKEN": "plantedtoken"}, "doctor", "--offline", "--json")
    found = levels(said.out)
    assert (said.code, found["key file"], found["token"]) == (1, {"problem"}, {"problem"})
    assert "plantedtoken" not in said.all


async def test_online_and_offline_at_once_is_refused(tmp_path: Path) -> None:
    said = await matchday(BotProcess("http://127.0.0.1:9", tmp_path / "data").environment, "doctor", "--online", "--offline")
    assert (said.code, "usage: matchday doctor" in said.error) == (2, True)
