"""The shape of the files in ``bot/data/specialties``, as pydantic holds them to it."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field, model_validator

from bot.catalogue.record import Record
from bot.domain.facts import Certainty
from bot.domain.specialties import Group

Text = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0)]
Percent = Annotated[float, Field(ge=0, le=100)]
Year = Annotated[int, Field(ge=2000, le=2100)]


class Row(Record):
    """Be a row of a .csv file: a cell without text is left out; ``sources`` are ids apart by spaces."""

    sources: Annotated[tuple[Text, ...], Field(min_length=1)]
    certainty: Certainty

    @model_validator(mode="before")
    @classmethod
    def _read(cls, row: dict[str, Any]) -> dict[str, Any]:
        held = {name: cell for name, cell in row.items() if cell}
        return {**held, "sources": tuple(str(held.get("sources", "")).split())}


class PositionsRow(Row):
    """Hold the places of a specialty, or with ``line`` of a part of it, in one year."""

    specialty: Text
    line: Annotated[str, Field(max_length=60)] = ""
    year: Year
    offered: Count
    filled: Count
    us_md_seniors: Count | None = None
    us_do_seniors: Count | None = None
    us_img: Count | None = None
    non_us_img: Count | None = None


class OutcomesRow(Row):
    """Hold Charting Outcomes of one specialty, non-US IMGs."""

    specialty: Text
    year: Year
    matched: Count
    unmatched: Count
    step2_matched: float | None = None
    step2_unmatched: float | None = None
    ranks_matched: float | None = None
    ranks_unmatched: float | None = None
    publications_matched: float | None = None
    research_matched: float | None = None


class SignalsRow(Row):
    """Hold the signals of one specialty in one season."""

    specialty: Text
    year: Year
    text: Annotated[str, Field(min_length=1, max_length=40)]
    note: Annotated[str, Field(max_length=120)] = ""


class MatchRateRow(Row):
    """Hold the match rate of one group in one year."""

    year: Year
    group: Group
    active: Count | None = None
    matched: Count | None = None
    percent: Percent


class RankListRow(Row):
    """Hold lengths of rank order lists of one group in one year."""

    year: Year
    group: Group
    matched: Count
    matched_percent: Percent
    mean_matched: float
    unmatched: Count
    unmatched_percent: Percent
    mean_unmatched: float


class StateRow(Row):
    """Hold the filled places of one state."""

    state: Text
    year: Year
    filled: Count
    us_img: Count
    non_us_img: Count


class SurveyRow(Row):
    """Hold one line of a survey of program directors."""

    year: Year
    year_text: Text
    factor: Text
    percent: Percent | None = None
    importance: Annotated[float, Field(ge=1, le=5)] | None = None
    count: float | None = None
    note: str = ""


class ApplicationsRow(Row):
    """Hold how many applications or applicants were counted."""

    specialty: Text
    year: Year
    year_text: Text
    group: Text
    measure: Text
    value: float
    note: str = ""


class CitedRecord(Record):
    """Hold where something was read."""

    sources: Annotated[tuple[Text, ...], Field(min_length=1)]
    certainty: Certainty
    note: Annotated[str, Field(max_length=300)] = ""
    confirm_at: Text | None = None


class LettersRecord(CitedRecord):
    """Hold what letters a kind of specialty wants."""

    text: Annotated[str, Field(min_length=1, max_length=200)]


class ServiceRecord(CitedRecord):
    """Hold an application service."""

    name: Annotated[str, Field(min_length=1, max_length=80)]


class SeparateMatchRecord(CitedRecord):
    """Hold the result of a match outside NRMP."""

    year: Year
    applicants: Count
    matched_percent: Percent
    img_percent: Percent | None = None


class FindingRecord(CitedRecord):
    """Hold a published sentence of figures."""

    title: Text
    text: Annotated[str, Field(max_length=300)]
    year: Text


class SpecialtyRecord(Record):
    """Hold one specialty of ``specialties.toml``."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    aliases: tuple[Annotated[str, Field(min_length=1, max_length=50)], ...] = ()
    service: Text
    match: Text = "NRMP"
    letters: Text | None = None
    named_by: tuple[Text, ...] = ()
    note: Annotated[str, Field(max_length=250)] = ""
    signals_note: Annotated[str, Field(max_length=250)] = ""
    outcomes_note: Annotated[str, Field(max_length=250)] = ""
    confirm_at: Text = "nrmp-data"
    separate_match: SeparateMatchRecord | None = None


class SpecialtiesRecord(Record):
    """Hold ``specialties.toml`` whole."""

    as_of: date
    without_figures: tuple[Text, ...] = ()
    letters: dict[str, LettersRecord]
    services: dict[str, ServiceRecord]
    specialty: dict[Annotated[str, Field(pattern=r"^[a-z-]{1,14}$")], SpecialtyRecord]
    finding: tuple[FindingRecord, ...] = ()
