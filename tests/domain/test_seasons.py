from datetime import UTC, date, datetime, timedelta

import pytest

from bot.catalogue import load_catalogue
from bot.domain.calendar import Season
from bot.domain.facts import Certainty
from bot.domain.member import Country
from bot.domain.seasons import is_past, next_event, not_known, season_containing, upcoming

CATALOGUE = load_catalogue()
US = CATALOGUE.seasons(Country.UNITED_STATES)
NOVEMBER = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2026, 11, 22), 2027),
        (date(2026, 6, 3), 2027),
        (date(2026, 6, 2), 2026),
        (date(2027, 3, 20), 2027),
        (date(2027, 6, 1), 2027),
        (date(2027, 6, 2), 2028),
        (date(2019, 1, 1), 2024),
        (date(2040, 1, 1), 2028),
    ],
)
def test_the_season_that_contains_a_day(today: date, year: int) -> None:
    assert season_containing(US, today).year == year
    assert season_containing(US[::-1], today).year == year


@pytest.mark.parametrize(("today", "year"), [(date(2026, 11, 22), 2027), (date(2025, 10, 1), 2026), (date(2026, 5, 31), 2026)])
def test_the_canadian_season_that_contains_a_day(today: date, year: int) -> None:
    assert season_containing(CATALOGUE.seasons(Country.CANADA), today).year == year


def test_no_seasons_contain_nothing() -> None:
    with pytest.raises(ValueError, match="no seasons"):
        season_containing([], date(2026, 11, 22))


def test_the_next_dates_of_november_2026() -> None:
    season = season_containing(US, NOVEMBER.date())
    keys = [event.key for event in upcoming(season.events, NOVEMBER)]
    assert keys[:3] == ["registration-deadline", "ranking-opens", "rank-list-deadline"]
    following = next_event(season.events, NOVEMBER)
    assert following is not None
    assert following.key == "registration-deadline"


def test_what_is_not_known_is_never_upcoming_and_never_past() -> None:
    season = CATALOGUE.season(Country.CANADA, 2027)
    assert season is not None
    unknown = not_known(season.events)
    assert {event.key for event in unknown} == {"carms-first-deadline", "carms-rank-list-deadline", "carms-match-day"}
    assert not set(unknown) & set(upcoming(season.events, NOVEMBER - timedelta(days=900)))
    assert not any(is_past(event, NOVEMBER + timedelta(days=9_000)) for event in unknown)
    assert all(event.citation.certainty is Certainty.UNKNOWN and event.citation.confirm_at for event in unknown)


def test_what_lasts_is_past_at_its_end() -> None:
    event = CATALOGUE.event("us-2027-soap-round-1")
    assert event is not None
    assert event.at is not None
    assert event.until is not None
    assert not is_past(event, event.at.instant())
    assert is_past(event, event.until.instant())


def test_nothing_is_upcoming_in_an_empty_season() -> None:
    assert next_event(Season(Country.CANADA, 2030, ()).events, NOVEMBER) is None
