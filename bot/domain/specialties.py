"""Published figures of specialties: places and who fills them, outcomes, signals, letters; each with year, source and certainty.

Two measures that are easily mixed stand apart here: the share of filled places that IMGs fill (``Positions.img_share``), and the match rate
of the people who applied (``Outcomes.match_rate``, ``MatchRate``).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.facts import Citation, Source

SMALLEST_CELL = 10
"""A rate or a mean of fewer people than this is not shown: counts only."""


class Group(StrEnum):
    """Whom a figure is about, as NRMP classes applicants."""

    US_IMG = "us-img"
    """US citizens who graduate from a medical school abroad."""
    NON_US_IMG = "non-us-img"
    """Everybody else who graduates from a medical school abroad, holders of a green card included."""
    US_MD_SENIORS = "us-md-seniors"
    US_DO_SENIORS = "us-do-seniors"
    ALL = "all"


GROUP_NAMES = {
    Group.US_IMG: "US IMGs",
    Group.NON_US_IMG: "non-US IMGs",
    Group.US_MD_SENIORS: "US MD seniors",
    Group.US_DO_SENIORS: "US DO seniors",
    Group.ALL: "all applicants",
}


@dataclass(frozen=True, slots=True)
class Positions:
    """Hold the places of one year: offered, filled by the algorithm (before SOAP), and by whom; None where it is not held."""

    year: int
    offered: int
    filled: int
    us_md_seniors: int | None
    us_do_seniors: int | None
    us_img: int | None
    non_us_img: int | None
    citation: Citation

    @property
    def imgs(self) -> int | None:
        """Return how many places IMGs fill, both groups together."""
        return None if self.us_img is None or self.non_us_img is None else self.us_img + self.non_us_img

    @property
    def img_share(self) -> float | None:
        """Return the share of filled places that IMGs fill, 0 to 1: no match rate. None where the cell is too small, or not held."""
        return _rate(self.imgs, self.filled)


@dataclass(frozen=True, slots=True)
class Split:
    """Hold one line of a specialty apart: categorical, primary care, preliminary."""

    line: str
    positions: Positions


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Hold NRMP's Charting Outcomes for non-US IMGs, and for nobody else.

    "Matched" means to the specialty that was ranked first. A mean is None where NRMP withholds it or where it would be one of fewer people
    than ``SMALLEST_CELL``. Means are never cut-offs.
    """

    year: int
    matched: int
    unmatched: int
    step2_matched: float | None
    step2_unmatched: float | None
    ranks_matched: float | None
    ranks_unmatched: float | None
    publications_matched: float | None
    research_matched: float | None
    citation: Citation

    @property
    def total(self) -> int:
        """Return how many ranked the specialty first."""
        return self.matched + self.unmatched

    @property
    def match_rate(self) -> float | None:
        """Return the share of those who ranked it first that matched to it, 0 to 1; None where either cell is too small."""
        return None if self.unmatched < SMALLEST_CELL else _rate(self.matched, self.total)


@dataclass(frozen=True, slots=True)
class Signals:
    """Hold how many program signals an applicant has for the specialty in one season."""

    year: int
    """The year of the Match."""
    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class LetterWishes:
    """Hold what letters of recommendation the specialty wants, as a named source says; advice, never a rule."""

    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class SeparateMatch:
    """Hold the result of a match outside NRMP (urology, ophthalmology)."""

    year: int
    applicants: int
    matched_percent: float
    img_percent: float | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class Specialty:
    """Hold all that is published about one specialty."""

    id: str
    """``internal-med``: at most 14 characters, so that four fit into a custom id."""
    name: str
    aliases: tuple[str, ...]
    application_service: str
    match_service: str
    positions: tuple[Positions, ...]
    """Newest year first; empty where none are held."""
    splits: tuple[Split, ...] = ()
    outcomes: Outcomes | None = None
    signals: tuple[Signals, ...] = ()
    """Newest season first; empty where none are known."""
    letters: LetterWishes | None = None
    note: str = ""
    """What the figures of this specialty hide."""
    signals_note: str = ""
    """What is said of signals where none are known."""
    outcomes_note: str = ""
    """What is said of the outcomes, which are of non-US IMGs only."""
    citation_service: Citation | None = None
    separate_match: SeparateMatch | None = None
    named_by: tuple[Source, ...] = ()
    """Third-party guides that count it among the specialties that take many IMGs."""

    @property
    def latest(self) -> Positions | None:
        """Return the places of the newest year."""
        return self.positions[0] if self.positions else None


@dataclass(frozen=True, slots=True)
class MatchRate:
    """Hold the share of one group's active applicants who matched to a first-year place in one year, over all specialties."""

    year: int
    group: Group
    active: int | None
    matched: int | None
    percent: float
    citation: Citation


@dataclass(frozen=True, slots=True)
class RankListLength:
    """Hold the mean length of the rank order lists of those who matched and those who did not; couples are left out."""

    year: int
    group: Group
    matched: int
    matched_percent: float
    mean_matched: float
    unmatched: int
    unmatched_percent: float
    mean_unmatched: float
    citation: Citation


@dataclass(frozen=True, slots=True)
class StateFigures:
    """Hold the filled places of one state and how many of them IMGs fill."""

    state: str
    year: int
    filled: int
    us_img: int
    non_us_img: int
    citation: Citation

    @property
    def imgs(self) -> int:
        """Return how many places IMGs fill."""
        return self.us_img + self.non_us_img

    @property
    def img_share(self) -> float | None:
        """Return the share of filled places that IMGs fill, 0 to 1: no match rate."""
        return _rate(self.imgs, self.filled)


@dataclass(frozen=True, slots=True)
class SurveyFinding:
    """Hold one line of a survey of program directors: few, old, and over all specialties."""

    year: int
    """The earliest year that it can be of."""
    year_text: str
    factor: str
    percent: float | None
    """Of the directors who answered, how many per cent cite it."""
    importance: float | None
    """Mean importance, 1 to 5."""
    count: float | None
    note: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class ApplicationCount:
    """Hold how many applications, or applicants, were counted in one season; never a number to aim at."""

    specialty: str
    year: int
    year_text: str
    group: str
    measure: str
    value: float
    note: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold one published sentence of figures that belongs to no table."""

    title: str
    text: str
    year_text: str
    citation: Citation


def without_outcomes(specialty: Specialty) -> Specialty:
    """Return the specialty without the figures that are of non-US IMGs only, for whoever is none."""
    return replace(specialty, outcomes=None, outcomes_note="")


def _rate(part: int | None, whole: int) -> float | None:
    """Return part of whole; None where the part is not held, or is a cell too small to be more than a count."""
    if part is None or part < SMALLEST_CELL or whole < SMALLEST_CELL:
        return None
    return part / whole
