"""The one place where objects are put together: settings, storage, services, loop, client."""

import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bot.catalogue.catalogue import Catalogue, load_catalogue
from bot.clock import Clock, SystemClock
from bot.data_folder import prepare_data_folder
from bot.scheduling.due_loop import DueLoop, LoopSettings
from bot.scheduling.pacing import Budget, Pacer, enter_budget
from bot.scheduling.served import Served
from bot.services.advising import AdvisingService
from bot.services.answers import AnswerService
from bot.services.broadcasts import BroadcastService
from bot.services.bundle import Services
from bot.services.calendars import CalendarService
from bot.services.date_moves import DateMoveService
from bot.services.erasing import ErasingService
from bot.services.held_dates import HeldDates
from bot.services.inbox import InboxService
from bot.services.interviews_heard import InterviewsHeardService
from bot.services.live_cards import LiveCardService
from bot.services.match_week_notices import MatchWeekNotices
from bot.services.members import MemberService
from bot.services.mock_matches import MockMatchService
from bot.services.mydata import MyDataService
from bot.services.question_changes import QuestionChanges
from bot.services.questions import QuestionService
from bot.services.reminders import ReminderService
from bot.services.retention import RetentionService
from bot.services.season import SeasonService
from bot.services.server_dates import ServerDateService
from bot.services.server_events import ServerEventService
from bot.services.server_faq import ServerFaqService
from bot.services.servers import ServerService
from bot.services.slot_offers import SlotOfferService
from bot.services.slots import SlotService
from bot.settings import BUDGET_MENDS, NO_BUDGET, Settings
from bot.storage.audit import AuditRepository
from bot.storage.broadcasts import BroadcastRepository
from bot.storage.calendars import CalendarRepository
from bot.storage.database import Database
from bot.storage.date_moves import DateMoveRepository
from bot.storage.deliveries import DeliveryRepository
from bot.storage.encryption import Cipher, check_key, holds_canary
from bot.storage.erasure_log import ErasureLog
from bot.storage.failures import opening
from bot.storage.interviews_heard import InterviewsHeardRepository
from bot.storage.leases import LeaseRepository
from bot.storage.live_cards import LiveCardRepository
from bot.storage.migrate import upgrade
from bot.storage.mock_matches import MockMatchRepository
from bot.storage.privacy import PrivacyRepository
from bot.storage.questions import QuestionRepository
from bot.storage.remembered import RememberedMembers
from bot.storage.reminders import ReminderRepository
from bot.storage.retention import RetentionRepository
from bot.storage.server_dates import ServerDateRepository
from bot.storage.server_erasure import ServerErasureRepository
from bot.storage.server_events import ServerEventRepository
from bot.storage.server_faq import ServerFaqRepository
from bot.storage.servers import ServerRepository
from bot.storage.slot_lists import SlotLists
from bot.storage.slots import SlotRepository
from bot.wiring._ground import Ground
from bot.wiring._own_way import own_way

if TYPE_CHECKING:
    from bot.several import Several

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class House:
    """Everything below Discord, open and ready."""

    services: Services
    due_loop: DueLoop
    database: Database
    erasing: ErasingService
    several: "Several | None" = None
    """What keeps it in step with other processes; None where this one is the only one."""


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncGenerator[House]:
    """Open storage, services and the due loop as the settings say; close them in the opposite order."""
    settings.refuse_two_worlds()
    settings.refuse_a_shared_file()
    async with AsyncExitStack() as stack:
        clock, tell_next_due = await open_clock(settings, stack)
        prepare_data_folder(settings)
        await upgrade(settings.database)
        database = Database.open(settings.database, is_shared=settings.share is not None)
        stack.push_async_callback(database.close)
        stack.push_async_callback(database.checkpoint)
        with opening():
            is_new = not await holds_canary(database)
            cipher = Cipher.from_key_file(settings.keys, create=is_new and not settings.keys.exists())
            await check_key(database, cipher)
            url = None if settings.rest_proxy_url else settings.budget_url  # a proxy keeps the limit itself
            budget = enter_budget(stack, url, settings.sends_per_second, settings.budget_processes)
            house = build(settings, database, cipher, clock, load_catalogue(), budget)
        house.erasing.log.prepare()
        house.due_loop.on_next_due = tell_next_due
        if house.several is not None:
            stack.push_async_callback(house.several.close)
        stack.push_async_callback(house.due_loop.stop)
        yield house


def build(
    settings: Settings, database: Database, cipher: Cipher, clock: Clock, catalogue: Catalogue, budget: Budget | None = None
) -> House:
    """Put services and the due loop together over an open database."""
    deliveries = DeliveryRepository(database, cipher)
    several = _several(settings, database)
    due_loop = _due_loop(settings, database, deliveries, clock, several, budget)
    wake = due_loop.wake if several is None else several.wake(due_loop.wake)
    remembered = RememberedMembers(database, cipher, is_shared=several is not None)
    held, reminders = HeldDates(), ReminderRepository(database, cipher)
    season = SeasonService(catalogue, clock, held)
    ground = Ground(
        database=database,
        cipher=cipher,
        clock=clock,
        catalogue=catalogue,
        deliveries=deliveries,
        remembered=remembered,
        members=MemberService(remembered, deliveries, catalogue, clock, due_loop.deliver),
        season=season,
        reminders=reminders,
        reminding=ReminderService(reminders, remembered, season, catalogue, clock, wake),
        held=held,
        moves=DateMoveRepository(database, cipher),
        erasures=ErasureLog(settings.erasures, cipher),
        deliver_now=due_loop.deliver,
        wake=wake,
    )
    services = _services(ground, settings.public_url)
    due_loop.on_parked, due_loop.before_batch = services.inbox.parked, remembered.recall
    due_loop.after_refusal = services.questions.entry_refused
    if several is not None:
        several.join(services, remembered, due_loop)
    return House(services, due_loop, database, _erasing(ground, services), several)


def _services(ground: Ground, public_url: str | None) -> Services:
    database, cipher, clock, catalogue, season = ground.database, ground.cipher, ground.clock, ground.catalogue, ground.season
    members, remembered, deliveries, reminding = ground.members, ground.remembered, ground.deliveries, ground.reminding
    live_cards = LiveCardService(LiveCardRepository(database), deliveries, season, clock, ground.deliver_now, ground.wake)
    server_events = ServerEventService(ServerEventRepository(database, cipher), season, clock, ground.deliver_now, ground.wake)
    showing, dates = (live_cards.renew, server_events.follow), ServerDateRepository(database, ground.moves)
    server_dates = ServerDateService(dates, ground.held, season, showing, clock, ground.wake)
    broadcasts = BroadcastService(BroadcastRepository(database, cipher), deliveries, clock, ground.deliver_now, ground.wake)
    changes = QuestionChanges(QuestionRepository(database, cipher), deliveries, clock, ground.deliver_now, ground.wake)
    servers = _servers(ground)
    interviews_heard = InterviewsHeardService(InterviewsHeardRepository(database, cipher), members, season, servers, clock)
    questions, inbox = QuestionService(changes, members), InboxService(deliveries, clock)
    (slots, slot_offers), own = _slots(ground), own_way(ground)
    on_erasure = (questions.withdraw_all, slots.give_all_back, slot_offers.cancel_all)
    kept = (own.rotations, own.letters.unsent, own.programs, own.interviews, own.journey)
    forget = _forgetting((remembered, inbox, server_dates, interviews_heard, *kept))
    mydata = MyDataService(PrivacyRepository(database, cipher), on_erasure, forget, ground.erasures, deliveries, clock)
    server_faq = ServerFaqService(ServerFaqRepository(database, cipher), servers, catalogue, clock)
    return Services(
        clock=clock,
        catalogue=catalogue,
        members=members,
        season=season,
        reminders=reminding,
        answers=AnswerService(reminding, ground.reminders, deliveries, members, clock),
        date_moves=DateMoveService(ground.moves, season, clock),
        servers=servers,
        server_dates=server_dates,
        server_events=server_events,
        server_faq=server_faq,
        mock_matches=MockMatchService(MockMatchRepository(database, cipher), members, clock),
        inbox=inbox,
        mydata=mydata,
        retention=_retention(ground, mydata, server_dates, server_faq),
        calendars=CalendarService(CalendarRepository(database, cipher), ground.reminders, remembered, season, clock, public_url),
        live_cards=live_cards,
        broadcasts=broadcasts,
        match_week=MatchWeekNotices(broadcasts, season, catalogue, clock),
        interviews_heard=interviews_heard,
        questions=questions,
        advising=AdvisingService(changes),
        slots=slots,
        slot_offers=slot_offers,
        **own._asdict(),
    )


class Remembering(Protocol):
    """Hold something of members in memory."""

    def forget(self, member_id: int, /) -> None:
        """Forget a member."""
        ...


def _forgetting(remembering: Sequence[Remembering]) -> Callable[[int], None]:
    """Return what makes all of them forget a member who was erased."""

    def forget(member_id: int) -> None:
        for each in remembering:
            each.forget(member_id)

    return forget


def _retention(ground: Ground, mydata: MyDataService, dates: ServerDateService, faq: ServerFaqService) -> RetentionService:
    terms, servers = RetentionRepository(ground.database), ServerErasureRepository(ground.database)
    retention = RetentionService(terms, servers, ground.remembered, ground.deliveries, ground.clock, ground.wake, ground.erasures)
    retention.erase_member, retention.before_server, retention.after_server = mydata.erase, dates.take_all_back, faq.forget_server
    retention.stop_messages = ground.members.switch_messages_off
    return retention


def _erasing(ground: Ground, services: Services) -> ErasingService:
    privacy, servers = PrivacyRepository(ground.database, ground.cipher), ServerErasureRepository(ground.database)
    return ErasingService(ground.erasures, privacy, servers, services.mydata.erase, services.retention.erase_server)


def _servers(ground: Ground) -> ServerService:
    servers, deeds = ServerRepository(ground.database), AuditRepository(ground.database, ground.cipher)
    return ServerService(servers, deeds, ground.deliveries, ground.clock, ground.deliver_now, ground.wake)


def _several(settings: Settings, database: Database) -> "Several | None":
    if settings.share is None:
        return None
    from bot.several import Several

    if settings.exceeds_together:
        log.warning("%s %s", NO_BUDGET, BUDGET_MENDS)
    return Several(database, settings.database, settings.share, settings.partition_lease_seconds)


def _due_loop(
    settings: Settings,
    database: Database,
    deliveries: DeliveryRepository,
    clock: Clock,
    several: "Several | None",
    budget: Budget | None,
) -> DueLoop:
    leases, lengths, share = LeaseRepository(database), _loop_settings(settings), None
    pacer = Pacer(rate=settings.sends_per_second, in_flight=settings.sends_in_flight, budget=budget)
    served = Served(leases, settings.data_dir / "served")
    if several is not None:
        lengths, served, share = replace(lengths, owner=several.owner), several.served, several.share
    return DueLoop(deliveries, leases, clock, pacer, settings=lengths, served=served, partition=share)


def _loop_settings(settings: Settings) -> LoopSettings:
    return LoopSettings(
        lease_seconds=settings.lease_seconds,
        openings_a_minute=settings.openings_a_minute,
        partition_lease_seconds=settings.partition_lease_seconds,
    )


def _slots(ground: Ground) -> tuple[SlotService, SlotOfferService]:
    database, cipher, members, clock, wake = ground.database, ground.cipher, ground.members, ground.clock, ground.wake
    slots, lists, servers = SlotRepository(database, cipher), SlotLists(database, cipher), ServerRepository(database)
    return SlotService(slots, lists, members, clock, wake), SlotOfferService(slots, lists, members, servers, clock, wake)


async def open_clock(settings: Settings, stack: AsyncExitStack) -> tuple[Clock, Callable[[datetime | None], None] | None]:
    """Return product time, and whom to tell what falls due next where somebody moves it."""
    if not settings.clock_url:
        return SystemClock(), None
    from bot.sandbox_clock import SandboxClock

    clock = SandboxClock(settings.clock_url)
    await clock.start()
    stack.push_async_callback(clock.close)

    def tell(at: datetime | None) -> None:
        clock.tell_next_due(at)

    return clock, tell
