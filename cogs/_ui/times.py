"""Times in words: two clocks, days left, and clock changes in between."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.domain.addresses import host_of
from bot.domain.calendar import SeasonEvent, ServerConfirmation, WallTime
from bot.domain.facts import Certainty
from bot.domain.zones import warning_between
from cogs._ui.sources import CERTAINTY_WORDS, link


def stamp(instant: datetime, style: str = "F") -> str:
    """Return Discord's timestamp, which each reader sees in the zone and language of her device."""
    return f"<t:{int(instant.timestamp())}:{style}>"


def on_clock(instant: datetime, zone: str) -> str:
    """Return an instant on one clock, spelled out: ``Wed 3 Mar 2027, 21:00 EST``."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M} {_abbreviation(local)}"


def clock_now(now: datetime, zone: str) -> str:
    """Return what a clock shows now, with the weekday: ``Sun 14:00``."""
    return f"{now.astimezone(ZoneInfo(zone)):%a %H:%M}"


def _abbreviation(local: datetime) -> str:
    """Return EST or, where the zone has no letters of its own, UTC+3."""
    name = local.tzname() or ""
    if name[:1].isalpha():
        return name
    minutes = int((local.utcoffset() or timedelta(0)).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def organisers_clock(at: WallTime, *, day_only: bool) -> str:
    """Return a date on the organiser's clock, spelled out; the day alone where the source gives no hour."""
    if day_only:
        return f"{at.local:%a} {at.local.day} {at.local:%b %Y} (the source gives no hour)"
    return on_clock(at.instant(), at.zone)


def two_clocks(event: SeasonEvent, zone: str | None) -> str:
    """Return when an event is: on the organiser's clock, and on the member's where it differs."""
    if event.at is None:
        return "not known"
    instant = event.at.instant()
    organiser = organisers_clock(event.at, day_only=event.day_only)
    if event.day_only:
        return organiser
    if zone is None or instant.astimezone(ZoneInfo(zone)).utcoffset() == instant.astimezone(ZoneInfo(event.at.zone)).utcoffset():
        return organiser
    return f"{organiser}\nyour clock: {on_clock(instant, zone)}"


def days_left(now: datetime, instant: datetime, zone: str) -> str:
    """Return the days from today to an instant's day on one clock, in words."""
    days = (instant.astimezone(ZoneInfo(zone)).date() - now.astimezone(ZoneInfo(zone)).date()).days
    if instant <= now:
        return "passed"
    if days == 0:
        return "today"
    return "tomorrow" if days == 1 else f"{days} days"


def clock_change_line(zones: Iterable[str], now: datetime, instant: datetime) -> str:
    """Return a warning where a zone's clocks change between now and then, else an empty string."""
    lines: list[str] = []
    for change in warning_between(zones, now, instant):
        hours = (change.after - change.before).total_seconds() / 3600
        way = "forward" if hours > 0 else "back"
        place = change.zone.rpartition("/")[2].replace("_", " ")
        local = change.at.astimezone(ZoneInfo(change.zone))
        lines.append(f"Clocks in {place} go {way} {abs(hours):g} h on {local.day} {local:%B}; the times above count it in.")
    return "\n".join(lines)


def not_known_line(event: SeasonEvent) -> str:
    """Return where to look, today, for a date that is not known."""
    owner = event.citation.confirm_at
    site = (urlsplit(owner.url).hostname or "").removeprefix("www.") if owner and owner.url else ""
    return f"not known; check {site} today" if site else f"not known; check with {owner.title if owner else 'its organiser'} today"


def provenance_short(event: SeasonEvent) -> str:
    """Return certainty and the first source in one quiet line; the date in full names them all."""
    citation = event.citation
    if event.confirmed is not None:
        by = f"{confirmed_words(event.confirmed)} · [{host_of(event.confirmed.source_url)}](<{event.confirmed.source_url}>)"
        season = event.confirmed.instead_of
        return f"{CERTAINTY_WORDS[citation.certainty]} · {by}" if season is None else f"{by} · {season_line(season)}"
    source = citation.sources[0] if citation.sources else None
    line = CERTAINTY_WORDS[citation.certainty]
    if source is not None:
        line += f" · {link(source)}"
    if citation.certainty is not Certainty.ANNOUNCED and citation.confirm_at is not None and citation.confirm_at != source:
        line += f" · confirm at {link(citation.confirm_at)}"
    return line


def confirmed_words(confirmation: ServerConfirmation, server: str = "this server") -> str:
    """Return that a server confirmed a date, and when."""
    day = confirmation.confirmed_at
    return f"confirmed by {server} on {day.day} {day:%b %Y}"


def season_line(season: SeasonEvent) -> str:
    """Return what the season holds of a date that a server holds otherwise."""
    if season.at is None:
        return "the season does not hold it"
    return f"the season holds {organisers_clock(season.at, day_only=season.day_only)}, {CERTAINTY_WORDS[season.citation.certainty]}"


def provenance(event: SeasonEvent) -> str:
    """Return certainty, source, date and where to confirm, in one or two quiet lines; first what a server confirmed of it."""
    if event.confirmed is not None:
        said = confirmed_words(event.confirmed)
        by = f"{said[0].upper()}{said[1:]}. Source: [{host_of(event.confirmed.source_url)}](<{event.confirmed.source_url}>)."
        season = event.confirmed.instead_of
        if season is None:
            return f"{by}\n{provenance(replace(event, confirmed=None))}"
        line = season_line(season)
        return f"{by} {line[0].upper()}{line[1:]}.\n{provenance(season)}"
    citation = event.citation
    names = ", ".join(link(source) for source in citation.sources)
    line = CERTAINTY_WORDS[citation.certainty].capitalize()
    if names:
        line += f". Source: {names}"
    line += f"; as of {citation.as_of.day} {citation.as_of:%b %Y}."
    if citation.certainty is not Certainty.ANNOUNCED and citation.confirm_at is not None:
        line += f" Confirm at {link(citation.confirm_at)}."
    return line
