"""Reads the data files and builds domain objects of them; whatever is wrong is collected, not raised."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from bot.catalogue.record import Record
from bot.catalogue.records import DateRecord, EventRecord, SeasonRecord, SourceRecord
from bot.domain.calendar import Season, SeasonEvent, WallTime
from bot.domain.facts import Certainty, Citation, Source
from bot.domain.member import Country

DATA_FOLDER = Path(__file__).resolve().parent.parent / "data"
ZONES = {Country.UNITED_STATES: "America/New_York", Country.CANADA: "America/Toronto"}
"""The clock on which each country's organisers state their times."""
R = TypeVar("R", bound=Record)
_DAY_ONLY_NOTE = "Only the day is known, not the hour."


@dataclass(slots=True)
class Loaded:
    """Hold what the files gave, and every problem met on the way."""

    sources: dict[str, Source] = field(default_factory=dict[str, Source])
    kinds: dict[tuple[Country, str], EventRecord] = field(default_factory=dict[tuple[Country, str], EventRecord])
    seasons: list[Season] = field(default_factory=list[Season])
    partial_years: set[int] = field(default_factory=set[int])
    problems: list[str] = field(default_factory=list[str])


def load(folder: Path) -> Loaded:
    """Read every file of facts in ``folder``."""
    loaded = Loaded()
    _load_sources(folder / "sources.toml", loaded)
    _load_kinds(folder / "events.toml", loaded)
    files = sorted((folder / "seasons").glob("*.toml"))
    if not files:
        loaded.problems.append("seasons: no file")
    for file in files:
        _load_season(file, loaded)
    return loaded


def read_toml(path: Path, problems: list[str]) -> Mapping[str, Any]:
    """Return the content of a TOML file; empty, with a problem noted, where it can't be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.append(f"{path.name}: {error}")
        return {}


def validated(record: type[R], content: object, where: str, problems: list[str]) -> R | None:
    """Return ``content`` as a record; None, with the problems noted, where it does not fit."""
    try:
        return record.model_validate(content)
    except ValidationError as error:
        problems.extend(f"{where}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        return None


def _load_sources(path: Path, loaded: Loaded) -> None:
    for source_id, content in read_toml(path, loaded.problems).items():
        record = validated(SourceRecord, content, f"{path.name}: {source_id}", loaded.problems)
        if record is not None:
            loaded.sources[source_id] = Source(source_id, record.title, record.url, record.note)


def _load_kinds(path: Path, loaded: Loaded) -> None:
    content = read_toml(path, loaded.problems)
    for code, kinds in content.items():
        if code not in {country.value for country in Country}:
            loaded.problems.append(f"{path.name}: {code} is no country held")
            continue
        for key, kind in kinds.items():
            record = validated(EventRecord, kind, f"{path.name}: {code}.{key}", loaded.problems)
            if record is None:
                continue
            if record.confirm_at not in loaded.sources:
                loaded.problems.append(f"{path.name}: {code}.{key}: source {record.confirm_at} does not exist")
                continue
            loaded.kinds[Country(code), key] = record


def _load_season(path: Path, loaded: Loaded) -> None:
    content = read_toml(path, loaded.problems)
    record = validated(SeasonRecord, content, path.name, loaded.problems) if content else None
    if record is None:
        return
    if path.stem != str(record.year):
        loaded.problems.append(f"{path.name}: says that it is the season of {record.year}")
    if record.partial:
        loaded.partial_years.add(record.year)
    for country, dates in ((Country.UNITED_STATES, record.us), (Country.CANADA, record.ca)):
        events = [event for entry in dates if (event := _event(entry, country, record, loaded)) is not None]
        if events:
            loaded.seasons.append(Season(country, record.year, tuple(sorted(events, key=_in_order_of_time))))


def _event(entry: DateRecord, country: Country, season: SeasonRecord, loaded: Loaded) -> SeasonEvent | None:
    event_id = f"{country.value}-{season.year}-{entry.key}"
    kind = loaded.kinds.get((country, entry.key))
    if kind is None:
        loaded.problems.append(f"{event_id}: the key does not stand in events.toml")
        return None
    missing = [source for source in entry.sources if source not in loaded.sources]
    if missing:
        loaded.problems.append(f"{event_id}: source {', '.join(missing)} does not exist")
        return None
    zone = ZONES[country]
    day_only = entry.at is not None and not isinstance(entry.at, datetime)
    note = " ".join(part for part in (entry.note, _DAY_ONLY_NOTE if day_only else "") if part)
    citation = Citation(
        certainty=entry.certainty,
        sources=tuple(loaded.sources[source] for source in entry.sources),
        as_of=entry.as_of or season.as_of,
        note=note,
        confirm_at=None if entry.certainty is Certainty.ANNOUNCED else loaded.sources[kind.confirm_at],
    )
    return SeasonEvent(
        id=event_id,
        key=entry.key,
        country=country,
        year=season.year,
        name=kind.name,
        meaning=kind.meaning,
        at=_wall_time(entry.at, zone),
        citation=citation,
        until=_wall_time(entry.until, zone),
        aliases=kind.aliases,
        is_deadline=kind.deadline,
        day_only=day_only,
    )


def _wall_time(moment: datetime | date | None, zone: str) -> WallTime | None:
    if moment is None:
        return None
    local = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    return WallTime(local, zone)


def _in_order_of_time(event: SeasonEvent) -> tuple[bool, datetime, str]:
    return (event.at is None, event.at.local if event.at else datetime.max, event.id)  # noqa: DTZ901 - compared with wall times
