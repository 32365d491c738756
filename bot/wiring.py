"""The one place where objects are put together: settings, storage, services, loop, client."""

import logging
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.catalogue.catalogue import Catalogue, load_catalogue
from bot.clock import Clock, SystemClock
from bot.domain.delivery import DeliveryState
from bot.errors import StartError
from bot.scheduling.due_loop import DueLoop, LoopSettings
from bot.scheduling.pacing import Pacer
from bot.scheduling.served import Served
from bot.services.advising import AdvisingService
from bot.services.answers import AnswerService
from bot.services.broadcasts import BroadcastService
from bot.services.bundle import Services
from bot.services.calendars import CalendarService
from bot.services.date_moves import DateMoveService
from bot.services.eligibility import EligibilityService
from bot.services.held_dates import HeldDates
from bot.services.inbox import InboxService
from bot.services.letter_follow_ups import LetterFollowUps
from bot.services.letter_plans import LetterPlans
from bot.services.letters import LetterService
from bot.services.live_cards import LiveCardService
from bot.services.match_week_notices import MatchWeekNotices
from bot.services.members import MemberService
from bot.services.mydata import MyDataService
from bot.services.question_changes import QuestionChanges
from bot.services.questions import QuestionService
from bot.services.reminders import ReminderService
from bot.services.rotations import RotationService
from bot.services.season import SeasonService
from bot.services.server_dates import ServerDateService
from bot.services.servers import ServerService
from bot.settings import Settings
from bot.storage.audit import AuditRepository
from bot.storage.broadcasts import BroadcastRepository
from bot.storage.calendars import CalendarRepository
from bot.storage.database import Database
from bot.storage.date_moves import DateMoveRepository
from bot.storage.deliveries import DeliveryRepository
from bot.storage.eligibility import EligibilityRepository
from bot.storage.encryption import Cipher, check_key, holds_canary
from bot.storage.failures import opening
from bot.storage.leases import LeaseRepository
from bot.storage.letter_follow_ups import FollowUpRepository
from bot.storage.letters import LetterRepository
from bot.storage.live_cards import LiveCardRepository
from bot.storage.migrate import upgrade
from bot.storage.privacy import PrivacyRepository
from bot.storage.questions import QuestionRepository
from bot.storage.remembered import RememberedMembers
from bot.storage.reminders import ReminderRepository
from bot.storage.rotations import RotationRepository
from bot.storage.server_dates import ServerDateRepository
from bot.storage.servers import ServerRepository

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class House:
    """Everything below Discord, open and ready."""

    services: Services
    due_loop: DueLoop
    database: Database


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncGenerator[House]:
    """Open storage, services and the due loop as the settings say; close them in the opposite order."""
    settings.refuse_two_worlds()
    async with AsyncExitStack() as stack:
        clock, tell_next_due = await _clock(settings, stack)
        prepare_data_folder(settings)
        await upgrade(settings.database)
        database = Database.open(settings.database)
        stack.push_async_callback(database.close)
        stack.push_async_callback(_checkpoint, database)
        with opening():
            is_new = not await holds_canary(database)
            cipher = Cipher.from_key_file(settings.keys, create=is_new and not settings.keys.exists())
            await check_key(database, cipher)
            house = build(settings, database, cipher, clock, load_catalogue())
        house.due_loop.on_next_due = tell_next_due
        stack.push_async_callback(house.due_loop.stop)
        yield house


def build(settings: Settings, database: Database, cipher: Cipher, clock: Clock, catalogue: Catalogue) -> House:
    """Put services and the due loop together over an open database."""
    members, reminders = RememberedMembers(database, cipher), ReminderRepository(database, cipher)
    deliveries = DeliveryRepository(database, cipher)
    inbox = InboxService(deliveries, clock)
    due_loop = _due_loop(settings, database, deliveries, clock)
    due_loop.on_parked, due_loop.before_batch = inbox.parked, members.recall

    async def deliver_now(delivery_id: str) -> DeliveryState:
        return await due_loop.deliver(delivery_id)

    def forget(member_id: int) -> None:
        for each in (members, inbox, rotating, server_dates):
            each.forget(member_id)

    held, moves, checked = HeldDates(), DateMoveRepository(database, cipher), EligibilityRepository(database, cipher)
    season = SeasonService(catalogue, clock, held)
    reminding = ReminderService(reminders, members, season, catalogue, clock, due_loop.wake)
    hers = MemberService(members, deliveries, catalogue, clock, deliver_now)
    rotating = RotationService(RotationRepository(database, cipher), members, reminding, catalogue, clock)
    broadcasts = BroadcastService(BroadcastRepository(database, cipher), deliveries, clock, deliver_now, due_loop.wake)
    live_cards = LiveCardService(LiveCardRepository(database), deliveries, season, clock, deliver_now, due_loop.wake)
    server_dates = ServerDateService(ServerDateRepository(database, moves), held, season, live_cards, clock, due_loop.wake)
    changes = QuestionChanges(QuestionRepository(database, cipher), deliveries, clock, deliver_now, due_loop.wake)
    asking = QuestionService(changes, hers)
    due_loop.after_refusal = asking.entry_refused
    services = Services(
        clock=clock,
        catalogue=catalogue,
        members=hers,
        season=season,
        reminders=reminding,
        answers=AnswerService(reminding, reminders, deliveries, hers, clock),
        date_moves=DateMoveService(moves, season, clock),
        servers=ServerService(ServerRepository(database), AuditRepository(database, cipher), deliveries, clock, deliver_now, due_loop.wake),
        server_dates=server_dates,
        inbox=inbox,
        mydata=MyDataService(PrivacyRepository(database, cipher), asking.withdraw_all, forget),
        calendars=CalendarService(CalendarRepository(database, cipher), reminders, members, season, clock, settings.public_url),
        live_cards=live_cards,
        broadcasts=broadcasts,
        match_week=MatchWeekNotices(broadcasts, season, catalogue, clock),
        eligibility=EligibilityService(checked, members, reminding, season, catalogue, clock, due_loop.wake),
        rotations=rotating,
        questions=asking,
        advising=AdvisingService(changes),
        letters=_letters(database, LetterRepository(database, cipher), members, hers, reminding, season, catalogue, clock),
    )
    return House(services, due_loop, database)


def _due_loop(settings: Settings, database: Database, deliveries: DeliveryRepository, clock: Clock) -> DueLoop:
    leases = LeaseRepository(database)
    pacer = Pacer(rate=settings.sends_per_second, in_flight=settings.sends_in_flight)
    served = Served(leases, settings.data_dir / "served")
    return DueLoop(deliveries, leases, clock, pacer, settings=_loop_settings(settings), served=served)


def _loop_settings(settings: Settings) -> LoopSettings:
    return LoopSettings(
        lease_seconds=settings.lease_seconds,
        openings_a_minute=settings.openings_a_minute,
        partition_lease_seconds=settings.partition_lease_seconds,
    )


def _letters(
    database: Database,
    letters: LetterRepository,
    members: RememberedMembers,
    hers: MemberService,
    reminding: ReminderService,
    season: SeasonService,
    catalogue: Catalogue,
    clock: Clock,
) -> LetterService:
    plans = LetterPlans(letters, members, season, catalogue, clock)
    follow_ups = LetterFollowUps(FollowUpRepository(database), reminding, catalogue, clock)
    hers.zone_changed = follow_ups.follow_zone
    return LetterService(letters, plans, follow_ups, catalogue, clock)


async def _checkpoint(database: Database) -> None:
    try:
        await database.checkpoint()
    except Exception:  # a full disk or a lock: the log beside the file holds the rest, and the next start reads it
        log.exception("the log of the database could not be brought into its file")


def prepare_data_folder(settings: Settings) -> None:
    """Make the data folder; raise StartError where it can't be written."""
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = folder / f".writable-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise StartError(
            f"The data folder {folder} can't be written ({error.strerror}).",
            "Give the bot's user write permission there, or name another folder in MATCHDAY_DATA_DIR.",
        ) from error


async def _clock(settings: Settings, stack: AsyncExitStack) -> tuple[Clock, Callable[[datetime | None], None] | None]:
    if not settings.clock_url:
        return SystemClock(), None
    from bot.sandbox_clock import SandboxClock

    clock = SandboxClock(settings.clock_url)
    await clock.start()
    stack.push_async_callback(clock.close)

    def tell(at: datetime | None) -> None:
        clock.tell_next_due(at)

    return clock, tell
