"""Marks written in groups: at most 50 rows, at most 100 ms apart, so that the disk's commit is paid once for many."""

import asyncio
import logging

from bot.storage.deliveries import DeliveryRepository
from bot.storage.delivery_rows import Mark

log = logging.getLogger(__name__)

MOST = 50
LONGEST_SECONDS = 0.1
RETRY_SECONDS = 1.0


class MarkBuffer:
    """Collect marks and write them; one that can't be written is kept and tried again until it is."""

    def __init__(self, deliveries: DeliveryRepository, owner: str) -> None:
        self._deliveries = deliveries
        self._owner = owner
        self._waiting: list[tuple[Mark, asyncio.Future[bool]]] = []
        self._writing = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def add(self, mark: Mark) -> bool:
        """Write a mark with its neighbours; return whether the delivery was still held when it was written."""
        loop = asyncio.get_running_loop()
        written: asyncio.Future[bool] = loop.create_future()
        self._waiting.append((mark, written))
        if len(self._waiting) >= MOST:
            self._begin()
        elif self._timer is None:
            self._timer = loop.call_later(LONGEST_SECONDS, self._begin)
        return await asyncio.shield(written)

    async def flush(self) -> None:
        """Write whatever waits, and wait for it."""
        self._begin()
        while self._tasks:
            await asyncio.gather(*self._tasks)

    def _begin(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        if not group:
            return
        task = asyncio.get_running_loop().create_task(self._write(group), name="marks")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if self._waiting:
            self._begin()

    async def _write(self, group: list[tuple[Mark, asyncio.Future[bool]]]) -> None:
        async with self._writing:
            while True:
                try:
                    marked = await self._deliveries.mark(self._owner, [mark for mark, _ in group])
                    break
                except Exception:  # a full disk or a locked file passes; what was sent must not be forgotten
                    log.exception("%d deliveries could not be marked; trying again", len(group))
                    await asyncio.sleep(RETRY_SECONDS)
        for mark, written in group:
            if not written.done():
                written.set_result(mark.id in marked)
