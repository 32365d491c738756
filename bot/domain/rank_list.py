"""Her rank order list: an order that is hers, supplemental lists, what she weighs, and what she noted of certifying it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import IntEnum

PRIMARY = ""
"""The key of the primary list; a supplemental list has the id of its advanced program."""
MAX_RANKS = 300
"""Ranks that NRMP takes on a list."""
MAX_CRITERIA = 8
MAX_CRITERION = 40
MOST_MARK = 5
MAX_EARLIER = 10
"""Arrangements kept, to be brought back."""
MAX_ANSWERED = 60
MOST_QUESTIONS = 3


class Weight(IntEnum):
    """How much a criterion counts for her."""

    LITTLE = 1
    MUCH = 2
    MOST = 3


@dataclass(frozen=True, slots=True)
class Criterion:
    """Hold what she looks at in a program."""

    key: str
    name: str
    weight: Weight = Weight.MUCH


Arrangement = Mapping[str, tuple[str, ...]]
"""Ids of programs in her order, by list: ``PRIMARY``, or the id of an advanced program for its supplemental list."""


@dataclass(frozen=True, slots=True)
class RankList:
    """Hold her list of one season (``season_year`` is the year of the Match). Nothing in it is reordered but by her."""

    member_id: int
    season_year: int
    changed_at: datetime
    revision: int = 0
    """How often it was stored; 0 where it never was."""
    certified_on: date | None = None
    """When she certified it in R3, as she noted."""
    is_changed_since: bool = False
    """Whether its order was changed after that."""
    lists: Arrangement = field(default_factory=dict[str, tuple[str, ...]])
    criteria: tuple[Criterion, ...] = ()
    marks: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])
    """From 1 to 5, by the program's id and the criterion's key."""
    answered: tuple[str, ...] = ()
    """Questions to which she said that it is what she wants, oldest first."""
    ticks: frozenset[str] = frozenset()
    """What she ticked off in the check."""
    is_couple: bool | None = None
    """None where she was not asked."""
    earlier: tuple[Arrangement, ...] = ()
    """Arrangements before this one, oldest first."""
    is_readable: bool = True
    """False where its encrypted part can't be read."""

    @property
    def primary(self) -> tuple[str, ...]:
        """Return the primary list."""
        return self.lists.get(PRIMARY, ())

    def of(self, key: str) -> tuple[str, ...]:
        """Return a list by its key; empty where there is none."""
        return self.lists.get(key, ())

    @property
    def supplemental(self) -> Arrangement:
        """Return the supplemental lists that hold a program."""
        return {key: ids for key, ids in self.lists.items() if key != PRIMARY and ids}

    @property
    def all_ids(self) -> frozenset[str]:
        """Return every program on any list."""
        return frozenset(each for ids in self.lists.values() for each in ids)

    def mark(self, program_id: str, criterion: str) -> int | None:
        """Return how she marked a program, or None."""
        return self.marks.get(program_id, {}).get(criterion)

    def is_certified(self) -> bool:
        """Tell whether, as she noted, the list as it stands is certified."""
        return self.certified_on is not None and not self.is_changed_since


def rearranged(held: RankList, lists: Arrangement) -> RankList:
    """Return the list with another arrangement; that of before can be brought back. The same one changes nothing."""
    lists = {key: ids for key, ids in lists.items() if ids}
    if lists == held.lists:
        return held
    return replace(held, lists=lists, earlier=(*held.earlier, held.lists)[-MAX_EARLIER:], is_changed_since=held.certified_on is not None)


def added(held: RankList, ids: Iterable[str], key: str = PRIMARY) -> RankList:
    """Return the list with programs added at its end, each once."""
    before = held.of(key)
    new = [each for each in dict.fromkeys(ids) if each not in before]
    return rearranged(held, {**held.lists, key: (*before, *new)[:MAX_RANKS]})


def removed(held: RankList, program_id: str, key: str = PRIMARY) -> RankList:
    """Return the list without a program; with an advanced one goes its supplemental list."""
    lists = {**held.lists, key: tuple(each for each in held.of(key) if each != program_id)}
    if key == PRIMARY:
        lists.pop(program_id, None)
    return rearranged(held, lists)


def placed(held: RankList, program_id: str, place: int, key: str = PRIMARY) -> RankList:
    """Return the list with a program moved to a place, from 1; too far up or down is the first or the last."""
    ids = held.of(key)
    if program_id not in ids:
        return held
    rest = [each for each in ids if each != program_id]
    at = min(max(place, 1), len(ids)) - 1
    return rearranged(held, {**held.lists, key: (*rest[:at], program_id, *rest[at:])})


def brought_back(held: RankList) -> RankList | None:
    """Return the list as it was arranged before the last change; None where nothing was changed."""
    if not held.earlier:
        return None
    return replace(held, lists=held.earlier[-1], earlier=held.earlier[:-1], is_changed_since=held.certified_on is not None)


def without_gone(held: RankList, is_there: Callable[[str], bool]) -> RankList:
    """Return the list without the programs that are not kept any more, as it is shown."""
    if all(map(is_there, held.all_ids)):
        return held
    lists = {
        key: left
        for key, ids in held.lists.items()
        if key == PRIMARY or is_there(key)
        if (left := tuple(each for each in ids if is_there(each)))
    }
    return replace(held, lists=lists, is_changed_since=held.certified_on is not None)


@dataclass(frozen=True, slots=True)
class Question:
    """Ask whether an order is what she wants: by what she weighs most, the lower program has the better mark."""

    criterion: Criterion
    above: str
    below: str
    above_mark: int
    below_mark: int

    @property
    def key(self) -> str:
        """Return what an answer to it is kept by: it is asked anew where a mark changes."""
        return f"{self.criterion.key}.{self.above}.{self.below}.{self.above_mark}{self.below_mark}"


def questions(held: RankList) -> tuple[Question, ...]:
    """Return what her own marks ask about the primary list: at most a few, the widest gaps first. They never change the order.

    Only the criteria that she weighs most are looked at, and of each the one pair that differs most.
    """
    if not held.criteria:
        return ()
    heaviest = max(criterion.weight for criterion in held.criteria)
    found = [each for criterion in held.criteria if criterion.weight is heaviest for each in [_widest(held, criterion)] if each is not None]
    return tuple(sorted(found, key=lambda each: each.above_mark - each.below_mark)[:MOST_QUESTIONS])


def _widest(held: RankList, criterion: Criterion) -> Question | None:
    marked = [(each, mark) for each in held.primary if (mark := held.mark(each, criterion.key)) is not None]
    pairs = (
        Question(criterion, above, below, above_mark, below_mark)
        for at, (above, above_mark) in enumerate(marked)
        for below, below_mark in marked[at + 1 :]
        if below_mark > above_mark
    )
    answered = set(held.answered)
    return min((each for each in pairs if each.key not in answered), key=lambda each: each.above_mark - each.below_mark, default=None)
