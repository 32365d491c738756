"""What Discord shows of an event: name, description and place, with source and certainty in plain words."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.domain.addresses import host_of
from bot.domain.calendar import SeasonEvent, WallTime
from bot.domain.facts import Certainty, Citation, Source
from bot.domain.server_events import MAX_NAME, MAX_PLACE, Face, ServerEvent, marked

DEADLINE_LASTS = timedelta(minutes=30)
OTHERS_LAST = timedelta(hours=1)
NOT_ANNOUNCED = {
    Certainty.EXPECTED: "Expected, not announced",
    Certainty.ESTIMATED: "Estimated by a rule, not announced",
    Certainty.UNKNOWN: "Not known",
}
BESIDE = "It begins at the deadline itself: be done before. /remind me reminds you in good time."


def season_face(event: SeasonEvent, mark: str) -> Face | None:
    """Return what Discord is to show of a date of the season under a mark; None where the date is not known."""
    if event.at is None or event.citation.certainty is Certainty.UNKNOWN:
        return None
    suffix = _suffix(event)
    name = f"{event.name}, {event.year} Match"
    lines = [event.meaning, *([BESIDE] if event.is_deadline else []), f"When: {when_words(event)}.", *_said(event)]
    return Face(
        name=name[: MAX_NAME - len(suffix)].rstrip() + suffix,
        description=marked("\n".join(lines), mark),
        starts=event.at.instant(),
        ends=_ends(event, event.at).instant(),
        place=_place(event),
    )


def own_face(event: ServerEvent) -> Face | None:
    """Return what Discord is to show of a server's own event; None where its time was not read."""
    if event.words is None or event.starts_at is None or event.ends_at is None:
        return None
    return Face(
        name=event.words.title,
        description=marked(event.words.description, event.id),
        starts=event.starts_at,
        ends=event.ends_at,
        place="" if event.channel_id is not None else event.words.place or "See the description",
        channel_id=event.channel_id,
    )


def when_words(event: SeasonEvent) -> str:
    """Return when a date is, on its organiser's clock; the day alone where the source gives no hour."""
    if event.at is None:
        return "not known"
    local = event.at.local
    day = f"{local:%a} {local.day} {local:%b %Y}"
    if event.day_only:
        return f"{day}; the source gives no hour"
    return f"{day}, {local:%H:%M} {local.replace(tzinfo=ZoneInfo(event.at.zone)):%Z}, on the organiser's clock; Discord shows it on yours"


def _suffix(event: SeasonEvent) -> str:
    """Return what stands behind the name of what is not announced."""
    if event.citation.certainty is Certainty.ANNOUNCED and event.confirmed is None:
        return ""
    if event.confirmed is not None:
        return " (announced)" if event.citation.certainty is Certainty.ANNOUNCED else " (confirmed by this server)"
    return f" ({event.citation.certainty.value})"


def _said(event: SeasonEvent) -> list[str]:
    """Return on whose word a date stands: the server's first, then the season's."""
    lines: list[str] = []
    confirmed = event.confirmed
    if confirmed is not None:
        day = confirmed.confirmed_at
        lines.append(f"Confirmed by this server on {day.day} {day:%b %Y}: {confirmed.source_url}")
    season = confirmed.instead_of if confirmed is not None else None
    if season is not None:
        lines.append(f"The season holds {when_words(season).partition(', on the')[0]}. {_sourced(season.citation)}")
    else:
        lines.append(_sourced(event.citation))
    return lines


def _sourced(citation: Citation) -> str:
    names = ", ".join(source.title for source in citation.sources)
    said = NOT_ANNOUNCED.get(citation.certainty, "Announced")
    line = f"{said}{f'. Source: {names}' if names else ''}; as of {citation.as_of.day} {citation.as_of:%b %Y}."
    if citation.certainty is not Certainty.ANNOUNCED and citation.confirm_at is not None:
        line += f" Confirm at {_named(citation.confirm_at)}."
    return line


def _named(source: Source) -> str:
    return f"{source.title}: {source.url}" if source.url else source.title


def _place(event: SeasonEvent) -> str:
    """Return where it takes place: on the owner's page."""
    owner = event.citation.confirm_at
    pages = [owner, *event.citation.sources] if owner is not None else event.citation.sources
    url = next((page.url for page in pages if page.url), None)
    if url is None:
        return "Online"
    return url if len(url) <= MAX_PLACE else f"https://{host_of(url)}"[:MAX_PLACE]


def _ends(event: SeasonEvent, at: WallTime) -> WallTime:
    if event.until is not None:
        return event.until
    if event.day_only:
        return WallTime(at.local + timedelta(days=1), at.zone)
    return WallTime(at.local + (DEADLINE_LASTS if event.is_deadline else OTHERS_LAST), at.zone)
