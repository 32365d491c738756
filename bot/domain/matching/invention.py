"""Made-up program lists and applicants around one true list, so that the algorithm is seen at work on it; nothing here is a forecast."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.matching.deferred_acceptance import match
from bot.domain.matching.market import Market, ProgramList, moved_first, sure_program

HER = "you"
MOST_PROGRAMS = 20
"""So many programs of a list are walked through; more would make a walk that nobody reads."""
MOST_PLACES = 3
LEFT_OUT = 0.15
"""How often a program leaves an applicant off its list."""
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Placement(StrEnum):
    """Where a program places her on its list; of each program she may choose it, else it is made up too."""

    HIGH = "high"
    """Within its places: it holds her whoever else comes."""
    MIDDLE = "middle"
    """Just below its places: it depends on who else comes."""
    LOW = "low"
    """Last."""
    NOT_RANKED = "not"


@dataclass(frozen=True, slots=True)
class Invented:
    """Hold a made-up match around one true list, and where each program places her in it."""

    market: Market
    placements: Mapping[str, Placement]

    @property
    def hers(self) -> tuple[str, ...]:
        """Return her list."""
        return self.market.applicants[HER]


@dataclass(frozen=True, slots=True)
class Trial:
    """Hold what putting the safe choice first did in many made-up matches."""

    tried: int
    """Those in which there was a safe choice that did not stand first anyway."""
    same: int
    worse: int
    better: int
    """Always 0: it is counted, not assumed."""


def invent(programs: Sequence[str], seed: int, chosen: Mapping[str, Placement]) -> Invented:
    """Return the made-up match that a list of programs and a seed always give; ``chosen`` changes only where she stands."""
    listed = tuple(programs[:MOST_PROGRAMS])
    chance = random.Random(seed)  # noqa: S311 - made-up lists, no secret
    places = {name: chance.randint(1, MOST_PLACES) for name in listed}
    others = {_letters(number): _some(chance, listed) for number in range(round(sum(places.values()) * 1.3) + 1)}
    ranked: dict[str, ProgramList] = {}
    placements: dict[str, Placement] = {}
    for name in listed:
        made_up, share = chance.choice(list(Placement)), chance.random()
        wanted_by = [who for who, wanted in others.items() if name in wanted and chance.random() >= LEFT_OUT]
        chance.shuffle(wanted_by)
        placements[name] = chosen.get(name, made_up)
        ranked[name] = ProgramList(places[name], _with_her(wanted_by, placements[name], places[name], share))
    return Invented(Market({HER: listed, **others}, ranked), placements)


def _some(chance: random.Random, listed: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(chance.sample(listed, chance.randint(min(2, len(listed)), min(5, len(listed)))))


def _with_her(wanted_by: list[str], placement: Placement, places: int, share: float) -> tuple[str, ...]:
    """Return a program's list with her in it; ``share`` (0 to 1) says how far down within her part of it."""
    match placement:
        case Placement.NOT_RANKED:
            return tuple(wanted_by)
        case Placement.HIGH:
            at = int(share * places)
        case Placement.MIDDLE:
            at = places + int(share * places)
        case Placement.LOW:
            at = len(wanted_by)
    return (*wanted_by[:at], HER, *wanted_by[at:])


def _letters(number: int) -> str:
    """Return A to Z, then AA, AB and so on."""
    rest, last = divmod(number, len(_ALPHABET))
    return (_letters(rest - 1) if rest else "") + _ALPHABET[last]


def safe_choice_tried(programs: Sequence[str], seed: int, chosen: Mapping[str, Placement], times: int) -> Trial:
    """Return what became of her, by her true order, with her safe choice put first, in so many made-up matches from a seed on."""
    same = worse = better = 0
    for number in range(times):
        market = invent(programs, seed + number, chosen).market
        sure = sure_program(market, HER)
        if sure is None or market.applicants[HER][0] == sure:
            continue
        true = her_rank(market)
        got = match(market.with_list(HER, moved_first(market.applicants[HER], sure))).program_of.get(HER)
        safe = market.applicants[HER].index(got) + 1 if got is not None else len(market.applicants[HER]) + 1
        same, worse, better = same + (safe == true), worse + (safe > true), better + (safe < true)
    return Trial(same + worse + better, same, worse, better)


def her_rank(market: Market) -> int:
    """Return which place on her list she gets, from 1; one more than the last where she gets none."""
    rank = match(market).rank_of(HER, market)
    return len(market.applicants[HER]) + 1 if rank is None else rank
