"""What is pushed to a member about a date of the season: that it comes, that it moved, on whose word."""

from datetime import datetime, timedelta

from bot.domain.calendar import SeasonEvent
from bot.domain.delivery import Delivery
from bot.domain.facts import Certainty
from bot.domain.member import Member
from bot.services.bundle import Services
from cogs._ui.times import confirmed_words, on_clock, season_line, two_clocks

LATE = timedelta(minutes=2)
"""A message this much after its time says so."""


def season_date_text(services: Services, delivery: Delivery, member: Member, server: str) -> str:
    """Return that a date of the season comes, as the server holds it that the reminder was set in."""
    event, now = _event_of(services, delivery), services.clock.now()
    if event is None or event.at is None:
        return "A date that you asked to be reminded of is no longer in the calendar. /countdown shows the next ones."
    earlier = earlier_text(services, delivery, member, server)
    if earlier:
        return f"{earlier}\n{event.meaning}\n-# {_by_whom(event, server)}"
    instant = event.at.instant()
    when = two_clocks(event, member.zone).replace("\n", "; ")
    end = event.until.instant() if event.until is not None else None
    if instant < now - LATE and end is not None and now < end:
        return f"{event.name} ({event.year} Match) is under way and ends {left_words(end - now)}: {when}.\n{event.meaning}"
    if instant < now - LATE:
        return f"{event.name} ({event.year} Match) has passed: it was {when}. /countdown shows what comes next."
    if instant <= now + LATE:
        return f"{event.name} ({event.year} Match) is now: {when}.\n{event.meaning}"
    sure = "" if event.citation.certainty is Certainty.ANNOUNCED and event.confirmed is None else f"\n-# {_by_whom(event, server)}"
    return f"{event.name} ({event.year} Match) is {left_words(instant - now)}: {when}.\n{event.meaning}{sure}"


def earlier_text(services: Services, delivery: Delivery, member: Member, server: str) -> str:
    """Return, for a reminder that stayed ahead of the season's date, that its server now holds a later one; nothing for another."""
    event, now = _event_of(services, delivery), services.clock.now()
    told = delivery.payload.get("earlier_at", "")
    if not told or event is None or event.at is None or event.at.instant() <= (usual := datetime.fromisoformat(told)):
        return ""
    ahead = f"is {left_words(usual - now)}" if usual > now + LATE else "is now" if usual >= now - LATE else "has passed"
    season = event.confirmed.instead_of if event.confirmed else None
    if season is not None and season.at is not None and season.at.instant() == usual:
        was = two_clocks(season, member.zone).replace("\n", "; ")
    else:  # the season has changed it since
        was = on_clock(usual, member.zone or event.at.zone)
    later = two_clocks(event, member.zone).replace("\n", "; ")
    return (
        f"{event.name} ({event.year} Match) {ahead} by the date that the season held: {was}.\n"
        f"The moderators of {server} now hold a later date: {later}. You are reminded ahead of that one too. "
        "Until its owner announces the date, the earlier one is the safe one."
    )


def moved_text(services: Services, delivery: Delivery, member: Member, server: str) -> str:
    """Return that a date moved: from when to when, on whose word, and what became of her reminders."""
    event = _event_of(services, delivery)
    before = datetime.fromisoformat(delivery.payload["before"])
    zone = member.zone or (event.at.zone if event and event.at else "UTC")
    was = on_clock(before, zone)
    if event is None or event.at is None:
        name = f"{event.name} ({event.year} Match)" if event else "A date that you are reminded of"
        where = f" {_where(event)}" if event else ""
        return f"{name} is not known any more: it was held to be {was}. Your reminders of it are cancelled.{where}"
    now = two_clocks(event, member.zone).replace("\n", "; ")
    name = f"{event.name} ({event.year} Match)"
    if "by" not in delivery.payload:
        by = "; ".join(source.title for source in event.citation.sources) or "the calendar"
        return (
            f"{name} moved. It was {was}; it is {now}.\nYour reminders of it moved along. {event.citation.note}".rstrip()
            + f"\n-# {str(event.citation.certainty).capitalize()}; source: {by}. {_where(event)}"
        )
    if event.confirmed is None or event.confirmed.instead_of is None:  # also where that came after this was stored
        done = f"The moderators of {server} follow the season's date again"
        follows = "The reminders of it that you set there follow the season again."
    else:
        done = f"The moderators of {server} corrected this date for their server"
        still = " Those ahead of the earlier date still come, and say so." if "earlier" in delivery.payload else ""
        follows = f"The reminders of it that you set there moved along.{still} What you set elsewhere stays as it is."
    return f"{name} moved. It was {was}; it is {now}.\n{done}. {follows}\n-# {_by_whom(event, server)}"


def _event_of(services: Services, delivery: Delivery) -> SeasonEvent | None:
    return services.season.for_server(delivery.guild_id).event(delivery.payload.get("event_id", ""))


def _by_whom(event: SeasonEvent, server: str) -> str:
    """Return who says so, on which page, what the season holds where that differs, and where to confirm it."""
    if event.confirmed is None:
        sure = str(event.citation.certainty)
        return (
            f"This date is {sure}, not announced. {_where(event)}" if event.citation.certainty is not Certainty.ANNOUNCED else _where(event)
        )
    said = confirmed_words(event.confirmed, server)
    line = f"{said[0].upper()}{said[1:]}; source: <{event.confirmed.source_url}>."
    if event.confirmed.instead_of is not None:
        season = season_line(event.confirmed.instead_of)
        line += f" {season[0].upper()}{season[1:]}."
    return f"{line} {_where(event)}"


def _where(event: SeasonEvent) -> str:
    owner = event.citation.confirm_at
    if owner is None:
        return "Confirm with its owner."
    return f"Confirm at <{owner.url}>." if owner.url else f"Confirm with {owner.title}."


def left_words(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    for size, word in ((10_080, "week"), (1_440, "day"), (60, "hour"), (1, "minute")):
        count, rest = divmod(minutes, size)
        if count and rest * 20 <= size * count:  # within a twentieth of whole units: "in 3 days", not "in 4,319 minutes"
            return f"in {count} {word}{'s' if count > 1 else ''}"
    hours, rest = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"in {days} d {hours} h" if days else f"in {hours} h {rest} min"
