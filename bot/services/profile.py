"""What one member told, gathered for a page of her own; nothing of it is judged here, and nobody else gets it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from bot.catalogue.catalogue import Catalogue
from bot.clock import Clock
from bot.domain.eligibility.classification import UsClass
from bot.domain.eligibility.evaluation import Result
from bot.domain.eligibility.plan import PlanStep, plan
from bot.domain.interviews import Interview
from bot.domain.member import Member
from bot.domain.program_fit import Fits, standing
from bot.domain.programs import Program
from bot.domain.rotations import Rotation
from bot.domain.specialties import Group, RankListLength, Specialty
from bot.services.applying import ApplyingService
from bot.services.eligibility import EligibilityService
from bot.services.interviews import InterviewService
from bot.services.letter_plans import Board
from bot.services.letters import LetterService
from bot.services.members import MemberService
from bot.services.rank_lists import RankBoard, RankListService
from bot.services.rotations import RotationService
from bot.services.season import Ahead, SeasonService

MOST_SPECIALTIES = 2
GROUPS = {UsClass.US_IMG: Group.US_IMG, UsClass.NON_US_IMG: Group.NON_US_IMG}


@dataclass(frozen=True, slots=True)
class Profile:
    """Hold what a member's page is made of, as of one moment."""

    at: datetime
    member: Member
    ahead: Ahead
    result: Result | None
    """What the rules give on the answers that she saved; None where she saved none."""
    steps: tuple[PlanStep, ...]
    letters: Board
    rotations: tuple[Rotation, ...]
    ranking: RankBoard
    specialties: tuple[Specialty, ...]
    """Those of her letter plan, else those of most of her programs; at most ``MOST_SPECIALTIES``."""
    group: Group | None
    """Whom NRMP counts her among, where her answers say so."""
    fitting: tuple[Fits, ...]
    """How the stated cut-offs of each of her programs that are not over stand beside what she told."""
    interviews: tuple[Interview, ...]
    lengths: tuple[RankListLength, ...]
    """Published lengths of rank order lists of the newest year, for her group or both groups of IMGs."""

    @property
    def programs(self) -> tuple[Program, ...]:
        """Return her programs of the season."""
        return tuple(self.ranking.programs.values())


class ProfileService:
    """Gather what a page of her own needs."""

    def __init__(
        self,
        members: MemberService,
        season: SeasonService,
        eligibility: EligibilityService,
        letters: LetterService,
        rotations: RotationService,
        rank_lists: RankListService,
        applying: ApplyingService,
        interviews: InterviewService,
        catalogue: Catalogue,
        clock: Clock,
    ) -> None:
        self._members = members
        self._season = season
        self._eligibility = eligibility
        self._letters = letters
        self._rotations = rotations
        self._rank_lists = rank_lists
        self._applying = applying
        self._interviews = interviews
        self._catalogue = catalogue
        self._clock = clock

    async def of(self, member_id: int, guild_id: int | None) -> Profile:
        """Return what is known of a member now, with the dates as the server holds them in which she asks."""
        member = await self._members.get(member_id)
        saved = await self._eligibility.saved(member_id)
        answers = saved.answers if saved is not None else None
        result = self._eligibility.check(answers) if answers is not None else None
        letters, ranking = await self._letters.board(member_id), await self._rank_lists.board(member_id, guild_id)
        group = GROUPS.get(result.us.value) if result is not None and result.us is not None else None
        lengths = self._catalogue.figures.rank_list_lengths
        newest = max((each.year for each in lengths), default=0)
        wanted = (group,) if group is not None else (Group.US_IMG, Group.NON_US_IMG)
        return Profile(
            at=self._clock.now(),
            member=member,
            ahead=self._season.for_server(guild_id).ahead(member),
            result=result,
            steps=plan(result) if result is not None else (),
            letters=letters,
            rotations=await self._rotations.rotations_of(member_id),
            ranking=ranking,
            specialties=self._specialties(letters.plan.specialties, tuple(ranking.programs.values())),
            group=group,
            fitting=tuple(standing(found) for _, found in (await self._applying.fitting(member, ranking.year)).found),
            interviews=(await self._interviews.of(member)).held,
            lengths=tuple(each for each in lengths if each.year == newest and each.group in wanted),
        )

    def _specialties(self, planned: tuple[str, ...], programs: tuple[Program, ...]) -> tuple[Specialty, ...]:
        held = {each.id: each for each in self._catalogue.figures.specialties}
        most = [each for each, _ in Counter(program.specialty for program in programs if program.specialty).most_common()]
        chosen = [each for each in (planned or most) if each in held]
        return tuple(held[each] for each in chosen[:MOST_SPECIALTIES])
