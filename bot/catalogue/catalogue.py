"""The catalogue: every curated fact, looked up in memory."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from bot.catalogue.faq import Facts, Faq, load_faq
from bot.catalogue.figures import FOLDER as FIGURES_FOLDER
from bot.catalogue.figures import Figures, load_figures
from bot.catalogue.interviews import load_interviews
from bot.catalogue.letter_texts import load_letter_texts
from bot.catalogue.letters import load_letters
from bot.catalogue.loading import DATA_FOLDER, Loaded, load
from bot.catalogue.matchweek import MatchWeek, load_match_week
from bot.catalogue.notice_guard import load_notice_guard
from bot.catalogue.rules import fingerprint, load_rules
from bot.catalogue.search import SearchIndex, normalise
from bot.catalogue.zone_index import ZoneIndex
from bot.domain.calendar import Season, SeasonEvent
from bot.domain.eligibility.verdicts import EligibilityRule
from bot.domain.facts import Source
from bot.domain.fees import Fees
from bot.domain.interview_texts import InterviewTexts
from bot.domain.interviews import Preparation
from bot.domain.journey import JourneyTexts
from bot.domain.letter_drafts import LetterTexts
from bot.domain.letter_mix import LetterAdvice
from bot.domain.member import Country
from bot.domain.notice_guard.findings import Finding, NoticeGuard
from bot.domain.notice_guard.reading import NoticeReader
from bot.domain.rank_facts import RankFacts
from bot.errors import StartError

T = TypeVar("T")

_YEAR = re.compile(r"\b20\d\d\b")
_FILLERS = frozenset(("a", "an", "date", "for", "is", "my", "of", "on", "s", "the", "what", "when", "whens"))


class Catalogue:
    """Answer from the facts of ``bot/data``; nothing here does I/O but zones, answers and notices, which load when first asked for."""

    def __init__(
        self,
        loaded: Loaded,
        folder: Path,
        figures: Figures,
        rules: dict[str, EligibilityRule],
        letters: LetterAdvice,
        letter_texts: LetterTexts,
    ) -> None:
        self._folder = folder
        self._loaded = loaded
        self.letter_texts = letter_texts
        """Drafts, what to give a writer, habits, questions and warning signs."""
        self.letters = letters
        """What is stated and advised about letters of recommendation."""
        self.rules = rules
        """The rules of eligibility, by id."""
        self.figures = figures
        """Published figures of specialties."""
        self._sources = loaded.sources
        self._seasons = {(season.country, season.year): season for season in loaded.seasons}
        self._shown = tuple(season for season in loaded.seasons if season.year not in loaded.partial_years)
        self._events = {event.id: event for season in loaded.seasons for event in season.events}
        # The key stands beside the names, so that an id or a part of it is found as well.
        self._kinds = SearchIndex(
            ((country, key), (kind.name, *kind.aliases, key.replace("-", " "))) for (country, key), kind in loaded.kinds.items()
        )

    @property
    def years(self) -> tuple[int, ...]:
        """Return the years of the seasons that are shown, earliest first."""
        return tuple(sorted({season.year for season in self._shown}))

    @property
    def gathered_on(self) -> date:
        """Return the day on which the oldest fact of the shown seasons was gathered."""
        return min(event.citation.as_of for season in self._shown for event in season.events)

    @cached_property
    def rules_fingerprint(self) -> str:
        """Return what differs when a rule of eligibility, or a date that it names, has changed."""
        return fingerprint(self.rules, self._events.values())

    @property
    def observed(self) -> tuple[Season, ...]:
        """Return every season held, also those with too few dates to be shown, for fitting the projection rule."""
        return tuple(self._seasons.values())

    @cached_property
    def zones(self) -> ZoneIndex:
        """Return the index of time zones and cities."""
        return ZoneIndex.load(self._folder)

    @cached_property
    def faq(self) -> Faq:
        """Return the answers of ``/faq``."""
        return self._read(lambda loaded: load_faq(self._folder, loaded, Facts(self.figures, self.rules, self.letters, self.letter_texts)))

    @cached_property
    def interviews(self) -> InterviewTexts:
        """Return what is practised for interviews."""
        faq = self.faq
        return self._read(lambda loaded: load_interviews(self._folder, loaded, self.rules, faq))

    @cached_property
    def preparation(self) -> Preparation:
        """Return what to prepare for an interview, and drafts of mails after it."""
        from bot.catalogue.preparation import load_preparation  # a start does not wait for the shapes of its records

        return self._read(lambda loaded: load_preparation(self._folder, loaded))

    @cached_property
    def journey(self) -> JourneyTexts:
        """Return the checklists of her way."""
        from bot.catalogue.journey import load_journey  # a start does not wait for the shapes of its records

        faq, letters = self.faq, self.letters
        return self._read(lambda loaded: load_journey(self._folder, loaded, self.rules, faq, letters))

    @cached_property
    def match_week(self) -> MatchWeek:
        """Return the notices of Match week."""
        return self._read(lambda loaded: load_match_week(self._folder, loaded))

    @cached_property
    def rank_list(self) -> RankFacts:
        """Return what is stated about the rank order list, and the worked examples of the algorithm."""
        from bot.catalogue.rank_list import load_rank_list  # a start does not wait for the shapes of its records

        return self._read(lambda loaded: load_rank_list(self._folder, loaded))

    @cached_property
    def fees(self) -> Fees:
        """Return what the way costs."""
        from bot.catalogue.fees import load_fees  # a start does not wait for the shapes of its records

        faq, specialties = self.faq, {each.id for each in self.figures.specialties}
        return self._read(lambda loaded: load_fees(self._folder, loaded, faq, specialties))

    @cached_property
    def notice_guard(self) -> NoticeGuard:
        """Return what the guard of notices looks for, and the rules that it names."""
        return self._read(lambda loaded: load_notice_guard(self._folder, loaded))

    def _read(self, read: Callable[[Loaded], T]) -> T:
        """Return what a start does not wait for, read when it is first asked for.

        Raises:
            StartError: Its file is damaged.
        """
        loaded = replace(self._loaded, problems=[])
        value = read(loaded)
        _refuse_damage(loaded)
        return value

    @cached_property
    def _notice_reader(self) -> NoticeReader:
        return NoticeReader(self.notice_guard.words, tuple(self._events.values()))

    def read_notice(self, draft: str, now: datetime, as_held: Callable[[SeasonEvent], SeasonEvent] | None = None) -> tuple[Finding, ...]:
        """Return what the guard finds in the draft of a notice, its dates as a server holds them; nothing found is no clearance."""
        held = tuple(map(as_held, self._events.values())) if as_held else None
        return self._notice_reader.findings(draft, now, held)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return every source, by id."""
        return tuple(self._sources[source_id] for source_id in sorted(self._sources))

    def source(self, source_id: str) -> Source | None:
        """Return a source by its id, or None."""
        return self._sources.get(source_id)

    def season(self, country: Country, year: int) -> Season | None:
        """Return the season of a country whose Match is in ``year``, or None where none is held."""
        return self._seasons.get((country, year))

    def seasons(self, country: Country) -> tuple[Season, ...]:
        """Return the seasons of a country that are shown, earliest first."""
        return tuple(sorted((season for season in self._shown if season.country is country), key=lambda season: season.year))

    def event(self, event_id: str) -> SeasonEvent | None:
        """Return an event by its id, or None."""
        return self._events.get(event_id)

    def find_events(
        self, text: str, year: int | None = None, countries: Collection[Country] | None = None, limit: int = 25
    ) -> list[SeasonEvent]:
        """Return the events that a loosely typed name means, best first; for no text all of them, in order of time.

        A year in the text goes before ``year``; no year means every season shown, no countries means every one. An event's id finds
        exactly that event.
        """
        exact = self._events.get(text.strip())
        if exact is not None:
            return [exact]
        typed_year = _YEAR.search(text[:200])
        wanted_year = int(typed_year.group()) if typed_year else year
        wanted = " ".join(word for word in normalise(_YEAR.sub(" ", text[:200])).split() if word not in _FILLERS)
        seasons = [
            season
            for season in self._shown
            if (wanted_year is None or season.year == wanted_year) and (not countries or season.country in countries)
        ]
        if not wanted:
            # Nothing but signs or invisible characters was typed: that is not the same as nothing.
            return _in_order(seasons)[:limit] if typed_year or not text.strip() else []
        rank = {kind: position for position, kind in enumerate(self._kinds.search(wanted, limit=len(self._events)))}
        found = [event for season in seasons for event in season.events if (event.country, event.key) in rank]
        return sorted(found, key=lambda event: (rank[event.country, event.key], event.year))[:limit]


def load_catalogue(folder: Path = DATA_FOLDER) -> Catalogue:
    """Load and validate the facts.

    Raises:
        StartError: The files are damaged.
    """
    loaded = load(folder)
    figures = load_figures(folder / FIGURES_FOLDER, loaded.sources, loaded.problems)
    rules = load_rules(folder, loaded)
    letters = load_letters(folder, {specialty.id for specialty in figures.specialties}, loaded)
    letter_texts = load_letter_texts(folder, loaded)
    _refuse_damage(loaded)
    return Catalogue(loaded, folder, figures, rules, letters, letter_texts)


def _refuse_damage(loaded: Loaded) -> None:
    if loaded.problems:
        raise StartError(
            f"The bot's own facts can't be read: {loaded.problems[0]}.", "Restore the folder bot/data, then run: matchday data check"
        )


def _in_order(seasons: list[Season]) -> list[SeasonEvent]:
    events = [event for season in seasons for event in season.events]
    known = sorted((event.at.instant(), event.id, event) for event in events if event.at is not None)
    return [event for _, _, event in known] + [event for event in events if event.at is None]
