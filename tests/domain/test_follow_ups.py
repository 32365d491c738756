"""Steps of follow-ups: when each is due, which lie ahead, and what becomes of them when the target moves."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.follow_ups import Standing, Step, default_day, retargeted, step_id, timeline
from bot.domain.letters import FollowUp, FollowUpKind, FollowUpState, Letter, LetterState

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TARGET = date(2027, 9, 10)
SIX, TWO, ONE, THANKS = FollowUpKind
DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))


def a_letter(state: LetterState, imported_from: int | None = None) -> Letter:
    return Letter("a" * 16, 1, 2028, state, NOON, NOON, "Dr. Osei", imported_from=imported_from)


def a_row(kind: FollowUpKind, due_on: date, state: FollowUpState = FollowUpState.PLANNED, reminder: str | None = None) -> FollowUp:
    return FollowUp(step_id("a" * 16, kind), "a" * 16, 1, kind, state, due_on, reminder)


def steps(state: LetterState, *rows: FollowUp, target: date | None = TARGET, arrived: date | None = None) -> dict[FollowUpKind, Step]:
    return {step.follow_up.kind: step for step in timeline(a_letter(state), target, arrived, rows)}


def test_after_a_yes_three_steps_lead_to_the_target() -> None:
    found = steps(LetterState.AGREED)
    days = {kind: step.follow_up.due_on for kind, step in found.items()}
    assert days == {SIX: date(2027, 7, 30), TWO: date(2027, 8, 27), ONE: date(2027, 9, 3)}
    assert not any(step.is_moved or step.is_stored for step in found.values())


@pytest.mark.parametrize("state", [LetterState.PLANNED, LetterState.ASKED, LetterState.DECLINED])
def test_before_a_yes_there_are_none(state: LetterState) -> None:
    assert steps(state) == {}


def test_after_the_upload_thanks_are_due_on_the_next_day() -> None:
    found = steps(LetterState.UPLOADED, arrived=date(2027, 8, 1))
    assert {kind: step.follow_up.due_on for kind, step in found.items()} == {THANKS: date(2027, 8, 2)}


def test_an_imported_letter_asks_for_no_thanks() -> None:
    assert timeline(a_letter(LetterState.UPLOADED, 2026), TARGET, date(2027, 8, 1), ()) == ()


def test_what_was_done_stays_in_sight_after_the_upload() -> None:
    done, planned = a_row(SIX, date(2027, 7, 30), FollowUpState.DONE), a_row(TWO, date(2027, 8, 20))
    assert set(steps(LetterState.UPLOADED, done, planned, arrived=date(2027, 8, 21))) == {SIX, THANKS}


def test_without_a_target_only_what_she_dated_herself_stands() -> None:
    assert set(steps(LetterState.AGREED, a_row(TWO, date(2027, 1, 5)), target=None)) == {TWO}


@pytest.mark.parametrize(
    ("kind", "today", "standing", "reminders"),
    [
        (SIX, date(2027, 7, 29), Standing.AHEAD, [date(2027, 7, 30), date(2027, 8, 13)]),
        (SIX, date(2027, 7, 30), Standing.TODAY, [date(2027, 7, 30), date(2027, 8, 13)]),
        (SIX, date(2027, 8, 12), Standing.OPEN, [date(2027, 8, 13)]),
        (SIX, date(2027, 8, 14), Standing.PASSED, []),
        (TWO, date(2027, 8, 26), Standing.AHEAD, [date(2027, 8, 27)]),
        (TWO, date(2027, 8, 28), Standing.PASSED, []),
        (ONE, date(2027, 9, 4), Standing.PASSED, []),
    ],
)
def test_where_a_step_stands_and_when_it_can_be_brought_to_mind(
    kind: FollowUpKind, today: date, standing: Standing, reminders: list[date]
) -> None:
    step = steps(LetterState.REQUEST_SENT)[kind]
    assert step.standing(today) is standing
    assert list(step.reminder_days(today)) == reminders


@given(DAYS, DAYS, st.sampled_from(FollowUpKind), st.sampled_from(FollowUpState))
def test_no_reminder_is_ever_offered_for_a_day_that_has_passed(target: date, today: date, kind: FollowUpKind, state: FollowUpState) -> None:
    row = a_row(kind, target - timedelta(days=3), state)
    for step in timeline(a_letter(LetterState.AGREED), target, None, [row]):
        assert all(day >= today for day in step.reminder_days(today))
        if step.standing(today) in (Standing.PASSED, Standing.DONE, Standing.SKIPPED):
            assert step.reminder_days(today) == ()


@given(DAYS, DAYS, st.sampled_from([SIX, TWO, ONE]))
def test_a_step_with_a_reminder_moves_with_its_target(before: date, after: date, kind: FollowUpKind) -> None:
    default = default_day(kind, before, None)
    assert default is not None
    row = a_row(kind, default, reminder="r" * 16)
    expected = default_day(kind, after, None)
    assert expected is not None
    assert retargeted(row, before, after) == replace(row, due_on=expected)
    assert retargeted(replace(row, reminder_id=None), before, after) is None
    moved = replace(row, due_on=default + timedelta(days=1))
    assert retargeted(moved, before, after) == moved
    done = replace(row, state=FollowUpState.DONE)
    assert retargeted(done, before, after) == done
    assert retargeted(row, before, None) is None
