"""``matchday export-server``: a file for the managers, whole or not at all, and never over another."""

import json
import stat
from pathlib import Path

import pytest

from tests.support.bot_process import BotProcess, running_bot
from tests.support.command_line import matchday
from tests.support.sandbox import Sandbox


async def filled(sandbox: Sandbox) -> str:
    """Let a moderator set something and a member write something; return the server's id."""
    priya, amira = sandbox.person("priya"), sandbox.person("amira")
    await priya.command("server countdown")
    await amira.command("start", zone="Africa/Cairo")
    await amira.command("remind me", when="in 3 weeks", what="plantedjasmine")
    return (await priya.view())["guilds"][0]["id"]


async def test_the_file_is_for_its_owner_alone_and_holds_the_server(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running_bot(sandbox.url, tmp_path / "data") as bot:
        server, to = await filled(sandbox), tmp_path / "server.json"
        said = await matchday(bot.environment, "export-server", server, "--to", str(to))
        assert (said.code, said.error) == (0, "")
        assert stat.S_IMODE(to.stat().st_mode) == 0o600
        held = json.loads(to.read_text("utf-8"))
        assert held["server_id"] == server
        assert [each["what"] for each in held["deeds"]] == ["countdown_begun"]
        assert held["left_out"]["tables"]["reminder"]
        assert "plantedjasmine" not in to.read_text("utf-8")

        to.write_text("what was there", "utf-8")
        again = await matchday(bot.environment, "export-server", server, "--to", str(to))
        assert (again.code, "There is a file" in again.error, to.read_text("utf-8")) == (1, True, "what was there")
        nowhere = await matchday(bot.environment, "export-server", server, "--to", str(tmp_path / "no" / "folder.json"))
        assert (nowhere.code, "can't be written" in nowhere.error) == (2, True), nowhere
        unknown = await matchday(bot.environment, "export-server", "12345", "--to", str(tmp_path / "unknown.json"))
        assert (unknown.code, "Nothing is stored of a server 12345." in unknown.error) == (1, True)
        (bot.data_dir / "matchday.key").rename(tmp_path / "kept")
        lost = await matchday(bot.environment, "export-server", server, "--to", str(tmp_path / "lost.json"))
        assert (lost.code, "is missing" in lost.error) == (2, True)
        assert not [path for path in tmp_path.glob("*.json") if path != to]
        assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("given", [(), ("general",), ("-1",), ("0",), ("9" * 20,), ("\u0661\u0662",)])
async def test_what_is_no_id_is_refused(tmp_path: Path, given: tuple[str, ...]) -> None:
    said = await matchday(BotProcess("http://127.0.0.1:9", tmp_path / "data").environment, "export-server", *given)
    assert (said.code, "usage: matchday export-server" in said.error, "Traceback" in said.error) == (2, True, False)
