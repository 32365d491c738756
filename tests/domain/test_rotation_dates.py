"""What members type for the dates of a rotation, and what it means; today is 22 November 2026."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.letter_drafts import day_in_words, days_in_words
from bot.domain.rotation_dates import DayRange, NoRange, Reason, read_range
from bot.domain.rotations import MOST_DAYS

TODAY = date(2026, 11, 22)
AUGUST = DayRange(date(2026, 8, 3), date(2026, 8, 28))

UNDERSTOOD = [
    ("3 Aug 2026 to 28 Aug 2026", AUGUST),
    ("from Monday 3 August 2026 until Friday 28 August 2026", AUGUST),
    ("Aug 3rd, 2026, to Aug 28th, 2026", AUGUST),
    ("Aug 3-28", AUGUST),
    ("3-28 Aug 2026", AUGUST),
    ("3 to 28 August 2026", AUGUST),
    ("Aug 3 - 28, 2026", AUGUST),
    ("3 aug - 28 aug", AUGUST),
    ("2026-08-03 \u2013 2026-08-28", AUGUST),
    ("2026-08-03/2026-08-28", AUGUST),
    ("03/08/2026 to 28/08/2026", AUGUST),  # the second date shows which number is the month
    ("8/3/2026-8/28/2026", AUGUST),
    ("٣ Aug 2026 to ٢٨ Aug 2026", AUGUST),
    ("3 Aug 2026, 4 weeks", DayRange(date(2026, 8, 3), date(2026, 8, 30))),
    ("3 Aug 2026 for 4 weeks", DayRange(date(2026, 8, 3), date(2026, 8, 30))),
    ("4 weeks from 3 aug 2026", DayRange(date(2026, 8, 3), date(2026, 8, 30))),
    ("5 Jan 2027 for 2 months", DayRange(date(2027, 1, 5), date(2027, 3, 4))),
    ("today to 28 dec", DayRange(TODAY, date(2026, 12, 28))),
    ("in 3 weeks, 4 weeks", DayRange(date(2026, 12, 13), date(2027, 1, 9))),
    ("jan 5 to feb 2", DayRange(date(2027, 1, 5), date(2027, 2, 2))),  # without a year: the one nearest to today
    ("1 Dec to 12 Feb 2027", DayRange(date(2026, 12, 1), date(2027, 2, 12))),
    ("1 Dec 2025 to 12 Feb", DayRange(date(2025, 12, 1), date(2026, 2, 12))),
    ("dec 1 to jan 9", DayRange(date(2026, 12, 1), date(2027, 1, 9))),
    ("3 Aug 2026 - 3 Aug 2026", DayRange(date(2026, 8, 3), date(2026, 8, 3))),
    ("29 Feb 2024 to 28 Mar 2024", DayRange(date(2024, 2, 29), date(2024, 3, 28))),
]

REFUSED = [
    ("", Reason.EMPTY),
    (" - ", Reason.EMPTY),
    ("\u200b", Reason.EMPTY),
    ("next year some time", Reason.NOT_UNDERSTOOD),
    ("August 2026", Reason.NOT_UNDERSTOOD),
    ("3 Aug 2026", Reason.ONE_DAY),
    ("2026-08-03", Reason.ONE_DAY),
    ("30 Feb 2026 to 3 Mar 2026", Reason.NO_SUCH_DATE),
    ("29 Feb 2026 to 3 Mar 2026", Reason.NO_SUCH_DATE),
    ("Tuesday 3 Aug 2026 to 28 Aug 2026", Reason.NO_SUCH_DATE),  # a Monday
    ("28 Aug 2026 to 3 Aug 2026", Reason.BACKWARDS),
    ("28 Aug to 3 Aug 2026", Reason.BACKWARDS),
    ("28 Aug 2026 to 3 Aug", Reason.BACKWARDS),
    ("1 Jan 2026 to 30 Jun 2031", Reason.LONGER_THAN_KEPT),
    ("1 Jan 1940 to 3 Jan 1940", Reason.TOO_FAR),
    ("1 Jan 2040 to 3 Jan 2040", Reason.TOO_FAR),
    ("in 99999 months, 4 weeks", Reason.NO_SUCH_DATE),
    ("03/08/2026 to 09/10/2026", Reason.AMBIGUOUS),
    ("3 Aug 2026 to 28 Aug 2026" * 9, Reason.TOO_LONG),
]


@pytest.mark.parametrize(("text", "meant"), UNDERSTOOD)
def test_dates_are_read_as_people_type_them(text: str, meant: DayRange) -> None:
    assert read_range(text, TODAY) == meant


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_no_range_says_why(text: str, reason: Reason) -> None:
    found = read_range(text, TODAY)
    assert isinstance(found, NoRange)
    assert found.reason is reason


def test_two_readings_are_both_told() -> None:
    found = read_range("03/08/2026 to 09/10/2026", TODAY)
    assert isinstance(found, NoRange)
    assert found.readings == (DayRange(date(2026, 3, 8), date(2026, 9, 10)), DayRange(date(2026, 8, 3), date(2026, 10, 9)))


days = st.dates(date(1970, 1, 1), TODAY + timedelta(days=3 * 365))
lengths = st.integers(0, MOST_DAYS - 1)


@given(days, lengths)
def test_what_the_form_is_filled_with_is_read_back(starts_on: date, length: int) -> None:
    ends_on = starts_on + timedelta(days=length)
    meant = DayRange(starts_on, ends_on)
    assert read_range(f"{day_in_words(starts_on)} to {day_in_words(ends_on)}", TODAY) == meant
    assert read_range(f"{starts_on.isoformat()} - {ends_on.isoformat()}", TODAY) == meant
    if length:
        assert read_range(days_in_words(starts_on, ends_on), TODAY) == meant


@given(st.one_of(st.text(max_size=130), st.text("0123456789 /-.,toaugfwek", max_size=40)), days)
def test_any_text_is_safe_and_a_range_is_never_backwards(text: str, today: date) -> None:
    found = read_range(text, today)
    if isinstance(found, DayRange):
        assert found.starts_on <= found.ends_on < found.starts_on + timedelta(days=MOST_DAYS)
    else:
        assert (len(found.readings) > 1) == (found.reason is Reason.AMBIGUOUS)
