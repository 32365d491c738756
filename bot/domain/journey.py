"""Her way as checklists: what there is to do, why, by when; how far it is, read from what she told elsewhere or marked by herself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from bot.domain.exam_records import ExamKey, ExamRecord
from bot.domain.facts import Certainty, Citation
from bot.domain.member import Country

MAX_NOTE = 200
MAX_EXPERIENCES = 10
MOST_MEANINGFUL = 3
MAX_TITLE = 80


class GuideKey(StrEnum):
    """The checklists, by the names of their files."""

    STEPS = "steps"
    EXAMS = "exams"
    DOCUMENTS = "documents"
    VISA = "visa"
    ARRIVAL = "arrival"
    REAPPLYING = "reapplying"


class Who(StrEnum):
    """For whom an item is, where it is not for everybody."""

    VISA_NEEDED = "visa-needed"
    J1 = "j1"
    H1B = "h1b"
    NO_VISA = "no-visa"
    IMG = "img"
    US_IMG = "us-img"
    COUPLE = "couple"
    FAILED_ATTEMPT = "failed-attempt"
    REAPPLYING = "reapplying"
    PHYSICIAN_ABROAD = "physician-abroad"


class State(StrEnum):
    """How far an item is."""

    DONE = "done"
    UNDER_WAY = "under_way"
    OPEN = "open"
    NOT_HERS = "not_hers"
    """She said that it is not for her."""


class Origin(StrEnum):
    """Where a state comes from."""

    NOWHERE = "nowhere"
    """Nothing is told: it counts as open."""
    HERS = "hers"
    """Marked by herself."""
    ANSWERS = "answers"
    LETTERS = "letters"
    ROTATIONS = "rotations"
    PROGRAMS = "programs"
    INTERVIEWS = "interviews"
    PRACTICE = "practice"
    RANK_LIST = "rank_list"
    MATCH_WEEK = "match_week"
    EXAMS = "exams"
    DOCUMENTS = "documents"


@dataclass(frozen=True, slots=True)
class Item:
    """Hold one thing to do or to know."""

    key: str
    title: str
    what: str
    why: str
    by: tuple[tuple[Country, str], ...]
    """Events of the calendar by country and key."""
    countries: frozenset[Country]
    who: frozenset[Who]
    derived: str
    """What it is read from; empty where only she can mark it."""
    is_markable: bool
    is_for_lawyers: bool
    """Law moves here."""
    is_advice: bool
    """Our own advice, no fact."""
    citations: tuple[Citation, ...]
    certainty: Certainty | None
    """The least sure of what it rests on; None for advice."""


@dataclass(frozen=True, slots=True)
class Section:
    """Hold the items that belong together."""

    key: str
    title: str
    text: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """Hold one checklist."""

    key: GuideKey
    title: str
    about: str
    as_of: date
    sections: tuple[Section, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """Return every item, in order."""
        return tuple(item for section in self.sections for item in section.items)

    def section(self, key: str) -> Section | None:
        """Return a section by its key, or None."""
        return next((each for each in self.sections if each.key == key), None)


@dataclass(frozen=True, slots=True)
class JourneyTexts:
    """Hold every checklist, and what their items cite by themselves."""

    guides: Mapping[GuideKey, Guide]
    own: tuple[Citation, ...]
    cited: frozenset[str]
    """The ids of the sources that items name themselves."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Hold what she marked of an item."""

    state: State
    on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Experience:
    """Hold one experience of her application: its title, and whether it is one of the three most meaningful."""

    title: str
    is_meaningful: bool = False


@dataclass(frozen=True, slots=True)
class Journey:
    """Hold what one member marked of her way."""

    member_id: int
    changed_at: datetime
    revision: int = 0
    """Counts up with every change; 0: nothing is stored."""
    marks: Mapping[str, Mark] = field(default_factory=dict[str, Mark])
    experiences: tuple[Experience, ...] = ()
    exams: Mapping[ExamKey, ExamRecord] = field(default_factory=dict[ExamKey, ExamRecord])
    is_readable: bool = True

    def marked(self, key: str, mark: Mark | None) -> "Journey":
        """Return it with an item marked otherwise; None takes the mark back."""
        rest = {each: value for each, value in self.marks.items() if each != key}
        return replace(self, marks=rest if mark is None else {**rest, key: mark})


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold how far an item is, and where that is read from."""

    state: State
    origin: Origin


@dataclass(frozen=True, slots=True)
class Progress:
    """Hold how many items of a section are done, under way, and there in all."""

    done: int
    under_way: int
    whole: int

    @property
    def is_done(self) -> bool:
        """Tell whether nothing of it is left."""
        return self.done >= self.whole


NOT_TOLD = Standing(State.OPEN, Origin.NOWHERE)


def standing(item: Item, journey: Journey, derived: Mapping[str, Standing]) -> Standing:
    """Return how far an item is: by what is told elsewhere where that says something, else by her own mark, else open.

    That an item is not for her is hers to say, whatever is told elsewhere.
    """
    mark = journey.marks.get(item.key)
    if mark is not None and mark.state is State.NOT_HERS:
        return Standing(State.NOT_HERS, Origin.HERS)
    told = derived.get(item.derived) if item.derived else None
    if told is not None and (told.state is not State.OPEN or mark is None):
        return told
    return NOT_TOLD if mark is None else Standing(mark.state, Origin.HERS)


def is_hers(item: Item, among: Mapping[Who, bool], countries: Iterable[Country]) -> bool:
    """Tell whether an item is shown to her; ``among`` says whom she is and is not among, and what it does not say leaves nothing out."""
    if not item.countries & set(countries):
        return False
    return not item.who or any(among.get(each, True) for each in item.who)


def progress(items: Sequence[Item], journey: Journey, derived: Mapping[str, Standing]) -> Progress:
    """Return how far some items are; what can't be marked and what is not for her is not counted."""
    states = [standing(each, journey, derived).state for each in items if each.is_markable]
    counted = [each for each in states if each is not State.NOT_HERS]
    return Progress(counted.count(State.DONE), counted.count(State.UNDER_WAY), len(counted))
