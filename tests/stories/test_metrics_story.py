"""A running bot, scraped over a socket: what a member does, what is sent and what goes wrong shows in the metrics, and nothing of her."""

import json
import re
import sqlite3
from datetime import timedelta
from pathlib import Path

import aiohttp

from tests.support.bot_process import BotProcess, running_bot
from tests.support.sandbox import Sandbox
from tests.support.waiting import wait_for
from tests.web.test_listening import free_port

WORD = "plantedjasmine"
Samples = dict[str, float]


class Scraper:
    """Read the metrics of a process as Prometheus does."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/metrics"
        self.page = ""

    async def read(self) -> Samples:
        async with aiohttp.ClientSession() as http, http.get(self.url) as answer:
            assert answer.status == 200
            self.page = await answer.text()
        lines = [line.rpartition(" ") for line in self.page.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, _, value in lines}

    async def until(self, name: str, value: float) -> Samples:
        """Scrape until a sample has a value; the page is written once a second."""

        async def there() -> Samples | None:
            samples = await self.read()
            return samples if samples.get(name) == value else None

        samples = await wait_for(there, 40, pause=0.3)
        assert samples is not None
        return samples


async def test_what_a_member_does_and_what_is_sent_to_her_shows_and_nothing_of_her(sandbox: Sandbox, tmp_path: Path) -> None:
    scraper = Scraper(port := free_port())
    async with running_bot(sandbox.url, tmp_path / "data", metrics_port=str(port), log_format="json") as bot:
        amira = sandbox.person("amira")
        await amira.command("start", zone="Africa/Cairo")
        await amira.click(await amira.command("remind settings"), "Allow direct messages")
        await amira.command("remind me", when="in 5 minutes", what=f"{WORD} letter")
        await amira.command("remind me", when=f"on {WORD} day", what=f"{WORD} when")
        sending = {"method": "POST", "path": "/channels/*/messages"}
        # Refused at first, then cut off: both strike the first request, of which the refusal is what comes.
        await sandbox.faults({"kind": "status", "status": 429, "times": 1, **sending}, {"kind": "reset", "times": 2, **sending})
        await sandbox.advance(timedelta(minutes=6))

        held = await scraper.until('matchday_deliveries_settled_total{kind="own",state="sent"}', 1)
        assert held['matchday_commands_total{command="remind me",result="answered"}'] == 1
        assert held['matchday_commands_total{command="remind me",result="refused"}'] == 1
        assert held['matchday_command_acknowledged_seconds_count{command="remind me"}'] == 2
        assert held['matchday_command_acknowledged_seconds_sum{command="remind me"}'] > 0
        assert held['matchday_clicks_total{feature="messages",kind="button",result="answered"}'] == 1
        assert held['matchday_delivery_late_seconds_count{kind="own"}'] == 1
        assert held["matchday_gateway_connected"] == 1
        assert held["matchday_sending_lease_held"] == 1
        assert held["matchday_servers"] > 0
        assert held["matchday_database_up"] == 1
        assert held["matchday_database_size_bytes"] > 10_000
        assert held["matchday_tick_age_seconds"] < 60
        assert held['matchday_discord_answers_total{status="429"}'] == 1
        assert held['matchday_discord_answers_total{status="none"}'] == 1
        assert held["matchday_invalid_requests"] == 1
        assert any(name.startswith("matchday_build_info{") for name in held)
        assert WORD not in scraper.page
        assert re.findall(r"(?<![\w.])\d{17,20}(?![\w.])", scraper.page) == []  # no id of anybody or anything

        assert await bot.stop() == 0
        for line in bot.log.splitlines():
            assert json.loads(line)["logger"].split(".")[0] in ("bot", "cogs", "discord"), line


async def test_a_command_that_fails_is_counted_and_found_in_the_log_by_the_code_that_she_was_shown(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    scraper = Scraper(port := free_port())
    async with running_bot(sandbox.url, tmp_path / "data", metrics_port=str(port), log_format="json") as bot:
        amira = sandbox.person("amira")
        break_reminders(bot)
        failed = await amira.command("remind list")
        (code,) = re.findall(r"the code ([0-9A-F]{6})", failed.text)
        held = await scraper.until('matchday_commands_total{command="remind list",result="failed"}', 1)
        # The database answers, and what is counted of it does not: that is told too, and the scrape goes on.
        assert held["matchday_database_up"] == 0
        told = [line for line in map(json.loads, bot.log.splitlines()) if line.get("interaction") == code]
        assert f"failure {code} in remind list" in [line["message"] for line in told]


def break_reminders(bot: BotProcess) -> None:
    with sqlite3.connect(bot.data_dir / "matchday.sqlite3", timeout=20) as connection:
        connection.execute("ALTER TABLE reminder RENAME TO reminder_gone")


async def test_a_process_that_stands_by_is_scraped_too(sandbox: Sandbox, tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with running_bot(sandbox.url, data):
        second = BotProcess(sandbox.url, data, metrics_port=str(port := free_port()))
        await second.begin()
        try:
            await second.until(lambda: "standing by" in second.log)
            held = await Scraper(port).read()
            told = ("standing_by", "sending_lease_held", "gateway_connected", "database_up")
            assert [held[f"matchday_{name}"] for name in told] == [1, 0, 0, 1]
        finally:
            await second.kill()


async def test_a_connection_that_breaks_off_is_counted(sandbox: Sandbox, tmp_path: Path) -> None:
    scraper = Scraper(port := free_port())
    async with running_bot(sandbox.url, tmp_path / "data", metrics_port=str(port)):
        assert (await scraper.read())["matchday_gateway_disconnects_total"] == 0
        await sandbox.gateway("drop")
        await scraper.until("matchday_gateway_disconnects_total", 1)
        await scraper.until("matchday_gateway_connected", 1)
