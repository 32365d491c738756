"""The clock that the sandbox owns: real time plus an offset, told over HTTP and moved by whoever plays."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import aiohttp

from bot.errors import StartError

log = logging.getLogger(__name__)

RECONNECT_SECONDS = 1.0


class SandboxClock:
    """Follow the sandbox's time; between two messages it runs with the host's clock."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._offset = timedelta(0)
        self._callbacks: list[Callable[[], None]] = []
        self._session: aiohttp.ClientSession | None = None
        self._follower: asyncio.Task[None] | None = None
        self._tellers: set[asyncio.Task[None]] = set()

    def now(self) -> datetime:
        """Return the sandbox's instant, aware, in UTC."""
        return datetime.now(UTC) + self._offset

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call ``callback`` whenever the sandbox's time was moved; return what stops that."""
        self._callbacks.append(callback)

        def stop() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

        return stop

    async def start(self) -> None:
        """Read the time once, then follow it; raise StartError where the sandbox does not answer."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None, sock_connect=5))
        try:
            async with self._session.get(self._url) as response:
                response.raise_for_status()
                self._set((await response.json())["offset"])
        except (aiohttp.ClientError, TimeoutError) as error:
            await self.close()
            raise StartError(
                f"The sandbox's clock at {self._url} does not answer.",
                "Start the sandbox first, or unset MATCHDAY_CLOCK_URL.",
            ) from error
        self._follower = asyncio.create_task(self._follow(), name="sandbox-clock")

    def tell_next_due(self, at: datetime | None) -> None:
        """Tell the sandbox when the bot is next due, for the button that moves the clock there."""
        task = asyncio.get_running_loop().create_task(self._put_next(at))
        self._tellers.add(task)
        task.add_done_callback(self._tellers.discard)

    async def close(self) -> None:
        """Stop following."""
        tasks = [*self._tellers, *([self._follower] if self._follower else [])]
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._session is not None:
            await self._session.close()

    async def _put_next(self, at: datetime | None) -> None:
        if self._session is None:
            return
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with self._session.put(f"{self._url}/next", json={"at": at.isoformat() if at else None}):
                pass

    async def _follow(self) -> None:
        while self._session is not None:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with self._session.get(f"{self._url}/stream") as response:
                    async for line in response.content:
                        if line.startswith(b"data:"):
                            self._set(json.loads(line[5:])["offset"])
            await asyncio.sleep(RECONNECT_SECONDS)

    def _set(self, seconds: float) -> None:
        offset = timedelta(seconds=seconds)
        if offset == self._offset:
            return
        self._offset = offset
        log.info("the sandbox's clock now says %s", self.now().isoformat(timespec="seconds"))
        for callback in tuple(self._callbacks):
            callback()
