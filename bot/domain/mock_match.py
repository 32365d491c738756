"""A mock match that members of a server play together: invented programs, lists drawn by lot; nothing here is a forecast."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.matching.deferred_acceptance import match
from bot.domain.matching.invention import HER, LEFT_OUT
from bot.domain.matching.market import Market, Matching, ProgramList, moved_first, sure_program
from bot.domain.matching.trace import Event, trace

Order = tuple[str, ...]

PROGRAMS = ("Amber", "Cobalt", "Indigo", "Jade", "Ochre", "Russet", "Teal", "Umber")
"""Colours: no hospital is meant. A game has some of them."""
FEWEST_PROGRAMS, MOST_PROGRAMS = 6, 8
FEWEST_LISTS = 3
"""Fewer are not revealed: numbers of two would tell each of them where the other one was placed."""
MOST_SEED = 2**53
OPEN_FOR = timedelta(hours=24)
KEPT_FOR = timedelta(days=7)
"""So long after a reveal each member can look at her result."""


class MockState(StrEnum):
    """Where a mock match stands."""

    OPEN = "open"
    """Members may join until it is closed or its time is over."""
    REVEALED = "revealed"
    STOPPED = "stopped"
    """Over without a result: stopped by a moderator, or its time was over."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Hold what everybody sees of a result: numbers alone."""

    applicants: int
    places: Mapping[str, int]
    """Of each program."""
    by_choice: tuple[int, ...]
    """How many were placed at their first choice, their second, and so on."""
    unplaced: int

    @property
    def places_in_all(self) -> int:
        """Return how many places there were."""
        return sum(self.places.values())

    @property
    def left(self) -> int:
        """Return how many places nobody got."""
        return self.places_in_all - sum(self.by_choice)


@dataclass(frozen=True, slots=True)
class OwnResult:
    """Hold what one member sees of a result: what became of her, and nobody else by name."""

    order: Order
    rank: int | None
    """Which place on her list she got, from 1; None where she got none."""
    events: tuple[Event, ...]
    """What happened to her, in order; others are numbers drawn by lot."""
    sure: str | None
    """Her safe choice: the last program of her list that ranks her within its places; None where none does."""
    with_sure_first: int | None
    """Which place of the same list she would have got with her safe choice put first."""


@dataclass(frozen=True, slots=True)
class Played:
    """Hold the whole outcome of a game."""

    numbers: Numbers
    results: Mapping[int, OwnResult]
    """By member."""


@dataclass(frozen=True, slots=True)
class MockMatch:
    """Hold one game of a server; instants aware, in UTC."""

    id: str
    guild_id: int
    channel_id: int
    message_id: int | None
    """The card that stands in the channel; None until it is posted."""
    author_id: int | None
    """None once the one who began it has erased what is stored of her."""
    state: MockState
    seed: int
    begun_at: datetime
    ends_at: datetime
    closed_at: datetime | None = None
    numbers: Numbers | None = None
    """None until the lists are matched."""

    def is_open(self, now: datetime) -> bool:
        """Tell whether members may join."""
        return self.state is MockState.OPEN and now < self.ends_at

    def has_ended(self, now: datetime) -> bool:
        """Tell whether its time was over before anybody closed it."""
        return self.state is MockState.OPEN and now >= self.ends_at

    def keeps_lists(self, now: datetime) -> bool:
        """Tell whether the lists of members are of use still."""
        if self.state is MockState.REVEALED and self.closed_at is not None:
            return now < self.closed_at + KEPT_FOR
        return self.is_open(now)

    @property
    def programs(self) -> tuple[str, ...]:
        """Return its programs."""
        return programs_of(self.seed)


def programs_of(seed: int) -> tuple[str, ...]:
    """Return the programs of a game, six to eight, always the same for a seed."""
    chance = random.Random(f"programs {seed}")  # noqa: S311 - a game, no secret
    return tuple(sorted(chance.sample(PROGRAMS, chance.randint(FEWEST_PROGRAMS, MOST_PROGRAMS))))


def drawn(seed: int, orders: Mapping[int, Order]) -> tuple[Market, dict[int, str]]:
    """Return the market that a seed and the lists of members always give, and the name by lot of each member in it.

    Each program has one place or two, and with more applicants than programs there are fewer places than applicants. It ranks those who
    rank it in an order by lot, and leaves some of them out.
    """
    programs, members = programs_of(seed), sorted(orders)
    chance = random.Random(f"lists {seed}")  # noqa: S311 - a game, no secret
    chance.shuffle(members)
    names = {member: f"Applicant {number}" for number, member in enumerate(members, 1)}
    twos = set(chance.sample(programs, max(0, min(len(programs), len(members) - 1 - len(programs)))))
    wanted_by: dict[str, list[str]] = {program: [] for program in programs}
    for member, name in names.items():
        for program in orders[member]:
            wanted_by[program].append(name)
    ranked: dict[str, ProgramList] = {}
    for program, wanting in wanted_by.items():
        kept = [name for name in wanting if chance.random() >= LEFT_OUT]
        chance.shuffle(kept)
        ranked[program] = ProgramList(2 if program in twos else 1, tuple(kept))
    return Market({name: orders[member] for member, name in names.items()}, ranked), names


def play(seed: int, orders: Mapping[int, Order]) -> Played:
    """Return what the algorithm gives for the lists of members, with program lists drawn by lot from a seed."""
    market, names = drawn(seed, orders)
    matching, happened = match(market), defaultdict[str, list[Event]](list)
    for event in trace(market):
        happened[event.applicant].append(Event(event.kind, HER, event.program, event.rank, event.others))
    results: dict[int, OwnResult] = {}
    for member, name in names.items():
        sure, rank = sure_program(market, name), matching.rank_of(name, market)
        results[member] = OwnResult(orders[member], rank, tuple(happened[name]), sure, _with_first(market, matching, name, sure))
    counts = Counter(result.rank for result in results.values())
    last = max((rank for rank in counts if rank is not None), default=0)
    numbers = Numbers(
        applicants=len(orders),
        places={name: program.places for name, program in market.programs.items()},
        by_choice=tuple(counts[rank] for rank in range(1, last + 1)),
        unplaced=counts[None],
    )
    return Played(numbers, results)


def _with_first(market: Market, matching: Matching, name: str, sure: str | None) -> int | None:
    """Return which place of her list she gets with her safe choice put first; the match is run anew, nothing is assumed."""
    wanted = market.applicants[name]
    if sure is None or wanted[0] == sure:
        return matching.rank_of(name, market)
    got = match(market.with_list(name, moved_first(wanted, sure))).program_of.get(name)
    return None if got is None else wanted.index(got) + 1


def with_program(order: Order, program: str, allowed: Sequence[str]) -> Order:
    """Return an order with one more program at its end; the same order where the program is on it, or is none of the game."""
    return (*order, program) if program in allowed and program not in order else order
