"""The sending lease of a partition: held by one process, renewed while it lives, taken over when it ends."""

import asyncio
import contextlib
import logging
import os
import secrets
import socket
import time
from collections.abc import Callable

from bot.errors import StartError
from bot.storage.deliveries import DeliveryRepository
from bot.storage.leases import LeaseRepository

log = logging.getLogger(__name__)

TRY_SECONDS = 1.0


def this_process() -> str:
    """Return a name for this process as an owner, never used again: host, process number and a random part.

    The random part tells two lives of one container apart, where the bot is always process 1.
    """
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


def is_dead(owner: str, me: str) -> bool:
    """Tell whether an owner was a process of this host that is gone: nobody need wait for its lease."""
    host, number, life = _parts(owner)
    if (host, number) == _parts(me)[:2] and host:
        return life != _parts(me)[2]  # this process bears that number now
    if os.name != "posix":  # elsewhere asking about a process may end it
        return False
    if host != socket.gethostname()[:40] or number <= 0:
        return False
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


def _parts(owner: str) -> tuple[str, int, str]:
    """Return host, process number and random part; an empty host for a name of another form."""
    host, _, rest = owner.partition(":")
    number, _, life = rest.partition(":")
    return (host, int(number), life) if life and number.isascii() and number.isdecimal() else ("", 0, "")


class Partition:
    """Hold one partition's sending lease: of all that is sent, where one process at a time serves a database."""

    def __init__(self, leases: LeaseRepository, owner: str, seconds: float, name: str = "all") -> None:
        self._leases = leases
        self._owner = owner
        self._seconds = seconds
        self._name = name
        self._renewing: asyncio.Task[None] | None = None
        self.parts: frozenset[int] | None = None
        """The partitions that are sent here; None where it is all of them."""
        self.busy: Callable[[], set[int]] = set
        """Returns the partitions of which something is under way."""
        self.changed: Callable[[], None] = lambda: None
        """Called where more is sent here than before."""
        self.is_held = False
        self.stands_by = False
        """Whether this process stands by, because another one was seen to hold it."""
        self.lost = asyncio.Event()
        self._renewed: float | None = None

    @property
    def has_run_out(self) -> bool:
        """Tell whether it was held, and another process may hold it by now."""
        return self.lost.is_set() or (self._renewed is not None and time.monotonic() - self._renewed >= self._seconds)

    @property
    def is_sure(self) -> bool:
        """Tell whether no other process can hold the lease now: it is held, and its time has not run out since it was last renewed."""
        return self.is_held and (self._renewed is None or time.monotonic() - self._renewed < self._seconds)

    async def hold(self) -> None:
        """Wait for the lease, then keep it until ``release``; says once that it stands by."""
        while (taken := await self._take()) is not True:
            if taken is False and not self.stands_by:
                log.warning("standing by: another process sends for this database; this one takes over when that one ends")
                self.stands_by = True
            await asyncio.sleep(min(TRY_SECONDS, self._seconds / 3))
        if self.stands_by:
            log.warning("taking over")
        self._keep()

    async def take_now(self) -> bool:
        """Take the lease, and keep it until ``release``, where nobody who is alive holds it; tell whether it was taken."""
        if await self._take() or await self._take():  # the first try gives back what a dead process held
            self._keep()
        return self.is_held

    async def release(self) -> None:
        """Give the lease back."""
        was_held = self.is_held
        await self.let_go()
        if was_held:
            await self._leases.release(self._name, self._owner)

    async def let_go(self) -> None:
        """Renew no more: the lease ends by itself."""
        self.is_held = False
        if self._renewing is not None:
            self._renewing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._renewing
            self._renewing = None

    async def take_over(self, deliveries: DeliveryRepository) -> int:
        """Let what an earlier holder had claimed wait again; return how many."""
        return await deliveries.release(self._owner, others=True)

    def _keep(self) -> None:
        self.is_held, self.stands_by = True, False
        self._renewing = asyncio.create_task(self._renew(), name="partition-lease")

    async def _take(self) -> bool | None:
        """Try to take the lease; None where the database did not answer.

        Raises:
            StartError: Several processes serve this database, each some of the shards.
        """
        began = time.monotonic()
        try:
            if await self._leases.acquire(self._name, self._owner, self._seconds):
                self._renewed = began
                await self._refuse_beside_shards()
                return True
            holder = await self._leases.holder(self._name)
            if holder is not None and is_dead(holder, self._owner):
                await self._leases.release(self._name, holder)
        except StartError:
            raise
        except Exception:  # a locked file or a server that starts anew: it passes, and there is nothing to do before
            log.exception("the sending lease could not be asked for; trying again")
            return None
        return False

    async def _refuse_beside_shards(self) -> None:
        if any(not is_dead(owner, self._owner) for owner in await self._leases.shards_held()):
            await self._leases.release(self._name, self._owner)
            raise StartError(
                "Other processes serve this database, each some of the shards, and this one was to serve it alone.",
                "Set MATCHDAY_SHARD_COUNT and MATCHDAY_SHARDS as they have them, or end them first.",
            )

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._seconds / 3)
            began = time.monotonic()  # before it is asked for: the lease runs from some moment after this one
            try:
                kept = await self._leases.acquire(self._name, self._owner, self._seconds)
            except Exception:  # the database may be away for a moment; the lease still runs
                log.exception("the sending lease could not be renewed")
                kept = self.is_sure
            else:
                self._renewed = began if kept else self._renewed
            if not kept:
                log.error("another process has taken over the sending; this one stops")
                self.is_held = False
                self.lost.set()
                return
