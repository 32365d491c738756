"""Records of exams: lines that are read or refused, what answers they stand for, how long results count, and a plan of study."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.domain.eligibility.answers import Answers, Exam, Oet, Passed, Step
from bot.domain.exam_records import (
    LEAST_DAYS,
    MAX_ATTEMPTS,
    Attempt,
    AttemptError,
    ExamKey,
    ExamRecord,
    Outcome,
    answers_after,
    counts_until,
    read_attempts,
    study_plan,
    window_ends,
    written_attempts,
)

TODAY = date(2026, 11, 28)
FAILED, PASSED = Attempt(date(2025, 1, 12), Outcome.FAILED), Attempt(date(2026, 3, 1), Outcome.PASSED)
WAITING = Attempt(date(2026, 11, 1), Outcome.WAITING)


@pytest.mark.parametrize(
    ("text", "attempts"),
    [
        ("", ()),
        ("12 Jan 2025 failed\n1 Mar 2026 passed", (FAILED, PASSED)),
        ("1 Mar 2026: Passed.\n\n2025-01-12 - fail", (FAILED, PASSED)),
        ("1 November 2026, taken", (WAITING,)),
    ],
)
def test_attempts_are_read_line_by_line_and_written_as_they_are_read(text: str, attempts: tuple[Attempt, ...]) -> None:
    assert read_attempts(text, TODAY) == attempts
    assert read_attempts(written_attempts(attempts), TODAY) == attempts


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("passed", "can't be read"),
        ("12 Jan 2025", "can't be read"),
        ("12 Jan 2025 perhaps", "can't be read"),
        ("12 Jan 2027 passed", "lies ahead"),
        ("\n".join(["12 Jan 2025 failed"] * (MAX_ATTEMPTS + 1)), "more than"),
        ("12 Jan 2025 passed\n13 Jan 2025 passed", "passed once"),
        ("@everyone " * 30 + "passed", "can't be read"),
    ],
)
def test_a_line_that_cant_be_taken_is_named(text: str, said: str) -> None:
    with pytest.raises(AttemptError, match=said):
        read_attempts(text, TODAY)


ROWS: list[tuple[ExamKey, ExamRecord, dict[str, Any]]] = [
    (ExamKey.STEP1, ExamRecord(None, (PASSED,)), {"step1": Step.PASSED_1, "step1_year": 2026}),
    (ExamKey.STEP1, ExamRecord(None, (FAILED, PASSED)), {"step1": Step.PASSED_2, "step1_year": 2026}),
    (ExamKey.STEP2, ExamRecord(None, (FAILED,)), {"step2": Step.FAILED_1}),
    (ExamKey.STEP2, ExamRecord(TODAY, (FAILED,)), {"step2": Step.FAILED_1}),
    (ExamKey.STEP2, ExamRecord(None, (FAILED,) * 5), {"step2": Step.FAILED_4}),
    (ExamKey.STEP2, ExamRecord(None, (*(FAILED,) * 5, PASSED)), {"step2": Step.PASSED_MORE, "step2_year": 2026}),
    (ExamKey.STEP2, ExamRecord(TODAY), {"step2": Step.BOOKED}),
    (ExamKey.STEP2, ExamRecord(None, (WAITING,)), {"step2": Step.BOOKED}),
    (ExamKey.STEP3, ExamRecord(None, (PASSED,)), {"step3": Passed.PASSED}),
    (ExamKey.STEP3, ExamRecord(TODAY), {"step3": Passed.NOT_PASSED}),
    (ExamKey.OET, ExamRecord(None, (PASSED,)), {"oet": Oet.ONE_SITTING, "oet_year": 2026}),
    (ExamKey.OET, ExamRecord(None, (FAILED,)), {"oet": Oet.NOT_TAKEN}),
    (ExamKey.MCCQE1, ExamRecord(None, (FAILED,)), {"mccqe1": Exam.FAILED}),
    (ExamKey.NAC, ExamRecord(TODAY), {"nac": Exam.BOOKED}),
    (ExamKey.NAC, ExamRecord(), {}),
]


@pytest.mark.parametrize(("key", "record", "changes"), ROWS)
def test_a_record_stands_for_answers_and_changes_no_other(key: ExamKey, record: ExamRecord, changes: dict[str, Any]) -> None:
    assert answers_after(Answers(2027), key, record) == Answers(2027, **changes)


def test_seven_years_count_from_the_first_pass_and_oet_counts_about_two() -> None:
    first = ExamRecord(None, (Attempt(date(2024, 2, 29), Outcome.PASSED),))
    assert window_ends({ExamKey.STEP1: first, ExamKey.STEP2: ExamRecord(None, (PASSED,))}) == date(2031, 2, 28)
    assert window_ends({ExamKey.STEP2: ExamRecord(None, (FAILED,))}) is None
    assert counts_until(ExamKey.OET, ExamRecord(None, (PASSED,))) == date(2028, 3, 1)
    assert counts_until(ExamKey.STEP1, ExamRecord(None, (PASSED,))) is None


@pytest.mark.parametrize("days", [LEAST_DAYS, 45, 100, 365])
def test_a_plan_of_study_leaves_no_day_out_and_ends_the_day_before(days: int) -> None:
    parts = study_plan(TODAY, TODAY + timedelta(days=days))
    assert parts[0].begins == TODAY
    assert parts[-1].ends == TODAY + timedelta(days=days - 1)
    for before, after in pairwise(parts):
        assert after.begins == before.ends + timedelta(days=1)
        assert before.begins <= before.ends


def test_little_time_is_not_divided() -> None:
    assert study_plan(TODAY, TODAY + timedelta(days=LEAST_DAYS - 1)) == ()
