"""Discord's memory of nonces: the same author and nonce within a few minutes is the same message."""

from collections import deque
from datetime import datetime, timedelta

from bot.sandbox.state import Message

REMEMBERED = timedelta(minutes=5)


class NonceMemory:
    """Remember the nonces of the last five minutes of the sandbox's time."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], tuple[datetime, Message]] = {}
        self._order: deque[tuple[int, str]] = deque()

    def recall(self, author_id: int, nonce: str | int, now: datetime) -> Message | None:
        """Return the message first sent with this nonce, if it is still remembered."""
        self._forget(now)
        found = self._known.get((author_id, str(nonce)))
        if found is None or now - found[0] >= REMEMBERED:
            return None
        return found[1]

    def keep(self, message: Message, now: datetime) -> None:
        """Remember a new message's nonce."""
        key = (message.author_id, str(message.nonce))
        self._known[key] = (now, message)
        self._order.append(key)

    def _forget(self, now: datetime) -> None:
        while self._order:
            kept = self._known.get(self._order[0])
            if kept is not None and now - kept[0] < REMEMBERED:
                return
            self._known.pop(self._order.popleft(), None)
