"""Slots that advisors of a server offer, and the places that members book in them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.calendar import WallTime
from bot.domain.zones import WallKind, resolve, wall_time

MINUTES = range(10, 241)
"""How long a slot may last."""
PLACES = range(1, 26)
"""For how many members a slot may be."""
MOST_IN_A_ROW = 8
MOST_WEEKS = 12
LEADS: tuple[timedelta, ...] = (timedelta(days=1), timedelta(hours=1))
"""How long before a slot those who are in it are reminded, longest first."""

_MINUTES = re.compile(r"(\d{1,3})\s*(?:m|min|mins|minute|minutes)?\.?")
_PLACES = re.compile(r"(\d{1,2})\s*(?:place|places|member|members)?")
_SERIES = re.compile(r"(row|weekly)-([0-9]{1,2})")


class SlotKind(StrEnum):
    """What a slot is for."""

    OFFICE_HOURS = "office_hours"
    MOCK_INTERVIEW = "mock_interview"
    OTHER = "other"


class SlotState(StrEnum):
    """Where a slot stands."""

    OPEN = "open"
    CANCELLED = "cancelled"


class BookingState(StrEnum):
    """Where a booking stands; every state but the first leaves the place free."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    """She gave her place back, or erased her data."""
    RELEASED = "released"
    """The slot was moved to a time at which she has another one."""


class Rhythm(StrEnum):
    """How the slots of one offer follow each other."""

    ROW = "row"
    """Each begins when the one before ends."""
    WEEKLY = "weekly"
    """Each at the same wall time, a week after the one before."""


@dataclass(frozen=True, slots=True)
class Series:
    """Hold how many slots one offer makes, and how they follow each other."""

    rhythm: Rhythm = Rhythm.ROW
    count: int = 1

    @property
    def key(self) -> str:
        """Return the short form that stands in forms: ``row-3``."""
        return f"{self.rhythm}-{self.count}"


SERIES: tuple[Series, ...] = (
    *(Series(Rhythm.ROW, count) for count in range(1, MOST_IN_A_ROW + 1)),
    *(Series(Rhythm.WEEKLY, count) for count in range(2, MOST_WEEKS + 1)),
)
"""All that can be chosen; so few that one menu holds them."""


@dataclass(frozen=True, slots=True)
class Planned:
    """Hold one slot's time before it is kept."""

    at: WallTime
    begins_at: datetime
    ends_at: datetime
    kind: WallKind
    """GAP: the wall time does not exist on that day, and the first one after it is taken. FOLD: it comes twice; the first is taken."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Hold one slot; all instants aware, in UTC."""

    id: str
    guild_id: int
    advisor_id: int | None
    """None once the advisor has erased what is stored of them."""
    kind: SlotKind
    state: SlotState
    at: WallTime
    """When it begins, on the clock it was offered by."""
    begins_at: datetime
    ends_at: datetime
    capacity: int
    changed_at: datetime
    revision: int = 0
    """Counts the changes: what was planned for an earlier one is not sent any more."""
    place: str = ""
    """Where to meet: a few words, or a voice channel. Encrypted at rest."""
    taken: int = 0
    """How many places are booked."""

    @property
    def minutes(self) -> int:
        """Return how long it lasts."""
        return int((self.ends_at - self.begins_at).total_seconds()) // 60

    @property
    def free(self) -> int:
        """Return how many places are left."""
        return max(0, self.capacity - self.taken) if self.state is SlotState.OPEN else 0


@dataclass(frozen=True, slots=True)
class Booking:
    """Hold one member's place in a slot."""

    id: str
    slot_id: str
    member_id: int | None
    """None once she has erased what is stored of her."""
    state: BookingState
    booked_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class SlotDraft:
    """Hold an offer as its form was filled in, and how its time was read; nobody but the advisor has seen it."""

    id: str
    guild_id: int
    advisor_id: int
    made_at: datetime
    kind: SlotKind
    when: str
    minutes: str
    places: str
    series: str
    place: str
    on_own_clock: bool = False
    """Whether the time was typed on the advisor's own clock, not the server's."""
    local: str = ""
    """The wall time that was read, ISO 8601 without offset; empty where none could be."""
    zone: str = ""


def minutes_of(text: str) -> int | None:
    """Return the minutes of a text such as ``30`` or ``45 min``; None for anything else, or a length that no slot has."""
    return _number(_MINUTES, text, MINUTES)


def places_of(text: str) -> int | None:
    """Return the places of a text such as ``1`` or ``5 places``; None for anything else, or a number that no slot has."""
    return _number(_PLACES, text, PLACES)


def _number(pattern: re.Pattern[str], text: str, allowed: range) -> int | None:
    found = pattern.fullmatch(unicodedata.normalize("NFKC", text[:30]).strip().casefold())
    return int(found[1]) if found and int(found[1]) in allowed else None


def series_of(key: str) -> Series | None:
    """Return the series of a key, or None where none can be chosen that has it."""
    found = _SERIES.fullmatch(key)
    series = Series(Rhythm(found[1]), int(found[2])) if found else None
    return series if series in SERIES else None


def planned(at: WallTime, minutes: int, series: Series) -> tuple[Planned, ...]:
    """Return the times of the slots of one offer, in order; what is weekly keeps its wall time through changes of the clocks."""
    length = timedelta(minutes=minutes)
    first = resolve(at.local, at.zone)
    if series.rhythm is Rhythm.ROW:
        starts = [(first.instant + number * length, first.kind if number == 0 else WallKind.EXACT) for number in range(series.count)]
    else:
        weeks = [resolve(at.local + timedelta(weeks=number), at.zone) for number in range(series.count)]
        starts = [(each.instant, each.kind) for each in weeks]
    return tuple(Planned(WallTime(wall_time(begins, at.zone), at.zone), begins, begins + length, kind) for begins, kind in starts)


def leads_ahead(begins_at: datetime, now: datetime) -> tuple[timedelta, ...]:
    """Return the leads whose time has not come yet, longest first."""
    return tuple(lead for lead in LEADS if begins_at - lead > now)
