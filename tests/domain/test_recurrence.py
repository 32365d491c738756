# ruff: noqa: DTZ001 - wall times are naive on purpose

import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from functools import cache
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.recurrence import MOST_BETWEEN, Recurrence, parse_rule

EASTERN = "America/New_York"
# Zones whose clocks changed at midnight, by half an hour, by two hours, twice in a summer, by a whole day, or at one minute past.
ZONES = (
    "Africa/Cairo", "Africa/Casablanca", "Asia/Tehran", "Australia/Lord_Howe", "America/Sao_Paulo", "Europe/Dublin", "Pacific/Apia",
    "America/St_Johns", "Asia/Kathmandu", "Antarctica/Troll", "Pacific/Chatham", "Asia/Gaza", "America/Asuncion", "America/Havana",
    "America/Santiago", "Asia/Beirut", "Asia/Amman", "Africa/Khartoum", "America/Scoresbysund", EASTERN,
)  # fmt: skip
TIMES = (clock(2, 30), clock(0, 0), clock(3, 0), clock(23, 59))
FIRST_DAY, LAST_DAY = date(2010, 1, 1), date(2020, 1, 1)
Fits = Callable[[date, date], bool]
"""Whether a day is the rule's, for a rule that begins on another."""


def tomorrow(day: date) -> date:
    return day + timedelta(days=1)


def weeks(day: date) -> int:
    return (day.toordinal() - 1) // 7  # day 1 of the calendar was a Monday


def months_since(start: date, day: date) -> int:
    return (day.year - start.year) * 12 + day.month - start.month


def is_last_friday(day: date) -> bool:
    return day.weekday() == 4 and (day + timedelta(days=7)).month != day.month


RULES: tuple[tuple[str, Fits], ...] = (
    ("FREQ=WEEKLY;BYDAY=MO,SU", lambda _, day: day.weekday() in {0, 6}),
    ("FREQ=DAILY;INTERVAL=3", lambda start, day: (day - start).days % 3 == 0),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH,SU", lambda start, day: day.weekday() in {0, 3, 6} and (weeks(day) - weeks(start)) % 2 == 0),
    ("FREQ=WEEKLY;INTERVAL=5", lambda start, day: (day - start).days % 35 == 0),
    ("FREQ=MONTHLY;BYMONTHDAY=31", lambda _, day: day.day == 31),
    ("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", lambda _, day: tomorrow(day).day == 1),
    ("FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", lambda _, day: day.day == 30 or (day.month == 2 and tomorrow(day).day == 1)),
    ("FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=1,-1", lambda start, day: 1 in {day.day, tomorrow(day).day} and months_since(start, day) % 5 == 0),
    ("FREQ=MONTHLY;BYDAY=1SU,-1FR", lambda _, day: (day.weekday(), day.day < 8) == (6, True) or is_last_friday(day)),
    ("FREQ=MONTHLY;INTERVAL=2;BYDAY=5SA", lambda start, day: day.weekday() == 5 and day.day > 28 and months_since(start, day) % 2 == 0),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", lambda _, day: (day.month, day.day) == (2, 29)),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1", lambda _, day: day.month == 2 and tomorrow(day).month == 3),
    ("FREQ=YEARLY;INTERVAL=3", lambda start, day: (day.month, day.day) == (start.month, start.day) and (day.year - start.year) % 3 == 0),
)  # fmt: skip


@cache
def offsets_at_noon(zone: str) -> list[timedelta]:
    info = ZoneInfo(zone)
    noon = datetime.combine(FIRST_DAY, clock(12), UTC) - timedelta(days=2)
    return [noon.astimezone(info).utcoffset() or timedelta(0) for noon in (noon + timedelta(days=n) for n in range(3_700))]


def first_moment(local: datetime, zone: str) -> tuple[datetime, bool]:
    """Return the first instant at which the clock shows ``local`` or later, minute by minute, and whether the clocks change about then."""
    day = (local.date() - FIRST_DAY).days
    around = offsets_at_noon(zone)[day : day + 5]
    low, high = min(around), max(around)
    moment = local.replace(tzinfo=UTC) - high
    info = ZoneInfo(zone)
    while low != high and moment.astimezone(info).replace(tzinfo=None) < local:
        moment += timedelta(minutes=1)
    return moment, low != high and moment.astimezone(info).replace(tzinfo=None) != local


def walked(fits: Fits, start: datetime, zone: str) -> tuple[list[datetime], int]:
    """Return all instants by looking at every day of ten years, and how many of them a gap has moved."""
    found, moved = [], 0
    for number in range(start.toordinal(), LAST_DAY.toordinal()):
        day = date.fromordinal(number)
        if fits(start.date(), day):
            moment, in_gap = first_moment(datetime.combine(day, start.time()), zone)
            moved += in_gap
            if moment not in found[-1:]:
                found.append(moment)
    return found, moved


def first_fitting(fits: Fits, at: clock, begin: date = FIRST_DAY) -> datetime:
    day = next(day for day in (begin + timedelta(days=n) for n in range(3_000)) if fits(day, day))
    return datetime.combine(day, at)


def by_years(recurrence: Recurrence) -> list[datetime]:
    years = [datetime(year, 1, 1, tzinfo=UTC) for year in (2009, *range(2010, 2020))] + [datetime(2020, 1, 3, tzinfo=UTC)]
    return [moment for after, until in pairwise(years) for moment in recurrence.between(after, until)]


@pytest.mark.parametrize("index", range(len(ZONES)), ids=ZONES)
def test_ten_years_day_by_day(index: int) -> None:
    zone = ZONES[index]
    # Each zone has "every day" at two of the hours at which clocks change, and five other rules; each rule is met in many zones.
    cases = [("FREQ=DAILY", lambda *_: True, at) for at in (clock(0), TIMES[index % 4])]
    cases += [(*RULES[(index * 5 + n) % len(RULES)], TIMES[(index + n) % len(TIMES)]) for n in range(5)]
    for rule, fits, at in cases:
        start = first_fitting(fits, at)
        expected, _ = walked(fits, start, zone)
        recurrence = Recurrence(rule, start, zone)
        assert [moment for moment in by_years(recurrence) if moment <= expected[-1]] == expected, rule
        for seed in range(0, 3_600, 97):
            after = datetime(2010, 1, 1, tzinfo=UTC) + timedelta(days=seed, minutes=seed * 7919 % 1440)
            place = bisect_right(expected, after)
            if place < len(expected):
                assert recurrence.next_after(after) == expected[place]
                assert recurrence.next_after(expected[place] - timedelta(seconds=1)) == expected[place]


def test_the_walk_meets_gaps_of_every_kind() -> None:
    moved = {zone: walked(lambda *_: True, datetime.combine(FIRST_DAY, clock(0)), zone)[1] for zone in ZONES}
    assert moved["America/Sao_Paulo"] > 5
    assert moved["Asia/Gaza"] > 0
    assert walked(lambda *_: True, datetime(2010, 1, 1, 12), "Pacific/Apia")[1] == 1  # 30 December 2011, the whole day
    assert walked(lambda *_: True, datetime(2010, 1, 1, 2, 30), EASTERN)[1] == 10


@pytest.mark.parametrize("index", range(len(RULES)))
def test_an_end_is_the_beginning_of_the_walk_and_no_more(index: int) -> None:
    rule, fits = RULES[index]
    start = first_fitting(fits, clock(2, 30))
    whole, _ = walked(fits, start, EASTERN)
    counted = Recurrence(f"{rule};COUNT=3", start, EASTERN)
    assert by_years(counted) == whole[:3]
    if len(whole) < 3:
        return
    assert counted.next_after(whole[2]) is None
    last = whole[2].astimezone(ZoneInfo(EASTERN)).replace(tzinfo=None)
    assert by_years(Recurrence(f"{rule};UNTIL={last:%Y%m%dT%H%M%S}", start, EASTERN)) == whole[:3]
    before = last - timedelta(seconds=1)
    assert by_years(Recurrence(f"{rule};UNTIL={before:%Y%m%dT%H%M%S}", start, EASTERN)) == whole[:2]


@pytest.mark.parametrize(
    ("start", "zone", "moments"),
    [
        # New York, 14 March 2027: 02:00 becomes 03:00; 7 November 2027: 02:00 becomes 01:00.
        (datetime(2027, 3, 13, 2, 30), EASTERN, ["13T07:30", "14T07:00", "15T06:30"]),
        (datetime(2027, 11, 6, 1, 30), EASTERN, ["06T05:30", "07T05:30", "08T06:30"]),
        (datetime(2027, 11, 6, 2, 0), EASTERN, ["06T06:00", "07T07:00", "08T07:00"]),
        # Samoa, 2011: 29 December was followed by the 31st; the 30th's moves to its first moment, and at midnight the two are one.
        (datetime(2011, 12, 29, 9, 0), "Pacific/Apia", ["29T19:00", "30T10:00", "30T19:00"]),
        (datetime(2011, 12, 29, 0, 0), "Pacific/Apia", ["29T10:00", "30T10:00", "31T10:00"]),
    ],
)
def test_gaps_and_folds(start: datetime, zone: str, moments: list[str]) -> None:
    recurrence = Recurrence("FREQ=DAILY", start, zone)
    found = [moment for _, moment in islice(recurrence.walk(start.replace(tzinfo=UTC) - timedelta(days=3)), 3)]
    assert [f"{moment:%dT%H:%M}" for moment in found] == moments


def test_the_second_pass_of_a_fold_brings_nothing_again() -> None:
    recurrence = Recurrence("FREQ=DAILY", datetime(2027, 11, 6, 1, 30), EASTERN)
    second_pass = datetime(2027, 11, 7, 6, 10, tzinfo=UTC)  # 01:10, for the second time
    assert recurrence.next_after(second_pass) == datetime(2027, 11, 8, 6, 30, tzinfo=UTC)


# Each is asked for Monday 23 November 2026 at 08:00.
NO_RULES = """
FREQ FREQ= nonsense RRULE:FREQ=DAILY FREQ=DAILY; freq=daily FREQ=DAILY;FREQ=DAILY INTERVAL=2
FREQ=HOURLY FREQ=MINUTELY FREQ=SECONDLY FREQ=DAILY;BYHOUR=8,9 FREQ=DAILY;BYMINUTE=1 FREQ=DAILY;BYSECOND=1
FREQ=DAILY;INTERVAL=0 FREQ=DAILY;INTERVAL=-1 FREQ=DAILY;INTERVAL=999999 FREQ=DAILY;INTERVAL=1e3
FREQ=DAILY;COUNT=0 FREQ=DAILY;COUNT=999999 FREQ=DAILY;COUNT=\u0662 FREQ=DAILY;COUNT=2;UNTIL=20270301T000000
FREQ=DAILY;UNTIL=20270301 FREQ=DAILY;UNTIL=20270301T000000Z FREQ=DAILY;UNTIL=20271301T000000 FREQ=DAILY;UNTIL=20261123T075959
FREQ=WEEKLY;BYDAY=XX FREQ=WEEKLY;BYDAY=1MO FREQ=WEEKLY;BYDAY=MO,MO FREQ=WEEKLY;BYDAY= FREQ=WEEKLY;BYDAY=TU FREQ=WEEKLY;WKST=SU
FREQ=DAILY;INTERVAL=2;BYDAY=MO FREQ=DAILY;BYMONTHDAY=23 FREQ=WEEKLY;BYMONTH=11
FREQ=MONTHLY;BYDAY=MO FREQ=MONTHLY;BYDAY=-2MO FREQ=MONTHLY;BYDAY=6MO FREQ=MONTHLY;BYDAY=3MO FREQ=MONTHLY;BYMONTH=11
FREQ=MONTHLY;BYMONTHDAY=0 FREQ=MONTHLY;BYMONTHDAY=0,23 FREQ=MONTHLY;BYMONTHDAY=32 FREQ=MONTHLY;BYMONTHDAY=-2 FREQ=MONTHLY;BYMONTHDAY=22
FREQ=MONTHLY;BYMONTHDAY=23;BYDAY=4MO FREQ=MONTHLY;BYMONTHDAY=1,2,3,23 FREQ=MONTHLY;BYMONTHDAY=23,24;BYSETPOS=-1
FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=1 FREQ=MONTHLY;BYSETPOS=-1
FREQ=YEARLY;BYMONTHDAY=23 FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30 FREQ=YEARLY;BYMONTH=13 FREQ=YEARLY;BYDAY=MO
FREQ=YEARLY;BYYEARDAY=1 FREQ=YEARLY;BYWEEKNO=1 FREQ=YEARLY;BYEASTER=0
"""
START = datetime(2026, 11, 23, 8)


@pytest.mark.parametrize(
    ("rule", "start"),
    [
        *((rule, START) for rule in [*NO_RULES.split(), "", "FREQ=DAILY\nCOUNT=1", "FREQ=DAILY" + ";INTERVAL=1" * 30]),
        ("FREQ=DAILY", START.replace(tzinfo=UTC)),
        ("FREQ=DAILY", START.replace(microsecond=1)),
        ("FREQ=DAILY", datetime(1600, 1, 1)),
        ("FREQ=DAILY", datetime(9999, 12, 31)),
    ],
)
def test_what_is_no_rule_of_ours_is_refused(rule: str, start: datetime) -> None:
    with pytest.raises(ValueError, match=r"."):
        Recurrence(rule, start, "Africa/Cairo")


def test_a_zone_that_does_not_exist_and_an_instant_without_zone_are_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Recurrence("FREQ=DAILY", datetime(2026, 1, 1), "Moon/Base")
    recurrence = Recurrence("FREQ=DAILY", datetime(2026, 1, 1), "UTC")
    with pytest.raises(ValueError, match="zone"):
        recurrence.next_after(datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="zone"):
        recurrence.between(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1))


PARTS = st.sampled_from(
    ["FREQ=DAILY", "FREQ=MONTHLY", "FREQ=YEARLY", "INTERVAL=7", "BYDAY=MO,5TU", "BYMONTHDAY=29,30", "BYMONTH=2", "COUNT=5", "BYSETPOS=-1"]
)


@given(st.one_of(st.text(max_size=250), st.lists(PARTS, max_size=5).map(";".join)))
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    try:
        rule = parse_rule(text)
    except ValueError:
        return
    assert parse_rule(rule.text) == rule


@pytest.mark.parametrize("at", [datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)])
def test_the_ends_of_time_are_safe(at: datetime) -> None:
    recurrence = Recurrence("FREQ=DAILY", datetime(2026, 1, 1), "Pacific/Apia")
    expected = None if at.year > 2999 else datetime(2025, 12, 31, 11, tzinfo=UTC)
    for zone in (UTC, ZoneInfo("Pacific/Apia"), ZoneInfo("America/Adak")):
        assert recurrence.next_after(at.replace(tzinfo=zone)) == expected


def test_between_has_a_cap() -> None:
    recurrence = Recurrence("FREQ=DAILY", datetime(2026, 1, 1), "UTC")
    found = recurrence.between(datetime(2025, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC))
    assert len(found) == MOST_BETWEEN
    assert found[0] == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "start", "words"),
    [
        ("FREQ=DAILY", "2026-11-23 09:00", "every day at 09:00"),
        ("FREQ=DAILY;INTERVAL=3", "2026-11-23 09:00", "every 3 days at 09:00"),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "2026-11-23 07:30", "every weekday (Monday to Friday) at 07:30"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "2026-11-23 07:30", "every day at 07:30"),
        ("FREQ=WEEKLY", "2026-11-23 08:00", "every Monday at 08:00"),
        ("FREQ=WEEKLY;BYDAY=TH,MO", "2026-11-23 20:00", "every Monday and Thursday at 20:00"),
        (
            "FREQ=WEEKLY;INTERVAL=2;UNTIL=20270301T235959",
            "2026-11-23 08:00",
            "every 2 weeks on Monday at 08:00, until 1 March 2027 inclusive",
        ),
        ("FREQ=WEEKLY;INTERVAL=2;UNTIL=20270302T235959", "2026-11-23 08:00", "every 2 weeks on Monday at 08:00, until 2 March 2027"),
        ("FREQ=WEEKLY;INTERVAL=2;UNTIL=20270301T075959", "2026-11-23 08:00", "every 2 weeks on Monday at 08:00, until 28 February 2027"),
        ("FREQ=WEEKLY;COUNT=5", "2026-11-23 08:00", "every Monday at 08:00, 5 times in all"),
        ("FREQ=WEEKLY;COUNT=1", "2026-11-23 08:00", "every Monday at 08:00, once"),
        ("FREQ=MONTHLY", "2026-11-15 09:00", "every month on the 15th at 09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-10-31 09:00", "every month on the 31st at 09:00 (months without it are skipped)"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
            "2026-11-30 09:00",
            "every month on the 31st at 09:00, or the last day of a shorter month",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=-1,11,2", "2026-11-30 09:00", "every month on the 2nd, the 11th and the last day at 09:00"),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO,-1FR", "2026-11-27 09:00", "every 2 months on the first Monday and the last Friday at 09:00"),
        ("FREQ=MONTHLY;BYDAY=5MO", "2026-11-30 09:00", "every month on the fifth Monday at 09:00 (months without it are skipped)"),
        ("FREQ=YEARLY", "2027-03-15 09:00", "every year on 15 March at 09:00"),
        ("FREQ=YEARLY", "2028-02-29 09:00", "every year on 29 February at 09:00 (years without it are skipped)"),
        (
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1",
            "2027-02-28 09:00",
            "every year on 29 February at 09:00, or on 28 February in a shorter year",
        ),
    ],
)  # fmt: skip
def test_words(rule: str, start: str, words: str) -> None:
    assert Recurrence(rule, datetime.fromisoformat(start), EASTERN).words() == words


def texts() -> Iterator[st.SearchStrategy[str]]:
    interval = st.sampled_from([1, 2, 3, 7, 12, 999]).map(lambda number: f";INTERVAL={number}")
    days = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, max_size=6, unique=True).map(",".join)
    nth = st.lists(st.sampled_from(["1MO", "2WE", "3TH", "4WE", "5WE", "-1FR", "-1WE"]), min_size=1, max_size=3, unique=True).map(",".join)
    numbers = st.lists(st.sampled_from([1, 2, 15, 28, 29, 30, 31, -1]), min_size=1, max_size=3, unique=True).map(
        lambda found: ",".join(map(str, found))
    )
    yield st.tuples(st.just("FREQ=DAILY"), interval).map("".join)
    yield st.tuples(st.just("FREQ=WEEKLY"), interval, st.just(";BYDAY="), days).map("".join)
    yield st.tuples(st.just("FREQ=MONTHLY"), interval, st.just(";BYDAY="), nth).map("".join)
    yield st.tuples(st.just("FREQ=MONTHLY"), interval, st.just(";BYMONTHDAY="), numbers).map("".join)
    yield st.tuples(
        st.just("FREQ=YEARLY"),
        interval,
        st.sampled_from([";BYMONTH=2;BYMONTHDAY=29", ";BYMONTH=9", ";BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1"]),
    ).map("".join)


ENDS = st.one_of(
    st.just(""),
    st.integers(1, 1_000).map(lambda count: f";COUNT={count}"),
    st.dates(date(2026, 1, 1), date(2060, 1, 1)).map(lambda day: f";UNTIL={day:%Y%m%d}T083000"),
)


@st.composite
def recurrences(draw: st.DrawFn) -> Recurrence:
    text = draw(st.one_of(*texts()))
    begin = draw(st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1))).replace(second=0, microsecond=0)
    rule = parse_rule(text)
    start = next(day for day in (begin + timedelta(days=n) for n in range(4_000)) if rule.fits(day.date()))
    try:
        return Recurrence(text + draw(ENDS), start, draw(st.sampled_from(ZONES)))
    except ValueError:
        assume(False)
        raise


@given(recurrences(), st.datetimes(datetime(2010, 1, 1), datetime(2045, 1, 1)), st.integers(0, 2_000))
def test_between_is_next_after_again_and_again(recurrence: Recurrence, naive: datetime, days: int) -> None:
    after = naive.replace(tzinfo=UTC)
    until = after + timedelta(days=days)
    stepped: list[datetime] = []
    moment = after
    while len(stepped) < 50 and (following := recurrence.next_after(moment)) is not None and following <= until:
        assert following > moment
        assert following.tzinfo is UTC
        stepped.append(following)
        moment = following
    found = recurrence.between(after, until)
    assert found[:50] == stepped
    assert all(one < other for one, other in pairwise(found))


@given(recurrences())
def test_the_first_is_the_start_and_the_words_are_short(recurrence: Recurrence) -> None:
    first = next(recurrence.walk(datetime(2014, 1, 1, tzinfo=UTC)))
    assert first[0] == recurrence.start
    assert 0 < len(recurrence.words()) <= 150


@pytest.mark.parametrize(
    ("rule", "start"),
    [
        ("FREQ=DAILY", datetime(2023, 11, 22, 9)),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", datetime(2023, 11, 23, 9)),
        ("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", datetime(2023, 11, 30, 9)),
        ("FREQ=YEARLY", datetime(2023, 11, 22, 9)),
        ("FREQ=DAILY;COUNT=1000", datetime(2024, 11, 22, 9)),
    ],
)
def test_years_since_the_start_cost_nothing(rule: str, start: datetime) -> None:
    recurrence = Recurrence(rule, start, "Africa/Cairo")
    after = datetime(2026, 11, 22, 15, tzinfo=UTC)
    assert min(_seconds(lambda: recurrence.next_after(after)) for _ in range(10)) < 0.001


@pytest.mark.parametrize(
    ("rule", "start"),
    [
        ("FREQ=YEARLY;INTERVAL=999;BYMONTH=2;BYMONTHDAY=29", datetime(2028, 2, 29)),
        ("FREQ=MONTHLY;INTERVAL=12;BYDAY=5TU", datetime(2028, 2, 29)),
        ("FREQ=MONTHLY;INTERVAL=48;BYDAY=5TU", datetime(2028, 2, 29)),
        ("FREQ=YEARLY;COUNT=1000", datetime(2028, 2, 29)),
        ("FREQ=DAILY;INTERVAL=1000;COUNT=1000", datetime(2028, 2, 29)),
        ("FREQ=DAILY;UNTIL=99991231T235959", datetime(2028, 2, 29)),
    ],
)
def test_no_rule_loops_long(rule: str, start: datetime) -> None:
    recurrence = Recurrence(rule, start, "Africa/Cairo")
    moments = [datetime(year, 3, 1, 12, tzinfo=UTC) for year in (2028, 2100, 2998)]
    assert _seconds(lambda: [recurrence.next_after(moment) for moment in moments] and recurrence.words()) < 1


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started
