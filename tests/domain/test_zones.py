# ruff: noqa: DTZ001 - wall times are naive on purpose

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.zones import WallKind, offset_changes, resolve, wall_time, warning_between, zone_or_none

ZONES = st.sampled_from(
    ["America/New_York", "Africa/Cairo", "Africa/Casablanca", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago", "UTC"]
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize("name", ["Africa/Cairo", "Asia/Kolkata", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])
def test_a_zone_is_found_by_its_name(name: str) -> None:
    zone = zone_or_none(name)
    assert zone is not None
    assert zone.key == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Cairo/Africa",
        "America",
        "../../etc/passwd",
        "/etc/localtime",
        "right/UTC",
        "posix/UTC",
        "localtime",
        "a\0b",
        "x" * 5_000,
        "🕐",
        "tzdata.zi",
    ],
)
def test_what_is_no_zone_gives_none(name: str) -> None:
    assert zone_or_none(name) is None


@given(st.text())
def test_any_text_is_safe_as_a_zone(text: str) -> None:
    zone = zone_or_none(text)
    assert zone is None or zone.key == text


@pytest.mark.parametrize(
    ("zone", "start", "end", "at", "hours"),
    [
        ("America/New_York", utc(2026, 11, 22), utc(2027, 3, 19, 16), utc(2027, 3, 14, 7), 1),
        ("America/New_York", utc(2026, 11, 22), utc(2027, 3, 4, 2), None, 0),
        ("America/New_York", utc(2027, 3, 14, 6, 59, 59), utc(2027, 3, 14, 7), utc(2027, 3, 14, 7), 1),
        ("America/New_York", utc(2027, 3, 14, 7), utc(2027, 3, 15), None, 0),
        ("Europe/London", utc(2027, 6, 1), utc(2028, 1, 1), utc(2027, 10, 31, 1), -1),
        ("Asia/Kolkata", utc(2026, 1, 1), utc(2029, 1, 1), None, 0),
        ("UTC", utc(2026, 1, 1), utc(2025, 1, 1), None, 0),
    ],
)
def test_the_next_change_of_the_clocks(zone: str, start: datetime, end: datetime, at: datetime | None, hours: int) -> None:
    change = offset_changes(zone, start, end)
    assert (change.at if change else None) == at
    assert change is None or change.after - change.before == timedelta(hours=hours)


def test_a_warning_names_each_zone_once_soonest_first() -> None:
    zones = ["Europe/London", "America/New_York", "Europe/London", "Asia/Kolkata"]
    changes = warning_between(zones, utc(2026, 11, 22), utc(2027, 4, 1))
    assert [change.zone for change in changes] == ["America/New_York", "Europe/London"]


@pytest.mark.parametrize(
    ("local", "zone", "instant", "kind"),
    [
        (datetime(2027, 3, 3, 21), "America/New_York", utc(2027, 3, 4, 2), WallKind.EXACT),
        (datetime(2027, 3, 14, 2, 30), "America/New_York", utc(2027, 3, 14, 7), WallKind.GAP),
        (datetime(2027, 3, 14, 2), "America/New_York", utc(2027, 3, 14, 7), WallKind.GAP),
        (datetime(2027, 3, 14, 3), "America/New_York", utc(2027, 3, 14, 7), WallKind.EXACT),
        (datetime(2027, 11, 7, 1, 30), "America/New_York", utc(2027, 11, 7, 5, 30), WallKind.FOLD),
        (datetime(2011, 12, 30, 12), "Pacific/Apia", utc(2011, 12, 30, 10), WallKind.GAP),
    ],
)
def test_a_wall_time_is_resolved(local: datetime, zone: str, instant: datetime, kind: WallKind) -> None:
    resolved = resolve(local, zone)
    assert (resolved.instant, resolved.kind) == (instant, kind)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1)), ZONES)
def test_a_resolved_time_shows_the_same_wall_time_unless_it_fell_in_a_gap(local: datetime, zone: str) -> None:
    resolved = resolve(local, zone)
    shown = wall_time(resolved.instant, zone)
    if resolved.kind is WallKind.GAP:
        assert local < shown
        before = resolved.instant - timedelta(seconds=1)
        assert wall_time(before, zone) < local
    else:
        assert shown == local
        assert resolved.instant == local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1)), st.integers(0, 900), ZONES)
def test_before_the_next_change_the_offset_stays(start: datetime, days: int, zone: str) -> None:
    begin = start.replace(tzinfo=UTC)
    end = begin + timedelta(days=days)
    change = offset_changes(zone, begin, end)
    info = ZoneInfo(zone)
    if change is None:
        assert begin.astimezone(info).utcoffset() == end.astimezone(info).utcoffset()
    else:
        assert begin < change.at <= end
        assert (change.at - timedelta(seconds=1)).astimezone(info).utcoffset() == change.before != change.after
        assert change.at.astimezone(info).utcoffset() == change.after
