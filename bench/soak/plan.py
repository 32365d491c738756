"""The day that is played: who is there, what falls due when, which faults come, and in which proportion people ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]

MORNING = datetime(2027, 3, 3, 13, tzinfo=UTC)
"""Eight in New York, on the day on which rank order lists are due."""
DEADLINE_EVENT, MATCH_EVENT = "us-2027-rank-list-deadline", "us-2027-match-day"
AN_HOUR = timedelta(hours=1)
BEFORE = timedelta(seconds=3)
"""How long before a wave the clock is set, so that the wave comes by itself."""
FIRST_WAVE, SECOND_WAVE = "the hour before the deadline", "Match Day"
PACE = 45.0
"""Messages a second: the default of MATCHDAY_SENDS_PER_SECOND."""
OWN, DEADLINE, MATCH, NOTICE = "own", "deadline", "match", "notice"
WAVES = {
    OWN: "reminders of their own, through the day",
    DEADLINE: "an hour before rank order lists are due, all at once",
    MATCH: "at noon of Match Day, all at once",
    NOTICE: "notices to every server, at the same noon",
}


@dataclass(frozen=True, slots=True)
class Size:
    """Say how large and how long a run is; all seconds are real ones."""

    minutes: float = 5.0
    members: int = 4_000
    """In the one large server."""
    servers: int = 200
    others: int = 5
    """Members of each other server."""

    @property
    def seconds(self) -> float:
        """Return how long the day takes, preparations aside."""
        return self.minutes * 60

    @property
    def wave_seconds(self) -> float:
        """Return how long each of the two waves is given."""
        return max(10.0, self.seconds * 0.37)

    @property
    def wave(self) -> int:
        """Return how many members set the reminder of a date: all, where there is the time to send to them at the default pace."""
        return min(self.members, int(PACE * self.wave_seconds * 0.81))

    @property
    def quiet_seconds(self) -> float:
        """Return how long each of the morning, the day and the evening is."""
        return max(5.0, (self.seconds - 2 * self.wave_seconds) / 3)


@dataclass(frozen=True, slots=True)
class Expected:
    """One message that has to arrive, once."""

    channel_id: int
    mark: str
    """What stands in it and in no other of this channel."""
    due: datetime
    wave: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to the bot for a while."""

    at: float
    """The part of the phase that has passed, 0 to 1."""
    name: str
    rules: tuple[Json, ...] = ()
    gateway: str = ""
    """``drop`` or ``reconnect``, where the connection is disturbed."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One part of the day."""

    name: str
    seconds: float
    rate: float
    """Interactions a second."""
    mix: dict[str, float]
    """Acts by name (see ``traffic``), with their weights."""
    faults: tuple[Fault, ...] = ()


SENDS = {"method": "POST", "path": "/channels/*/messages"}
ANSWERS = {"method": "POST", "path": "/interactions/*/*/callback"}

USUAL: dict[str, float] = {
    "countdown": 20, "one date": 10, "type a date": 10, "remind me": 6, "remind list": 6, "letters board": 6, "programs list": 6,
    "add a program": 3, "import programs": 0.5, "ranklist board": 6, "ranklist check": 3, "matchweek now": 3, "calendar": 4, "faq": 4,
    "journey week": 3, "inbox": 2, "help": 2, "eligibility": 2, "mydata": 1, "click": 12,
}  # fmt: skip
"""A usual day: about half of it dates and reminders, then lists that people keep, then questions."""
LAST_HOUR = USUAL | {"ranklist board": 30, "ranklist check": 25, "countdown": 25, "remind me": 12, "click": 20}
AT_NOON = USUAL | {"matchweek now": 110, "countdown": 20, "click": 25}


def phases(size: Size) -> tuple[Phase, ...]:
    """Return the day's parts in order; the rates follow the number of members."""
    calm = size.members / 330
    quiet, wave = size.quiet_seconds, size.wave_seconds
    return (
        Phase("morning", quiet, calm, USUAL),
        Phase("day", quiet, calm, USUAL, _of_the_day(quiet)),
        Phase(FIRST_WAVE, wave, calm * 1.6, LAST_HOUR, _of_the_deadline(wave)),
        Phase(SECOND_WAVE, wave, calm * 1.6, AT_NOON, _of_match_day(wave)),
        Phase("evening", quiet, calm, USUAL),
    )


def _of_the_day(seconds: float) -> tuple[Fault, ...]:
    part = seconds / 6
    return (
        Fault(0.05, "one message in five answered with 500", (_status(SENDS, 500, 0.2, part),)),
        Fault(0.30, "the gateway asks to reconnect (RESUME)", gateway="reconnect"),
        Fault(0.45, "everything 100 ms slower", ({"kind": "latency", "seconds_each": 0.1, "seconds": part},)),
        Fault(0.70, "one answer in fifty meets 503", (_status(ANSWERS, 503, 0.02, part),)),
    )


def _of_the_deadline(seconds: float) -> tuple[Fault, ...]:
    part = seconds / 10
    limit = {"kind": "rate_limit", "scope": "global", "per_second": 30, "seconds": part}
    reset = {**SENDS, "kind": "reset", "when": "after", "share": 0.1, "seconds": part}
    return (
        Fault(0.15, "429: 30 requests a second allowed instead of 50", (limit,)),
        Fault(0.35, "one message in ten taken, then the connection reset", (reset,)),
        Fault(0.55, "the gateway's connection ends", gateway="drop"),
    )


def _of_match_day(seconds: float) -> tuple[Fault, ...]:
    part = seconds / 10
    return (
        Fault(0.20, "one message in ten taken, then 503", (_status(SENDS, 503, 0.1, part) | {"when": "after"},)),
        Fault(0.40, "everything 50 ms slower", ({"kind": "latency", "seconds_each": 0.05, "seconds": part},)),
        Fault(0.55, "the gateway asks to reconnect (RESUME)", gateway="reconnect"),
    )


def _status(which: Json, status: int, share: float, seconds: float) -> Json:
    return {**which, "kind": "status", "status": status, "share": share, "seconds": seconds}


def steps(begins: datetime, ends: datetime, seconds: float, each: float = 4.0) -> Iterator[tuple[float, datetime]]:
    """Yield when, in real seconds from the start, the clock is set to what, so that a stretch of the day passes in evenly spaced leaps."""
    number = max(1, int(seconds / each))
    for index in range(number):
        yield seconds * index / number, begins + (ends - begins) * ((index + 1) / number)
