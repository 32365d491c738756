# ruff: noqa: DTZ001 - wall times are naive on purpose

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.when import Ambiguous, BeforeEvent, NotUnderstood, Reason, Understood, parse_when
from bot.domain.zones import WallKind, resolve

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)  # a Sunday: 17:00 in Cairo, 10:00 in New York
CAIRO = "Africa/Cairo"
EASTERN = "America/New_York"
LONGEST_HINT = 62
"""With "I can't read that date and time." before it, it fits the 100 characters of a choice."""


def understood(text: str, *, now: datetime = NOW, zone: str = CAIRO) -> Understood:
    reading = parse_when(text, now=now, zone=zone)
    assert isinstance(reading, Understood), reading
    return reading


def again(text: str, *, now: datetime = NOW, zone: str = CAIRO) -> tuple[str, str, str]:
    """Return the first occurrence on the wall, the words and the rule of what is understood."""
    reading = understood(text, now=now, zone=zone)
    assert reading.recurrence is not None
    return f"{reading.local:%Y-%m-%d %H:%M}", reading.recurrence.words(), reading.recurrence.rule


@pytest.mark.parametrize(
    ("text", "first", "words"),
    [
        ("every Monday 8:00", "2026-11-23 08:00", "every Monday at 08:00"),
        ("Every Monday at 8", "2026-11-23 08:00", "every Monday at 08:00"),
        ("each Monday @ 8", "2026-11-23 08:00", "every Monday at 08:00"),
        ("every friday", "2026-11-27 09:00", "every Friday at 09:00"),
        ("every Friday morning", "2026-11-27 09:00", "every Friday at 09:00"),
        ("every sunday 16:00", "2026-11-29 16:00", "every Sunday at 16:00"),
        ("every sunday 18:00", "2026-11-22 18:00", "every Sunday at 18:00"),
        ("every Monday and Thursday 8pm", "2026-11-23 20:00", "every Monday and Thursday at 20:00"),
        ("every Mon, Wed, Fri 8pm", "2026-11-23 20:00", "every Monday, Wednesday and Friday at 20:00"),
        ("every mon wed fri 8pm", "2026-11-23 20:00", "every Monday, Wednesday and Friday at 20:00"),
        ("Mondays and Thursdays at 8pm", "2026-11-23 20:00", "every Monday and Thursday at 20:00"),
        ("on Mondays at 8", "2026-11-23 08:00", "every Monday at 08:00"),
        ("every day at 9", "2026-11-23 09:00", "every day at 09:00"),
        ("every day 9pm", "2026-11-22 21:00", "every day at 21:00"),
        ("daily 9am", "2026-11-23 09:00", "every day at 09:00"),
        ("everyday at 9am", "2026-11-23 09:00", "every day at 09:00"),
        ("every evening at 8", "2026-11-22 20:00", "every day at 20:00"),
        ("every night at 1", "2026-11-23 01:00", "every day at 01:00"),
        ("every morning", "2026-11-23 09:00", "every day at 09:00"),
        ("every day at midnight", "2026-11-23 00:00", "every day at 00:00"),
        ("weekdays at 7:30", "2026-11-23 07:30", "every weekday (Monday to Friday) at 07:30"),
        ("every weekday 7:30", "2026-11-23 07:30", "every weekday (Monday to Friday) at 07:30"),
        ("every Monday through Friday 7:30", "2026-11-23 07:30", "every weekday (Monday to Friday) at 07:30"),
        ("every day, Monday to Friday, at 7:30", "2026-11-23 07:30", "every weekday (Monday to Friday) at 07:30"),
        ("every Sat-Mon 10:00", "2026-11-23 10:00", "every Monday, Saturday and Sunday at 10:00"),
        ("weekends 10am", "2026-11-28 10:00", "every Saturday and Sunday at 10:00"),
        ("weekly", "2026-11-23 09:00", "every Monday at 09:00"),
        ("once a week 18:00", "2026-11-22 18:00", "every Sunday at 18:00"),
        ("every week on Thursday 10:00", "2026-11-26 10:00", "every Thursday at 10:00"),
        ("every other Friday 18:00", "2026-11-27 18:00", "every 2 weeks on Friday at 18:00"),
        ("every 2 weeks on Monday and Thursday 18:00", "2026-11-23 18:00", "every 2 weeks on Monday and Thursday at 18:00"),
        ("fortnightly on Friday", "2026-11-27 09:00", "every 2 weeks on Friday at 09:00"),
        ("every third week", "2026-11-23 09:00", "every 3 weeks on Monday at 09:00"),
        ("every three days", "2026-11-23 09:00", "every 3 days at 09:00"),
        ("monthly", "2026-11-23 09:00", "every month on the 23rd at 09:00"),
        ("every month on the 15th", "2026-12-15 09:00", "every month on the 15th at 09:00"),
        ("monthly on 15 at 9", "2026-12-15 09:00", "every month on the 15th at 09:00"),
        ("the 15th of every month 18:00", "2026-12-15 18:00", "every month on the 15th at 18:00"),
        ("every 15th of the month", "2026-12-15 09:00", "every month on the 15th at 09:00"),
        ("every month on the 1st and 15th", "2026-12-01 09:00", "every month on the 1st and the 15th at 09:00"),
        ("every 1st and 31st", "2026-11-30 09:00", "every month on the 1st and the last day at 09:00"),
        ("every month on the 31st", "2026-11-30 09:00", "every month on the 31st at 09:00, or the last day of a shorter month"),
        ("last day of every month", "2026-11-30 09:00", "every month on the last day at 09:00"),
        ("every month from 31 January", "2027-01-31 09:00", "every month on the 31st at 09:00, or the last day of a shorter month"),
        ("every first Monday of the month", "2026-12-07 09:00", "every month on the first Monday at 09:00"),
        ("every last Friday 17:00", "2026-11-27 17:00", "every month on the last Friday at 17:00"),
        ("first and third Monday of every month", "2026-12-07 09:00", "every month on the first Monday and the third Monday at 09:00"),
        ("every 3 months on the 1st", "2026-12-01 09:00", "every 3 months on the 1st at 09:00"),
        ("every year on 15 March", "2027-03-15 09:00", "every year on 15 March at 09:00"),
        ("every 15 March 8pm", "2027-03-15 20:00", "every year on 15 March at 20:00"),
        ("annually on March 15", "2027-03-15 09:00", "every year on 15 March at 09:00"),
        ("every 25/12", "2026-12-25 09:00", "every year on 25 December at 09:00"),
        ("every 29 February", "2027-02-28 09:00", "every year on 29 February at 09:00, or on 28 February in a shorter year"),
    ],
)
def test_what_comes_again_and_again(text: str, first: str, words: str) -> None:
    assert again(text)[:2] == (first, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("every 2 weeks until March", "every 2 weeks on Monday at 09:00, until 28 February 2027"),
        ("weekly until March 2028", "every Monday at 09:00, until 29 February 2028"),
        ("every day at 8 until the end of March", "every day at 08:00, until 31 March 2027 inclusive"),
        ("every Monday through March", "every Monday at 09:00, until 31 March 2027"),
        ("every Monday until 2028", "every Monday at 09:00, until 31 December 2027"),
        ("every 3 days until 5 January", "every 3 days at 09:00, until 5 January 2027"),
        ("every 3 days until Jan 5 21:00", "every 3 days at 21:00, until 5 January 2027"),
        ("every day until 2027-01-05 at 8", "every day at 08:00, until 5 January 2027 inclusive"),
        ("every day until Friday", "every day at 09:00, until 27 November 2026 inclusive"),
        ("every day until Friday 4 December", "every day at 09:00, until 4 December 2026 inclusive"),
        ("every Monday from 4 January until 15 December", "every Monday at 09:00, until 15 December 2027"),
        ("every week for 6 weeks", "every Monday at 09:00, until 3 January 2027"),
        ("every day for a week", "every day at 09:00, until 29 November 2026 inclusive"),
        ("every Monday, 5 times", "every Monday at 09:00, 5 times in all"),
        ("every Monday 8:00 for five times", "every Monday at 08:00, 5 times in all"),
    ],
)
def test_how_it_ends(text: str, words: str) -> None:
    assert again(text)[1] == words


def test_six_weeks_of_weeks_are_six() -> None:
    recurrence = understood("every week for 6 weeks").recurrence
    assert recurrence is not None
    assert len(recurrence.between(NOW, NOW + timedelta(days=365))) == 6


@pytest.mark.parametrize(
    ("text", "first", "words"),
    [
        ("every 2 weeks from 4 December 8am", "2026-12-04 08:00", "every 2 weeks on Friday at 08:00"),
        ("every 2 weeks starting tomorrow 8am", "2026-11-23 08:00", "every 2 weeks on Monday at 08:00"),
        ("every day from Monday at 9", "2026-11-23 09:00", "every day at 09:00"),
        ("every month from 15th January", "2027-01-15 09:00", "every month on the 15th at 09:00"),
        ("every week from next Friday", "2026-11-27 09:00", "every Friday at 09:00"),
        ("every day from next Friday", "2026-11-27 09:00", "every day at 09:00"),
        # It began today at an hour that has passed: the next one is in two weeks, not in one.
        ("every 2 weeks from 22 November 9:00", "2026-12-06 09:00", "every 2 weeks on Sunday at 09:00"),
        ("every 2 weeks on Sunday 9:00", "2026-11-29 09:00", "every 2 weeks on Sunday at 09:00"),
    ],
)
def test_when_it_begins(text: str, first: str, words: str) -> None:
    assert again(text)[:2] == (first, words)


def test_it_runs_on_the_clock_of_the_zone_that_was_typed() -> None:
    reading = understood("every Monday 21:00 ET")
    assert (reading.zone, reading.instant) == (EASTERN, datetime(2026, 11, 24, 2, tzinfo=UTC))
    assert reading.recurrence is not None
    assert reading.recurrence.zone == EASTERN
    summer = reading.recurrence.next_after(datetime(2027, 7, 1, tzinfo=UTC))
    assert summer == datetime(2027, 7, 6, 1, tzinfo=UTC)


def test_a_first_time_that_the_clocks_jump_over_keeps_its_hour_for_the_next() -> None:
    now = datetime(2027, 3, 14, 5, tzinfo=UTC)  # midnight, two hours before the clocks change
    reading = understood("every day 2:30am", now=now, zone=EASTERN)
    assert (reading.kind, reading.local) == (WallKind.GAP, datetime(2027, 3, 14, 3))
    assert reading.recurrence is not None
    assert reading.recurrence.start == datetime(2027, 3, 14, 2, 30)
    assert reading.recurrence.next_after(reading.instant) == datetime(2027, 3, 15, 6, 30, tzinfo=UTC)


def test_an_assumed_hour_and_the_text_are_told() -> None:
    assert understood("every Monday").hour_assumed
    assert not understood("every Monday 9:00").hour_assumed
    assert understood("Every  MONDAY 9:00").text == "every monday 9:00"
    assert understood("tomorrow").recurrence is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("every 04/05", ["every year on 5 April at 09:00", "every year on 4 May at 09:00"]),
        ("every 2 weeks from 04/05", ["every 2 weeks on Monday at 09:00", "every 2 weeks on Tuesday at 09:00"]),
        ("every day until 04/05", ["every day at 09:00, until 5 April 2027 inclusive", "every day at 09:00, until 4 May 2027 inclusive"]),
        ("every Monday at midnight", ["every Monday at 00:00", "every Tuesday at 00:00"]),
        ("every second Monday", ["every 2 weeks on Monday at 09:00", "every month on the second Monday at 09:00"]),
    ],
)
def test_two_readings_are_both_offered(text: str, words: list[str]) -> None:
    reading = parse_when(text, now=NOW, zone=CAIRO)
    assert isinstance(reading, Ambiguous)
    assert [option.recurrence.words() for option in reading.options if option.recurrence] == words


@pytest.mark.parametrize(
    ("text", "reason", "hint"),
    [
        ("every 2 hours", Reason.NOT_UNDERSTOOD, "Once a day is the most"),
        ("hourly", Reason.NOT_UNDERSTOOD, "Once a day is the most"),
        ("every 30 minutes", Reason.NOT_UNDERSTOOD, "Once a day is the most"),
        ("every half hour", Reason.NOT_UNDERSTOOD, "Once a day is the most"),
        ("twice a day", Reason.NOT_UNDERSTOOD, "Once a day is the most"),
        ("biweekly", Reason.NOT_UNDERSTOOD, "every 2 weeks"),
        ("3 times a week", Reason.NOT_UNDERSTOOD, "every Monday and Thursday"),
        ("every Monday until match day", Reason.NOT_UNDERSTOOD, "until 5 January"),
        ("every day 9:00 UTC+2", Reason.NOT_UNDERSTOOD, "zone"),
        ("every month on the 1st at midnight", Reason.NOT_UNDERSTOOD, "midnight"),
        ("every", Reason.NOT_UNDERSTOOD, "every Monday"),
        ("every 0 days", Reason.NOT_UNDERSTOOD, "every Monday"),
        ("every day in 3 weeks", Reason.NOT_UNDERSTOOD, "every Monday"),
        ("every day at 9 and 17", Reason.NOT_UNDERSTOOD, "every Monday"),
        ("every month on Monday", Reason.NOT_UNDERSTOOD, "every Monday"),
        ("every blue moon", Reason.NOT_UNDERSTOOD, "every Monday"),
        ("every 1,2,3,4", Reason.NOT_UNDERSTOOD, "every Monday"),
        ("every 30 February", Reason.NO_SUCH_DATE, "day"),
        ("every 30 February at midnight", Reason.NO_SUCH_DATE, "day"),
        ("every month on the 32nd", Reason.NO_SUCH_DATE, "day"),
        ("every month on the 0th and 15th", Reason.NO_SUCH_DATE, "day"),
        ("every month on the 1st, 2nd, 3rd and 4th", Reason.NO_SUCH_DATE, "day"),
        ("every year on Friday 5 March", Reason.NO_SUCH_DATE, "day"),
        ("every day until 31 June", Reason.NO_SUCH_DATE, "day"),
        ("every Monday until Friday 5 December", Reason.NO_SUCH_DATE, "day"),
        ("every day until yesterday", Reason.PAST, "later end"),
        ("every day until 5 January 2026", Reason.PAST, "later end"),
        ("every Friday until Thursday", Reason.PAST, "later end"),
        ("every day from yesterday", Reason.PAST, "later"),
        ("every 2 weeks from 1 January 2020", Reason.PAST, "later"),
        ("every day from 5 January 2035", Reason.TOO_FAR, "three years"),
    ],
)
def test_what_has_no_reading_says_why(text: str, reason: Reason, hint: str) -> None:
    reading = parse_when(text, now=NOW, zone=CAIRO)
    assert isinstance(reading, NotUnderstood), reading
    assert reading.reason is reason
    assert hint in reading.hint
    assert len(reading.hint) <= LONGEST_HINT


@pytest.mark.parametrize(
    ("text", "before", "named"),
    [
        ("3 days before rank list deadline", timedelta(days=3), "rank list deadline"),
        ("1 week before match day", timedelta(days=7), "match day"),
        ("a week before Match Day.", timedelta(days=7), "match day"),
        ("the day before ERAS opens", timedelta(days=1), "eras opens"),
        ("day before ERAS opens", timedelta(days=1), "eras opens"),
        ("the week before Match Week", timedelta(days=7), "match week"),
        ("2 hours before the NRMP registration deadline", timedelta(hours=2), "nrmp registration deadline"),
        ("half an hour before the rank list deadline", timedelta(minutes=30), "rank list deadline"),
        ("1 week and 2 days prior to match day", timedelta(days=9), "match day"),
        ("a month before match day", timedelta(days=30), "match day"),
        ("on match day", timedelta(0), "match day"),
        ("on the Match Day", timedelta(0), "match day"),
        ("at rank order list deadline", timedelta(0), "rank order list deadline"),
    ],
)
def test_before_an_event(text: str, before: timedelta, named: str) -> None:
    reading = parse_when(text, now=NOW, zone=CAIRO)
    assert isinstance(reading, BeforeEvent)
    assert (reading.before, reading.named) == (before, named)
    assert reading.text == " ".join(text.lower().split())


@pytest.mark.parametrize(
    "text",
    [
        *("before match day", "3 days before", "3 days before the", "soon before match day", "every day before match day"),
        *("the day before yesterday", "2 hours before tomorrow 9am", "1 year before match day", "500 days before match day"),
        *("match day", "on", "at", "on !", "on 5"),
    ],
)
def test_what_is_not_before_an_event(text: str) -> None:
    assert isinstance(parse_when(text, now=NOW, zone=CAIRO), NotUnderstood)


@pytest.mark.parametrize("text", ["on friday", "at noon", "at 8", "on fri at 5pm", "at midnight", "on 5 January"])
def test_a_time_is_no_event(text: str) -> None:
    assert isinstance(parse_when(text, now=NOW, zone=CAIRO), Understood)


def test_a_date_that_does_not_exist_is_no_event() -> None:
    reading = parse_when("on Feb 31", now=NOW, zone=CAIRO)
    assert isinstance(reading, NotUnderstood)
    assert reading.reason is Reason.NO_SUCH_DATE


VOCABULARY = """
every each day days week weeks month year 2 3 other second first last monday friday mondays sat-thu on the 15th 31st and , until till
through for from starting march 5 january 04/05 6 times 9am 21:00 at 8 midnight night ET UTC+2 weekly monthly weekdays end of
2028 tomorrow next before match 29 february 9999 0000 in once
"""
WORDS = st.sampled_from(VOCABULARY.split())
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2034, 1, 1))


@given(st.lists(WORDS, max_size=9).map(" ".join), MOMENTS, st.sampled_from([CAIRO, EASTERN, "Pacific/Apia"]))
def test_any_text_is_safe_and_every_recurrence_begins_ahead(text: str, naive: datetime, zone: str) -> None:
    _check(f"every {text}", naive.replace(tzinfo=UTC), zone)
    _check(text, naive.replace(tzinfo=UTC), zone)


def _check(text: str, now: datetime, zone: str) -> None:
    reading = parse_when(text, now=now, zone=zone)
    if isinstance(reading, BeforeEvent):
        assert reading.named
        assert reading.before >= timedelta(0)
        return
    if isinstance(reading, NotUnderstood):
        assert 0 < len(reading.hint) <= LONGEST_HINT
        return
    for option in reading.options if isinstance(reading, Ambiguous) else (reading,):
        assert option.instant > now
        if option.recurrence is not None:
            assert 0 < len(option.recurrence.words()) <= 150
            assert option.instant == resolve(option.recurrence.start, option.zone).instant
            assert option.recurrence.next_after(now) == option.instant


OFTEN = st.sampled_from(
    [
        *(
            "every day",
            "every 3 days",
            "every Monday",
            "every 2 weeks on Monday and Friday",
            "weekdays",
            "every 15 March",
            "every 29 February",
        ),
        *(
            "every month on the 31st",
            "every month on the 30th",
            "every month on the 2nd and the last day",
            "every month on the fifth Friday",
        ),
        "every 2 months on the first Monday and the last Friday",
    ]
)
SHAPES = st.tuples(
    OFTEN,
    st.times().map(lambda at: f" at {at:%H:%M}"),
    st.sampled_from(["", ", 5 times", ", once", " until March", " until 5 January 2028", " for 3 years"]),
)


@given(SHAPES, MOMENTS)
def test_the_words_are_read_back(shape: tuple[str, str, str], naive: datetime) -> None:
    reading = parse_when("".join(shape), now=naive.replace(tzinfo=UTC), zone=CAIRO)
    if not isinstance(reading, Understood):
        assert isinstance(reading, NotUnderstood)
        assert reading.reason is Reason.PAST
        return
    assert reading.recurrence is not None
    again_ = understood(reading.recurrence.words(), now=reading.instant - timedelta(minutes=1))
    assert again_.recurrence == reading.recurrence


def test_a_keystroke_costs_little() -> None:
    texts = [
        "every 2 weeks on Monday and Thursday at 8pm until March",
        "every year on 14 November",
        "3 days before rank list deadline",
        "every " * 20,
    ]
    fastest = min(_seconds_for(texts) for _ in range(5))
    assert fastest / len(texts) < 0.003


def _seconds_for(texts: list[str]) -> float:
    started = time.perf_counter()
    for text in texts:
        parse_when(text, now=NOW, zone=CAIRO)
    return time.perf_counter() - started
