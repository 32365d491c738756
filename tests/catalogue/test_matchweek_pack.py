"""The Match-week pack holds in every season held, keeps its voice, and names what is broken."""

import re
import shutil
import unicodedata
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.catalogue import check_data
from bot.catalogue.catalogue import load_catalogue
from bot.catalogue.loading import DATA_FOLDER
from bot.catalogue.matchweek import FILE, LONGEST_CHANNEL, match_week_citations
from bot.domain.broadcast import MAX_TEXT, MAX_TITLE
from bot.domain.calendar import Season
from bot.domain.facts import Certainty
from bot.domain.matchweek import Audience, DraftNotice, Moment, NoticeKind, changed, pack_for
from bot.domain.member import Country
from bot.errors import StartError

CATALOGUE = load_catalogue()
PACK = CATALOGUE.match_week
LONG_BEFORE = datetime(2020, 1, 1, tzinfo=UTC)
SEASONS = [CATALOGUE.season(country, year) or Season(country, year, ()) for year in range(2024, 2029) for country in Country]
EACH_SEASON = pytest.mark.parametrize("season", SEASONS, ids=lambda season: f"{season.country.value}-{season.year}")
CHEER = re.compile(r"\b(congratulations|congrats|hooray|yay|good luck|guaranteed?|you will match|we promise)\b", re.IGNORECASE)
LOCAL = "local emergency number"


def drafts(season: Season, channel: str | None = LONGEST_CHANNEL) -> tuple[DraftNotice, ...]:
    return pack_for(season, PACK.notices, LONG_BEFORE, celebration_channel=channel)


def by_key(country: Country, year: int) -> dict[str, DraftNotice]:
    return {draft.key: draft for draft in drafts(CATALOGUE.season(country, year) or Season(country, year, ()))}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(DATA_FOLDER, tmp_path / "data", ignore=shutil.ignore_patterns("__pycache__"))


# --- every season


def test_all_years_shown_are_tried() -> None:
    assert {season.year for season in SEASONS} == set(CATALOGUE.years)


@EACH_SEASON
def test_every_notice_fits_and_leaves_no_placeholder(season: Season) -> None:
    for channel in (None, LONGEST_CHANNEL):
        for draft in drafts(season, channel):
            assert 0 < len(draft.title) <= MAX_TITLE, draft.key
            assert 0 < len(draft.text) <= MAX_TEXT, draft.key
            assert not re.search(r"[{}]", draft.title + draft.text), draft.key


@EACH_SEASON
def test_the_voice_is_calm(season: Season) -> None:
    for draft in drafts(season):
        said = draft.title + draft.text
        assert "!" not in said, draft.key
        assert not CHEER.search(said), draft.key
        assert [sign for sign in said if unicodedata.category(sign) == "So"] == [], draft.key
        assert not re.search(r"@(everyone|here)|<@", said), draft.key


@EACH_SEASON
def test_notices_stand_in_order_of_time(season: Season) -> None:
    times = [draft.at for draft in drafts(season)]
    known = [at for at in times if at is not None]
    assert known == sorted(known)
    assert times[: len(known)] == known


@EACH_SEASON
def test_what_has_no_known_date_has_no_time(season: Season) -> None:
    for draft in drafts(season):
        assert (draft.at is None) == (draft.moment is Moment.NOT_KNOWN) == (draft.certainty is Certainty.UNKNOWN)


@EACH_SEASON
def test_what_is_not_announced_says_so(season: Season) -> None:
    for draft in drafts(season):
        notice = PACK.notice(draft.key)
        assert notice is not None
        stated = [held for held in draft.dates if held.event_id.partition(f"{season.year}-")[2] in notice.mentioned]
        if any(held.certainty is not Certainty.ANNOUNCED for held in stated):
            assert re.search(r"not announced|not known", draft.text), draft.key
        assert "onfirm at" in draft.text, draft.key


@EACH_SEASON
def test_an_unchanged_season_asks_nothing_again(season: Season) -> None:
    assert [draft.key for draft in drafts(season) if changed(draft.fingerprint, season)] == []


# --- what the pack holds


def test_each_moment_of_the_week_has_its_notice() -> None:
    held = by_key(Country.UNITED_STATES, 2027)
    clock = ZoneInfo("America/New_York")
    told = {key: f"{draft.at.astimezone(clock):%a %d %H:%M}" for key, draft in held.items() if draft.at is not None}
    assert told == {
        "us-week-before": "Mon 08 10:00",
        "us-monday-dates": "Sun 14 10:00",
        "us-monday-status": "Mon 15 10:00",
        "us-monday-celebration": "Mon 15 10:00",
        "us-soap-opens": "Mon 15 10:00",
        "us-monday-support": "Mon 15 10:15",
        "us-soap-review": "Tue 16 08:00",
        "us-soap-rounds": "Wed 17 09:00",
        "us-soap-round-1": "Thu 18 08:30",
        "us-soap-round-2": "Thu 18 11:30",
        "us-soap-round-3": "Thu 18 14:30",
        "us-soap-round-4": "Thu 18 17:30",
        "us-soap-ends": "Thu 18 21:00",
        "us-match-day-dates": "Fri 19 10:00",
        "us-match-day": "Fri 19 12:00",
        "us-match-day-celebration": "Fri 19 12:00",
        "us-match-day-support": "Fri 19 12:15",
        "us-after": "Mon 22 12:00",
    }


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027, 2028])
def test_the_week_before_keeps_its_hour_across_the_clock_change(year: int) -> None:
    held = by_key(Country.UNITED_STATES, year)
    before, status = held["us-week-before"].at, held["us-monday-status"].at
    assert before is not None
    assert status is not None
    crosses = before.astimezone(ZoneInfo("America/New_York")).utcoffset() != status.astimezone(ZoneInfo("America/New_York")).utcoffset()
    assert status - before == timedelta(days=7) - timedelta(hours=1 if crosses else 0)
    assert ("Clocks in New York go forward 1 h" in held["us-week-before"].text) == crosses


def test_a_day_without_an_hour_is_announced_in_the_morning() -> None:
    review = by_key(Country.UNITED_STATES, 2026)["us-soap-review"]
    assert (review.day_only, review.at) == (True, datetime(2026, 3, 17, 13, tzinfo=UTC))
    assert "9:00 AM" in review.remark


def test_the_match_day_of_carms_is_known_or_said_not_to_be() -> None:
    assert by_key(Country.CANADA, 2025)["ca-match-day"].at == datetime(2025, 3, 4, 17, tzinfo=UTC)
    unknown = by_key(Country.CANADA, 2027)
    assert {draft.moment for draft in unknown.values()} == {Moment.NOT_KNOWN}
    assert "First-iteration results: date not known" in unknown["ca-match-day"].text


def test_support_says_where_help_is() -> None:
    support = [notice for notice in PACK.notices if notice.kind is NoticeKind.SUPPORT]
    assert {(notice.event_key, notice.country) for notice in support} == {
        ("match-status", Country.UNITED_STATES),
        ("match-day", Country.UNITED_STATES),
        ("carms-match-day", Country.CANADA),
    }
    for notice in support:
        assert "call or text 988" in notice.text
        assert LOCAL in notice.text
        assert "United States" in notice.text
        assert "Canada" in notice.text
        assert {source.id for source in notice.citation.sources} == {"lifeline-988-us", "helpline-988-ca"}
        assert notice.minutes > 0


def test_celebration_stays_in_its_channel() -> None:
    for notice in PACK.notices:
        if notice.kind is NoticeKind.CELEBRATION:
            assert notice.audiences == (Audience.MATCHED,)
            assert "this channel" in (notice.title + notice.text).lower()
    told = {notice.key for notice in PACK.notices if "{celebration}" in notice.text + "".join(notice.parts.values())}
    assert told == {"us-monday-status", "us-match-day-dates", "us-match-day", "ca-match-day"}
    assert (
        "<#42>"
        in pack_for(SEASONS[0], [n for n in PACK.notices if n.key == "us-match-day"], LONG_BEFORE, celebration_channel="<#42>")[0].text
    )


def test_what_to_do_is_said_to_each_result() -> None:
    for key in ("us-monday-status", "us-soap-opens", "us-soap-ends", "us-match-day", "us-after"):
        notice = PACK.notice(key)
        assert notice is not None
        assert set(notice.parts) == set(Audience), key
    carms = PACK.notice("ca-match-day")
    assert carms is not None
    assert set(carms.parts) == {Audience.MATCHED, Audience.UNMATCHED}


def test_the_rules_of_soap_are_told() -> None:
    text = by_key(Country.UNITED_STATES, 2027)["us-soap-opens"].text
    for rule in ("your own R3 account", "don't post, copy, forward or ask for it", "45 applications", "Contact no program before"):
        assert rule in text


def test_no_notice_goes_stale_when_it_is_sent_late() -> None:
    for notice in PACK.notices:
        said = " ".join((notice.title, notice.text, *notice.parts.values()))
        assert not re.search(r"\bin (an|one|two) hours?\b|\byesterday\b|\btomorrow\b|\btonight\b|\bstarts now\b", said, re.IGNORECASE), (
            notice.key
        )


def test_every_notice_names_where_it_was_read() -> None:
    for citation in match_week_citations(PACK):
        assert citation.sources
        assert citation.confirm_at is not None
        assert citation.as_of == date(2026, 11, 26)
        if "commonly-stated" in {source.id for source in citation.sources}:
            assert citation.certainty is Certainty.ESTIMATED


def test_notices_are_found_by_country_and_key() -> None:
    assert {notice.country for notice in PACK.of(Country.CANADA)} == {Country.CANADA}
    assert len(PACK.of(Country.UNITED_STATES)) + len(PACK.of(Country.CANADA)) == len(PACK.notices)
    assert PACK.notice("no-such") is None


# --- what is broken


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('event = "soap-ends"', 'event = "soap-end"', "us-soap-ends: no event is called soap-end"),
        ("{when:eras-closes}", "{when:eras-ends}", "us-after: no event is called eras-ends"),
        ("{when:carms-match-day}", "{when:match-day}", "ca-week-before: no event is called match-day"),
        ("welcome in {celebration}", "welcome in {party}", "us-monday-status: no placeholder is called party"),
        ('sources = ["carms-r1"]', 'sources = ["carms-x"]', "ca-celebration: no source is called carms-x"),
        ('confirm_at = "carms-r1-second"', 'confirm_at = "nowhere"', "ca-after: no source is called nowhere"),
        ('key = "us-soap-round-2"', 'key = "us-soap-round-1"', "us-soap-round-1 stands twice"),
        ('kind = "support"', 'kind = "party"', "us.3.kind"),
        ("days = -7", "days = -70", "us.0.days"),
        ('audiences = ["matched"]', 'audiences = ["unmatched"]', "a celebration is for those who matched"),
        (
            'audiences = ["matched", "unmatched"]\ntitle = "CaRMS match day {year}: the',
            'audiences = ["matched"]\ntitle = "The',
            "does not name",
        ),
        ("Accepting binds you.", "Accepting binds you. " * 40, "us-soap-rounds: too long for a notice in 2024"),
        ("SOAP {year}: the rounds of offers", "SOAP {celebration}: " + "x" * 120, "us-soap-rounds: too long for a notice in 2024"),
        ("as_of = 2026-11-26", 'as_of = "soon"', "as_of"),
        ('kind = "date"', "kind = date", FILE),
    ],
)
def test_what_is_broken_is_named(folder: Path, old: str, new: str, problem: str) -> None:
    path = folder / FILE
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    assert any(problem in each for each in check_data(folder).problems), check_data(folder).problems


def test_a_broken_pack_is_never_read_in_part(folder: Path) -> None:
    path = folder / FILE
    path.write_text(path.read_text(encoding="utf-8").replace('event = "soap-ends"', 'event = "nothing"'), encoding="utf-8")
    catalogue = load_catalogue(folder)
    with pytest.raises(StartError):
        _ = catalogue.match_week


def test_ages_tell_of_the_pack() -> None:
    assert [(age.as_of, age.facts) for age in check_data().ages if age.what == FILE] == [(date(2026, 11, 26), len(PACK.notices))]
