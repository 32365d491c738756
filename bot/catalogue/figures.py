"""Published figures of specialties, read from ``bot/data/specialties`` and handed out as domain objects."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from bot.catalogue.figure_records import (
    ApplicationsRow,
    CitedRecord,
    MatchRateRow,
    OutcomesRow,
    PositionsRow,
    RankListRow,
    Row,
    SignalsRow,
    SpecialtiesRecord,
    SpecialtyRecord,
    StateRow,
    SurveyRow,
)
from bot.catalogue.loading import read_toml, validated
from bot.catalogue.search import SearchIndex, normalise
from bot.catalogue.specialty_search import SpecialtyIndex
from bot.domain.facts import Certainty, Citation, Source
from bot.domain.specialties import (
    SMALLEST_CELL,
    ApplicationCount,
    Finding,
    LetterWishes,
    MatchRate,
    Outcomes,
    Positions,
    RankListLength,
    SeparateMatch,
    Signals,
    Specialty,
    Split,
    StateFigures,
    SurveyFinding,
)

FOLDER = "specialties"
NRMP = "nrmp-data"
AAMC = "aamc-eras-timeline"
AAMC_SIGNALS = "aamc-signals-2025"
RESIDENCYCAS = "residencycas-help"
CENTRAL_APP = "central-app"
STATE_ALIASES = {"DC": ("Washington DC", "Washington D.C.")}
"""Other names of states, by their two letters."""
R = TypeVar("R", bound=Row)
T = TypeVar("T")


@dataclass(frozen=True)
class Figures:
    """Hold every published figure."""

    as_of: date
    specialties: tuple[Specialty, ...] = ()
    """In order of their names."""
    match_rates: tuple[MatchRate, ...] = ()
    """Newest year first."""
    rank_list_lengths: tuple[RankListLength, ...] = ()
    """Newest year first."""
    states: tuple[StateFigures, ...] = ()
    """Most places filled by IMGs first."""
    state_names: Mapping[str, str] = field(default_factory=dict[str, str])
    """Every state, held or not, by its two letters."""
    surveys: tuple[SurveyFinding, ...] = ()
    applications: tuple[ApplicationCount, ...] = ()
    findings: tuple[Finding, ...] = ()
    without_figures: tuple[str, ...] = ()
    """Names of fellowships and residencies for which nothing is held."""
    cited: frozenset[str] = frozenset()
    """The ids of all sources cited."""

    @cached_property
    def index(self) -> SpecialtyIndex:
        """Return what finds a specialty by a loosely typed name."""
        return SpecialtyIndex(self.specialties, self.without_figures)

    @cached_property
    def _by_id(self) -> dict[str, Specialty]:
        return {specialty.id: specialty for specialty in self.specialties}

    @cached_property
    def _states(self) -> SearchIndex[str]:
        return SearchIndex((name, (name, code, *STATE_ALIASES.get(code, ()))) for code, name in self.state_names.items())

    def specialty(self, specialty_id: str) -> Specialty | None:
        """Return a specialty by its id, or None."""
        return self._by_id.get(specialty_id)

    def state(self, name: str) -> StateFigures | None:
        """Return the figures of a state, or None where none are held."""
        return next((state for state in self.states if state.state == name), None)

    def find_states(self, text: str) -> list[str]:
        """Return the names of the states that a loosely typed text means, best first, whether held or not."""
        code = text.strip().upper()
        return [self.state_names[code]] if code in self.state_names else self._states.search(text)

    def meant_states(self, text: str) -> list[str]:
        """Return the one state whose whole name or alias was typed; otherwise those that it could mean, best first."""
        wanted = normalise(text)
        for code, name in self.state_names.items():
            if wanted in map(normalise, (name, *STATE_ALIASES.get(code, ()))):
                return [name]
        return self.find_states(text)


def load_figures(folder: Path, sources: Mapping[str, Source], problems: list[str]) -> Figures:
    """Read the figures in ``folder``; whatever is wrong is added to ``problems``."""
    record = validated(SpecialtiesRecord, read_toml(folder / "specialties.toml", problems), f"{FOLDER}/specialties.toml", problems)
    if record is None:
        return Figures(date.min)
    reader = _Reader(folder, sources, problems, record)
    positions = reader.rows("positions.csv", PositionsRow)
    outcomes = {row.specialty: reader.outcomes(row) for row in reader.rows("outcomes.csv", OutcomesRow)}
    signals = reader.rows("signals.csv", SignalsRow)
    named = {row.specialty for row in (*positions, *signals)} | outcomes.keys()
    problems += [f"{FOLDER}: {name} does not stand in specialties.toml" for name in sorted(named - record.specialty.keys())]
    specialties = [
        reader.specialty(specialty_id, entry, positions, outcomes.get(specialty_id), signals)
        for specialty_id, entry in record.specialty.items()
    ]
    return Figures(
        as_of=record.as_of,
        specialties=tuple(sorted(specialties, key=lambda each: each.name)),
        match_rates=tuple(sorted(map(reader.match_rate, reader.rows("match_rates.csv", MatchRateRow)), key=_newest)),
        rank_list_lengths=tuple(sorted(map(reader.rank_list, reader.rows("rank_list_lengths.csv", RankListRow)), key=_newest)),
        states=tuple(sorted(map(reader.state, reader.rows("states.csv", StateRow)), key=lambda each: -each.imgs)),
        state_names=reader.state_names(),
        surveys=tuple(map(reader.survey, reader.rows("surveys.csv", SurveyRow))),
        applications=tuple(map(reader.application, reader.rows("applications.csv", ApplicationsRow))),
        findings=tuple(
            Finding(entry.title, entry.text, entry.year, reader.cite(f"finding {entry.title}", entry, entry.confirm_at or NRMP))
            for entry in record.finding
        ),
        without_figures=record.without_figures,
        cited=frozenset(reader.cited),
    )


def _newest(figure: MatchRate | RankListLength) -> int:
    return -figure.year


def _owner_of_signals(entry: SpecialtyRecord) -> str | None:
    """Return whose page states the signals of a specialty; None where only the programs do."""
    if entry.service.startswith("residencycas"):
        return RESIDENCYCAS
    if entry.service == CENTRAL_APP:
        return None
    return AAMC_SIGNALS if entry.match == "NRMP" else entry.confirm_at


@dataclass
class _Reader:
    folder: Path
    sources: Mapping[str, Source]
    problems: list[str]
    record: SpecialtiesRecord
    cited: set[str] = field(default_factory=set[str])

    def rows(self, name: str, kind: type[R]) -> list[R]:
        """Return the rows of a file that are whole."""
        found = [validated(kind, row, f"{FOLDER}/{name}: line {line}", self.problems) for line, row in enumerate(self._raw(name), start=2)]
        return [row for row in found if row is not None]

    def state_names(self) -> dict[str, str]:
        """Return every state by its two letters."""
        try:
            return {row["code"]: row["state"] for row in self._raw("state_names.csv")}
        except KeyError as error:
            self.problems.append(f"{FOLDER}/state_names.csv: no column {error}")
            return {}

    def _raw(self, name: str) -> list[dict[str, str]]:
        try:
            with (self.folder / name).open(encoding="utf-8", newline="") as file:
                return list(csv.DictReader(file))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            self.problems.append(f"{FOLDER}/{name}: {error}")
            return []

    def cite(self, where: str, entry: Row | CitedRecord, confirm_at: str | None = NRMP, note: str = "") -> Citation:
        """Return the citation of an entry; a source that does not exist is a problem."""
        ids = [*entry.sources, *([confirm_at] if confirm_at else [])]
        self.problems += [f"{FOLDER}: {where}: source {each} does not exist" for each in ids if each not in self.sources]
        self.cited.update(ids)
        return Citation(
            certainty=entry.certainty,
            sources=tuple(self.sources[each] for each in entry.sources if each in self.sources),
            as_of=self.record.as_of,
            note=note or getattr(entry, "note", ""),
            confirm_at=None if entry.certainty is Certainty.ANNOUNCED else self.sources.get(confirm_at or ""),
        )

    def specialty(
        self, specialty_id: str, entry: SpecialtyRecord, rows: list[PositionsRow], outcomes: Outcomes | None, signals: list[SignalsRow]
    ) -> Specialty:
        """Return a specialty whole."""
        mine = [row for row in rows if row.specialty == specialty_id]
        held = [self.positions(row, entry.confirm_at) for row in mine if not row.line]
        service = self._named(self.record.services, entry.service, f"{specialty_id}: service")
        letters = self._named(self.record.letters, entry.letters, f"{specialty_id}: letters") if entry.letters else None
        confirm_signals = _owner_of_signals(entry)
        apart = entry.separate_match
        self.cited.update(entry.named_by)
        missing = [each for each in entry.named_by if each not in self.sources]
        self.problems += [f"{FOLDER}: {specialty_id}: source {each} does not exist" for each in missing]
        return Specialty(
            id=specialty_id,
            name=entry.name,
            aliases=entry.aliases,
            application_service=service.name if service else "",
            match_service=entry.match,
            positions=tuple(sorted(held, key=lambda each: -each.year)),
            splits=tuple(Split(row.line, self.positions(row, entry.confirm_at)) for row in mine if row.line),
            outcomes=outcomes,
            signals=tuple(
                Signals(row.year, row.text, self.cite(f"{specialty_id}: signals", row, confirm_signals))
                for row in sorted(signals, key=lambda each: -each.year)
                if row.specialty == specialty_id
            ),
            letters=LetterWishes(letters.text, self.cite(f"{specialty_id}: letters", letters, letters.confirm_at)) if letters else None,
            note=entry.note,
            signals_note=entry.signals_note,
            outcomes_note=entry.outcomes_note,
            citation_service=self.cite(f"{specialty_id}: service", service, service.confirm_at) if service else None,
            separate_match=SeparateMatch(
                apart.year,
                apart.applicants,
                apart.matched_percent,
                apart.img_percent,
                self.cite(f"{specialty_id}: match", apart, entry.confirm_at),
            )
            if apart
            else None,
            named_by=tuple(self.sources[each] for each in entry.named_by if each in self.sources),
        )

    def _named(self, entries: Mapping[str, T], name: str, where: str) -> T | None:
        if name not in entries:
            self.problems.append(f"{FOLDER}: {where}: {name} does not exist")
        return entries.get(name)

    def positions(self, row: PositionsRow, confirm_at: str) -> Positions:
        """Return the places of one line in one year; more people in them than places is a problem."""
        where = f"{row.line or row.specialty} {row.year}"
        groups = (row.us_md_seniors, row.us_do_seniors, row.us_img, row.non_us_img)
        if row.filled > row.offered or sum(group or 0 for group in groups) > row.filled:
            self.problems.append(f"{FOLDER}/positions.csv: {where}: more filled than there are")
        return Positions(row.year, row.offered, row.filled, *groups, self.cite(where, row, confirm_at))

    def outcomes(self, row: OutcomesRow) -> Outcomes:
        """Return outcomes; a mean of fewer people than the smallest cell is left out."""

        def mean(value: float | None, people: int) -> float | None:
            return value if people >= SMALLEST_CELL else None

        return Outcomes(
            year=row.year,
            matched=row.matched,
            unmatched=row.unmatched,
            step2_matched=mean(row.step2_matched, row.matched),
            step2_unmatched=mean(row.step2_unmatched, row.unmatched),
            ranks_matched=mean(row.ranks_matched, row.matched),
            ranks_unmatched=mean(row.ranks_unmatched, row.unmatched),
            publications_matched=mean(row.publications_matched, row.matched),
            research_matched=mean(row.research_matched, row.matched),
            citation=self.cite(f"{row.specialty}: outcomes", row),
        )

    def match_rate(self, row: MatchRateRow) -> MatchRate:
        """Return a match rate; one that its own counts contradict is a problem."""
        where = f"match rate {row.year} {row.group.value}"
        if row.active and row.matched is not None:
            self._agree(where, 100 * row.matched / row.active, row.percent)
        return MatchRate(row.year, row.group, row.active, row.matched, row.percent, self.cite(where, row))

    def rank_list(self, row: RankListRow) -> RankListLength:
        """Return the lengths of one group's rank order lists in one year."""
        where = f"rank lists {row.year} {row.group.value}"
        self._agree(where, 100 * row.matched / (row.matched + row.unmatched), row.matched_percent)
        return RankListLength(
            row.year,
            row.group,
            row.matched,
            row.matched_percent,
            row.mean_matched,
            row.unmatched,
            row.unmatched_percent,
            row.mean_unmatched,
            self.cite(where, row),
        )

    def _agree(self, where: str, computed: float, stated: float) -> None:
        if abs(computed - stated) > 0.1:
            self.problems.append(f"{FOLDER}: {where}: the counts give {computed:.1f} %, not {stated} %")

    def state(self, row: StateRow) -> StateFigures:
        """Return the figures of one state."""
        if row.us_img + row.non_us_img > row.filled:
            self.problems.append(f"{FOLDER}/states.csv: {row.state}: more filled than there are")
        return StateFigures(row.state, row.year, row.filled, row.us_img, row.non_us_img, self.cite(row.state, row))

    def survey(self, row: SurveyRow) -> SurveyFinding:
        """Return one line of a survey."""
        cited = self.cite(f"survey {row.factor}", row)
        return SurveyFinding(row.year, row.year_text, row.factor, row.percent, row.importance, row.count, row.note, cited)

    def application(self, row: ApplicationsRow) -> ApplicationCount:
        """Return one count of applications."""
        cited = self.cite(f"applications {row.specialty} {row.year_text}", row, AAMC)
        return ApplicationCount(row.specialty, row.year, row.year_text, row.group, row.measure, row.value, row.note, cited)


def figure_citations(figures: Figures) -> Iterable[Citation]:
    """Yield the citation of every figure."""
    for specialty in figures.specialties:
        yield from (each.citation for each in (*specialty.positions, *specialty.signals))
        yield from (split.positions.citation for split in specialty.splits)
        apart = (specialty.outcomes, specialty.letters, specialty.separate_match)
        yield from (each.citation for each in apart if each is not None)
    tables = (figures.match_rates, figures.rank_list_lengths, figures.states, figures.surveys, figures.applications, figures.findings)
    yield from (each.citation for table in tables for each in table)
