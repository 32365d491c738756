"""The words of the eligibility cards: verdicts, dates, sources, and what the result is not."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from bot.domain.calendar import SeasonEvent
from bot.domain.eligibility.answers import Answers, Way
from bot.domain.eligibility.classification import CanadaClass, UsClass
from bot.domain.eligibility.evaluation import Result
from bot.domain.eligibility.questions import Page, question, values_of
from bot.domain.eligibility.verdicts import Due, EligibilityRule, Reach, Verdict
from bot.domain.facts import Citation
from cogs._ui.sources import CERTAINTY_WORDS, link
from cogs._ui.times import clock_change_line, not_known_line, stamp, two_clocks

NO_ADVICE = (
    "General information from published rules: no legal advice, no prediction. ECFMG, NRMP, CaRMS and each program decide. "
    "Only you can see this."
)
NOT_STORED = "Nothing is stored, and nothing that is saved changes, unless you press Save."
COUNTRIES = {Way.UNITED_STATES: "United States", Way.CANADA: "Canada", Way.BOTH: "United States and Canada"}
HEADINGS = {
    Verdict.NOT_MET: "Not met, or not yet",
    Verdict.UNKNOWN: "Unknown",
    Verdict.DEPENDS: "Depends on the program",
    Verdict.MET: "Met",
}
"""In the order in which a result shows them."""
DEPENDS_IN_CANADA = "Depends on the program or the province"
VERDICT_WORDS = {
    Verdict.NOT_MET: "not met, or not yet",
    Verdict.UNKNOWN: "unknown",
    Verdict.DEPENDS: "depends on the program",
    Verdict.MET: "met",
}
US_CLASSES = {
    UsClass.US_IMG: "US IMG",
    UsClass.NON_US_IMG: "non-US IMG",
    UsClass.CANADIAN_GRADUATE: "Canadian graduate, no IMG",
    UsClass.NOT_IMG: "no IMG",
    UsClass.UNKNOWN: "not known yet",
}
CANADA_CLASSES = {
    CanadaClass.IMG: "IMG",
    CanadaClass.CMG: "Canadian graduate",
    CanadaClass.US_SCHOOL: "graduate of a US school",
    CanadaClass.UNKNOWN: "not known yet",
}
TOO_LATE = "It can't be reached for this Match any more."
LITTLE_TIME = "Little time is left."
LATE = "The usual date has passed; this is the last one."
PLANNED_DAY_PASSED = "Our own planning day has passed; no rule names it, so it may still do. Ask today."


def day_in_words(day: date) -> str:
    """Return a day: ``31 Dec 2026``."""
    return f"{day.day} {day:%b %Y}"


def by_line(due: Due | None, zone: str | None) -> str:
    """Return by when something is needed, on both clocks, and how sure that is; empty where no date is tied to it."""
    if due is None:
        return ""
    if due.on is not None:
        if due.is_past:
            return f"**Passed:** {day_in_words(due.on)}, a day of our own planning; no rule names one."
        return f"**By:** {day_in_words(due.on)}, a day of our own planning; no rule names one."
    if due.event is None:
        asked = f"; ask at {link(due.owner)}" if due.owner else ""
        return f"**By:** a date that is not held for this Match{asked}."
    if due.event.at is None:
        return f"**By:** {due.event.name}: {not_known_line(due.event)}."
    when = f"{two_clocks(due.event, zone).replace(chr(10), '; ')} ({_on_device(due.event, zone)})"
    line = f"**{'Passed' if due.is_past else 'By'}:** {due.event.name}, {when}. That date is {CERTAINTY_WORDS[due.certainty]}."
    return f"{line} {due.note}".strip()


def _on_device(event: SeasonEvent, zone: str | None) -> str:
    """Return Discord's timestamp: how long until then, or the time on the clock of her device where her zone is not known."""
    assert event.at is not None  # noqa: S101 - whoever asks holds a date
    instant = event.at.instant()
    return stamp(instant, "R") if zone or event.day_only else f"{stamp(instant, 'f')} on your device"


def clock_line(dues: Iterable[Due | None], zone: str | None, now: datetime) -> str:
    """Return a warning where a clock changes between now and the last of the hours shown, once for a whole card."""
    ahead = [due.event.at for due in dues if due and due.event and due.event.at and not due.event.day_only and not due.is_past]
    if not ahead:
        return ""
    last = max(ahead, key=lambda at: at.instant())
    return clock_change_line([last.zone, *([zone] if zone else [])], now, last.instant())


def reach_line(due: Due | None, reach: Reach) -> str:
    """Return whether something can still be reached, where that needs saying."""
    if reach is Reach.NO_LONGER:
        return TOO_LATE
    if reach is not Reach.TIGHT or due is None:
        return ""
    if due.is_late:
        return LATE
    return PLANNED_DAY_PASSED if due.is_past else LITTLE_TIME


def lost_line(result: Result) -> str:
    """Return that this Match is lost in the United States, why, and what the rest serves now; empty while it is not."""
    if not result.lost:
        return ""
    why = " and ".join(finding.rule.title for finding in result.lost)
    return (
        f"**By these answers the {result.answers.match_year} Match is over for you in the United States:** {why}, not met when the rank "
        "order list deadline passed. Exams, certificate and diploma now serve the next season."
    )


def short_provenance(citation: Citation) -> str:
    """Return how sure a rule is, its first source and its date in one quiet line."""
    line = CERTAINTY_WORDS[citation.certainty]
    if citation.sources:
        line += f" · {link(citation.sources[0])}"
    return f"-# {line}, as of {day_in_words(citation.as_of)}"


def provenance(citation: Citation) -> str:
    """Return certainty, every source, the date and where to confirm."""
    line = f"{CERTAINTY_WORDS[citation.certainty].capitalize()}. Source: {', '.join(map(link, citation.sources))}; "
    line += f"as of {day_in_words(citation.as_of)}."
    if citation.confirm_at is not None:
        line += f" Confirm at {link(citation.confirm_at)}."
    return line


def classes(result: Result, rules: Mapping[str, EligibilityRule] | None = None) -> str:
    """Return whom she is counted among, with the reason, and with the source where the rules are given."""
    lines: list[str] = []
    if result.us is not None:
        lines.append(f"**United States: {US_CLASSES[result.us.value]}.** {result.us.reason}")
        lines += _source_of("us-class", rules)
    if result.canada is not None:
        lines.append(f"**Canada: {CANADA_CLASSES[result.canada.value]}.** {result.canada.reason}")
        lines += _source_of("ca-class", rules)
    return "\n".join(lines)


def _source_of(rule_id: str, rules: Mapping[str, EligibilityRule] | None) -> list[str]:
    return [short_provenance(rules[rule_id].citation)] if rules and rule_id in rules else []


def answers_in_words(answers: Answers, page: Page) -> str:
    """Return the answers of one page, in the form's words."""
    lines = [f"**{page.title}**"]
    for field in page.fields:
        asked = question(field, answers.match_year, answers.country)
        labels = {option.value: option.label for option in asked.options}
        given = [labels.get(value, value.rpartition("-")[2]) for value in values_of(answers, field)]
        lines.append(f"{asked.title}: {', '.join(given) or 'none'}")
    return "\n".join(lines)
