# ruff: noqa: DTZ001 - wall times are naive on purpose

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue import load_catalogue
from bot.domain.facts import Certainty
from bot.domain.member import Country
from bot.domain.projection import match_day, misfits, project, projected_date

YEARS = st.integers(2007, 2100)  # the clocks of the United States change on today's days since 2007
OBSERVED = [season for season in load_catalogue().observed if season.country is Country.UNITED_STATES and season.year <= 2026]


@pytest.mark.parametrize(
    ("year", "key", "local"),
    [
        (2027, "eras-opens", datetime(2026, 6, 3, 9)),
        (2027, "eras-submission-opens", datetime(2026, 9, 2, 9)),
        (2027, "eras-review-opens", datetime(2026, 9, 23, 9)),
        (2027, "nrmp-registration-opens", datetime(2026, 9, 15, 12)),
        (2027, "registration-deadline", datetime(2027, 1, 29, 23, 59)),
        (2027, "ranking-opens", datetime(2027, 2, 1, 12)),
        (2027, "rank-list-deadline", datetime(2027, 3, 3, 21)),
        (2027, "match-status", datetime(2027, 3, 15, 10)),
        (2027, "soap-review", datetime(2027, 3, 16, 8)),
        (2027, "soap-round-4", datetime(2027, 3, 18, 18)),
        (2027, "soap-ends", datetime(2027, 3, 18, 21)),
        (2027, "match-day", datetime(2027, 3, 19, 12)),
        (2027, "eras-closes", datetime(2027, 5, 31, 17)),
        (2028, "eras-opens", datetime(2027, 6, 2, 9)),
        (2028, "eras-submission-opens", datetime(2027, 9, 1, 9)),
        (2028, "eras-review-opens", datetime(2027, 9, 22, 9)),
        (2028, "nrmp-registration-opens", datetime(2027, 9, 15, 12)),
        (2028, "registration-deadline", datetime(2028, 1, 31, 23, 59)),
        (2028, "ranking-opens", datetime(2028, 2, 1, 12)),
        (2028, "rank-list-deadline", datetime(2028, 3, 1, 21)),
        (2028, "match-status", datetime(2028, 3, 13, 10)),
        (2028, "match-day", datetime(2028, 3, 17, 12)),
    ],
)
def test_the_rule(year: int, key: str, local: datetime) -> None:
    projected = projected_date(year, key)
    assert projected is not None
    assert projected.at.local == local


def test_where_the_rule_misses_what_was_read() -> None:
    missed = [(misfit.event.id, misfit.projected.local.date()) for season in OBSERVED for misfit in misfits(season.events)]
    assert sorted(missed) == [
        ("us-2021-registration-deadline", date(2021, 1, 29)),
        ("us-2022-eras-review-opens", date(2021, 9, 22)),
        ("us-2023-eras-opens", date(2022, 6, 1)),
    ]


def test_the_rule_is_fitted_against_every_year_from_2021_to_2026() -> None:
    read = [event for season in OBSERVED for event in season.events if event.citation.certainty is not Certainty.ESTIMATED]
    fitted = [event for event in read if projected_date(event.year, event.key) is not None]
    assert {event.year for event in fitted} == set(range(2021, 2027))
    assert len(fitted) > 45


@pytest.mark.parametrize("year", [2027, 2028])
def test_every_date_that_cites_the_rule_is_the_rules(year: int) -> None:
    season = load_catalogue().season(Country.UNITED_STATES, year)
    assert season is not None
    assert misfits(season.events) == ()
    citing = {event.key for event in season.events if "projection-rule" in {source.id for source in event.citation.sources}}
    given_by_rule = {projected.key for projected in project(year)}
    read = {event.key for event in season.events if event.citation.certainty is Certainty.EXPECTED}
    assert citing | read == given_by_rule


@given(YEARS)
def test_the_rank_list_locks_in_winter_time_and_match_week_lies_in_summer_time(year: int) -> None:
    eastern = ZoneInfo("America/New_York")
    dates = {projected.key: projected.at.local.replace(tzinfo=eastern) for projected in project(year)}
    assert dates["rank-list-deadline"].tzname() == "EST"
    assert {dates[key].tzname() for key in ("match-status", "soap-review", "soap-ends", "match-day")} == {"EDT"}


@given(YEARS)
def test_projected_dates_keep_their_order_and_weekdays(year: int) -> None:
    projected = project(year)
    assert [date_.at.local for date_ in projected] == sorted(date_.at.local for date_ in projected)
    assert match_day(year).weekday() == 4
    assert 15 <= match_day(year).day <= 21
    by_key = {date_.key: date_.at.local for date_ in projected}
    assert len(by_key) == len(projected)
    assert by_key["rank-list-deadline"].weekday() == 2
    assert all(by_key[key].weekday() < 5 for key in ("nrmp-registration-opens", "registration-deadline", "ranking-opens"))
    assert by_key["ranking-opens"] - by_key["registration-deadline"] < timedelta(days=4)
