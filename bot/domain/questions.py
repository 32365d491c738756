"""A question of a member to the advisors of a server: its states, what she shares with it, and what was said since."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import derived_id

CODE_LENGTH = 4


class QuestionTopic(StrEnum):
    """What a question is about."""

    ELIGIBILITY = "eligibility"
    EXAMS = "exams"
    LETTERS = "letters"
    PROGRAMS = "programs"
    INTERVIEWS = "interviews"
    RANK_LIST = "rank_list"
    VISA = "visa"
    CANADA = "canada"
    OTHER = "other"


class QuestionState(StrEnum):
    """Where a question stands."""

    DRAFT = "draft"
    """Nobody but her has seen it."""
    OPEN = "open"
    CLAIMED = "claimed"
    """One advisor said that the answer will come from there."""
    ANSWERED = "answered"
    REOPENED = "reopened"
    """She asked on; it waits again."""
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    """She took it back; her words are erased."""


WAITING = frozenset({QuestionState.OPEN, QuestionState.REOPENED})
"""Nobody has taken it on."""
UNDER_WAY = WAITING | {QuestionState.CLAIMED, QuestionState.ANSWERED}
"""Counted as hers that are open."""


class SharedFact(StrEnum):
    """What she may tick to share with a question: single facts that she told in /start, never more."""

    COUNTRIES = "countries"
    TARGET_YEAR = "target_year"
    ZONE = "zone"


class QuestionRole(StrEnum):
    """As whom somebody said something about a question."""

    MEMBER = "member"
    ADVISOR = "advisor"
    MODERATOR = "moderator"
    """The reason why a hidden name was lifted."""


@dataclass(frozen=True, slots=True)
class Question:
    """Hold one question; all instants aware, in UTC."""

    id: str
    guild_id: int
    member_id: int | None
    """None once she has erased what is stored of her."""
    topic: QuestionTopic
    state: QuestionState
    is_name_hidden: bool
    waits_since: datetime
    """When it was drafted, sent or reopened, last."""
    text: str
    """Empty once it was withdrawn."""
    facts: Mapping[SharedFact, str] = field(default_factory=dict[SharedFact, str])
    """What she ticked, in words, as it stood then."""
    asked_at: datetime | None = None
    """When she sent it."""
    channel_id: int | None = None
    """Where its entry stands."""
    entry_id: str | None = None
    """The delivery of its entry."""
    claimed_by: int | None = None
    claimed_at: datetime | None = None
    answered_at: datetime | None = None
    """When the first answer came."""
    closed_at: datetime | None = None
    rating: int | None = None
    """From 1 to 5, hers, after it was closed."""
    lifted_at: datetime | None = None
    """When a moderator lifted the hidden name."""
    revision: int = 0
    """Counts the changes: two that were made of the same state can't both be kept."""

    @property
    def code(self) -> str:
        """Return the short code that stands for a hidden name; another for each question, so that two can't be put together."""
        return derived_id("hidden name", self.id)[:CODE_LENGTH].upper()


@dataclass(frozen=True, slots=True)
class QuestionMessage:
    """Hold what was said about a question after it was asked."""

    id: str
    question_id: str
    author_id: int | None
    """None once the author has erased what is stored of them."""
    role: QuestionRole
    said_at: datetime
    text: str
    """Empty once it was erased."""


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Hold the figures of one server's queue; nothing in them is anybody's."""

    counts: Mapping[QuestionState, int]
    waits: tuple[float, ...]
    """Seconds from question to first answer, of the questions answered lately, shortest first."""
    ratings: tuple[int, ...]
    oldest: datetime | None
    """Since when the oldest waiting question waits."""
