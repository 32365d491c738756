"""Programs that a member considers or applies to: what she noted of each, where and when she read it, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from bot.domain.letters import ApplicationService, program_key

MAX_PROGRAMS = 1000
"""Programs kept of one season: a file of 1,000 rows goes in whole, and the largest specialties have fewer programs than that."""
MAX_NAME = 80
"""As long as a program's name in a letter's assignment, so that the two can be compared."""
MAX_CODE = 12
MAX_LINK = 200
MAX_SHORT = 120
MAX_TEXT = 600
MAX_WHERE = 200
MAX_HISTORY = 20
"""Changes of stage kept of one program, the newest."""
MOST_YEARS, MOST_ATTEMPTS, MOST_MONTHS, MOST_PEOPLE = 60, 10, 120, 999
LOWEST_SCORE, HIGHEST_SCORE = 180, 300
"""The three-digit scores that a limit may name."""
NO_LIMIT = 999
"""Years since graduation, or attempts, of a program that says it sets no limit: known, unlike None."""
NO_MINIMUM = 0
"""The score of a program that says it sets no minimum."""


class ProgramStage(StrEnum):
    """How far a program has come with her, in order; the last three stand aside."""

    CONSIDERING = "considering"
    APPLIED = "applied"
    INVITED = "invited"
    INTERVIEWED = "interviewed"
    RANKED = "ranked"
    """It stands on her rank order list."""
    DECLINED = "declined"
    """She said no: to the invitation, or to ranking it."""
    REJECTED = "rejected"
    """The program said no."""
    WITHDRAWN = "withdrawn"
    """She took the application back."""


class Track(StrEnum):
    """What kind of place it is, as NRMP tells them apart."""

    UNKNOWN = "unknown"
    CATEGORICAL = "categorical"
    """From the first year on to the end."""
    PRIMARY = "primary"
    """Categorical with a stress on primary care."""
    PRELIMINARY = "preliminary"
    """One or two years before an advanced place."""
    TRANSITIONAL = "transitional"
    """A year through several fields before an advanced place."""
    ADVANCED = "advanced"
    """From the second year on: a first year is needed elsewhere."""
    PHYSICIAN = "physician"
    """For physicians who have done the first year (R)."""


class VisaPolicy(StrEnum):
    """What a program says about visas."""

    J1 = "j1"
    H1B = "h1b"
    OTHER = "other"
    """Another one, or with conditions: said in the notes."""
    NONE = "none"
    """It says that it takes nobody who needs a visa."""
    UNSTATED = "unstated"
    """She looked, and nothing is said."""


class Signal(StrEnum):
    """Which signal she spends on the program."""

    NONE = "none"
    ONE = "one"
    """Of a specialty whose signals are all alike."""
    GOLD = "gold"
    SILVER = "silver"


class Noted(StrEnum):
    """The facts of a program that are read somewhere: each keeps where and when."""

    BASICS = "basics"
    """Name, specialty, track, state, service, code and link."""
    VISA = "visa"
    GRADUATION = "graduation"
    SCORE = "score"
    ATTEMPTS = "attempts"
    EXPERIENCE = "experience"
    IMGS = "imgs"
    SCHOOL = "school"
    FELLOWSHIPS = "fellowships"
    CURRICULUM = "curriculum"
    OPEN_HOUSE = "open_house"


@dataclass(frozen=True, slots=True)
class Reading:
    """Say where a fact was read, a link or words, and when."""

    where: str
    on: date


@dataclass(frozen=True, slots=True)
class Share:
    """Hold how many of how many; ``of`` is None where only a number is known, and percent are of a hundred."""

    number: int
    of: int | None = None
    is_percent: bool = False

    @property
    def rate(self) -> float | None:
        """Return the share, 0 to 1; None where the whole is not known."""
        return self.number / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class StageChange:
    """Say when a program came to a stage."""

    stage: ProgramStage
    at: datetime


@dataclass(frozen=True, slots=True)
class Program:
    """Hold one program of one season (``season_year`` is the year of the Match), as its member noted it. Nothing of it was checked."""

    id: str
    member_id: int
    season_year: int
    stage: ProgramStage
    created_at: datetime
    changed_at: datetime
    """When anything of it last changed."""
    name: str
    specialty: str | None = None
    """An id of the catalogue; None where it is not known."""
    track: Track = Track.UNKNOWN
    region: str = ""
    """The code of a US state or a Canadian province: ``NY``, ``ON``; empty where it is not known."""
    service: ApplicationService = ApplicationService.ERAS
    code: str = ""
    """Its code of NRMP or ACGME."""
    link: str = ""
    """The program's own page, https."""
    visa: frozenset[VisaPolicy] = frozenset()
    """Empty where it is not known."""
    graduation_years: int | None = None
    """The most years since graduation that it takes; ``NO_LIMIT`` where it sets none, None where it is not known."""
    score_minimum: int | None = None
    """The lowest score of Step 2 CK that it states; ``NO_MINIMUM`` where it sets none, None where it is not known."""
    attempts_most: int | None = None
    """The most attempts at one Step that it allows; 1: each passed at first; ``NO_LIMIT`` where it sets none."""
    experience_months: int | None = None
    """Months of clinical experience that it asks for; 0: none."""
    experience: str = ""
    """Which experience it asks for: hands-on, in the US, how recent."""
    imgs: Share | None = None
    """IMGs among its current residents."""
    school_graduates: int | None = None
    """Graduates of her own school among its residents."""
    fellowships: str = ""
    curriculum: str = ""
    """Notes on curriculum and faculty."""
    contact: str = ""
    """The resident whom she contacted, and when."""
    open_house_on: date | None = None
    signal: Signal = Signal.NONE
    statement: str = ""
    """The version of the personal statement that is for it."""
    notes: str = ""
    readings: Mapping[Noted, Reading] = field(default_factory=dict[Noted, Reading])
    carried_from: int | None = None
    """The earlier season that it was carried over from; None where it is of this one."""
    history: tuple[StageChange, ...] = ()
    """Every stage with its time, oldest first; the last one is that of now."""
    is_readable: bool = True
    """False where its encrypted part can't be read: then only what stands in clear is true."""

    @property
    def key(self) -> str:
        """Return the name as ``program_key`` of letters spells it, by which letters and programs find each other."""
        return program_key(self.name)

    @property
    def is_closed(self) -> bool:
        """Tell whether it is over: declined, rejected or withdrawn."""
        return self.stage in CLOSED

    @property
    def has_applied(self) -> bool:
        """Tell whether an application was sent, as far as the stages say."""
        return bool({each.stage for each in self.history} & _AFTER_APPLYING) or self.stage in _AFTER_APPLYING

    @property
    def stage_since(self) -> datetime:
        """Return when it came to its stage."""
        return self.history[-1].at if self.history else self.created_at

    def reached(self, stage: ProgramStage) -> datetime | None:
        """Return when it last came to a stage, or None."""
        return next((each.at for each in reversed(self.history) if each.stage is stage), None)


CLOSED = frozenset((ProgramStage.DECLINED, ProgramStage.REJECTED, ProgramStage.WITHDRAWN))
_AFTER_APPLYING = frozenset(ProgramStage) - {ProgramStage.CONSIDERING, ProgramStage.DECLINED}


def is_same(one: Program, other: Program) -> bool:
    """Tell whether two entries are of one program: the same code; or else one name, with no track, specialty or state that differs."""
    if one.code and other.code:
        return one.code == other.code
    pairs = (
        (one.specialty, other.specialty),
        (one.region, other.region),
        (one.track, other.track) if Track.UNKNOWN not in (one.track, other.track) else ("", ""),
    )
    return one.key == other.key and all(a == b for a, b in pairs if a and b)


def moved(program: Program, stage: ProgramStage, now: datetime) -> Program:
    """Return the program in another stage, with the time of the change; in the stage that it has, unchanged."""
    if stage is program.stage:
        return program
    history = (*program.history, StageChange(stage, now))[-MAX_HISTORY:]
    return replace(program, stage=stage, changed_at=now, history=history)
