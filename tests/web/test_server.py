"""The feeds over HTTP, asked politely and not."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime

import aiohttp
import pytest

from bot.errors import StartError
from bot.web.events import EventDesk
from bot.web.listening import NOTHING_HERE
from bot.web.server import WebServer

SECRET = "aB3_" + "x" * 39
BODY = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


class Desk:
    """A server with one feed, and what was looked up."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.well = True
        self.events = EventDesk(lambda: None, self.hear)
        self.server = WebServer(self.read, lambda: self.well, self.events, "127.0.0.1", 0)

    async def read(self, secret: str) -> bytes | None:
        self.asked.append(secret)
        return BODY if secret == SECRET else None

    async def hear(self, member_id: int, at: datetime) -> None:
        raise AssertionError(f"{member_id} at {at}")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    await desk.server.start()
    yield desk
    await desk.server.stop()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_a_calendar_reads_its_feed(desk: Desk, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{desk.url}/calendar/{SECRET}.ics") as answer:
        assert answer.status == 200
        assert answer.content_type == "text/calendar"
        assert answer.charset == "utf-8"
        assert answer.headers["Cache-Control"].startswith("private")
        assert await answer.read() == BODY
        tag = answer.headers["ETag"]
    async with http.get(f"{desk.url}/calendar/{SECRET}.ics", headers={"If-None-Match": tag}) as answer:
        assert answer.status == 304
        assert await answer.read() == b""
    async with http.head(f"{desk.url}/calendar/{SECRET}.ics") as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    "path",
    [
        "",
        "calendar/",
        "calendar/x.ics",
        f"calendar/{SECRET}",
        f"calendar/{'y' * 43}.ics",
        f"calendar/{SECRET}x.ics",
        "calendar/../healthz.ics",
        f"calendar/%2e%2e/{SECRET}.ics",
        "calendar/%00.ics",
        f"calendar/{'z' * 5_000}.ics",
        "calendar/' OR 1=1--.ics",
        f"calendar/{SECRET}.ics/x",
    ],
)
async def test_anything_else_is_nothing(desk: Desk, http: aiohttp.ClientSession, path: str) -> None:
    async with http.get(f"{desk.url}/{path}") as answer:
        assert answer.status in (400, 404)
        assert SECRET not in await answer.text()


async def test_what_can_not_be_a_secret_is_not_looked_up(desk: Desk, http: aiohttp.ClientSession) -> None:
    for name in ("short.ics", f"{SECRET}!.ics", f"{'ü' * 43}.ics", SECRET):
        async with http.get(f"{desk.url}/calendar/{name}") as answer:
            assert (answer.status, await answer.text()) == (404, NOTHING_HERE)
    assert desk.asked == []


async def test_a_wrong_secret_and_a_dead_one_look_the_same(desk: Desk, http: aiohttp.ClientSession) -> None:
    answers = []
    for name in ("short.ics", f"{'y' * 43}.ics"):
        async with http.get(f"{desk.url}/calendar/{name}") as answer:
            headers = {key: value for key, value in answer.headers.items() if key != "Date"}
            answers.append((answer.status, headers, await answer.text()))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
async def test_nothing_can_be_sent(desk: Desk, http: aiohttp.ClientSession, method: str) -> None:
    async with http.request(method, f"{desk.url}/calendar/{SECRET}.ics", data=b"x" * 100_000) as answer:
        assert answer.status in (400, 404, 405, 413)
    assert desk.asked == []


async def test_a_header_without_end_is_refused(desk: Desk, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{desk.url}/calendar/{SECRET}.ics", headers={"X-Long": "x" * 20_000}) as answer:
        assert answer.status == 400


async def test_no_secret_stands_in_the_log(desk: Desk, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with http.get(f"{desk.url}/calendar/{SECRET}.ics"):
            pass
    assert SECRET not in caplog.text


async def said_to(desk: Desk, raw: bytes) -> bytes:
    """Send bytes that no client would, and return the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", desk.server.port)
    writer.write(raw)
    answer = await reader.read()
    writer.close()
    return answer


@pytest.mark.parametrize(
    "request_line",
    [
        f"GET /calendar/{SECRET}\x01.ics HTTP/1.1",
        f"GET /calendar/{SECRET}.ics HTTP/9",
        f"/calendar/{SECRET}.ics",
        f"GE\x00T /{SECRET} HTTP/1.1",
    ],
)
async def test_what_can_not_be_read_is_repeated_to_nobody(desk: Desk, caplog: pytest.LogCaptureFixture, request_line: str) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = await said_to(desk, f"{request_line}\r\nHost: x\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.")
    assert b" 400 " in answer.splitlines()[0]
    assert SECRET.encode() not in answer
    assert SECRET not in caplog.text


async def test_a_feed_that_fails_tells_nothing_of_its_inside(
    desk: Desk, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_secret: str) -> bytes | None:
        raise RuntimeError("inside of the database")

    monkeypatch.setattr(desk.server, "_read_feed", broken)
    async with http.get(f"{desk.url}/calendar/{SECRET}.ics") as answer:
        assert answer.status == 500
        assert "inside" not in await answer.text()


async def test_it_tells_whether_the_bot_is_well(desk: Desk, http: aiohttp.ClientSession) -> None:
    for well, status in ((True, 200), (False, 503)):
        desk.well = well
        async with http.get(f"{desk.url}/healthz") as answer:
            assert answer.status == status


async def test_a_taken_port_is_said(desk: Desk) -> None:
    second = WebServer(desk.read, lambda: True, desk.events, "127.0.0.1", desk.server.port)
    with pytest.raises(StartError, match="MATCHDAY_WEB_PORT"):
        await second.start()
