"""What is stated about the rank order list, what its codes cost, and the worked examples of the algorithm."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.facts import Citation
from bot.domain.matching.market import Market


@dataclass(frozen=True, slots=True)
class RankFact:
    """Bind a text to where it was read."""

    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class RankFees:
    """Hold what NRMP asks for many ranks, in US dollars; the fact ``codes`` says where it was read and how sure it is."""

    codes_included: int
    """Different program codes on the primary list, and as many on all supplemental lists together."""
    extra_code: int
    """For each further code."""
    long_list: int
    """Ranks from which a list costs more; how much is not held."""
    most_ranks: int

    def extra_codes(self, primary: int, supplemental: int) -> int:
        """Return how many codes cost extra."""
        return max(0, primary - self.codes_included) + max(0, supplemental - self.codes_included)


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """Hold one example that was published to teach the algorithm."""

    id: str
    title: str
    text: str
    market: Market
    citation: Citation


@dataclass(frozen=True, slots=True)
class RankFacts:
    """Hold all of it."""

    facts: Mapping[str, RankFact]
    fees: RankFees
    examples: Mapping[str, WorkedExample]
    cited: frozenset[str]
    """The ids of all sources."""
