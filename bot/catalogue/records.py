"""The shape of the data files, as pydantic holds them to it."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field, model_validator

from bot.catalogue.record import Record
from bot.domain.facts import Certainty

Text = Annotated[str, Field(min_length=1)]


class SourceRecord(Record):
    """Hold one entry of ``sources.toml``."""

    title: Annotated[str, Field(min_length=1, max_length=120)]
    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+/", max_length=300)] | None = None
    note: Annotated[str, Field(max_length=300)] = ""


class EventRecord(Record):
    """Hold one entry of ``events.toml``: what an event is called and what it means."""

    # Names stand in choices (100 characters) beside a year and a day; meanings and notes share a message of 4,000.
    name: Annotated[str, Field(min_length=1, max_length=70)]
    meaning: Annotated[str, Field(min_length=1, max_length=300)]
    aliases: tuple[Annotated[str, Field(min_length=1, max_length=40)], ...] = ()
    track: Text
    """Events of one track fall in the order of the file."""
    deadline: bool = False
    confirm_at: Text


class DateRecord(Record):
    """Hold one date of a season: a local date and time, or a local date alone where the source gives no hour."""

    key: Text
    at: datetime | date | None = None
    until: datetime | None = None
    certainty: Certainty
    sources: Annotated[tuple[Text, ...], Field(min_length=1)]
    as_of: date | None = None
    note: Annotated[str, Field(max_length=300)] = ""

    @model_validator(mode="after")
    def _hold_together(self) -> "DateRecord":
        if (self.at is None) != (self.certainty is Certainty.UNKNOWN):
            msg = f"{self.key}: a date that is not known has no time, and every other has one"
            raise ValueError(msg)
        if any(isinstance(moment, datetime) and moment.tzinfo is not None for moment in (self.at, self.until)):
            msg = f"{self.key}: times are local, without an offset"
            raise ValueError(msg)
        if self.until is not None and not (isinstance(self.at, datetime) and self.at < self.until):
            msg = f"{self.key}: an end needs a beginning before it"
            raise ValueError(msg)
        return self


class SeasonRecord(Record):
    """Hold one file of ``seasons``."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    as_of: date
    partial: bool = False
    """Held for fitting the projection rule only; not shown as a calendar."""
    us: tuple[DateRecord, ...] = ()
    ca: tuple[DateRecord, ...] = ()


class PlaceNames(Record):
    """Hold ``place_names.toml``: what people type → the name in ``cities.csv``."""

    cities: dict[str, str]
    countries: dict[str, str]
