"""When the bot listens at all: only where a public address is configured, and only where it was told to."""

import socket
from pathlib import Path

import aiohttp
import pytest

from bot.run import _web
from bot.settings import Settings
from bot.wiring import open_house

AMIRA = 1100000000000001000


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def settings_for(tmp_path: Path, public_url: str | None) -> Settings:
    return Settings(data_dir=tmp_path, public_url=public_url, web_port=free_port())


async def test_without_an_address_nothing_listens(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, None)
    async with open_house(settings) as house, _web(settings, house, lambda: None), aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.ClientConnectionError):
            await http.get(f"http://127.0.0.1:{settings.web_port}/healthz")
        assert not house.services.calendars.has_address


async def test_with_an_address_a_feed_can_be_read_until_the_end(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "https://matchday.example.org/bot/")
    local = f"http://127.0.0.1:{settings.web_port}"
    async with open_house(settings) as house, aiohttp.ClientSession() as http:
        async with _web(settings, house, lambda: None):
            address = await house.services.calendars.make_feed(AMIRA)
            assert address.startswith("https://matchday.example.org/bot/calendar/")
            async with http.get(local + address.removeprefix("https://matchday.example.org/bot")) as answer:
                assert answer.status == 200
                assert (await answer.read()).startswith(b"BEGIN:VCALENDAR")
            async with http.get(f"{local}/healthz") as answer:
                assert answer.status == 200
        with pytest.raises(aiohttp.ClientConnectionError):
            await http.get(f"{local}/healthz")
