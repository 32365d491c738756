"""What a rule gives: a verdict with its reason, by when, and whether that can still be reached."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.calendar import SeasonEvent
from bot.domain.eligibility.answers import Answers
from bot.domain.facts import Certainty, Citation, Source


class Verdict(StrEnum):
    """What a rule gives for one member; never a number."""

    NOT_MET = "not_met"
    """Not on what she answered; "not yet" is said in the reason."""
    UNKNOWN = "unknown"
    """An answer is missing, or the rule itself is not held."""
    DEPENDS = "depends"
    """Each program, or each province, decides."""
    MET = "met"


RANK = {Verdict.NOT_MET: 0, Verdict.UNKNOWN: 1, Verdict.DEPENDS: 1, Verdict.MET: 2}
"""For "never worse": not met is below unknown and depends, which are alike, and met is above."""


class Reach(StrEnum):
    """Whether what is missing can still be had for this Match."""

    OPEN = "open"
    TIGHT = "tight"
    NO_LONGER = "no_longer"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Hold what a rule gives, with a reason for this member."""

    verdict: Verdict
    reason: str
    next: str = ""
    """What to do next, where these answers ask for something else than the rule says for everybody."""
    otherwise: str = ""
    """What then, likewise."""
    is_over: bool = False
    """These answers put it out of reach for this Match, whatever the day."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Hold what the rules know beside the answers: the moment, and the dates of this Match by their keys."""

    now: datetime
    events: Mapping[str, SeasonEvent]

    @property
    def year(self) -> int:
        """Return the current year (UTC)."""
        return self.now.year

    def has_passed(self, key: str) -> bool:
        """Tell whether the date of a key is held and lies behind."""
        event = self.events.get(key)
        return event is not None and event.at is not None and event.at.instant() <= self.now


Judge = Callable[[Answers, Circumstances], Judgement]


@dataclass(frozen=True, slots=True)
class Due:
    """Hold by when something is needed: a date of the season, or a day of our own planning; neither where this Match's date is not held."""

    event: SeasonEvent | None = None
    on: date | None = None
    certainty: Certainty = Certainty.UNKNOWN
    is_past: bool = False
    """It lies behind: it is said, and nothing is scheduled by it."""
    is_late: bool = False
    """The usual date has passed; this is the last one."""
    note: str = ""
    """What has to be said with it: what its passing means, or which iteration it belongs to."""
    owner: Source | None = None
    """Who can say it, where it is not held."""


@dataclass(frozen=True, slots=True)
class EligibilityRule:
    """Hold one rule as the data states it."""

    id: str
    title: str
    text: str
    """The rule in full, in our words."""
    changes: str
    """What would change the answer."""
    guides: tuple[str, ...]
    """What common guides get wrong about it."""
    next: str
    """What to do next where it is not met."""
    otherwise: str
    """What then, where it can't be reached any more."""
    citation: Citation
    by: str = ""
    """The key of the event by which it is needed."""
    at_latest: str = ""
    """The key of the event until which it is late, but possible."""
    passed: str = ""
    """What is said once the date of ``by`` has passed, where that ends nothing."""
    over: str = ""
    """The key of the event after which it serves this Match no longer, where the date of ``by`` ends nothing."""
    by_day: str = ""
    """``12-31``: the day of our own planning, where no date is held; from July on in the year before the Match."""
    ahead: tuple[int, ...] = (28, 14, 7, 1)
    """How many days before its date a reminder is of use, the earliest first: our judgement, no source says it."""
    order: int = 0
    """Its place in the plan: what takes longest comes first, in our judgement; 0 leaves it out of the plan."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold what one rule gives for one member."""

    rule: EligibilityRule
    verdict: Verdict
    reason: str
    due: Due | None
    """What is shown now: the last date where the usual one has passed."""
    reach: Reach
    named: Due | None = None
    """The date that the rule names for these answers, whatever the day: only a change of the calendar moves it."""
