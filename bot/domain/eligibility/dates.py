"""By when a rule asks for something, and whether that can still be reached."""

from datetime import date, datetime, timedelta

from bot.domain.calendar import SeasonEvent
from bot.domain.eligibility.answers import Answers, YesNo
from bot.domain.eligibility.verdicts import Circumstances, Due, EligibilityRule, Reach
from bot.domain.facts import Certainty

TIGHT = timedelta(days=28)
"""What is due within this time is called tight."""
FIRST_ITERATION, SECOND_ITERATION = "carms-first-deadline", "carms-second-opens"
NO_LAST_DAY = "The last day of the second iteration is not held: look at carms.ca today."
FIRST_IS_OVER = f"For the first iteration it is too late; this is the second one. {NO_LAST_DAY}"
FIRST_SEEMS_OVER = (
    "For the first iteration it is too late by the pattern held (its deadline of 2026 was in late November); this is the second one. "
    f"{NO_LAST_DAY}"
)


def named(rule: EligibilityRule, answers: Answers, around: Circumstances) -> Due | None:
    """Return the date that a rule names for these answers, whatever the day; None where it names none."""
    # Who trained in Canada or the US before has the second iteration; of that only the opening is held.
    is_second = rule.by == FIRST_ITERATION and answers.prior_training is YesNo.YES
    if rule.by:
        return _dated(rule, SECOND_ITERATION if is_second else rule.by, around)
    if rule.by_day:
        month, day = map(int, rule.by_day.split("-"))
        # A season runs from June to June: from July on the day lies in the year before its Match.
        on = date(answers.match_year - 1 if month > 6 else answers.match_year, month, day)
        return Due(on=on, certainty=Certainty.ESTIMATED, is_past=on < around.now.date())
    return None


def shown(rule: EligibilityRule, answers: Answers, around: Circumstances) -> Due | None:
    """Return the date that counts now: where the usual one has passed, the one until which it is late, but possible."""
    due = named(rule, answers, around)
    is_first_over = around.has_passed(FIRST_ITERATION)
    if rule.by == FIRST_ITERATION and answers.prior_training is not YesNo.YES and (is_first_over or around.has_passed(SECOND_ITERATION)):
        note = FIRST_IS_OVER if is_first_over else FIRST_SEEMS_OVER
        return _dated(rule, SECOND_ITERATION, around, note)
    if due is None or due.event is None or not due.is_past:
        return due
    if rule.at_latest and rule.at_latest in around.events:
        return _dated(rule, rule.at_latest, around, is_late=True)
    return due


def _dated(rule: EligibilityRule, key: str, around: Circumstances, note: str = "", *, is_late: bool = False) -> Due:
    event = around.events.get(key)
    if event is None:
        return Due(owner=rule.citation.confirm_at or rule.citation.sources[0])
    is_past = around.has_passed(key)
    if is_past and not note:
        note = NO_LAST_DAY if key == SECOND_ITERATION else rule.passed
    return Due(event=event, certainty=event.citation.certainty, is_past=is_past, is_late=is_late and not is_past, note=note)


def reach(rule: EligibilityRule, due: Due | None, around: Circumstances) -> Reach:
    """Return whether what is missing can still be had for this Match."""
    if rule.over and around.has_passed(rule.over):
        return Reach.NO_LONGER
    if due is None or (due.event is None and due.on is None):
        return Reach.NOT_KNOWN
    if due.event is not None:
        return _reach_of_event(rule, due, due.event, around.now)
    assert due.on is not None  # noqa: S101 - one of the two stands here
    if due.is_past:
        # Our own planning day has passed; only an event that has passed too makes it impossible.
        return Reach.NO_LONGER if around.has_passed(rule.at_latest) or not rule.at_latest else Reach.TIGHT
    return Reach.TIGHT if due.on - around.now.date() < TIGHT else Reach.OPEN


def _reach_of_event(rule: EligibilityRule, due: Due, event: SeasonEvent, now: datetime) -> Reach:
    if event.at is None:
        return Reach.NOT_KNOWN
    if due.is_past:
        # An opening that has passed ends nothing, and neither does a date after which each program decides.
        return Reach.NOT_KNOWN if event.key == SECOND_ITERATION or rule.passed else Reach.NO_LONGER
    return Reach.TIGHT if due.is_late or event.at.instant() - now < TIGHT else Reach.OPEN
