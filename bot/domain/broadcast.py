"""A broadcast: what moderators of a server write to its channels, and to the members who want its notices."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MAX_TITLE = 150
MAX_TEXT = 1_500
"""Title, text, a link and the line below them are one message, which holds 2,000 characters."""


class BroadcastState(StrEnum):
    """Where a broadcast stands; what became of its messages stands in their deliveries."""

    DRAFT = "draft"
    WAITING = "waiting"
    """A second moderator is to look at it."""
    CONFIRMED = "confirmed"
    """It goes out, at its time; or has gone out."""
    PAUSED = "paused"
    STOPPED = "stopped"
    RECALLED = "recalled"
    """Its messages are deleted."""


NOT_YET = (BroadcastState.DRAFT, BroadcastState.WAITING)
"""The states in which nothing of it has been sent, and it can be changed."""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Hold one broadcast; all instants aware, in UTC."""

    id: str
    guild_id: int
    author_id: int | None
    """None once the one who wrote it has erased what is stored of her."""
    title: str
    text: str
    state: BroadcastState
    created_at: datetime
    channels: tuple[int, ...]
    """Channels by id, in the order in which they were chosen."""
    confirmed_at: datetime | None = None
    send_at: datetime | None = None
    """When it goes out; None for at once."""
    is_to_members: bool = False
    """Whether it also goes by direct message to those who want this server's notices."""
    roles: tuple[int, ...] = ()
    """Roles that it mentions in its channels."""
    link: str = ""
    picture: str = ""
    """The address of a picture."""
    pack_key: str = ""
    """Which notice of the Match-week pack it is, if any."""
    dates: str = ""
    """The fingerprint of the dates that it was written from."""
