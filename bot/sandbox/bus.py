"""Where the sandbox's world tells what happened; the gateway and the page's streams listen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Happening:
    """Hold one thing that happened."""

    name: str
    """The gateway's event name (``MESSAGE_CREATE``), or a lower-case name for the page alone."""
    data: dict[str, Any]
    """The event's body in Discord's own JSON (ids as strings)."""
    guild_id: int | None = None
    people: frozenset[int] | None = None
    """Whose page is told; None is everybody's."""
    to_bot: bool = True
    """Whether the gateway sends it to the bot."""


Listener = Callable[[Happening], None]


class Bus:
    """Pass each happening on to every listener, at once and in order."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Add a listener; return what removes it."""
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    def publish(self, happening: Happening) -> None:
        """Tell every listener."""
        for listener in tuple(self._listeners):
            listener(happening)
