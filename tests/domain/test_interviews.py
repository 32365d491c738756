"""Interviews: the order in which they are shown, what lies too close, and how far a program moves along."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.interviews import (
    Interview,
    InterviewState,
    Phase,
    PreparationStep,
    conflicts,
    ordered,
    prepared,
    stage_after,
)
from bot.domain.programs import ProgramStage
from tests.support.clocks import NOON
from tests.support.databases import AMIRA

ONE = Interview("a" * 16, AMIRA, 2027, "p" * 16, NOON, NOON, state=InterviewState.BOOKED, begins_at=NOON + timedelta(days=1), zone="UTC")


def at(hours: float, key: str = "b", **changes: object) -> Interview:
    """Return another interview, so many hours from the begin of the first one."""
    begins = ONE.begins_at
    assert begins is not None
    return replace(ONE, id=key * 16, begins_at=begins + timedelta(hours=hours), **changes)


@pytest.mark.parametrize(
    ("hours", "minutes", "is_close"),
    [(0, 60, True), (1.99, 60, True), (2, 60, False), (-1.99, 60, True), (-2, 60, False), (-9, 481, True), (-9, 480, False)],
)
def test_less_than_an_hour_between_two_is_too_close_to_either_side(hours: float, minutes: int, is_close: bool) -> None:
    other = at(hours, minutes=minutes)
    assert bool(conflicts(ONE, [ONE, other])) is is_close
    assert bool(conflicts(other, [ONE, other])) is is_close


def test_what_is_over_or_has_no_time_is_close_to_nothing() -> None:
    for other in (at(0, state=InterviewState.DECLINED), at(0, state=InterviewState.DONE), replace(at(0), begins_at=None)):
        assert conflicts(ONE, [other]) == []
        assert conflicts(other, [ONE]) == []


def test_what_lies_ahead_comes_first_then_what_has_no_time_then_what_lies_behind() -> None:
    later, behind, untimed = at(5, "c"), at(-40, "d"), replace(at(0, "e"), begins_at=None, state=InterviewState.INVITED)
    declined = at(1, "f", state=InterviewState.DECLINED)
    assert [each.id[0] for each in ordered([behind, untimed, declined, later, ONE], NOON)] == ["a", "c", "e", "f", "d"]


def test_an_interview_whose_time_has_passed_is_asked_about_until_it_is_noted() -> None:
    behind = at(-40)
    assert behind.has_passed(NOON)
    assert not ONE.has_passed(NOON)
    assert not replace(behind, state=InterviewState.DONE).has_passed(NOON)


@pytest.mark.parametrize(
    ("stage", "state", "after"),
    [
        (ProgramStage.CONSIDERING, InterviewState.INVITED, ProgramStage.INVITED),
        (ProgramStage.APPLIED, InterviewState.BOOKED, ProgramStage.INVITED),
        (ProgramStage.INVITED, InterviewState.DONE, ProgramStage.INTERVIEWED),
        (ProgramStage.INVITED, InterviewState.BOOKED, None),
        (ProgramStage.RANKED, InterviewState.DONE, None),
        (ProgramStage.INTERVIEWED, InterviewState.INVITED, None),
        (ProgramStage.APPLIED, InterviewState.WAITLISTED, None),
        (ProgramStage.INVITED, InterviewState.CANCELLED, None),
        (ProgramStage.WITHDRAWN, InterviewState.DONE, None),
    ],
)
def test_a_program_moves_along_and_never_back(stage: ProgramStage, state: InterviewState, after: ProgramStage | None) -> None:
    assert stage_after(stage, state) is after


def test_the_time_on_the_programs_clock_is_its_own() -> None:
    chicago = replace(ONE, zone="America/Chicago")
    local = chicago.local()
    assert local is not None
    assert (local.hour, local.tzinfo) == (6, None)
    assert replace(ONE, begins_at=None).local() is None


def test_only_known_steps_count_as_prepared() -> None:
    steps = [PreparationStep("read", Phase.EARLY, "Read."), PreparationStep("rest", Phase.AFTER, "Rest.")]
    assert prepared(replace(ONE, ticks=frozenset({"read", "gone"})), steps) == (1, 2)
