"""A picture, and how one is drawn beside the event loop."""

import asyncio
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, ParamSpec

P = ParamSpec("P")
MOST_KEPT = 64
MOST_BYTES_KEPT = 16_000_000
MAX_ALT = 1_000
"""Discord's limit for the description of a picture is 1,024 characters."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Hold a drawn picture: file name, PNG bytes, and what it shows in words."""

    name: str
    png: bytes
    alt: str


_kept: "OrderedDict[str, Picture]" = OrderedDict()
_guard = threading.Lock()
"""Held while the kept pictures are looked through, never while one is drawn."""
_pencil = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")
"""One thread of its own: the library that draws is not made for two, and pictures that wait leave the loop's other threads free."""
_personal: set[Callable[..., Any]] = set()


def personal(function: Callable[P, Picture]) -> Callable[P, Picture]:
    """Mark a function that draws what a member wrote: its pictures are handed over and not kept."""
    _personal.add(function)
    return function


async def draw(function: Callable[P, Picture], *args: P.args, **kwargs: P.kwargs) -> Picture:
    """Return what ``function`` draws of its arguments, drawn in a thread; the same content is drawn once.

    The arguments are values (frozen dataclasses, tuples of them): what they print as is what they are.
    """
    loop = asyncio.get_running_loop()
    if function in _personal:
        return await loop.run_in_executor(_pencil, lambda: function(*args, **kwargs))
    content = repr((function.__module__, function.__qualname__, args, sorted(kwargs.items())))
    key = hashlib.sha256(content.encode()).hexdigest()
    if (found := _find(key)) is not None:
        return found

    def drawn() -> Picture:
        # Two may have asked for it before the first was done.
        return _find(key) or _keep(key, function(*args, **kwargs))

    return await loop.run_in_executor(_pencil, drawn)


def _find(key: str) -> Picture | None:
    with _guard:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def _keep(key: str, picture: Picture) -> Picture:
    with _guard:
        _kept[key] = picture
        while len(_kept) > MOST_KEPT or sum(len(each.png) for each in _kept.values()) > MOST_BYTES_KEPT:
            _kept.popitem(last=False)
    return picture
