"""One gateway session: its numbered events, kept for a replay, and the connection it has at the moment."""

import asyncio
import contextlib
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.bodies import json_bytes

MOST_KEPT = 4_096
"""The events kept for a RESUME; a bot that missed more must identify again."""

Compress = Callable[[bytes], bytes]


def compressor(kind: str | None) -> Compress | None:
    """Return the transport compression of a connection; raise ValueError for an unknown one."""
    if not kind:
        return None
    if kind == "zlib-stream":
        deflate = zlib.compressobj()
        return lambda data: deflate.compress(data) + deflate.flush(zlib.Z_SYNC_FLUSH)
    if kind == "zstd-stream":
        import zstandard

        stream = zstandard.ZstdCompressor(level=1).compressobj()
        return lambda data: stream.compress(data) + stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    raise ValueError(kind)


class Connection:
    """Send frames over one websocket, in order, from a queue."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request, compress: Compress | None) -> None:
        self.closing = False
        self._socket = socket
        self._transport = request.transport
        self._compress = compress
        self._queue: asyncio.Queue[bytes | int] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())

    def send(self, frame: bytes) -> None:
        """Queue one frame of JSON."""
        self._queue.put_nowait(frame)

    def send_op(self, op: int, data: object) -> None:
        """Queue a frame that is not an event."""
        self.send(json_bytes({"op": op, "d": data, "s": None, "t": None}))

    def close(self, code: int) -> None:
        """Close after what is queued."""
        self.closing = True
        self._queue.put_nowait(code)

    def drop(self) -> None:
        """Cut the connection without a word, and without what is still queued."""
        self.closing = True
        self._writer.cancel()
        if self._transport is not None:
            self._transport.abort()

    async def ended(self) -> None:
        """Stop writing, once the reading side has ended."""
        self._writer.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._writer

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                item = await self._queue.get()
                if isinstance(item, int):
                    await self._socket.close(code=item)
                    return
                if self._compress is None:
                    await self._socket.send_str(item.decode())
                else:
                    await self._socket.send_bytes(self._compress(item))


@dataclass(slots=True, eq=False)
class Session:
    """Hold a session; it outlives its connections."""

    id: str
    shard: int
    shards: int
    intents: int
    connection: Connection | None = None
    sequence: int = 0
    _kept: deque[tuple[int, bytes]] = field(default_factory=lambda: deque(maxlen=MOST_KEPT))

    def dispatch(self, name: str, data: bytes) -> None:
        """Number an event (``data`` is its JSON), keep it and send it if there is a connection."""
        self.sequence += 1
        frame = b'{"op":0,"t":"%b","s":%d,"d":%b}' % (name.encode(), self.sequence, data)
        self._kept.append((self.sequence, frame))
        if self.connection is not None:
            self.connection.send(frame)

    def dispatch_json(self, name: str, data: dict[str, Any]) -> None:
        """Dispatch an event that only this session gets."""
        self.dispatch(name, json_bytes(data))

    def can_replay(self, after: int) -> bool:
        """Say whether every event after a sequence number is still kept."""
        if after > self.sequence:
            return False
        return after == self.sequence or (bool(self._kept) and self._kept[0][0] <= after + 1)

    def replay(self, after: int) -> None:
        """Send again what came after a sequence number."""
        if self.connection is None:
            return
        for number, frame in self._kept:
            if number > after:
                self.connection.send(frame)
