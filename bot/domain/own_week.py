"""Match Week as one member lives it: what the calendar says now, what she says of her result, and what she counts in SOAP."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.calendar import SeasonEvent
from bot.domain.matchweek import Audience, NoticeKind, PackNotice, send_time
from bot.domain.member import Country

MOST_APPLICATIONS = 45
"""Applications for the whole of SOAP; source: the rule us-soap."""
ROUNDS = ("soap-round-1", "soap-round-2", "soap-round-3", "soap-round-4")
WEEK: Mapping[Country, tuple[str, ...]] = {
    Country.UNITED_STATES: ("match-status", "soap-opens", "soap-review", *ROUNDS, "soap-ends", "match-day"),
    Country.CANADA: ("carms-match-day", "carms-second-opens"),
}
"""The events of the week, by their keys, in order; those that a season does not hold are left out."""
TOLD_BY: Mapping[Country, str] = {Country.UNITED_STATES: "match-status", Country.CANADA: "carms-match-day"}
"""The event from which on there is a result."""
RESULT_DAY: Mapping[Country, str] = {Country.UNITED_STATES: "match-day", Country.CANADA: "carms-match-day"}
"""The event that is celebrated by those who matched."""


OPENS_WITHIN = "soap-opens"
"""The event whose hours are those within which something opens: only after them it is sure to be open."""


class Result(StrEnum):
    """What a member says of her result."""

    MATCHED = "matched"
    PARTLY = "partly"
    NOT_MATCHED = "not_matched"
    UNSAID = "unsaid"
    """She would rather not say."""


OFFERED: Mapping[Country, tuple[Result, ...]] = {
    Country.UNITED_STATES: tuple(Result),
    Country.CANADA: (Result.MATCHED, Result.NOT_MATCHED, Result.UNSAID),
}
"""What can be said; CaRMS knows no match in part."""
_AUDIENCES = {
    Result.MATCHED: Audience.MATCHED,
    Result.PARTLY: Audience.PARTLY_MATCHED,
    Result.NOT_MATCHED: Audience.UNMATCHED,
}


class Window(StrEnum):
    """How a round of offers stands."""

    AHEAD = "ahead"
    OPEN = "open"
    OVER = "over"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class OwnWeek:
    """Hold what one member said of one Match Week."""

    member_id: int
    country: Country
    season_year: int
    changed_at: datetime
    revision: int = 0
    """Counts up with every change; 0: nothing is stored."""
    result: Result | None = None
    applications: int = 0
    """Sent in SOAP, as she counts them."""
    accepted: str = ""
    """The key of the round whose offer she accepted."""
    passes_quiet: bool = False
    """Whether messages about the rounds of offers come in her quiet hours too."""
    is_readable: bool = True

    def said(self, result: Result | None) -> "OwnWeek":
        """Return it with another result; an accepted offer stands only beside a result that SOAP follows."""
        return replace(self, result=result, accepted=self.accepted if result in (Result.PARTLY, Result.NOT_MATCHED) else "")

    def counted(self, more: int) -> "OwnWeek":
        """Return it with more or fewer applications, within none and ``MOST_APPLICATIONS``."""
        return replace(self, applications=min(max(self.applications + more, 0), MOST_APPLICATIONS))


def may_cheer(held: OwnWeek | None) -> bool:
    """Tell whether good news may be sent to her: only where she said that she matched, or accepted an offer in SOAP."""
    return held is not None and (held.result is Result.MATCHED or bool(held.accepted))


def is_told(events: Mapping[str, SeasonEvent], country: Country, now: datetime) -> bool:
    """Tell whether results are out; not before the time of their event is known and has come."""
    event = events.get(TOLD_BY[country])
    return event is not None and event.at is not None and event.at.instant() <= now


def window_of(event: SeasonEvent | None, now: datetime) -> Window:
    """Return how a round of offers stands."""
    if event is None or event.at is None or event.until is None:
        return Window.NOT_KNOWN
    if now < event.at.instant():
        return Window.AHEAD
    return Window.OPEN if now < event.until.instant() else Window.OVER


@dataclass(frozen=True, slots=True)
class Said:
    """Hold what the pack says to one member now: its title and text, not yet filled, and her own part of it."""

    notice: PackNotice
    text: str


def said_now(notices: Iterable[PackNotice], events: Mapping[str, SeasonEvent], held: OwnWeek | None, now: datetime) -> Said | None:
    """Return the latest guidance of the pack whose time has come and that speaks to her; None where none has.

    Whoever matched is not told how to apply in SOAP, whoever did not is not invited to celebrate, and of whom nothing is said hears what
    is said to all.
    """
    result = held.result if held is not None else None
    audience = _AUDIENCES.get(result) if result is not None else None
    due = [(at, each) for each in notices if (at := _due(each, events)) is not None and at <= now and _is_for(each, audience)]
    if not due:
        return None
    notice = max(due, key=lambda pair: pair[0])[1]
    part = notice.parts.get(audience, "") if audience is not None else ""
    if audience is Audience.MATCHED:
        return Said(notice, part or notice.text)
    return Said(notice, "\n\n".join(each for each in (notice.text, part) if each))


def _due(notice: PackNotice, events: Mapping[str, SeasonEvent]) -> datetime | None:
    event = events.get(notice.event_key)
    if event is None or event.at is None:
        return None
    if event.key == OPENS_WITHIN and event.until is not None:
        return event.until.instant()
    return send_time(notice, event)


def _is_for(notice: PackNotice, audience: Audience | None) -> bool:
    if audience is not None and audience not in notice.audiences:
        return False
    if notice.kind is NoticeKind.GUIDANCE:
        return True
    return notice.kind is NoticeKind.DATE and audience is not Audience.MATCHED and notice.event_key.startswith("soap-")


def support(notices: Sequence[PackNotice]) -> PackNotice | None:
    """Return the notice that says where help is."""
    return next((each for each in notices if each.kind is NoticeKind.SUPPORT), None)
