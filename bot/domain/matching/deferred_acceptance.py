"""The fast path: the result alone, for tens of thousands of applicants."""

from collections.abc import Iterable
from heapq import heappush, heapreplace

from bot.domain.matching.market import Market, Matching


def match(market: Market, order: Iterable[str] | None = None) -> Matching:
    """Return the one result that the applicant-proposing algorithm gives, whatever the ``order`` in which applicants are worked through.

    Each applicant proposes down her list; a program holds the applicants it prefers among those who came, up to its places, and lets go of
    the one it prefers least when a better one comes. Time grows with the length of all lists, and with the logarithm of the places.
    """
    programs = market.programs
    # Places on a program's list are counted down from 0, so that the first of its heap is the one to let go of.
    at_of = {name: dict(zip(program.ranked, range(0, -len(program.ranked), -1), strict=True)) for name, program in programs.items()}
    held: dict[str, list[int]] = {name: [] for name in programs}
    ahead = {who: iter(wanted) for who, wanted in market.applicants.items()}
    for first in market.applicants if order is None else order:
        who: str | None = first
        while who is not None:
            proposing, who = who, None
            for name in ahead[proposing]:
                at = at_of[name].get(proposing)
                if at is None:
                    continue
                kept, program = held[name], programs[name]
                if len(kept) < program.places:
                    heappush(kept, at)
                    break
                if kept and kept[0] < at:
                    who = program.ranked[-heapreplace(kept, at)]
                    break
    return Matching({programs[name].ranked[-at]: name for name, kept in held.items() for at in kept})
