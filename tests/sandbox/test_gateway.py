"""The gateway against an unmodified discord.py, and against frames that it would never send."""

import json
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import pytest
import zstandard

from bot.sandbox.gateway import GATEWAY
from bot.sandbox.gateway_session import MOST_KEPT
from bot.sandbox.server import SandboxServer
from tests.support.bare_bot import Bare, BareSharded, running
from tests.support.sandbox import Sandbox
from tests.support.waiting import wait_for


async def _after_resume(bot: Bare) -> None:
    await wait_for(lambda: "RESUMED" in bot.events)


async def test_two_shards_share_the_guilds(pointed: Sandbox) -> None:
    made = [await pointed.add_guild(f"Circle {number}") for number in range(6)]
    async with running(BareSharded(shard_count=2)) as bot:
        await wait_for(lambda: len(bot.guilds) == 7)
        assert {guild.shard_id for guild in bot.guilds} == {0, 1}
        for guild in bot.guilds:
            assert guild.shard_id == (guild.id >> 22) % 2
        for body in made[:2]:
            reply = await pointed.person("amira").command("ping", channel=body["channels"][0]["id"])
            assert reply.text == "pong"
        assert (await pointed.person("amira").command("ping", channel="dm")).text == "pong"


@pytest.mark.parametrize("action", ["drop", "reconnect", "invalid"])
async def test_resume_loses_no_event(pointed: Sandbox, action: str) -> None:
    async with running(Bare()) as bot:
        amira = pointed.person("amira")
        await amira.say("0", channel="dm")
        await wait_for(lambda: len(bot.heard) == 1)
        assert await pointed.gateway(action) == 1
        for number in range(1, 6):
            await amira.say(str(number), channel="dm")
        await _after_resume(bot)
        await amira.say("6", channel="dm")
        await wait_for(lambda: len(bot.heard) == 7)
        assert [each.content for each in bot.heard] == [str(number) for number in range(7)]
        assert bot.events.count("READY") == 1


async def test_two_dropped_shards_both_resume(pointed: Sandbox) -> None:
    async with running(BareSharded(shard_count=2)) as bot:
        assert await pointed.gateway("drop") == 2
        await wait_for(lambda: bot.events.count("RESUMED") == 2)
        await pointed.gateway("drop", shard=1)
        await wait_for(lambda: bot.events.count("RESUMED") == 3)
        await pointed.connected(2)
        assert (await pointed.person("amira").command("ping")).text == "pong"


async def test_a_lost_session_identifies_again(pointed: Sandbox) -> None:
    async with running(Bare()) as bot:
        assert await pointed.gateway("invalid", resumable=False) == 1
        await wait_for(lambda: bot.events.count("READY") == 2)
        assert (await pointed.person("amira").command("ping")).text == "pong"


async def test_each_shard_hears_of_its_servers_alone_and_the_first_of_messages(sandbox: Sandbox, sandbox_server: SandboxServer) -> None:
    made = [int((await sandbox.add_guild(f"Circle {number}"))["id"]) for number in range(6)]
    heard: dict[int, set[int]] = {}
    for shard in (0, 1, 2):
        async with wire(sandbox_server) as bot:
            await bot.send(2, {**_identity(sandbox_server), "shard": [shard, 3]})
            ready = await bot.until("READY")
            assert ready["shard"] == [shard, 3]
            heard[shard] = {int(each["id"]) for each in ready["guilds"]}
    assert {each for ids in heard.values() for each in ids} >= set(made)
    assert all((each >> 22) % 3 == shard for shard, ids in heard.items() for each in ids)
    async with wire(sandbox_server) as first, wire(sandbox_server) as second:
        await first.send(2, {**_identity(sandbox_server), "intents": 1 << 12, "shard": [0, 2]})
        await second.send(2, {**_identity(sandbox_server), "intents": 1 << 12, "shard": [1, 2]})
        await first.until("READY")
        await second.until("READY")
        await sandbox.person("amira").say("hello", channel="dm")
        assert (await first.until("MESSAGE_CREATE"))["content"] == "hello"
        await sandbox.gateway("reconnect", shard=1)
        heard_by_second: list[str] = []
        while (frame := await second.next())["op"] != 7:
            heard_by_second.append(frame["t"])
        assert set(heard_by_second) <= {"READY", "GUILD_CREATE"}


async def test_sessions_that_begin_too_fast_are_invalid(sandbox: Sandbox, sandbox_server: SandboxServer) -> None:
    starts = sandbox_server.app[GATEWAY].starts
    starts.seconds, starts.shards = 3_600.0, 4
    async with wire(sandbox_server) as one, wire(sandbox_server) as other:
        await one.send(2, {**_identity(sandbox_server), "shard": [0, 4]})
        await one.until("READY")
        await other.send(2, {**_identity(sandbox_server), "shard": [1, 4]})
        while (frame := await other.next())["op"] == 10:
            pass
        assert (frame["op"], frame["d"]) == (9, False)
        told = await sandbox.rest("GET", "/gateway/bot")
        assert (told["shards"], told["session_start_limit"]["remaining"]) == (4, 999)
        starts.seconds = 0.0
        await other.send(2, {**_identity(sandbox_server), "shard": [1, 4]})
        assert (await other.until("READY"))["shard"] == [1, 4]


async def test_a_session_dropped_for_good_is_refused_and_identifies_again(pointed: Sandbox) -> None:
    async with running(Bare()) as bot:
        await pointed.gateway("drop", resumable=False)
        await wait_for(lambda: bot.events.count("READY") == 2)
        assert "RESUMED" not in bot.events


async def test_a_wrong_token_is_refused(pointed: Sandbox) -> None:
    with pytest.raises(discord.LoginFailure):
        async with running(Bare(), token="wrong"):
            pass


async def test_privileged_intents_are_refused(pointed: Sandbox) -> None:
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(Bare(intents=discord.Intents.all())):
            pass


# --- by hand


class Wire:
    """Speak the gateway's frames by hand."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, unpack: Callable[[bytes], bytes]) -> None:
        self.socket = socket
        self.sequence = 0
        self._unpack = unpack

    async def send(self, op: int, data: object) -> None:
        await self.socket.send_str(json.dumps({"op": op, "d": data}))

    async def next(self) -> dict[str, Any]:
        message = await self.socket.receive(5)
        assert message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY), message
        frame = json.loads(message.data if isinstance(message.data, str) else self._unpack(message.data))
        self.sequence = frame["s"] or self.sequence
        return frame

    async def until(self, name: str) -> dict[str, Any]:
        while (frame := await self.next())["t"] != name:
            pass
        return frame["d"]

    async def closed(self) -> int | None:
        while (await self.socket.receive(5)).type not in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED):
            pass
        return self.socket.close_code


def _unpacker(kind: str) -> Callable[[bytes], bytes]:
    if kind == "zlib-stream":
        inflate = zlib.decompressobj()

        def unpack(data: bytes) -> bytes:
            assert data.endswith(b"\x00\x00\xff\xff")
            return inflate.decompress(data)

        return unpack
    return zstandard.ZstdDecompressor().decompressobj().decompress


@asynccontextmanager
async def wire(server: SandboxServer, *, kind: str = "", query: str = "v=10&encoding=json") -> AsyncIterator[Wire]:
    address = f"{server.url}/gateway?{query}" + (f"&compress={kind}" if kind else "")
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        yield Wire(socket, _unpacker(kind))


def _identity(server: SandboxServer, **more: object) -> dict[str, object]:
    return {"token": server.token, "intents": 1 | 1 << 12, "properties": {}, **more}


@pytest.mark.parametrize("kind", ["", "zlib-stream", "zstd-stream"])
async def test_every_compression(sandbox: Sandbox, sandbox_server: SandboxServer, kind: str) -> None:
    async with wire(sandbox_server, kind=kind) as bot:
        assert (await bot.next())["d"]["heartbeat_interval"] > 10_000
        await bot.send(1, None)
        assert (await bot.next())["op"] == 11
        await bot.send(2, _identity(sandbox_server))
        ready = await bot.until("READY")
        assert ready["guilds"][0]["unavailable"]
        assert (await bot.until("GUILD_CREATE"))["name"] == "Residency Circle"
        for number in range(20):
            await sandbox.person("amira").say(f"{number} é", channel="dm")
            assert (await bot.until("MESSAGE_CREATE"))["content"] == f"{number} é"


async def test_resume_replays_what_was_missed_in_order(sandbox: Sandbox, sandbox_server: SandboxServer) -> None:
    async with wire(sandbox_server) as bot:
        await bot.send(2, _identity(sandbox_server))
        session = (await bot.until("READY"))["session_id"]
        await bot.until("GUILD_CREATE")
        sequence = bot.sequence
        await sandbox.person("amira").say("seen by nobody", channel="dm")
        await sandbox.gateway("drop")
    await sandbox.person("amira").say("missed", channel="dm")
    async with wire(sandbox_server) as bot:
        await bot.send(6, {"token": sandbox_server.token, "session_id": session, "seq": sequence})
        assert (await bot.until("MESSAGE_CREATE"))["content"] == "seen by nobody"
        assert (await bot.until("MESSAGE_CREATE"))["content"] == "missed"
        await bot.until("RESUMED")


async def test_too_much_missed_invalidates_the_session(sandbox: Sandbox, sandbox_server: SandboxServer) -> None:
    async with wire(sandbox_server) as bot:
        await bot.send(2, _identity(sandbox_server))
        session = (await bot.until("READY"))["session_id"]
        await sandbox.gateway("drop")
    for _ in range(MOST_KEPT + 2):
        sandbox_server.world.tell("CHANNEL_UPDATE", {}, guild_id=None)
    async with wire(sandbox_server) as bot:
        await bot.send(6, {"token": sandbox_server.token, "session_id": session, "seq": 2})
        await bot.next()
        assert await bot.next() == {"op": 9, "d": False, "s": None, "t": None}


async def test_goodbye_ends_the_session(sandbox: Sandbox, sandbox_server: SandboxServer) -> None:
    async with wire(sandbox_server) as bot:
        await bot.send(2, _identity(sandbox_server))
        await bot.until("READY")
        await bot.socket.close(code=1000)

    async def gone() -> bool:
        return await sandbox.sessions() == []

    await wait_for(gone)


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        ([(2, {"token": "wrong", "intents": 1})], 4004),
        ([(2, {"intents": 1, "shard": [2, 2]})], 4010),
        ([(2, {"intents": 1, "shard": [-1, 2]})], 4010),
        ([(2, {"intents": 1, "shard": [0]})], 4010),
        ([(2, {"intents": 1, "shard": ["0", "1"]})], 4010),
        ([(2, {"intents": 1, "shard": [True, 2]})], 4010),
        ([(2, {"intents": 1, "shard": "0/1"})], 4010),
        ([(2, {"intents": 1, "shard": [0, 5000]})], 4010),
        ([(2, {"intents": 1 << 40})], 4013),
        ([(2, {"intents": 1 << 15})], 4014),
        ([(2, {"intents": 1}), (2, {"intents": 1})], 4005),
        ([(3, {})], 4003),
        ([(2, {"intents": 1}), (77, {})], 4001),
        ([(2, {"intents": 1}), (8, {"guild_id": "1100000000000000001", "query": "", "limit": 0})], 4014),
        ([(1, None)] * 121, 4008),
    ],
)
async def test_close_codes(sandbox: Sandbox, sandbox_server: SandboxServer, frames: list[tuple[int, Any]], code: int) -> None:
    async with wire(sandbox_server) as bot:
        for op, data in frames:
            await bot.send(op, {"token": sandbox_server.token, **data} if op == 2 else data)
        assert await bot.closed() == code


@pytest.mark.parametrize(("query", "code"), [("v=9&encoding=json", 4012), ("v=10&encoding=etf", 4002), ("v=10&compress=rot13", 4002)])
async def test_refused_connections(sandbox: Sandbox, sandbox_server: SandboxServer, query: str, code: int) -> None:
    async with wire(sandbox_server, query=query) as bot:
        assert await bot.closed() == code


async def test_nonsense_is_refused(sandbox: Sandbox, sandbox_server: SandboxServer) -> None:
    async with wire(sandbox_server) as bot:
        await bot.socket.send_str("hello")
        assert await bot.closed() == 4002


async def test_members_by_id_and_name(sandbox: Sandbox, sandbox_server: SandboxServer) -> None:
    async with wire(sandbox_server) as bot:
        await bot.send(2, _identity(sandbox_server))
        guild = await bot.until("GUILD_CREATE")
        await bot.send(8, {"guild_id": guild["id"], "query": "am", "limit": 5, "nonce": "n"})
        chunk = await bot.until("GUILD_MEMBERS_CHUNK")
        assert ([each["user"]["username"] for each in chunk["members"]], chunk["nonce"]) == (["amira"], "n")
        await bot.send(8, {"guild_id": guild["id"], "user_ids": ["1100000000000000032", "5"], "limit": 0})
        chunk = await bot.until("GUILD_MEMBERS_CHUNK")
        assert ([each["user"]["username"] for each in chunk["members"]], chunk["not_found"]) == (["diego"], ["5"])


async def test_frames_are_recorded_without_the_token(sandbox: Sandbox, sandbox_server: SandboxServer) -> None:
    async with wire(sandbox_server) as bot:
        await bot.send(2, _identity(sandbox_server))
        await bot.until("READY")
    entry = (await sandbox.record("gateway"))[0]
    assert entry["path"] == "op2"
    assert "token" not in entry["body"]
