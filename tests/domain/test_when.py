# ruff: noqa: DTZ001 - wall times are naive on purpose

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.when import FARTHEST, Ambiguous, BeforeEvent, NotUnderstood, Reason, Understood, parse_when
from bot.domain.zones import WallKind, resolve, wall_time

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)  # a Sunday: 17:00 in Cairo, 10:00 in New York
CAIRO = "Africa/Cairo"
EASTERN = "America/New_York"


def understood(text: str, *, now: datetime = NOW, zone: str = CAIRO) -> Understood:
    reading = parse_when(text, now=now, zone=zone)
    assert isinstance(reading, Understood), reading
    return reading


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("tomorrow 9am", "2026-11-23 09:00"),
        ("9am tomorrow", "2026-11-23 09:00"),
        ("Tomorrow, 9 a.m.", "2026-11-23 09:00"),
        ("tomorrow", "2026-11-23 09:00"),
        ("tomorrow morning", "2026-11-23 09:00"),
        ("tomorrow evening at 8", "2026-11-23 20:00"),
        ("tmrw 9:30pm", "2026-11-23 21:30"),
        ("day after tomorrow 10:00", "2026-11-24 10:00"),
        ("tonight at 8", "2026-11-22 20:00"),
        ("tonight", "2026-11-22 20:00"),
        ("tonight at 12", "2026-11-23 00:00"),
        ("tonight at 1am", "2026-11-23 01:00"),
        ("midnight", "2026-11-23 00:00"),
        ("tonight midnight", "2026-11-23 00:00"),
        ("12 noon", "2026-11-23 12:00"),
        ("in 3 weeks", "2026-12-13 17:00"),
        ("in 3 weeks at 9am", "2026-12-13 09:00"),
        ("3 weeks from now", "2026-12-13 17:00"),
        ("in 90 minutes", "2026-11-22 18:30"),
        ("in 2h", "2026-11-22 19:00"),
        ("1h30m", "2026-11-22 18:30"),
        ("in 1 hour and 15 minutes", "2026-11-22 18:15"),
        ("an hour", "2026-11-22 18:00"),
        ("half an hour", "2026-11-22 17:30"),
        ("in two months", "2027-01-22 17:00"),
        ("2 days at 9am", "2026-11-24 09:00"),
        ("9am", "2026-11-23 09:00"),
        ("21:00", "2026-11-22 21:00"),
        ("21h", "2026-11-22 21:00"),
        ("24:00", "2026-11-23 00:00"),
        ("at 8", "2026-11-22 20:00"),
        ("Jan 5 21:00", "2027-01-05 21:00"),
        ("Jan 5 9pm", "2027-01-05 21:00"),
        ("jan 5 2027", "2027-01-05 09:00"),
        ("5 jan 21h30", "2027-01-05 21:30"),
        ("5th of January, 2027 at 9 p.m.", "2027-01-05 21:00"),
        ("2027-01-05 21:00", "2027-01-05 21:00"),
        ("2027-01-05T21:00", "2027-01-05 21:00"),
        ("2027/1/5 9pm", "2027-01-05 21:00"),
        ("next Friday 8:00", "2026-11-27 08:00"),
        ("Friday", "2026-11-27 09:00"),
        ("on fri at 5pm", "2026-11-27 17:00"),
        ("sunday 18:00", "2026-11-22 18:00"),
        ("sunday 16:00", "2026-11-29 16:00"),
        ("Friday 27 November 10:00", "2026-11-27 10:00"),
        ("25/12", "2026-12-25 09:00"),
        ("12/25/26 9:30pm", "2026-12-25 21:30"),
        ("5/5", "2027-05-05 09:00"),
        ("Tue 04/05", "2027-05-04 09:00"),
        ("29 Feb", "2028-02-29 09:00"),
        ("22 November 18:00", "2026-11-22 18:00"),
        ("\u200ftomorrow\u200b 9am\u200f 🎓", "2026-11-23 09:00"),
        ("\u0665 January \u0662\u0660\u0662\u0667 \u0662\u0661:\u0660\u0660", "2027-01-05 21:00"),
        ("tomorrow 9am EET", "2026-11-23 09:00"),
        ("tomorrow 9am africa/cairo", "2026-11-23 09:00"),
        ("2027-01-05T21:00:00Z", "2027-01-05 23:00"),
        ("2027-01-05T21:00+05:30", "2027-01-05 17:30"),
        ("2027-01-05 21:00 UTC+2", "2027-01-05 21:00"),
        ("9am utc+5:30", "2026-11-23 05:30"),
        ("<t:1800000000:F>", "2027-01-15 10:00"),
    ],
)
def test_common_forms_on_her_clock(text: str, local: str) -> None:
    reading = understood(text)
    assert f"{reading.local:%Y-%m-%d %H:%M}" == local
    assert reading.zone == CAIRO
    assert reading.instant == resolve(reading.local, CAIRO).instant


@pytest.mark.parametrize(
    ("text", "instant", "zone"),
    [
        ("Jan 5 21:00 ET", datetime(2027, 1, 6, 2, tzinfo=UTC), EASTERN),
        ("5 January 2027 9pm ET", datetime(2027, 1, 6, 2, tzinfo=UTC), EASTERN),
        ("5 July 2027 9pm EST", datetime(2027, 7, 6, 1, tzinfo=UTC), EASTERN),
        ("5 July 2027 9pm EDT", datetime(2027, 7, 6, 1, tzinfo=UTC), EASTERN),
        ("tomorrow 9am Eastern time", datetime(2026, 11, 23, 14, tzinfo=UTC), EASTERN),
        ("tomorrow 9am CT", datetime(2026, 11, 23, 15, tzinfo=UTC), "America/Chicago"),
        ("tomorrow 9am MT", datetime(2026, 11, 23, 16, tzinfo=UTC), "America/Denver"),
        ("tomorrow 9am PT", datetime(2026, 11, 23, 17, tzinfo=UTC), "America/Los_Angeles"),
        ("tomorrow 9am UTC", datetime(2026, 11, 23, 9, tzinfo=UTC), "UTC"),
        ("tomorrow 9am GMT", datetime(2026, 11, 23, 9, tzinfo=UTC), "UTC"),
        ("tomorrow 9am america/port_of_spain", datetime(2026, 11, 23, 13, tzinfo=UTC), "America/Port_of_Spain"),
    ],
)
def test_typed_zones(text: str, instant: datetime, zone: str) -> None:
    reading = understood(text)
    assert (reading.instant, reading.zone) == (instant, zone)


def test_an_abbreviation_of_her_own_zone_means_her_own_clock() -> None:
    assert understood("tomorrow 9am IST", zone="Asia/Kolkata").instant == datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
    assert understood("tomorrow 9am CST", zone="Asia/Shanghai").instant == datetime(2026, 11, 23, 1, tzinfo=UTC)
    assert isinstance(parse_when("tomorrow 9am IST", now=NOW, zone=CAIRO), NotUnderstood)


@pytest.mark.parametrize(
    ("text", "locals_"),
    [
        ("04/05", ["2027-04-05 09:00", "2027-05-04 09:00"]),
        ("04/05/2027 10am", ["2027-04-05 10:00", "2027-05-04 10:00"]),
        ("4-5-27", ["2027-04-05 09:00", "2027-05-04 09:00"]),
        ("Jan 5 midnight", ["2027-01-05 00:00", "2027-01-06 00:00"]),
    ],
)
def test_two_readings_are_both_offered(text: str, locals_: list[str]) -> None:
    reading = parse_when(text, now=NOW, zone=CAIRO)
    assert isinstance(reading, Ambiguous)
    assert [f"{option.local:%Y-%m-%d %H:%M}" for option in reading.options] == locals_


def test_next_friday_is_ambiguous_while_this_weeks_is_ahead() -> None:
    monday, friday = NOW + timedelta(days=1), NOW + timedelta(days=5)
    reading = parse_when("next Friday", now=monday, zone=CAIRO)
    assert isinstance(reading, Ambiguous)
    assert [option.local.day for option in reading.options] == [27, 4]
    assert understood("next Friday", now=friday).local.day == 4


def test_a_reading_that_has_passed_is_not_offered() -> None:
    reading = understood("01/12/2026", now=NOW)
    assert reading.local == datetime(2026, 12, 1, 9)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.EMPTY),
        ("  \n ", Reason.EMPTY),
        ("\u200b", Reason.NOT_UNDERSTOOD),
        ("🎓🎓🎓", Reason.NOT_UNDERSTOOD),
        ("x" * 5_000, Reason.TOO_LONG),
        ("tomorrow 9am " * 30, Reason.TOO_LONG),
        ("soon", Reason.NOT_UNDERSTOOD),
        ("9", Reason.NOT_UNDERSTOOD),
        ("Jan", Reason.NOT_UNDERSTOOD),
        ("@everyone", Reason.NOT_UNDERSTOOD),
        ("every", Reason.NOT_UNDERSTOOD),
        ("in 2 hours at 9", Reason.NOT_UNDERSTOOD),
        ("meet at 9am", Reason.NOT_UNDERSTOOD),
        ("next week", Reason.NOT_UNDERSTOOD),
        ("مساء الغد", Reason.NOT_UNDERSTOOD),
        ("31 June", Reason.NO_SUCH_DATE),
        ("31 Feb", Reason.NO_SUCH_DATE),
        ("Feb 31 9am", Reason.NO_SUCH_DATE),
        ("29 Feb 2027", Reason.NO_SUCH_DATE),
        ("13/13", Reason.NO_SUCH_DATE),
        ("2027-13-45", Reason.NO_SUCH_DATE),
        ("0000-01-01", Reason.NO_SUCH_DATE),
        ("tomorrow 25:00", Reason.NO_SUCH_DATE),
        ("tomorrow 13pm", Reason.NO_SUCH_DATE),
        ("Friday 26 November", Reason.NO_SUCH_DATE),
        ("<t:999999999999>", Reason.NO_SUCH_DATE),
        ("yesterday", Reason.PAST),
        ("2026-11-22 9:00", Reason.PAST),
        ("Nov 22 9am", Reason.PAST),
        ("today at 3pm", Reason.PAST),
        ("0001-01-01 00:00:00Z", Reason.PAST),
        ("in 0 minutes", Reason.PAST),
        ("in 5 years", Reason.TOO_FAR),
        ("in 999999 years", Reason.TOO_FAR),
        ("5 January 2035", Reason.TOO_FAR),
        ("9999-12-31 23:59", Reason.TOO_FAR),
    ],
)
def test_what_has_no_reading_says_why(text: str, reason: Reason) -> None:
    reading = parse_when(text, now=NOW, zone=CAIRO)
    assert isinstance(reading, NotUnderstood)
    assert reading.reason is reason
    assert 0 < len(reading.hint) <= 62  # the reason stands before it, and a choice holds 100 characters


def test_no_zone_is_said() -> None:
    reading = parse_when("tomorrow", now=NOW, zone="Moon/Base")
    assert isinstance(reading, NotUnderstood)
    assert reading.reason is Reason.NO_ZONE


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("14 March 2027 2:30am", WallKind.GAP, datetime(2027, 3, 14, 3)),
        ("7 November 2027 1:30am", WallKind.FOLD, datetime(2027, 11, 7, 1, 30)),
        ("7 November 2027 3:30am", WallKind.EXACT, datetime(2027, 11, 7, 3, 30)),
    ],
)
def test_a_time_that_the_clocks_jump_over_or_repeat_is_told(text: str, kind: WallKind, shown: datetime) -> None:
    reading = understood(text, zone=EASTERN)
    assert (reading.kind, reading.local) == (kind, shown)


@pytest.mark.parametrize(
    ("text", "assumed"), [("Friday", True), ("5 January", True), ("tonight", True), ("Friday 9am", False), ("in 3 weeks", False)]
)
def test_an_assumed_hour_is_told(text: str, assumed: bool) -> None:
    assert understood(text).hour_assumed is assumed


def test_days_keep_the_time_on_the_wall_over_a_clock_change() -> None:
    now = datetime(2027, 3, 13, 15, tzinfo=UTC)  # 10:00, the day before the clocks change
    assert understood("in 1 day", now=now, zone=EASTERN).local == datetime(2027, 3, 14, 10)
    assert understood("in 24 hours", now=now, zone=EASTERN).local == datetime(2027, 3, 14, 11)


_PIECES = st.sampled_from(
    [
        *("tomorrow", "tonight", "today", "yesterday", "next", "friday", "jan", "noon", "midnight", "morning", "at", "in", "of", "a", "h"),
        *(
            "5",
            "31",
            "2027",
            "04/05",
            "9am",
            "21:00",
            "24:00",
            "3",
            "weeks",
            "minutes",
            "12",
            "99999",
            "0",
            "ET",
            "UTC",
            "+05:30",
            "T",
            "Z",
        ),
        *("<t:1>", "2027-01-05", "america/new_york", ","),
    ]
)


@given(
    st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=6).map(" ".join)), st.datetimes(datetime(2024, 1, 1), datetime(2034, 1, 1))
)
@example("ﷺ" * 300, datetime(2026, 11, 22))
@example("1" * 120, datetime(2026, 11, 22))
def test_any_text_is_safe_and_every_reading_lies_ahead(text: str, naive: datetime) -> None:
    now = naive.replace(tzinfo=UTC)
    for zone in (CAIRO, EASTERN, "Pacific/Apia"):
        reading = parse_when(text, now=now, zone=zone)
        if isinstance(reading, NotUnderstood):
            assert reading.hint
            continue
        if isinstance(reading, BeforeEvent):
            assert reading.named
            continue
        options = reading.options if isinstance(reading, Ambiguous) else (reading,)
        assert isinstance(reading, Understood) or len(options) > 1
        for option in options:
            assert now < option.instant <= now + FARTHEST
            assert option.local == wall_time(option.instant, option.zone)


@given(st.datetimes(datetime(2026, 11, 24), datetime(2029, 11, 1)), st.sampled_from([CAIRO, EASTERN, "Asia/Kolkata"]))
def test_what_is_written_out_is_read_back(local: datetime, zone: str) -> None:
    wanted = local.replace(second=0, microsecond=0)
    forms = ("%Y-%m-%d %H:%M", "%d %B %Y %H:%M", "%b %d, %Y at %I:%M %p", "%a %d %b %Y %H:%M", "%H:%M %d %b %Y")
    for form in forms:
        assert understood(wanted.strftime(form), zone=zone).instant == resolve(wanted, zone).instant


def test_a_keystroke_costs_little() -> None:
    texts = ["tomorrow 9am", "5 January 2027 9pm ET", "04/05", "in 3 weeks", "nonsense at all", "1 " * 60]
    for text in texts:
        parse_when(text, now=NOW, zone=CAIRO)
    fastest = min(_seconds_for(texts) for _ in range(5))
    assert fastest / len(texts) < 0.002


def _seconds_for(texts: list[str]) -> float:
    started = time.perf_counter()
    for text in texts:
        parse_when(text, now=NOW, zone=CAIRO)
    return time.perf_counter() - started
