"""What the guard may find in a draft, the rule that each finding names, and what it knows of words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.calendar import SeasonEvent
from bot.domain.facts import Citation


class FindingKind(StrEnum):
    """What a draft may hold that the Match forbids or that is plainly dangerous."""

    UNFILLED_LIST = "unfilled-list"
    SOAP_CONTACT = "soap-contact"
    RANKING = "ranking"
    GUARANTEE = "guarantee"
    TRADE = "trade"
    RECALLS = "recalls"
    DATE = "date"
    MASS_MENTION = "mass-mention"
    PERSONAL_DATA = "personal-data"
    MASKED_LINK = "masked-link"
    LOOK_ALIKE = "look-alike"
    LINK = "link"
    INVITE = "invite"


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold one thing that was found: its kind, the words of the draft, and where they stand in it."""

    kind: FindingKind
    excerpt: str
    start: int
    event: SeasonEvent | None = None
    """The date of the calendar that the draft contradicts."""


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """Hold the rule behind a kind of finding, in our own words, with where it was read."""

    kind: FindingKind
    title: str
    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Concept:
    """Hold the ways to say one thing: phrases of plain words, the last of which may end with ``*`` for any ending."""

    phrases: tuple[tuple[str, ...], ...]
    not_before: frozenset[str] = frozenset()
    """Words after it by which it means something else: "call" before "you" is a program's call."""
    not_after: frozenset[str] = frozenset()
    """Words before it by which it means something else."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Hold which concepts together are a finding: an act that is neither denied nor forbidden, with others beside it."""

    kind: FindingKind
    act: tuple[str, ...]
    """Any one of these."""
    beside: tuple[tuple[str, ...], ...] = ()
    """Of each group any one, in the same sentence, or in the one before where a pronoun points back."""
    context: tuple[str, ...] = ()
    """Any one of these, anywhere in the draft; the days of SOAP themselves are context enough."""
    unless: tuple[str, ...] = ()
    """None of these in the same clause."""
    not_by: tuple[str, ...] = ()
    """None of these as the one who acts, just before the act: "programs read and call"."""
    even_denied: bool = False
    """The act speaks for itself also after "not" ("don't waste your first rank")."""


@dataclass(frozen=True, slots=True)
class Span:
    """Name a time that reaches from one event of the calendar to another."""

    names: tuple[str, ...]
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class GuardWords:
    """Hold all that the guard knows of words, addresses and names of dates."""

    concepts: Mapping[str, Concept]
    patterns: tuple[Pattern, ...]
    event_names: Mapping[str, tuple[str, ...]]
    """More names for the events of the calendar, by key."""
    vague_names: frozenset[str]
    """Names of events that mean too much else to be taken for a date's."""
    spans: tuple[Span, ...]
    owners: frozenset[str]
    """Domains of those who run the Match, its applications and its exams."""
    imitated: frozenset[str]
    """Those of them whose addresses are imitated."""
    shorteners: frozenset[str]


@dataclass(frozen=True, slots=True)
class NoticeGuard:
    """Hold words and rules of the guard."""

    words: GuardWords
    rules: Mapping[FindingKind, NoticeRule]
    no_clearance: str
    """The line that stands under every preview."""
    cited: frozenset[str] = frozenset()
