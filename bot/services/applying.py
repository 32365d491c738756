"""What her programs ask of her, and what applying costs: gathered from what she told elsewhere, so that nothing is asked twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.catalogue.catalogue import Catalogue
from bot.clock import Clock
from bot.domain.letters import WriterCountry
from bot.domain.member import Country, Member
from bot.domain.program_costs import Costs, Group, Told, groups_of, reckon
from bot.domain.program_fit import Experience, FitFinding, Hers, fit
from bot.domain.programs import Program
from bot.domain.rotations import Rotation, RotationKind, weeks_of
from bot.services.eligibility import EligibilityService
from bot.services.journey import JourneyService
from bot.services.programs import ProgramService
from bot.services.rank_lists import RankListService
from bot.services.rotations import RotationService
from bot.services.season import SeasonService

STANDARD_DEADLINE = "us-{year}-registration-deadline"


@dataclass(frozen=True, slots=True)
class Fitting:
    """Hold what was looked at for each of her programs that are not over, in the order in which she added them."""

    season_year: int
    hers: Hers
    found: tuple[tuple[Program, tuple[FitFinding, ...]], ...]


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Hold what applying costs, and the groups to which programs may be added."""

    costs: Costs
    where: Group | None
    """The group to which a "what if" adds."""
    is_told: bool
    """Whether she saved answers to the rules of eligibility."""


class ApplyingService:
    """Lay her programs beside what she told."""

    def __init__(
        self,
        programs: ProgramService,
        eligibility: EligibilityService,
        rotations: RotationService,
        rank_lists: RankListService,
        journey: JourneyService,
        season: SeasonService,
        catalogue: Catalogue,
        clock: Clock,
    ) -> None:
        self._programs = programs
        self._eligibility = eligibility
        self._rotations = rotations
        self._rank_lists = rank_lists
        self._journey = journey
        self._season = season
        self._catalogue = catalogue
        self._clock = clock

    async def fitting(self, member: Member, season_year: int, score: int | None = None) -> Fitting:
        """Return how her programs of a season fit what she told; ``score`` stands in for the score of Step 2 CK that she noted, if any."""
        rotations = await self._rotations.rotations_of(member.id)
        today = self._programs.today(member)
        hers = Hers(
            await self._eligibility.answers_for(member.id, season_year),
            score if score is not None else await self._journey.step2_score(member.id),
            _experience(rotations, WriterCountry.UNITED_STATES, today),
            _experience(rotations, WriterCountry.CANADA, today),
        )
        programs = [each for each in await self._programs.of(member.id, season_year) if each.is_readable and not each.is_closed]
        return Fitting(season_year, hers, tuple((each, fit(each, hers)) for each in programs))

    async def reckoning(
        self, member: Member, season_year: int, guild_id: int | None, more: int = 0, where: Group | None = None
    ) -> Reckoning:
        """Return what applying costs her in a season; ``more`` programs are added to ``where``, or to her largest group."""
        answers = await self._eligibility.answers_for(member.id, season_year)
        programs = [each for each in await self._programs.of(member.id, season_year) if each.is_readable]
        board = await self._rank_lists.board(member.id, guild_id)
        is_hers = board.year == season_year
        codes = (len(board.held.primary), len({each for ids in board.held.supplemental.values() for each in ids})) if is_hers else (0, 0)
        countries = self._season.countries_for(member)
        told = Told(
            season_year,
            programs,
            answers,
            codes,
            self._catalogue.rank_list.fees.extra_codes(*codes),
            board.held.is_couple if is_hers else None,
            Country.UNITED_STATES in countries,
            Country.CANADA in countries,
            self._is_past_standard(season_year, guild_id),
        )
        where = where or next(iter(groups_of(programs)), None)
        return Reckoning(reckon(told, self._catalogue.fees, more, where), where, answers is not None)

    def _is_past_standard(self, season_year: int, guild_id: int | None) -> bool | None:
        event = self._season.for_server(guild_id).event(STANDARD_DEADLINE.format(year=season_year))
        return None if event is None or event.at is None else event.at.instant() <= self._clock.now()


def _experience(rotations: Iterable[Rotation], country: WriterCountry, today: date) -> Experience | None:
    """Return the weeks of rotations that have begun in a country; None where no rotation is noted at all."""
    noted = [each.about for each in rotations if each.is_readable]
    if not noted:
        return None
    begun = [each for each in noted if each.country is country and each.starts_on <= today]
    watching = (RotationKind.OBSERVERSHIP, RotationKind.RESEARCH)
    hands_on = sum(weeks_of(each) for each in begun if each.kind not in watching)
    return Experience(hands_on, sum(weeks_of(each) for each in begun if each.kind in watching))
