"""All services in one place, as the client carries them."""

from dataclasses import dataclass

from bot.catalogue.catalogue import Catalogue
from bot.clock import Clock
from bot.services.advising import AdvisingService
from bot.services.answers import AnswerService
from bot.services.applying import ApplyingService
from bot.services.broadcasts import BroadcastService
from bot.services.calendars import CalendarService
from bot.services.date_moves import DateMoveService
from bot.services.eligibility import EligibilityService
from bot.services.inbox import InboxService
from bot.services.interviews import InterviewService
from bot.services.interviews_heard import InterviewsHeardService
from bot.services.journey import JourneyService
from bot.services.journey_week import JourneyWeek
from bot.services.letters import LetterService
from bot.services.live_cards import LiveCardService
from bot.services.match_week_notices import MatchWeekNotices
from bot.services.members import MemberService
from bot.services.mock_matches import MockMatchService
from bot.services.mydata import MyDataService
from bot.services.own_week import OwnWeekService
from bot.services.practice import PracticeService
from bot.services.profile import ProfileService
from bot.services.programs import ProgramService
from bot.services.questions import QuestionService
from bot.services.rank_lists import RankListService
from bot.services.reminders import ReminderService
from bot.services.retention import RetentionService
from bot.services.rotations import RotationService
from bot.services.season import SeasonService
from bot.services.server_dates import ServerDateService
from bot.services.server_events import ServerEventService
from bot.services.server_faq import ServerFaqService
from bot.services.servers import ServerService
from bot.services.slot_offers import SlotOfferService
from bot.services.slots import SlotService


@dataclass(frozen=True, slots=True)
class Services:
    """Hold what the cogs may ask for."""

    clock: Clock
    catalogue: Catalogue
    members: MemberService
    season: SeasonService
    reminders: ReminderService
    answers: AnswerService
    date_moves: DateMoveService
    servers: ServerService
    server_dates: ServerDateService
    server_events: ServerEventService
    server_faq: ServerFaqService
    mock_matches: MockMatchService
    inbox: InboxService
    mydata: MyDataService
    broadcasts: BroadcastService
    match_week: MatchWeekNotices
    calendars: CalendarService
    live_cards: LiveCardService
    eligibility: EligibilityService
    letters: LetterService
    rotations: RotationService
    interviews_heard: InterviewsHeardService
    programs: ProgramService
    applying: ApplyingService
    questions: QuestionService
    advising: AdvisingService
    slots: SlotService
    slot_offers: SlotOfferService
    practice: PracticeService
    rank_lists: RankListService
    profile: ProfileService
    own_week: OwnWeekService
    interviews: InterviewService
    journey: JourneyService
    journey_week: JourneyWeek
    retention: RetentionService
