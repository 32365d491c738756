"""What a member does with a message that reached her: done, put off, or no more of its kind."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.domain.delivery import Answer, Delivery, DeliveryKind, recipient_member
from bot.domain.ids import derived_id
from bot.domain.member import Member
from bot.domain.preferences import KIND_OF, MessageKind
from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from bot.domain.zones import resolve, wall_time
from bot.errors import UserFacingError
from bot.services.locks import Lock
from bot.services.members import MemberService
from bot.services.reminders import NO_SUCH_REMINDER, NOT_YOURS, ReminderService
from bot.storage.deliveries import DeliveryRepository
from bot.storage.reminders import ReminderRepository

MORNING = time(9)
ANSWERED = UserFacingError("You have already answered this reminder.", "Use /remind list to see what is set.")


class Snooze(StrEnum):
    """How long a reminder can be put off from its buttons."""

    TEN_MINUTES = "minutes"
    HOUR = "hour"
    TOMORROW = "tomorrow"
    CHOSEN = "chosen"
    """To a time that she types."""


SPANS = {Snooze.TEN_MINUTES: timedelta(minutes=10), Snooze.HOUR: timedelta(hours=1)}


class Stops(StrEnum):
    """What the Stop button of a message stops."""

    EVERYTHING = "everything"
    """All direct messages."""
    SERIES = "series"
    """The one reminder that recurs."""
    KIND = "kind"
    """All messages of its kind."""


@dataclass(frozen=True, slots=True)
class Press:
    """A member pressed a button of a delivered message."""

    member_id: int
    delivery_id: str
    message_id: int
    channel_id: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """What was stopped: everything, one series, or one kind."""

    what: Stops
    kind: MessageKind | None = None


def stops(delivery: Delivery) -> Stopped:
    """Return what the Stop button of a delivery's message stops: what recurs by itself, else all of its kind, else everything."""
    if delivery.payload.get("rule"):
        return Stopped(Stops.SERIES)
    kind = KIND_OF.get(delivery.kind)
    # A reminder of her own that comes once leaves nothing to stop but all messages.
    if kind is None or kind is MessageKind.OWN:
        return Stopped(Stops.EVERYTHING)
    return Stopped(Stops.KIND, kind)


class AnswerService:
    """Take what a member answers to a message."""

    def __init__(
        self,
        reminding: ReminderService,
        reminders: ReminderRepository,
        deliveries: DeliveryRepository,
        members: MemberService,
        clock: Clock,
    ) -> None:
        self._reminding = reminding
        self._reminders = reminders
        self._deliveries = deliveries
        self._members = members
        self._clock = clock
        self.changing: Lock = asyncio.Lock()  # of two presses at once the second sees what the first one did

    async def done(self, press: Press) -> None:
        """Note that she is done with a delivered reminder; pressing twice changes nothing."""
        async with self.changing:
            delivery = await self._delivered(press)
            if not await self._answer(press, Answer.DONE) and delivery.answer is not Answer.DONE:
                raise ANSWERED

    async def snooze(self, press: Press, how: Snooze, when: str = "") -> Reminder:
        """Put a delivered reminder off; a second press finds the first one's reminder.

        Raises:
            UserFacingError: It is gone, another's or answered; or ``when``, for a time that she chose, can't be taken.
        """
        async with self.changing:
            delivery = await self._delivered(press)
            member = await self._members.get(press.member_id)
            reminder = self._snoozed(delivery, member, how, self._due(member, how, when))
            existing = await self._reminders.get(reminder.id)
            if existing is not None and existing.state is ReminderState.ACTIVE:
                await self._answer(press, Answer.SNOOZED)  # again, where a crash came between the two
                return existing
            if existing is not None or delivery.answer is not None:
                raise ANSWERED
            await self._reminding.add(reminder)  # before the answer: a crash in between must not lose it
            await self._answer(press, Answer.SNOOZED)
            return reminder

    async def stop(self, press: Press) -> Stopped:
        """Stop what the message says it stops; where all was erased, nothing more comes anyway."""
        delivery = await self._deliveries.get(press.delivery_id)
        if delivery is None:
            return Stopped(Stops.EVERYTHING)
        if recipient_member(delivery.recipient) != press.member_id:
            raise NOT_YOURS
        stopped = stops(delivery)
        if stopped.what is Stops.SERIES:
            await self._reminders.cancel(delivery.source_id, press.member_id)
        elif stopped.kind is not None:
            await self._members.set_wanted(press.member_id, stopped.kind, wanted=False)
        else:
            await self._members.switch_messages_off(press.member_id)
        return stopped

    async def _delivered(self, press: Press) -> Delivery:
        delivery = await self._deliveries.get(press.delivery_id)
        if delivery is None:
            raise NO_SUCH_REMINDER
        if recipient_member(delivery.recipient) != press.member_id:
            raise NOT_YOURS
        return delivery

    async def _answer(self, press: Press, answer: Answer) -> bool:
        return await self._deliveries.answer(
            press.delivery_id,
            press.member_id,
            answer,
            message_id=press.message_id,
            channel_id=press.channel_id,
            now=self._clock.now(),
        )

    def _due(self, member: Member, how: Snooze, when: str) -> datetime:
        now = self._clock.now()
        match how:
            case Snooze.TOMORROW:
                return _tomorrow_morning(now, member.zone or "UTC")
            case Snooze.CHOSEN:
                return self._reminding.read_once(member, when).instant
            case _:
                return now + SPANS[how]

    def _snoozed(self, delivery: Delivery, member: Member, how: Snooze, due: datetime) -> Reminder:
        zone = member.zone or "UTC"
        if delivery.kind not in (DeliveryKind.SEASON_DATE, DeliveryKind.OWN, DeliveryKind.LETTER):
            raise UserFacingError("That message can't be put off.", "It says what happened; /remind me sets a reminder of your own.")
        return Reminder(
            id=derived_id("snooze", delivery.id, how),
            member_id=member.id,
            kind=ReminderKind(str(delivery.kind)),
            state=ReminderState.ACTIVE,
            due_at=due,
            created_at=self._clock.now(),
            guild_id=delivery.guild_id,
            event_id=delivery.payload.get("event_id") or None,
            text=delivery.payload.get("text", ""),
            wall_time=wall_time(due, zone).isoformat(),
            zone=zone,
        )


def _tomorrow_morning(now: datetime, zone: str) -> datetime:
    local = now.astimezone(ZoneInfo(zone))
    return resolve(datetime.combine(local.date() + timedelta(days=1), MORNING), zone).instant
