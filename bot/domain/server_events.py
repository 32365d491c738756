"""A Discord scheduled event that the bot keeps for a server: of a date of the season, or of the server's own."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

MAX_NAME = 100
MAX_DESCRIPTION = 1_000
MAX_PLACE = 100
MAX_WORDS = 900
"""What a person may write of an event, so that the line with its mark still fits."""
SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(days=7)
_MARK = "Kept in step by Matchday · "
_HOURS = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s*h(?:ours?|rs?|r)?")
_MINUTES = re.compile(r"(\d{1,4})\s*m(?:in(?:ute)?s?)?")
_DAYS = re.compile(r"(\d{1,2})\s*d(?:ays?)?")


class EventState(StrEnum):
    """Where an event stands."""

    DRAFT = "draft"
    """Its words are read back to whoever wrote it; nobody else has seen them."""
    PLANNED = "planned"
    """It is to stand in Discord, and doesn't yet; one whose date is not known waits here."""
    STANDING = "standing"
    GONE = "gone"
    """Somebody deleted it in Discord: it is not made again unless a manager says so."""
    ENDING = "ending"
    """It is to be taken down."""


class Trouble(StrEnum):
    """Why Discord refused it."""

    PERMISSION = "permission"
    FULL = "full"
    """A server holds 100 scheduled events at most."""
    PLACE = "place"
    """Its voice channel is gone or can't be reached."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class EventWords:
    """Hold what a person wrote of an event, as it was typed."""

    title: str
    when: str
    length: str
    place: str
    description: str
    zone: str
    """The clock on which it was typed."""
    replaces: str = ""
    """For a draft that changes an event that is there: the id of that one."""


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """Hold one event; all instants aware, in UTC."""

    id: str
    guild_id: int
    author_id: int | None
    """None once the one who made it has erased what is stored of her."""
    made_at: datetime
    state: EventState
    event_id: str | None = None
    """The date of the season that it shows; None for one of the server's own."""
    words: EventWords | None = None
    starts_at: datetime | None = None
    """Of one of the server's own; None while what was typed can't be read."""
    ends_at: datetime | None = None
    channel_id: int | None = None
    """The voice channel in which it takes place."""
    discord_id: int | None = None
    shown: str | None = None
    """The fingerprint of what Discord shows."""
    shown_from: datetime | None = None
    """When it begins, as Discord shows it."""
    trouble: Trouble | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Face:
    """Hold what Discord is to show of an event; instants aware, in UTC."""

    name: str
    description: str
    starts: datetime
    ends: datetime
    place: str = ""
    """Where it takes place, unless in a voice channel."""
    channel_id: int | None = None

    @property
    def fingerprint(self) -> str:
        """Return a hash of all of it, so that whatever changes counts as a change."""
        told = (self.name, self.description, self.starts.isoformat(), self.ends.isoformat(), self.place, self.channel_id)
        return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()

    def not_before(self, earliest: datetime) -> "Face":
        """Return the same beginning at ``earliest`` at the soonest: Discord takes no event that begins in the past."""
        return replace(self, starts=max(self.starts, earliest))


def mark_of(event_id: str) -> str:
    """Return the line by which an event of the bot's is found again: Discord remembers no nonce for events."""
    return f"{_MARK}{event_id}"


def marked(text: str, event_id: str) -> str:
    """Return a description of at most 1,000 characters that ends with the event's mark."""
    mark = mark_of(event_id)
    room = MAX_DESCRIPTION - len(mark) - 2
    short = text if len(text) <= room else text[: room - 1].rstrip() + "…"
    return f"{short}\n\n{mark}" if short else mark


def carries(description: str | None, event_id: str) -> bool:
    """Tell whether a description ends with the mark of an event."""
    return (description or "").rstrip().endswith(mark_of(event_id))


def needs_work(event: ServerEvent, face: Face | None, now: datetime) -> bool:
    """Tell whether Discord shows an event otherwise than it should; ``face`` is None where its date is not known."""
    if event.state in (EventState.DRAFT, EventState.GONE):
        return False
    if event.state is EventState.ENDING:
        return True
    if face is None:
        return event.discord_id is not None
    return face.ends <= now or event.discord_id is None or event.shown != face.fingerprint


def read_length(text: str) -> timedelta | None:
    """Return how long an event lasts (``1 hour``, ``90 min``, ``1h30``, ``2 days``); None where that is not to be read or too long."""
    rest = " ".join(text.lower().replace("half an hour", "30 min").replace("an hour", "1 hour").replace("and", " ").split())
    if re.fullmatch(r"\d{1,2}h\d{2}", rest):
        rest += "m"
    found = timedelta()
    for unit, pattern in (("days", _DAYS), ("hours", _HOURS), ("minutes", _MINUTES)):
        if match := pattern.search(rest):
            found += timedelta(**{unit: float(match[1].replace(",", "."))})
            rest = rest[: match.start()] + rest[match.end() :]
    return found if not rest.strip() and SHORTEST <= found <= LONGEST else None


def clean_line(text: str, limit: int) -> str:
    """Return typed text as one line without control characters, of at most ``limit`` characters."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:limit].rstrip()


def clean_text(text: str, limit: int) -> str:
    """Return typed text with its lines and without other control characters, of at most ``limit`` characters."""
    return "".join(each for each in text.replace("\r\n", "\n") if each == "\n" or each.isprintable()).strip()[:limit].rstrip()
