"""How late reminders of one deadline come at a limited rate: a calculation in minutes, without chance. Pure functions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

MINUTE = 60
HOUR = 3600
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Group:
    """Hold reminders that fall due at one instant; times in seconds, the deadline being 0 and what is before it negative."""

    name: str
    count: int
    lead: int
    begins: int | None = None
    """When they may go; by default when they are due."""

    @property
    def due(self) -> int:
        """Return when they are due."""
        return -self.lead

    @property
    def start(self) -> int:
        """Return when the first of them may go."""
        return self.due if self.begins is None else self.begins


@dataclass(slots=True)
class Arrivals:
    """Hold how many of a group went in which minute (by the minute's end)."""

    group: Group
    minutes: list[tuple[int, float]] = field(default_factory=list[tuple[int, float]])

    def lateness(self, percent: float) -> int:
        """Return how many seconds after they were due so many of a hundred had gone; 0 for what went early."""
        wanted, gone = self.group.count * percent / 100, 0.0
        for end, count in self.minutes:
            gone += count
            if gone >= wanted - 1e-6:
                return max(0, end - self.group.due)
        return max(0, self.minutes[-1][0] - self.group.due) if self.minutes else 0

    def after_deadline(self) -> float:
        """Return the share that went when the deadline had passed; of those that were to come with it, later than ten minutes after."""
        grace = 10 * MINUTE if self.group.lead == 0 else 0
        return sum(count for end, count in self.minutes if end > grace) / self.group.count


Order = Callable[[Group], tuple[int, ...]]


def as_they_are_due(group: Group) -> tuple[int, ...]:
    """Order as they fall due, the longest waiting first."""
    return (group.due,)


def by_priority(group: Group) -> tuple[int, ...]:
    """Order as Matchday does: what is due within the day of its deadline first, then as they fall due."""
    return (0 if group.lead <= DAY else 1, group.due)


def shortest_lead_first(group: Group) -> tuple[int, ...]:
    """Order by what is of no use soonest."""
    return (group.lead,)


def send(groups: Sequence[Group], rate: float, order: Order) -> dict[str, Arrivals]:
    """Send minute by minute at ``rate`` a second, each minute in order of what may go by then; return the arrivals by name."""
    left = {group.name: float(group.count) for group in groups}
    found = {group.name: Arrivals(group) for group in groups}
    at = min(group.start for group in groups)
    while any(left.values()):
        room = rate * MINUTE
        for group in sorted((each for each in groups if each.start <= at and left[each.name] > 0), key=order):
            sent = min(room, left[group.name])
            if sent > 0:
                left[group.name] -= sent
                room -= sent
                found[group.name].minutes.append((at + MINUTE, sent))
        for name, count in left.items():
            if count < 1e-6:
                left[name] = 0.0
        at += MINUTE
    return found


def begin_early(groups: Sequence[Group], rate: float) -> list[Group]:
    """Return the groups with the latest beginnings with which each has gone when it is due: planned backwards from the last one."""
    planned: list[Group] = []
    free_until: float | None = None
    for group in sorted(groups, key=lambda each: -each.due):
        end = group.due if free_until is None else min(group.due, free_until)
        # Whole minutes, as the sending is reckoned; one is lost at each end.
        begins = int((end - group.count / rate) // MINUTE * MINUTE) - MINUTE
        planned.append(Group(group.name, group.count, group.lead, begins))
        free_until = begins
    return planned[::-1]


def hours_for(count: int, rate: float) -> float:
    """Return how many hours so many messages take."""
    return count / rate / HOUR
