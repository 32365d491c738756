"""Cards with a picture are acknowledged before they are drawn: drawing may take longer than the 3 seconds that Discord waits."""

from pathlib import Path

from tests.support.bot_process import running_bot
from tests.support.sandbox import Json, Sandbox

THINKING, IN_PLACE = 5, 6


async def last(sandbox: Sandbox) -> Json:
    return (await sandbox.call("GET", "/control/interactions"))[-1]


async def test_what_is_drawn_is_acknowledged_first(sandbox: Sandbox, tmp_path: Path) -> None:
    amira = sandbox.person("amira")
    async with running_bot(sandbox.url, tmp_path / "data"):
        await amira.command("start", zone="Africa/Cairo")
        for command, options in (
            ("journey steps", {}),
            ("programs cost", {"more": 40}),
            ("letters board", {}),
            ("specialty figures", {}),
        ):
            reply = await amira.command(command, **options)
            assert reply.message is not None, command
            assert (await last(sandbox))["callback"] == THINKING, command


async def test_what_is_drawn_anew_in_its_place_is_acknowledged_first(sandbox: Sandbox, tmp_path: Path) -> None:
    amira = sandbox.person("amira")
    async with running_bot(sandbox.url, tmp_path / "data"):
        await amira.command("start", zone="Africa/Cairo")
        week = await amira.command("journey week")
        way = await amira.click(week, "journey:go:guide.steps")
        assert (await last(sandbox))["callback"] == IN_PLACE
        assert way.message is not None
        assert way.message["attachments"]
        costs = await amira.command("programs cost", more=40, specialty="internal medicine")
        whole = await amira.click(costs, "As it is")
        assert (await last(sandbox))["callback"] == IN_PLACE
        assert "What if" not in whole.text
