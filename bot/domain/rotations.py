"""Rotations: where a member worked, watched or did research, who saw her there, and when to ask them for a letter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.letters import MAX_WRITER, Setting, WriterCountry

MAX_ROTATIONS = 50
"""Rotations kept of one member."""
MAX_PLACE = 80
MAX_SPECIALTY = 60
MAX_WRITERS = 5
MAX_WRITERS_TEXT = MAX_WRITERS * (MAX_WRITER + 1)
MAX_DETAIL = 500
"""Characters of each text that a summary is made of."""
MOST_DAYS = 3 * 366
"""The longest rotation: a research fellowship of three years."""
MAX_WEEKS_CHECKED = 60
"""Weeks of the self-check that are kept, the newest."""
WEEK = timedelta(days=7)
ASKING_WEEKS = (3, 4)
"""The weeks of a rotation in which guides advise to ask."""
FRESH = timedelta(days=14)
"""After a rotation: so long it is still fresh in a writer's mind."""
_WORKING_DAYS = 5


class RotationKind(StrEnum):
    """What kind of experience it is."""

    ELECTIVE = "elective"
    SUB_INTERNSHIP = "sub_internship"
    EXTERNSHIP = "externship"
    OBSERVERSHIP = "observership"
    RESEARCH = "research"

    @property
    def setting(self) -> Setting:
        """Return how a letter from there counts."""
        if self is RotationKind.OBSERVERSHIP:
            return Setting.OBSERVERSHIP
        return Setting.RESEARCH if self is RotationKind.RESEARCH else Setting.HANDS_ON


class Moment(StrEnum):
    """Where today lies in a rotation, as far as asking for a letter goes."""

    AHEAD = "ahead"
    EARLY = "early"
    """It runs, and it is too early to ask."""
    ASK_NOW = "ask_now"
    """Weeks 3 to 4."""
    ASK_AT_END = "ask_at_end"
    """It ends before week 3, and these are its last days."""
    RUNS_ON = "runs_on"
    """After week 4, while it runs."""
    JUST_OVER = "just_over"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Details:
    """Hold what the summary for a writer is made of, and who could write; all of it may be empty."""

    writers: tuple[str, ...] = ()
    duties: str = ""
    """Setting and work: patients, presentations, calls, procedures."""
    cases: str = ""
    """Cases and projects that the writer may remember, without anything that identifies a patient."""
    feedback: str = ""
    strengths: str = ""
    """What she hopes to see mentioned, if it is accurate."""


@dataclass(frozen=True, slots=True)
class Place:
    """Hold what a rotation is, where and when."""

    kind: RotationKind
    place: str
    country: WriterCountry
    specialty: str
    """An id of the catalogue, or what she typed where it is none."""
    starts_on: date
    ends_on: date
    """The last day, itself included."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """Hold one rotation of a member."""

    id: str
    member_id: int
    created_at: datetime
    about: Place
    details: Details = Details()
    checks: Mapping[date, frozenset[str]] = field(default_factory=dict[date, frozenset[str]])
    """The habits that she ticked, by the Monday of the week."""
    reminder_id: str = ""
    """The reminder to ask, while she wants one."""
    is_readable: bool = True
    """False where the encrypted part can't be read any more: then only the dates are true."""

    @property
    def starts_on(self) -> date:
        """Return the first day."""
        return self.about.starts_on

    @property
    def ends_on(self) -> date:
        """Return the last day."""
        return self.about.ends_on


def days_of(about: Place) -> int:
    """Return the days from the first to the last, both counted."""
    return (about.ends_on - about.starts_on).days + 1


def weeks_of(about: Place) -> int:
    """Return the whole weeks; one from Monday to Friday counts as whole."""
    return (days_of(about) + 7 - _WORKING_DAYS) // 7


def length_in_words(about: Place) -> str:
    """Return how long a rotation is: ``4 weeks``, ``4 weeks and 2 days``, ``3 days``."""
    weeks = weeks_of(about)
    rest = max(0, days_of(about) - 7 * weeks)
    parts = [_counted(weeks, "week")] if weeks else []
    parts += [_counted(rest, "day")] if rest else []
    return " and ".join(parts)


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def week_number(about: Place, today: date) -> int | None:
    """Return which week of the rotation today lies in, counted from its first day; None before and after."""
    return (today - about.starts_on).days // 7 + 1 if about.starts_on <= today <= about.ends_on else None


def moment(about: Place, today: date) -> Moment:
    """Return where today lies in a rotation."""
    if today < about.starts_on:
        return Moment.AHEAD
    if today > about.ends_on:
        return Moment.JUST_OVER if today - about.ends_on <= FRESH else Moment.OVER
    week = (today - about.starts_on).days // 7 + 1
    first, last = ASKING_WEEKS
    if week < first:
        return Moment.ASK_AT_END if ask_on(about) <= today else Moment.EARLY
    return Moment.ASK_NOW if week <= last else Moment.RUNS_ON


def ask_on(about: Place) -> date:
    """Return the day from which to ask: the first of week 3, or two days before the end of a rotation that is shorter."""
    third_week = about.starts_on + (ASKING_WEEKS[0] - 1) * WEEK
    return third_week if third_week <= about.ends_on else max(about.starts_on, about.ends_on - timedelta(days=2))


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week_to_check(about: Place, today: date) -> date | None:
    """Return the Monday of the week that can be ticked today; None before the first day and after the last week."""
    return monday_of(today) if about.starts_on <= today < monday_of(about.ends_on) + WEEK else None


def checked(checks: Mapping[date, frozenset[str]], monday: date, habits: frozenset[str]) -> dict[date, frozenset[str]]:
    """Return the self-checks with those of one week replaced; a week with nothing ticked is not kept."""
    changed = {week: ticked for week, ticked in checks.items() if week != monday}
    if habits:
        changed[monday] = habits
    return {week: changed[week] for week in sorted(changed)[-MAX_WEEKS_CHECKED:]}
