"""The services of what a member keeps of her own way."""

from typing import NamedTuple

from bot.services.applying import ApplyingService
from bot.services.eligibility import EligibilityService
from bot.services.interviews import InterviewService
from bot.services.journey import JourneyService, Trackers
from bot.services.journey_week import JourneyWeek
from bot.services.letter_follow_ups import LetterFollowUps
from bot.services.letter_plans import LetterPlans
from bot.services.letters import LetterService
from bot.services.own_week import OwnWeekService
from bot.services.practice import PracticeService
from bot.services.profile import ProfileService
from bot.services.programs import ProgramService
from bot.services.rank_lists import RankListService
from bot.services.rotations import RotationService
from bot.storage.eligibility import EligibilityRepository
from bot.storage.interviews import InterviewRepository
from bot.storage.journey import JourneyRepository
from bot.storage.letter_follow_ups import FollowUpRepository
from bot.storage.letters import LetterRepository
from bot.storage.match_week import MatchWeekRepository
from bot.storage.practice import PracticeRepository
from bot.storage.programs import ProgramListRepository, ProgramRepository
from bot.storage.rank_lists import RankListRepository
from bot.storage.rotations import RotationRepository
from bot.wiring._ground import Ground


class OwnWay(NamedTuple):
    """Hold the services of what a member keeps of her own way, named as in ``Services``."""

    eligibility: EligibilityService
    letters: LetterService
    rotations: RotationService
    programs: ProgramService
    applying: ApplyingService
    rank_lists: RankListService
    practice: PracticeService
    profile: ProfileService
    own_week: OwnWeekService
    interviews: InterviewService
    journey: JourneyService
    journey_week: JourneyWeek


def own_way(ground: Ground) -> OwnWay:
    """Put them together."""
    eligibility, letters, rotations, rank_lists = _eligibility(ground), _letters(ground), _rotations(ground), _rank_lists(ground)
    told = (ground.members, ground.season, eligibility, letters, rotations, rank_lists)
    programs, practice, own_week = _programs(ground), _practice(ground), _own_week(ground, eligibility)
    interviews = _interviews(ground, programs)
    trackers = Trackers(eligibility, letters, rotations, programs, interviews, practice, rank_lists, own_week)
    journeys = JourneyRepository(ground.database, ground.cipher)
    journey = JourneyService(journeys, ground.remembered, trackers, ground.reminding, ground.season, ground.catalogue, ground.clock)
    applying = ApplyingService(programs, eligibility, rotations, rank_lists, journey, ground.season, ground.catalogue, ground.clock)
    return OwnWay(
        eligibility=eligibility,
        letters=letters,
        rotations=rotations,
        programs=programs,
        applying=applying,
        rank_lists=rank_lists,
        practice=practice,
        profile=ProfileService(*told, applying, interviews, ground.catalogue, ground.clock),
        own_week=own_week,
        interviews=interviews,
        journey=journey,
        journey_week=JourneyWeek(letters, interviews, ground.reminding),
    )


def _eligibility(ground: Ground) -> EligibilityService:
    answers = EligibilityRepository(ground.database, ground.cipher)
    return EligibilityService(answers, ground.remembered, ground.reminding, ground.season, ground.catalogue, ground.clock, ground.wake)


def _programs(ground: Ground) -> ProgramService:
    programs, lists = ProgramRepository(ground.database, ground.cipher), ProgramListRepository(ground.database, ground.cipher)
    letters = LetterRepository(ground.database, ground.cipher)
    return ProgramService(programs, letters, ground.members, ground.season, lists, ground.catalogue, ground.clock)


def _rotations(ground: Ground) -> RotationService:
    rotations = RotationRepository(ground.database, ground.cipher)
    return RotationService(rotations, ground.remembered, ground.reminding, ground.catalogue, ground.clock)


def _rank_lists(ground: Ground) -> RankListService:
    ranked, programs = RankListRepository(ground.database, ground.cipher), ProgramRepository(ground.database, ground.cipher)
    return RankListService(ranked, programs, ground.remembered, ground.season, ground.clock)


def _own_week(ground: Ground, eligibility: EligibilityService) -> OwnWeekService:
    weeks = MatchWeekRepository(ground.database, ground.cipher)
    return OwnWeekService(weeks, ground.remembered, eligibility, ground.reminding, ground.season, ground.catalogue, ground.clock)


def _interviews(ground: Ground, programs: ProgramService) -> InterviewService:
    held = InterviewRepository(ground.database, ground.cipher)
    return InterviewService(held, programs, ground.reminding, ground.season, ground.catalogue, ground.clock)


def _practice(ground: Ground) -> PracticeService:
    rounds, answers = PracticeRepository(ground.database, ground.cipher), EligibilityRepository(ground.database, ground.cipher)
    return PracticeService(rounds, ground.members, answers, ground.catalogue, ground.clock)


def _letters(ground: Ground) -> LetterService:
    letters, catalogue, clock = LetterRepository(ground.database, ground.cipher), ground.catalogue, ground.clock
    plans = LetterPlans(letters, ground.remembered, ground.season, catalogue, clock)
    follow_ups = LetterFollowUps(FollowUpRepository(ground.database), ground.reminding, catalogue, clock)
    ground.members.zone_changed = follow_ups.follow_zone
    return LetterService(letters, plans, follow_ups, catalogue, clock)
