"""The words of Match Week, for one member."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.calendar import SeasonEvent
from bot.domain.eligibility.verdicts import Finding, Verdict
from bot.domain.matchweek import PackNotice
from bot.domain.matchweek_words import filled
from bot.domain.own_week import Result, Said, Window, window_of
from bot.domain.seasons import is_past
from bot.services.own_week import Week
from cogs._ui.pushed_dates import left_words
from cogs._ui.times import on_clock, organisers_clock, provenance_short

RESULTS = {
    Result.MATCHED: "I matched",
    Result.PARTLY: "I matched in part",
    Result.NOT_MATCHED: "I did not match",
    Result.UNSAID: "I'd rather not say",
}
"""What the buttons say."""
YOU_SAID = {
    Result.MATCHED: "You said that you matched.",
    Result.PARTLY: "You said that you matched in part.",
    Result.NOT_MATCHED: "You said that you did not match.",
    Result.UNSAID: "You would rather not say, and that is fine. You are not asked again.",
}
ASKED = (
    "**How did it go?** Results are out. Only you see this; no one else is shown or told what you choose, and nothing is guessed. "
    "It decides which steps you see here, and whether good news may be sent to you."
)
NOT_YET = "Results are not out yet, so there is nothing to say. You are asked here once they are."
PRIVATE = "Only you see this. What you say here is kept encrypted; Forget deletes it."
VERDICTS = {
    Verdict.MET: "By your saved answers you may take part, if you are partly matched or not matched.",
    Verdict.NOT_MET: "By your saved answers you may not take part.",
    Verdict.UNKNOWN: "Whether you may take part is not known from your saved answers.",
    Verdict.DEPENDS: "Whether you may take part depends.",
}
NO_ANSWERS = "Whether you may take part can't be said without your answers: /eligibility check, then Save."
R3_COUNTS = "R3 shows on Monday of Match Week whether you may; that counts."
SHOWN_NEXT = {
    Result.MATCHED: "Where, you learn on Match Day; /matchweek now has the hour on your clock.",
    Result.PARTLY: "First: /matchweek soap, for the part that is missing. After it: /help, “I did not match”.",
    Result.NOT_MATCHED: (
        "First: /matchweek soap. After it: /help, “I did not match” and “I am reapplying”; /letters board has what can be used again."
    ),
    Result.UNSAID: "/matchweek soap has the rules and times of SOAP, if you want them. /help has the rest.",
}


def short_clock(instant: datetime, zone: str) -> str:
    """Return an instant on one clock without its year: ``Mon 15 Mar, 10:00 EDT``."""
    return on_clock(instant, zone).replace(f" {instant.astimezone(ZoneInfo(zone)).year},", ",", 1)


def event_line(event: SeasonEvent, now: datetime, zone: str | None, *, is_next: bool) -> str:
    """Return one line of the week: both clocks, what it is, and how it stands."""
    if event.at is None:
        return f"- {event.name}: not known"
    instant = event.at.instant()
    end = event.until.instant() if event.until is not None else None
    when = organisers_clock(event.at, day_only=True) if event.day_only else short_clock(instant, event.at.zone)
    if event.until is not None and not event.day_only:
        when += f" to {event.until.local:%H:%M}"
    if zone is not None and zone != event.at.zone and not event.day_only:
        when += f", your clock {short_clock(instant, zone)}"
        when += f" to {end.astimezone(ZoneInfo(zone)):%H:%M}" if end is not None else ""
    line = f"{event.name}: {when}"
    if end is not None and instant <= now < end:
        return f"- **Now, {line}**; ends {left_words(end - now)}"
    if instant <= now:
        return f"- ~~{event.name}~~: {when}"
    return f"- **Next, {left_words(instant - now)}: {line}**" if is_next else f"- {line}"


def week_lines(week: Week, now: datetime, keys: Iterable[str] | None = None) -> str:
    """Return the events of the week in order, each on two clocks; of those that are over only the last one."""
    wanted = [event for key, event in week.events.items() if keys is None or key in set(keys)]
    over = [each for each in wanted if is_past(each, now)]
    wanted = [each for each in wanted if each not in over[:-1]]
    ahead = next((each for each in wanted if each.at is not None and each.at.instant() > now), None)
    lines = [event_line(each, now, week.member.zone, is_next=each is ahead) for each in wanted]
    return "\n".join(lines) or "Of this week no date is held: check with its organiser."


def certainty_lines(events: Iterable[SeasonEvent]) -> str:
    """Return how sure the dates are and where to confirm them, each once."""
    return "\n".join(list(dict.fromkeys(provenance_short(each) for each in events))[:3])


def said_text(week: Week, said: Said) -> str:
    """Return what the pack says to her now, its times filled in."""
    title = filled(said.notice.title, week.year, week.season_events)
    return f"**{title}**\n{filled(said.text, week.year, week.season_events)}"


def help_lines(notice: PackNotice | None) -> str:
    """Return where help is: the numbers, from the notice of the pack that names them."""
    if notice is None:
        return ""
    lines = [line for line in notice.text.splitlines() if line.startswith("- ")]
    return "\n".join(["**Where help is, at any hour**", *lines]) if lines else ""


def soap_verdict(finding: Finding | None) -> str:
    """Return whether she may take part in SOAP, and why."""
    if finding is None:
        return f"{NO_ANSWERS} {R3_COUNTS}"
    return f"{VERDICTS[finding.verdict]} {finding.reason} {R3_COUNTS}"


def round_line(event: SeasonEvent, now: datetime, zone: str | None) -> str:
    """Return one round of offers, on two clocks, with how it stands."""
    if window_of(event, now) is Window.NOT_KNOWN:
        return f"- {event.name}: not known; check with its organiser"
    return event_line(event, now, zone, is_next=False)
