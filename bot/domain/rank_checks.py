"""What is looked at before a list is certified: each finding with its reason; what is not known stays unknown, and there is no score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.calendar import SeasonEvent
from bot.domain.eligibility.answers import Answers, UsStatus, VisaPlan
from bot.domain.eligibility.verdicts import Finding, Verdict
from bot.domain.letters import ApplicationService
from bot.domain.programs import CLOSED, Program, ProgramStage, Track, VisaPolicy
from bot.domain.rank_facts import RankFees
from bot.domain.rank_list import PRIMARY, RankList


class Check(StrEnum):
    """What is looked at, in the order in which it is shown."""

    CERTIFIED = "certified"
    VERIFIED = "verified"
    INTERVIEWED = "interviewed"
    VISA = "visa"
    FIRST_YEAR = "first_year"
    ELSEWHERE = "elsewhere"
    CANADA = "canada"
    COUPLE = "couple"
    CODES = "codes"
    BINDING = "binding"


class Standing(StrEnum):
    """How it stands."""

    LOOK = "look"
    """Something to look at before the deadline."""
    UNKNOWN = "unknown"
    FINE = "fine"
    KNOW = "know"
    """Nothing to look at: something to know."""


class Case(StrEnum):
    """What exactly was found; the card has a sentence for each."""

    EMPTY = "empty"
    NOT_CERTIFIED = "not_certified"
    CHANGED_SINCE = "changed_since"
    TOO_LATE = "too_late"
    CERTIFIED = "certified"
    VERIFIED = "verified"
    NOT_VERIFIED = "not_verified"
    VERIFIED_UNKNOWN = "verified_unknown"
    NO_ANSWERS = "no_answers"
    """She saved none, or they can't be read."""
    OTHER_MATCH = "other_match"
    """What she saved is of the Match of another year."""
    NOT_INTERVIEWED = "not_interviewed"
    CLOSED = "closed"
    ALL_INTERVIEWED = "all_interviewed"
    NO_VISA = "no_visa"
    """She needs none."""
    VISA_STATUS_UNKNOWN = "visa_status_unknown"
    VISA_IMPOSSIBLE = "visa_impossible"
    VISA_UNKNOWN = "visa_unknown"
    VISA_POSSIBLE = "visa_possible"
    NO_FIRST_YEAR = "no_first_year"
    FIRST_YEAR_LISTED = "first_year_listed"
    NO_ADVANCED = "no_advanced"
    TRACK_UNKNOWN = "track_unknown"
    RANKED_ELSEWHERE = "ranked_elsewhere"
    """Their match is not NRMP's."""
    CANADA_TOO = "canada_too"
    COUPLE_NOT_ASKED = "couple_not_asked"
    NO_COUPLE = "no_couple"
    COUPLE_OPEN = "couple_open"
    COUPLE_DONE = "couple_done"
    CODES_INCLUDED = "codes_included"
    CODES_EXTRA = "codes_extra"
    LONG_LIST = "long_list"
    BINDING = "binding"


COUPLE_ITEMS = ("couple_accepted", "couple_paid", "couple_equal", "couple_hers", "couple_partners")
"""What a couple ticks off: request accepted, both paid, equal lengths, her list certified, the partner's certified."""


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """Hold what one check found, and the programs that it is about."""

    check: Check
    standing: Standing
    case: Case
    programs: tuple[str, ...] = ()
    """Ids, in her order."""
    codes: tuple[int, int, int] = (0, 0, 0)
    """Codes on the primary list, codes on supplemental lists, US dollars beyond what registration covers; for the codes alone."""


@dataclass(frozen=True, slots=True)
class CheckedList:
    """Hold all that the checks look at."""

    held: RankList
    programs: Mapping[str, Program]
    answers: Answers | None
    """Her saved answers; None where there are none."""
    verified: Finding | None
    """What the rule of verification gives for her answers."""
    deadline: SeasonEvent | None
    now: datetime
    fees: RankFees
    outside: frozenset[str] = frozenset()
    """Ids of the specialties that match outside NRMP."""
    is_canada_too: bool = False
    """Whether she applies in Canada."""

    def where(self, ids: Sequence[str], *stages: ProgramStage) -> tuple[str, ...]:
        """Return those of some programs that are in one of some stages."""
        return tuple(each for each in ids if self.programs[each].stage in stages)


def check_list(given: CheckedList) -> tuple[CheckFinding, ...]:
    """Return every finding, in the order of the checks."""
    found = [
        _certified(given),
        _verified(given),
        *_interviewed(given),
        *_visa(given),
        *_first_year(given),
        *_elsewhere(given),
        _couple(given),
        _codes(given),
        CheckFinding(Check.BINDING, Standing.KNOW, Case.BINDING),
    ]
    return tuple(found)


def _certified(given: CheckedList) -> CheckFinding:
    held, deadline = given.held, given.deadline
    if held.is_certified():
        return CheckFinding(Check.CERTIFIED, Standing.FINE, Case.CERTIFIED)
    if deadline is not None and deadline.at is not None and deadline.at.instant() <= given.now:
        return CheckFinding(Check.CERTIFIED, Standing.LOOK, Case.TOO_LATE)
    if not held.primary:
        return CheckFinding(Check.CERTIFIED, Standing.LOOK, Case.EMPTY)
    return CheckFinding(Check.CERTIFIED, Standing.LOOK, Case.CHANGED_SINCE if held.certified_on else Case.NOT_CERTIFIED)


def _verified(given: CheckedList) -> CheckFinding:
    missing = _answers_missing(given)
    if missing is not None or given.verified is None:
        return CheckFinding(Check.VERIFIED, Standing.UNKNOWN, missing or Case.VERIFIED_UNKNOWN)
    match given.verified.verdict:
        case Verdict.MET:
            return CheckFinding(Check.VERIFIED, Standing.FINE, Case.VERIFIED)
        case Verdict.NOT_MET:
            return CheckFinding(Check.VERIFIED, Standing.LOOK, Case.NOT_VERIFIED)
        case _:
            return CheckFinding(Check.VERIFIED, Standing.UNKNOWN, Case.VERIFIED_UNKNOWN)


def _answers_missing(given: CheckedList) -> Case | None:
    if given.answers is None:
        return Case.NO_ANSWERS
    return Case.OTHER_MATCH if given.answers.match_year != given.held.season_year else None


def _in_order(given: CheckedList) -> list[str]:
    """Return every program on any list, each once, the primary list first."""
    keys = (PRIMARY, *given.held.primary)
    return list(dict.fromkeys(each for key in keys for each in given.held.of(key)))


def _interviewed(given: CheckedList) -> list[CheckFinding]:
    ids = _in_order(given)
    closed = given.where(ids, *CLOSED)
    seen = {each for each in ids if _was_interviewed(given.programs[each])}
    not_seen = tuple(each for each in ids if each not in seen and each not in closed)
    found: list[CheckFinding] = []
    if not_seen:
        found.append(CheckFinding(Check.INTERVIEWED, Standing.LOOK, Case.NOT_INTERVIEWED, not_seen))
    if closed:
        found.append(CheckFinding(Check.INTERVIEWED, Standing.LOOK, Case.CLOSED, closed))
    if ids and not found:
        found.append(CheckFinding(Check.INTERVIEWED, Standing.FINE, Case.ALL_INTERVIEWED))
    return found


def _was_interviewed(program: Program) -> bool:
    return program.stage is ProgramStage.INTERVIEWED or program.reached(ProgramStage.INTERVIEWED) is not None


def _visa(given: CheckedList) -> list[CheckFinding]:
    ids, answers = _in_order(given), given.answers
    if answers is None:
        return [CheckFinding(Check.VISA, Standing.UNKNOWN, Case.NO_ANSWERS)]
    if answers.us_status in (UsStatus.CITIZEN, UsStatus.GREEN_CARD):
        return [CheckFinding(Check.VISA, Standing.FINE, Case.NO_VISA)]
    if answers.us_status is not UsStatus.VISA_NEEDED:
        return [CheckFinding(Check.VISA, Standing.UNKNOWN, Case.VISA_STATUS_UNKNOWN)]
    takes = {each: visa_possible(given.programs[each].visa, answers.visa_plan) for each in ids}
    impossible = tuple(each for each in ids if takes[each] is False)
    unknown = tuple(each for each in ids if takes[each] is None)
    found: list[CheckFinding] = []
    if impossible:
        found.append(CheckFinding(Check.VISA, Standing.LOOK, Case.VISA_IMPOSSIBLE, impossible))
    if unknown:
        found.append(CheckFinding(Check.VISA, Standing.UNKNOWN, Case.VISA_UNKNOWN, unknown))
    if ids and not found:
        found.append(CheckFinding(Check.VISA, Standing.FINE, Case.VISA_POSSIBLE))
    return found


_WANTED = {VisaPlan.J1: {VisaPolicy.J1}, VisaPlan.H1B: {VisaPolicy.H1B}}


def visa_possible(policy: frozenset[VisaPolicy], plan: VisaPlan) -> bool | None:
    """Return whether a program's stated policy has a visa that she has in mind; None where what is noted does not say.

    ``either`` and ``unknown`` take J-1 or H-1B; another visa, or one with conditions, does not say.
    """
    wanted = _WANTED.get(plan, {VisaPolicy.J1, VisaPolicy.H1B})
    if wanted & policy:
        return True
    if VisaPolicy.OTHER in policy or VisaPolicy.UNSTATED in policy or not policy:
        return None
    return False


def _first_year(given: CheckedList) -> list[CheckFinding]:
    held = given.held
    advanced = [each for each in held.primary if given.programs[each].track is Track.ADVANCED]
    without = tuple(each for each in advanced if not held.of(each))
    not_noted = tuple(each for each in held.primary if given.programs[each].track is Track.UNKNOWN)
    found: list[CheckFinding] = []
    if without:
        found.append(CheckFinding(Check.FIRST_YEAR, Standing.LOOK, Case.NO_FIRST_YEAR, without))
    if not_noted:
        found.append(CheckFinding(Check.FIRST_YEAR, Standing.UNKNOWN, Case.TRACK_UNKNOWN, not_noted))
    if not found:
        found.append(CheckFinding(Check.FIRST_YEAR, Standing.FINE, Case.FIRST_YEAR_LISTED if advanced else Case.NO_ADVANCED))
    return found


def _elsewhere(given: CheckedList) -> list[CheckFinding]:
    ids = tuple(each for each in _in_order(given) if _is_outside(given, given.programs[each]))
    found = [CheckFinding(Check.ELSEWHERE, Standing.LOOK, Case.RANKED_ELSEWHERE, ids)] if ids else []
    is_carms = any(given.programs[each].service is ApplicationService.CARMS for each in ids)
    return [*found, *([CheckFinding(Check.CANADA, Standing.KNOW, Case.CANADA_TOO)] if given.is_canada_too or is_carms else [])]


def _is_outside(given: CheckedList, program: Program) -> bool:
    return program.service in (ApplicationService.CARMS, ApplicationService.SF_MATCH) or program.specialty in given.outside


def _couple(given: CheckedList) -> CheckFinding:
    held = given.held
    if held.is_couple is None:
        return CheckFinding(Check.COUPLE, Standing.UNKNOWN, Case.COUPLE_NOT_ASKED)
    if not held.is_couple:
        return CheckFinding(Check.COUPLE, Standing.FINE, Case.NO_COUPLE)
    is_done = held.ticks >= frozenset(COUPLE_ITEMS)
    return CheckFinding(Check.COUPLE, Standing.FINE if is_done else Standing.LOOK, Case.COUPLE_DONE if is_done else Case.COUPLE_OPEN)


def _codes(given: CheckedList) -> CheckFinding:
    primary = len(given.held.primary)
    supplemental = len({each for ids in given.held.supplemental.values() for each in ids})
    extra = given.fees.extra_codes(primary, supplemental) * given.fees.extra_code
    codes = (primary, supplemental, extra)
    if primary >= given.fees.long_list:
        return CheckFinding(Check.CODES, Standing.LOOK, Case.LONG_LIST, codes=codes)
    if extra:
        return CheckFinding(Check.CODES, Standing.KNOW, Case.CODES_EXTRA, codes=codes)
    return CheckFinding(Check.CODES, Standing.FINE, Case.CODES_INCLUDED, codes=codes)
