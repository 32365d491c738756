"""The Match-week pack, as the data holds it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from bot.catalogue.loading import Loaded, read_toml, validated
from bot.catalogue.record import Record
from bot.domain.broadcast import MAX_TEXT, MAX_TITLE
from bot.domain.calendar import Season
from bot.domain.facts import Certainty, Citation
from bot.domain.matchweek import Audience, NoticeKind, PackNotice, pack_for
from bot.domain.matchweek_words import mentioned, unknown_placeholders
from bot.domain.member import Country

FILE = "matchweek.toml"
LONGEST_CHANNEL = f"<#{2**64}>"
Part = Annotated[str, Field(min_length=1, max_length=700)]


class NoticeRecord(Record):
    """Hold one notice, its placeholders not yet filled."""

    model_config = ConfigDict(str_strip_whitespace=True)

    key: Annotated[str, Field(pattern=r"^[a-z0-9-]{4,40}$")]
    kind: NoticeKind
    event: Annotated[str, Field(min_length=1)]
    # A pack is of one week: what lies further off belongs to the calendar.
    days: Annotated[int, Field(ge=-14, le=14)] = 0
    minutes: Annotated[int, Field(ge=-720, le=720)] = 0
    audiences: Annotated[tuple[Audience, ...], Field(min_length=1)]
    title: Annotated[str, Field(min_length=1, max_length=MAX_TITLE)]
    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
    matched: Part | None = None
    partly_matched: Part | None = None
    unmatched: Part | None = None
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    certainty: Certainty = Certainty.EXPECTED
    note: Annotated[str, Field(max_length=200)] = ""
    confirm_at: Annotated[str, Field(min_length=1)]

    @property
    def parts(self) -> dict[Audience, str]:
        """Return what is said to each audience apart."""
        said = {Audience.MATCHED: self.matched, Audience.PARTLY_MATCHED: self.partly_matched, Audience.UNMATCHED: self.unmatched}
        return {audience: text for audience, text in said.items() if text is not None}

    @property
    def templates(self) -> str:
        """Return everything in which placeholders stand."""
        return "\n".join((self.title, self.text, *self.parts.values()))

    @model_validator(mode="after")
    def _hold_together(self) -> "NoticeRecord":
        if set(self.parts) - set(self.audiences):
            msg = f"{self.key}: says something to an audience that it does not name"
            raise ValueError(msg)
        if self.kind is NoticeKind.CELEBRATION and self.audiences != (Audience.MATCHED,):
            msg = f"{self.key}: a celebration is for those who matched"
            raise ValueError(msg)
        return self


class PackRecord(Record):
    """Hold the whole file."""

    as_of: date
    us: Annotated[tuple[NoticeRecord, ...], Field(min_length=1)]
    ca: Annotated[tuple[NoticeRecord, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class MatchWeek:
    """Hold the notices of both countries, and what they cite."""

    notices: tuple[PackNotice, ...]
    cited: frozenset[str]

    def of(self, country: Country) -> tuple[PackNotice, ...]:
        """Return the notices of one country, in the order of the file."""
        return tuple(notice for notice in self.notices if notice.country is country)

    def notice(self, key: str) -> PackNotice | None:
        """Return a notice by its key, or None."""
        return next((notice for notice in self.notices if notice.key == key), None)


def load_match_week(folder: Path, loaded: Loaded) -> MatchWeek:
    """Read ``matchweek.toml``; whatever is wrong is noted in ``loaded``."""
    content = read_toml(folder / FILE, loaded.problems)
    record = validated(PackRecord, content, FILE, loaded.problems) if content else None
    if record is None:
        return MatchWeek((), frozenset())
    reader = _Reader(record.as_of, loaded)
    records = [(Country.UNITED_STATES, each) for each in record.us] + [(Country.CANADA, each) for each in record.ca]
    keys = [each.key for _, each in records]
    loaded.problems.extend(f"{FILE}: {key} stands twice" for key in sorted({key for key in keys if keys.count(key) > 1}))
    notices = tuple(reader.notice(country, each) for country, each in records)
    return MatchWeek(notices, frozenset(reader.cited))


@dataclass
class _Reader:
    as_of: date
    loaded: Loaded
    cited: set[str] = field(default_factory=set[str])

    def notice(self, country: Country, record: NoticeRecord) -> PackNotice:
        """Return a notice; an event, a source or a placeholder that does not exist is a problem."""
        kinds = self.loaded.kinds
        keys = dict.fromkeys((record.event, *mentioned(record.templates)))
        self._complain(record.key, "no event is called", [key for key in keys if (country, key) not in kinds])
        self._complain(record.key, "no placeholder is called", unknown_placeholders(record.templates))
        return PackNotice(
            key=record.key,
            country=country,
            kind=record.kind,
            audiences=record.audiences,
            event_key=record.event,
            days=record.days,
            minutes=record.minutes,
            title=record.title,
            text=record.text,
            parts=record.parts,
            citation=self.cite(record),
            event_names={key: kinds[country, key].name for key in keys if (country, key) in kinds},
        )

    def cite(self, record: NoticeRecord) -> Citation:
        """Return the citation of a notice."""
        held, ids = self.loaded.sources, (*record.sources, record.confirm_at)
        self._complain(record.key, "no source is called", [each for each in dict.fromkeys(ids) if each not in held])
        self.cited.update(ids)
        return Citation(
            certainty=record.certainty,
            sources=tuple(held[each] for each in record.sources if each in held),
            as_of=self.as_of,
            note=record.note,
            confirm_at=held.get(record.confirm_at),
        )

    def _complain(self, key: str, what: str, names: Collection[str]) -> None:
        self.loaded.problems.extend(f"{FILE}: {key}: {what} {name}" for name in names)


def match_week_problems(pack: MatchWeek, loaded: Loaded) -> list[str]:
    """Return which notices are too long in which of the seasons shown; a country without a calendar is one without dates."""
    held = {(season.country, season.year): season for season in loaded.seasons}
    problems: list[str] = []
    for year in sorted({year for _, year in held} - loaded.partial_years):
        for country in Country:
            season = held.get((country, year)) or Season(country, year, ())
            for channel in (None, LONGEST_CHANNEL):
                drafts = pack_for(season, pack.notices, datetime.fromtimestamp(0, UTC), celebration_channel=channel)
                problems += [
                    f"{FILE}: {draft.key}: too long for a notice in {year} (title {len(draft.title)}, text {len(draft.text)})"
                    for draft in drafts
                    if len(draft.title) > MAX_TITLE or len(draft.text) > MAX_TEXT
                ]
    return list(dict.fromkeys(problems))


def match_week_citations(pack: MatchWeek) -> list[Citation]:
    """Return the citation of every notice."""
    return [notice.citation for notice in pack.notices]
