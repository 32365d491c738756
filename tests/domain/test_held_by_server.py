"""A date as one server holds it, and the addresses that may stand beside it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.catalogue import load_catalogue
from bot.domain.addresses import MAX_ADDRESS, host_of, public_address
from bot.domain.calendar import SeasonEvent, WallTime
from bot.domain.facts import Certainty
from bot.domain.server_dates import ServerDate, held_by_server
from tests.support.clocks import NOON

CATALOGUE = load_catalogue()
PAGE = "https://www.nrmp.org/calendar"


def event_of(event_id: str) -> SeasonEvent:
    event = CATALOGUE.event(event_id)
    assert event is not None
    return event


RANK_LIST = event_of("us-2027-rank-list-deadline")
LATER = WallTime(datetime.fromisoformat("2027-03-05T21:00"), "America/New_York")


def a_date(event: SeasonEvent = RANK_LIST, at: WallTime = LATER, *, is_moved: bool = True, day_only: bool = False) -> ServerDate:
    return ServerDate(7, event.id, at, day_only, is_moved, PAGE, NOON)


def announced(event: SeasonEvent) -> SeasonEvent:
    return replace(event, citation=replace(event.citation, certainty=Certainty.ANNOUNCED))


def test_where_nothing_is_confirmed_the_season_holds() -> None:
    assert held_by_server(RANK_LIST, None) is RANK_LIST


def test_a_corrected_date_takes_the_place_of_the_seasons_and_keeps_it_beside() -> None:
    held = held_by_server(RANK_LIST, a_date())
    assert held.at == LATER
    assert held.confirmed is not None
    assert (held.confirmed.source_url, held.confirmed.instead_of) == (PAGE, RANK_LIST)
    assert held.citation == RANK_LIST.citation


def test_a_date_confirmed_as_it_is_counts_until_the_season_changes_it() -> None:
    assert RANK_LIST.at is not None
    date = a_date(at=RANK_LIST.at, is_moved=False)
    held = held_by_server(RANK_LIST, date)
    assert held.confirmed is not None
    assert (held.at, held.confirmed.instead_of) == (RANK_LIST.at, None)
    changed = replace(RANK_LIST, at=LATER)
    assert held_by_server(changed, date) == changed


def test_what_is_announced_since_is_not_moved_any_more() -> None:
    event = announced(RANK_LIST)
    assert held_by_server(event, a_date()) == event


def test_what_the_season_comes_to_hold_too_is_confirmed_and_not_moved() -> None:
    held = held_by_server(announced(replace(RANK_LIST, at=LATER)), a_date())
    assert held.confirmed is not None
    assert held.confirmed.instead_of is None


def test_an_event_that_lasts_keeps_its_length_and_none_where_its_hour_is_not_known() -> None:
    lasting = next(event for season in CATALOGUE.seasons(RANK_LIST.country) for event in season.events if event.until and event.at)
    assert lasting.at is not None
    assert lasting.until is not None
    later = WallTime(lasting.at.local + timedelta(days=2), lasting.at.zone)
    event = replace(lasting, citation=replace(lasting.citation, certainty=Certainty.ESTIMATED))
    held = held_by_server(event, a_date(event, later, day_only=event.day_only))
    assert held.until == WallTime(lasting.until.local + timedelta(days=2), lasting.at.zone)
    assert held_by_server(event, a_date(event, later, day_only=not event.day_only)).until is None


def test_a_date_that_is_not_known_can_be_held_by_a_server() -> None:
    unknown = event_of("ca-2027-carms-first-deadline")
    held = held_by_server(unknown, a_date(unknown))
    assert held.at == LATER
    assert held.until is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (PAGE, PAGE),
        (f"  {PAGE}\n", PAGE),
        ("https://NRMP.org", "https://nrmp.org"),
        ("HTTPS://www.nrmp.org/a_b~c?x=1&y=%20#top", "https://www.nrmp.org/a_b~c?x=1&y=%20#top"),
        ("https://en.wikipedia.org/wiki/Match_(NRMP)", "https://en.wikipedia.org/wiki/Match_%28NRMP%29"),
    ],
)
def test_an_address_of_a_public_page_is_kept(typed: str, kept: str) -> None:
    assert public_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "nrmp.org",
        "http://nrmp.org",
        "ftp://nrmp.org",
        "javascript:alert(1)",
        "https://",
        "https://localhost/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://user:secret@nrmp.org/",
        "https://nrmp.org@evil.example/",
        "https://nrmp.org:8443/",
        "https://nrmp.org:x/",
        "https://nrmp.org/a b",
        "https://nrmp.org/>) [free](https://evil.example",
        "https://nrmp.org/`x`",
        "https://nrmp.org\\@evil.example/",
        "https://nrm\u0440.org/",
        "https://nrmp.org/\u202egpj",
        "https://nrmp.org/@everyone <@1>",
        "https://nrmp.org/" + "x" * MAX_ADDRESS,
        "https://nrmp.org/" + "(" * 100,
        "https://-nrmp.org/",
        "https://nrmp..org/",
    ],
)
def test_anything_else_is_no_address(typed: str) -> None:
    assert public_address(typed) is None


@given(st.one_of(st.text(max_size=80), st.text(max_size=60).map(lambda text: f"https://nrmp.org/{text}")))
def test_what_is_kept_can_stand_in_a_message(typed: str) -> None:
    kept = public_address(typed)
    if kept is not None:
        assert kept.startswith("https://")
        assert kept.isascii()
        assert len(kept) <= MAX_ADDRESS
        assert not set(kept) & set('<>()[]`*|\\" \n')
        assert public_address(kept) == kept
        assert "." in host_of(kept)
