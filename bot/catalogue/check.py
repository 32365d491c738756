"""Checks the data files: what is wrong with their structure, and how old their facts are."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

from bot.catalogue.faq import FOLDER as FAQ_FOLDER
from bot.catalogue.faq import Facts, load_faq
from bot.catalogue.fees import load_fees
from bot.catalogue.figures import FOLDER as FIGURES_FOLDER
from bot.catalogue.figures import Figures, figure_citations, load_figures
from bot.catalogue.interviews import FOLDER as INTERVIEWS_FOLDER
from bot.catalogue.interviews import interview_citations, load_interviews
from bot.catalogue.journey import FOLDER as JOURNEY_FOLDER
from bot.catalogue.journey import load_journey
from bot.catalogue.letter_texts import FILE as LETTER_TEXTS_FILE
from bot.catalogue.letter_texts import letter_text_citations, load_letter_texts
from bot.catalogue.letters import FILE as LETTERS_FILE
from bot.catalogue.letters import letter_citations, load_letters
from bot.catalogue.loading import DATA_FOLDER, Loaded, load, read_toml, validated
from bot.catalogue.matchweek import FILE as MATCH_WEEK_FILE
from bot.catalogue.matchweek import load_match_week, match_week_citations, match_week_problems
from bot.catalogue.notice_guard import FILE as NOTICE_GUARD_FILE
from bot.catalogue.notice_guard import load_notice_guard, notice_guard_citations
from bot.catalogue.preparation import load_preparation
from bot.catalogue.rank_list import FILE as RANK_LIST_FILE
from bot.catalogue.rank_list import load_rank_list, rank_citations
from bot.catalogue.records import PlaceNames
from bot.catalogue.rules import FOLDER as RULES_FOLDER
from bot.catalogue.rules import load_rules
from bot.catalogue.zone_index import City, read_cities
from bot.domain.calendar import Season, SeasonEvent
from bot.domain.eligibility.verdicts import EligibilityRule
from bot.domain.facts import Citation, Source
from bot.domain.member import Country
from bot.domain.projection import projected_date
from bot.domain.seasons import is_in_season
from bot.domain.zones import zone_or_none

PROJECTION_SOURCE = "projection-rule"


@dataclass(frozen=True, slots=True)
class FactAge:
    """Say how many facts of one file were gathered on one day."""

    as_of: date
    what: str
    facts: int

    def days(self, today: date) -> int:
        """Return how many days ago that was."""
        return (today - self.as_of).days


@dataclass(frozen=True, slots=True)
class DataReport:
    """Hold what a check found; age is told and is never a problem."""

    problems: tuple[str, ...]
    ages: tuple[FactAge, ...]
    """Oldest first."""


def check_data(folder: Path = DATA_FOLDER) -> DataReport:
    """Check structure and tell ages."""
    loaded = load(folder)
    figures = load_figures(folder / FIGURES_FOLDER, loaded.sources, loaded.problems)
    rules = load_rules(folder, loaded)
    letters = load_letters(folder, {specialty.id for specialty in figures.specialties}, loaded)
    texts = load_letter_texts(folder, loaded)
    match_week = load_match_week(folder, loaded)
    faq = load_faq(folder, loaded, Facts(figures, rules, letters, texts))
    interviews = load_interviews(folder, loaded, rules, faq)
    guard = load_notice_guard(folder, loaded)
    ranking = load_rank_list(folder, loaded)
    fees = load_fees(folder, loaded, faq, {specialty.id for specialty in figures.specialties})
    journey = load_journey(folder, loaded, rules, faq, letters)
    load_preparation(folder, loaded)
    problems = list(loaded.problems)
    written = (letters, texts, match_week, faq, guard, interviews, ranking, fees, journey)
    problems += _source_problems(loaded, figures, rules, frozenset[str]().union(*(each.cited for each in written)))
    problems += match_week_problems(match_week, loaded)
    for season in loaded.seasons:
        problems += _season_problems(season, loaded)
    problems += _place_problems(folder)
    stated = {
        FIGURES_FOLDER: figure_citations(figures),
        RULES_FOLDER: [rule.citation for rule in rules.values()],
        LETTERS_FILE: letter_citations(letters),
        LETTER_TEXTS_FILE: letter_text_citations(texts),
        MATCH_WEEK_FILE: match_week_citations(match_week),
        FAQ_FOLDER: faq.facts.values(),
        NOTICE_GUARD_FILE: notice_guard_citations(guard),
        INTERVIEWS_FOLDER: interview_citations(interviews),
        RANK_LIST_FILE: rank_citations(ranking),
        JOURNEY_FOLDER: journey.own,
    }
    return DataReport(tuple(problems), _ages(loaded, stated))


def _source_problems(loaded: Loaded, figures: Figures, rules: Mapping[str, EligibilityRule], letters: frozenset[str]) -> list[str]:
    used = {source.id for season in loaded.seasons for event in season.events for source in event.citation.sources}
    used |= {kind.confirm_at for kind in loaded.kinds.values()} | {"geonames"} | figures.cited | letters
    used |= {source.id for rule in rules.values() for source in (*rule.citation.sources, rule.citation.confirm_at) if source}
    problems = [f"sources.toml: {source}: no fact cites it" for source in sorted(loaded.sources.keys() - used)]
    problems += [
        f"sources.toml: {source.id}: a page of search results can't be cited" for source in loaded.sources.values() if _is_search(source)
    ]
    return problems


def _is_search(source: Source) -> bool:
    return source.url is not None and ("/search/" in source.url or "?s=" in source.url)


def _season_problems(season: Season, loaded: Loaded) -> list[str]:
    problems: list[str] = []
    keys = [event.key for event in season.events]
    problems += [f"{event_id}: stands twice" for event_id in sorted({event.id for event in season.events if keys.count(event.key) > 1})]
    order = [key for country, key in loaded.kinds if country is season.country]
    known = sorted((event for event in season.events if event.at is not None), key=lambda event: order.index(event.key))
    tracks: dict[str, list[SeasonEvent]] = {}
    for event in known:
        tracks.setdefault(loaded.kinds[event.country, event.key].track, []).append(event)
    for events in tracks.values():
        problems += [f"{later.id}: lies before {earlier.id}" for earlier, later in pairwise(events) if _start(later) < _start(earlier)]
    for event in known:
        if not is_in_season(_start(event).date(), season.year):
            problems.append(f"{event.id}: {_start(event):%Y-%m-%d} is not in its season")
        problems += _projection_problems(event)
    return problems


def _start(event: SeasonEvent) -> datetime:
    if event.at is None:
        msg = f"{event.id} is not known"
        raise ValueError(msg)
    return event.at.local


def _projection_problems(event: SeasonEvent) -> list[str]:
    if event.country is not Country.UNITED_STATES or PROJECTION_SOURCE not in {source.id for source in event.citation.sources}:
        return []
    projected = projected_date(event.year, event.key)
    if projected is None:
        return [f"{event.id}: cites the projection rule, which says nothing of it"]
    if (projected.at, projected.until) != (event.at, event.until):
        return [f"{event.id}: cites the projection rule, which gives {projected.at.local:%Y-%m-%d %H:%M}"]
    return []


def _place_problems(folder: Path) -> list[str]:
    problems: list[str] = []
    try:
        cities = read_cities(folder)
    except (OSError, KeyError, ValueError, TypeError) as error:
        return [f"cities.csv: {error!r}"]
    problems += [f"cities.csv: {city.name}: no zone {city.zone}" for city in cities if zone_or_none(city.zone) is None]
    names = validated(PlaceNames, read_toml(folder / "place_names.toml", problems), "place_names.toml", problems)
    return problems + (_name_problems(names, cities) if names is not None else [])


def _name_problems(names: PlaceNames, cities: list[City]) -> list[str]:
    held = {city.name for city in cities}
    countries = {city.country for city in cities}
    problems = [f"place_names.toml: no city {name}" for name in names.cities.values() if name not in held]
    return problems + [f"place_names.toml: no country {name}" for name in names.countries.values() if name not in countries]


def _ages(loaded: Loaded, stated: Mapping[str, Iterable[Citation]]) -> tuple[FactAge, ...]:
    counts: Counter[tuple[date, str]] = Counter()
    for season in loaded.seasons:
        counts.update((event.citation.as_of, f"seasons/{season.year}.toml") for event in season.events)
    for where, citations in stated.items():
        counts.update((citation.as_of, where) for citation in citations)
    return tuple(FactAge(as_of, what, facts) for (as_of, what), facts in sorted(counts.items()))
