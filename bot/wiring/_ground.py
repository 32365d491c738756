"""What most services stand on."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.catalogue.catalogue import Catalogue
from bot.clock import Clock
from bot.domain.delivery import DeliveryState
from bot.services.held_dates import HeldDates
from bot.services.members import MemberService
from bot.services.reminders import ReminderService
from bot.services.season import SeasonService
from bot.storage.database import Database
from bot.storage.date_moves import DateMoveRepository
from bot.storage.deliveries import DeliveryRepository
from bot.storage.encryption import Cipher
from bot.storage.erasure_log import ErasureLog
from bot.storage.remembered import RememberedMembers
from bot.storage.reminders import ReminderRepository


@dataclass(frozen=True, slots=True)
class Ground:
    """What most services stand on."""

    database: Database
    cipher: Cipher
    clock: Clock
    catalogue: Catalogue
    deliveries: DeliveryRepository
    remembered: RememberedMembers
    members: MemberService
    season: SeasonService
    reminders: ReminderRepository
    reminding: ReminderService
    held: HeldDates
    moves: DateMoveRepository
    erasures: ErasureLog
    deliver_now: Callable[[str], Awaitable[DeliveryState]]
    wake: Callable[[datetime], None]
