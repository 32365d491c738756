"""Interviews of a member: invited, booked, done; when on the program's clock and on hers, what lies too close, and what to prepare."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.programs import ProgramStage

MAX_INTERVIEWS = 150
"""Of one season."""
MAX_LINE = 200
MAX_NOTES = 800
MINUTES = range(5, 721)
USUAL_MINUTES = 60
CLOSE = timedelta(hours=1)
"""Two interviews with less than this between them are told as too close."""
LEADS = (timedelta(days=1), timedelta(hours=1))
"""How long before an interview she is reminded, longest first."""


class InterviewState(StrEnum):
    """Where an interview stands."""

    INVITED = "invited"
    """Invited, and no time is booked."""
    BOOKED = "booked"
    WAITLISTED = "waitlisted"
    DONE = "done"
    CANCELLED = "cancelled"
    """By the program."""
    DECLINED = "declined"
    """By her."""


OVER = frozenset({InterviewState.DONE, InterviewState.CANCELLED, InterviewState.DECLINED})
STAGES: Mapping[InterviewState, ProgramStage] = {
    InterviewState.INVITED: ProgramStage.INVITED,
    InterviewState.BOOKED: ProgramStage.INVITED,
    InterviewState.DONE: ProgramStage.INTERVIEWED,
}
"""How far a program has come at the least where an interview stands so."""
_ORDER = (ProgramStage.CONSIDERING, ProgramStage.APPLIED, ProgramStage.INVITED, ProgramStage.INTERVIEWED, ProgramStage.RANKED)


class InterviewFormat(StrEnum):
    """How it is held."""

    UNKNOWN = "unknown"
    VIDEO = "video"
    IN_PERSON = "in_person"
    HYBRID = "hybrid"


class Phase(StrEnum):
    """The times of preparation, in order."""

    EARLY = "early"
    """From the submission of the application on."""
    INVITED = "invited"
    DAY_BEFORE = "day_before"
    ON_THE_DAY = "on_the_day"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class PreparationStep:
    """Hold one thing to prepare, in our own words: advice, no rule."""

    key: str
    phase: Phase
    text: str


@dataclass(frozen=True, slots=True)
class MailDraft:
    """Hold the draft of a mail after an interview, in our own words, to be changed; ``{program}`` and ``{who}`` are filled in."""

    key: str
    title: str
    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Preparation:
    """Hold what to prepare, in order, and the drafts by their keys."""

    steps: tuple[PreparationStep, ...]
    drafts: tuple[MailDraft, ...]

    def of(self, phase: Phase) -> tuple[PreparationStep, ...]:
        """Return the steps of one time."""
        return tuple(each for each in self.steps if each.phase is phase)

    def draft(self, key: str) -> MailDraft | None:
        """Return a draft by its key, or None."""
        return next((each for each in self.drafts if each.key == key), None)


@dataclass(frozen=True, slots=True)
class Interview:
    """Hold one interview of a member."""

    id: str
    member_id: int
    season_year: int
    program_id: str
    created_at: datetime
    changed_at: datetime
    revision: int = 1
    """Counts up with every change, as calendars want it."""
    state: InterviewState = InterviewState.INVITED
    begins_at: datetime | None = None
    """Aware, in UTC; None where no time is known."""
    zone: str = ""
    """The program's zone (IANA); empty where it is not known."""
    minutes: int = USUAL_MINUTES
    format: InterviewFormat = InterviewFormat.UNKNOWN
    place: str = ""
    """A link or a place."""
    who: str = ""
    """Who interviews."""
    notes: str = ""
    invited_on: date | None = None
    answer_by: date | None = None
    """By when the program wants an answer."""
    ticks: frozenset[str] = field(default_factory=frozenset[str])
    """The keys of what she has prepared."""
    reminder_ids: tuple[str, ...] = ()
    is_readable: bool = True

    @property
    def ends_at(self) -> datetime | None:
        """Return when it ends; None where no time is known."""
        return None if self.begins_at is None else self.begins_at + timedelta(minutes=self.minutes)

    @property
    def is_over(self) -> bool:
        """Tell whether nothing of it lies ahead."""
        return self.state in OVER

    def local(self) -> datetime | None:
        """Return when it begins on the program's clock, naive; None where it is not known."""
        if self.begins_at is None:
            return None
        return self.begins_at.astimezone(ZoneInfo(self.zone or "UTC")).replace(tzinfo=None)

    def has_passed(self, now: datetime) -> bool:
        """Tell whether its time has passed and it is not noted how it went."""
        end = self.ends_at
        return self.state is InterviewState.BOOKED and end is not None and end <= now


def ordered(interviews: Iterable[Interview], now: datetime) -> list[Interview]:
    """Return those ahead first, the next one first, then those without a time, then what lies behind, the last one first."""

    def place(each: Interview) -> tuple[int, float, str]:
        end = each.ends_at
        if each.is_over or (end is not None and end <= now):
            return 2, -(each.begins_at.timestamp() if each.begins_at else 0), each.id
        return (1, 0, each.id) if each.begins_at is None else (0, each.begins_at.timestamp(), each.id)

    return sorted(interviews, key=place)


def conflicts(one: Interview, interviews: Iterable[Interview]) -> list[Interview]:
    """Return the other interviews that lie within an hour of one, or over it; what is over counts no more."""
    begins, ends = one.begins_at, one.ends_at
    if begins is None or ends is None or one.is_over:
        return []
    found: list[Interview] = []
    for each in interviews:
        other_begins, other_ends = each.begins_at, each.ends_at
        if each.id == one.id or each.is_over or other_begins is None or other_ends is None:
            continue
        if other_begins < ends + CLOSE and begins < other_ends + CLOSE:
            found.append(each)
    return sorted(found, key=lambda each: (each.begins_at or begins, each.id))


def stage_after(stage: ProgramStage, state: InterviewState) -> ProgramStage | None:
    """Return the stage that a program moves to where an interview stands so; None where it has come as far, or is over."""
    wanted = STAGES.get(state)
    if wanted is None or stage not in _ORDER or _ORDER.index(stage) >= _ORDER.index(wanted):
        return None
    return wanted


def prepared(interview: Interview, steps: Sequence[PreparationStep]) -> tuple[int, int]:
    """Return how many of the steps are ticked, and how many there are."""
    return sum(each.key in interview.ticks for each in steps), len(steps)
