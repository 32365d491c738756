"""How a program's stated policies fit what a member told: rule by rule, strict cut-offs apart from wishes; no score, and no guess."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.eligibility.answers import Answers, CanadaStatus, Passed, Step, UsStatus
from bot.domain.letters import ApplicationService
from bot.domain.programs import NO_LIMIT, NO_MINIMUM, Noted, Program, Track, VisaPolicy
from bot.domain.rank_checks import visa_possible


class FitRule(StrEnum):
    """What is looked at, in the order in which it is shown."""

    CITIZENSHIP = "citizenship"
    VISA = "visa"
    GRADUATION = "graduation"
    SCORE = "score"
    ATTEMPTS = "attempts"
    STEP3 = "step3"
    EXPERIENCE = "experience"
    FIRST_YEAR = "first_year"
    IMGS = "imgs"
    SCHOOL = "school"


STRICT = (FitRule.CITIZENSHIP, FitRule.VISA, FitRule.GRADUATION, FitRule.SCORE, FitRule.ATTEMPTS)
"""Cut-offs, by which programs sort out applications before a person reads them."""
NOTED = {
    FitRule.VISA: Noted.VISA,
    FitRule.GRADUATION: Noted.GRADUATION,
    FitRule.SCORE: Noted.SCORE,
    FitRule.ATTEMPTS: Noted.ATTEMPTS,
    FitRule.STEP3: Noted.VISA,
    FitRule.EXPERIENCE: Noted.EXPERIENCE,
    FitRule.FIRST_YEAR: Noted.BASICS,
    FitRule.IMGS: Noted.IMGS,
    FitRule.SCHOOL: Noted.SCHOOL,
}
"""The fact of the program that each rule reads."""


class Fits(StrEnum):
    """Whether it fits."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    KNOW = "know"
    """Nothing to fit: something to know."""


class FitCase(StrEnum):
    """What exactly was found; the card has a sentence for each."""

    NOT_NOTED = "not_noted"
    """Of the program nothing is noted."""
    NOT_TOLD = "not_told"
    """Of her nothing is told."""
    NO_LIMIT = "no_limit"
    CANADIAN = "canadian"
    NOT_CANADIAN = "not_canadian"
    NO_VISA_NEEDED = "no_visa_needed"
    VISA_TAKEN = "visa_taken"
    VISA_NOT_TAKEN = "visa_not_taken"
    VISA_CONDITIONS = "visa_conditions"
    """Another visa, one with conditions, or nothing stated."""
    OWN_STATUS = "own_status"
    """She has another authorisation to work: programs decide."""
    GRADUATED_WITHIN = "graduated_within"
    GRADUATED_BEFORE = "graduated_before"
    SCORE_REACHED = "score_reached"
    SCORE_BELOW = "score_below"
    ATTEMPTS_WITHIN = "attempts_within"
    ATTEMPTS_BEYOND = "attempts_beyond"
    ATTEMPTS_OPEN = "attempts_open"
    """Within so far, and a Step is still to pass."""
    STEP3_FIRST = "step3_first"
    NONE_ASKED = "none_asked"
    MONTHS_REACHED = "months_reached"
    MONTHS_BELOW = "months_below"
    MONTHS_MIXED = "months_mixed"
    """Enough only where watching and research count."""
    IN_WORDS = "in_words"
    """What it asks for stands in words that only she can weigh."""
    ADVANCED = "advanced"
    PRELIMINARY = "preliminary"
    PHYSICIAN = "physician"
    SOME_THERE = "some_there"
    NONE_THERE = "none_there"


@dataclass(frozen=True, slots=True)
class Experience:
    """Hold what she noted of clinical experience in one country, in weeks."""

    hands_on: int = 0
    other: int = 0
    """Observerships and research."""


@dataclass(frozen=True, slots=True)
class Hers:
    """Hold what of her is looked at; None where it is not told."""

    answers: Answers | None = None
    score: int | None = None
    """Her three-digit score of Step 2 CK."""
    in_us: Experience | None = None
    in_canada: Experience | None = None
    """None where she noted no rotation at all."""


@dataclass(frozen=True, slots=True)
class FitFinding:
    """Hold what one rule found: what the program asks and what is hers, as numbers where there are any."""

    rule: FitRule
    fits: Fits
    case: FitCase
    asked: int | None = None
    hers: int | None = None

    @property
    def is_strict(self) -> bool:
        """Tell whether it is a cut-off."""
        return self.rule in STRICT


def fit(program: Program, hers: Hers) -> tuple[FitFinding, ...]:
    """Return every finding, cut-offs first."""
    return tuple(_findings(program, hers))


def standing(findings: Iterable[FitFinding]) -> Fits:
    """Return how the cut-offs stand together: NO where one does not fit, else UNKNOWN where one is not known, else YES."""
    found = {each.fits for each in findings if each.is_strict}
    return Fits.NO if Fits.NO in found else Fits.UNKNOWN if Fits.UNKNOWN in found else Fits.YES


def _findings(program: Program, hers: Hers) -> Iterator[FitFinding]:
    if program.service is ApplicationService.CARMS:
        yield _citizenship(hers.answers)
    else:
        yield _visa(program, hers.answers)
    yield _graduation(program, hers.answers)
    yield _score(program, hers.score)
    yield _attempts(program, hers.answers)
    yield from _step3(program, hers.answers)
    yield _experience(program, hers)
    yield from _first_year(program)
    yield _there(FitRule.IMGS, None if program.imgs is None else program.imgs.number)
    yield _there(FitRule.SCHOOL, program.school_graduates)


def _citizenship(answers: Answers | None) -> FitFinding:
    status = answers.canada_status if answers else CanadaStatus.UNKNOWN
    if status is CanadaStatus.UNKNOWN:
        return FitFinding(FitRule.CITIZENSHIP, Fits.UNKNOWN, FitCase.NOT_TOLD)
    if status is CanadaStatus.NEITHER:
        return FitFinding(FitRule.CITIZENSHIP, Fits.NO, FitCase.NOT_CANADIAN)
    return FitFinding(FitRule.CITIZENSHIP, Fits.YES, FitCase.CANADIAN)


def _visa(program: Program, answers: Answers | None) -> FitFinding:
    status = answers.us_status if answers else UsStatus.UNKNOWN
    if status in (UsStatus.CITIZEN, UsStatus.GREEN_CARD):
        return FitFinding(FitRule.VISA, Fits.YES, FitCase.NO_VISA_NEEDED)
    if status is UsStatus.OTHER_AUTHORISATION:
        return FitFinding(FitRule.VISA, Fits.UNKNOWN, FitCase.OWN_STATUS)
    if answers is None or status is UsStatus.UNKNOWN:
        return FitFinding(FitRule.VISA, Fits.UNKNOWN, FitCase.NOT_TOLD)
    if not program.visa:
        return FitFinding(FitRule.VISA, Fits.UNKNOWN, FitCase.NOT_NOTED)
    possible = visa_possible(program.visa, answers.visa_plan)
    if possible is None:
        return FitFinding(FitRule.VISA, Fits.UNKNOWN, FitCase.VISA_CONDITIONS)
    return FitFinding(FitRule.VISA, Fits.YES if possible else Fits.NO, FitCase.VISA_TAKEN if possible else FitCase.VISA_NOT_TAKEN)


def _graduation(program: Program, answers: Answers | None) -> FitFinding:
    years = None if answers is None or answers.graduation is None else max(0, program.season_year - answers.graduation)
    return _limit(FitRule.GRADUATION, program.graduation_years, NO_LIMIT, years, (FitCase.GRADUATED_WITHIN, FitCase.GRADUATED_BEFORE))


def _score(program: Program, score: int | None) -> FitFinding:
    least = program.score_minimum
    if least is None:
        return FitFinding(FitRule.SCORE, Fits.UNKNOWN, FitCase.NOT_NOTED, hers=score)
    if least == NO_MINIMUM:
        return FitFinding(FitRule.SCORE, Fits.YES, FitCase.NO_LIMIT)
    if score is None:
        return FitFinding(FitRule.SCORE, Fits.UNKNOWN, FitCase.NOT_TOLD, least)
    reached = score >= least
    return FitFinding(
        FitRule.SCORE, Fits.YES if reached else Fits.NO, FitCase.SCORE_REACHED if reached else FitCase.SCORE_BELOW, least, score
    )


def _limit(rule: FitRule, most: int | None, none: int, hers: int | None, cases: Sequence[FitCase]) -> FitFinding:
    if most is None:
        return FitFinding(rule, Fits.UNKNOWN, FitCase.NOT_NOTED, hers=hers)
    if most == none:
        return FitFinding(rule, Fits.YES, FitCase.NO_LIMIT)
    if hers is None:
        return FitFinding(rule, Fits.UNKNOWN, FitCase.NOT_TOLD, most)
    within, beyond = cases
    return FitFinding(rule, Fits.YES if hers <= most else Fits.NO, within if hers <= most else beyond, most, hers)


def _attempts(program: Program, answers: Answers | None) -> FitFinding:
    steps = (answers.step1, answers.step2) if answers else ()
    counts = [_attempts_needed(each) for each in steps]
    known = [each for each in counts if each is not None]
    worst = max(known, default=None)
    found = _limit(
        FitRule.ATTEMPTS, program.attempts_most, NO_LIMIT, worst, (FitCase.ATTEMPTS_WITHIN, FitCase.ATTEMPTS_BEYOND)
    )  # fmt: skip
    if found.case is FitCase.ATTEMPTS_WITHIN and not all(each.is_passed for each in steps):
        return FitFinding(FitRule.ATTEMPTS, Fits.UNKNOWN, FitCase.ATTEMPTS_OPEN, found.asked, found.hers)
    return found


def _attempts_needed(step: Step) -> int | None:
    """Return with how many attempts a Step was passed, or at the least will be; None where it is not told."""
    if step is Step.UNKNOWN:
        return None
    if step in (Step.BOOKED, Step.NOT_TAKEN):
        return 1
    _, _, count = step.value.partition("_")
    attempts = 5 if count == "more" else int(count)
    return attempts if step.is_passed else attempts + 1


def _step3(program: Program, answers: Answers | None) -> Iterator[FitFinding]:
    """Yield that Step 3 comes first, where H-1B is the only visa that both sides have in mind."""
    if answers is None or answers.us_status is not UsStatus.VISA_NEEDED or answers.step3 is Passed.PASSED:
        return
    if VisaPolicy.H1B in program.visa and VisaPolicy.J1 not in program.visa and visa_possible(program.visa, answers.visa_plan):
        yield FitFinding(FitRule.STEP3, Fits.KNOW, FitCase.STEP3_FIRST)


def _experience(program: Program, hers: Hers) -> FitFinding:
    asked = program.experience_months
    if asked is None:
        case = FitCase.IN_WORDS if program.experience else FitCase.NOT_NOTED
        return FitFinding(FitRule.EXPERIENCE, Fits.UNKNOWN, case)
    if asked == 0:
        return FitFinding(FitRule.EXPERIENCE, Fits.YES, FitCase.NONE_ASKED)
    held = hers.in_canada if program.service is ApplicationService.CARMS else hers.in_us
    if held is None:
        return FitFinding(FitRule.EXPERIENCE, Fits.UNKNOWN, FitCase.NOT_TOLD, asked)
    hands_on, whole = _months(held.hands_on), _months(held.hands_on + held.other)
    if hands_on >= asked:
        return FitFinding(FitRule.EXPERIENCE, Fits.YES, FitCase.MONTHS_REACHED, asked, hands_on)
    if whole >= asked:
        return FitFinding(FitRule.EXPERIENCE, Fits.UNKNOWN, FitCase.MONTHS_MIXED, asked, hands_on)
    return FitFinding(FitRule.EXPERIENCE, Fits.NO, FitCase.MONTHS_BELOW, asked, whole)


def _months(weeks: int) -> int:
    """Return whole months of four weeks, as programs and rotations count them."""
    return weeks // 4


def _first_year(program: Program) -> Iterator[FitFinding]:
    cases = {
        Track.ADVANCED: (Fits.KNOW, FitCase.ADVANCED),
        Track.PHYSICIAN: (Fits.KNOW, FitCase.PHYSICIAN),
        Track.PRELIMINARY: (Fits.KNOW, FitCase.PRELIMINARY),
        Track.TRANSITIONAL: (Fits.KNOW, FitCase.PRELIMINARY),
        Track.UNKNOWN: (Fits.UNKNOWN, FitCase.NOT_NOTED),
    }
    if program.track in cases:
        fits, case = cases[program.track]
        yield FitFinding(FitRule.FIRST_YEAR, fits, case)


def _there(rule: FitRule, number: int | None) -> FitFinding:
    if number is None:
        return FitFinding(rule, Fits.UNKNOWN, FitCase.NOT_NOTED)
    return FitFinding(rule, Fits.KNOW, FitCase.SOME_THERE if number else FitCase.NONE_THERE, hers=number)
