"""The reminder that a step of the plan can have: about the step, early enough to do it, in her morning."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.eligibility.changes import date_of, how_sure
from bot.domain.eligibility.plan import PlanStep
from bot.domain.eligibility.verdicts import Due, Reach
from bot.domain.leads import lead_words
from bot.domain.zones import resolve, wall_time

MORNING = time(9)
"""When a reminder of a step comes, on her clock."""
LAST = (1, 0)
"""The days before that are left where all of a rule's own have passed."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """Hold when the reminder of a step would come, and how long that is before its date."""

    due_at: datetime
    label: str


def ahead_of(step: PlanStep, zone: str, now: datetime) -> Ahead | None:
    """Return the earliest reminder of a step that is left, or None where no date of it lies ahead."""
    if step.due is None or step.due.is_past or step.reach is Reach.NO_LONGER:
        return None
    day, end = _day_and_end(step.due, zone)
    if day is None:
        return None
    for days in (*step.finding.rule.ahead, *LAST):
        at = resolve(datetime.combine(day - timedelta(days=days), MORNING), zone).instant
        if at > now and (end is None or at < end):
            return Ahead(at, lead_words(timedelta(days=days)) if days else "on the day")
    return None


def _day_and_end(due: Due, zone: str) -> tuple[date | None, datetime | None]:
    """Return the day by which a step is needed, on her clock, and the instant at which it ends, where one is held."""
    if due.on is not None:
        return due.on, None
    if due.event is None or due.event.at is None:
        return None, None
    if due.event.day_only:
        return due.event.at.local.date(), None
    return wall_time(due.event.at.instant(), zone).date(), due.event.at.instant()


def reminder_text(step: PlanStep, match_year: int, remark: str = "") -> str:
    """Return what the reminder of a step says: the step, what to do, by when and how sure that is, with a remark where one is needed."""
    parts = [f"{step.finding.rule.title}, for the {match_year} Match.", remark, step.todo or step.otherwise]
    due = step.due
    if due is not None and not due.is_past and (due.on is not None or (due.event is not None and due.event.at is not None)):
        name = f"{due.event.name}, " if due.event is not None else ""
        parts.append(f"By: {name}{date_of(due)} ({how_sure(due)}).")
    return " ".join(part for part in parts if part)
