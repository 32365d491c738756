"""The sending lease of a partition: held by one process, renewed while it lives, taken over when it ends."""

import asyncio
import contextlib
import logging
import os
import socket

from bot.storage.leases import LeaseRepository

log = logging.getLogger(__name__)

TRY_SECONDS = 1.0


def this_process() -> str:
    """Return the name of this process as an owner: host and process number."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


def is_dead(owner: str) -> bool:
    """Tell whether an owner was a process of this host that is gone: nobody need wait for its lease."""
    host, _, number = owner.rpartition(":")
    if host != socket.gethostname()[:40] or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


class Partition:
    """Hold one partition's sending lease."""

    def __init__(self, leases: LeaseRepository, owner: str, seconds: float, name: str = "all") -> None:
        self._leases = leases
        self._owner = owner
        self._seconds = seconds
        self._name = name
        self._renewing: asyncio.Task[None] | None = None
        self.is_held = False
        self.lost = asyncio.Event()

    async def hold(self) -> None:
        """Wait for the lease, then keep it until ``release``; says once that it stands by."""
        told = False
        while not await self._take():
            if not told:
                log.warning("standing by: another process sends for this database; this one takes over when that one ends")
                told = True
            await asyncio.sleep(min(TRY_SECONDS, self._seconds / 3))
        if told:
            log.warning("taking over")
        self.is_held = True
        self._renewing = asyncio.create_task(self._renew(), name="partition-lease")

    async def release(self) -> None:
        """Give the lease back."""
        if self._renewing is not None:
            self._renewing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._renewing
            self._renewing = None
        if self.is_held:
            self.is_held = False
            await self._leases.release(self._name, self._owner)

    async def _take(self) -> bool:
        if await self._leases.acquire(self._name, self._owner, self._seconds):
            return True
        holder = await self._leases.holder(self._name)
        if holder is not None and is_dead(holder):
            await self._leases.release(self._name, holder)
        return False

    async def _renew(self) -> None:
        loop = asyncio.get_running_loop()
        renewed = loop.time()
        while True:
            await asyncio.sleep(self._seconds / 3)
            try:
                kept = await self._leases.acquire(self._name, self._owner, self._seconds)
            except Exception:  # the database may be away for a moment; the lease still runs
                log.exception("the sending lease could not be renewed")
                kept = loop.time() - renewed < self._seconds
            else:
                renewed = loop.time()
            if not kept:
                log.error("another process has taken over the sending; this one stops")
                self.is_held = False
                self.lost.set()
                return
