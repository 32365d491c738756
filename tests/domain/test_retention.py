"""How long what is stored lasts: the end of a term by its rule, and what a day's look does then."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.delivery import DeliveryState
from bot.domain.retention import Notice, Reason, Step, Term, erased_from, step_for, twelve_months_after

ACT = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOLD = datetime(2028, 7, 1, 13, tzinfo=UTC)
DAY = timedelta(days=1)


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def a_notice(state: DeliveryState = DeliveryState.SENT, **changes: datetime | None) -> Notice:
    values: dict[str, datetime | None] = {"sent_at": TOLD if state is DeliveryState.SENT else None}
    return Notice("notice", state, TOLD, **(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("term", "last", "why"),
    [
        (Term(1, ACT, 2027), date(2028, 6, 30), Reason.SEASON),
        (Term(1, ACT, 2025), date(2026, 6, 30), Reason.SEASON),
        (Term(1, at("2028-06-01"), 2027), date(2028, 6, 30), Reason.SEASON),
        (Term(1, ACT), date(2027, 11, 22), Reason.QUIET),
        (Term(1, at("2028-02-29")), date(2029, 2, 28), Reason.QUIET),
        (Term(1, ACT, 2027, kept_until=date(2029, 7, 20)), date(2029, 7, 20), Reason.KEPT),
        (Term(1, ACT, 2028, kept_until=date(2028, 7, 20)), date(2029, 6, 30), Reason.SEASON),
        (Term(1, ACT, kept_until=date(2027, 1, 1)), date(2027, 11, 22), Reason.QUIET),
    ],
)
def test_a_term_ends_twelve_months_past_her_season_or_her_last_act_or_as_she_kept_it(term: Term, last: date, why: Reason) -> None:
    assert term.ends() == (last, why)
    assert not term.is_over(datetime(last.year, last.month, last.day, 23, 59, tzinfo=UTC))
    assert term.is_over(datetime(last.year, last.month, last.day, tzinfo=UTC) + DAY)


def test_a_term_is_twelve_months_whatever_the_day() -> None:
    assert twelve_months_after(date(2027, 6, 30)) == date(2028, 6, 30)
    assert twelve_months_after(date(2028, 2, 29)) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("notice", "waits_since", "now", "step"),
    [
        (None, None, at("2028-06-30"), Step.NOTHING),
        (None, None, at("2028-07-01"), Step.TELL),
        (a_notice(), None, at("2028-06-30"), Step.NOTHING),
        (a_notice(DeliveryState.PENDING), None, TOLD + 900 * DAY, Step.NOTHING),
        (a_notice(DeliveryState.CLAIMED), None, TOLD + 900 * DAY, Step.NOTHING),
        (a_notice(DeliveryState.CANCELLED), None, TOLD + 900 * DAY, Step.NOTHING),
        (a_notice(), None, TOLD + 30 * DAY - timedelta(seconds=1), Step.NOTHING),
        (a_notice(), None, TOLD + 30 * DAY, Step.ERASE),
        (a_notice(DeliveryState.PARKED), None, TOLD + DAY, Step.NOTE),
        (a_notice(DeliveryState.PARKED), TOLD + DAY, TOLD + 90 * DAY, Step.NOTHING),
        (a_notice(DeliveryState.PARKED), TOLD + DAY, TOLD + 91 * DAY, Step.ERASE),
        # Seen on its last day in the inbox: thirty days more, as from a delivery.
        (a_notice(DeliveryState.PARKED, seen_at=TOLD + 90 * DAY), TOLD + DAY, TOLD + 119 * DAY, Step.NOTHING),
        (a_notice(DeliveryState.PARKED, seen_at=TOLD + 90 * DAY), TOLD + DAY, TOLD + 120 * DAY, Step.ERASE),
        (a_notice(DeliveryState.PARKED, seen_at=TOLD), None, TOLD + 30 * DAY, Step.ERASE),
    ],
)
def test_what_a_look_does_follows_what_became_of_the_notice(
    notice: Notice | None, waits_since: datetime | None, now: datetime, step: Step
) -> None:
    assert step_for(Term(1, ACT, 2027, waits_since=waits_since), notice, now) is step


REMOVED = Term(1, ACT, 2027, kept_until=date(2029, 7, 20), removed_at=ACT + DAY)


def test_who_took_the_app_off_is_told_at_once_that_all_of_it_ends_in_thirty_days() -> None:
    assert REMOVED.ends() == ((ACT + 31 * DAY).date(), Reason.REMOVED)
    assert step_for(REMOVED, None, ACT + DAY) is Step.TELL


@pytest.mark.parametrize("seen_at", [None, ACT + 29 * DAY])
def test_who_took_the_app_off_is_erased_in_thirty_days_whether_she_saw_the_notice_or_not(seen_at: datetime | None) -> None:
    notice = a_notice(DeliveryState.PARKED, seen_at=seen_at)
    assert step_for(REMOVED, notice, ACT + 31 * DAY - timedelta(seconds=1)) is Step.NOTHING
    assert step_for(REMOVED, notice, ACT + 31 * DAY) is Step.ERASE


@pytest.mark.parametrize("notice", [None, a_notice(DeliveryState.PARKED)])
def test_who_came_back_after_she_took_the_app_off_is_not_erased(notice: Notice | None) -> None:
    assert step_for(replace(REMOVED, last_act=ACT + 2 * DAY), notice, ACT + 300 * DAY) is Step.GO_ON


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.PARKED])
def test_who_goes_on_after_the_notice_is_not_erased(state: DeliveryState) -> None:
    went_on = Term(1, TOLD + DAY, 2027, waits_since=TOLD)
    assert step_for(went_on, a_notice(state), TOLD + 200 * DAY) is Step.GO_ON


def test_nothing_is_erased_of_a_notice_that_may_not_have_arrived() -> None:
    assert erased_from(a_notice(DeliveryState.SENT, sent_at=None), None) is None
    assert erased_from(a_notice(DeliveryState.PARKED), None) is None
