"""How far each step of her way is by what she told elsewhere, so that nothing is asked twice; nothing of it is stored here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.eligibility.answers import (
    Answers,
    Application,
    CanadaStatus,
    Certificate,
    Eras,
    Exam,
    Language,
    Listing,
    Nrmp,
    Oet,
    Passed,
    Pathway,
    Step,
    VisaPlan,
)
from bot.domain.eligibility.verdicts import Verdict
from bot.domain.exam_records import ExamKey, ExamRecord, answers_after
from bot.domain.interviews import Interview, InterviewState
from bot.domain.journey import Origin, Standing, State
from bot.domain.letters import Letter, LetterState, WriterCountry
from bot.domain.own_week import Result
from bot.domain.programs import Program, Signal
from bot.domain.rank_list import RankList
from bot.domain.rotations import Rotation

DONE, UNDER_WAY, OPEN = State.DONE, State.UNDER_WAY, State.OPEN


@dataclass(frozen=True, slots=True)
class Told:
    """Hold what she told elsewhere, of the season that she aims at."""

    answers: Answers | None = None
    exams: Mapping[ExamKey, ExamRecord] | None = None
    letters: Sequence[Letter] = ()
    rotations: Sequence[Rotation] = ()
    programs: Sequence[Program] = ()
    interviews: Sequence[Interview] = ()
    has_practised: bool = False
    ranking: RankList | None = None
    result: Result | None = None
    verified: Verdict | None = None
    """What the rule on verification gives on her saved answers."""
    has_earlier_season: bool = False
    """Whether she keeps programs of an earlier Match."""


def derived(told: Told) -> dict[str, Standing]:
    """Return how far each step is that something told elsewhere says something of, by the name that items read it under."""
    found: dict[str, Standing] = {}
    for origin, states in (
        (Origin.ANSWERS, _from_answers(told.answers) if told.answers else {}),
        (Origin.EXAMS, _from_exams(told)),
        (Origin.LETTERS, _from_letters(told.letters)),
        (Origin.ROTATIONS, _from_rotations(told.rotations)),
        (Origin.PROGRAMS, _from_programs(told.programs)),
        (Origin.INTERVIEWS, _from_interviews(told.interviews)),
        (Origin.PRACTICE, {"practice": UNDER_WAY} if told.has_practised else {}),
        (Origin.RANK_LIST, _from_ranking(told.ranking)),
        (Origin.MATCH_WEEK, {"result": DONE} if told.result is not None else {}),
    ):
        found |= {name: Standing(state, origin) for name, state in states.items()}
    if told.verified is not None and told.verified is not Verdict.UNKNOWN:
        found["verified"] = Standing(DONE if told.verified is Verdict.MET else OPEN, Origin.ANSWERS)
    return found


def _step(step: Step) -> State | None:
    if step is Step.UNKNOWN:
        return None
    return DONE if step.is_passed else OPEN if step is Step.NOT_TAKEN else UNDER_WAY


_EXAM = {Exam.PASSED: DONE, Exam.FAILED: UNDER_WAY, Exam.BOOKED: UNDER_WAY, Exam.NOT_TAKEN: OPEN}
_OET = {Oet.ONE_SITTING: DONE, Oet.SEVERAL_SITTINGS: UNDER_WAY, Oet.BOOKED: UNDER_WAY, Oet.NOT_TAKEN: OPEN}
_PASSED = {Passed.PASSED: DONE, Passed.NOT_PASSED: OPEN}
_APPLICATION = {Application.APPROVED: DONE, Application.SUBMITTED: UNDER_WAY, Application.NOT_STARTED: OPEN}
_LISTING = {Listing.WITH_NOTE: DONE, Listing.WITHOUT_NOTE: OPEN, Listing.NOT_LISTED: OPEN}
_PAPERS = {
    Certificate.ISSUED: DONE,
    Certificate.ISSUED_EXPIRED: DONE,
    Certificate.PAPERS_VERIFIED: DONE,
    Certificate.PAPERS_IN_PROGRESS: UNDER_WAY,
    Certificate.PAPERS_NOT_SENT: OPEN,
    Certificate.NOT_GRADUATED: OPEN,
}
_CERTIFICATE = {
    Certificate.ISSUED: DONE,
    Certificate.ISSUED_EXPIRED: OPEN,
    Certificate.PAPERS_VERIFIED: UNDER_WAY,
    Certificate.PAPERS_IN_PROGRESS: UNDER_WAY,
    Certificate.PAPERS_NOT_SENT: OPEN,
    Certificate.NOT_GRADUATED: OPEN,
}
_PATHWAY = {
    Pathway.ACCEPTED: DONE,
    Pathway.APPLIED: UNDER_WAY,
    Pathway.ACCEPTED_EXPIRED: OPEN,
    Pathway.LICENSED: OPEN,
    Pathway.SCHOOL_RECOGNISED: OPEN,
    Pathway.JOINT_DEGREE: OPEN,
    Pathway.NONE_OF_THESE: OPEN,
}
_TOKEN = {Eras.APPLIED: DONE, Eras.TOKEN: DONE, Eras.NONE: OPEN}
_APPLIED = {Eras.APPLIED: DONE, Eras.TOKEN: UNDER_WAY, Eras.NONE: OPEN}
_NRMP = {Nrmp.REGISTERED: DONE, Nrmp.NOT_REGISTERED: OPEN}
_PLAN = {VisaPlan.J1: DONE, VisaPlan.H1B: DONE, VisaPlan.EITHER: UNDER_WAY}
_CANADA_STATUS = {CanadaStatus.CITIZEN: DONE, CanadaStatus.PERMANENT_RESIDENT: DONE, CanadaStatus.NEITHER: OPEN}
_LANGUAGE = {Language.PROVEN: DONE, Language.SOME_RESULT: UNDER_WAY, Language.NONE: OPEN}


def _from_answers(answers: Answers) -> dict[str, State]:
    states: dict[str, State | None] = {
        "school": _LISTING.get(answers.listing),
        "ecfmg-application": _APPLICATION.get(answers.ecfmg_application),
        "credentials": _PAPERS.get(answers.certificate),
        "certificate": _CERTIFICATE.get(answers.certificate),
        "pathway": _PATHWAY.get(answers.pathway),
        "token": _TOKEN.get(answers.eras),
        "application": _APPLIED.get(answers.eras),
        "nrmp": _NRMP.get(answers.nrmp),
        "visa-plan": _PLAN.get(answers.visa_plan),
        "ca-status": _CANADA_STATUS.get(answers.canada_status),
        "ca-language": _LANGUAGE.get(answers.language),
        **_exams_of(answers),
    }
    return {name: state for name, state in states.items() if state is not None}


def _exams_of(answers: Answers) -> dict[str, State | None]:
    return {
        ExamKey.STEP1.value: _step(answers.step1),
        ExamKey.STEP2.value: _step(answers.step2),
        ExamKey.STEP3.value: _PASSED.get(answers.step3),
        ExamKey.OET.value: _OET.get(answers.oet),
        ExamKey.MCCQE1.value: _EXAM.get(answers.mccqe1),
        ExamKey.NAC.value: _EXAM.get(answers.nac),
    }


def _from_exams(told: Told) -> dict[str, State]:
    """Return what her records say, which are newer than an answer that was saved once."""
    states: dict[str, State] = {}
    for key, record in (told.exams or {}).items():
        state = _exams_of(answers_after(Answers(2000), key, record)).get(key.value) if record.says_something else None
        if state is not None:
            states[key.value] = UNDER_WAY if state is OPEN and record.planned_on is not None else state
    return states


LETTER_STEPS = (
    LetterState.PLANNED,
    LetterState.ASKED,
    LetterState.AGREED,
    LetterState.ENTRY_CREATED,
    LetterState.REQUEST_SENT,
    LetterState.UPLOADED,
    LetterState.ASSIGNED,
)
"""In order; a letter that was declined is left out."""


def _from_letters(letters: Iterable[Letter]) -> dict[str, State]:
    wanted = [each for each in letters if each.state is not LetterState.DECLINED]
    american, canadian = [each for each in wanted if not each.is_carms], [each for each in wanted if each.is_carms]
    states = {
        "letters-asked": _reached(american, LetterState.AGREED),
        "letters-requested": _reached(american, LetterState.REQUEST_SENT),
        "letters": _reached(american, LetterState.ASSIGNED),
        "letters-carms": _reached(canadian, LetterState.ASSIGNED),
    }
    return {name: state for name, state in states.items() if state is not None}


def _reached(letters: Sequence[Letter], wanted: LetterState) -> State | None:
    """Return how far letters are towards a step; None where there is none, so that nothing is told."""
    if not letters:
        return None
    return DONE if all(LETTER_STEPS.index(each.state) >= LETTER_STEPS.index(wanted) for each in letters) else UNDER_WAY


def _from_rotations(rotations: Sequence[Rotation]) -> dict[str, State]:
    places = {each.about.country for each in rotations if each.is_readable}
    names = {WriterCountry.UNITED_STATES: "rotations", WriterCountry.CANADA: "rotations-ca"}
    return {names[each]: UNDER_WAY for each in places if each in names}


def _from_programs(programs: Sequence[Program]) -> dict[str, State]:
    readable = [each for each in programs if each.is_readable]
    if not readable:
        return {}
    applied = any(each.has_applied for each in readable)
    signalled = any(each.signal is not Signal.NONE for each in readable)
    return {
        "programs": DONE if applied else UNDER_WAY,
        **({"applied": DONE} if applied else {}),
        **({"signals": UNDER_WAY} if signalled else {}),
    }


def _from_interviews(interviews: Sequence[Interview]) -> dict[str, State]:
    states = [each.state for each in interviews if each.is_readable]
    if not states:
        return {}
    ahead = {InterviewState.INVITED, InterviewState.BOOKED, InterviewState.WAITLISTED} & set(states)
    return {"interviews": DONE if InterviewState.DONE in states and not ahead else UNDER_WAY}


def _from_ranking(ranking: RankList | None) -> dict[str, State]:
    if ranking is None or not ranking.primary:
        return {}
    return {"ranked": DONE, **({"certified": DONE} if ranking.is_certified() else {})}
