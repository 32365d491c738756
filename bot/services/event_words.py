"""What a manager wrote of an event of the server's own: read, and refused with a reason where it can't be."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.server_events import MAX_NAME, MAX_PLACE, MAX_WORDS, EventWords, clean_line, clean_text, read_length
from bot.domain.when import Ambiguous, NotUnderstood, Understood, parse_when
from bot.domain.zones import WallKind
from bot.errors import UserFacingError
from bot.services.reminders import NOT_UNDERSTOOD

WHEN_EXAMPLE = "March 5 2027 7:00 PM"
LENGTH_EXAMPLE = "1 hour"
MAX_TYPED = 100
FARTHEST = timedelta(days=3 * 365)


@dataclass(frozen=True, slots=True)
class ReadWords:
    """Hold what was written, and when that is; or why it can't be read."""

    words: EventWords
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    refusal: UserFacingError | None = None

    def require(self) -> None:
        """Raise where it can't be read."""
        if self.refusal is not None:
            raise self.refusal


def read_words(words: EventWords, now: datetime) -> ReadWords:
    """Return what was written, cleaned, with its start and end in UTC; whatever is wrong comes as the refusal."""
    cleaned = replace(
        words,
        title=clean_line(words.title, MAX_NAME),
        when=clean_line(words.when, MAX_TYPED),
        length=clean_line(words.length, MAX_TYPED),
        place=clean_line(words.place, MAX_PLACE),
        description=clean_text(words.description, MAX_WORDS),
    )
    try:
        starts, length = _starts(cleaned, now), _length(cleaned)
    except UserFacingError as refusal:
        return ReadWords(cleaned, refusal=refusal)
    return ReadWords(cleaned, starts, starts + length)


def _length(words: EventWords) -> timedelta:
    if not words.title:
        raise UserFacingError("An event needs a title.", "Type a few words that say what it is.")
    length = read_length(words.length)
    if length is None:
        example = f'Type it like "{LENGTH_EXAMPLE}", "90 min" or "2 days"; 5 minutes to 7 days.'
        raise UserFacingError("I can't read how long it lasts.", example)
    return length


def _starts(words: EventWords, now: datetime) -> datetime:
    example = f'Type it like "{WHEN_EXAMPLE}".'
    read = parse_when(words.when, now=now, zone=words.zone)
    if isinstance(read, Ambiguous):
        days = [f"{option.local:%Y-%m-%d %H:%M}" for option in read.options[:3]]
        raise UserFacingError("That time can mean more than one thing.", f"Type it as {' or '.join(days)}.")
    if isinstance(read, NotUnderstood):
        raise UserFacingError(NOT_UNDERSTOOD[read.reason], read.hint or example)
    if not isinstance(read, Understood) or read.recurrence is not None or read.hour_assumed:
        raise UserFacingError("A day and an hour are needed for an event.", example)
    if read.kind is WallKind.GAP:
        raise UserFacingError("The clocks jump over that time.", "Type another hour.")
    starts = read.instant.replace(second=0, microsecond=0)
    if starts <= now:
        raise UserFacingError("That time has passed.", "Type one that lies ahead.")
    if starts > now + FARTHEST:
        raise UserFacingError("That is more than three years ahead.", "Check the year.")
    return starts
