# ruff: noqa: DTZ001 - wall times are naive on purpose

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue import load_catalogue
from bot.domain.calendar import SeasonEvent
from bot.domain.facts import Certainty
from bot.domain.member import Country
from bot.errors import StartError

CATALOGUE = load_catalogue()
US, CA = Country.UNITED_STATES, Country.CANADA


def event(event_id: str) -> SeasonEvent:
    found = CATALOGUE.event(event_id)
    assert found is not None
    return found


def test_what_is_held() -> None:
    assert CATALOGUE.years == (2024, 2025, 2026, 2027, 2028)
    assert [season.year for season in CATALOGUE.seasons(US)] == [2024, 2025, 2026, 2027, 2028]
    assert [season.year for season in CATALOGUE.seasons(CA)] == [2025, 2026, 2027]
    assert CATALOGUE.season(CA, 2030) is None
    assert CATALOGUE.season(US, 2022) is not None
    assert CATALOGUE.gathered_on == date(2026, 11, 22)
    assert CATALOGUE.event("us-2027-no-such") is None
    assert CATALOGUE.source("no-such") is None


@pytest.mark.parametrize(
    ("event_id", "local", "certainty"),
    [
        ("us-2024-match-day", datetime(2024, 3, 15, 12), Certainty.ANNOUNCED),
        ("us-2024-registration-deadline", datetime(2024, 1, 31, 23, 59), Certainty.EXPECTED),
        ("us-2024-soap-round-4", datetime(2024, 3, 14, 18), Certainty.ESTIMATED),
        ("us-2025-rank-list-deadline", datetime(2025, 3, 5, 21), Certainty.EXPECTED),
        ("us-2025-ecfmg-documents", datetime(2024, 9, 17), Certainty.EXPECTED),
        ("us-2025-residencycas-deadline", datetime(2024, 9, 25, 23, 59), Certainty.ANNOUNCED),
        ("us-2026-eras-opens", datetime(2025, 6, 4, 9), Certainty.ANNOUNCED),
        ("us-2026-registration-deadline", datetime(2026, 1, 30, 23, 59), Certainty.EXPECTED),
        ("us-2027-eras-review-opens", datetime(2026, 9, 23, 9), Certainty.EXPECTED),
        ("us-2027-residencycas-deadline", datetime(2026, 9, 23, 23, 59), Certainty.ESTIMATED),
        ("us-2027-registration-deadline", datetime(2027, 1, 29, 23, 59), Certainty.ESTIMATED),
        ("us-2027-rank-list-deadline", datetime(2027, 3, 3, 21), Certainty.ESTIMATED),
        ("us-2027-match-day", datetime(2027, 3, 19, 12), Certainty.ESTIMATED),
        ("us-2028-match-day", datetime(2028, 3, 17, 12), Certainty.ESTIMATED),
        ("ca-2026-carms-first-deadline", datetime(2025, 11, 27), Certainty.EXPECTED),
        ("ca-2026-carms-first-deadline-ontario", datetime(2025, 12, 4, 17), Certainty.EXPECTED),
        ("ca-2027-carms-second-opens", datetime(2027, 1, 5, 12), Certainty.ANNOUNCED),
    ],
)
def test_dates_and_their_certainty(event_id: str, local: datetime, certainty: Certainty) -> None:
    found = event(event_id)
    assert found.at is not None
    assert (found.at.local, found.citation.certainty) == (local, certainty)


def test_no_date_of_2027_but_of_carms_is_announced() -> None:
    season = CATALOGUE.season(US, 2027)
    assert season is not None
    assert Certainty.ANNOUNCED not in {found.citation.certainty for found in season.events}


def test_the_first_carms_deadline_of_2027_is_not_known() -> None:
    found = event("ca-2027-carms-first-deadline")
    assert found.at is None
    assert found.citation.certainty is Certainty.UNKNOWN
    assert "not known; check carms.ca today" in found.citation.note.lower()
    assert found.citation.confirm_at is not None
    assert found.citation.confirm_at.url is not None
    assert "carms.ca" in found.citation.confirm_at.url


def test_every_event_says_what_it_means_and_where_to_confirm() -> None:
    for season in CATALOGUE.observed:
        for found in season.events:
            assert found.id == f"{found.country.value}-{found.year}-{found.key}"
            assert found.meaning.endswith(".")
            assert "!" not in found.meaning + found.name + found.citation.note
            assert found.citation.sources
            assert (found.citation.confirm_at is None) == (found.citation.certainty is Certainty.ANNOUNCED)
            assert found.at is None or (found.day_only == ("Only the day is known" in found.citation.note))


def test_disagreeing_sources_are_both_told() -> None:
    assert re.search("31 January.*follows Friday 29 January", event("us-2027-registration-deadline").citation.note)
    unfilled = event("us-2027-soap-opens")
    assert unfilled.until is not None
    assert (unfilled.until.local.hour, "11:00" in unfilled.citation.note, "10:00" in unfilled.citation.note) == (11, True, True)
    assert "29 September" in event("us-2028-eras-review-opens").citation.note


def test_no_page_of_search_results_is_cited() -> None:
    assert not [source.id for source in CATALOGUE.sources if source.url and "/search/" in source.url]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("rank list", "us-2027-rank-list-deadline"),
        ("ROL", "us-2027-rank-list-deadline"),
        ("rank order list deadline", "us-2027-rank-list-deadline"),
        ("rnak list", "us-2027-rank-list-deadline"),
        ("match day", "us-2027-match-day"),
        ("matchday", "us-2027-match-day"),
        ("when is Match Day?", "us-2027-match-day"),
        ("match day 2026", "us-2026-match-day"),
        ("match week", "us-2027-match-status"),
        ("soap", "us-2027-soap-opens"),
        ("soap round 3", "us-2027-soap-round-3"),
        ("carms", "ca-2027-carms-first-deadline"),
        ("carms match day", "ca-2027-carms-match-day"),
        ("second iteration", "ca-2027-carms-second-opens"),
        ("mspe", "us-2027-eras-review-opens"),
        ("tokens", "us-2027-eras-tokens"),
        ("register", "us-2027-nrmp-registration-opens"),
        ("late fee", "us-2027-registration-deadline"),
        ("us-2025-match-day", "us-2025-match-day"),
    ],
)
def test_events_are_found_by_loose_names(text: str, first: str) -> None:
    assert CATALOGUE.find_events(text, year=2027)[0].id == first


def test_a_search_keeps_to_countries_and_years() -> None:
    assert {found.country for found in CATALOGUE.find_events("match day", 2027, {CA})} == {CA}
    assert [found.year for found in CATALOGUE.find_events("match day", countries={US})][:5] == [2024, 2025, 2026, 2027, 2028]
    everything = CATALOGUE.find_events("", 2027, {CA})
    assert [found.key for found in everything][:2] == ["carms-programs-open", "carms-second-opens"]
    assert everything[-1].at is None


@pytest.mark.parametrize("text", ["xyzzy", "🎓🎓", "\u200b\u200f", "!!!", "x" * 5_000, "<@123456789012345678>"])
def test_nonsense_finds_nothing(text: str) -> None:
    assert CATALOGUE.find_events(text, 2027) == []


@given(st.text(max_size=300))
def test_any_text_is_safe_to_search_for(text: str) -> None:
    assert len(CATALOGUE.find_events(text)) <= 25
    assert len(CATALOGUE.zones.find(text)) <= 25


def test_damaged_facts_stop_the_start_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"sources\.toml.*matchday data check"):
        load_catalogue(tmp_path)
