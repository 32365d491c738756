"""One pace for all bulk sending, below Discord's 50 requests a second; what is urgent goes first."""

import asyncio
import heapq
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar

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


class Pacer:
    """Let requests begin at ``rate`` a second at most, with few under way at once."""

    def __init__(self, rate: float = 45.0, in_flight: int = 16, request_seconds: float = 60.0) -> None:
        self._request_seconds = request_seconds
        self._spacing = 1.0 / rate
        self._free = in_flight
        self._next_at = 0.0
        self._order = 0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._timer: asyncio.TimerHandle | None = None
        self.rate = rate
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

    def pause(self, seconds: float) -> None:
        """Let nothing begin for so long: Discord asked for it."""
        self._next_at = max(self._next_at, asyncio.get_running_loop().time() + seconds)

    def _give_back(self) -> None:
        self._free += 1
        self._pump()

    def _pump(self) -> None:
        loop = asyncio.get_running_loop()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiting and self._free > 0:
            now = loop.time()
            if self._next_at > now:
                self._timer = loop.call_at(self._next_at, self._pump)
                return
            _, _, turn = heapq.heappop(self._waiting)
            if turn.done():  # whoever waited was cancelled
                continue
            self._free -= 1
            self._next_at = max(self._next_at, now - CATCH_UP_SECONDS) + self._spacing
            turn.set_result(None)
