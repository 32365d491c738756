"""Reads a typed date and time into parts, each found and taken out of the text once; what is left over must be filler."""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from enum import Enum

from bot.domain.zones import zone_or_none

# NFKC makes up to 18 characters of one, and this runs at every keystroke.
_LONGEST_RAW = 300
_LONGEST = 120
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EASTERN, _CENTRAL, _MOUNTAIN, _PACIFIC = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
# People write EST all year and mean the clock on the wall, so EST and EDT are both the zone, not an offset.
_ZONES = {
    "et": _EASTERN, "est": _EASTERN, "edt": _EASTERN, "eastern": _EASTERN,
    "ct": _CENTRAL, "cst": _CENTRAL, "cdt": _CENTRAL, "central": _CENTRAL,
    "mt": _MOUNTAIN, "mst": _MOUNTAIN, "mdt": _MOUNTAIN,
    "pt": _PACIFIC, "pst": _PACIFIC, "pdt": _PACIFIC, "pacific": _PACIFIC,
    "utc": "UTC", "gmt": "UTC", "z": "UTC",
}  # fmt: skip
_FILLERS = frozenset(("at", "on", "by", "the", "of", "this", "time", "for", "my", "local", "in"))
_DAY_PARTS = {"morning": 9, "afternoon": 15, "evening": 18, "night": 20, "tonight": 20}
_LATE_PARTS = frozenset(("afternoon", "evening", "night", "tonight"))
_SMALL_HOURS = 5  # "tonight at 1" is the next day's one o'clock
NUMBER_WORDS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
}  # fmt: skip
_MINUTES, _DAYS, _MONTH_COUNT = {"m": 1, "h": 60}, {"d": 1, "w": 7}, {"mo": 1, "y": 12}

_NUMBER = r"(?:(\d{1,6})\s*|\b(half an|" + "|".join(sorted(NUMBER_WORDS, key=len, reverse=True)) + r")\s+)"
_UNIT = r"(minutes?|mins?|min|m|hours?|hrs?|hr|h|days?|d|weeks?|wks?|wk|w|months?|mos?|mo|years?|yrs?|yr|y)"
_SPAN = rf"{_NUMBER}{_UNIT}(?![a-z])"
_SPANS = re.compile(rf"(?:\bin\s+)?(?<![\w:.,/-]){_SPAN}(?:\s*(?:,|and)?\s*{_SPAN}){{0,4}}(?:\s+from\s+now)?")
_ONE_SPAN = re.compile(_SPAN)
_ISO_INSTANT = re.compile(r"\b(\d{4}-\d{2}-\d{2})[t ]?\s*(\d{2}:\d{2})(?::\d{2}(?:\.\d{1,6})?)?\s*(z|[+-]\d{2}:?\d{2})(?![\w:])")
_DISCORD = re.compile(r"<t:(\d{1,12})(?::[a-z])?>")
MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)\.?"
)
_ORDINAL = r"(\d{1,2})(?:st|nd|rd|th)?"
_DATES = (
    ("ymd", re.compile(r"\b(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d/.-])(?=t?)")),
    ("d month y", re.compile(rf"\b{_ORDINAL}(?:\s+of)?[\s-]*{MONTH}(?:[\s,-]+(\d{{4}})(?![\d:]))?(?![a-z])")),
    ("month d y", re.compile(rf"\b{MONTH}\s*{_ORDINAL}(?![\d:]|\s*[ap]\.?m)(?:\s*,?\s*(\d{{4}})(?![\d:]))?(?![a-z])")),
    ("numeric", re.compile(r"\b(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d:/.-])")),
    ("numeric", re.compile(r"\b(\d{1,2})(/)(\d{1,2})()(?![\d:/])")),
)
_TIMES = (
    re.compile(r"(?<![\d:.])(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?\s*([ap])\.?\s?m\b\.?"),
    re.compile(r"(?<![\d:.])(?:\bt)?(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d{1,6})?)?()(?![\d:])"),
    re.compile(r"(?<![\d:.])\b(\d{1,2})\s?h(\d{2})?()\b"),
    re.compile(r"(?:\bat\s+|@\s*)(\d{1,2})()()(?![\d:./-])"),
    re.compile(r"(?<![\d:./-])\b(\d{1,2})()()\s*o'?clock\b"),
)
_OFFSET = re.compile(r"(?:\b(?:utc|gmt)\s*|(?<=[\dm])\s*)([+-])(\d{1,2})(?::?(\d{2}))?(?![\d:/-])")
_ZONE_NAME = re.compile(r"(?<![\w/])[a-z]+(?:/[a-z_+-]+[0-9]*){1,2}")
_ZONE_WORD = re.compile(r"[a-z]+")
_TWELVE = re.compile(r"\b12 (noon|midnight)\b")
_WHOLE_HOUR = re.compile(r"(1[3-9]|2[0-3])\s?h")
_WORD = re.compile(r"[\w']+")


class NotRead(Enum):
    """Why a text could not be read into parts."""

    EMPTY = "empty"
    TOO_LONG = "too long"
    NOT_UNDERSTOOD = "not understood"
    NO_SUCH_DATE = "no such date"


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """Hold a typed time; ``hour`` 24 is the end of the day."""

    hour: int
    minute: int = 0
    half_unknown: bool = False
    """A bare hour up to 11 ("at 8"): morning or evening was not said."""
    assumed: bool = False
    is_midnight: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """Hold a typed day in one of its forms: days from today, a weekday, or months and days with or without a year."""

    offset: int | None = None
    weekday: int | None = None
    next_week: bool = False
    month_days: tuple[tuple[int, int], ...] = ()
    """More than one where 04/05 may be either."""
    year: int | None = None
    typed_time: TimeOfDay | None = None

    def may_be_today(self, now: time) -> bool:
        """Tell whether a weekday may mean today: its typed time is still ahead."""
        typed = self.typed_time
        return typed is not None and (typed.hour, typed.minute) > (now.hour, now.minute)


@dataclass(frozen=True, slots=True)
class Span:
    """Hold a length from now: minutes are exact, days and months keep the time on the wall."""

    minutes: int = 0
    days: int = 0
    months: int = 0


@dataclass(slots=True)
class Parts:
    """Hold what was read; at least one of ``instant``, ``after``, ``day`` and ``time`` is there."""

    text: str
    day: Day | None = None
    time: TimeOfDay | None = None
    after: Span | None = None
    instant: datetime | None = None
    zone: str | None = None
    """IANA name, where one was typed."""
    tonight: bool = False
    offset: timedelta | None = None
    """East of UTC, where an offset was typed instead of a zone."""
    said_weekday: int | None = None
    """A weekday typed beside a date: it must be that date's."""
    modifiers: list[str] = field(default_factory=list[str])
    """ "next", "tonight", "evening": applied to the day and time at the end."""


def clean(text: str) -> str:
    """Return ``text`` on one line, in plain digits and lower case, without emoji, marks and invisible characters."""
    kept: list[str] = []
    for character in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(character)
        if category == "Nd":
            kept.append(str(unicodedata.decimal(character)))
        elif category.startswith("Z") or category == "Cc":
            kept.append(" ")
        elif category not in {"Cf", "Cs", "Co", "Cn", "So", "Sk", "Mn", "Me"}:
            kept.append({"\u2019": "'", "\u2013": "-", "\u2212": "-", "\u060c": ","}.get(character, character))
    return " ".join("".join(kept).split()).lower()


def cleaned(text: str) -> str | NotRead:
    """Return a typed text cleaned, or why there is nothing to read in it."""
    if not text.strip():
        return NotRead.EMPTY
    if len(text) > _LONGEST_RAW:
        return NotRead.TOO_LONG
    plain = clean(text)
    return NotRead.TOO_LONG if len(plain) > _LONGEST else plain or NotRead.NOT_UNDERSTOOD


def read(text: str, own_abbreviation: str = "") -> Parts | NotRead:
    """Read a typed date and time; ``own_abbreviation`` is what the member's own zone is called now (``IST``)."""
    plain = cleaned(text)
    return plain if isinstance(plain, NotRead) else read_cleaned(plain, own_abbreviation)


def read_cleaned(text: str, own_abbreviation: str = "", *, whole: bool = True) -> Parts | NotRead:
    """Read a text that is cleaned; with ``whole`` off it is the rest of something longer, and may hold a zone alone or nothing."""
    parts = Parts(text)
    try:
        left = _take_instant(text, parts)
        if parts.instant is None:
            # "2h" alone is a length, "5 January 21h" holds a time: lengths are taken first only where nothing else can be meant.
            left = _take_span(left, parts)
            left = _take_time(_take_offset(_take_day(left, parts), parts), parts)
    except (ValueError, OverflowError):
        return NotRead.NO_SUCH_DATE
    if not _take_words(left, parts, own_abbreviation.lower()) or not (_complete(parts) or (not whole and parts.after is None)):
        return NotRead.NOT_UNDERSTOOD
    if parts.day is not None:
        parts.day = replace(parts.day, typed_time=parts.time)
    return parts


def _complete(parts: Parts) -> bool:
    if parts.after is not None:
        # "in 2 hours at 9" names two times.
        return parts.day is None and not (parts.time is not None and parts.after.minutes)
    return parts.instant is not None or parts.day is not None or parts.time is not None


def _cut(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _take_instant(text: str, parts: Parts) -> str:
    if match := _DISCORD.search(text):
        parts.instant = datetime.fromtimestamp(int(match[1]), UTC)
        return _cut(text, match)
    if match := _ISO_INSTANT.search(text):
        parts.instant = datetime.fromisoformat(f"{match[1]}T{match[2]}{match[3].upper()}").astimezone(UTC)
        return _cut(text, match)
    return text


def _take_day(text: str, parts: Parts) -> str:
    found = find_date(text)
    if found is None:
        return text
    parts.day, match = found
    left = _cut(text, match)
    # "2027-01-05T21:00": the T stands between date and time.
    return re.sub(r"^(\s*)t(?=\d)", r"\1", left) if match.re is _DATES[0][1] else left


def find_date(text: str, *, at_start: bool = False) -> tuple[Day, re.Match[str]] | None:
    """Return the first date of a text (or the one that it begins with) and where it stands; raise ValueError where it can be none."""
    for form, pattern in _DATES:
        match = pattern.match(text) if at_start else pattern.search(text)
        if match is None:
            continue
        if form == "ymd":
            return Day(month_days=((int(match[3]), int(match[4])),), year=int(match[1])), match
        if form == "numeric":
            return _numeric_day(int(match[1]), int(match[3]), match[4]), match
        number, month = (match[1], match[2]) if form == "d month y" else (match[2], match[1])
        return Day(month_days=((MONTHS.index(month[:3]) + 1, int(number)),), year=int(match[3]) if match[3] else None), match
    return None


def _numeric_day(first: int, second: int, year: str) -> Day:
    """Read 04/05: both ways unless one part can't be a month (or both are the same)."""
    both = dict.fromkeys((month, day) for month, day in ((first, second), (second, first)) if 1 <= month <= 12)
    if not both:
        msg = "neither part is a month"
        raise ValueError(msg)
    return Day(month_days=tuple(both), year=(int(year) + (2000 if len(year) == 2 else 0)) if year else None)


def _take_offset(text: str, parts: Parts) -> str:
    match = _OFFSET.search(text)
    if match is None:
        return text
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    if minutes > 14 * 60:
        msg = "no place is that far from UTC"
        raise ValueError(msg)
    parts.offset = timedelta(minutes=minutes if match[1] == "+" else -minutes)
    return _cut(text, match)


def _take_time(text: str, parts: Parts) -> str:
    for pattern in _TIMES:
        match = pattern.search(text)
        if match is None:
            continue
        hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
        if half:
            if not 1 <= hour <= 12:
                msg = "no such hour"
                raise ValueError(msg)
            hour = hour % 12 + (12 if half == "p" else 0)
        if (hour, minute) > (24, 0) or minute > 59:
            msg = "no such time"
            raise ValueError(msg)
        bare = not half and match[2] in {"", None} and 1 <= hour < 12 and "h" not in match[0]
        parts.time = TimeOfDay(hour, minute, half_unknown=bare)
        return _cut(text, match)
    return text


def _take_span(text: str, parts: Parts) -> str:
    match = _SPANS.search(text)
    if match is None:
        return text
    whole = match[0].strip()
    if _WHOLE_HOUR.fullmatch(whole):  # "21h" is nine in the evening to many; "2h" is a length to all
        return text
    if not (whole.startswith("in ") or whole.endswith("now") or whole == text.strip() or match.start() == 0):
        return text
    parts.after = _summed(match[0])
    return text if parts.after is None else _cut(text, match)


def read_span(text: str) -> Span | None:
    """Return the length that a whole text is ("3 days", "1 hour and 30 minutes", "the week"), or None."""
    text = re.sub(r"^(?:the\s+)?(?=(?:day|week|month)$)", "one ", text)
    return _summed(text) if _SPANS.fullmatch(text) else None


def _summed(spans: str) -> Span | None:
    minutes = days = months = 0
    for digits, word, unit in _ONE_SPAN.findall(spans):
        key = unit[:2] if unit.startswith("mo") else unit[0]
        if word == "half an":
            if key != "h":
                return None
            minutes += 30
            continue
        count = NUMBER_WORDS[word] if word else int(digits)
        minutes += count * _MINUTES.get(key, 0)
        days += count * _DAYS.get(key, 0)
        months += count * _MONTH_COUNT.get(key, 0)
    return Span(minutes, days, months)


def _take_words(text: str, parts: Parts, own_abbreviation: str) -> bool:
    """Take day words, day parts and zones; return whether nothing but filler is left."""
    text = _TWELVE.sub(r"\1", text.replace("day after tomorrow", "overmorrow"))
    for match in reversed(list(_ZONE_NAME.finditer(text))):
        name = _zone_name(match[0])
        if name is None:
            return False
        parts.zone = name
        text = _cut(text, match)
    words = _WORD.findall(text)
    if any(character not in " ,.@-;()" for character in _WORD.sub("", text)):
        return False
    # A word that names a zone only to her ("IST") is taken as her own clock.
    own = {own_abbreviation} - {"utc", "gmt", "z"}
    left = [word for word in words if word not in own and not _take_word(word, parts) and word not in _FILLERS]
    return not left and _day_part_fits(parts)


def _zone_name(typed: str) -> str | None:
    """Return the IANA name of a zone typed in any case: ``america/port_of_spain``."""
    name = _ZONE_WORD.sub(lambda word: word[0] if word[0] in {"of", "es", "au"} else word[0].capitalize(), typed)
    return name if zone_or_none(name) is not None else None


def _take_word(word: str, parts: Parts) -> bool:
    if word in _ZONES and parts.zone is None:
        parts.zone = _ZONES[word]
        return True
    if word in {"noon", "midday", "midnight"} and parts.time is None:
        parts.time = TimeOfDay(0, is_midnight=True) if word == "midnight" else TimeOfDay(12)
        return True
    if word in _DAY_PARTS:
        parts.modifiers.append(word)
        return True
    if word == "next":
        parts.modifiers.append(word)
        return True
    day = word_day(word)
    if day is None or (parts.day is not None and day.weekday is None):
        return False
    if parts.day is not None:
        parts.said_weekday = day.weekday
    else:
        parts.day = day
    return True


def word_day(word: str) -> Day | None:
    """Return the day of a word such as "tomorrow" or "friday", or None."""
    offset = {"yesterday": -1, "today": 0, "tomorrow": 1, "tmrw": 1, "tomorow": 1, "tmr": 1, "overmorrow": 2}.get(word)
    if offset is not None:
        return Day(offset=offset)
    if re.fullmatch(r"mon(day)?|tue(s|sday)?|wed(s|nesday)?|thu(r|rs|rsday)?|fri(day)?|sat(urday)?|sun(day)?", word):
        return Day(weekday=WEEKDAYS.index(word[:3]))
    return None


def _day_part_fits(parts: Parts) -> bool:
    """Apply "next", "tonight" and "evening" to the day and time; return whether they have something to apply to."""
    words = parts.modifiers
    if "next" in words:
        if parts.day is None or parts.day.weekday is None:
            return False
        parts.day = replace(parts.day, next_week=True)
    day_parts = [word for word in words if word != "next"]
    if len(day_parts) > 1 or (day_parts and (parts.after is not None or parts.instant is not None)):
        return False
    if not day_parts:
        return True
    word = day_parts[0]
    parts.tonight = word in {"tonight", "night"}
    if parts.day is None:
        parts.day = Day(offset=0)
    if parts.time is None:
        parts.time = TimeOfDay(_DAY_PARTS[word], assumed=True)
    else:
        parts.time = _time_in_day_part(parts.time, word)
    return True


def _time_in_day_part(typed: TimeOfDay, word: str) -> TimeOfDay:
    at_night = word in {"tonight", "night"}
    if at_night and typed.hour == 12:
        return TimeOfDay(24, typed.minute)
    if at_night and typed.hour < _SMALL_HOURS and not typed.is_midnight:
        return replace(typed, hour=typed.hour + 24, half_unknown=False)
    late = typed.half_unknown and word in _LATE_PARTS
    return replace(typed, hour=typed.hour + (12 if late else 0), half_unknown=False)
