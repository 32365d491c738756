"""How long what is stored lasts: past a member's own season, past the last thing she did, past the day a server left."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum, auto

from dateutil.relativedelta import relativedelta

from bot.domain.delivery import DeliveryState

MONTHS_KEPT = 12
AFTER_NOTICE = timedelta(days=30)
"""How long after a notice that reached her all is erased."""
UNSEEN = timedelta(days=90)
"""The same for a notice that lies in her inbox and was not looked at."""
AFTER_REMOVAL = timedelta(days=30)
"""How long what is stored outlasts her taking the app off her account."""
SERVER_GRACE = timedelta(days=30)
"""How long what a server chose outlasts the bot's removal from it."""
SEASON_ENDS = (6, 30)
"""Month and day on which the season of a target year ends."""


class Reason(StrEnum):
    """Why a term ends when it does."""

    SEASON = "season"
    """Twelve months have passed since her season."""
    QUIET = "quiet"
    """Twelve months have passed since the last thing that she did."""
    KEPT = "kept"
    """Twelve months have passed since she chose to keep it."""
    REMOVED = "removed"
    """She took the app off her account."""


class Step(Enum):
    """What the daily look does for one member."""

    NOTHING = auto()
    TELL = auto()
    """Say that it expires."""
    NOTE = auto()
    """Note from when on the notice lies in her inbox."""
    GO_ON = auto()
    """She went on after the notice: that keeps it as Keep does."""
    ERASE = auto()


@dataclass(frozen=True, slots=True)
class Notice:
    """Hold what became of a notice; instants aware, in UTC."""

    id: str
    state: DeliveryState
    due_at: datetime
    sent_at: datetime | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """Hold what says how long a member's data lasts; instants aware, in UTC."""

    member_id: int
    last_act: datetime
    """The last thing that she did of which the time is stored."""
    target_year: int | None = None
    kept_until: date | None = None
    """The last day by her own Keep; None where she never pressed it."""
    waits_since: datetime | None = None
    """From when on the notice lies in her inbox, as a daily look found it."""
    removed_at: datetime | None = None
    """When she took the app off her account; None where she did not, or kept what is stored since."""

    def ends(self) -> tuple[date, Reason]:
        """Return the last day, and by which rule."""
        if self.removed_at is not None:
            return (self.removed_at + AFTER_REMOVAL).date(), Reason.REMOVED
        if self.target_year is not None:
            rule = twelve_months_after(date(self.target_year, *SEASON_ENDS)), Reason.SEASON
        else:
            rule = twelve_months_after(self.last_act.date()), Reason.QUIET
        kept = self.kept_until
        return (kept, Reason.KEPT) if kept is not None and kept > rule[0] else rule

    def is_over(self, now: datetime) -> bool:
        """Tell whether the last day has passed, or is set because she took the app off her account: then she is told at once."""
        return self.removed_at is not None or self.ends()[0] < now.date()


def twelve_months_after(day: date) -> date:
    """Return the same day of the next year; 28 February after a 29th."""
    return day + relativedelta(months=MONTHS_KEPT)


def step_for(term: Term, notice: Notice | None, now: datetime) -> Step:
    """Return what is to be done for a member; ``notice`` is the one about this very end of her term."""
    if not term.is_over(now):
        return Step.NOTHING
    if term.removed_at is not None and term.last_act > term.removed_at:
        return Step.GO_ON
    if notice is None:
        return Step.TELL
    if notice.state not in (DeliveryState.SENT, DeliveryState.PARKED):  # it has not reached her
        return Step.NOTHING
    if term.removed_at is not None:  # she knows what she did: whether she looks into her inbox has no bearing on when it ends
        return Step.ERASE if term.removed_at + AFTER_REMOVAL <= now else Step.NOTHING
    if term.last_act > notice.due_at:
        return Step.GO_ON
    if notice.state is DeliveryState.PARKED and notice.seen_at is None and term.waits_since is None:
        return Step.NOTE
    erased_at = erased_from(notice, term.waits_since)
    return Step.ERASE if erased_at is not None and erased_at <= now else Step.NOTHING


def erased_from(notice: Notice, waits_since: datetime | None) -> datetime | None:
    """Return when all is erased unless she keeps it; None while that can't be said."""
    if notice.state is DeliveryState.SENT:
        return notice.sent_at + AFTER_NOTICE if notice.sent_at is not None else None
    if notice.seen_at is not None:
        return notice.seen_at + AFTER_NOTICE
    return waits_since + UNSEEN if waits_since is not None else None
