"""The mix of letters that guides advise, set against hers: what is there, what is missing, what to beware of, and who can speak to what.

All of it is advice. A letter whose details are not filled in counts neither as fitting nor as not: it is counted apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.facts import Citation
from bot.domain.letters import (
    AskedWhen,
    Circumstance,
    Concern,
    Letter,
    LetterKind,
    LetterState,
    Setting,
    Waiver,
    WriterCountry,
    WriterRole,
)
from bot.domain.subspecialties import parent_of

ENOUGH_WEEKS = 4
RECENT = timedelta(days=730)
"""Our reading of "current": the time together ended within two years."""
FRESH = timedelta(days=365)
"""Our reading of a "recent supervisor": within one year."""

_CLINICAL = (Setting.HANDS_ON, Setting.OBSERVERSHIP, Setting.RESEARCH_AND_CLINIC)
_AT_WORK = (Setting.HANDS_ON, Setting.RESEARCH_AND_CLINIC)
_LOOKING_ON = (Setting.OBSERVERSHIP, Setting.SHADOWING)
_NOT_A_WRITER = (WriterRole.FAMILY_FRIEND, WriterRole.PUBLIC_FIGURE, WriterRole.NOT_PHYSICIAN)


class Measure(StrEnum):
    """How letters are counted for a wish."""

    TOTAL = "total"
    US_CLINICAL = "us_clinical"
    NORTH_AMERICA = "north_america"
    IN_SPECIALTY = "in_specialty"
    CHAIR_OR_DIRECTOR = "chair_or_director"
    RESEARCH = "research"
    STANDARDIZED = "standardized"


class LetterWarning(StrEnum):
    """What guides warn of."""

    ALL_FROM_ABROAD = "all_from_abroad"
    OBSERVERSHIP_ONLY = "observership_only"
    MISSING_AT_REVIEW = "missing_at_review"
    TOO_SHORT = "too_short"
    OTHER_SPECIALTY = "other_specialty"
    TEMPLATE = "template"
    HESITANT = "hesitant"
    FAMILY_FRIEND = "family_friend"
    NOT_PHYSICIAN = "not_physician"
    PUBLIC_FIGURE = "public_figure"
    SHADOWING = "shadowing"
    RESEARCH_ONLY = "research_only"
    ASKED_AT_OTHER_TIME = "asked_at_other_time"
    WAIVER_KEPT = "waiver_kept"


OF_THE_WHOLE = (LetterWarning.ALL_FROM_ABROAD, LetterWarning.OBSERVERSHIP_ONLY)
"""Warnings about all letters together, not about one."""


@dataclass(frozen=True, slots=True)
class Advice:
    """Hold what an owner states or a guide advises, with where it was read."""

    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Wish:
    """Hold what a guide wants of the mix."""

    id: str
    measure: Measure
    text: str
    citation: Citation
    at_least: int | None = None
    """None where the guide names no number."""
    at_most: int | None = None
    is_help: bool = False
    """Good to have, not asked for."""
    specialties: frozenset[str] = frozenset()
    """For these alone; empty: for every specialty, or with ``is_for_others`` for those that no other wish of its measure names."""
    is_for_others: bool = False
    counts: frozenset[str] = frozenset()
    """Specialties that count as hers."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """Hold a question on which guides disagree, with both sides."""

    question: str
    sides: tuple[Advice, ...]


@dataclass(frozen=True, slots=True)
class LetterAdvice:
    """Hold all that is stated and advised about letters."""

    facts: Mapping[str, Advice]
    wishes: tuple[Wish, ...]
    disputes: tuple[Dispute, ...]
    warnings: Mapping[LetterWarning, Advice]
    circumstances: Mapping[Circumstance, Advice]
    cited: frozenset[str] = frozenset()
    """The ids of all sources cited."""

    def wishes_for(self, specialty: str) -> tuple[Wish, ...]:
        """Return what guides want for a specialty."""
        named = {wish.measure for wish in self.wishes if specialty in wish.specialties}
        return tuple(
            wish
            for wish in self.wishes
            if specialty in wish.specialties or (not wish.specialties and not (wish.is_for_others and wish.measure in named))
        )


@dataclass(frozen=True, slots=True)
class MixLine:
    """Set one wish against her letters."""

    wish: Wish
    promised: int
    """Fitting, and the writer has agreed or more."""
    hoped: int
    """Fitting, planned or asked."""
    unclear: int
    """Not declined, and its details don't say whether it fits."""

    @property
    def is_met(self) -> bool | None:
        """Tell whether what is promised is enough; None where the guide names no number."""
        return None if self.wish.at_least is None else self.promised >= self.wish.at_least

    @property
    def missing(self) -> int:
        """Return how many are missing, were all that is hoped for promised."""
        return max(0, (self.wish.at_least or 0) - self.promised - self.hoped)


@dataclass(frozen=True, slots=True)
class Warned:
    """Hold a warning and the letters that it is about, in the order of the board; none: it is about all together."""

    warning: LetterWarning
    letters: tuple[Letter, ...] = ()


class Credibility(StrEnum):
    """Whether a writer can speak to something."""

    YES = "yes"
    PERHAPS = "perhaps"
    """Details are missing."""
    NO = "no"


@dataclass(frozen=True, slots=True)
class Voice:
    """Say whether one writer can credibly speak to a circumstance; ``missing`` names the details that would decide."""

    letter: Letter
    credibility: Credibility
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Season:
    """Hold what the warnings need to know of the season: today, when programs review, her target, and what she applies to."""

    today: date
    review_on: Mapping[str, date] = field(default_factory=dict[str, date])
    """By application service; absent where it is not known."""
    target_on: date | None = None
    specialties: tuple[str, ...] = ()


def mix(letters: Iterable[Letter], wishes: Iterable[Wish], specialty: str) -> tuple[MixLine, ...]:
    """Return each wish for a specialty beside what her letters give; letters that were declined are left out."""
    there = [letter for letter in letters if not letter.is_declined]
    return tuple(_line(wish, there, specialty) for wish in wishes)


def _line(wish: Wish, letters: Sequence[Letter], specialty: str) -> MixLine:
    fitting = [(letter, fits(letter, wish, specialty)) for letter in letters]
    return MixLine(
        wish,
        promised=sum(fit is True and letter.is_promised for letter, fit in fitting),
        hoped=sum(fit is True and not letter.is_promised for letter, fit in fitting),
        unclear=sum(fit is None for _, fit in fitting),
    )


def fits(letter: Letter, wish: Wish, specialty: str) -> bool | None:
    """Tell whether a letter counts for a wish; None where its details don't say."""
    match wish.measure:
        case Measure.TOTAL:
            return True
        case Measure.US_CLINICAL:
            return _all(_in(letter.country, (WriterCountry.UNITED_STATES,)), _in(letter.setting, _CLINICAL), _is_writer(letter))
        case Measure.NORTH_AMERICA:
            return _all(_in(letter.country, (WriterCountry.UNITED_STATES, WriterCountry.CANADA)), _is_writer(letter))
        case Measure.IN_SPECIALTY:
            return _all(_in_specialty(letter, wish.counts | {specialty}), _is_writer(letter))
        case Measure.CHAIR_OR_DIRECTOR:
            return letter.kind is LetterKind.CHAIR or _in(letter.role, (WriterRole.CHAIR, WriterRole.PROGRAM_DIRECTOR))
        case Measure.RESEARCH:
            if letter.role is WriterRole.RESEARCH or letter.setting in (Setting.RESEARCH, Setting.RESEARCH_AND_CLINIC):
                return True
            return None if letter.setting is Setting.UNKNOWN and letter.role is WriterRole.UNKNOWN else False
        case Measure.STANDARDIZED:
            return letter.kind is LetterKind.STANDARDIZED


def _in(value: StrEnum, wanted: Sequence[StrEnum]) -> bool | None:
    return None if value.value == "unknown" else value in wanted


def _in_specialty(letter: Letter, wanted: Iterable[str]) -> bool | None:
    if not letter.specialty:
        return None
    return letter.specialty in wanted or parent_of(letter.specialty) in wanted


def _is_writer(letter: Letter) -> bool | None:
    """Tell whether the writer is a physician whom programs would read; a role that says nothing of it counts as one."""
    if letter.is_physician is False or letter.role in _NOT_A_WRITER:
        return False
    return not letter.concerns & {Concern.FAMILY_FRIEND, Concern.PUBLIC_FIGURE}


def _all(*answers: bool | None) -> bool | None:
    """Return False where any is False, else None where any is not known."""
    if False in answers:
        return False
    return None if None in answers else True


def warnings_of(letters: Iterable[Letter], season: Season) -> tuple[Warned, ...]:
    """Return what to beware of, warnings about all letters first; letters that were declined are left out."""
    there = [letter for letter in letters if not letter.is_declined]
    found: dict[LetterWarning, list[Letter]] = {}
    for letter in there:
        for warning in warnings_about(letter, season):
            found.setdefault(warning, []).append(letter)
    whole = [Warned(warning) for warning in OF_THE_WHOLE if _is_of_the_whole(warning, there)]
    return (*whole, *(Warned(warning, tuple(found[warning])) for warning in LetterWarning if warning in found))


def _is_of_the_whole(warning: LetterWarning, letters: Sequence[Letter]) -> bool:
    if not letters:
        return False
    if warning is LetterWarning.ALL_FROM_ABROAD:
        return all(letter.country is WriterCountry.ELSEWHERE for letter in letters)
    return all(letter.setting in _LOOKING_ON for letter in letters)


def warnings_about(letter: Letter, season: Season) -> tuple[LetterWarning, ...]:
    """Return what to beware of in one letter, in the order of the enum."""
    found = {
        LetterWarning.MISSING_AT_REVIEW: _is_missing_at_review(letter, season),
        LetterWarning.TOO_SHORT: letter.weeks is not None and letter.weeks < ENOUGH_WEEKS,
        LetterWarning.OTHER_SPECIALTY: bool(season.specialties) and _in_specialty(letter, season.specialties) is False,
        LetterWarning.TEMPLATE: Concern.TEMPLATE in letter.concerns,
        LetterWarning.HESITANT: Concern.HESITANT in letter.concerns,
        LetterWarning.FAMILY_FRIEND: letter.role is WriterRole.FAMILY_FRIEND or Concern.FAMILY_FRIEND in letter.concerns,
        LetterWarning.NOT_PHYSICIAN: letter.role is WriterRole.NOT_PHYSICIAN or letter.is_physician is False,
        LetterWarning.PUBLIC_FIGURE: letter.role is WriterRole.PUBLIC_FIGURE or Concern.PUBLIC_FIGURE in letter.concerns,
        LetterWarning.SHADOWING: letter.setting is Setting.SHADOWING,
        LetterWarning.RESEARCH_ONLY: letter.setting is Setting.RESEARCH,
        LetterWarning.ASKED_AT_OTHER_TIME: _is_asked_at_other_time(letter, season.today),
        LetterWarning.WAIVER_KEPT: letter.waiver is Waiver.KEPT,
    }
    return tuple(warning for warning in LetterWarning if found.get(warning, False))


def _is_missing_at_review(letter: Letter, season: Season) -> bool:
    review = season.review_on.get(letter.service.value)
    if review is None or letter.is_in:
        return False
    target = letter.target_on or season.target_on
    return season.today >= review or (target is not None and target >= review)


def _is_asked_at_other_time(letter: Letter, today: date) -> bool:
    """Tell whether she asked, or can only ask, outside of weeks 3 to 4; of a letter that is there it is of no use any more."""
    if letter.is_in:
        return False
    if letter.asked_when is not AskedWhen.UNKNOWN:
        return letter.asked_when is not AskedWhen.WEEKS_3_TO_4
    if letter.last_on is None:
        return False
    asked = letter.reached(LetterState.ASKED)
    if asked is None:
        return letter.state is LetterState.PLANNED and letter.last_on < today
    if letter.weeks is None or asked.date() > letter.last_on:
        return asked.date() > letter.last_on
    week = (asked.date() - (letter.last_on - timedelta(weeks=letter.weeks))).days // 7 + 1
    # Where they are together for less than three weeks, its last one is the time.
    return week not in (3, 4) and not (letter.weeks < 3 and week >= letter.weeks)


def voices(circumstance: Circumstance, letters: Iterable[Letter], specialties: Sequence[str], today: date) -> tuple[Voice, ...]:
    """Return which writers can credibly speak to a circumstance, the credible first; letters that were declined are left out."""
    found = [_voice(circumstance, letter, specialties, today) for letter in letters if not letter.is_declined]
    order = list(Credibility)
    return tuple(sorted(found, key=lambda voice: order.index(voice.credibility)))


def _voice(circumstance: Circumstance, letter: Letter, specialties: Sequence[str], today: date) -> Voice:
    is_writer = _is_writer(letter) and Concern.HESITANT not in letter.concerns and Concern.TEMPLATE not in letter.concerns
    answers: dict[str, bool | None] = {"": bool(is_writer)}
    match circumstance:
        case Circumstance.OLDER_GRADUATION:
            answers["where"] = _in(letter.country, (WriterCountry.UNITED_STATES,))
            answers |= _saw_her_work(letter) | {"last day": _ended_within(letter, RECENT, today)}
        case Circumstance.ATTEMPTS:
            answers |= _saw_her_work(letter)
        case Circumstance.GAPS:
            answers |= {"setting": _in(letter.setting, _CLINICAL), "last day": _ended_within(letter, FRESH, today)}
        case Circumstance.CHANGE_OF_SPECIALTY:
            answers["specialty"] = _in_specialty(letter, specialties)
    if False in answers.values():
        return Voice(letter, Credibility.NO)
    missing = tuple(name for name, answer in answers.items() if answer is None)
    return Voice(letter, Credibility.PERHAPS if missing else Credibility.YES, missing)


def _saw_her_work(letter: Letter) -> dict[str, bool | None]:
    return {
        "setting": _in(letter.setting, _AT_WORK),
        "weeks": None if letter.weeks is None else letter.weeks >= ENOUGH_WEEKS,
    }


def _ended_within(letter: Letter, span: timedelta, today: date) -> bool | None:
    return None if letter.last_on is None else letter.last_on >= today - span
