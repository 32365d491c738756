"""The matching algorithm alone, on a match of the size of the NRMP's."""

import gc
import random
import statistics
import time
from collections.abc import Callable

from bot.domain.matching.deferred_acceptance import match
from bot.domain.matching.market import Market, ProgramList

APPLICANTS = 50_000
PROGRAMS = 5_000
PLACES_EACH = 8
RANKS = 12
RUNS = 3


def invented_market(seed: int = 1) -> Market:
    """Return a match in which everybody ranks at random, and every program ranks all who rank it."""
    chance = random.Random(seed)  # noqa: S311 - invented lists, no secret
    names = [f"program {number}" for number in range(PROGRAMS)]
    applicants = {f"applicant {number}": tuple(chance.sample(names, RANKS)) for number in range(APPLICANTS)}
    came: dict[str, list[str]] = {name: [] for name in names}
    for who, wanted in applicants.items():
        for name in wanted:
            came[name].append(who)
    for each in came.values():
        chance.shuffle(each)
    return Market(applicants, {name: ProgramList(PLACES_EACH, tuple(each)) for name, each in came.items()})


def measure_matching(say: Callable[[str], None]) -> float:
    """Return the median seconds of a few runs, the lists being there already."""
    say("matching")
    market, seconds = invented_market(), list[float]()
    for _ in range(RUNS):
        gc.collect()
        started = time.perf_counter()
        match(market)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)
