"""One pace for all bulk sending, below Discord's 50 requests a second; what is urgent goes first."""

import asyncio
import heapq
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from typing import Protocol

CATCH_UP_SECONDS = 0.05
"""How much lost time may be made up at once: timers are late by some milliseconds, and that must not lower the pace."""

_IN_SLOT: "ContextVar[Pacer | None]" = ContextVar("in_slot", default=None)
_REMEMBERED: ContextVar[Callable[[], bool]] = ContextVar("remembered", default=lambda: True)


class NotServingError(Exception):
    """Say that this process may not send any more: another one may have taken over."""


class ForgottenError(Exception):
    """Say that Discord may have forgotten an earlier attempt while this one waited: the channel is to be read back first."""


def while_remembered(remembered: Callable[[], bool]) -> None:
    """Let the requests of this task begin only while this holds; asked when a turn has come, and before every request of it."""
    _REMEMBERED.set(remembered)


@contextmanager
def only_once() -> Generator[None]:
    """Let one request begin within: a library that would send it again by itself is stopped, for what it made might stand twice."""
    before, begun = _REMEMBERED.get(), False

    def first() -> bool:
        nonlocal begun
        if begun:
            return False
        begun = True
        return before()

    token = _REMEMBERED.set(first)
    try:
        yield
    finally:
        _REMEMBERED.reset(token)


def check_turn() -> None:
    """Raise where a request inside a slot must not begin any more: asked again before every request that a library makes.

    Raises:
        NotServingError: This process may not send any more.
        ForgottenError: Too much time has passed since the first attempt.
    """
    pacer = _IN_SLOT.get()
    if pacer is None:
        return
    if not pacer.may_begin():
        raise NotServingError
    if not _REMEMBERED.get()():
        raise ForgottenError


class Budget(Protocol):
    """Say when a request may begin, where several processes share one limit."""

    @property
    def share(self) -> float:
        """Return how many requests a second this process may count on."""
        ...

    def start(self) -> None:
        """Begin to count this process among those that send."""
        ...

    async def take(self, priority: int) -> float:
        """Take one request; return 0 where it may begin now, else after how many seconds to ask again; raise nothing."""
        ...


def enter_budget(stack: AsyncExitStack, url: str | None, rate: float, processes: int) -> Budget | None:
    """Open the budget that processes share, until the stack ends; None without an address. Raises StartError for one that can't be used."""
    if url is None:
        return None
    from bot.scheduling.budget import open_budget

    budget = open_budget(url, rate, processes)
    stack.push_async_callback(budget.close)
    return budget


class Pacer:
    """Let requests begin at ``rate`` a second at most, with few under way at once; or as a shared budget lets them."""

    def __init__(self, rate: float = 45.0, in_flight: int = 16, request_seconds: float = 60.0, budget: Budget | None = None) -> None:
        self._request_seconds = request_seconds
        self._spacing = 1.0 / rate
        self._free = in_flight
        self._next_at = 0.0
        self._order = 0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._budget = budget
        self._buying: asyncio.Task[None] | None = None
        self._first_changed = asyncio.Event()
        self.rate = rate if budget is None else min(rate, budget.share)
        self.may_begin: Callable[[], bool] = lambda: True
        """Asked once more when a turn has come: a process that stood still meanwhile must not go on where another has taken over."""

    @asynccontextmanager
    async def slot(self, priority: int) -> AsyncGenerator[None]:
        """Wait for a turn; the lowest priority number first, then in order of arrival.

        Raises:
            NotServingError: This process may not send any more; nothing was sent.
            ForgottenError: What ``while_remembered`` was given holds no more.
            TimeoutError: The request took too long. Only the request is timed: whoever still waits for a turn has sent nothing.
        """
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._order += 1
        heapq.heappush(self._waiting, (priority, self._order, turn))
        if self._waiting[0][2] is turn:
            self._first_changed.set()
        self._pump()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give_back()
            raise
        try:
            _IN_SLOT.set(self)
            check_turn()
            async with asyncio.timeout(self._request_seconds):
                yield
        finally:
            _IN_SLOT.set(None)
            self._give_back()

    def start(self) -> None:
        """Say that this process sends from now on."""
        if self._budget is not None:
            self._budget.start()

    def pause(self, seconds: float) -> None:
        """Let nothing begin for so long: Discord asked for it."""
        self._next_at = max(self._next_at, asyncio.get_running_loop().time() + seconds)

    def _give_back(self) -> None:
        self._free += 1
        self._pump()

    def _pump(self) -> None:
        if self._budget is not None:
            if self._waiting and self._free > 0 and (self._buying is None or self._buying.done()):
                self._buying = asyncio.create_task(self._buy(self._budget), name="budget-buy")
            return
        loop = asyncio.get_running_loop()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiting and self._free > 0:
            now = loop.time()
            if self._next_at > now:
                self._timer = loop.call_at(self._next_at, self._pump)
                return
            if self._begin_first():
                self._next_at = max(self._next_at, now - CATCH_UP_SECONDS) + self._spacing

    def _begin_first(self) -> bool:
        """Give the first one its turn; return False where whoever waited was cancelled."""
        _, _, turn = heapq.heappop(self._waiting)
        if turn.done():
            return False
        self._free -= 1
        turn.set_result(None)
        return True

    async def _buy(self, budget: Budget) -> None:
        """Ask the budget for one request after the other, each for whoever is first by then."""
        loop = asyncio.get_running_loop()
        while self._waiting and self._free > 0:
            priority, _, turn = self._waiting[0]
            if turn.done():
                heapq.heappop(self._waiting)
                continue
            self._first_changed.clear()
            wait = self._next_at - loop.time()
            if wait <= 0:
                wait = await budget.take(priority)
                if wait <= 0:
                    while self._waiting and not self._begin_first():
                        pass
                    continue
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._first_changed.wait()  # what is more urgent may begin sooner
