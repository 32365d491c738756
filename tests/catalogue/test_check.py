import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.catalogue import check_data
from bot.catalogue.loading import DATA_FOLDER


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the data that a test may damage."""
    return shutil.copytree(DATA_FOLDER, tmp_path / "data", ignore=shutil.ignore_patterns("__pycache__"))


def test_the_facts_hold_together() -> None:
    assert check_data().problems == ()


def test_ages_are_told_and_are_no_problem() -> None:
    ages = check_data().ages
    assert {age.what for age in ages if age.what.startswith("seasons/")} == {f"seasons/{year}.toml" for year in range(2021, 2029)}
    assert list(ages) == sorted(ages, key=lambda age: age.as_of)
    assert ages[0].days(date(2036, 11, 22)) > 3_650


SEASON = "seasons/2027.toml"


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (SEASON, '"quantaprep-2026"]\n\n', '"no-such"]\n\n', "us-2027-eras-opens: source no-such does not exist"),
        (SEASON, "at = 2027-03-03T21:00:00", "at = 2027-03-04T21:00:00", "us-2027-rank-list-deadline: cites the projection rule"),
        (SEASON, "at = 2026-09-02T09:00:00", "at = 2026-05-02T09:00:00", "us-2027-eras-submission-opens: lies before us-2027-eras-opens"),
        (SEASON, "at = 2027-07-01", "at = 2029-07-01", "us-2027-residency-starts: 2029-07-01 is not in its season"),
        (SEASON, 'key = "ranking-opens"', 'key = "match-day"', "us-2027-match-day: stands twice"),
        (SEASON, 'key = "ranking-opens"', 'key = "rank"', "us-2027-rank: the key does not stand in events.toml"),
        (SEASON, 'certainty = "unknown"', 'certainty = "expected"', "a date that is not known has no time"),
        (SEASON, "until = 2027-03-15T11:00:00", "until = 2027-03-15T09:00:00", "an end needs a beginning before it"),
        (SEASON, "at = 2027-02-01T12:00:00", "at = 2027-02-01T12:00:00-05:00", "times are local"),
        (SEASON, 'certainty = "announced"', 'certainty = "sure"', "certainty"),
        (SEASON, "year = 2027", "year = 2026", "2027.toml: says that it is the season of 2026"),
        (SEASON, "year = 2027", "year = ", "2027.toml: "),
        ("events.toml", 'confirm_at = "ecfmg-eras"', 'confirm_at = "nowhere"', "source nowhere does not exist"),
        ("events.toml", "Match Day", "Match Day" * 20, "at most 70 characters"),
        ("events.toml", "[us.match-day]", "[uk.match-day]", "uk is no country held"),
        ("sources.toml", 'nrmp.org/match-calendars/"', 'nrmp.org/search/SOAP/page/2/"', "a page of search results can't be cited"),
        ("sources.toml", "[geonames]", '[spare]\ntitle = "Spare"\n\n[geonames]', "sources.toml: spare: no fact cites it"),
        ("notice_guard.toml", 'act = ["spread"]', 'act = ["spreads"]', "pattern unfilled-list: no concept is called spreads"),
        ("notice_guard.toml", "[rule.invite]", "[rule.invites]", "rule.invites"),
        ("notice_guard.toml", 'sources = ["nrmp-soap"]', 'sources = ["no-such"]', "rule soap-contact: source no-such does not exist"),
        ("notice_guard.toml", "match-status = [", "match-state = [", "dates: no event is called match-state"),
        (
            "notice_guard.toml",
            '"nrmp.org", "aamc.org", "ecfmg.org", "intealth.org", "usmle.org", "fsmb.org", "nbme',
            '"nbme',
            "is imitated and no owner's",
        ),
        ("cities.csv", "Africa/Cairo", "Africa/Kairo", "cities.csv: Cairo: no zone Africa/Kairo"),
        ("cities.csv", ",population\n", ",people\n", "cities.csv: "),
        ("place_names.toml", '"Mumbai"', '"Mombai"', "place_names.toml: no city Mombai"),
        ("place_names.toml", '"Myanmar"', '"Mianmar"', "place_names.toml: no country Mianmar"),
    ],
)
def test_damage_is_told(folder: Path, file: str, old: str, new: str, problem: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(problem in found for found in check_data(folder).problems), check_data(folder).problems


def test_missing_files_are_told(tmp_path: Path) -> None:
    problems = check_data(tmp_path).problems
    assert [
        name for name in ("sources.toml", "events.toml", "seasons", "cities.csv") if not any(name in problem for problem in problems)
    ] == []
