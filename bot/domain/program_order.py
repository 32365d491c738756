"""Her list of programs, filtered, sorted and counted."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from bot.domain.programs import Program, ProgramStage, Signal, VisaPolicy

NOT_KNOWN = "0"
"""The value of a filter that asks for programs of which the thing is not known."""


class Sort(StrEnum):
    """In which order programs stand; what is not known comes last."""

    NAME = "name"
    STATE = "state"
    SPECIALTY = "specialty"
    STAGE = "stage"
    SIGNAL = "signal"
    VISA = "visa"
    CHANGED = "changed"
    """What changed last comes first."""
    IMGS = "imgs"
    """The largest share of IMGs among residents comes first."""
    OPEN_HOUSE = "open_house"
    """The earliest open house comes first."""


class Facet(StrEnum):
    """By what programs can be filtered."""

    STAGE = "stage"
    SPECIALTY = "specialty"
    REGION = "region"
    VISA = "visa"
    SIGNAL = "signal"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Filters:
    """Hold the value that each facet must have; empty: any."""

    stage: str = ""
    specialty: str = ""
    region: str = ""
    visa: str = ""
    signal: str = ""
    service: str = ""

    @property
    def is_set(self) -> bool:
        """Tell whether anything is filtered."""
        return any(getattr(self, each.name) for each in fields(self))


def values_of(program: Program, facet: Facet) -> frozenset[str]:
    """Return the values that a program has of a facet; ``NOT_KNOWN`` where it has none."""
    found: Mapping[Facet, frozenset[str]] = {
        Facet.STAGE: frozenset({program.stage.value}),
        Facet.SPECIALTY: frozenset({program.specialty or NOT_KNOWN}),
        Facet.REGION: frozenset({program.region or NOT_KNOWN}),
        Facet.VISA: frozenset(each.value for each in program.visa) or frozenset({NOT_KNOWN}),
        Facet.SIGNAL: frozenset({program.signal.value}),
        Facet.SERVICE: frozenset({program.service.value}),
    }
    return found[facet]


def filtered(programs: Iterable[Program], filters: Filters) -> list[Program]:
    """Return the programs that have every value asked for."""
    asked = [(facet, value) for facet in Facet if (value := getattr(filters, facet.value))]
    return [each for each in programs if all(value in values_of(each, facet) for facet, value in asked)]


def counted(programs: Iterable[Program], facet: Facet) -> dict[str, int]:
    """Return how many programs have each value of a facet, the most frequent first."""
    counts = Counter(value for each in programs for value in values_of(each, facet))
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


_STAGES = {stage: place for place, stage in enumerate(ProgramStage)}
_SIGNALS = {Signal.GOLD: 0, Signal.ONE: 1, Signal.SILVER: 2, Signal.NONE: 3}
_VISAS = {VisaPolicy.H1B: 0, VisaPolicy.J1: 1, VisaPolicy.OTHER: 2, VisaPolicy.UNSTATED: 3, VisaPolicy.NONE: 4}


def ordered(programs: Iterable[Program], sort: Sort, specialty_name: Callable[[str], str]) -> list[Program]:
    """Return the programs in an order; equal ones by name, then in the order in which they were added."""
    keys: Mapping[Sort, Callable[[Program], tuple[object, ...]]] = {
        Sort.NAME: lambda _: (),
        Sort.STATE: lambda each: (not each.region, each.region),
        Sort.SPECIALTY: lambda each: (each.specialty is None, specialty_name(each.specialty) if each.specialty else ""),
        Sort.STAGE: lambda each: (_STAGES[each.stage],),
        Sort.SIGNAL: lambda each: (_SIGNALS[each.signal],),
        Sort.VISA: lambda each: (min((_VISAS[policy] for policy in each.visa), default=len(_VISAS)),),
        Sort.CHANGED: lambda each: (-each.changed_at.timestamp(),),
        Sort.IMGS: lambda each: (each.imgs is None, -(each.imgs.rate or 0) if each.imgs else 0, -each.imgs.number if each.imgs else 0),
        Sort.OPEN_HOUSE: lambda each: (each.open_house_on is None, str(each.open_house_on)),
    }
    return sorted(programs, key=lambda each: (*keys[sort](each), each.key, each.created_at, each.id))


@dataclass(frozen=True, slots=True)
class Spent:
    """Hold the signals that she spends in one specialty, by kind; None is a program whose specialty is not known."""

    specialty: str | None
    signals: Mapping[Signal, int]


def signals_spent(programs: Iterable[Program]) -> tuple[Spent, ...]:
    """Return the signals spent, by specialty; programs that are over count, since a signal does not come back."""
    spent: dict[str | None, Counter[Signal]] = {}
    for each in programs:
        if each.signal is not Signal.NONE:
            spent.setdefault(each.specialty, Counter())[each.signal] += 1
    return tuple(Spent(specialty, spent[specialty]) for specialty in sorted(spent, key=lambda each: each or "~"))


_TIERS = re.compile(r"(\d+) gold, (\d+) silver")
_ALL_ALIKE = re.compile(r"\d+")


def published(text: str) -> dict[Signal, int] | None:
    """Return how many signals of each kind a published text gives: ``3 gold, 12 silver`` or ``5``; None where it can't be told."""
    tiers = _TIERS.fullmatch(text.strip())
    if tiers is not None:
        return {Signal.GOLD: int(tiers[1]), Signal.SILVER: int(tiers[2])}
    return {Signal.ONE: int(text)} if _ALL_ALIKE.fullmatch(text.strip()) else None


def too_many(spent: Spent, given: Mapping[Signal, int]) -> list[Signal]:
    """Return the kinds of signals of which more are spent than there are; of a kind that there is none of, any is too many."""
    return [kind for kind, count in spent.signals.items() if count > given.get(kind, 0)]
