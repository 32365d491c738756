"""A delivery: one message to one recipient, from the moment it falls due until it is settled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.domain.ids import derived_id


class DeliveryKind(StrEnum):
    """What a delivery says; the Outbox renders by it."""

    GREETING = "greeting"
    """The first message, which proves that direct messages arrive."""
    SEASON_DATE = "season_date"
    DATE_MOVED = "date_moved"
    """A date that she is reminded of moved, or is not known any more."""
    OWN = "own"
    LETTER = "letter"
    """A step of a letter of recommendation."""
    RULE_CHANGE = "rule_change"
    """A rule or a date changed what her saved answers give."""
    NOTICE = "notice"
    """What moderators write to a channel, or to a member who wants it."""
    NOTICE_FAN = "notice_fan"
    """The moment at which a notice is addressed to everybody who wants it; a job."""
    NOTICE_RECALL = "notice_recall"
    """The deletion of one message of a notice; a job."""
    START_HERE = "start_here"
    """The message with the buttons of a first session, in a channel."""
    LIVE_CARD = "live_card"
    """The countdown that stands in a channel and is edited."""
    NUDGE = "nudge"
    """A line in a server's channel that something waits for one member, without what."""
    QUESTION = "question"
    """What advisors see of a question in their channel."""
    ANSWER = "answer"
    """What became of a member's question, to her."""
    SLOT = "slot"
    """That a slot comes, or what became of it: to the member who booked it, or the advisor who offers it."""
    ALARM = "alarm"
    """What is wrong with a server's channels or held back of its notices, told to its staff, or to who wrote it."""
    SERVER_EVENT = "server_event"
    """A Discord scheduled event that is made, changed or taken down; a job, and no message."""
    STATUS_LINE = "status_line"
    """The bot's own line of status; a job, nobody's message."""
    EXPIRY = "expiry"
    """That what is stored of a member expires, to her."""
    EXPIRY_LOOK = "expiry_look"
    """The daily look at what expires; a job, nobody's message."""
    ERASURE = "erasure"
    """That a member is to be erased, as who runs the bot asked beside it; a job, and gone with her."""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    PARKED = "parked"
    """It can't be sent; it waits in the member's inbox (or is recorded as superseded), with the reason."""
    CANCELLED = "cancelled"


SUPERSEDED = "Superseded: it was missed, and a later one came instead."
"""The reason of occurrences that were missed while a later one fell due; they wait for nobody."""


class Priority(IntEnum):
    """What goes first; lower is sooner."""

    INTERACTIVE = 0
    """A person is waiting in front of the screen."""
    URGENT = 10
    """A deadline within the day."""
    ANSWER = 15
    """A person answered a person."""
    NORMAL = 20
    BULK = 30


class Answer(StrEnum):
    """What the member did with a delivered reminder."""

    DONE = "done"
    SNOOZED = "snoozed"


def member_recipient(member_id: int) -> str:
    """Return the recipient key of a member."""
    return f"member:{member_id}"


def channel_recipient(channel_id: int) -> str:
    """Return the recipient key of a channel."""
    return f"channel:{channel_id}"


def job_recipient(name: str) -> str:
    """Return the recipient key of work that is nobody's message."""
    return f"job:{name}"


def recipient_member(recipient: str) -> int | None:
    """Return the member's id in a recipient key, or None for a channel or a job."""
    kind, _, key = recipient.partition(":")
    return int(key) if kind == "member" else None


@dataclass(frozen=True, slots=True)
class Delivery:
    """Hold one delivery; all instants aware, in UTC. Unique by (source, source_id, occurrence, recipient)."""

    kind: DeliveryKind
    recipient: str
    """``member:<id>``, ``channel:<id>`` or ``job:<name>``; never empty."""
    source: str
    """What made it: ``reminder``, ``greeting`` …"""
    source_id: str
    occurrence: int
    due_at: datetime
    priority: Priority = Priority.NORMAL
    state: DeliveryState = DeliveryState.PENDING
    guild_id: int | None = None
    channel_id: int | None = None
    """Where it went, once sent (or goes, for a channel)."""
    not_before: datetime | None = None
    expires_at: datetime | None = None
    attempts: int = 0
    message_id: int | None = None
    reason: str = ""
    payload: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the message needs beside its kind. Encrypted at rest."""
    first_tried_at: datetime | None = None
    """Product time of the first attempt: tells whether Discord still remembers the nonce."""
    answer: Answer | None = None
    seen_at: datetime | None = None
    """When a parked one was shown in the inbox."""
    id: str = field(init=False, compare=False)
    """Deterministic: it is also the nonce and stands in the custom id of the message's buttons."""

    def __post_init__(self) -> None:
        """Derive the id once: it is asked for many times on the way out."""
        object.__setattr__(self, "id", derived_id(self.source, self.source_id, self.occurrence, self.recipient))
