"""The gateway: HELLO, IDENTIFY, heartbeats, RESUME with replay, shards, and every way in which it ends badly."""

import asyncio
import json
import secrets
import time
from collections import deque
from typing import Any, cast

from aiohttp import WSMsgType, web

from bot.sandbox import intents as gateway_intents
from bot.sandbox import render
from bot.sandbox.bodies import json_bytes, json_response
from bot.sandbox.bus import Happening
from bot.sandbox.gateway_session import Connection, Session, compressor
from bot.sandbox.intents import ALL, MEMBERS, PRIVILEGED
from bot.sandbox.record import RECORD, Record
from bot.sandbox.session_starts import SessionStarts, shard_of
from bot.sandbox.world import WORLD, World

HEARTBEAT_MILLISECONDS = 41_250
ACK_SECONDS = 0.02
MOST_FRAMES_A_MINUTE = 120
MOST_CHUNK = 1_000

HEARTBEAT, IDENTIFY, PRESENCE, VOICE = 1, 2, 3, 4
RESUME, RECONNECT, MEMBERS_ASKED, INVALID, HELLO, ACK = 6, 7, 8, 9, 10, 11


class GatewayError(Exception):
    """End a connection with one of Discord's close codes."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code


class Gateway:
    """Hold the sessions, and pass each happening on to those that it concerns."""

    def __init__(self, world: World, record: Record, privileged: int = 0, starts: SessionStarts | None = None) -> None:
        self.world = world
        self.record = record
        self.starts = starts or SessionStarts()
        self.privileged = privileged
        """The privileged intents that are switched on for the application; asking for others closes with 4014."""
        self.sessions: dict[str, Session] = {}
        self.url = ""
        self.guild_data = True
        """Whether a session that begins is told of its guilds; without, they stay unavailable, as in an outage."""
        self._connections: set[Connection] = set()
        self._stop = world.bus.listen(self._happened)

    def close(self) -> None:
        """Drop every connection and stop listening."""
        self._stop()
        for connection in tuple(self._connections):
            connection.drop()

    def act(self, action: str, shard: int | None, *, resumable: bool) -> int:
        """Disturb the connections of a shard (None: all); return how many there were."""
        found = [each for each in self.sessions.values() if each.connection and shard in (None, each.shard)]
        for session in found:
            connection, session.connection = session.connection, None
            if not resumable:
                del self.sessions[session.id]
            if connection is None:
                continue
            if action == "drop":
                connection.drop()
            elif action == "reconnect":
                connection.send_op(RECONNECT, None)
            else:
                connection.send_op(INVALID, resumable)
        return len(found)

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one websocket from HELLO to its end."""
        socket = web.WebSocketResponse(max_msg_size=16_384, compress=False)
        try:
            compress = compressor(request.query.get("compress"))
        except ValueError:
            return await _refused(socket, request, 4002)
        if request.query.get("v") != "10":
            return await _refused(socket, request, 4012)
        if request.query.get("encoding", "json") != "json":
            return await _refused(socket, request, 4002)
        await socket.prepare(request)
        talk = _Talk(self, Connection(socket, request, compress))
        self._connections.add(talk.connection)
        try:
            await talk.run(socket)
        finally:
            self._connections.discard(talk.connection)
            talk.ended(socket.close_code)
            await talk.connection.ended()
        return socket

    def shard_of(self, guild_id: int | None, shards: int) -> int:
        """Return the shard that hears of a guild; direct messages belong to shard 0."""
        return 0 if guild_id is None else (guild_id >> 22) % shards

    def _happened(self, happening: Happening) -> None:
        if not happening.to_bot or not happening.name.isupper():
            return
        whole: bytes | None = None
        guild_id = happening.guild_id
        if happening.name == "INTERACTION_CREATE" and guild_id not in self.world.bot_guild_ids():
            guild_id = None  # of a server that the bot is not in shard 0 hears, as of direct messages
        for session in tuple(self.sessions.values()):
            if self.shard_of(guild_id, session.shards) != session.shard:
                continue
            if not gateway_intents.passes(happening, session.intents, self.world.bot.id):
                continue
            data = gateway_intents.shown(happening, session.intents, self.world.bot.id)
            if data is not happening.data:
                session.dispatch_json(happening.name, data)
                continue
            whole = whole or json_bytes(data)
            session.dispatch(happening.name, whole)


class _Talk:
    """One conversation over one websocket."""

    def __init__(self, gateway: Gateway, connection: Connection) -> None:
        self.connection = connection
        self._gateway = gateway
        self._session: Session | None = None
        self._frames: deque[float] = deque()

    async def run(self, socket: web.WebSocketResponse) -> None:
        """Read frames until the end."""
        self.connection.send_op(HELLO, {"heartbeat_interval": HEARTBEAT_MILLISECONDS, "_trace": ["sandbox"]})
        try:
            while not socket.closed:
                message = await socket.receive(HEARTBEAT_MILLISECONDS / 1000 * 1.5)
                if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                    return
                self._frame(message.data)
        except TimeoutError:
            await socket.close(code=4009)
        except GatewayError as error:
            await socket.close(code=error.code, message=str(error).encode())

    def ended(self, code: int | None) -> None:
        """Leave the session to a later RESUME, unless the bot said goodbye with 1000 or 1001."""
        session = self._session
        if session is None:
            return
        if session.connection is self.connection:
            session.connection = None
            if code in (1000, 1001) and not self.connection.closing:
                self._gateway.sessions.pop(session.id, None)

    def _frame(self, text: str | bytes) -> None:
        op, data = _parsed(text)
        self._count()
        shown = {name: value for name, value in data.items() if name != "token"}
        self._gateway.record.add(self._gateway.world.now(), "GATEWAY", f"op{op}", body=shown)
        if op == HEARTBEAT:
            # As far away as a near data centre: discord.py notes when it sent after it has sent, and takes an earlier answer for one
            # that is a whole interval late.
            asyncio.get_running_loop().call_later(ACK_SECONDS, self.connection.send_op, ACK, None)
        elif op == IDENTIFY:
            self._identify(data)
        elif op == RESUME:
            self._resume(data)
        elif self._session is None:
            raise GatewayError(4003, "not identified")
        elif op == MEMBERS_ASKED:
            self._members(self._session, data)
        elif op not in (PRESENCE, VOICE):
            raise GatewayError(4001, f"unknown op {op}")

    def _count(self) -> None:
        now = time.monotonic()
        while self._frames and now - self._frames[0] > 60:
            self._frames.popleft()
        self._frames.append(now)
        if len(self._frames) > MOST_FRAMES_A_MINUTE:
            raise GatewayError(4008, "more than 120 frames in 60 seconds")

    def _identify(self, data: dict[str, Any]) -> None:
        if self._session is not None:
            raise GatewayError(4005, "already identified")
        self._check_token(data)
        named = shard_of(data)
        if named is None:
            raise GatewayError(4010, "invalid shard")
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~ALL:
            raise GatewayError(4013, "invalid intents")
        if intents & PRIVILEGED & ~self._gateway.privileged:
            raise GatewayError(4014, "disallowed intents")
        if not self._gateway.starts.takes(named[0]):
            self.connection.send_op(INVALID, False)
            return
        session = self._session = Session(secrets.token_hex(16), *named, intents, self.connection)
        self._gateway.sessions[session.id] = session
        self._ready(session)

    def _ready(self, session: Session) -> None:
        gateway, world = self._gateway, self._gateway.world
        mine = [each for each in world.bot_guild_ids() if gateway.shard_of(each, session.shards) == session.shard]
        ready = {
            "v": 10,
            "user": world.bot_user_json(),
            "guilds": [{"id": str(each), "unavailable": True} for each in mine],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": gateway.url,
            "shard": [session.shard, session.shards],
            "application": {"id": str(world.application_id), "flags": 0},
            "private_channels": [],
            "relationships": [],
            "_trace": ["sandbox"],
        }
        session.dispatch_json("READY", ready)
        for each in mine if gateway.guild_data else ():
            guild = gateway_intents.guild_shown(world.guild_json(each), session.intents, world.bot.id)
            session.dispatch_json("GUILD_CREATE", guild)

    def _resume(self, data: dict[str, Any]) -> None:
        if self._session is not None:
            raise GatewayError(4005, "already identified")
        self._check_token(data)
        session = self._gateway.sessions.get(str(data.get("session_id")))
        sequence = data.get("seq")
        if session is None or not isinstance(sequence, int) or not session.can_replay(sequence):
            self.connection.send_op(INVALID, False)
            return
        if session.connection is not None:
            session.connection.drop()
        self._session = session
        session.connection = self.connection
        session.replay(sequence)
        session.dispatch_json("RESUMED", {"_trace": ["sandbox"]})

    def _check_token(self, data: dict[str, Any]) -> None:
        if str(data.get("token", "")).removeprefix("Bot ") != self._gateway.world.token:
            raise GatewayError(4004, "authentication failed")

    def _members(self, session: Session, data: dict[str, Any]) -> None:
        world = self._gateway.world
        guild = world.guilds.get(int(data.get("guild_id", 0)))
        if guild is None:
            return
        asked = data.get("user_ids")
        query, limit = str(data.get("query", "")).lower(), int(data.get("limit", 0))
        if asked is None and not query and limit == 0 and not session.intents & MEMBERS:
            raise GatewayError(4014, "the whole list of members needs the members intent")
        ids = [int(each) for each in ([asked] if isinstance(asked, (str, int)) else asked or guild.members)]
        found = [each for each in ids if each in guild.members and world.users[each].username.lower().startswith(query)]
        found = found[: limit or (None if asked is None else 100)]
        lots = [found[start : start + MOST_CHUNK] for start in range(0, len(found), MOST_CHUNK)] or [[]]
        for index, lot in enumerate(lots):
            chunk: dict[str, Any] = {
                "guild_id": str(guild.id),
                "members": [render.member(world, guild.members[each]) for each in lot],
                "chunk_index": index,
                "chunk_count": len(lots),
                "not_found": [str(each) for each in ids if asked is not None and each not in guild.members],
            }
            if data.get("nonce") is not None:
                chunk["nonce"] = data["nonce"]
            session.dispatch_json("GUILD_MEMBERS_CHUNK", chunk)


def _parsed(text: str | bytes) -> tuple[int, dict[str, Any]]:
    """Return a frame's op and, where its data is an object, the data; a heartbeat's is a bare number."""
    try:
        frame = json.loads(text)
        op, data = int(frame["op"]), frame.get("d")
    except (ValueError, KeyError, TypeError) as error:
        raise GatewayError(4002, "not a frame") from error
    return op, cast("dict[str, Any]", data) if isinstance(data, dict) else {}


async def _refused(socket: web.WebSocketResponse, request: web.Request, code: int) -> web.WebSocketResponse:
    await socket.prepare(request)
    await socket.close(code=code)
    return socket


GATEWAY = web.AppKey("gateway", Gateway)


async def _connect(request: web.Request) -> web.WebSocketResponse:
    return await request.app[GATEWAY].connect(request)


async def _address(request: web.Request) -> web.Response:
    return json_response({"url": request.app[GATEWAY].url})


async def _bot_address(request: web.Request) -> web.Response:
    gateway = request.app[GATEWAY]
    return json_response({"url": gateway.url, **gateway.starts.told()})


def make_gateway(app: web.Application, privileged: int = 0, starts: SessionStarts | None = None) -> Gateway:
    """Put a gateway together from what the application holds."""
    gateway = app[GATEWAY] = Gateway(app[WORLD], app[RECORD], privileged, starts)
    return gateway


def gateway_routes() -> list[web.RouteDef]:
    """Return the gateway's routes."""
    return [
        web.get("/gateway", _connect),
        web.get("/api/v10/gateway", _address),
        web.get("/api/v10/gateway/bot", _bot_address),
    ]
