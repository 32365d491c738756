"""The steps after a writer has agreed: when each is due, which lie ahead, and which have passed; a passed day is said, never scheduled."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.ids import derived_id
from bot.domain.letters import FollowUp, FollowUpKind, FollowUpState, Letter

BEFORE_TARGET = {
    FollowUpKind.SIX_WEEKS: timedelta(weeks=6),
    FollowUpKind.TWO_WEEKS: timedelta(weeks=2),
    FollowUpKind.ONE_WEEK: timedelta(weeks=1),
}
FIRST_ENDS = timedelta(weeks=4)
"""The first step has a window: from 6 to 4 weeks before the target."""
AFTER_UPLOAD = timedelta(days=1)
ASKING = tuple(BEFORE_TARGET)
"""The steps that ask; thanks is the other one."""


class Standing(StrEnum):
    """Where a step stands on a day."""

    AHEAD = "ahead"
    TODAY = "today"
    OPEN = "open"
    """Its window has begun and has not ended."""
    PASSED = "passed"
    DONE = "done"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Step:
    """Hold one step of a letter's timeline, stored or not."""

    follow_up: FollowUp
    default_on: date | None
    """The day that follows from the target, or from the upload; None without either."""
    is_stored: bool
    last_on: date
    """The last day on which it is of use as planned; for all but the first step the day that it is due."""

    @property
    def is_moved(self) -> bool:
        """Tell whether she chose another day."""
        return self.follow_up.due_on != self.default_on

    def standing(self, today: date) -> Standing:
        """Return where the step stands."""
        if self.follow_up.state is not FollowUpState.PLANNED:
            return Standing(self.follow_up.state.value)
        if self.follow_up.due_on > today:
            return Standing.AHEAD
        if self.follow_up.due_on == today:
            return Standing.TODAY
        return Standing.OPEN if today <= self.last_on else Standing.PASSED

    def reminder_days(self, today: date) -> tuple[date, ...]:
        """Return the days on which she can be reminded of it, the best first; none where it has passed or is settled."""
        if self.follow_up.state is not FollowUpState.PLANNED:
            return ()
        return tuple(day for day in dict.fromkeys((self.follow_up.due_on, self.last_on)) if day >= today)


def step_id(letter_id: str, kind: FollowUpKind) -> str:
    """Return the id that a step of a letter always has."""
    return derived_id("letter_step", letter_id, kind.value)


def default_day(kind: FollowUpKind, target: date | None, arrived_on: date | None) -> date | None:
    """Return when a step is due by itself: before the target, or thanks on the day after the upload; None where that is not known."""
    if kind is FollowUpKind.THANKS:
        return None if arrived_on is None else arrived_on + AFTER_UPLOAD
    return None if target is None else target - BEFORE_TARGET[kind]


def kinds_of(letter: Letter) -> tuple[FollowUpKind, ...]:
    """Return the steps that a letter has now: those that ask while it is awaited, thanks once it is there; none before or if declined."""
    if letter.is_awaited:
        return ASKING
    return (FollowUpKind.THANKS,) if letter.is_in and not letter.is_imported else ()


def timeline(letter: Letter, target: date | None, arrived_on: date | None, stored: Iterable[FollowUp]) -> tuple[Step, ...]:
    """Return the steps of a letter in their order: those that it has now, and earlier ones that were done or skipped.

    A step that is not stored stands on its default day; where there is no target it is left out, unless she gave it a day.
    """
    held = {each.kind: each for each in stored if each.letter_id == letter.id}
    current = kinds_of(letter)
    steps: list[Step] = []
    for kind in FollowUpKind:
        default, row = default_day(kind, target, arrived_on), held.get(kind)
        if kind not in current and (row is None or row.state is FollowUpState.PLANNED):
            continue
        if row is None and default is None:
            continue
        if row is None:
            assert default is not None  # noqa: S101 - see above
            row = FollowUp(step_id(letter.id, kind), letter.id, letter.member_id, kind, FollowUpState.PLANNED, default)
        steps.append(Step(row, default, kind in held, _last_day(row, default, target)))
    return tuple(steps)


def _last_day(row: FollowUp, default: date | None, target: date | None) -> date:
    is_window = row.kind is FollowUpKind.SIX_WEEKS and target is not None and row.due_on == default
    return target - FIRST_ENDS if is_window and target is not None else row.due_on


def retargeted(row: FollowUp, before: date | None, after: date | None) -> FollowUp | None:
    """Return a stored step after its target has moved: on its new default day, or as it is where she had moved it or it is settled.

    None where it need not be stored any more: it stands on its default day and nobody asked to be reminded.
    """
    if row.state is not FollowUpState.PLANNED or row.due_on != default_day(row.kind, before, None):
        return row
    day = default_day(row.kind, after, None)
    if day is None or row.reminder_id is None:
        return None
    return replace(row, due_on=day)
