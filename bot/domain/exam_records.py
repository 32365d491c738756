"""Records of exams: planned, taken, results; what saved answers would say of them; how long a result counts; a plan of study."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.eligibility.answers import Answers, Exam, Oet, Passed, Step
from bot.domain.letter_texts import one_line, read_day

MAX_ATTEMPTS = 8
SCORES = range(1, 301)
"""Three-digit scores of Steps 2 CK and 3."""
SEVEN_YEARS = 7
"""Within which the exams for ECFMG Certification are passed; source: the rule us-seven-years."""
OET_YEARS = 2
"""How long an OET result counts, about; source: the rule us-oet."""


class ExamKey(StrEnum):
    """The exams, by the sections of ``journey/exams.toml``."""

    STEP1 = "step1"
    STEP2 = "step2"
    STEP3 = "step3"
    OET = "oet"
    MCCQE1 = "mccqe1"
    NAC = "nac"


EXAM_NAMES = {
    ExamKey.STEP1: "USMLE Step 1",
    ExamKey.STEP2: "USMLE Step 2 CK",
    ExamKey.STEP3: "USMLE Step 3",
    ExamKey.OET: "OET Medicine",
    ExamKey.MCCQE1: "MCCQE Part I",
    ExamKey.NAC: "NAC Examination",
}
SCORED = frozenset((ExamKey.STEP2, ExamKey.STEP3))
CANADIAN = frozenset((ExamKey.MCCQE1, ExamKey.NAC))


class Outcome(StrEnum):
    """How an attempt went."""

    PASSED = "passed"
    FAILED = "failed"
    INCOMPLETE = "incomplete"
    """Counts as an attempt."""
    WAITING = "waiting"
    """Taken, and the result is not out."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Hold one attempt."""

    on: date
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ExamRecord:
    """Hold what she noted of one exam."""

    planned_on: date | None = None
    attempts: tuple[Attempt, ...] = ()
    """Earliest first."""
    score: int | None = None
    reminder_ids: tuple[str, ...] = ()

    @property
    def passed(self) -> Attempt | None:
        """Return the attempt that was passed, or None."""
        return next((each for each in self.attempts if each.outcome is Outcome.PASSED), None)

    @property
    def is_waiting(self) -> bool:
        """Tell whether a result is not out."""
        return any(each.outcome is Outcome.WAITING for each in self.attempts)

    @property
    def failures(self) -> int:
        """Return how many attempts were failed or incomplete."""
        return sum(each.outcome in (Outcome.FAILED, Outcome.INCOMPLETE) for each in self.attempts)

    @property
    def says_something(self) -> bool:
        """Tell whether anything is noted."""
        return self.planned_on is not None or bool(self.attempts)


class AttemptError(ValueError):
    """Say which line of attempts can't be read."""


_LINE = re.compile(r"(?P<day>.*?)[\s:,-]+(?P<word>[A-Za-z]+)\.?")
_WORDS = {
    "passed": Outcome.PASSED,
    "pass": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "fail": Outcome.FAILED,
    "incomplete": Outcome.INCOMPLETE,
    "waiting": Outcome.WAITING,
    "taken": Outcome.WAITING,
}


def read_attempts(text: str, today: date) -> tuple[Attempt, ...]:
    """Return the attempts of a text, one line each: ``12 Jan 2026 failed``.

    Raises:
        AttemptError: A line can't be read, lies ahead, or there are too many; the message says which, in words for her.
    """
    found: list[Attempt] = []
    for number, line in enumerate([line for each in text.splitlines() if (line := one_line(each))], 1):
        match = _LINE.fullmatch(line)
        day = read_day(match["day"]) if match else None
        outcome = _WORDS.get(match["word"].casefold()) if match else None
        if day is None or outcome is None:
            msg = f"Line {number} can't be read."
            raise AttemptError(msg)
        if day > today:
            msg = f"Line {number} lies ahead: put that day under planned."
            raise AttemptError(msg)
        found.append(Attempt(day, outcome))
    if len(found) > MAX_ATTEMPTS:
        msg = f"There are more than {MAX_ATTEMPTS} attempts."
        raise AttemptError(msg)
    if [each.outcome for each in found].count(Outcome.PASSED) > 1:
        msg = "An exam is passed once."
        raise AttemptError(msg)
    return tuple(sorted(found, key=lambda each: each.on))


def written_attempts(attempts: Sequence[Attempt]) -> str:
    """Return attempts as the form takes them."""
    return "\n".join(f"{each.on.day} {each.on:%b %Y} {each.outcome.value}" for each in attempts)


def answers_after(answers: Answers, key: ExamKey, record: ExamRecord) -> Answers:
    """Return answers as a record would have them; what the record does not say stays."""
    if not record.says_something:
        return answers
    passed = record.passed
    match key:
        case ExamKey.STEP1:
            return replace(answers, step1=_step(record), step1_year=passed.on.year if passed else answers.step1_year)
        case ExamKey.STEP2:
            return replace(answers, step2=_step(record), step2_year=passed.on.year if passed else answers.step2_year)
        case ExamKey.STEP3:
            return replace(answers, step3=Passed.PASSED if passed else Passed.NOT_PASSED)
        case ExamKey.OET:
            oet = Oet.ONE_SITTING if passed else Oet.BOOKED if record.planned_on or record.is_waiting else Oet.NOT_TAKEN
            return replace(answers, oet=oet, oet_year=passed.on.year if passed else answers.oet_year)
        case ExamKey.MCCQE1:
            return replace(answers, mccqe1=_exam(record))
        case ExamKey.NAC:
            return replace(answers, nac=_exam(record))


def _step(record: ExamRecord) -> Step:
    if record.passed is not None:
        count = record.failures + 1
        return Step(f"passed_{count}") if count <= 4 else Step.PASSED_MORE
    if record.failures:
        return Step(f"failed_{min(record.failures, 4)}")
    return Step.BOOKED if record.planned_on or record.is_waiting else Step.NOT_TAKEN


def _exam(record: ExamRecord) -> Exam:
    if record.passed is not None:
        return Exam.PASSED
    if record.failures:
        return Exam.FAILED
    return Exam.BOOKED if record.planned_on or record.is_waiting else Exam.NOT_TAKEN


def window_ends(exams: Mapping[ExamKey, ExamRecord]) -> date | None:
    """Return the day seven years after the first of Steps 1 and 2 CK was passed, or None."""
    days = [record.passed.on for key in (ExamKey.STEP1, ExamKey.STEP2) if (record := exams.get(key)) and record.passed]
    return _years_later(min(days), SEVEN_YEARS) if days else None


def counts_until(key: ExamKey, record: ExamRecord) -> date | None:
    """Return about until when a result counts by itself, or None where no such limit is held."""
    return _years_later(record.passed.on, OET_YEARS) if key is ExamKey.OET and record.passed is not None else None


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


@dataclass(frozen=True, slots=True)
class StudyPart:
    """Hold one part of a plan of study: from when to when, and what it is for."""

    begins: date
    ends: date
    what: str


STUDY_PARTS = (
    (5, "content, by the exam's own outline, with questions on each part"),
    (3, "mixed questions against the clock; read each explanation"),
    (2, "the official practice test, what it showed, rest before the day"),
)
"""Tenths of the time, and what each is for: a plan of ours, no rule."""
LEAST_DAYS = 20


def study_plan(today: date, planned_on: date) -> tuple[StudyPart, ...]:
    """Return the parts of the time until an exam; none where it is too short to be divided."""
    days = (planned_on - today).days
    if days < LEAST_DAYS:
        return ()
    parts: list[StudyPart] = []
    begins = today
    for place, (tenths, what) in enumerate(STUDY_PARTS):
        ends = planned_on - timedelta(days=1) if place == len(STUDY_PARTS) - 1 else begins + timedelta(days=days * tenths // 10 - 1)
        parts.append(StudyPart(begins, ends, what))
        begins = ends + timedelta(days=1)
    return tuple(parts)
