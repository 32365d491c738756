"""Reads what is more than one typed time: what comes again and again ("every Monday 8:00 until March"), and what comes before an event.

Like ``when_grammar`` it takes each part out of the text once; what is left over is a time, a day to begin on and a zone, for the grammar.
"""

import re
from dataclasses import dataclass, replace

from bot.domain.recurrence import LAST_DAY_NOTE, LEAP_DAY_NOTE, SKIPPED_NOTE, WORKDAYS_NOTE, Frequency, Rule, on_month_days
from bot.domain.when_grammar import MONTH, MONTHS, NUMBER_WORDS, WEEKDAYS, Day, NotRead, Span, find_date, read_span, word_day

_COUNTS = {word: number for word, number in NUMBER_WORDS.items() if word not in {"a", "an"}}
_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5, "last": -1}
_UNITS = {"day": Frequency.DAILY, "week": Frequency.WEEKLY, "month": Frequency.MONTHLY, "year": Frequency.YEARLY}
_LAST_YEAR = 2999

_SIGN = re.compile(
    r"\b(?:every|each|everyday|(?:bi-?|fortnight|twice )?(?:hourly|daily|weekly|monthly|yearly)|fortnightly|annually|quarterly"
    r"|once an?|once per|twice an?|times (?:an?|per)"
    r"|(?:week|work|mon|tues|wednes|thurs|fri|satur|sun)days|(?:working|business) days|weekends)\b"
)
_NUMBER = r"([1-9]\d{0,2}|" + "|".join(_COUNTS) + ")"
_WD = r"\b(mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\b\.?"
_WD_RANGE = re.compile(rf"{_WD}\s*(?:-|\bto\b|\bthrough\b|\bthru\b)\s*{_WD}")
_WD_LIST = re.compile(rf"(?<!next )(?:\bon\s+)?{_WD}(?:(?:\s*(?:,|&|/|\+|\band\b))*\s*{_WD})*")
_ONE_WD = re.compile(_WD)
_PLURAL = re.compile(r"\b((?:mon|tues|wednes|thurs|fri|satur|sun)day)s\b")
_NTH_WORD = "(?:" + "|".join(_NTH) + ")"
_NTH_WD = re.compile(
    rf"(?:(?:,|\band\b)\s*)?(?:\bon\s+)?(?:\bthe\s+)?\b({_NTH_WORD}(?:(?:\s*(?:,|&|\band\b))+\s*(?:the\s+)?{_NTH_WORD})*)\s+{_WD}"
)
_MONTH_DAY = r"(?:the\s+)?(?:\d{1,2}(?:st|nd|rd|th)|last\s+day)\b"
_MONTH_DAYS = re.compile(rf"(?:\bon\s+)?\b{_MONTH_DAY}(?:(?:\s*(?:,|&|\band\b))+\s*{_MONTH_DAY})*")
_BARE_MONTH_DAY = re.compile(r"(?:\bon\s+(?:the\s+)?(?:day\s+)?|\bday\s+)(\d{1,2})(?![\d:.]|\s*(?:[ap]\.?\s?m\b|o'?clock|h\b))")
_EVERY_UNIT = re.compile(rf"\bevery\s+(?:{_NUMBER}\s*)?(day|week|month|year)s?\b")
_EVERY = re.compile(rf"\bevery\b(?:\s+{_NUMBER}(?=\s+{_WD}))?")
_DAY_PART = re.compile(r"(?:morning|afternoon|evening|night)\b")
_OF_MONTH = re.compile(r"\b(?:of|in)\s+(?:(?:the|a)\s+)?month\b")
_FROM = re.compile(r"\b(?:from|starting|beginning|as of)\b(?:\s+on\b)?(?!\s+now)")
_TOO_OFTEN = re.compile(
    rf"\bevery\s+(?:{_NUMBER}\s*|half\s+(?:an\s+)?)?(?:hours?|hrs?|h|minutes?|mins?|m|seconds|secs?)\b|\bhourly\b"
    r"|\b(?:twice|times)\s+(?:an?|per|every)\s+day\b|\btwice\s+daily\b|\bevery\s+second$"
)
_UNCLEAR = re.compile(r"\bbi-?(?:weekly|monthly|yearly)\b|\b(?:twice|times)\s+(?:an?|per|every)\s")
_TIMES = re.compile(rf"\s*,?\s*(?:\bfor\s+)?\b{_NUMBER}\s*(?:times|x)\b(?:\s+in\s+all\b)?|\s*,\s*once\b")
_FOR = re.compile(rf"\s*,?\s*\bfor\s+(?:the\s+next\s+)?((?:{_NUMBER}|an?)\s+(?:days?|weeks?|months?|years?))\b")
_UNTIL = re.compile(r"\s*,?\s*\b(until|till|til|through|thru|ending|up\s+to)\s+(?:and\s+including\s+)?(?:on\s+)?(?:the\s+)?(end\s+of\s+)?")
_UNTIL_MONTH = re.compile(rf"{MONTH}(?:[\s,]+([1-9]\d{{3}}))?(?![\w:])")
_UNTIL_YEAR = re.compile(r"([1-9]\d{3})(?![\w:/.-])")
_UNTIL_WORD = re.compile(r"(next\s+)?([a-z]+)\b")
_INCLUSIVE = re.compile(r"\s*\(?\b(?:inclusive|included)\b\)?")
_REWRITTEN = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        *((re.escape(note), "") for note in (LAST_DAY_NOTE, LEAP_DAY_NOTE.lower(), WORKDAYS_NOTE.lower())),
        *((re.escape(SKIPPED_NOTE.format(unit)), "") for unit in ("month", "year")),
        (r"\bonce\s+(?:an?|per|every|each)\b|\beach\b", "every"),
        (r"\bevery\s+(daily|weekly|monthly)\b", r"\1"),
        (r"\beveryday\b|\bdaily\b", "every day"),
        (r"\bweekly\b", "every week"),
        (r"\bmonthly\b", "every month"),
        (r"\b(?:yearly|annually)\b", "every year"),
        (r"\bfortnightly\b|\bevery\s+fortnight\b", "every 2 weeks"),
        (r"\bquarterly\b|\bevery\s+quarter\b", "every 3 months"),
        (
            r"\bevery\s+(?:weekday|workday|(?:working|business)\s+day)s?\b|\b(?:weekdays|workdays|(?:working|business)\s+days)\b",
            "every mon-fri",
        ),
        (r"\bevery\s+weekends?\b|\bweekends\b", "every sat,sun"),
        (r"\bevery\s+other\b|\bevery\s+(?:second|2nd)\s+(?=(?:day|week|month|year)\b)", "every 2 "),
        (r"\bevery\s+(?:third|3rd)\s+(?=(?:day|week|month|year)\b)", "every 3 "),
        (r"\bevery\s+(?:fourth|4th)\s+(?=(?:day|week|month|year)\b)", "every 4 "),
        (r"\bfirst\s+day\b", "1st"),
    )
)
_BEFORE = re.compile(r"(.{1,60}?)\s+(?:before|prior to)\s+(.+)")
_EVENT = re.compile(r"(?:on|at)\s+([a-z].*)")
_ARTICLE = re.compile(r"^(?:the|our|my)(?:\s+|$)")


@dataclass(frozen=True, slots=True)
class End:
    """Hold how a recurrence ends, in one of its forms; nothing is no end."""

    day: Day | None = None
    """The last day that may still have one."""
    said_weekday: int | None = None
    """A weekday typed beside ``day``."""
    month: int = 0
    year: int | None = None
    through: bool = False
    """With ``month``: it is the last one. Else the last day is the one before it: "until March" is said of what is over by March."""
    span: Span | None = None
    """From the first occurrence on: "every week for 6 weeks" comes six times."""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Repeated:
    """Hold what was read of a recurrence; more than one rule where the text can mean more than one."""

    rules: tuple[Rule, ...]
    end: End
    rest: str
    """The time, the zone, and the day to begin on or the date of each year."""
    begins: bool
    """A day to begin on was named as such ("from", "starting")."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Say why a recurrence can't be taken as typed, by what to type instead."""

    hint: str


TOO_OFTEN = Refused('Once a day is the most: "every day at 9:00".')
TWICE = Refused('Type "every 2 weeks" or "every Monday and Thursday".')
NO_END = Refused('End it like "until 5 January" or "5 times".')


def read_repeated(text: str) -> Repeated | Refused | NotRead | None:
    """Read a cleaned text that says how often something comes; None where it doesn't say so."""
    if not _SIGN.search(text):
        return None
    if _TOO_OFTEN.search(text):
        return TOO_OFTEN
    if _UNCLEAR.search(text):
        return TWICE
    left = _rewritten(text)
    try:
        end, left = _take_end(left)
        read = None if end is None else _take_rules(left)
    except (ValueError, OverflowError):
        return NotRead.NO_SUCH_DATE
    if end is None:
        return NO_END
    if read is None:
        return NotRead.NOT_UNDERSTOOD
    rules, left = read
    rest = _FROM.sub(" ", left)
    return Repeated(rules, end, rest, begins=rest != left)


def _rewritten(text: str) -> str:
    """Return the text with one wording for each thing: "daily" becomes "every day", "weekdays" the five of them."""
    for pattern, instead in _REWRITTEN:
        text = pattern.sub(instead, text)
    plural = _PLURAL.search(text)
    if plural and "every" not in text:
        text = f"{text[: plural.start()]}every {text[plural.start() :]}"
    return _WD_RANGE.sub(_range, _PLURAL.sub(r"\1", text))


def _range(match: re.Match[str]) -> str:
    first, last = (_weekday(match[group]) for group in (1, 2))
    return ",".join(WEEKDAYS[(first + days) % 7] for days in range((last - first) % 7 + 1))


def _weekday(word: str) -> int:
    return WEEKDAYS.index(word[:3])


def _count(word: str) -> int:
    return _COUNTS.get(word) or int(word)


def _cut(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _take_end(text: str) -> tuple[End | None, str]:
    """Take the end out of the text; None is an end that can't be read."""
    if match := _TIMES.search(text):
        return End(count=_count(match[1]) if match[1] else 1), _cut(text, match)
    if match := _FOR.search(text):
        return End(span=read_span(match[1])), _cut(text, match)
    match = _UNTIL.search(text)
    if match is None:
        return End(), text
    end, tail = _end_at(text[match.end() :], through=match[1].startswith("thr") or bool(match[2]))
    return end, f"{text[: match.start()]} {_INCLUSIVE.sub('', tail)}"


def _end_at(tail: str, *, through: bool) -> tuple[End | None, str]:
    """Read the day that a text begins with; return it and what follows."""
    if found := find_date(tail, at_start=True):
        return End(found[0]), tail[found[1].end() :]
    if match := _UNTIL_MONTH.match(tail):
        month = MONTHS.index(match[1][:3]) + 1
        return End(month=month, year=int(match[2]) if match[2] else None, through=through), tail[match.end() :]
    if (match := _UNTIL_YEAR.match(tail)) and int(match[1]) <= _LAST_YEAR:
        return End(month=12 if through else 1, year=int(match[1]), through=through), tail[match.end() :]
    match = _UNTIL_WORD.match(tail)
    day = word_day(match[2]) if match else None
    if match is None or day is None or (match[1] and day.weekday is None):
        return None, tail
    after = tail[match.end() :].lstrip(" ,.")
    if day.weekday is not None and (found := find_date(after, at_start=True)):
        return End(found[0], said_weekday=day.weekday), after[found[1].end() :]
    return End(replace(day, next_week=bool(match[1]))), tail[match.end() :]


def _take_rules(text: str) -> tuple[tuple[Rule, ...], str] | None:
    month_said = "month" in text
    text = _OF_MONTH.sub(" ", text)
    if match := _EVERY_UNIT.search(text):
        rule = Rule(_UNITS[match[2]], interval=_count(match[1]) if match[1] else 1)
        return _take_days(rule, _cut(text, match))
    match = _EVERY.search(text)
    if match is None:
        return None
    interval = _count(match[1]) if match[1] else 1
    return _take_named(interval, text[: match.start()], text[match.end() :].lstrip(), month_said=month_said)


def _take_days(rule: Rule, text: str) -> tuple[tuple[Rule, ...], str] | None:
    """Take the days of "every month on the 15th", "every 2 weeks on Monday": where none are named, the first occurrence says them."""
    if rule.frequency is Frequency.MONTHLY:
        if _NTH_WD.search(text):
            weekdays, text = _take_nth(text)
            return (replace(rule, weekdays=weekdays),), text
        days, text = _take_month_days(text)
        month_days, or_last = on_month_days(days) if days else ((), False)
        return (replace(rule, month_days=month_days, or_last=or_last),), text
    match = _WD_LIST.search(text)
    if match is None or rule.frequency is Frequency.YEARLY:
        return (rule,), text
    if rule.frequency is Frequency.DAILY:
        # "Every day, Monday to Friday" names days; "every day from Monday" names one to begin on, and is left for the grammar.
        if rule.interval > 1 or _FROM.search(text):
            return (rule,), text
        rule = Rule(Frequency.WEEKLY)
    return (replace(rule, weekdays=_weekdays(match[0])),), _cut(text, match)


def _take_named(interval: int, head: str, tail: str, *, month_said: bool) -> tuple[tuple[Rule, ...], str] | None:
    """Read what follows "every" where it is no unit: weekdays, days of the month, a date, or a part of the day."""
    if match := _NTH_WD.match(tail):
        weekdays, left = _take_nth(tail)
        monthly = Rule(Frequency.MONTHLY, weekdays=weekdays)
        nth, day = weekdays[0]
        if month_said or len(weekdays) > 1 or nth in {1, -1}:
            return (monthly,), f"{head} {left}"
        # "Every second Monday" is every other one to some, and the second of the month to others.
        return (Rule(Frequency.WEEKLY, interval=nth, weekdays=((0, day),)), monthly), f"{head} {left}"
    if match := _WD_LIST.match(tail):
        return (Rule(Frequency.WEEKLY, interval=interval, weekdays=_weekdays(match[0])),), f"{head} {tail[match.end() :]}"
    found = find_date(tail, at_start=True)
    if found is not None:
        return ((Rule(Frequency.YEARLY),), f"{head} {tail}") if found[0].year is None else None
    if _MONTH_DAYS.match(tail):
        days, left = _take_month_days(tail)
        month_days, or_last = on_month_days(days)
        return (Rule(Frequency.MONTHLY, month_days=month_days, or_last=or_last),), f"{head} {left}"
    return ((Rule(Frequency.DAILY),), f"{head} {tail}") if _DAY_PART.match(tail) else None


def _weekdays(words: str) -> tuple[tuple[int, int], ...]:
    return tuple((0, day) for day in sorted({_weekday(word) for word in _ONE_WD.findall(words)}))


def _take_nth(text: str) -> tuple[tuple[tuple[int, int], ...], str]:
    """Take "the first and third Monday and the last Friday" out of the text."""
    found: dict[tuple[int, int], None] = {}
    while match := _NTH_WD.search(text):
        for word in re.findall(_NTH_WORD, match[1]):
            found[_NTH[word], _weekday(match[2])] = None
        text = _cut(text, match)
    return tuple(found), text


def _take_month_days(text: str) -> tuple[tuple[int, ...], str]:
    """Take "on the 1st and 15th" out of the text; a date ("from 15 January") is none of them."""
    date_ = find_date(text)
    masked = text if date_ is None else f"{text[: date_[1].start()]}{'_' * len(date_[1][0])}{text[date_[1].end() :]}"
    match = _MONTH_DAYS.search(masked) or _BARE_MONTH_DAY.search(masked)
    if match is None:
        return (), text
    days = tuple(int(word) if word.isdigit() else -1 for word in re.findall(r"\d{1,2}|last", match[0]))
    return days, _cut(text, match)


def split_before(text: str) -> tuple[Span, str] | None:
    """Return the length and the name of "3 days before rank list deadline" (cleaned), or None where the text has not this form."""
    match = _BEFORE.fullmatch(text)
    span = read_span(match[1]) if match else None
    named = _name(match[2]) if match else ""
    return (span, named) if span is not None and named else None


def named_event(text: str) -> str:
    """Return the name in "on match day" (cleaned), or nothing."""
    match = _EVENT.fullmatch(text)
    return _name(match[1]) if match else ""


def _name(text: str) -> str:
    return _ARTICLE.sub("", text.strip(" ,.;:!?-\"'()"))
