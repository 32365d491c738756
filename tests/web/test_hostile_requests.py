"""Both ports, of the feeds and of the metrics, asked by those who mean harm: short answers, nothing repeated, and the bot goes on."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import pytest

from bot.web.events import EventDesk
from bot.web.listening import MALFORMED, NOTHING_HERE, ONLY_READ, Limits
from bot.web.metrics import MetricsServer
from bot.web.server import WebServer
from tests.support.waiting import wait_for

PLANTED = "plantedpathofasecret"
PAGE = b"# a page\n" * 50
LARGE = b"# a large page\n" * 1_000_000
"""More than fits into the buffers of a connection that is not read."""
POLITE = {"feeds": "/healthz", "metrics": "/metrics"}
LONGEST_ANSWER = 600

Serve = Callable[..., Awaitable[WebServer | MetricsServer]]


class Port:
    """Hold a server that listens, and what is asked of it politely."""

    def __init__(self, server: WebServer | MetricsServer, path: str) -> None:
        self.server, self.path = server, path

    async def said(self, raw: bytes) -> bytes:
        """Send bytes that no client would; return all that comes until the connection ends."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        try:
            writer.write(raw)
            return await asyncio.wait_for(read_to_end(reader), 20)
        finally:
            writer.close()

    async def is_polite(self) -> bool:
        answer = await self.said(f"GET {self.path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        return answer.startswith(b"HTTP/1.1 200 ")


async def read_to_end(reader: asyncio.StreamReader) -> bytes:
    read = b""
    try:
        while part := await reader.read(65_536):
            read += part
    except ConnectionError:  # cut off in the middle is an end too
        pass
    return read


async def no_event(member_id: int, at: datetime) -> None:
    raise AssertionError(f"{member_id} at {at}")


async def no_feed(_secret: str) -> bytes | None:
    return None


async def page() -> tuple[str, bytes]:
    return "text/plain", PAGE


@asynccontextmanager
async def listening(which: str, limits: Limits | None = None) -> AsyncIterator[Port]:
    if which == "feeds":
        server = WebServer(no_feed, lambda: True, EventDesk(lambda: None, no_event), "127.0.0.1", 0, limits)
    else:
        server = MetricsServer(page, "127.0.0.1", 0, limits)
    await server.start()
    try:
        yield Port(server, POLITE[which])
    finally:
        await server.stop()


@pytest.fixture(params=POLITE)
async def port(request: pytest.FixtureRequest) -> AsyncIterator[Port]:
    async with listening(request.param) as port:
        yield port


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    return "\r\n".join([line, "Host: x", *headers, "", ""]).encode() + body


CAN_NOT_BE_READ = {
    "no method": request(f"/{PLANTED} HTTP/1.1"),
    "no method that there is": request(f"BREW /{PLANTED} HTTP/1.1"),
    "another version": request(f"GET /{PLANTED} HTTP/9"),
    "a control character": request(f"GET /{PLANTED}\x01 HTTP/1.1"),
    "a null": request(f"GE\x00T /{PLANTED} HTTP/1.1"),
    "a greeting of TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + PLANTED.encode() + b"\r\n\r\n",
    "a line without end": request(f"GET /{PLANTED}{'x' * 20_000} HTTP/1.1"),
    "a header without end": request("GET / HTTP/1.1", f"X-Long: {PLANTED}{'x' * 20_000}"),
    "too many headers": request("GET / HTTP/1.1", *[f"X-{number}: {PLANTED}" for number in range(200)]),
    "a header without a name": request("GET / HTTP/1.1", f": {PLANTED}"),
    "two lengths": request("POST / HTTP/1.1", "Content-Length: 3", "Content-Length: 5", body=PLANTED.encode()),
    "a length that is none": request("POST / HTTP/1.1", f"Content-Length: {PLANTED}"),
    "a length below nothing": request("POST / HTTP/1.1", "Content-Length: -1", body=PLANTED.encode()),
    "a length and chunks": request("POST / HTTP/1.1", "Content-Length: 3", "Transfer-Encoding: chunked", body=PLANTED.encode()),
}


@pytest.mark.parametrize("which", CAN_NOT_BE_READ)
async def test_what_can_not_be_read_gets_a_short_answer_that_repeats_nothing(
    port: Port, caplog: pytest.LogCaptureFixture, which: str
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = await port.said(CAN_NOT_BE_READ[which])
    assert b" 400 " in answer.splitlines()[0]
    assert answer.endswith(MALFORMED.encode())
    assert len(answer) < LONGEST_ANSWER
    assert PLANTED.encode() not in answer
    assert PLANTED not in caplog.text
    assert await port.is_polite()


NOTHING = {
    "a folder above": "/../../../etc/passwd",
    "a folder above, written otherwise": "/%2e%2e/%2e%2e/etc/passwd",
    "a folder above, behind a path": "/metrics/../../etc/passwd",
    "two slashes": "//metrics//",
    "a backslash": "/..\\..\\etc\\passwd",
    "a null": "/%00",
    "the address of another": f"http://{PLANTED}.example.org/",
    "a path in the oldest form": f"/{PLANTED}\r\n\r\n",
    "a query": f"/nothing?{PLANTED}=1",
    "words of a database": "/calendar/'%20OR%201=1--.ics",
}


@pytest.mark.parametrize("which", NOTHING)
async def test_a_path_that_leads_elsewhere_leads_nowhere(port: Port, caplog: pytest.LogCaptureFixture, which: str) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = await port.said(request(f"GET {NOTHING[which]} HTTP/1.1"))
    assert answer.splitlines()[0].split()[1] in (b"400", b"404")
    assert answer.endswith((NOTHING_HERE.encode(), MALFORMED.encode()))
    assert len(answer) < LONGEST_ANSWER
    assert b"root:" not in answer
    assert PLANTED.encode() not in answer
    assert PLANTED not in caplog.text


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("body", [b"", b"x" * 100_000], ids=["empty", "large"])
async def test_nothing_can_be_changed(port: Port, method: str, body: bytes) -> None:
    answer = await port.said(request(f"{method} {port.path} HTTP/1.1", f"Content-Length: {len(body)}", body=body))
    assert b" 405 " in answer.splitlines()[0]
    assert answer.endswith(ONLY_READ.encode())


async def test_a_connection_to_elsewhere_is_not_made(port: Port) -> None:
    answer = await port.said(request(f"CONNECT {PLANTED}:443 HTTP/1.1"))
    assert answer.splitlines()[0].split()[1] in (b"400", b"404", b"405")
    assert PLANTED.encode() not in answer


async def test_a_body_that_is_announced_and_never_comes_holds_nobody_up(port: Port) -> None:
    answer = await port.said(request(f"POST {port.path} HTTP/1.1", "Content-Length: 1000000000000", body=b"x"))
    assert b" 405 " in answer.splitlines()[0]
    assert await port.is_polite()


async def test_a_connection_is_for_one_request(port: Port) -> None:
    answer = await port.said(request(f"HEAD {port.path} HTTP/1.1") * 100)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"connection: close" in answer.lower()


@pytest.mark.parametrize("which", POLITE)
@pytest.mark.parametrize("said", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nX-Slow: "], ids=["nothing", "half a line", "half a header"])
async def test_one_who_never_finishes_asking_is_let_go(which: str, said: bytes) -> None:
    async with listening(which, Limits(seconds=0.05)) as port:
        assert await port.said(said) == b""
        assert port.server.listener.open == 0


async def test_one_who_never_reads_the_answer_is_let_go() -> None:
    async def large() -> tuple[str, bytes]:
        return "text/plain", LARGE

    server = MetricsServer(large, "127.0.0.1", 0, Limits(seconds=0.3))
    await server.start()
    with socket.socket() as asking:
        asking.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        asking.setblocking(False)
        await asyncio.get_running_loop().sock_connect(asking, ("127.0.0.1", server.port))
        await asyncio.get_running_loop().sock_sendall(asking, request("GET /metrics HTTP/1.1"))
        await wait_for(lambda: server.listener.open == 1)
        await wait_for(lambda: server.listener.open == 0)
    await server.stop()


@pytest.mark.parametrize("which", POLITE)
async def test_of_many_at_once_a_few_are_heard_and_the_next_as_soon_as_one_goes(which: str) -> None:
    async with listening(which, Limits(connections=4)) as port:
        held = [await asyncio.open_connection("127.0.0.1", port.server.port) for _ in range(4)]
        await wait_for(lambda: port.server.listener.open == 4)
        answers = await asyncio.gather(*(port.said(b"") for _ in range(100)))
        assert {answer.splitlines()[0] for answer in answers} == {b"HTTP/1.1 503 Service Unavailable"}
        assert {len(answer) < LONGEST_ANSWER for answer in answers} == {True}
        held[0][1].close()
        await wait_for(lambda: port.server.listener.open == 3)
        assert await port.is_polite()
        for _, writer in held:
            writer.close()
        await wait_for(lambda: port.server.listener.open == 0)
