"""What managers set for their server, and who may do what in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Duty(StrEnum):
    """What the members of a role do for the others."""

    MODERATOR = "moderator"
    """Write notices."""
    ADVISOR = "advisor"
    """Answer questions."""


class Feature(StrEnum):
    """What the members of a server may use there, switched by its managers; in direct messages nothing of it is asked."""

    QUESTIONS = "questions"
    """Ask its advisors."""
    SHARING = "sharing"
    """Post a card for everybody in a channel."""
    NOTICES_TO_MEMBERS = "notices"
    """Get its notices by direct message."""
    INTERVIEW_BOARD = "interviews"
    """Report interview invitations to a board of the server."""


ON_AT_FIRST = frozenset(Feature) - {Feature.INTERVIEW_BOARD}
"""What is on where nobody switched it."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Hold what is set for one server; channels and roles by id."""

    guild_id: int
    nudge_channel_id: int | None = None
    """Where a line may say that something waits for a member who agreed to that."""
    notice_channel_id: int | None = None
    """Where notices go unless another channel is chosen."""
    advisor_channel_id: int | None = None
    """Where questions wait for advisors."""
    celebration_channel_id: int | None = None
    """Where those who matched celebrate, apart from those who may not share it."""
    zone: str | None = None
    """An IANA name: the clock on which moderators give times."""
    is_approved_by_two: bool = False
    """Whether a second moderator looks at a notice before it goes out."""
    moderator_roles: frozenset[int] = frozenset()
    advisor_roles: frozenset[int] = frozenset()
    features: frozenset[Feature] = ON_AT_FIRST
    """What its members may use there."""


class Deed(StrEnum):
    """What the audit of a server records."""

    SET_UP = "set_up"
    FEATURE_ON = "feature_on"
    FEATURE_OFF = "feature_off"
    START_HERE = "start_here"
    COUNTDOWN_BEGUN = "countdown_begun"
    COUNTDOWN_STOPPED = "countdown_stopped"
    DATE_CONFIRMED = "date_confirmed"
    DATE_CORRECTED = "date_corrected"
    DATE_TAKEN_BACK = "date_taken_back"
    EVENT_MADE = "event_made"
    EVENT_CHANGED = "event_changed"
    EVENT_MADE_AGAIN = "event_made_again"
    EVENT_TAKEN_DOWN = "event_taken_down"
    ANSWER_PINNED = "answer_pinned"
    ANSWER_WRITTEN = "answer_written"
    ANSWER_CHANGED = "answer_changed"
    ANSWER_REMOVED = "answer_removed"
    ANSWERS_ORDERED = "answers_ordered"
    PROGRAM_HIDDEN = "program_hidden"
    PROGRAM_SHOWN = "program_shown"
    PROGRAMS_PUBLISHED = "programs_published"
    PROGRAMS_REMOVED = "programs_removed"
    MOCK_MATCH_BEGUN = "mock_match_begun"
    MOCK_MATCH_REVEALED = "mock_match_revealed"
    MOCK_MATCH_STOPPED = "mock_match_stopped"
    NOTICE_CONFIRMED = "notice_confirmed"
    NOTICE_APPROVED = "notice_approved"
    NOTICE_PAUSED = "notice_paused"
    NOTICE_RESUMED = "notice_resumed"
    NOTICE_STOPPED = "notice_stopped"
    NOTICE_RECALLED = "notice_recalled"
    NAME_LIFTED = "name_lifted"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Hold one deed; ``at`` aware, in UTC."""

    id: str
    guild_id: int
    actor_id: int | None
    """None once the one who did it has erased what is stored of her."""
    at: datetime
    what: Deed
    detail: Mapping[str, str] = field(default_factory=dict[str, str])
    """What changed, in words. Encrypted at rest."""
