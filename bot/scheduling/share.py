"""One process's share of the sending, where several serve a database: its shards, and some of the partitions."""

import asyncio
import contextlib
import logging
import time

from bot.domain.shards import Shards
from bot.errors import StartError
from bot.scheduling.partition import Partition, is_dead
from bot.storage.database import Database
from bot.storage.deliveries import DeliveryRepository
from bot.storage.leases import LeaseRepository
from bot.storage.shares import Holding, OtherCountError, ShareRepository

log = logging.getLogger(__name__)

LEAVING_SECONDS = 1.0
"""How often a process that is to give a partition up looks whether nothing of it is under way any more."""


class Share(Partition):
    """Hold a process's shards, and as many partitions as fall to it; those of a process that died are taken over when its lease ends."""

    def __init__(self, database: Database, owner: str, seconds: float, shards: Shards) -> None:
        super().__init__(LeaseRepository(database), owner, seconds)
        self._shares = ShareRepository(database, lambda other: is_dead(other, owner))
        self._shards = shards
        self._look = asyncio.Event()
        self._leaving = False
        self.parts = frozenset()

    def look(self) -> None:
        """Look at once who holds what: something has changed."""
        self._look.set()

    async def release(self) -> None:
        """Give everything back."""
        was_held = self.is_held
        await self.let_go()
        self.parts = frozenset()
        if was_held:
            await self._shares.end(self._owner)

    async def take_over(self, deliveries: DeliveryRepository) -> int:  # noqa: ARG002 - as there
        """Do nothing more: what a dead process had claimed was freed with the taking, in one transaction."""
        return 0

    async def _take(self) -> bool | None:
        """Try to take the shards; None where the database did not answer.

        Raises:
            StartError: A process lives that counts the shards otherwise.
        """
        began = time.monotonic()
        try:
            holding = await self._shares.begin(self._owner, self._shards, self._seconds)
        except OtherCountError as error:
            theirs = f"{error.count} shards" if error.count else "no shards and serves it alone"
            raise StartError(
                f"A process that still runs on this database counts {theirs}; MATCHDAY_SHARD_COUNT says {self._shards.count}.",
                "End every process first, then start them all with one count.",
            ) from error
        except Exception:  # a server that starts anew: it passes, and there is nothing to do before
            log.exception("the sending lease could not be asked for; trying again")
            return None
        if holding is None:
            return False
        self._renewed = began
        self._now_holds(holding)
        return True

    async def _renew(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), min(LEAVING_SECONDS, self._seconds / 3) if self._leaving else self._seconds / 3)
            self._look.clear()
            began = time.monotonic()  # before it is asked for: the lease runs from some moment after this one
            try:
                holding = await self._shares.keep(self._owner, self._shards, self._seconds, self.busy())
            except Exception:  # the database may be away for a moment; the lease still runs
                log.exception("the sending lease could not be renewed")
                if self.is_sure:
                    continue
                holding = None
            if holding is None:
                log.error("another process has taken over the sending; this one stops")
                self.is_held, self.parts = False, frozenset()
                self.lost.set()
                return
            self._renewed = began
            self._now_holds(holding)

    def _now_holds(self, holding: Holding) -> None:
        before, self.parts = self.parts, holding.partitions - holding.leaving
        self._leaving = bool(holding.leaving)
        if self.parts != before:
            log.info("sending for %d of the partitions", len(self.parts))
        if holding.freed:
            log.info("took over %d deliveries that another process had claimed", holding.freed)
        if self.parts - (before or frozenset()) or holding.freed:
            self.changed()
