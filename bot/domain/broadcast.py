"""A broadcast: what moderators of a server write to one of its channels."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BroadcastState(StrEnum):
    """Where a broadcast stands; what became of its message stands in its delivery."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Hold one broadcast; all instants aware, in UTC."""

    id: str
    guild_id: int
    channel_id: int
    author_id: int | None
    """None once the one who wrote it has erased what is stored of her."""
    title: str
    text: str
    state: BroadcastState
    created_at: datetime
    confirmed_at: datetime | None = None
