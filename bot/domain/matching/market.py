"""Who takes part in a match, whom each ranks, and what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

COUPLES_LEFT_OUT = "Couples are left out: with them a stable result need not exist, and the order in which they are worked through matters."


@dataclass(frozen=True, slots=True)
class ProgramList:
    """Hold how many places a program has, and whom it ranks, the most wanted first."""

    places: int
    ranked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Market:
    """Hold the lists of both sides, by name; a list names the most wanted first, and whom it leaves out is not acceptable.

    Raises:
        ValueError: A list names somebody twice or somebody who does not take part, or a program has fewer places than none.
    """

    applicants: Mapping[str, tuple[str, ...]]
    programs: Mapping[str, ProgramList]

    def __post_init__(self) -> None:
        for name, wanted in self.applicants.items():
            _check(name, wanted, self.programs)
        for name, program in self.programs.items():
            _check(name, program.ranked, self.applicants)
            if program.places < 0:
                raise ValueError(f"{name} has {program.places} places")

    def with_list(self, applicant: str, wanted: Sequence[str]) -> "Market":
        """Return the same market in which one applicant has another list."""
        return replace(self, applicants={**self.applicants, applicant: tuple(wanted)})


def _check(name: str, listed: tuple[str, ...], others: Mapping[str, object]) -> None:
    named = set(listed)
    if len(named) != len(listed):
        raise ValueError(f"the list of {name} names somebody twice")
    if not named <= others.keys():
        raise ValueError(f"the list of {name} names somebody who does not take part")


@dataclass(frozen=True, slots=True)
class Matching:
    """Hold the program of every applicant who matched; whoever is not named did not match."""

    program_of: Mapping[str, str]

    def applicants_of(self, program: str, market: Market) -> tuple[str, ...]:
        """Return whom a program got, in the order of its list."""
        return tuple(each for each in market.programs[program].ranked if self.program_of.get(each) == program)

    def unmatched(self, market: Market) -> tuple[str, ...]:
        """Return who did not match, in the order of the market."""
        return tuple(each for each in market.applicants if each not in self.program_of)

    def rank_of(self, applicant: str, market: Market) -> int | None:
        """Return which place on her list an applicant got, from 1; None where she did not match."""
        program = self.program_of.get(applicant)
        return None if program is None else market.applicants[applicant].index(program) + 1


def blocking_pairs(market: Market, matching: Matching) -> list[tuple[str, str]]:
    """Return every applicant and program who both would rather have each other than what they got; none: the matching is stable."""
    held: dict[str, list[int]] = {name: [] for name in market.programs}
    places = {name: {who: at for at, who in enumerate(program.ranked)} for name, program in market.programs.items()}
    for who, program in matching.program_of.items():
        held[program].append(places[program][who])
    found: list[tuple[str, str]] = []
    for who, wanted in market.applicants.items():
        for program in wanted[: _before(wanted, matching.program_of.get(who))]:
            at = places[program].get(who)
            if at is not None and (len(held[program]) < market.programs[program].places or at < max(held[program], default=-1)):
                found.append((who, program))
    return found


def _before(wanted: Sequence[str], got: str | None) -> int:
    return len(wanted) if got is None else wanted.index(got)


def is_possible(market: Market, matching: Matching) -> bool:
    """Tell whether every pair ranked each other and no program has more applicants than places."""
    counts: dict[str, int] = dict.fromkeys(market.programs, 0)
    for who, program in matching.program_of.items():
        counts[program] += 1
        if program not in market.applicants[who] or who not in market.programs[program].ranked:
            return False
    return all(counts[name] <= market.programs[name].places for name in counts)


def sure_program(market: Market, applicant: str) -> str | None:
    """Return her safe choice: the last program of her list that holds her whoever else comes, because it ranks her within its places.

    None where no program does.
    """
    for program in reversed(market.applicants[applicant]):
        listed = market.programs[program]
        if applicant in listed.ranked[: listed.places]:
            return program
    return None


def moved_first(wanted: Iterable[str], program: str) -> tuple[str, ...]:
    """Return a list with one of its programs put first, the rest in their order."""
    return (program, *(each for each in wanted if each != program))
