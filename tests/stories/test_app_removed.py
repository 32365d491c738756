"""A member takes the app off her account: Discord tells the bot over HTTP, messages stop, and all of it ends after a grace."""

import socket
from datetime import timedelta
from pathlib import Path

from tests.support.bot_process import running_bot
from tests.support.sandbox import Sandbox, text_of
from tests.support.waiting import wait_for


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def test_who_took_the_app_off_is_sent_nothing_more_and_is_told_when_she_comes_back(tmp_path: Path, sandbox: Sandbox) -> None:
    port, amira = free_port(), sandbox.person("amira")
    address = f"http://127.0.0.1:{port}"
    async with running_bot(sandbox.url, tmp_path / "data", public_url=address, web_port=str(port)):
        await amira.command("start", zone="Africa/Cairo")
        await amira.click(await amira.command("remind settings"), "Allow direct messages")
        await amira.command("remind me", when="in 2 days", what="ask for the letter")
        greeted = len(await amira.messages())
        await sandbox.advance(timedelta(minutes=1))

        told = await sandbox.call("POST", "/control/people/amira/deauthorize", {"url": f"{address}/discord/events"})
        assert told == {"status": 204}
        await sandbox.advance(timedelta(days=3))

        async def has_waited() -> bool:
            return "ask for the letter" in (await amira.command("remind inbox")).text

        await wait_for(has_waited, 20, pause=0.2)
        assert len(await amira.messages()) == greeted, [text_of(each) for each in await amira.messages()]

        await sandbox.advance(timedelta(days=1))  # the look of a night, then nine on her clock

        async def is_told() -> bool:
            return "You took me off your account" in (await amira.command("remind inbox")).text

        await wait_for(is_told, 20, pause=0.2)
