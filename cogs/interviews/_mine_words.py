"""The words of her own interviews."""

from datetime import datetime

from bot.domain.interviews import Interview, InterviewFormat, InterviewState, Phase
from bot.services.interviews import Interviews
from cogs._ui.cards import plain, shortened
from cogs._ui.sources import day_text
from cogs._ui.times import days_left, on_clock

STATES = {
    InterviewState.INVITED: "invited, no time yet",
    InterviewState.BOOKED: "booked",
    InterviewState.WAITLISTED: "on the waiting list",
    InterviewState.DONE: "done",
    InterviewState.CANCELLED: "cancelled by the program",
    InterviewState.DECLINED: "declined by you",
}
FORMATS = {
    InterviewFormat.UNKNOWN: "not known",
    InterviewFormat.VIDEO: "video",
    InterviewFormat.IN_PERSON: "in person",
    InterviewFormat.HYBRID: "video or in person",
}
PHASES = {
    Phase.EARLY: "From your submission on",
    Phase.INVITED: "Once invited",
    Phase.DAY_BEFORE: "The day before",
    Phase.ON_THE_DAY: "On the day",
    Phase.AFTER: "After it",
}
GROUPS = {"": "All", "ahead": "Ahead, and without a time", "done": "Done", "off": "Cancelled or declined"}
PRIVATE = "Only you see this."
EMPTY = (
    "No interview stands here yet. Add one with its program, and the time if you have it, typed on the program's clock: "
    "/interviews add, or the button."
)
ADVICE = "What to prepare is our own advice, no rule of anybody."


def name_of(found: Interviews, interview: Interview, most: int = 70) -> str:
    """Return the name of its program, so that nothing in it is formatted."""
    return plain(shortened(found.name(interview), most))


def when_text(interview: Interview, zone: str | None) -> str:
    """Return when it is, on the program's clock and on hers where it differs."""
    if interview.begins_at is None:
        return "no time yet"
    theirs = on_clock(interview.begins_at, interview.zone)
    if zone is None or zone == interview.zone:
        return f"{theirs} ({place_of(interview.zone)})"
    return f"{theirs} ({place_of(interview.zone)}), your clock {on_clock(interview.begins_at, zone)}"


def place_of(zone: str) -> str:
    """Return the place by which a zone is named."""
    return zone.rpartition("/")[2].replace("_", " ")


def left_text(interview: Interview, now: datetime, zone: str | None) -> str:
    """Return how long it is until then; empty where it is over or no time is known."""
    if interview.begins_at is None or interview.is_over:
        return ""
    if interview.has_passed(now):
        return "its time has passed: how did it go?"
    return days_left(now, interview.begins_at, zone or interview.zone)


def line(found: Interviews, interview: Interview, number: int) -> str:
    """Return one interview of the list."""
    if not interview.is_readable:
        return f"**{number}.** what you noted can't be read any more"
    zone = found.member.zone
    left = left_text(interview, found.now, zone)
    close = [name_of(found, each, 30) for each in found.conflicts(interview)]
    answer = interview.answer_by
    details = [
        STATES[interview.state],
        left,
        f"answer by {day_text(answer)}" if answer and interview.state in (InterviewState.INVITED, InterviewState.WAITLISTED) else "",
        f"**too close to {close[0]}**" if close else "",
    ]
    return f"**{number}. {name_of(found, interview)}** · {when_text(interview, zone)}\n-# {' · '.join(each for each in details if each)}"
