"""Bounded waiting for things that happen in other tasks and processes."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

_PAUSE = 0.01


async def wait_for(predicate: "Callable[[], T | Awaitable[T]]", seconds: float = 10.0, pause: float = _PAUSE) -> T:
    """Ask until the answer is true and return it, ``pause`` seconds apart; fail after some seconds of real time."""
    deadline = time.monotonic() + seconds
    while True:
        answer = predicate()
        value: T = await answer if inspect.isawaitable(answer) else answer  # type: ignore[assignment]
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"nothing true within {seconds} s: {inspect.getsource(predicate).strip()}; last answer {value!r}")
        await asyncio.sleep(pause)
