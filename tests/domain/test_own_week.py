"""Match Week for one member: what is said to whom, windows, counting, and that cheer comes to those alone who said that they matched."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.catalogue.catalogue import load_catalogue
from bot.domain.matchweek import NoticeKind
from bot.domain.member import Country
from bot.domain.own_week import (
    MOST_APPLICATIONS,
    OFFERED,
    ROUNDS,
    WEEK,
    OwnWeek,
    Result,
    Window,
    is_told,
    may_cheer,
    said_now,
    support,
    window_of,
)
from tests.support.clocks import NOON
from tests.support.databases import AMIRA

CATALOGUE = load_catalogue()
US, CANADA = Country.UNITED_STATES, Country.CANADA
SEASON = CATALOGUE.season(US, 2027)
assert SEASON is not None
EVENTS = {each.key: each for each in SEASON.events}
NOTICES = CATALOGUE.match_week.of(US)
NOBODY = OwnWeek(AMIRA, US, 2027, NOON)
MONDAY = datetime(2027, 3, 15, 14, tzinfo=UTC)
"""Results are out."""


def said_to(result: Result | None, now: datetime) -> str:
    said = said_now(NOTICES, EVENTS, replace(NOBODY, result=result), now)
    return said.notice.key if said else ""


def test_every_event_of_the_week_is_one_of_the_calendar() -> None:
    for country, keys in WEEK.items():
        season = CATALOGUE.season(country, 2027)
        assert season is not None
        assert set(keys) <= {each.key for each in season.events}


def test_results_are_out_from_their_hour_on_and_not_before() -> None:
    assert not is_told(EVENTS, US, MONDAY - timedelta(seconds=1))
    assert is_told(EVENTS, US, MONDAY)
    assert not is_told({}, US, MONDAY)


@pytest.mark.parametrize(
    ("result", "now", "key"),
    [
        (None, MONDAY - timedelta(days=60), ""),
        (None, MONDAY - timedelta(days=3), "us-week-before"),
        (Result.NOT_MATCHED, MONDAY, "us-monday-status"),
        (Result.NOT_MATCHED, MONDAY + timedelta(hours=1), "us-soap-opens"),
        (Result.MATCHED, MONDAY, "us-monday-status"),
        (Result.NOT_MATCHED, datetime(2027, 3, 16, 13, tzinfo=UTC), "us-soap-review"),
        (Result.MATCHED, datetime(2027, 3, 18, 14, tzinfo=UTC), "us-soap-opens"),
        (Result.PARTLY, datetime(2027, 3, 18, 14, tzinfo=UTC), "us-soap-round-1"),
        (Result.NOT_MATCHED, datetime(2027, 3, 19, 1, 30, tzinfo=UTC), "us-soap-ends"),
        (Result.MATCHED, datetime(2027, 3, 19, 17, tzinfo=UTC), "us-match-day"),
        (Result.NOT_MATCHED, datetime(2027, 3, 19, 15, tzinfo=UTC), "us-soap-ends"),
        (Result.UNSAID, datetime(2027, 3, 19, 17, tzinfo=UTC), "us-match-day"),
        (Result.NOT_MATCHED, datetime(2027, 3, 23, 17, tzinfo=UTC), "us-after"),
    ],
)
def test_the_latest_guidance_that_speaks_to_her_is_what_she_hears(result: Result | None, now: datetime, key: str) -> None:
    assert said_to(result, now) == key


def test_nobody_hears_a_celebration_and_who_did_not_match_nothing_of_what_is_said_to_those_who_did() -> None:
    matched = {each for notice in NOTICES for audience, each in notice.parts.items() if audience.value == "matched"}
    for result in (None, Result.UNSAID, Result.NOT_MATCHED, Result.PARTLY):
        for hours in range(0, 24 * 16, 3):
            said = said_now(NOTICES, EVENTS, replace(NOBODY, result=result), MONDAY - timedelta(days=8) + timedelta(hours=hours))
            if said is not None:
                assert said.notice.kind is not NoticeKind.CELEBRATION
                assert not any(part in said.text for part in matched)


def test_whoever_matched_is_not_told_how_to_apply_in_soap() -> None:
    said = said_now(NOTICES, EVENTS, replace(NOBODY, result=Result.MATCHED), MONDAY + timedelta(hours=1))
    assert said is not None
    assert "SOAP is not for you" in said.text
    assert "45" not in said.text


@pytest.mark.parametrize(("minutes", "window"), [(-1, Window.AHEAD), (0, Window.OPEN), (119, Window.OPEN), (120, Window.OVER)])
def test_a_round_is_open_for_its_two_hours(minutes: int, window: Window) -> None:
    event = EVENTS[ROUNDS[0]]
    assert event.at is not None
    assert window_of(event, event.at.instant() + timedelta(minutes=minutes)) is window


def test_a_round_without_its_hours_is_not_known() -> None:
    assert window_of(None, MONDAY) is Window.NOT_KNOWN
    assert window_of(replace(EVENTS[ROUNDS[0]], until=None), MONDAY) is Window.NOT_KNOWN


def test_applications_are_counted_within_none_and_45() -> None:
    assert NOBODY.counted(-1).applications == 0
    assert NOBODY.counted(44).counted(5).applications == MOST_APPLICATIONS


@pytest.mark.parametrize("result", [None, *Result])
def test_cheer_comes_to_those_alone_who_said_that_they_matched(result: Result | None) -> None:
    assert may_cheer(replace(NOBODY, result=result)) is (result is Result.MATCHED)
    assert not may_cheer(None)


def test_an_accepted_offer_stands_only_beside_a_result_that_soap_follows() -> None:
    accepted = replace(NOBODY, result=Result.NOT_MATCHED, accepted=ROUNDS[0])
    assert may_cheer(accepted)
    assert accepted.said(Result.PARTLY).accepted == ROUNDS[0]
    assert accepted.said(Result.MATCHED).accepted == ""
    assert accepted.said(Result.UNSAID).accepted == ""


def test_carms_knows_no_match_in_part_and_the_week_of_each_country_says_where_help_is() -> None:
    assert Result.PARTLY not in OFFERED[CANADA]
    for country in Country:
        notice = support(CATALOGUE.match_week.of(country))
        assert notice is not None
        assert "988" in notice.text
