"""What the way costs: fees by number of programs in tiers, and single fees, each as it was read; an amount that is not held stays open."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.facts import Citation, Source
from bot.domain.letters import ApplicationService


class FeePart(StrEnum):
    """Which part of the way a fee belongs to, in the order in which they are shown."""

    APPLICATIONS = "applications"
    MATCH = "match"
    CERTIFICATION = "certification"
    VISA = "visa"


@dataclass(frozen=True, slots=True)
class Tier:
    """Hold one tier: up to which program it goes (None: without end), and what it costs for each program or at once, in US dollars."""

    up_to: int | None
    each: int = 0
    at_once: int = 0


@dataclass(frozen=True, slots=True)
class FeeScale:
    """Hold what a service asks for applications in one specialty; each specialty is counted by itself."""

    service: ApplicationService
    season: int
    """The year of the Match for which it was read."""
    tiers: tuple[Tier, ...]
    citation: Citation
    specialties: frozenset[str] = frozenset()
    """The ids of those for which it was read; empty: for all."""

    def fee(self, count: int) -> int:
        """Return what ``count`` programs of one specialty cost, in US dollars."""
        total, before = 0, 0
        for tier in self.tiers:
            within = max(0, (count if tier.up_to is None else min(count, tier.up_to)) - before)
            total += within * tier.each + (tier.at_once if within else 0)
            before = tier.up_to or before
        return total


@dataclass(frozen=True, slots=True)
class Fee:
    """Hold one fee; ``amount`` is None, and ``ask`` says where, where it is not held."""

    id: str
    part: FeePart
    name: str
    amount: int | None
    is_about: bool
    """A rough amount."""
    citation: Citation | None
    ask: Source | None


@dataclass(frozen=True, slots=True)
class Fees:
    """Hold all of them."""

    scales: tuple[FeeScale, ...]
    items: Mapping[str, Fee]
    cited: frozenset[str]
    """The ids of the sources that fees without an amount send to."""

    def scale(self, service: ApplicationService, specialty: str | None, season_year: int) -> FeeScale | None:
        """Return what a service asks in a specialty: of the season or the latest one before it; None where that is not held."""
        found = [
            each
            for each in self.scales
            if each.service is service and each.season <= season_year and (not each.specialties or specialty in each.specialties)
        ]
        return max(found, key=lambda each: each.season, default=None)
