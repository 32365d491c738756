"""What changed in saved eligibility, in words: from what to what, how sure a date is, and where it was read."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.calendar import SeasonEvent
from bot.domain.eligibility.saved import Change, Outcome
from bot.domain.eligibility.verdicts import Due, EligibilityRule, Verdict
from bot.domain.facts import Certainty

MAX_CHANGES = 1_100
"""The length of what tells of changes: the inbox shows it whole."""
MAX_SOURCE = 60
VERDICTS = {
    Verdict.NOT_MET: "not met",
    Verdict.UNKNOWN: "unknown",
    Verdict.DEPENDS: "depends on the program",
    Verdict.MET: "met",
}
CERTAINTIES = {
    Certainty.ANNOUNCED: "announced",
    Certainty.EXPECTED: "expected, not announced",
    Certainty.ESTIMATED: "estimated, not announced",
    Certainty.UNKNOWN: "not known",
}
NOT_KNOWN = "a date that is not known"


def change_text(changes: tuple[Change, ...], rules: Mapping[str, EligibilityRule], match_year: int) -> str:
    """Return what changed, from what to what, in at most 1,100 characters of plain text."""
    begins = f"A rule or a date behind your saved eligibility answers has changed ({match_year} Match)."
    ends = "/eligibility saved shows your answers and checks them again. General information, no prediction."
    lines = [f"- {_change_line(change, rules)}" for change in changes]
    room = MAX_CHANGES - len(begins) - len(ends) - len("\n- and 99 more rules") - 2
    shown: list[str] = []
    for line in lines:
        if sum(map(len, shown)) + len(shown) + len(line) > room:
            break
        shown.append(line)
    left = len(lines) - len(shown)
    more = [f"- and {left} more rule{'s' if left > 1 else ''}"] if left else []
    return "\n".join([begins, *shown, *more, ends])


def _change_line(change: Change, rules: Mapping[str, EligibilityRule]) -> str:
    title = rules[change.rule_id].title if change.rule_id in rules else "A rule that is not held any more"
    before, after = change.before, change.after
    if after is None:
        return f"{title}: does not concern you any more"
    if before is None:
        return f"{title}: new for you, {VERDICTS[after.verdict]}"
    parts: list[str] = []
    if before.verdict is not after.verdict:
        parts.append(f"{VERDICTS[after.verdict]}, was {VERDICTS[before.verdict]}")
    if before.by != after.by and after.verdict is not Verdict.MET:
        parts.append(f"by {_by(after)}, was {day_in_words(before.by, _zone(after.due))}")
    return f"{title}: {'; '.join(parts)}"


def _by(outcome: Outcome) -> str:
    words = day_in_words(outcome.by, _zone(outcome.due))
    return f"{words} ({how_sure(outcome.due)})" if outcome.due is not None and outcome.by else words


def _zone(due: Due | None) -> str:
    return due.event.at.zone if due is not None and due.event is not None and due.event.at is not None else ""


def how_sure(due: Due) -> str:
    """Return how sure a date is, its first source, and when it was read."""
    if due.event is None:
        return "a day of our own planning; no rule names one"
    citation = due.event.citation
    source = f"; {citation.sources[0].title[:MAX_SOURCE]}" if citation.sources else ""
    return f"{CERTAINTIES[due.certainty]}{source}, as of {citation.as_of.day} {citation.as_of:%b %Y}"


def date_of(due: Due) -> str:
    """Return a date on its organiser's clock: ``Wed 3 Mar 2027, 21:00 EST``."""
    if due.on is not None:
        return _day(due.on)
    return _of_event(due.event) if due.event is not None else NOT_KNOWN


def _of_event(event: SeasonEvent) -> str:
    if event.at is None:
        return NOT_KNOWN
    if event.day_only:
        return _day(event.at.local.date())
    return _moment(event.at.local.replace(tzinfo=ZoneInfo(event.at.zone)))


def day_in_words(by: str, zone: str = "") -> str:
    """Return what ``Outcome.by`` holds as a sentence holds it, on the clock of a zone; without one the day alone."""
    if not by:
        return NOT_KNOWN
    if "T" not in by:
        return _day(date.fromisoformat(by))
    moment = datetime.fromisoformat(by)
    return _moment(moment.astimezone(ZoneInfo(zone))) if zone else _day(moment.date())


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def _moment(moment: datetime) -> str:
    return f"{_day(moment.date())}, {moment:%H:%M %Z}"
