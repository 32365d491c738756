"""Letters of recommendation, as ERAS and CaRMS have them: the life of one, who writes it, and to which programs it is assigned."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

MAX_LETTERS = 30
"""Letters kept of one season."""
MAX_ASSIGNMENTS = 300
"""Programs kept of one letter."""
MOST_PER_PROGRAM = 4
"""Letters that ERAS lets be assigned to one program."""
SEASONS_IMPORTED = 7
"""Earlier seasons from which ERAS imports letters."""
MAX_WRITER = 80
MAX_SPECIALTY = 60
MAX_PROGRAM = 80
MAX_NOTES = 600
MOST_WEEKS = 520
MAX_HISTORY = 40
"""Changes of state kept of one letter, the newest."""


class LetterState(StrEnum):
    """Where a letter stands, in order; ``declined`` stands aside."""

    PLANNED = "planned"
    ASKED = "asked"
    AGREED = "agreed"
    ENTRY_CREATED = "entry_created"
    """An entry for it exists in MyERAS, with the author's data and the waiver."""
    REQUEST_SENT = "request_sent"
    """The Letter Request Form, whose key is the Letter ID, was given to the writer. The Letter ID is never stored here."""
    UPLOADED = "uploaded"
    """The writer uploaded it in the LoR Portal."""
    ASSIGNED = "assigned"
    DECLINED = "declined"


class FollowUpKind(StrEnum):
    """The steps after a writer has agreed."""

    SIX_WEEKS = "six_weeks"
    TWO_WEEKS = "two_weeks"
    ONE_WEEK = "one_week"
    THANKS = "thanks"


class FollowUpState(StrEnum):
    """Where a step stands."""

    PLANNED = "planned"
    DONE = "done"
    SKIPPED = "skipped"


class ApplicationService(StrEnum):
    """Through which service a letter reaches a program."""

    ERAS = "eras"
    RESIDENCYCAS = "residencycas"
    CENTRAL_APP = "central_app"
    SF_MATCH = "sf_match"
    CARMS = "carms"
    OTHER = "other"


class WriterRole(StrEnum):
    """What the writer is to her."""

    UNKNOWN = "unknown"
    FACULTY = "faculty"
    """An attending or another teaching physician."""
    PROGRAM_DIRECTOR = "program_director"
    CHAIR = "chair"
    MENTOR = "mentor"
    """A supervisor over a long time."""
    RESEARCH = "research"
    RESIDENT = "resident"
    """A resident or fellow."""
    FAMILY_FRIEND = "family_friend"
    PUBLIC_FIGURE = "public_figure"
    """A politician, a religious or business leader."""
    NOT_PHYSICIAN = "not_physician"
    """A nurse, an administrator, a patient or another who is no physician."""


class Setting(StrEnum):
    """The kind of experience in which the writer saw her."""

    UNKNOWN = "unknown"
    HANDS_ON = "hands_on"
    """Clinical work under supervision: elective, sub-internship, externship, house job, internship."""
    OBSERVERSHIP = "observership"
    SHADOWING = "shadowing"
    """A few days of looking on."""
    RESEARCH = "research"
    RESEARCH_AND_CLINIC = "research_and_clinic"


class WriterCountry(StrEnum):
    """Where the writer saw her."""

    UNKNOWN = "unknown"
    UNITED_STATES = "us"
    CANADA = "ca"
    UNITED_KINGDOM = "uk"
    ELSEWHERE = "elsewhere"


class AskedWhen(StrEnum):
    """When, in the time together, the writer was asked or is to be asked."""

    UNKNOWN = "unknown"
    EARLY = "early"
    """Before the third week."""
    WEEKS_3_TO_4 = "weeks_3_4"
    """In weeks 3 to 4, or at the end of a shorter or longer rotation."""
    LATER = "later"
    """After the rotation was over."""


class LetterKind(StrEnum):
    """What kind of letter it is."""

    NARRATIVE = "narrative"
    STANDARDIZED = "standardized"
    """SLOE and its kin."""
    CHAIR = "chair"
    """A department's letter, signed by its chair."""


class Waiver(StrEnum):
    """Whether she waives the right to see the letter."""

    UNDECIDED = "undecided"
    WAIVED = "waived"
    KEPT = "kept"


class Concern(StrEnum):
    """What she noticed about a writer or the letter."""

    TEMPLATE = "template"
    """Letters from there read alike."""
    HESITANT = "hesitant"
    FAMILY_FRIEND = "family_friend"
    PUBLIC_FIGURE = "public_figure"


class Circumstance(StrEnum):
    """What in her record a letter may give context to."""

    OLDER_GRADUATION = "older_graduation"
    ATTEMPTS = "attempts"
    GAPS = "gaps"
    CHANGE_OF_SPECIALTY = "change"


@dataclass(frozen=True, slots=True)
class StateChange:
    """Say when a letter came to a state."""

    state: LetterState
    at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """Hold one letter of recommendation of one season (``season_year`` is the year of the Match).

    The Letter ID of ERAS is never part of it.
    """

    id: str
    member_id: int
    season_year: int
    state: LetterState
    created_at: datetime
    changed_at: datetime
    """When it came to its state."""
    writer: str
    role: WriterRole = WriterRole.UNKNOWN
    specialty: str = ""
    """The writer's specialty: an id of the catalogue, or what she typed where it is none."""
    setting: Setting = Setting.UNKNOWN
    country: WriterCountry = WriterCountry.UNKNOWN
    is_physician: bool | None = None
    """None where it is not known."""
    weeks: int | None = None
    """Weeks together."""
    last_on: date | None = None
    """The last day together."""
    asked_when: AskedWhen = AskedWhen.UNKNOWN
    service: ApplicationService = ApplicationService.ERAS
    kind: LetterKind = LetterKind.NARRATIVE
    waiver: Waiver = Waiver.UNDECIDED
    target_on: date | None = None
    """Its own target date; None: that of her plan."""
    concerns: frozenset[Concern] = frozenset()
    notes: str = ""
    imported_from: int | None = None
    """The earlier season that it was imported from; None where it is of this one."""
    rotation_id: str = ""
    """The rotation of hers that it comes from; empty where none was named."""
    packet: Mapping[str, bool] = field(default_factory=dict[str, bool])
    """What the writer was given, by key of the packet's list."""
    history: tuple[StateChange, ...] = ()
    """Every state with its time, oldest first; the last one is that of now."""
    is_readable: bool = True
    """False where its encrypted part can't be read: then only what stands in clear is true."""

    @property
    def is_imported(self) -> bool:
        """Tell whether it was imported from an earlier season."""
        return self.imported_from is not None

    @property
    def is_carms(self) -> bool:
        """Tell whether it is a reference of CaRMS, which has states of its own."""
        return self.service is ApplicationService.CARMS

    @property
    def is_declined(self) -> bool:
        """Tell whether the writer said no."""
        return self.state is LetterState.DECLINED

    @property
    def is_in(self) -> bool:
        """Tell whether the letter has arrived: uploaded, or assigned too."""
        return self.state in (LetterState.UPLOADED, LetterState.ASSIGNED)

    @property
    def is_promised(self) -> bool:
        """Tell whether a writer has agreed, or more."""
        return not self.is_declined and _LADDER.index(self.state) >= _LADDER.index(LetterState.AGREED)

    @property
    def is_awaited(self) -> bool:
        """Tell whether a writer has agreed and the letter has not arrived."""
        return self.is_promised and not self.is_in

    def reached(self, state: LetterState) -> datetime | None:
        """Return when it last came to a state, or None."""
        return next((change.at for change in reversed(self.history) if change.state is state), None)


@dataclass(frozen=True, slots=True)
class Assignment:
    """Hold one program that a letter is for; ``is_assigned`` once she assigned it in the service itself."""

    id: str
    letter_id: str
    member_id: int
    service: ApplicationService
    program: str
    is_assigned: bool = False


@dataclass(frozen=True, slots=True)
class LetterPlan:
    """Hold what she plans: season, target date, one or two specialties, and what a letter may give context to."""

    member_id: int
    season_year: int | None = None
    """The season that she chose for her letters; None: that of her target year."""
    target_on: date | None = None
    """Her own target date; None: the default of the season."""
    specialties: tuple[str, ...] = ()
    circumstances: frozenset[Circumstance] = frozenset()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Hold one step of a letter's follow-up; ``reminder_id`` while she asked to be reminded of it."""

    id: str
    letter_id: str
    member_id: int
    kind: FollowUpKind
    state: FollowUpState
    due_on: date
    reminder_id: str | None = None


_LADDER = tuple(state for state in LetterState if state is not LetterState.DECLINED)


def ladder(service: ApplicationService) -> tuple[LetterState, ...]:
    """Return the states of a letter of a service, in order; a CaRMS reference has no entry of its own before the request."""
    if service is ApplicationService.CARMS:
        return tuple(state for state in _LADDER if state is not LetterState.ENTRY_CREATED)
    return _LADDER


def state_after(letter: Letter) -> LetterState | None:
    """Return the state that comes next; None at the end and for a letter that was declined."""
    return _beside(letter, +1)


def state_before(letter: Letter) -> LetterState | None:
    """Return the state that comes before; for a letter that was declined, asked. None at the beginning."""
    return LetterState.ASKED if letter.is_declined else _beside(letter, -1)


def _beside(letter: Letter, step: int) -> LetterState | None:
    states = ladder(letter.service)
    if letter.is_declined:
        return None
    place = states.index(settled(letter.state, letter.service)) + step
    return states[place] if 0 <= place < len(states) else None


def settled(state: LetterState, service: ApplicationService) -> LetterState:
    """Return the state as a service has it: where it has none of that name, the one before."""
    return LetterState.AGREED if state is LetterState.ENTRY_CREATED and service is ApplicationService.CARMS else state


def moved(letter: Letter, state: LetterState, now: datetime) -> Letter:
    """Return the letter in another state, with the time of the change; in the state that it has, unchanged."""
    state = settled(state, letter.service)
    if state is letter.state:
        return letter
    history = (*letter.history, StateChange(state, now))[-MAX_HISTORY:]
    return replace(letter, state=state, changed_at=now, history=history)


def undone(letter: Letter) -> Letter | None:
    """Return the letter as it stood before its last change of state; None where there was none."""
    if len(letter.history) < 2:
        return None
    history = letter.history[:-1]
    return replace(letter, state=settled(history[-1].state, letter.service), changed_at=history[-1].at, history=history)


def default_target(season_year: int) -> date:
    """Return when letters had best be there for a season: before programs review, 10 September of the year before the Match."""
    return date(season_year - 1, 9, 10)


def program_key(program: str) -> str:
    """Return a program's name so that two spellings of one compare equal."""
    words = "".join(each if each.isalnum() else " " for each in program.casefold()).split()
    return " ".join(words) or program.strip()


def letters_for(program: str, service: ApplicationService, assignments: Iterable[Assignment]) -> set[str]:
    """Return the ids of the letters that are for a program in a service."""
    wanted = program_key(program)
    return {each.letter_id for each in assignments if each.service is service and program_key(each.program) == wanted}


def is_full(program: str, service: ApplicationService, assignments: Iterable[Assignment], letter_id: str) -> bool:
    """Tell whether another letter would be one too many for a program; the limit of four is that of ERAS, of others none is held."""
    if service is not ApplicationService.ERAS:
        return False
    return len(letters_for(program, service, assignments) - {letter_id}) >= MOST_PER_PROGRAM
