"""Compares the dates and hours of a draft with the calendar of the season."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.calendar import SeasonEvent
from bot.domain.notice_guard.findings import Finding, FindingKind, GuardWords
from bot.domain.notice_guard.moments import Day, Hour, days_in, hours_in, shifted
from bot.domain.notice_guard.spelling import PlainText, Sentence, Word, plain_text, sentences, word_set

ORGANISER = "America/New_York"
_FARTHEST = 70
"""Characters between the name of an event and its date."""
_NEAR = 40
_BESIDE = 9
"""So far "tomorrow" may stand from the name that it is said of."""
_OTHER_DAY = word_set("before after ahead prior since until till following")
_EARLIER_IS_FINE = word_set("by before until till")
_ASIDE = word_set("able can party call meeting practice practise session hours we our us")
"""Words between event and moment by which the moment is that of something else."""
_PAST = ("last year", "last season", "previous", " was ", " were ", "in the past")
_SAYS_WEEKDAY = word_set("is on falls begins starts opens closes ends comes this =")


@dataclass(frozen=True, slots=True)
class Named:
    """Hold a name of the calendar, in a sentence: which events it may mean, from the first to the last of a span."""

    start: int
    end: int
    key: str
    last_key: str
    word: int

    @property
    def is_span(self) -> bool:
        """Tell whether it reaches from one event to another."""
        return self.key != self.last_key


class CalendarNames:
    """Find the names of the calendar's events in sentences."""

    def __init__(self, words: GuardWords, events: Iterable[SeasonEvent]) -> None:
        self._names: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
        keys = {event.key for event in events}
        for event in {event.key: event for event in events}.values():
            own = (event.name.partition(":")[0] if ":" in event.name else event.name, *event.aliases)
            for name in (*own, *words.event_names.get(event.key, ())):
                if name.lower() not in words.vague_names:
                    self._add(name, event.key, event.key)
        for span in words.spans:
            if {span.first, span.last} <= keys:
                for name in span.names:
                    self._add(name, span.first, span.last)

    def _add(self, name: str, first: str, last: str) -> None:
        (sentence,) = sentences(plain_text(name.replace(".", "")))[:1] or (None,)
        if sentence is not None:
            parts = tuple(word.text for word in sentence.words)
            self._names.setdefault(parts[0], []).append((parts, first, last))

    def find(self, words: Sequence[Word]) -> list[Named]:
        """Return the names in a sentence, the longest where several begin at one word."""
        found: list[Named] = []
        position = 0
        while position < len(words):
            fitting = [
                each
                for form in words[position].forms
                for each in self._names.get(form, ())
                if position + len(each[0]) <= len(words)
                and all(part in words[position + offset].forms for offset, part in enumerate(each[0]))
            ]
            if not fitting:
                position += 1
                continue
            parts, first, last = max(fitting, key=lambda each: (len(each[0]), each[1] != each[2]))
            end = position + len(parts)
            found.append(Named(words[position].start, words[end - 1].end, first, last, position))
            position = end
        return found


class CalendarCheck:
    """Compare drafts with the seasons held, as of one instant."""

    def __init__(self, names: CalendarNames, events: Sequence[SeasonEvent], now: datetime) -> None:
        self._names = names
        self._events: dict[str, list[SeasonEvent]] = {}
        for event in events:
            self._events.setdefault(event.key, []).append(event)
        self._now = now
        self._today = now.astimezone(ZoneInfo(ORGANISER)).date()

    def findings(self, plain: PlainText, sentence: Sentence) -> list[Finding]:
        """Return where a sentence contradicts the calendar, at most once for each name."""
        names = self._names.find(sentence.words)
        if not names:
            return []
        found: dict[int, Finding] = {}
        days = days_in(plain.text, sentence.start, sentence.end)
        for day in days:
            named = _owner(names, day.start, day.end)
            if named is not None and named.start not in found and (event := self._against_day(plain, sentence, named, day)):
                found[named.start] = _finding(plain, named.start, named.end, day.start, day.end, event)
        for hour in hours_in(plain.text, sentence.start, sentence.end):
            named = _owner(names, hour.start, hour.end)
            if named is not None and named.start not in found and (event := self._against_hour(plain, sentence, named, hour, days)):
                found[named.start] = _finding(plain, named.start, named.end, hour.start, hour.end, event)
        return [found[start] for start in sorted(found)]

    def _against_day(self, plain: PlainText, sentence: Sentence, named: Named, day: Day) -> SeasonEvent | None:
        text = plain.text[sentence.start : sentence.end]
        if _is_of_something_else(plain.text, sentence, named, day.start, day.end):
            return None
        if day.offset is not None and max(day.start - named.end, named.start - day.end) > _BESIDE:
            return None
        is_past = any(mark in text for mark in _PAST)
        candidates = self._candidates(named.key, day, text, is_past=is_past)
        ends = self._candidates(named.last_key, day, text, is_past=is_past)
        if not candidates or (named.is_span and len(ends) != len(candidates)):
            return None
        ranges = [(_day_of(first), _last_day(last)) for first, last in zip(candidates, ends if named.is_span else candidates, strict=True)]
        if day.weekday is not None and not day.readings and not _says_weekday(plain.text, named, day):
            return None
        if any(self._agrees(day, *each) for each in ranges):
            return None
        event = candidates[0]
        if event.is_deadline and self._is_earlier(plain.text, day, ranges[0][0]):
            return None
        return event

    def _agrees(self, day: Day, first: date, last: date) -> bool:
        if day.offset is not None:
            return first <= shifted(self._today, day.offset) <= last
        if not day.readings and day.nth is None:
            return day.weekday in {shifted(first, each).weekday() for each in range((last - first).days + 1)}
        found = [each for each in day.dates(first) if first <= each <= last]
        end = day.end_date(last)
        return any(day.weekday is None or each.weekday() == day.weekday for each in found) and (end is None or first <= end <= last)

    def _is_earlier(self, text: str, day: Day, deadline: date) -> bool:
        before = text[max(0, day.start - 16) : day.start].split()
        dates = day.dates(deadline)
        return bool(dates) and all(each <= deadline for each in dates) and any(each in _EARLIER_IS_FINE for each in before[-3:])

    def _candidates(self, key: str, day: Day, text: str, *, is_past: bool) -> list[SeasonEvent]:
        """Return the events that a name means: of the year that is said, else the next one, or of all seasons where the past is told."""
        known = sorted((event for event in self._events.get(key, ()) if event.at is not None), key=lambda event: event.year)
        if day.year is not None:
            same = [event for event in known if _day_of(event).year == day.year]
            return same or [event for event in known if event.year == day.year]
        said = [event for event in known if f" {event.year}" in text]
        if said:
            return said
        if is_past:
            return []
        ahead = [event for event in known if _last_day(event) >= self._today - timedelta(days=1)]
        last = [event for event in known if event not in ahead][-1:]
        # What has just passed may still be told of; the next one is that of the season to come.
        is_recent = bool(last) and self._today - _day_of(last[0]) < timedelta(days=200)
        return [*ahead[:1], *(last if is_recent or not ahead else [])]

    def _against_hour(self, plain: PlainText, sentence: Sentence, named: Named, hour: Hour, days: Sequence[Day]) -> SeasonEvent | None:
        if named.is_span or hour.zone == "" or _is_of_something_else(plain.text, sentence, named, hour.start, hour.end):
            return None
        text = plain.text[sentence.start : sentence.end]
        day = next((each for each in days if each.year is not None), Day(hour.start, hour.end))
        found = self._candidates(named.key, day, text, is_past=any(mark in text for mark in _PAST))[:1]
        event = found[0] if found else None
        if event is None or event.at is None or event.day_only:
            return None
        zone = ZoneInfo(hour.zone or event.at.zone)
        first = event.at.instant().astimezone(zone)
        last = event.until.instant().astimezone(zone) if event.until else first
        said = hour.time.hour * 60 + hour.time.minute
        begins, ends = first.hour * 60 + first.minute, last.hour * 60 + last.minute
        fits = begins <= said <= ends or {begins, said} == {23 * 60 + 59, 0}
        return None if fits else event


def _day_of(event: SeasonEvent) -> date:
    if event.at is None:
        msg = f"{event.id} is not known"
        raise ValueError(msg)
    return event.at.local.date()


def _last_day(event: SeasonEvent) -> date:
    return event.until.local.date() if event.until else _day_of(event)


def _owner(names: Sequence[Named], start: int, end: int) -> Named | None:
    """Return the name that a moment belongs to: the nearest before it, else the nearest after it."""
    before = [named for named in names if named.end <= start and start - named.end <= _FARTHEST]
    if before:
        return before[-1]
    after = [named for named in names if named.start >= end and named.start - end <= _NEAR]
    return after[0] if after else None


def _is_of_something_else(text: str, sentence: Sentence, named: Named, start: int, end: int) -> bool:
    """Tell whether "two weeks before Match Day" or "our Match Day party" stands there instead of the event itself."""
    leading = text[max(sentence.start, named.start - 24) : named.start].split()
    if any(word in _OTHER_DAY for word in leading[-2:]):
        return True
    between = text[named.end : start] if named.end <= start else text[end : named.start]
    words = [word.strip(",:;()") for word in between.split()]
    others = _OTHER_DAY - _EARLIER_IS_FINE if named.end <= start else _OTHER_DAY
    return any(word in _ASIDE or word in others for word in words)


def _says_weekday(text: str, named: Named, day: Day) -> bool:
    """Tell whether a weekday alone is said of the event: "is on Thursday", "Thursday is", and not "we meet on Thursday"."""
    if day.end <= named.start:
        return text[day.end : named.start].strip() in {"is", ":", "="}
    before = text[max(0, day.start - 14) : day.start].split()
    return bool(before) and (before[-1] in _SAYS_WEEKDAY or before[-1].endswith((":", ",")))


def _finding(plain: PlainText, name_start: int, name_end: int, start: int, end: int, event: SeasonEvent) -> Finding:
    first, last = min(name_start, start), max(name_end, end)
    return Finding(FindingKind.DATE, plain.original(first, last), plain.origin(first), event)
