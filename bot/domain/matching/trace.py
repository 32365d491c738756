"""The traced path: the same algorithm, one event at a time, with the reason of each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.matching.market import Market, Matching


class EventKind(StrEnum):
    """What happened."""

    PROPOSES = "proposes"
    HELD = "held"
    """Tentatively matched."""
    BUMPED = "bumped"
    """Let go of, because the program prefers somebody who came later."""
    NOT_RANKED = "not_ranked"
    """The program does not have her on its list."""
    FULL = "full"
    """The program ranks her, and all its places are held by applicants it prefers."""
    EXHAUSTED = "exhausted"
    """Nobody is left on her list."""


@dataclass(frozen=True, slots=True)
class Event:
    """Hold one line of a trace."""

    kind: EventKind
    applicant: str
    program: str = ""
    """Empty where her list is exhausted."""
    rank: int = 0
    """Which place the program has on her list, from 1."""
    others: tuple[str, ...] = ()
    """Who bumped her; or whom the program holds and prefers, most wanted first."""

    def concerns(self, applicant: str) -> bool:
        """Tell whether an applicant has a part in it."""
        return applicant == self.applicant or applicant in self.others


def trace(market: Market, order: Iterable[str] | None = None) -> Iterator[Event]:
    """Yield every event; whoever is bumped goes on at once, down the rest of her list."""
    places = {name: {who: at for at, who in enumerate(program.ranked)} for name, program in market.programs.items()}
    held: dict[str, list[str]] = {name: [] for name in market.programs}
    ahead = {who: iter(enumerate(wanted, 1)) for who, wanted in market.applicants.items()}
    for first in market.applicants if order is None else order:
        who: str | None = first
        while who is not None:
            bumped: str | None = None
            for rank, program in ahead[who]:
                yield Event(EventKind.PROPOSES, who, program, rank)
                if who not in places[program]:
                    yield Event(EventKind.NOT_RANKED, who, program, rank)
                    continue
                kept = sorted([*held[program], who], key=places[program].__getitem__)
                if len(kept) <= market.programs[program].places:
                    held[program] = kept
                    yield Event(EventKind.HELD, who, program, rank)
                    break
                last = kept.pop()
                if last == who:
                    yield Event(EventKind.FULL, who, program, rank, tuple(kept))
                    continue
                held[program], bumped = kept, last
                yield Event(EventKind.HELD, who, program, rank)
                yield Event(EventKind.BUMPED, last, program, market.applicants[last].index(program) + 1, (who,))
                break
            else:
                yield Event(EventKind.EXHAUSTED, who)
            who = bumped


def result_of(events: Iterable[Event]) -> Matching:
    """Return the matching that a whole trace ends in."""
    program_of: dict[str, str] = {}
    for event in events:
        if event.kind is EventKind.HELD:
            program_of[event.applicant] = event.program
        elif event.kind is EventKind.BUMPED:
            program_of.pop(event.applicant, None)
    return Matching(program_of)
