"""Weeks counted, when to ask, which week can be ticked."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.letters import Setting, WriterCountry
from bot.domain.rotations import (
    MAX_WEEKS_CHECKED,
    Moment,
    Place,
    RotationKind,
    ask_on,
    checked,
    length_in_words,
    moment,
    monday_of,
    week_number,
    week_to_check,
    weeks_of,
)

MONDAY = date(2026, 8, 3)


def about(days: int, starts_on: date = MONDAY, kind: RotationKind = RotationKind.ELECTIVE) -> Place:
    ends_on = starts_on + timedelta(days=days - 1)
    return Place(kind, "County Hospital", WriterCountry.UNITED_STATES, "internal-med", starts_on, ends_on)


@pytest.mark.parametrize(
    ("days", "weeks", "words"),
    [
        (1, 0, "1 day"),
        (4, 0, "4 days"),
        (5, 1, "1 week"),  # Monday to Friday
        (7, 1, "1 week"),
        (8, 1, "1 week and 1 day"),
        (12, 2, "2 weeks"),
        (26, 4, "4 weeks"),  # Monday to the Friday of the fourth week
        (28, 4, "4 weeks"),
        (30, 4, "4 weeks and 2 days"),
        (365, 52, "52 weeks and 1 day"),
    ],
)
def test_weeks_are_counted_as_a_hospital_counts_them(days: int, weeks: int, words: str) -> None:
    assert weeks_of(about(days)) == weeks
    assert length_in_words(about(days)) == words


@pytest.mark.parametrize(
    ("day", "length", "expected"),
    [
        (-1, 28, Moment.AHEAD),
        (0, 28, Moment.EARLY),
        (13, 28, Moment.EARLY),  # the last day of week 2
        (14, 28, Moment.ASK_NOW),  # the first of week 3
        (27, 28, Moment.ASK_NOW),
        (28, 28, Moment.JUST_OVER),
        (41, 28, Moment.JUST_OVER),
        (42, 28, Moment.OVER),
        (27, 56, Moment.ASK_NOW),
        (28, 56, Moment.RUNS_ON),  # week 5
        (55, 56, Moment.RUNS_ON),
        (0, 12, Moment.EARLY),  # a rotation that ends before week 3
        (8, 12, Moment.EARLY),
        (9, 12, Moment.ASK_AT_END),
        (11, 12, Moment.ASK_AT_END),
        (0, 1, Moment.ASK_AT_END),
    ],
)
def test_when_to_ask(day: int, length: int, expected: Moment) -> None:
    assert moment(about(length), MONDAY + timedelta(days=day)) is expected


@given(st.integers(1, 400))
def test_the_day_to_ask_lies_in_the_rotation_and_the_note_begins_on_it(length: int) -> None:
    place = about(length)
    day = ask_on(place)
    assert place.starts_on <= day <= place.ends_on
    assert moment(place, day) in (Moment.ASK_NOW, Moment.ASK_AT_END)
    if day > place.starts_on:
        assert moment(place, day - timedelta(days=1)) is Moment.EARLY


@given(st.integers(1, 400))
def test_moments_follow_each_other(length: int) -> None:
    order = [Moment.AHEAD, Moment.EARLY, Moment.ASK_AT_END, Moment.ASK_NOW, Moment.RUNS_ON, Moment.JUST_OVER, Moment.OVER]
    met = [order.index(moment(about(length), MONDAY + timedelta(days=day))) for day in range(-3, length + 20)]
    assert all(before <= after for before, after in pairwise(met))


def test_the_week_is_counted_from_the_first_day() -> None:
    assert [week_number(about(28), MONDAY + timedelta(days=day)) for day in (-1, 0, 6, 7, 27, 28)] == [None, 1, 1, 2, 4, None]


def test_the_week_can_be_ticked_from_the_first_day_to_the_sunday_after_the_last() -> None:
    place = about(26)  # ends on Friday 28 August
    can = [week_to_check(place, day) for day in (MONDAY - timedelta(days=1), MONDAY, date(2026, 8, 30), date(2026, 8, 31))]
    assert can == [None, MONDAY, date(2026, 8, 24), None]
    mid_week = about(10, date(2026, 8, 6))
    assert week_to_check(mid_week, date(2026, 8, 5)) is None
    assert week_to_check(mid_week, date(2026, 8, 6)) == MONDAY


def test_a_week_is_replaced_and_one_without_ticks_is_not_kept() -> None:
    first = checked({}, MONDAY, frozenset({"time", "team"}))
    assert checked(first, MONDAY, frozenset({"time"})) == {MONDAY: frozenset({"time"})}
    assert checked(first, MONDAY, frozenset()) == {}


def test_the_oldest_weeks_go_first() -> None:
    weeks = {MONDAY + timedelta(weeks=number): frozenset({"time"}) for number in range(MAX_WEEKS_CHECKED)}
    newest = MONDAY + timedelta(weeks=MAX_WEEKS_CHECKED)
    after = checked(weeks, newest, frozenset({"team"}))
    assert len(after) == MAX_WEEKS_CHECKED
    assert MONDAY not in after
    assert after[newest] == frozenset({"team"})


@pytest.mark.parametrize("day", [MONDAY, date(2026, 8, 9), date(2027, 1, 1)])
def test_mondays(day: date) -> None:
    assert monday_of(day).weekday() == 0
    assert timedelta(0) <= day - monday_of(day) < timedelta(days=7)


def test_kinds_count_as_letters_do() -> None:
    assert {kind: kind.setting for kind in RotationKind} == {
        RotationKind.ELECTIVE: Setting.HANDS_ON,
        RotationKind.SUB_INTERNSHIP: Setting.HANDS_ON,
        RotationKind.EXTERNSHIP: Setting.HANDS_ON,
        RotationKind.OBSERVERSHIP: Setting.OBSERVERSHIP,
        RotationKind.RESEARCH: Setting.RESEARCH,
    }
