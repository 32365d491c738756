"""``matchday sync``: Discord is told about the commands by the bot's own rule, without the bot."""

import copy
from pathlib import Path

import pytest

from bot.command_sync import compare, name_of
from bot.sandbox.server import SandboxServer
from tests.support.bot_process import BotProcess, running_bot
from tests.support.command_line import Said, matchday
from tests.support.sandbox import Json, Sandbox


@pytest.fixture
def bot(sandbox: Sandbox, tmp_path: Path) -> BotProcess:
    """Give a bot that is not started."""
    return BotProcess(sandbox.url, tmp_path / "data")


async def sync(bot: BotProcess, *arguments: str) -> Said:
    said = await matchday(bot.environment, "sync", *arguments)
    assert "Traceback" not in said.all
    assert "sandbox-token" not in said.all
    return said


async def known(sandbox: Sandbox) -> list[Json]:
    application = (await sandbox.rest("GET", "/applications/@me"))["id"]
    return await sandbox.rest("GET", f"/applications/{application}/commands")


async def told(sandbox: Sandbox) -> int:
    """Return how often Discord was told about commands."""
    return len([each for each in await sandbox.record("PUT") if each["path"].endswith("/commands")])


async def test_discord_is_told_once_and_the_bot_need_not_tell_it_again(sandbox: Sandbox, bot: BotProcess) -> None:
    first = await sync(bot, "--dry-run")
    assert (first.code, await known(sandbox)) == (0, [])
    assert "added   /remind" in first.out
    assert "Discord was told nothing." in first.out
    assert not bot.data_dir.exists()

    second = await sync(bot)
    there = await known(sandbox)
    assert second.code == 0
    assert f"Discord was told about {len(there)} commands." in second.out
    assert {"remind", "countdown", "server"} <= {each["name"] for each in there}
    third = await sync(bot)
    assert "Discord knows them as they are" in third.out
    assert await told(sandbox) == 1
    async with running_bot(sandbox.url, bot.data_dir) as started:
        assert "the commands are as Discord knows them" in started.log
    assert await told(sandbox) == 1
    assert "told about" in (await sync(bot, "--force")).out
    assert await told(sandbox) == 2


async def test_what_was_changed_or_removed_is_named(sandbox: Sandbox, bot: BotProcess) -> None:
    assert (await sync(bot)).code == 0
    there = {each["name"]: each for each in await known(sandbox)}
    application = there["help"]["application_id"]
    await sandbox.rest("PATCH", f"/applications/{application}/commands/{there['help']['id']}", {"description": "Something else"})
    await sandbox.rest("DELETE", f"/applications/{application}/commands/{there['faq']['id']}")
    await sandbox.rest("POST", f"/applications/{application}/commands", {"name": "older", "description": "It was there before", "type": 1})
    said = await sync(bot, "--dry-run")
    assert [line.strip() for line in said.out.splitlines() if line.startswith("  ")] == ["added   /faq", "changed /help", "removed /older"]
    assert "Discord was told about" in (await sync(bot)).out
    assert (await sync(bot, "--dry-run")).out.count("\n  ") == 0


async def test_a_wrong_token_is_refused_in_words(bot: BotProcess) -> None:
    async with SandboxServer(token="another") as server:
        bot.environment["MATCHDAY_SANDBOX_URL"] = server.url
        said = await sync(bot)
    assert (said.code, "Discord refused the token." in said.error) == (2, True)
    assert not bot.data_dir.exists()


async def test_no_discord_is_told_in_words(bot: BotProcess) -> None:
    bot.environment["MATCHDAY_SANDBOX_URL"] = "http://127.0.0.1:9"
    said = await sync(bot)
    assert (said.code, "Discord could not be reached." in said.error) == (2, True)


async def test_without_token_and_sandbox_it_says_so(bot: BotProcess) -> None:
    del bot.environment["MATCHDAY_SANDBOX_URL"], bot.environment["MATCHDAY_CLOCK_URL"]
    said = await sync(bot)
    assert (said.code, "There is no token." in said.error) == (2, True)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"kind": "status", "status": 403}, "Discord refused what was asked (403)."),
        ({"kind": "rate_limit", "per_second": 0.005, "scope": "route"}, "Discord asks to wait"),
    ],
    ids=["forbidden", "too many"],
)
async def test_a_refusal_of_the_commands_is_told_in_words(sandbox: Sandbox, bot: BotProcess, fault: Json, sentence: str) -> None:
    await sandbox.faults({**fault, "method": "PUT", "path": "/applications/*/commands"})
    said = await sync(bot)
    if fault["kind"] == "rate_limit":  # the first one fits into the window
        said = await sync(bot, "--force")
    assert (said.code, sentence in said.error) == (2, True), said
    assert "Traceback" not in said.all


# --- comparing


COMMAND: Json = {
    "name": "remind", "type": 1, "description": "Remind", "nsfw": False, "dm_permission": True, "default_member_permissions": 32,
    "contexts": [0, 1, 2], "integration_types": [0, 1],
    "options": [{"type": 3, "name": "when", "description": "When", "required": True, "choices": [{"name": "One", "value": "1"}]}],
}  # fmt: skip


def as_discord_returns(command: Json) -> Json:
    return command | {
        "id": "1", "application_id": "2", "version": "3", "default_member_permissions": "32", "contexts": [2, 0, 1], "dm_permission": None,
        "name_localizations": None, "description_localizations": None,
    }  # fmt: skip


def test_a_command_that_came_back_from_discord_is_the_same() -> None:
    assert not compare([COMMAND], [as_discord_returns(COMMAND)])


@pytest.mark.parametrize(
    "path", [("description",), ("default_member_permissions",), ("options", 0, "required"), ("options", 0, "choices", 0, "value")]
)
def test_every_difference_is_seen(path: tuple[str | int, ...]) -> None:
    there = as_discord_returns(copy.deepcopy(COMMAND))
    held: Json | list[Json] = there
    for part in path[:-1]:
        held = held[part]  # type: ignore[index,call-overload]
    held[path[-1]] = "8"  # type: ignore[index,call-overload]
    assert compare([COMMAND], [there]).changed == ("/remind",)


def test_a_menu_and_a_command_of_one_name_are_two() -> None:
    menu = {"name": "remind", "type": 3}
    assert compare([COMMAND, menu], [as_discord_returns(COMMAND)]).added == (name_of(menu),)
