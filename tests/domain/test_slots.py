"""Slots: what is typed for length and places, how several follow each other through changes of the clocks, which reminders lie ahead."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import WallTime
from bot.domain.slots import (
    LEADS,
    MINUTES,
    PLACES,
    SERIES,
    Rhythm,
    Series,
    leads_ahead,
    minutes_of,
    places_of,
    planned,
    series_of,
)
from bot.domain.zones import WallKind

NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("30", 30),
        (" 45 min ", 45),
        ("60minutes", 60),
        ("٣٠", 30),
        ("３０", 30),  # noqa: RUF001 - fullwidth digits, as some keyboards type them
        ("9", None),
        ("10", 10),
        ("240", 240),
        ("241", None),
        ("-30", None),
        ("3e1", None),
        ("half an hour", None),
        ("", None),
        ("30\n30", None),
    ],
)
def test_a_length_is_read(text: str, minutes: int | None) -> None:
    assert minutes_of(text) == minutes


@pytest.mark.parametrize(("text", "places"), [("1", 1), ("25 places", 25), ("0", None), ("26", None), ("one", None), ("1.5", None)])
def test_places_are_read(text: str, places: int | None) -> None:
    assert places_of(text) == places


@given(st.text(max_size=12) | st.from_regex(r"[-+]?\d{1,4} ?(min|places)?"))
def test_any_text_is_safe(text: str) -> None:
    minutes, places = minutes_of(text), places_of(text)
    assert minutes is None or minutes in MINUTES
    assert places is None or places in PLACES
    assert series_of(text) in (None, *SERIES)


def test_every_series_fits_one_menu_and_is_read_back() -> None:
    assert len(SERIES) <= 25
    assert [series_of(each.key) for each in SERIES] == list(SERIES)
    assert [series_of(key) for key in ("row-9", "weekly-1", "row-0", "daily-2", "row--1", "")] == [None] * 6


def test_a_row_follows_without_a_gap() -> None:
    slots = planned(WallTime(datetime(2026, 12, 1, 18), NEW_YORK), 45, Series(Rhythm.ROW, 3))  # noqa: DTZ001 - a wall time
    assert [(each.begins_at.isoformat(), each.ends_at.isoformat()) for each in slots] == [
        ("2026-12-01T23:00:00+00:00", "2026-12-01T23:45:00+00:00"),
        ("2026-12-01T23:45:00+00:00", "2026-12-02T00:30:00+00:00"),
        ("2026-12-02T00:30:00+00:00", "2026-12-02T01:15:00+00:00"),
    ]
    assert [each.at.local.isoformat() for each in slots] == ["2026-12-01T18:00:00", "2026-12-01T18:45:00", "2026-12-01T19:30:00"]


def test_a_week_keeps_the_wall_time_and_tells_of_a_gap() -> None:
    slots = planned(WallTime(datetime(2027, 3, 7, 2, 30), NEW_YORK), 30, Series(Rhythm.WEEKLY, 3))  # noqa: DTZ001 - a wall time
    assert [each.begins_at.isoformat() for each in slots] == [
        "2027-03-07T07:30:00+00:00",
        "2027-03-14T07:00:00+00:00",  # 02:30 is left out that day
        "2027-03-21T06:30:00+00:00",
    ]
    assert [each.kind for each in slots] == [WallKind.EXACT, WallKind.GAP, WallKind.EXACT]
    assert slots[1].at.local.isoformat() == "2027-03-14T03:00:00"


@given(
    local=st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0)),  # noqa: DTZ001
    zone=st.sampled_from([NEW_YORK, "Africa/Cairo", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
    minutes=st.sampled_from([MINUTES[0], 30, MINUTES[-1]]),
    series=st.sampled_from(SERIES),
)
def test_no_two_of_one_offer_overlap(local: datetime, zone: str, minutes: int, series: Series) -> None:
    slots = planned(WallTime(local, zone), minutes, series)
    assert len(slots) == series.count
    assert all(each.ends_at - each.begins_at == timedelta(minutes=minutes) for each in slots)
    assert all(one.ends_at <= other.begins_at for one, other in pairwise(slots))


def test_only_reminders_that_lie_ahead_are_planned() -> None:
    begins = datetime(2026, 12, 1, 23, tzinfo=UTC)
    assert leads_ahead(begins, begins - timedelta(days=2)) == LEADS
    assert leads_ahead(begins, begins - timedelta(days=1)) == LEADS[1:]
    assert leads_ahead(begins, begins - timedelta(hours=1)) == ()
