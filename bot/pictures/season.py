"""The season as a line of dates, with "you are here"."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.calendar import SeasonEvent
from bot.domain.facts import Certainty
from bot.pictures.drawing import MAX_ALT, Picture
from bot.pictures.lettering import wrapped
from bot.pictures.palette import BLUE, GRID, INK, ORANGE, QUIET
from bot.pictures.sheet import INNER, MARGIN, SMALL, Sheet, oldest_day, source_line, titles

EASTERN = "America/New_York"
MOST = 20
"""Lines of dates; Discord shrinks what is much higher than wide."""
MOST_UNKNOWN = 4
BEFORE = 3
"""Lines of what has passed, where something comes."""
LEAST = 10
"""Lines where everything has passed."""
ROW, MORE, YEAR, HERE, KEY, LEFT = 46, 33, 44, 64, 54, 40
TEXT = SMALL + 1
RAIL = MARGIN + 206
NAMES = RAIL + 34
ROOM = MARGIN + INNER - NAMES
FILLS = {Certainty.ANNOUNCED: "full", Certainty.EXPECTED: "bottom", Certainty.ESTIMATED: "none", Certainty.UNKNOWN: "none"}
KEYS = (("announced", "full", "o"), ("expected", "bottom", "o"), ("estimated", "none", "o"), ("deadline", "full", "s"))


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one line of the timeline: an event, or the rounds of one day that differ in their number only."""

    event: SeasonEvent
    name: str
    day: date
    today: date
    """Which day it is where the event is."""

    @property
    def is_past(self) -> bool:
        """Tell whether its day is over."""
        return self.day < self.today

    @property
    def names(self) -> list[str]:
        """Return the name in one line, or two."""
        return wrapped(self.name, TEXT, ROOM, bold=self.is_bold)[:2]

    @property
    def is_bold(self) -> bool:
        """Tell whether it is a deadline that can still be met."""
        return self.event.is_deadline and not self.is_past

    @property
    def height(self) -> float:
        """Return how much room it takes."""
        return ROW + MORE * (len(self.names) - 1)


@dataclass(frozen=True, slots=True)
class Shown:
    """Hold what is drawn of a season, in order, and how much is left out."""

    lines: Sequence[Line]
    unknown: Sequence[SeasonEvent]
    earlier: int
    later: int
    unknown_left: int


def _lines(events: Sequence[SeasonEvent], now: datetime) -> list[Line]:
    """Return the dated events in order; rounds of one day that differ in their number only are one line."""
    lines: list[Line] = []
    dated = [(event.at.instant(), event.at, event) for event in events if event.at]
    for _, at, event in sorted(dated, key=lambda each: each[0]):
        line = Line(event, event.name, at.local.date(), now.astimezone(ZoneInfo(at.zone)).date())
        if lines and (rounds := _rounds(lines[-1], line)):
            lines[-1] = replace(lines[-1], name=rounds)
        else:
            lines.append(line)
    return lines


def _rounds(before: Line, line: Line) -> str:
    """Return what both are together where they are rounds of one day, as certain as each other; else nothing."""
    stem, _, first = before.event.name.rpartition(" ")
    other, _, last = line.name.rpartition(" ")
    alike = (before.day, before.event.citation.certainty, stem) == (line.day, line.event.citation.certainty, other)
    return f"{stem}s {first} to {last}" if alike and stem and first.isdigit() and last.isdigit() else ""


def _shown(events: Sequence[SeasonEvent], now: datetime) -> Shown:
    """Return what is drawn: what comes, a little of what has passed, and what is not known."""
    lines = _lines(events, now)
    unknown = [event for event in events if event.at is None]
    ahead = sum(line.is_past for line in lines)
    start = max(0, min(ahead - BEFORE, len(lines) - LEAST))
    chosen = lines[start : start + MOST]
    later = len(lines) - start - len(chosen)
    return Shown(chosen, unknown[:MOST_UNKNOWN], start, later, max(0, len(unknown) - MOST_UNKNOWN))


def _unknown_lines(shown: Shown) -> list[str]:
    if not shown.unknown:
        return []
    more = f"; and {shown.unknown_left} more" if shown.unknown_left else ""
    return wrapped(f"{'; '.join(event.name for event in shown.unknown)}{more}.", SMALL, ROOM)


def _body(shown: Shown) -> float:
    years = len({line.day.year for line in shown.lines})
    unknown = _unknown_lines(shown)
    notes = LEFT * (bool(shown.earlier) + bool(shown.later)) + (20 + MORE * len(unknown) if unknown else 0)
    return KEY + sum(line.height for line in shown.lines) + years * YEAR + HERE + notes


def season_timeline_sheet(events: Sequence[SeasonEvent], now: datetime) -> Sheet:
    """Return the sheet of ``season_timeline``."""
    shown = _shown(events, now)
    drawn = [*(line.event for line in shown.lines), *shown.unknown]
    named = titles(event.citation for event in drawn)
    more = [f"and {len(named) - 2} more; /calendar show names each"] if len(named) > 2 else []
    year = drawn[0].year
    sheet = Sheet(
        f"The {year} season",
        "",
        _body(shown),
        source_line([*named[:2], *more], f"{year} Match, days as the organiser counts them", oldest_day(event.citation for event in drawn)),
    )
    _key(sheet)
    y = _left_out(sheet, sheet.top + KEY, shown.earlier, "earlier")
    y = _dated(sheet, y, shown, now)
    y = _left_out(sheet, y, shown.later, "later")
    _unknown(sheet, y, shown)
    return sheet


def _key(sheet: Sheet) -> None:
    x = MARGIN + 14.0
    for name, fill, marker in KEYS:
        sheet.dot(x, sheet.top + 14, BLUE, fill=fill, marker=marker)
        x += 24 + sheet.text(x + 24, sheet.top + 14, name, size=SMALL, colour=QUIET) + 44


def _left_out(sheet: Sheet, y: float, count: int, what: str) -> float:
    if not count:
        return y
    sheet.text(NAMES, y + LEFT / 2 - 4, f"{count} {what} {'is' if count == 1 else 'are'} left out", size=SMALL, colour=QUIET)
    return y + LEFT


def _dated(sheet: Sheet, y: float, shown: Shown, now: datetime) -> float:
    """Draw the dates, and where now lies among them; return what is below."""
    is_here = False
    previous: Line | None = None
    for line in shown.lines:
        if not is_here and not line.is_past:
            y, is_here = _here(sheet, y, now, line), True
        if previous is None or line.day.year != previous.day.year:
            sheet.text(MARGIN, y + YEAR / 2, str(line.day.year), size=TEXT, bold=True)
            sheet.line([(MARGIN + 92, y + YEAR / 2), (MARGIN + INNER, y + YEAR / 2)], GRID, width=2)
            y += YEAR
        has_same_day = previous is not None and previous.day == line.day and previous.is_past == line.is_past
        _line(sheet, y, line, has_day=not has_same_day)
        y += line.height
        previous = line
    return y if is_here else _here(sheet, y, now, None)


def _here(sheet: Sheet, y: float, now: datetime, coming: Line | None) -> float:
    local = now.astimezone(ZoneInfo(EASTERN))
    middle = y + HERE / 2
    sheet.box(MARGIN - 16, middle - 25, INNER + 32, 50, ORANGE)
    sheet.text(MARGIN, middle, f"{local:%a} {local.day} {local:%b}", size=TEXT, colour="white", bold=True)
    said = f"You are here, {local.year}"
    if coming is not None:
        days = (coming.day - coming.today).days
        said = (
            "You are here: the next date is today" if not days else f"You are here: {days} day{'' if days == 1 else 's'} to the next date"
        )
    sheet.text(NAMES, middle, said, size=TEXT, colour="white", bold=True)
    return y + HERE


def _line(sheet: Sheet, y: float, line: Line, *, has_day: bool) -> None:
    colour = QUIET if line.is_past else INK
    sheet.line([(RAIL, y), (RAIL, y + line.height)], GRID, width=4)
    if has_day:
        sheet.text(MARGIN, y + ROW / 2, f"{line.day:%a} {line.day.day} {line.day:%b}", size=TEXT, colour=colour)
    marker, fill = "s" if line.event.is_deadline else "o", FILLS[line.event.citation.certainty]
    sheet.dot(RAIL, y + ROW / 2, QUIET if line.is_past else BLUE, fill=fill, marker=marker)
    for place, name in enumerate(line.names):
        sheet.text(NAMES, y + ROW / 2 + place * MORE, name, size=TEXT, colour=colour, bold=line.is_bold)


def _unknown(sheet: Sheet, y: float, shown: Shown) -> None:
    """List what has no date yet."""
    for place, line in enumerate(_unknown_lines(shown)):
        middle = y + 20 + MORE * (place + 0.5)
        if not place:
            sheet.text(MARGIN, middle, "Not known", size=TEXT, bold=True)
        sheet.text(NAMES, middle, line, size=SMALL, colour=QUIET)


def season_timeline(events: Sequence[SeasonEvent], now: datetime) -> Picture:
    """Draw the dates of a season in order, with where ``now`` lies among them; days are those of the organisers.

    Raises:
        ValueError: There is no event.
    """
    if not events:
        msg = "a season without dates can't be drawn"
        raise ValueError(msg)
    lines = _lines(events, now)
    passed = sum(line.is_past for line in lines)
    unknown = [event.name for event in events if event.at is None]
    beginning = f"Timeline of the {events[0].year} season. {passed} of {len(lines)} dates {'has' if passed == 1 else 'have'} passed."
    end = f" Not known: {'; '.join(unknown[:MOST_UNKNOWN])}." if unknown else ""
    said: list[str] = []
    for line in lines[passed:]:
        next_ = f"{line.name} {line.day.day} {line.day:%B %Y} ({line.event.citation.certainty.value})"
        if len("; ".join([*said, next_])) + len(beginning) + len(end) > MAX_ALT - 40:
            said.append(f"and {len(lines) - passed - len(said)} more")
            break
        said.append(next_)
    return season_timeline_sheet(events, now).picture("season.png", f"{beginning} Next: {'; '.join(said) or 'none is left'}.{end}")
