"""How the notices of Match week say their times: on two clocks, with how sure each is and where to confirm it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.domain.calendar import SeasonEvent
from bot.domain.facts import Certainty, Citation, Source
from bot.domain.zones import offset_changes

CELEBRATION_WORDS = "the channel that this server keeps for good news"
"""What stands for that channel where the server has named none."""
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_WHEN = "when:"
_PLAIN = frozenset(("year", "celebration"))
_CLOCKS = {"America/New_York": "ET", "America/Toronto": "ET"}
"""How the field calls an organiser's clock, the same in summer and winter."""
_CERTAINTY = {
    Certainty.ANNOUNCED: "",
    Certainty.EXPECTED: "expected",
    Certainty.ESTIMATED: "estimated",
    Certainty.UNKNOWN: "",
}
_BASIS = {
    Certainty.EXPECTED: "not announced as far as we read; expected according to {source}",
    Certainty.ESTIMATED: "not announced yet; estimated from {source}",
    Certainty.UNKNOWN: "not known",
}


def mentioned(template: str) -> tuple[str, ...]:
    """Return the keys of the events whose times a template states, each once, in order."""
    return tuple(dict.fromkeys(each.removeprefix(_WHEN) for each in _PLACEHOLDER.findall(template) if each.startswith(_WHEN)))


def unknown_placeholders(template: str) -> tuple[str, ...]:
    """Return what stands in braces and is no placeholder."""
    return tuple(each for each in _PLACEHOLDER.findall(template) if each not in _PLAIN and not each.startswith(_WHEN))


def filled(template: str, year: int, events: Mapping[str, SeasonEvent], celebration_channel: str | None = None) -> str:
    """Return a template with its placeholders filled: ``{year}``, ``{celebration}``, ``{when:event-key}``."""

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name == "celebration":
            return celebration_channel or CELEBRATION_WORDS
        return str(year) if name == "year" else when_words(events.get(name.removeprefix(_WHEN)))

    return _PLACEHOLDER.sub(value, template)


def when_words(event: SeasonEvent | None) -> str:
    """Return when an event is, on the organiser's clock and on each reader's own, with its certainty unless it is announced."""
    if event is None or event.at is None:
        return "date not known"
    certainty = _CERTAINTY[event.citation.certainty]
    if event.day_only:
        return f"{_day(event.at.local)} (the source gives no hour{f'; {certainty}' if certainty else ''})"
    zone, own = event.at.zone, f"on your clock <t:{_seconds(event.at.instant())}:F>"
    hours = _hour(event.at.local)
    if event.until is not None and event.until.local.date() == event.at.local.date():
        hours += f" to {_hour(event.until.local)}"
        own += f" to <t:{_seconds(event.until.instant())}:t>"
    return f"{_day(event.at.local)}, {hours} {_CLOCKS.get(zone, zone)} ({'; '.join(filter(None, (own, certainty)))})"


def certainty_lines(stated: Sequence[tuple[str, SeasonEvent | None]], owner: Source | None) -> list[str]:
    """Return what is to be said of every stated date that is not announced: how it was come by, and where to confirm it.

    ``stated`` are names with their events, None where the season holds none; ``owner`` is where to confirm those.
    """
    owners: dict[Source | None, dict[str, list[str]]] = {}
    for name, event in stated:
        certainty = event.citation.certainty if event is not None else Certainty.UNKNOWN
        if certainty is not Certainty.ANNOUNCED:
            first = event.citation.sources[0].title if event is not None and event.citation.sources else "what was read"
            confirm = (event.citation.confirm_at if event is not None else None) or owner
            owners.setdefault(confirm, {}).setdefault(_BASIS[certainty].format(source=f"“{first}”"), []).append(name)
    is_one = sum(len(bases) for bases in owners.values()) == 1
    lines: list[str] = []
    for confirm, bases in owners.items():
        said = [f"{_subject(names, len(stated), is_one=is_one)}: {basis}." for basis, names in bases.items()]
        lines.append(" ".join([*said, f"Confirm at {_named(confirm)}."] if confirm else said))
    return lines


def _subject(names: Sequence[str], stated: int, *, is_one: bool) -> str:
    if is_one and len(names) == stated:
        return "The date above" if stated == 1 else "The dates above"
    return "; ".join(names)


def clock_line(events: Iterable[SeasonEvent], at: datetime | None) -> str:
    """Return a warning where the organiser's clock changes between the notice and the last date that it states, else nothing."""
    known = [event.at for event in events if event.at is not None]
    if at is None or not known:
        return ""
    last = max(known, key=lambda wall: wall.instant())
    change = offset_changes(last.zone, at, last.instant()) if last.instant() > at else None
    if change is None:
        return ""
    hours = (change.after - change.before).total_seconds() / 3600
    local = change.at.astimezone(ZoneInfo(last.zone))
    place = last.zone.rpartition("/")[2].replace("_", " ")
    way = "forward" if hours > 0 else "back"
    return f"Clocks in {place} go {way} {abs(hours):g} h on {local:%B} {local.day}; the times above count it in."


def source_line(citation: Citation, above: str = "") -> str:
    """Return the quiet last line: sources, the day they were read, and where to confirm unless that stands ``above``."""
    line = f"-# Sources: {'; '.join(source.title for source in citation.sources)}. As of {_date(citation.as_of)}."
    owner = _named(citation.confirm_at) if citation.confirm_at else ""
    return line + (f" Confirm at {owner}." if owner and owner not in above else "")


def _named(source: Source) -> str:
    return f"{source.title} <{source.url}>" if source.url else source.title


def _seconds(instant: datetime) -> int:
    return int(instant.astimezone(UTC).timestamp())


def _day(local: date) -> str:
    return f"{local:%A}, {_date(local)}"


def _date(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _hour(local: datetime) -> str:
    if (local.hour, local.minute) == (12, 0):
        return "12:00 noon"
    return f"{local.hour % 12 or 12}:{local:%M} {'AM' if local.hour < 12 else 'PM'}"
